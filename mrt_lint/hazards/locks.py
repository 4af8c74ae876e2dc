"""Locks that keep others waiting while a table of before is read or written."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.classes import dataclass
from mrt_lint.hazards.existing import old_table
from mrt_lint.hazards.uniqueness import is_there_already
from mrt_lint.ops import AddColumn, CreateIndex
from mrt_lint.ops.adopting import automatic_index_name
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True)
class BuiltIndex:
    """An index that PostgreSQL builds under a SHARE lock: the table can be read, but not written."""

    table: Name
    name: str
    columns: str
    name_known: bool = True

    @property
    def subject(self) -> str:
        """Returns the index as reasons name it."""
        return f"{self.table}.{self.name}"

    @property
    def words(self) -> str:
        """Returns the index with its place, without a name that a convention makes which is not known."""
        columns = f" ({self.columns})" if self.columns else ""
        return f"{f'index {self.name}' if self.name_known else 'an index'} on {self.table}{columns}"


def blocking_builds(
    operation: CreateIndex | AddColumn, state: State, trip: RoundTrip
) -> Iterator[BuiltIndex]:
    """Yields the indexes that are built on a table of before without CONCURRENTLY (PostgreSQL).

    Not on a partitioned table, which admits no CONCURRENTLY, nor in a batch that makes the table anew.
    """
    if state.dialect != "postgresql" or (isinstance(operation, CreateIndex) and operation.concurrently):
        return
    table, before = state.table(operation.table), old_table(operation.table, state, trip)
    if table is None or before is None or table.rebuilding is not None:
        return
    if is_there_already(operation, state):
        return
    if any(option == "partition_by" for option, _ in table.options):
        return
    if len(operation.apply(state).faults) > len(state.faults):
        return  # It is refused at once.
    indexes = (operation.index,) if isinstance(operation, CreateIndex) else operation.indexes
    for index in indexes:
        if dict(index.options).get("only") == "true":
            continue
        name = index.name or automatic_index_name(state, table, index)
        columns = "" if isinstance(index.columns, Unknown) else ", ".join(index.columns)
        yield BuiltIndex(operation.table, name, columns, state.names_known or not index.nameless)
