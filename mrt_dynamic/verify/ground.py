"""The ground of a walk: the scratch database, how far it is migrated, what it holds, how it was filled."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mrt_dynamic.engine.failures import one_line
from mrt_dynamic.engine.limit import did_not_end
from mrt_dynamic.errors import LateError, ProjectError
from mrt_dynamic.results import Seeding, Unseeded
from mrt_dynamic.seeding.sequences import advance, new_sequences
from mrt_dynamic.snapshot.touched import other_tables
from mrt_dynamic.verify.expiry import Expired
from mrt_dynamic.verify.listener import Listener
from mrt_lint.errors import MrtError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from mrt_dynamic.engine.base import Driver
    from mrt_dynamic.scratch.base import Scratch
    from mrt_dynamic.seeding.literals import Literals
    from mrt_dynamic.seeding.seeder import Seeder
    from mrt_dynamic.verify.clock import Clock
    from mrt_dynamic.verify.lookout import Lookout, Moment
    from mrt_dynamic.verify.plan import Step
    from mrt_lint.schema.names import Name
    from mrt_lint.schema.state import State


_INITIAL = "the function of initial-schema"


class Overrun(Exception):  # noqa: N818 -- not an error of the program
    """A step did not end in time and was cancelled."""


@dataclass(frozen=True, slots=True)
class Running:
    """A step that was begun: `what` is the "upgrade", "downgrade" or "second upgrade" of a revision.

    `revision` empty: what runs before all of them.
    """

    revision: str
    what: str


@dataclass(frozen=True, slots=True)
class Filling:
    """How the database is filled. `since`: the first position at which rows are written at all.

    There every table gets rows that satisfy the schema `also` too; `bare`: tables left empty; `plain`: those
    that get usual rows alone; `literals` False: no rows made of what the next step looks for;
    `extremes` False: no values at the very end of their types. `never`: no rows anywhere. `beside`: rows
    that the next step writes itself, as text by folded column; ours have other keys.
    """

    since: int = 0
    also: State | None = None
    extremes: bool = True
    plain: frozenset[Name] = frozenset()
    literals: bool = True
    bare: frozenset[Name] = frozenset()
    never: bool = False
    beside: Mapping[Name, Sequence[Mapping[str, str]]] = field(default_factory=dict)


@dataclass(slots=True)
class Ground:
    """The scratch database under a walk. `position`: how many steps of the plan are applied.

    `clean`: nothing but these steps and our rows is in it; else it must be reset before anything else.
    `initial`: makes what the first revision builds on, in a database that is empty. `running`: the last
    step that was begun. `seen`: the tables that were ever there, where rows of some are the user's.
    Everything it does is repeated the same way after `reset`, so a walk that had to give up a
    database finds the same rows in the next.
    """

    scratch: Scratch
    lookout: Lookout
    seeder: Seeder
    mined: Callable[[str, State], Literals]
    clock: Clock
    filling: Filling = Filling()
    position: int = 0
    clean: bool = False
    now: Moment | None = None
    origin: State | None = None
    unseeded: dict[str, Unseeded] = field(default_factory=dict)
    initial: Callable[[Connection], object] | None = None
    listener: Listener = field(default_factory=Listener)
    running: Running | None = None
    seen: set[str] = field(default_factory=set)
    _fresh: bool = True
    _saved: tuple[int, Filling, Moment] | None = None

    @property
    def timeout(self) -> float:
        """Returns the limit of a step in seconds."""
        return self.clock.seconds or 0.0

    @property
    def moment(self) -> Moment:
        """Returns what the database holds at its position."""
        assert self.now is not None, "the ground has not been begun"
        return self.now

    def reset(self, target: int) -> None:
        """Puts the database back to a place not after `target`: the copy that was kept, else empty."""
        self.clean = True
        if self._saved is not None and self._saved[0] <= target and self._saved[1] == self.filling:
            self.scratch.restore("walk")
            self._fresh = False
            self.position, _, self.now = self._saved
            return
        self.scratch.clear()
        self._fresh = True
        self.position, self.now = 0, None

    def found(self, driver: Driver) -> Driver:
        """Returns the driver; in an empty database makes what the first revision builds on.

        Raises ProjectError when the user's function for it fails, LateError when it does not end in time.
        """
        initial = self.initial
        if self._fresh and initial is not None:
            try:
                self.timed(Running("", _INITIAL), lambda: initial(driver.connection))
                driver.connection.commit()
            except Overrun as error:
                raise LateError(did_not_end(_INITIAL, self.timeout)) from error
            except MrtError:
                raise
            except Exception as error:
                raise ProjectError(f"the function of initial-schema fails: {one_line(error)}") from error
        self._fresh = False
        return driver

    def save(self) -> None:
        """Keeps a copy of the database as it is, where it can be copied."""
        if self.scratch.save("walk"):
            self._saved = (self.position, self.filling, self.moment)

    def forget(self) -> None:
        """Forgets the copy that was kept: another walk begins, whose steps may be others."""
        self._saved = None

    def begin(self, driver: Driver) -> None:
        """Looks at the database for the first time since `reset`."""
        if self.now is None:
            self.now = self.lookout.everything(driver.connection)
            self._note_tables()
            if self.position == 0:
                self.origin = self.now.schema
            self.fill_all(driver)

    def advance(self, driver: Driver, step: Step) -> None:
        """Applies the next step without testing it, and fills what is new. Raises StepError, Overrun."""
        before = self.apply(driver, step)
        self.fill_new(driver, before)

    def apply(self, driver: Driver, step: Step) -> Moment:
        """Applies the next step; returns the moment before it. Raises StepError, Overrun."""
        self.prepare(driver, step)
        before = self.moment
        self.upgrade(driver, step)
        self.look(driver)
        return before

    def upgrade(self, driver: Driver, step: Step, what: str = "upgrade") -> None:
        """Runs an upgrade within the limit. Raises StepError, Overrun."""
        self.clean = False
        self.timed(Running(step.revision.id, what), lambda: driver.upgrade(step.revision.id))

    def downgrade(self, driver: Driver, step: Step) -> None:
        """Runs a downgrade within the limit. Raises StepError, Overrun."""
        self.clean = False
        self.timed(Running(step.revision.id, "downgrade"), lambda: driver.downgrade(step.revision.id))

    def timed(self, running: Running, action: Callable[[], object]) -> None:
        """Runs a step within the limit. Raises Overrun, and what the step raises."""
        self.running = running
        self.listener.began(running.revision, running.what)
        try:
            self.clock.run(action)
        except (Exception, Expired) as error:
            if self.clock.over:
                raise Overrun from error
            raise
        finally:
            self.listener.ended()
        if self.clock.over:  # the migration took our cancellation for a failure that it may pass over
            raise Overrun

    def prepare(self, driver: Driver, step: Step) -> None:
        """Writes rows that hold the literals of the step, before it is run; then starts to watch."""
        connection = driver.connection
        usual = self.filling.literals or self.position > self.filling.since
        if usual and not self.filling.never and self.position >= self.filling.since:
            literals = self.mined(step.revision.id, self.moment.schema)
            if literals:
                self.lookout.watch(connection, self.moment)
                beside = self.filling.beside if self.position == self.filling.since else {}
                self.seeder.add(connection, self.moment.schema, literals, beside)
                connection.commit()
                self.now = self.lookout.look(connection, self.moment)
        self.watch(driver)

    def watch(self, driver: Driver) -> None:
        """Watches what migrations do from here on: on SQLite where they do it, on a server anywhere."""
        sqlite = self.scratch.dialect == "sqlite"
        self.lookout.watch(driver.working if sqlite else driver.connection, self.moment)

    def look(self, driver: Driver) -> None:
        """Takes the applied step in without filling anything."""
        self.now = self.lookout.look(driver.connection, self.moment)
        self._note_tables()
        self.position += 1
        self.clean = True

    def _note_tables(self) -> None:
        if self.seeder.custom_seeds or self.seeder.seed_overrides:
            self.seen.update(str(table.name) for table in self.moment.schema.tables())

    def refresh(self, driver: Driver, watched: bool = False) -> None:
        """Looks again without a step having been taken. `watched`: only on our own connection."""
        self.now = self.lookout.look(driver.connection, self.moment)
        self.clean = True
        if not watched:
            self.watch(driver)

    def fill_new(self, driver: Driver, before: Moment) -> None:
        """Fills what the last step made, and what it emptied; `before`: the moment before it."""
        filling = self.filling
        if filling.never or self.position < filling.since:
            return
        if self.position == filling.since:
            self.fill_all(driver)
            return
        self._advance(driver, before.schema)
        tables, columns = _news(before.schema, self.moment.schema)
        tables |= _emptied(before, self.moment)
        for name, blank in _blanked(before, self.moment).items():
            columns[name] = (*columns.get(name, ()), *blank)
        if self.position == filling.since + 1:
            tables |= self._still_empty()
        self._fill(driver, tables, columns)

    def fill_all(self, driver: Driver) -> None:
        """Fills every table, where the filling is to begin."""
        if self.filling.never or self.position != self.filling.since:
            return
        self._advance(driver, None)
        tables = {table.name for table in self.moment.schema.tables()} - self.filling.bare
        self._fill(driver, tables, {})

    def _advance(self, driver: Driver, before: State | None) -> None:
        """Takes a number from every new sequence."""
        connection = driver.connection
        fresh = new_sequences(self.moment.schema, before)
        if not fresh:
            return
        self.lookout.watch(connection, self.moment)
        advance(connection, self.scratch.dialect, fresh)
        connection.commit()
        self.now = self.lookout.look(connection, self.moment)

    def _still_empty(self) -> set[Name]:
        """Returns the tables without rows: those left empty for one step, and what refers to them."""
        schema, rows = self.moment.schema, self.moment.rows.tables
        return {
            table.name
            for table in schema.tables()
            if (found := rows.get(schema.key("table", table.name))) is not None and not found.total
        }

    def _fill(self, driver: Driver, tables: set[Name], columns: dict[Name, tuple[str, ...]]) -> None:
        if not tables and not columns:
            return
        connection = driver.connection
        self.lookout.watch(connection, self.moment)
        begins = self.position == self.filling.since
        also, plain = (self.filling.also, self.filling.plain) if begins else (None, ())
        beside = self.filling.beside if begins else {}
        self.seeder.extremes = self.filling.extremes
        filled = self.seeder.fill(
            connection, self.moment.schema, tables, columns, also=also, plain=plain, beside=beside
        )
        connection.commit()
        for table in tables:
            self.unseeded.pop(str(table), None)
        self.unseeded.update((each.table, each) for each in filled.unseeded)
        # To fill columns is to UPDATE, which may be handed on to other tables; a seed's own function is free.
        only_new = not columns and not self.seeder.calls_out
        self.now = self.lookout.look(connection, self.moment, frozenset(tables) if only_new else None)

    def empty(self, before: Moment, tables: Collection[Name]) -> tuple[Unseeded, ...]:
        """Returns which of these tables held no rows at a moment, so that nothing was seen of their data."""
        found = []
        for name in sorted(tables, key=str):
            if before.holds_nothing(name):
                why = (
                    before.unreadable(name)
                    or "none were found that fit the schema before and after the upgrade"
                )
                found.append(self.unseeded.get(str(name)) or Unseeded(str(name), why))
        return tuple(found)

    @property
    def seeding(self) -> Seeding:
        """Returns how far the tables are filled."""
        schema = self.moment.schema
        empty: tuple[Unseeded, ...] = ()
        if self.unseeded:
            known = {str(table.name) for table in schema.tables()}
            empty = tuple(self.unseeded[name] for name in sorted(known & set(self.unseeded)))
        count = len(schema.kinds.get("table") or ())
        return Seeding(count, count - len(empty), empty)


def _emptied(before: Moment, after: Moment) -> set[Name]:
    """Returns the tables that had rows and have none any more: later steps need some to tell by."""
    return {
        table.name
        for key, table in after.rows.tables.items()
        if not table.total and (old := before.rows.tables.get(key)) is not None and old.total
    }


def _blanked(before: Moment, after: Moment) -> dict[Name, tuple[str, ...]]:
    """Returns the columns that held values and hold NULL alone now: later steps need some to tell by."""
    found: dict[Name, tuple[str, ...]] = {}
    for key, table in after.rows.tables.items():
        old = before.rows.tables.get(key)
        if old is None or old is table or not table.rows:
            continue
        had = {column for place, column in enumerate(old.columns) if any(row[place] for row in old.rows)}
        blank = tuple(
            column
            for place, column in enumerate(table.columns)
            if column in had and all(row[place] is None for row in table.rows)
        )
        if blank:
            found[table.name] = blank
    return found


def _news(before: State, after: State) -> tuple[set[Name], dict[Name, tuple[str, ...]]]:
    """Returns the tables that appeared, and the columns that appeared in others."""
    tables: set[Name] = set()
    columns: dict[Name, tuple[str, ...]] = {}
    for _, old, table in other_tables(before, after):
        if table is None:
            continue
        if old is None:
            tables.add(table.name)
        elif new := tuple(name for name in table.columns if name not in old.columns):
            columns[table.name] = new
    return tables, columns
