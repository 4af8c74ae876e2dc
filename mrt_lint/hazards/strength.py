"""How sure a harm is: a warning, not an error, where another way through the migration does not do it."""

from __future__ import annotations

from mrt_lint.replay.courses import condition_of
from mrt_lint.replay.fusing import LUCK
from mrt_lint.roundtrip import Reason


def told(message: str, reason: Reason) -> str:
    """Returns what is said of a harm, with the condition on which it hangs."""
    if not reason.condition:
        return message
    if reason.condition.startswith(LUCK):
        return f"{message}, if part of the upgrade does not run (a try, or a loop)"
    return f"{message}; not on every way: that hangs on `{condition_of(reason.condition)}`"
