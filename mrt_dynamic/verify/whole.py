"""The whole way from head to base and up again, at the end: what single revisions cannot show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mrt_dynamic.engine.base import StepError
from mrt_dynamic.results import Failure, Kind
from mrt_dynamic.snapshot.compare import schema_failures
from mrt_dynamic.verify.ground import Filling, Ground, Overrun
from mrt_dynamic.verify.messages import overran, step_failed

if TYPE_CHECKING:
    from mrt_dynamic.engine.base import Driver
    from mrt_dynamic.verify.plan import Plan, Step

Found = list[tuple[str, Failure]]


@dataclass(slots=True)
class Whole:
    """Goes down as far as every revision came back whole by itself, then up again.

    With the rows that the walk wrote a step may fail that is right: rows of a later schema need not
    fit an earlier one. So what fails is tried once more without any rows before it counts.
    """

    plan: Plan
    ground: Ground
    clean: Callable[[str], bool]
    done: bool = False

    def go(self, driver: Driver) -> Found:
        """Returns what is wrong, by revision. `done` False afterwards: once more, on empty tables."""
        if not self.plan.whole or self.done:
            self.done = True
            return []
        found = self._down_and_up(driver)
        if found:
            return found if self.failed() else []
        self.done = True
        return []

    def failed(self) -> bool:
        """Notes that the way failed; returns whether that counts. Else it is to be tried without rows."""
        if self.ground.filling.never:
            self.done = True
            return True
        self.ground.filling = Filling(never=True)
        self.ground.clean = False
        return False

    def _down_and_up(self, driver: Driver) -> Found:
        gone: list[Step] = []
        for step in reversed(self.plan.steps):
            if not self.clean(step.revision.id):
                break
            try:
                self.ground.downgrade(driver, step)
            except (StepError, Overrun) as error:
                return [(step.revision.id, self._failed(Kind.DOWNGRADE_FAILED, "downgrade", error))]
            gone.append(step)
        found: Found = []
        if len(gone) == len(self.plan.steps) and gone and self.ground.origin is not None:
            left = self.ground.lookout.schema(driver.connection, driver.working)
            found = [
                (
                    gone[-1].revision.id,
                    replace(each, message=f"after the whole way down: {each.message}"),
                )
                for each in schema_failures(self.ground.origin, left)
            ]
        for step in reversed(gone):
            try:
                self.ground.upgrade(driver, step)
            except (StepError, Overrun) as error:
                return [*found, (step.revision.id, self._failed(Kind.REUPGRADE_FAILED, "upgrade", error))]
        return found

    def _failed(self, kind: Kind, what: str, error: StepError | Overrun) -> Failure:
        if isinstance(error, Overrun):
            return overran(what, self.ground.timeout)
        return step_failed(kind, f"{what} on the whole way from head to base and back", error)
