"""One table made ready to be filled: what is written, what goes together, what must hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mrt_dynamic.seeding.conditions import Node
from mrt_dynamic.seeding.demands import Demand
from mrt_dynamic.seeding.units import Link, Plain, Slot, Unit
from mrt_dynamic.seeding.values import Maker
from mrt_lint.schema.names import Key
from mrt_lint.schema.objects import Column, Table


@dataclass(slots=True)
class Target:
    """A table about to be filled.

    `units`: the columns that are written, in groups. `demands`: what every row must meet. `leaves`:
    for a partitioned table the condition of each partition, None where only the database can tell.
    `taken`: the rows made so far. `later`: columns that get their values by an UPDATE at the end,
    since the table that they refer to comes later; `ahead`: some refer to rows that come later all
    the same; `reserved`: keys that such rows were promised. `unknown`, `empty`: columns of types that
    are not known, with and without need of a value. `orphaned`: tables without the rows that are to
    be referred to. `counted`: columns whose values the database would count, and which are given here
    because rows refer to them. `loose`: see `Facts.loose`.
    """

    table: Table
    key: Key
    slots: Mapping[str, Slot] = field(default_factory=dict)
    units: Sequence[Unit] = ()
    demands: list[Demand] = field(default_factory=list)
    leaves: Sequence[Node | None] = ()
    taken: list[dict[str, Any]] = field(default_factory=list)
    later: tuple[str, ...] = ()
    ahead: bool = False
    counted: tuple[str, ...] = ()
    loose: bool = False
    reserved: Sequence[Mapping[str, Any]] = ()
    unknown: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    orphaned: tuple[str, ...] = ()

    @property
    def columns(self) -> list[str]:
        """Returns the folded names of the columns that are written, in the table's order."""
        return [name for name in self.table.columns if name in self.slots]

    def recount(self, makers: Mapping[str, Maker]) -> None:
        """Takes other makers for columns that the database would count."""
        self.slots = {
            name: replace(slot, maker=makers[name]) if name in makers and not slot.overridden else slot
            for name, slot in self.slots.items()
        }
        self.units = [
            Plain(self.slots[unit.slot.column]) if isinstance(unit, Plain) else unit for unit in self.units
        ]

    def links(self) -> list[Link]:
        """Returns the units that refer to other rows."""
        return [unit for unit in self.units if isinstance(unit, Link)]

    def plain(self) -> list[Plain]:
        """Returns the units of one column."""
        return [unit for unit in self.units if isinstance(unit, Plain)]


def left_out(column: Column, explicit: bool = False) -> bool:
    """Returns whether the database makes the value: generated, or counted (unless `explicit`)."""
    if column.generated is not None:
        return True
    return not explicit and counted(column)


def counted(column: Column) -> bool:
    """Returns whether the database counts the column's values."""
    if column.identity is not None or column.autoincrement:
        return True
    default = column.default
    return isinstance(default, str) and default.lower().startswith(("nextval(", "next value for"))
