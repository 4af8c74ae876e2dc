"""Trials: what is done when an upgrade fails on our rows, which is no fault of the migration's.

A migration that adds UNIQUE, NOT NULL, CHECK or a foreign key to what exists is right to refuse rows
that violate it. So the upgrade is tried without any rows; the schema it makes then tells what rows
must satisfy besides; with such rows the revision is tested. If that fails too, values at the very end of
their types are left out, then all rows but usual ones, in the tables that it changes and then in every one;
then the tables that it changes stay empty, in the end all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from mrt_dynamic.engine.base import StepError
from mrt_dynamic.newrows.values import text_of_literal
from mrt_dynamic.verify.cycle import changed_tables
from mrt_dynamic.verify.ground import Filling

if TYPE_CHECKING:
    from mrt_dynamic.engine.base import Driver
    from mrt_dynamic.results import Unseeded
    from mrt_dynamic.snapshot.rows import Rows
    from mrt_dynamic.verify.ground import Ground
    from mrt_dynamic.verify.lookout import Moment
    from mrt_dynamic.verify.plan import Step
    from mrt_lint.schema.names import Name
    from mrt_lint.schema.state import State


_MOST: Final = 1000
"""Rows of one table that an upgrade writes and whose keys are left free."""


@dataclass(slots=True)
class Trial:
    """The attempts at one revision. `error`: how it failed at first; `filling`: before the first attempt.

    `last`: how it failed when there were rows in every table for the last time. `using`: what the attempt
    under way is made with. `additions`: columns that it
    adds to tables and that must hold a value which the database does not give.
    """

    error: StepError
    position: int
    filling: Filling
    probing: bool = False
    stricter: State | None = None
    changed: frozenset[Name] = frozenset()
    last: StepError | None = None
    using: Filling = field(default_factory=Filling)
    additions: Mapping[Name, tuple[str, ...]] = field(default_factory=dict)
    _left: list[Filling] = field(default_factory=list)

    def following(self, error: StepError) -> Filling | None:
        """Returns how to fill the database for the next attempt, None after the last one.

        `error`: how the last attempt failed.
        """
        if not self.using.never and not self.using.bare and self.using.since <= self.position:
            self.last = error
        found = self._following()
        if found is not None:
            self.using = found
        return found

    def _following(self) -> Filling | None:
        if self.stricter is None:
            if self.probing:
                return None
            self.probing = True
            return Filling(never=True)
        found = self._left.pop(0) if self._left else None
        refused = frozenset(name for name in self.additions if self.refuses(str(name)) is not None)
        if found is not None and found.bare and refused and not self.using.bare and refused != found.bare:
            self._left.insert(0, found)
            return replace(found, extremes=False, bare=refused)
        return found

    def probe(self, driver: Driver, step: Step, ground: Ground) -> None:
        """Runs the upgrade on empty tables, to see what it makes. Raises StepError, Overrun."""
        before, held = ground.moment.schema, ground.moment.rows
        ground.upgrade(driver, step)
        after = ground.lookout.everything(driver.connection)
        # Without its log, an entry for each object: the State may be sent to another process.
        self.stricter = after.schema.fresh()
        self.changed = changed_tables(before, self.stricter)
        self.additions = dict(_additions(before, self.stricter))
        self.probing = False
        here = self.position
        with_rows = Filling(here, self.stricter, beside=dict(_written(before, held, after)))
        usual = replace(with_rows, extremes=False)
        self._left = [
            with_rows,
            usual,
            replace(usual, plain=self.changed),
            replace(usual, plain=all_of(before), literals=False),
            replace(with_rows, bare=self.changed),
            Filling(here + 1),
        ]
        ground.filling = self.using = self._left.pop(0)

    @property
    def without_rows(self) -> str | None:
        """Returns how the upgrade fails on every row that was tried, None if there are rows in some table."""
        return self.last.message if self.last is not None and self.using.since > self.position else None

    def refuses(self, table: str) -> str | None:
        """Returns the column for which the upgrade fails on whatever row a table holds, None if it need not.

        That is one that must hold a value and gets none: the statement that fails adds it, or copies the
        rows into a new table without a word of it.
        """
        if self.last is None or "null" not in self.last.message.lower():
            return None
        words = re.findall(r"\w+", self.last.statement or "")
        adds, copies = "ADD" in map(str.upper, words), words[:1] in (["INSERT"], ["insert"])
        for name, columns in self.additions.items():
            for column in columns:
                told = column in re.findall(r"\w+", self.last.message)
                added = adds and column in words and name.name in words
                if str(name) == table and (added or (copies and told and column not in words)):
                    return column
        return None

    def told(self, table: Unseeded) -> Unseeded:
        """Returns a table that was left empty with the reason: how the upgrade failed on its rows."""
        if self.last is None:
            return table
        return replace(table, reason=f"the upgrade fails on all rows that were tried: {self.last.message}")

    @property
    def note(self) -> str:
        """Returns what the user should know of rows that the upgrade refuses."""
        why = self.error.message
        return f"the upgrade fails on some rows ({why}); tested without such rows"


def all_of(state: State) -> frozenset[Name]:
    """Returns the names of all tables."""
    return frozenset(table.name for table in state.tables())


def _written(
    before: State, held: Rows, after: Moment
) -> Iterator[tuple[Name, tuple[Mapping[str, str], ...]]]:
    """Yields the rows that an upgrade wrote by itself into tables that were there, as text by column."""
    for table in before.tables():
        new = after.rows.tables.get(after.schema.key("table", table.name))
        if new is None or not new.rows:
            continue
        old = held.tables.get(before.key("table", table.name))
        rows = new.rows - old.rows if old is not None else new.rows
        columns = [after.schema.fold(name) for name in new.columns]
        found = tuple(
            {
                name: text_of_literal(value)
                for name, value in zip(columns, row, strict=True)
                if value is not None
            }
            for row in sorted(rows, key=repr)[:_MOST]
        )
        if found:
            yield table.name, found


def _additions(before: State, after: State) -> Iterator[tuple[Name, tuple[str, ...]]]:
    for table in before.tables():
        later = after.table(table.name)
        new = (
            []
            if later is None
            else [later.columns[name] for name in later.columns if name not in table.columns]
        )
        columns = tuple(
            column.name
            for column in new
            if column.nullable is False
            and (column.default, column.generated, column.identity) == (None, None, None)
        )
        if columns:
            yield table.name, columns
