"""The downgrade on rows that only the new schema allows: all at once, and one by one if that fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mrt_dynamic.engine.base import StepError
from mrt_dynamic.newrows.harm import new_rows, old_rows, overheard
from mrt_dynamic.newrows.placing import Placed, Placer
from mrt_dynamic.newrows.relaxations import Relaxation, relaxations
from mrt_dynamic.newrows.tidying import tidied
from mrt_dynamic.results import Failure, Kind
from mrt_dynamic.verify.ground import Overrun
from mrt_dynamic.verify.messages import raised

if TYPE_CHECKING:
    from mrt_dynamic.engine.base import Driver
    from mrt_dynamic.verify.ground import Ground
    from mrt_dynamic.verify.lookout import Moment
    from mrt_dynamic.verify.plan import Step
    from mrt_lint.schema.names import Name
    from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong with one row in the database, or with several."""

    placed: tuple[Placed, ...]
    what: str


@dataclass(slots=True)
class NewRows:
    """The test of one revision. `before`: the moment before its upgrade, whose rows must survive.

    `left`: relaxations still to be tried, of the tables `touched`. `alone`: one at a time, since all
    together failed. `notes`: what could not be tried.
    """

    step: Step
    before: Moment
    left: list[Relaxation]
    touched: frozenset[Name]
    alone: bool = False
    failures: list[Failure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _together: Trouble | None = None
    _plain: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, step: Step, before: Moment, after: State) -> NewRows | None:
        """Returns the test of a revision, None if its new schema allows nothing new in old tables."""
        found = list(relaxations(before.schema, after))
        if all(before.schema.table(each.table) is None for each in found):
            return None
        return cls(step, before, found, frozenset(each.table for each in found))

    def go(self, driver: Driver, ground: Ground) -> bool:
        """Goes on as far as one database lasts; False if it must be put back before the next call.

        The database stands behind the revision, nothing filled since. Afterwards it does so again.
        """
        while self.left:
            clean = ground.moment
            batch = self.left[:1] if self.alone else list(self.left)
            placed = self._placed(driver, ground, batch)
            self.left = self.left[len(batch) :]
            if not placed:
                continue
            ground.watch(driver)
            trouble = self._down(driver, ground, placed)
            if trouble is not None:
                ground.clean = False
                self._take(trouble, placed)
                return False
            try:
                ground.upgrade(driver, self.step)
            except (StepError, Overrun):
                ground.clean = False
                return False
            ground.refresh(driver, watched=True)
            if not tidied(driver.connection, ground, clean):
                ground.clean = False
                return False
        if self._together is not None and not self.failures:
            self._add(self._together)
        return True

    def _placed(self, driver: Driver, ground: Ground, batch: Sequence[Relaxation]) -> list[Placed]:
        """Writes a row for each relaxation; returns those that could be written."""
        connection, after = driver.connection, ground.moment.schema
        ground.lookout.watch(connection, ground.moment)
        placer = Placer(ground.seeder, connection, self.before.schema, after, self.touched)
        placed = []
        for relaxation in batch:
            row = placer.place(relaxation)
            if row is not None:
                placed.append(row)
            elif relaxation.part and not self.alone:
                what = f"{relaxation.what} in {relaxation.table}"
                self.notes.append(f"not tested with {what}: no such row could be written")
        connection.commit()
        ground.refresh(driver, watched=True)
        return placed

    def _down(self, driver: Driver, ground: Ground, placed: Sequence[Placed]) -> Trouble | None:
        """Runs the downgrade; returns what is wrong with it or with what it left of the rows."""
        every, filled = tuple(placed), ground.moment
        try:
            with overheard() as said:
                ground.downgrade(driver, self.step)
        except StepError as error:
            if error.declared:  # it looks at the rows and refuses on purpose
                ground.clean = False
                return Trouble((), "")
            return Trouble(every, f"the downgrade fails: {raised(error)}")
        except Overrun:
            return Trouble(every, f"the downgrade did not end within {ground.timeout:g} seconds")
        after = ground.lookout.look(driver.connection, ground.moment)
        for harm in old_rows(self.before.rows, after.rows, placed):
            return Trouble(every, f"the downgrade harms old rows: {harm}")
        for row, harm in new_rows(self.before, filled, after, placed, said):
            return Trouble((row,), harm)
        ground.watch(driver)
        return None

    def _take(self, trouble: Trouble, placed: Sequence[Placed]) -> None:
        """Takes a failing attempt in; after one with several rows each is tried alone."""
        if len(placed) > 1:
            self._together = trouble if trouble.placed else None
            self.alone = True
            self.left = [each.relaxation for each in placed]
        elif trouble.placed:
            self._add(trouble)

    def _add(self, trouble: Trouble) -> None:
        relaxation = trouble.placed[0].relaxation
        table = str(relaxation.table)
        if relaxation.plain:
            self._plain[table] = trouble.what
        elif self._plain.get(table) == trouble.what:
            return  # any new row of the table brings this about
        rows = "; ".join(each.words for each in trouble.placed[:5])
        alone = len(trouble.placed) == 1
        part = f"; {relaxation.part} of the old schema does not admit it" if relaxation.part and alone else ""
        message = f"once the new schema holds {rows}, {trouble.what}{part}"
        remedy = relaxation.remedy or "delete or change rows that the old schema does not admit"
        help_ = (
            f"let the downgrade {remedy}; or let it raise NotImplementedError and say why."
            " Rows like this one are written as soon as the new code runs."
        )
        self.failures.append(Failure(Kind.POST_UPGRADE_ROWS, message, table, relaxation.column, help_))
