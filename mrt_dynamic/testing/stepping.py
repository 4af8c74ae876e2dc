"""Migrations stepped by a test: there and back as Alembic's own commands go, each step within its limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from mrt_dynamic.engine.base import StepError
from mrt_dynamic.verify.expiry import Expired
from mrt_dynamic.verify.ground import Overrun, Running
from mrt_dynamic.verify.messages import overran

if TYPE_CHECKING:
    from mrt_dynamic.engine.base import Driver
    from mrt_dynamic.verify.run import Verifier

T = TypeVar("T")


def run(verifier: Verifier, work: Callable[[Driver], T]) -> T:
    """Returns what `work` returns, called inside a run of env.py; the database is no walk's afterwards.

    Raises what `work` raises, TimeoutError for a step that took env.py with it when its time was over.
    """
    ground = verifier.ground
    ground.clean = False
    try:
        return verifier.run(work)
    except Expired:
        ground.clock.stop()
        running = ground.running
    raise TimeoutError(_overran(running, ground.timeout) if running is not None else "the time is over")


def move(verifier: Verifier, destination: str, up: bool) -> None:
    """Applies or takes back everything up to a destination, as `alembic upgrade` or `downgrade` takes it.

    Raises StepError, TimeoutError for a step that was cancelled, UsageError when there is no such place.
    """
    from mrt_dynamic.engine.paths import way

    ground, what = verifier.ground, "upgrade" if up else "downgrade"

    def step(driver: Driver, revision: str) -> None:
        running = Running(revision, what)
        try:
            ground.timed(running, lambda: (driver.upgrade if up else driver.downgrade)(revision))
        except StepError as error:
            raise error.of(revision, what) from error.__cause__
        except Overrun:
            late = _overran(running, ground.timeout)
        else:
            return
        raise TimeoutError(late)

    def work(driver: Driver) -> None:
        for revision in way(verifier.project, driver.heads(), destination, up):
            step(driver, revision)

    run(verifier, work)


def _overran(running: Running, seconds: float) -> str:
    return overran(f"{running.what} of {running.revision}", seconds).message
