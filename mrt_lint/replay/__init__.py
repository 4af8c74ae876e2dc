"""Replay: runs a history on a symbolic State and judges the round trip of every migration."""

from mrt_lint.replay.judge import Judgement, judge
from mrt_lint.replay.replaying import Replay, replay

__all__ = ["Judgement", "Replay", "judge", "replay"]
