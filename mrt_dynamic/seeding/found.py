"""One thing that a migration looks for, before it is known which table is meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mrt_dynamic.seeding.conditions import UNREAD, Node


@dataclass(frozen=True, slots=True)
class Found:
    """A condition, or (with `column`) a constant for a column. `table` "": every one that has the columns."""

    table: str
    condition: Node = UNREAD
    column: str = ""
    value: Any = None
