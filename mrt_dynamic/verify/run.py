"""A verification from beginning to end: the project, a scratch database, the walk, the results."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from mrt_dynamic.results import Verification, Verified
from mrt_dynamic.verify.ground import Filling
from mrt_dynamic.verify.plan import Plan, plan

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from mrt_dynamic.engine.base import Driver
    from mrt_dynamic.scratch.base import Scratch
    from mrt_dynamic.verify.request import Request
    from mrt_dynamic.verify.settings import VerifySettings
    from mrt_dynamic.verify.walk import Progress


T = TypeVar("T")


def silent(revision: str, phase: str, done: int, total: int, rows: int) -> None:
    """Shows no progress."""


class Verifier:
    """An Alembic project and a scratch database of its own, which is gone once it is left.

    `with Verifier(settings) as verifier:`; raises MrtError (RefusedError, ConnectError, ProjectError
    ...) on entering when the run itself is wrong.
    """

    def __init__(self, settings: VerifySettings, progress: Progress = silent) -> None:
        """Loads the project; no database is made yet."""
        from mrt_dynamic.engine import require_alembic

        require_alembic()
        from mrt_dynamic.engine.project import load

        self.settings = settings
        self.progress = progress
        self.project = load(settings.alembic_ini)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Makes the scratch database and finds out how env.py uses it."""
        from mrt_dynamic.engine.alembic import survey
        from mrt_dynamic.scratch.choose import choose
        from mrt_dynamic.seeding.seeder import Seeder
        from mrt_dynamic.verify.clock import Clock
        from mrt_dynamic.verify.ground import Ground
        from mrt_dynamic.verify.lookout import Lookout
        from mrt_dynamic.verify.sources import Sources

        settings = self.settings
        self._choice = choose(
            settings.db_url,
            self.project.dialect,
            environ=os.environ,
            allow_hosts=settings.allow_hosts,
            in_place=settings.isolation == "in-place",
        )
        with ExitStack() as stack:
            self.scratch = stack.enter_context(self._choice.make())
            version_table = survey(self.project, self.scratch).version_table
            files = {each.id: Path(each.file) for each in self.project.revisions}
            self.ground = Ground(
                self.scratch,
                Lookout(self.scratch.dialect, version_table),
                Seeder(
                    self.scratch.dialect,
                    settings.seed_rows,
                    0,
                    settings.custom_seeds,
                    settings.seed_overrides,
                ),
                Sources(settings.alembic_ini, files, self.scratch.dialect).literals,
                Clock(settings.timeout, self.scratch.cancel),
            )
            stack.callback(self.ground.clock.close)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Drops the scratch database."""
        self._stack.close()

    def another(self) -> Scratch:
        """Returns one more scratch database of the same kind; the caller drops it. Raises ConnectError."""
        return self._choice.make()

    @property
    def notes(self) -> tuple[str, ...]:
        """Returns what the user should know of the project and of the choice of the database."""
        return (*self._choice.notes, *self.project.notes)

    def walk(self, planned: Plan) -> dict[str, Verified]:
        """Returns what came of each revision of a plan; goes on from where the last walk ended if it can."""
        from mrt_dynamic.verify.walk import Walk

        walk = Walk(planned, self.ground, self.settings, self.progress)
        walk.goal = self._reached(planned)
        while not walk.finished:
            walk.back()
            self.run(walk.go)
        return walk.results

    def _reached(self, planned: Plan) -> int:
        """Returns how many steps are taken already, by the walk before, and need no test.

        Where the walk before ended too far on, or filled the database in another way, it begins anew.
        """
        ground, usual = self.ground, Filling()
        first = next((place for place, step in enumerate(planned.steps) if step.tested), len(planned.steps))
        if ground.clean and ground.position <= first and ground.filling == usual:
            return ground.position
        ground.clean, ground.filling = False, usual
        return 0

    def verify(self, request: Request) -> Verification:
        """Returns what came of the revisions that are asked for. Raises UsageError for an unknown one."""
        began = time.monotonic()
        planned = self.plan(request)
        results = self.walk(planned)
        shown = [step.revision.id for step in planned.steps if step.shown]
        revisions = tuple(displayed(results[name], request.cwd) for name in shown if name in results)
        return Verification(self.scratch.title, revisions, time.monotonic() - began, self.notes)

    def run(self, work: Callable[[Driver], T]) -> T:
        """Returns what `work` returns, called inside a run of env.py on the scratch database."""
        from mrt_dynamic.engine.alembic import run

        return run(self.project, self.scratch, work)

    def plan(self, request: Request) -> Plan:
        """Returns the plan, every name in it resolved. Raises UsageError for an unknown revision."""
        resolve, settings = self.project.resolve, self.settings
        asked = [name for word in request.revisions for name in resolve(word)]
        since = resolve(request.since) if request.since else None
        floor = settings.minimum_downgrade_revision
        skip = {name: reason for word, reason in settings.skip.items() for name in resolve(word)}
        return plan(self.project.revisions, asked, since, resolve(floor) if floor else (), skip)


def verify(settings: VerifySettings, request: Request, *, progress: Progress = silent) -> Verification:
    """Runs the migrations of an Alembic project on a scratch database and returns what came of each.

    Raises MrtError when the run itself is wrong. Whatever happens, the scratch database is gone afterwards.
    """
    began = time.monotonic()
    with Verifier(settings, progress) as verifier:
        found = verifier.verify(request)
    return replace(found, duration=time.monotonic() - began)


def displayed(result: Verified, cwd: Path) -> Verified:
    """Returns the result with its file as the user sees it."""
    path = Path(result.file)
    shown = Path(os.path.relpath(path, cwd)) if cwd in path.parents else path
    return replace(result, file=shown.as_posix())
