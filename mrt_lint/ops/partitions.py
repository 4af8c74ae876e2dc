"""Operations on the partitions of a table (PostgreSQL): a partition knows its table, not the reverse."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.ops.base import Operation
from mrt_lint.ops.editing import find_table
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Table

if TYPE_CHECKING:
    from mrt_lint.schema.state import State


def partitions(state: State, name: Name) -> list[Table]:
    """Returns the partitions of a table."""
    key = state.key("table", name)
    return [
        table
        for table in state.tables()
        if (parent := dict(table.options).get("partition_of")) is not None
        and state.key("table", _dotted(parent)) == key
    ]


def _dotted(text: str) -> Name:
    schema, _, name = text.rpartition(".")
    return Name(name, schema or None)


def with_parent(table: Table, parent: Name | None, bounds: str = "") -> Table:
    """Returns the table as a partition of another, or as one of its own (`parent` None)."""
    options = {key: value for key, value in table.options if key not in ("partition_of", "bounds")}
    if parent is not None:
        options |= {"partition_of": str(parent), "bounds": bounds}
    return replace(table, options=tuple(sorted(options.items())))


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachPartition(Operation):
    """ALTER TABLE .. ATTACH PARTITION; `bounds` as text: `from (1) to (9)`, `in (1, 2)`, `DEFAULT`."""

    table: Name
    partition: Name
    bounds: str

    def apply(self, state: State) -> State:
        """Makes the other table a part of this one."""
        state, _ = find_table(state, self, self.table)
        state, child = find_table(state, self, self.partition)
        return state if child is None else state.put(with_parent(child, self.table, self.bounds))

    def inverse(self, state_before: State) -> Operation | None:
        """Detaches it."""
        return DetachPartition(table=self.table, partition=self.partition)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"attach partition {self.partition} to {self.table}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DetachPartition(Operation):
    """ALTER TABLE .. DETACH PARTITION [CONCURRENTLY]."""

    table: Name
    partition: Name
    concurrently: bool = False

    def apply(self, state: State) -> State:
        """Makes the partition a table of its own, with its rows."""
        state, _ = find_table(state, self, self.table)
        state, child = find_table(state, self, self.partition)
        return state if child is None else state.put(with_parent(child, None))

    def inverse(self, state_before: State) -> Operation | None:
        """Attaches it again, when its bounds are known."""
        child = state_before.table(self.partition)
        bounds = dict(child.options).get("bounds") if child is not None else None
        if bounds is None:
            return None
        return AttachPartition(table=self.table, partition=self.partition, bounds=bounds)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"detach partition {self.partition} from {self.table}"
