"""What all tables of one filling share: which maker and which number a column's values are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mrt_dynamic.seeding.adapt import narrowed
from mrt_dynamic.seeding.facts import Facts
from mrt_dynamic.seeding.foreign import Foreign, foreigns_of
from mrt_dynamic.seeding.makers import Wish, maker_of
from mrt_dynamic.seeding.values import Maker, column_key
from mrt_dynamic.seeding.values_text import Choice
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import Column, Table
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType

_INDEXED: Final = 2000
"""PostgreSQL's B-tree takes entries of at most 2704 bytes ("index row size exceeds btree maximum")."""


@dataclass(frozen=True)
class Recipe:
    """What all tables of one filling share. `also`: the State after the next upgrade, if it holds too.

    `beside`: rows that others are going to write, as text by folded column; their keys stay free.
    """

    dialect: Dialect
    state: State
    also: State | None
    facts: Facts
    seed: int = 0
    extremes: bool = True
    overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    beside: Mapping[Name, Sequence[Mapping[str, str]]] = field(default_factory=dict)

    def later(self, table: Table) -> Table | None:
        """Returns the table as the next upgrade leaves it, None if that does not matter."""
        return None if self.also is None else self.also.table(table.name)

    def foreigns_after(self, table: Table) -> list[Foreign]:
        """Returns the foreign keys that the table has after the next upgrade."""
        later = self.later(table)
        return [] if self.also is None or later is None else foreigns_of(self.also, later)

    def maker(self, table: Table, name: str, plain: bool = False) -> Maker | None:
        """Returns the maker of a column (folded name), None if its type is not known."""
        column = table.columns[name]
        now = self._maker(table, column, plain)
        later = self.later(table)
        if now is None or later is None or name not in later.columns:
            return now
        if later.columns[name].type == column.type:
            return now
        return narrowed(now, self._later_maker(later, later.columns[name], plain))

    def _later_maker(self, table: Table, column: Column, plain: bool) -> Maker | None:
        """Returns the maker of a column as it is to become; an enum may be there only then."""
        kind = column.type
        if self.also is not None and isinstance(kind, SqlType) and kind.element is None:
            enum = self.also.enum(Name(kind.name, kind.schema))
            if enum is not None and not isinstance(enum.labels, Unknown) and enum.labels:
                return Choice(enum.labels)
        return self._maker(table, column, plain)

    def _maker(self, table: Table, column: Column, plain: bool) -> Maker | None:
        if isinstance(column.type, Unknown):
            return None
        place = (self.state.fold(table.name.name), self.state.fold(column.name))
        charset = self.facts.charsets.get(place, self.facts.charset)
        longest = _INDEXED if self.dialect == "postgresql" and self._indexed(table, column) else None
        return maker_of(
            Wish(column.type, self.dialect, self.facts, column.name, charset, longest, plain, self.extremes)
        )

    def _indexed(self, table: Table, column: Column) -> bool:
        keyed = any(
            constraint.kind in ("primary", "unique") and column.name in constraint.columns
            for constraint in table.constraints
        )
        return keyed or any(
            any(column.name in part for part in index.columns)
            for index in table.indexes.values()
            if not isinstance(index.columns, Unknown)
        )

    def key(self, table: Table, column: Column) -> int:
        """Returns the number that the column's values are made from."""
        return column_key(self.seed, table.name.schema or "", table.name.name, column.name)

    def override(self, table: Table, column: Column) -> tuple[bool, Any]:
        """Returns whether the user decides on the column's values, and how."""
        for name in (str(table.name), table.name.name):
            found = self.overrides.get(name, {})
            if column.name in found:
                return True, found[column.name]
        return False, None
