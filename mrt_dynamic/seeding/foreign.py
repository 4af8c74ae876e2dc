"""Foreign keys: which rows there are to refer to, and the units of columns that refer to them together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mrt_dynamic.seeding.existing import read_rows
from mrt_dynamic.seeding.facts import Facts
from mrt_dynamic.seeding.units import Link
from mrt_dynamic.seeding.values import Maker
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.objects import Table
from mrt_lint.schema.state import State

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

PARENTS: Final = 40
"""Parents that are read; more would only cost time."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """One foreign key of a table: its columns and those it refers to, folded."""

    columns: tuple[str, ...]
    parent: Table
    ref_columns: tuple[str, ...]
    full: bool
    recursive: bool


def foreigns_of(state: State, table: Table) -> list[Foreign]:
    """Returns the table's foreign keys, each once, without those whose parent is not in the State."""
    found: list[Foreign] = []
    for constraint in table.constraints:
        if constraint.kind != "foreign" or constraint.ref_table is None:
            continue
        parent = state.table(constraint.ref_table)
        columns = tuple(state.fold(name) for name in constraint.columns)
        if parent is None:
            continue
        refs = tuple(state.fold(name) for name in constraint.ref_columns) or primary_of(state, parent)
        if len(refs) != len(columns) or any(name not in parent.columns for name in refs):
            continue
        recursive = state.key("table", parent.name) == state.key("table", table.name)
        key = Foreign(columns, parent, refs, constraint.match == "FULL", recursive)
        if key not in found:
            found.append(key)
    return found


def primary_of(state: State, table: Table) -> tuple[str, ...]:
    """Returns the folded columns of the primary key, none without one."""
    for constraint in table.constraints:
        if constraint.kind == "primary":
            return tuple(state.fold(name) for name in constraint.columns)
    return ()


class Parents:
    """The rows that can be referred to, read once for each key; what is written later is asked for anew."""

    def __init__(
        self,
        connection: Connection,
        dialect: Dialect,
        facts: Facts,
        state: State,
        maker: Callable[[Table, str], Maker | None],
    ) -> None:
        self.connection = connection
        self.dialect = dialect
        self.facts = facts
        self.state = state
        self.maker = maker
        self.known: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
        self.reserved: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}

    def mark(self, parent: Table, columns: Sequence[str]) -> tuple[Any, ...]:
        """Returns the key under which these columns of a parent are kept."""
        return (self.state.key("table", parent.name), tuple(columns))

    def rows(self, foreign: Foreign) -> list[tuple[Any, ...]]:
        """Returns the values that the key's columns may take."""
        mark = self.mark(foreign.parent, foreign.ref_columns)
        if mark in self.reserved:
            return self.reserved[mark]
        if mark not in self.known:
            names = [foreign.parent.columns[name].name for name in foreign.ref_columns]
            makers = {
                name: self.maker(foreign.parent, column)
                for name, column in zip(names, foreign.ref_columns, strict=True)
            }
            only = self.dialect == "postgresql" and mark[0] not in self.facts.bounds
            self.known[mark] = read_rows(
                self.connection,
                self.dialect,
                foreign.parent.name,
                makers,
                only=only,
                complete=True,
                limit=PARENTS,
            )
        return self.known[mark]

    def forget(self, table: Table) -> None:
        """Drops what is known of a table that was just written."""
        key = self.state.key("table", table.name)
        for mark in [mark for mark in self.known if mark[0] == key]:
            del self.known[mark]


def links_of(
    foreigns: Sequence[Foreign], parents: Parents, nullable: Callable[[str], bool], key: Callable[[str], int]
) -> list[Link]:
    """Returns a unit for each group of foreign keys that share columns (those to the table itself apart)."""
    links = []
    for group in _groups([foreign for foreign in foreigns if not foreign.recursive]):
        columns = tuple(dict.fromkeys(name for foreign in group for name in foreign.columns))
        open_columns = frozenset(name for foreign in group for name in _open(foreign, nullable))
        choices = _joined(columns, group, parents)
        links.append(Link(columns, choices, open_columns, key(columns[0]) % 7919))
    return links


def _open(foreign: Foreign, nullable: Callable[[str], bool]) -> tuple[str, ...]:
    """Returns the columns of a key that are NULL in a row without a parent; none if there must be one."""
    found = tuple(name for name in foreign.columns if nullable(name))
    return () if foreign.full and len(found) < len(foreign.columns) else found


def _groups(foreigns: Sequence[Foreign]) -> list[list[Foreign]]:
    groups: list[list[Foreign]] = []
    for foreign in foreigns:
        touching = [group for group in groups if any(set(o.columns) & set(foreign.columns) for o in group)]
        merged = [other for group in touching for other in group] + [foreign]
        groups = [group for group in groups if group not in touching] + [merged]
    return groups


def _joined(columns: Sequence[str], group: Sequence[Foreign], parents: Parents) -> list[tuple[Any, ...]]:
    """Returns values of the columns that give every key of the group a parent."""
    partial: list[dict[str, Any]] = [{}]
    for foreign in sorted(group, key=lambda foreign: -len(foreign.columns)):
        rows = parents.rows(foreign)
        grown = []
        for place, known in enumerate(partial):
            for step in range(len(rows)):
                # Other parents first for each row, so that a few choices show many of them.
                row = dict(zip(foreign.columns, rows[(place + step) % len(rows)], strict=True))
                if all(known.get(name, value) == value for name, value in row.items()):
                    grown.append({**known, **row})
                if len(grown) >= 200:
                    break
        partial = grown
    return [tuple(values[name] for name in columns) for values in partial][:200]


def own_link(
    foreign: Foreign,
    taken: Sequence[Mapping[str, Any]],
    before: Sequence[tuple[Any, ...]],
    nullable: Callable[[str], bool],
    start: int,
    shared: frozenset[str],
) -> Link:
    """Returns the unit of a key to the table itself: the rows made so far, else the row itself.

    `before`: keys of rows in the database. `shared`: columns that others decide on; the parent must agree.
    """
    columns = tuple(name for name in foreign.columns if name not in shared)
    places = [foreign.columns.index(name) for name in columns]

    def own(row: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        rows = [tuple(other.get(name) for name in foreign.ref_columns) for other in taken]
        mine = tuple(row.get(name) for name in foreign.ref_columns)
        found = [*before, *rows] or [mine]
        fitting = [
            values
            for values in found
            if None not in values
            and all(
                row.get(name) == value
                for name, value in zip(foreign.columns, values, strict=True)
                if name in shared
            )
        ]
        if not fitting and None not in mine:
            fitting = [mine]
        return [tuple(values[place] for place in places) for values in fitting]

    open_columns = frozenset(name for name in _open(foreign, nullable) if name in columns)
    return Link(columns, (), open_columns, start, own)
