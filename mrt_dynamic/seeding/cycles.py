"""Tables that refer to each other: keys that are set at the end, keys that are chosen beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mrt_dynamic.plain_sql import quoted, run, table_of
from mrt_dynamic.seeding.existing import read_rows
from mrt_dynamic.seeding.foreign import Foreign, Parents, primary_of
from mrt_dynamic.seeding.plan import Step
from mrt_dynamic.seeding.preparing import later_foreigns, prepare
from mrt_dynamic.seeding.recipe import Recipe
from mrt_dynamic.seeding.report import Filled
from mrt_dynamic.seeding.target import Target, counted
from mrt_dynamic.seeding.values import Maker
from mrt_dynamic.seeding.writing import highest, picked, updated
from mrt_lint.schema.names import Key
from mrt_lint.schema.objects import Table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class Counter(Maker):
    """Numbers from `first` on, for a column that the database would count."""

    def __init__(self, first: int) -> None:
        self.first = first

    def regular(self, key: int, number: int) -> int:
        """Returns the number of the row."""
        return self.first + number

    def parse(self, text: str) -> int:
        """Returns the number."""
        return int(text)

    def around(self, constant: Any, number: int) -> Iterable[int]:
        """Yields the number that is looked for, and its neighbours."""
        if isinstance(constant, int):
            yield from (constant, constant + 1, constant - 1)

    def fits(self, value: Any) -> bool:
        """Returns whether it is a number."""
        return isinstance(value, int)


class Cycles:
    """What tables that refer to each other need, while they are filled one after the other."""

    def __init__(
        self,
        connection: Connection,
        recipe: Recipe,
        parents: Parents,
        tables: Mapping[Key, Table],
        seed_rows: int,
    ) -> None:
        self.connection = connection
        self.recipe = recipe
        self.parents = parents
        self.tables = tables
        self.seed_rows = seed_rows
        self.ahead: dict[Key, list[Foreign]] = {}
        self.loosened: list[str] = []

    def begin(self, steps: Sequence[Step]) -> None:
        """Chooses the keys of tables that others refer to before they are filled."""
        for step in steps:
            for foreign in step.ahead:
                self.ahead.setdefault(self.recipe.state.key("table", foreign.parent.name), []).append(foreign)
        for foreigns in self.ahead.values():
            for foreign in foreigns:
                mark = self.parents.mark(foreign.parent, foreign.ref_columns)
                if mark not in self.parents.reserved:
                    self.parents.reserved[mark] = self._chosen(foreign)
        if self.recipe.dialect == "postgresql":
            for step in steps:
                for foreign in step.ahead:
                    self._loosen(self.tables[step.table], foreign)

    def _loosen(self, table: Table, foreign: Foreign) -> None:
        """Makes a key deferrable until the end: rows that need each other come in two statements."""
        for constraint in table.constraints:
            columns = tuple(self.recipe.state.fold(name) for name in constraint.columns)
            if constraint.kind == "foreign" and columns == foreign.columns and not constraint.deferrable:
                name = quoted(constraint.name or "", "postgresql")
                alter = f"ALTER TABLE {table_of(table.name, 'postgresql')} ALTER CONSTRAINT {name}"
                run(self.connection, f"{alter} DEFERRABLE")
                self.loosened.append(f"{alter} NOT DEFERRABLE")

    def _chosen(self, foreign: Foreign) -> list[tuple[Any, ...]]:
        makers = [self._maker(foreign.parent, name) for name in foreign.ref_columns]
        keys = [self.recipe.key(foreign.parent, foreign.parent.columns[name]) for name in foreign.ref_columns]
        if None in makers:
            return []
        return [
            tuple(maker.regular(key, number) for maker, key in zip(makers, keys, strict=True) if maker)
            for number in range(self.seed_rows)
        ]

    def _maker(self, table: Table, name: str) -> Maker | None:
        column = table.columns[name]
        if counted(column):
            return Counter(highest(self.connection, self.recipe.dialect, table.name, column.name) + 1)
        return self.recipe.maker(table, name)

    def prepared(self, step: Step, table: Table, explicit: bool) -> Target:
        """Returns the table ready to be filled; with keys of its own where rows refer to them."""
        foreigns = self.ahead.get(step.table, [])
        explicit = explicit or any(counted(table.columns[name]) for f in foreigns for name in f.ref_columns)
        target = prepare(self.recipe, self.parents, table, later=step.later, explicit=explicit)
        target.ahead = bool(step.ahead)
        if explicit:
            number_from(self.connection, self.recipe, target)
        if foreigns:
            rows: list[dict[str, Any]] = [{} for _ in range(self.seed_rows)]
            for foreign in foreigns:
                mark = self.parents.mark(foreign.parent, foreign.ref_columns)
                for row, values in zip(rows, self.parents.reserved[mark], strict=False):
                    row.update(zip(foreign.ref_columns, values, strict=True))
            target.reserved = rows
        return target

    @contextmanager
    def suspended(self, step: Step) -> Iterator[None]:
        """Lets rows refer to others that come later, as far as the database can be asked for that."""
        if not step.ahead:
            yield
            return
        dialect = self.recipe.dialect
        if dialect == "postgresql":
            run(self.connection, "SET CONSTRAINTS ALL DEFERRED")
            yield
        elif dialect in ("mysql", "mariadb"):
            run(self.connection, "SET foreign_key_checks = 0")
            try:
                yield
            finally:
                run(self.connection, "SET foreign_key_checks = 1")
        elif dialect == "sqlite":
            run(self.connection, "PRAGMA defer_foreign_keys = ON")
            yield
        else:
            yield

    def finish(self, steps: Sequence[Step]) -> Filled:
        """Sets the keys that were left open, in all rows but every third."""
        notes: list[str] = []
        if self.recipe.dialect == "postgresql" and any(step.ahead for step in steps):
            run(self.connection, "SET CONSTRAINTS ALL IMMEDIATE")
            for statement in self.loosened:
                run(self.connection, statement)
        for step in steps:
            for foreign in step.later:
                table = self.tables[step.table]
                if not self._linked(table, foreign):
                    columns = ", ".join(foreign.columns)
                    notes.append(
                        f"no row of {table.name} refers to {foreign.parent.name}: {columns} stays NULL"
                    )
        for mark in list(self.parents.reserved):
            del self.parents.reserved[mark]
        return Filled(notes=tuple(notes))

    def _linked(self, table: Table, foreign: Foreign) -> bool:
        parents = self.parents.rows(foreign)
        for other in later_foreigns(self.recipe, table):
            if other.columns == foreign.columns:
                allowed = set(self.parents.rows(other))
                parents = [values for values in parents if values in allowed]
        if not parents:
            return False
        dialect = self.recipe.dialect
        names = [table.columns[name].name for name in foreign.columns]
        done = False
        for number, where in enumerate(identities(self.connection, self.recipe, table)):
            if number % 3 == 2:
                continue
            for place in range(min(len(parents), 3)):
                values = parents[(number + place) % len(parents)]
                if updated(
                    self.connection, dialect, table.name, dict(zip(names, values, strict=True)), where
                ):
                    done = True
                    break
        return done


def number_from(connection: Connection, recipe: Recipe, target: Target) -> None:
    """Makes the target count, from behind the rows that are there or come, what the database would count."""

    def last(name: str) -> int:
        theirs = [row.get(name, "") for row in recipe.beside.get(target.table.name, ())]
        there = highest(connection, recipe.dialect, target.table.name, target.slots[name].name)
        return max([there, *(int(text) for text in theirs if text.isdecimal())])

    target.recount({name: Counter(last(name) + 1) for name in target.counted})


def identities(connection: Connection, recipe: Recipe, table: Table, limit: int = 50) -> list[str]:
    """Returns a condition for each row that picks this row alone, in the order of the primary key."""
    dialect = recipe.dialect
    columns = primary_of(recipe.state, table)
    if columns:
        makers = {table.columns[name].name: recipe.maker(table, name) for name in columns}
        rows = read_rows(connection, dialect, table.name, makers, limit=limit)
        return [picked(makers, row, dialect) for row in rows]
    hidden = {"postgresql": "ctid", "sqlite": "rowid"}.get(dialect)
    if hidden is None:
        return []
    rows = read_rows(connection, dialect, table.name, {hidden: None}, limit=limit)
    return [picked([hidden], row, dialect) for row in rows]
