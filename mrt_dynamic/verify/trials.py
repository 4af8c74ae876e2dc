"""Trials: what is done when an upgrade fails on our rows, which is no fault of the migration's.

A migration that adds UNIQUE, NOT NULL, CHECK or a foreign key to what exists is right to refuse rows
that violate it. So the upgrade is tried without any rows; the schema it makes then tells what rows
must satisfy besides; with such rows the revision is tested. If that fails too, values at the very end of
their types are left out, then the tables that it changes stay empty, in the end all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mrt_dynamic.engine.base import StepError
from mrt_dynamic.verify.cycle import changed_tables
from mrt_dynamic.verify.ground import Filling

if TYPE_CHECKING:
    from mrt_dynamic.engine.base import Driver
    from mrt_dynamic.verify.ground import Ground
    from mrt_dynamic.verify.plan import Step
    from mrt_lint.schema.names import Name
    from mrt_lint.schema.state import State


@dataclass(slots=True)
class Trial:
    """The attempts at one revision. `error`: how it failed at first; `filling`: before the first attempt."""

    error: StepError
    position: int
    filling: Filling
    probing: bool = False
    stricter: State | None = None
    changed: frozenset[Name] = frozenset()
    _left: list[Filling] = field(default_factory=list)

    def following(self) -> Filling | None:
        """Returns how to fill the database for the next attempt, None after the last one."""
        if self.stricter is None:
            if self.probing:
                return None
            self.probing = True
            return Filling(never=True)
        return self._left.pop(0) if self._left else None

    def probe(self, driver: Driver, step: Step, ground: Ground) -> None:
        """Runs the upgrade on empty tables, to see what it makes. Raises StepError, Overrun."""
        before = ground.moment.schema
        ground.upgrade(driver, step)
        self.stricter = ground.lookout.schema(driver.connection)
        self.changed = changed_tables(before, self.stricter)
        self.probing = False
        here = self.position
        self._left = [
            Filling(here, self.stricter),
            Filling(here, self.stricter, extremes=False),
            Filling(here, self.stricter, bare=self.changed),
            Filling(here + 1),
        ]
        ground.filling = self._left.pop(0)

    @property
    def note(self) -> str:
        """Returns what the user should know of rows that the upgrade refuses."""
        why = self.error.message
        return f"the upgrade fails on rows that violate what it adds ({why}); tested without such rows"
