"""The demand that a row breaks a condition which the old schema had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from mrt_dynamic.seeding.conditions import columns_of
from mrt_dynamic.seeding.demands import Condition, Demand, Row
from mrt_dynamic.seeding.evaluation import satisfied
from mrt_dynamic.seeding.hints import Hint, hints_of

if TYPE_CHECKING:
    from mrt_dynamic.seeding.conditions import Node


class Violated(Demand):
    """A CHECK that the row is not to satisfy; NULL satisfies one.

    `others`: what the row must meet: the conditions that took the place of this one say which values do.
    """

    def __init__(self, node: Node, others: Sequence[Demand]) -> None:
        self.node = node
        self.columns = columns_of(node)
        self._nodes = [
            other.node
            for other in others
            if isinstance(other, Condition) and set(other.columns) & set(self.columns)
        ]

    @cached_property
    def hints(self) -> Mapping[str, Sequence[Hint]]:
        """Returns the constants, lengths and patterns of the new conditions, then of the old one."""
        return hints_of([*self._nodes, self.node])

    def holds(self, row: Row) -> bool | None:
        """Returns whether the row breaks it."""
        found = satisfied(self.node, row)
        return None if found is None else not found
