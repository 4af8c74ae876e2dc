"""The cycle of one revision: up, down, compare, up again, compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mrt_dynamic.engine.base import StepError
from mrt_dynamic.results import Failure, Kind, Unseeded
from mrt_dynamic.snapshot.compare import reupgrade_failures, schema_failures
from mrt_dynamic.snapshot.compare_rows import row_failures
from mrt_dynamic.snapshot.touched import other_tables
from mrt_dynamic.verify.ground import Overrun
from mrt_dynamic.verify.messages import overran, step_failed

if TYPE_CHECKING:
    from mrt_dynamic.engine.base import Driver
    from mrt_dynamic.verify.ground import Ground
    from mrt_dynamic.verify.lookout import Moment
    from mrt_dynamic.verify.plan import Step
    from mrt_lint.schema.names import Name
    from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one cycle showed. `sound`: the database stands behind the step as if nothing had been tested.

    `touched`: the tables whose rows or definition the revision changed; `rows`: how many were compared.
    `empty`: those without rows to tell by, with the reason. `blank`: columns (with their tables) that the
    upgrade drops and that hold NULL alone. `before`: the moment before a step that came back whole.
    """

    failures: tuple[Failure, ...] = ()
    declared: bool = False
    sound: bool = True
    touched: frozenset[Name] = frozenset()
    rows: int = 0
    empty: tuple[Unseeded, ...] = ()
    blank: tuple[tuple[str, str], ...] = ()
    before: Moment | None = None


def cycle(driver: Driver, step: Step, ground: Ground) -> Outcome:
    """Tests one revision; what is new stays unfilled. Raises StepError or Overrun if it cannot be applied."""
    ground.prepare(driver, step)
    before = ground.moment
    outcome = _round(driver, step, ground, before)
    return replace(outcome, empty=ground.empty(before, outcome.touched))


def _round(driver: Driver, step: Step, ground: Ground, before: Moment) -> Outcome:
    ground.upgrade(driver, step)
    upgraded = ground.lookout.schema(driver.connection, driver.working)
    try:
        ground.downgrade(driver, step)
    except StepError as error:
        touched = changed_tables(before.schema, upgraded)
        if error.declared:
            return Outcome(declared=True, sound=False, touched=touched)
        return Outcome(
            (step_failed(Kind.DOWNGRADE_FAILED, "downgrade", error),), sound=False, touched=touched
        )
    except Overrun:
        return Outcome((overran("downgrade", ground.timeout),), sound=False)
    after = ground.lookout.look(driver.connection, before)
    touched = changed_tables(before.schema, upgraded) | ground.lookout.touched
    rows = before.rows.total
    failures = (*schema_failures(before.schema, after.schema), *row_failures(before.rows, after.rows))
    if failures:
        return Outcome(failures, sound=False, touched=touched, rows=rows)
    ground.watch(driver)
    try:
        ground.upgrade(driver, step, "second upgrade")
    except StepError as error:
        failure = step_failed(Kind.REUPGRADE_FAILED, "second upgrade", error)
        return Outcome((failure,), sound=False, touched=touched, rows=rows)
    except Overrun:
        return Outcome((overran("second upgrade", ground.timeout),), sound=False, touched=touched, rows=rows)
    ground.look(driver)
    failures = reupgrade_failures(upgraded, ground.moment.schema)
    if failures:
        return Outcome(failures, sound=False, touched=touched, rows=rows)
    blank = tuple(_blank(before, upgraded))
    return Outcome(touched=touched, rows=rows, before=before, blank=blank)


def _blank(before: Moment, upgraded: State) -> Iterator[tuple[str, str]]:
    """Yields the columns of which nothing was seen: the upgrade drops them, and they held NULL alone."""
    for key, _, later in other_tables(before.schema, upgraded):
        table = before.rows.tables.get(key)
        if later is None or table is None or not table.rows:
            continue
        for place, column in enumerate(table.columns):
            if upgraded.fold(column) not in later.columns and all(row[place] is None for row in table.rows):
                yield str(table.name), column


def changed_tables(before: State, after: State) -> frozenset[Name]:
    """Returns the tables there before whose definition is another, or that are gone."""
    return frozenset(
        old.name for _, old, new in other_tables(before, after) if old is not None and old != new
    )
