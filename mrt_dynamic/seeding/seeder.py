"""Fills the tables of a live database: the door to everything in this package."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mrt_dynamic.seeding.adding import add_rows
from mrt_dynamic.seeding.facts import read_facts
from mrt_dynamic.seeding.filling import Filling
from mrt_dynamic.seeding.foreign import foreigns_of
from mrt_dynamic.seeding.literals import Literals
from mrt_dynamic.seeding.recipe import Recipe
from mrt_dynamic.seeding.report import Filled
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Key, Name
from mrt_lint.schema.objects import Table
from mrt_lint.schema.state import State

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

TableName = Name | str
"""A table by its name; a schema may stand in front of it in a text (`audit.log`)."""


class Seeder:
    """Makes rows, the same ones for the same seed and schema, whatever else is in the database.

    `seed_rows`: usual rows per table, besides those at the edges. `custom_seeds`: tables to rows
    (a list of dicts, or a function that returns one, or that takes the connection and writes them);
    they replace ours. `seed_overrides`: tables to columns to a value, or to a function of the row's
    number (1, 2, ...). `extremes` False: no values at the very end of their types, which a healthy
    migration may not be able to compute with.
    """

    def __init__(
        self,
        dialect: Dialect,
        seed_rows: int = 3,
        seed: int = 0,
        custom_seeds: Mapping[str, Any] | None = None,
        seed_overrides: Mapping[str, Mapping[str, Any]] | None = None,
        *,
        extremes: bool = True,
    ) -> None:
        self.dialect = dialect
        self.seed_rows = max(1, seed_rows)
        self.seed = seed
        self.custom_seeds = dict(custom_seeds or {})
        self.seed_overrides = dict(seed_overrides or {})
        self.extremes = extremes

    @property
    def calls_out(self) -> bool:
        """Returns whether functions of the user's own may write whatever they like."""
        return any(callable(seed) for seed in self.custom_seeds.values())

    def fill(
        self,
        connection: Connection,
        state: State,
        tables: Iterable[TableName] | None = None,
        columns: Mapping[Name, Iterable[str]] | Mapping[TableName, Iterable[str]] | None = None,
        literals: Literals | None = None,
        also: State | None = None,
        plain: Container[Name] = (),
        beside: Mapping[Name, Sequence[Mapping[str, str]]] | None = None,
    ) -> Filled:
        """Returns what was written to `tables` (None: to all), parents first. The caller commits.

        `state`: the live schema. `columns`: new columns of tables that have rows, which get values
        (some stay NULL). `literals`: rows made of them as by `add`. `also`: the State after the next
        upgrade; rows satisfy both. `plain`: tables that get usual rows alone, none with NULL where a value
        may stand and none at the edges. `beside`: rows to come of others, as text by folded column, whose
        keys stay free. Raises CustomSeedError for a seed that is none.
        """
        fresh = dict(columns or {})
        chosen = self._tables(state, tables)
        if tables is None and fresh:
            chosen = []
        named = [self._named(state, name) for name in fresh]
        recipe = self._recipe(
            connection, state, also, chosen + [table for table in named if table is not None]
        )
        recipe = replace(recipe, beside=beside or {})
        filling = Filling(connection, recipe, self.seed_rows, self.custom_seeds, plain)
        done = filling.tables(chosen)
        for (_, wanted), table in zip(fresh.items(), named, strict=True):
            if table is not None and table not in chosen:
                done += filling.columns(table, frozenset(state.fold(name) for name in wanted))
        if literals is not None:
            done += add_rows(filling, literals)
        return done

    def add(
        self,
        connection: Connection,
        state: State,
        literals: Literals,
        beside: Mapping[Name, Sequence[Mapping[str, str]]] | None = None,
    ) -> Filled:
        """Returns the rows written to tables that exist, made of what a migration looks for.

        To be called before the migration runs. The caller commits. `beside`: as in `fill`.
        """
        chosen = [table for name in literals.tables() if (table := state.table(name)) is not None]
        recipe = replace(self._recipe(connection, state, None, chosen), beside=beside or {})
        return add_rows(Filling(connection, recipe, self.seed_rows, self.custom_seeds), literals)

    def _named(self, state: State, name: TableName) -> Table | None:
        if isinstance(name, Name):
            return state.table(name)
        found = state.table(Name(name))
        if found is None and "." in name:
            schema, _, own = name.partition(".")
            found = state.table(Name(own, schema))
        return found

    def _tables(self, state: State, names: Iterable[TableName] | None) -> list[Table]:
        if names is None:
            return state.tables()
        found = {
            state.key("table", table.name): table for name in names if (table := self._named(state, name))
        }
        return [found[key] for key in sorted(found)]

    def _recipe(
        self, connection: Connection, state: State, also: State | None, tables: Sequence[Table]
    ) -> Recipe:
        related: dict[Key, Table] = {}
        for table in tables:
            related[state.key("table", table.name)] = table
            for foreign in foreigns_of(state, table):
                related[state.key("table", foreign.parent.name)] = foreign.parent
            later = None if also is None else also.table(table.name)
            if later is not None:
                related[Key("table", "\0", str(later.name))] = later
        facts = read_facts(connection, self.dialect, list(related.values()))
        return Recipe(self.dialect, state, also, facts, self.seed, self.extremes, self.seed_overrides)

    def filling(
        self, connection: Connection, state: State, table: Table, also: State | None = None
    ) -> Filling:
        """Returns what writes single rows to a table that has some already. `also`: as in `fill`."""
        return Filling(
            connection, self._recipe(connection, state, also, [table]), self.seed_rows, self.custom_seeds
        )
