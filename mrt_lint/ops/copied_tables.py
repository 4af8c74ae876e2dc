"""CREATE TABLE .. AS SELECT and CREATE TABLE .. LIKE: a table made from others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.ops.base import Operation
from mrt_lint.ops.contents import ColumnTest
from mrt_lint.ops.editing import exists_already, find_table
from mrt_lint.ops.tables import DropTable
from mrt_lint.schema.casts_sqlite import affinity
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.names import UNKNOWN, Name, Unknown
from mrt_lint.schema.objects import Column, Table
from mrt_lint.schema.origin import ChangedRows, Deleted, Derived, KeptRows, NoRows, Rows, UnknownRows
from mrt_lint.schema.types import SqlType

if TYPE_CHECKING:
    from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTableAs(Operation):
    """CREATE TABLE .. AS SELECT, and CREATE TABLE .. LIKE (`with_rows` False).

    `source`: the table read when it is one plain table. `columns`: (new name, source column or
    None for an expression); None: all columns of the source. `where`: canonical SQL, empty: all rows.
    `tests`: the whole WHERE as a conjunction of plain comparisons, None when it is not one.
    """

    table: Name
    source: Name | None
    columns: tuple[tuple[str, str | None], ...] | None = None
    where: str = ""
    with_rows: bool = True
    temporary: bool = False
    query: str = ""
    tests: tuple[ColumnTest, ...] | None = None

    def apply(self, state: State) -> State:
        """Adds the table with the columns, and the rows, of its source."""
        existing = state.table(self.table)
        if existing is not None:
            return exists_already(state, self, "table", str(self.table), state.is_there(existing))
        source: Table | None = None
        if self.source is not None:
            state, source = find_table(state, self, self.source)
        if source is None:
            rows: Rows = UnknownRows(f"the rows of {self.query or self.table}")
            return state.put(
                Table(self.table, rows=rows, complete=False, temporary=self.temporary, epoch=state.epoch)
            )
        pairs = self.columns
        if pairs is None:
            pairs = tuple((column.name, column.name) for column in source.columns.values())
        columns: dict[str, Column] = {}
        for name, old in pairs:
            found = source.columns.get(state.fold(old)) if old is not None else None
            if found is None and old is not None and not state.knows_all_of(source):
                from mrt_lint.ops.editing import find_column

                state, source, found = find_column(state, self, self.source or self.table, old)
                assert source is not None
            if found is None:
                columns[state.fold(name)] = Column(name, origin=Derived(self.query))
                continue
            copied = self._alike(state, found) if self._like else _queried(state, found)
            columns[state.fold(name)] = replace(copied, name=name, origin=state.origin(source, found))
        known = self.columns is not None or state.knows_all_of(source)
        table = Table(
            self.table,
            columns,
            rows=self._rows(state, source),
            complete=known,
            temporary=self.temporary,
            epoch=state.epoch,
        )
        if self._like and state.dialect in MYSQL:
            keys = tuple(c for c in source.constraints if c.kind != "foreign")
            table = replace(table, constraints=keys, indexes=source.indexes, options=source.options)
        elif self._like and self.query:
            table = replace(table, complete=False)
        return state.put(table)

    @property
    def _like(self) -> bool:
        """Returns whether it is a LIKE; `query` is then what stands behind the table's name."""
        return not self.with_rows and (not self.query or self.query.startswith("LIKE "))

    def _alike(self, state: State, column: Column) -> Column:
        """Returns a column of CREATE TABLE LIKE; PostgreSQL copies what INCLUDING names."""
        if state.dialect in MYSQL:
            return column
        counts = column.autoincrement or column.identity or column.generated
        unsure = bool(self.query) and (column.default is not None or counts)
        default = UNKNOWN if unsure else None
        comment = UNKNOWN if self.query and column.comment is not None else None
        return Column(column.name, column.type, column.nullable, default, comment=comment)

    def _rows(self, state: State, source: Table) -> Rows:
        if not self.with_rows:
            return NoRows()
        rows = state.rows(source)
        if not self.where:
            return rows
        left_out = Deleted(f"NOT ({self.where})", self._left_out(), self.direction, self.span.line)
        if isinstance(rows, ChangedRows):
            return replace(rows, changes=(*rows.changes, left_out))
        return ChangedRows(rows, (left_out,)) if isinstance(rows, KeptRows | NoRows) else rows

    def _left_out(self) -> tuple[tuple[str, str, tuple[str, ...]], ...] | None:
        """Returns as tests which rows are not copied, None if that is not so simple."""
        if self.tests is None or len(self.tests) != 1 or self.tests[0].operator != "is not null":
            return None
        return ((self.tests[0].column, "is null", ()),)

    def inverse(self, state_before: State) -> Operation | None:
        """Drops the table."""
        return None if state_before.table(self.table) else DropTable(table=self.table)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"create table {self.table} from {self.source or 'a query'}"


def _queried(state: State, column: Column) -> Column:
    """Returns a column that a query fills: MySQL keeps NOT NULL and the default, others the type alone.

    Source: MySQL manual, CREATE TABLE ... SELECT; a counter is not kept, its default is 0.
    """
    kind = _copied_type(state, column.type)
    if state.dialect not in MYSQL:
        return Column(column.name, kind)
    default = "0" if column.autoincrement else column.default
    return Column(column.name, kind, column.nullable, default, comment=column.comment)


def _copied_type(state: State, kind: SqlType | Unknown) -> SqlType | Unknown:
    """Returns the type of a column that CREATE TABLE AS copies: SQLite declares the affinity alone.

    Source: SQLite manual, CREATE TABLE, section 2.1.
    """
    if state.dialect != "sqlite" or isinstance(kind, Unknown):
        return kind
    declared = {"INTEGER": "integer", "TEXT": "text", "NUMERIC": "num", "REAL": "real", "BLOB": ""}
    return SqlType(declared[affinity(kind)])
