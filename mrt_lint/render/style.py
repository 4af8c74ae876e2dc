"""Style: how a report is to be rendered, apart from what is in it."""

from __future__ import annotations

from mrt_lint.classes import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """`color`: for a terminal that shows it; `width` in columns; `verdicts`: list every migration's."""

    color: bool = False
    width: int = 80
    verdicts: bool = False
