"""Fills tables in order: composes rows, writes them, closes the cycles, says what could not be done."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mrt_dynamic.results import Unseeded
from mrt_dynamic.seeding.columns import fill_columns
from mrt_dynamic.seeding.custom import rows_of_seed, seed_of, write_rows
from mrt_dynamic.seeding.cycles import Cycles, number_from
from mrt_dynamic.seeding.foreign import Parents, foreigns_of
from mrt_dynamic.seeding.plan import Step, ordered
from mrt_dynamic.seeding.preparing import later_foreigns, prepare
from mrt_dynamic.seeding.recipe import Recipe
from mrt_dynamic.seeding.report import Filled, FilledTable, custom_seed
from mrt_dynamic.seeding.rows import Composer, Made
from mrt_dynamic.seeding.target import Target, counted
from mrt_dynamic.seeding.writing import Writer
from mrt_lint.schema.names import Key, Name
from mrt_lint.schema.objects import Table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class Filling:
    """One filling of a database; knows the rows that can be referred to. `plain`: tables without odd rows."""

    def __init__(
        self,
        connection: Connection,
        recipe: Recipe,
        seed_rows: int,
        seeds: Mapping[str, Any],
        plain: Container[Name] = (),
    ) -> None:
        self.connection = connection
        self.recipe = recipe
        self.seed_rows = seed_rows
        self.seeds = seeds
        self.plain = plain
        self.state = recipe.state
        self.parents = Parents(connection, recipe.dialect, recipe.facts, recipe.state, recipe.maker)
        self.writer = Writer(connection, recipe.dialect)

    def tables(self, tables: Sequence[Table]) -> Filled:
        """Returns what was written to these tables."""
        by_key = {self.state.key("table", table.name): table for table in tables}
        for key in self.recipe.facts.partitions:
            by_key.pop(key, None)  # Their rows go through the table that they are parts of.
        steps = ordered({key: self._edges(table, by_key) for key, table in by_key.items()})
        cycles = Cycles(self.connection, self.recipe, self.parents, by_key, self.seed_rows)
        cycles.begin(steps)
        done = Filled()
        for step in steps:
            done += self._table(step, by_key[step.table], cycles)
        return done + cycles.finish(steps)

    def _edges(self, table: Table, by_key: Mapping[Key, Table]) -> list[tuple[Key, Any, bool]]:
        found = []
        for foreign in foreigns_of(self.state, table):
            parent = self.state.key("table", foreign.parent.name)
            if foreign.recursive or parent not in by_key:
                continue
            nullable = [table.columns[name].nullable is not False for name in foreign.columns]
            found.append((parent, foreign, all(nullable) if foreign.full else any(nullable)))
        for foreign in later_foreigns(self.recipe, table):
            parent = self.state.key("table", foreign.parent.name)
            if not foreign.recursive and parent in by_key and not any(edge[0] == parent for edge in found):
                found.append((parent, foreign, True))
        return found

    def _table(self, step: Step, table: Table, cycles: Cycles) -> Filled:
        name = str(table.name)
        seed = seed_of(self.seeds, table)
        if seed is not None:
            return self._custom(table, seed)
        if self.recipe.facts.bounds.get(step.table) == ():
            note = f"{name} is partitioned and has no partition, so it cannot hold any row"
            return Filled((FilledTable(name, 0),), notes=(note,))
        target = cycles.prepared(step, table, self.explicit(table))
        if target.unknown:
            return self._unseeded(target, f"the type of {', '.join(target.unknown)} is not known", None)
        if target.orphaned:
            return self._unseeded(target, f"{', '.join(target.orphaned)} has no rows to refer to", None)
        composer = Composer(target)
        rows = composer.fill(self.seed_rows, table.name in self.plain)
        with cycles.suspended(step):
            if not target.slots:
                written = self.writer.write(target, [composer.blank()] * self.seed_rows, composer)
            else:
                written = self.writer.write(target, rows, composer)
        if target.counted and written.rows:
            self.writer.continue_counting(target)
        self.parents.forget(table)
        if not written.rows:
            reason = written.error or "no row was found that meets all of its constraints"
            return self._unseeded(target, reason, rows[0].values if rows else composer.base(0, {}))
        notes = tuple(f"{name}: {column} stays as it is, its type is not known" for column in target.empty)
        return Filled((FilledTable(name, written.rows),), notes=notes)

    def in_order(self, tables: Sequence[Table]) -> list[Table]:
        """Returns the tables, parents first."""
        by_key = {self.state.key("table", table.name): table for table in tables}
        return [
            by_key[step.table] for step in ordered({key: self._edges(t, by_key) for key, t in by_key.items()})
        ]

    def prepared(self, table: Table, explicit: bool) -> Target:
        """Returns a table that has rows ready to get more."""
        target = prepare(self.recipe, self.parents, table, explicit=explicit)
        if explicit:
            number_from(self.connection, self.recipe, target)
        return target

    def write(self, target: Target, rows: Sequence[Made], composer: Composer) -> int:
        """Returns how many of the rows went in."""
        written = self.writer.write(target, rows, composer)
        if target.counted and written.rows:
            self.writer.continue_counting(target)
        self.parents.forget(target.table)
        return written.rows

    def explicit(self, table: Table) -> bool:
        """Returns whether what the database counts is given: rows of the table refer to others of it by that.

        Or others are going to write rows with numbers of their own.
        """
        if self.recipe.beside.get(table.name):
            return True
        foreigns = (*foreigns_of(self.state, table), *self.recipe.foreigns_after(table))
        return any(
            foreign.recursive
            and any(name in table.columns and counted(table.columns[name]) for name in foreign.ref_columns)
            for foreign in foreigns
        )

    def _unseeded(self, target: Target, reason: str, row: Mapping[str, Any] | None) -> Filled:
        name = str(target.table.name)
        given = {slot.name: (row or {}).get(column, "...") for column, slot in target.slots.items()}
        return Filled(unseeded=(Unseeded(name, reason, custom_seed(name, given)),))

    def _custom(self, table: Table, seed: Any) -> Filled:
        name = str(table.name)
        rows = rows_of_seed(seed, table, self.connection)
        self.parents.forget(table)
        if rows is None:
            return Filled((FilledTable(name, 1),), notes=(f"{name} was filled by its own function",))
        target = prepare(self.recipe, self.parents, table, explicit=True)
        written, errors, notes = write_rows(self.connection, self.recipe.dialect, target, rows)
        self.writer.continue_counting(target)
        self.parents.forget(table)
        unseeded = (Unseeded(name, "; ".join(errors)),) if errors else ()
        return Filled((FilledTable(name, written),), unseeded, tuple(notes))

    def columns(self, table: Table, names: frozenset[str]) -> Filled:
        """Returns what was written to new columns of the rows that are there; an empty table is filled."""
        changed = fill_columns(self.connection, self.recipe, self.parents, table, names)
        self.parents.forget(table)
        if changed is None:
            return self.tables([table])
        return Filled((FilledTable(str(table.name), changed),))
