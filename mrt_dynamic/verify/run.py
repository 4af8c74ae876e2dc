"""A verification from beginning to end: the project, a scratch database, the walk, the results."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from mrt_dynamic.results import Verification, Verified
from mrt_dynamic.verify.expiry import Expired
from mrt_dynamic.verify.ground import Filling
from mrt_dynamic.verify.listener import Listener
from mrt_dynamic.verify.messages import overran
from mrt_dynamic.verify.plan import Plan, left_out, plan
from mrt_lint.errors import nearest

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from mrt_dynamic.engine.base import Driver, Revision
    from mrt_dynamic.verify.request import Request
    from mrt_dynamic.verify.settings import VerifySettings
    from mrt_dynamic.verify.standing import Standing
    from mrt_dynamic.verify.walk import Walk


T = TypeVar("T")


class Verifier:
    """An Alembic project and a scratch database of its own, which is gone once it is left.

    `with Verifier(settings) as verifier:`; raises MrtError (RefusedError, ConnectError, ProjectError
    ...) on entering when the run itself is wrong.
    """

    def __init__(
        self, settings: VerifySettings, listener: Listener | None = None, legacy: Any = None
    ) -> None:
        """Loads the project; no database is made yet.

        `legacy`: what a process that was killed said of its scratch database.
        """
        from mrt_dynamic.extras import require

        require()
        from mrt_dynamic.engine.project import load

        self.settings = settings
        self.listener = listener or Listener()
        self._legacy = legacy
        self.project = load(settings.alembic_ini)
        self.last: Walk | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Makes the scratch database and finds out how env.py uses it."""
        from mrt_dynamic.engine.alembic import survey
        from mrt_dynamic.scratch.choose import choose
        from mrt_dynamic.seeding.seeder import Seeder
        from mrt_dynamic.verify.clock import Clock
        from mrt_dynamic.verify.ground import Ground
        from mrt_dynamic.verify.lookout import Lookout
        from mrt_dynamic.verify.outside import OutsideSteps
        from mrt_dynamic.verify.sources import Sources

        settings = self.settings
        self._choice = choose(
            settings.db_url,
            self.project.dialect,
            environ=os.environ,
            allow_hosts=settings.allow_hosts,
            in_place=settings.isolation == "in-place",
            legacy=self._legacy,
        )
        with ExitStack() as stack:
            self.scratch = stack.enter_context(self._choice.make())
            stack.callback(self.listener.removes)
            self.listener.made(self.scratch.title, self.scratch.legacy())
            clock = Clock(settings.timeout, self.scratch.cancel)
            stack.callback(clock.close)
            self._outside = OutsideSteps(clock, self.listener)
            version_table = survey(self.project, self.scratch, self._outside).version_table
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
                clock,
                # env.py has run there once; what it does by itself it does before every command.
                clean=True,
                initial=settings.initial_schema,
                listener=self.listener,
            )
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Drops the scratch database."""
        self._stack.close()

    @property
    def notes(self) -> tuple[str, ...]:
        """Returns what the user should know of the project and of the choice of the database."""
        return (*self._choice.notes, *self.project.notes, *self._unused())

    def _unused(self) -> Iterator[str]:
        """Yields a sentence for each table that is named for its rows and that no revision makes."""
        if self.last is None or not self.last.plan.whole:
            return
        seen = self.ground.seen
        known = seen | {name.rpartition(".")[2] for name in seen}
        for key, named in (
            ("custom-seeds", self.settings.custom_seeds),
            ("seed-overrides", self.settings.seed_overrides),
        ):
            for name in named:
                if name not in known:
                    yield f"{key} names {name}, a table that was never there{nearest(name, known)}"

    def walk(
        self,
        planned: Plan,
        standing: Standing | None = None,
        elsewhere: Callable[[], Mapping[str, Verified]] | None = None,
    ) -> dict[str, Verified]:
        """Returns what came of each revision of a plan; goes on from where the last walk ended if it can.

        `standing`: where another process came to an end with the same plan. `elsewhere`: see Walk.
        """
        from mrt_dynamic.verify.walk import Walk, nowhere_else

        walk = Walk(planned, self.ground, self.settings, self.listener, elsewhere or nowhere_else)
        if standing is None:
            walk.goal = self._reached(planned)
        else:
            walk.resume(standing)
        self.last = walk
        self._outside.preparing = False
        self.go_on(walk)
        return walk.results

    def go_on(self, walk: Walk) -> None:
        """Takes a walk to its end, or to where it pauses. The database is as the walk left it."""
        while not walk.finished and not walk.paused:
            walk.back()
            try:
                self.run(walk.go)
            except Expired:
                self._expired(walk)

    def _expired(self, walk: Walk) -> None:
        """Records a step whose time was over and that took env.py with it (its event loop)."""
        from mrt_dynamic.verify.standing import Stuck

        self.ground.clock.stop()
        self.listener.ended()
        running = self.ground.running
        assert running is not None, "no step was begun"
        failure = overran(running.what, self.ground.timeout)
        walk.give_up(Stuck(running.revision, running.what, walk.phase, failure))

    def _reached(self, planned: Plan) -> int:
        """Returns how many steps are taken already, by the walk before, and need no test.

        Where the walk before ended too far on, or filled the database in another way, it begins anew.
        """
        ground, usual = self.ground, Filling()
        if self.last is not None and not self.last.plan.begins_like(planned, ground.position):
            ground.forget()
            ground.clean, ground.filling = False, usual
            return 0
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

        return run(self.project, self.scratch, lambda driver: work(self.ground.found(driver)), self._outside)

    def plan(self, request: Request) -> Plan:
        """Returns the plan, every name in it resolved. Raises UsageError for an unknown revision."""
        resolve = self.project.resolve
        asked = [name for word in request.revisions for name in resolve(word)]
        since = resolve(request.since) if request.since else None
        skip, floor = left_out(self.settings, resolve)
        return plan(self._to_come(), asked, since, floor, skip)

    def _to_come(self) -> Sequence[Revision]:
        """Returns the revisions that are to be applied: the initial schema may have recorded some as done."""
        revisions = self.project.revisions
        if self.settings.initial_schema is None:
            return revisions
        done = set(self.run(lambda driver: driver.heads()))
        for revision in reversed(revisions):
            if revision.id in done:
                done.update(revision.parents)
        return [revision for revision in revisions if revision.id not in done]


def verify(settings: VerifySettings, request: Request) -> Verification:
    """Runs the migrations of an Alembic project on a scratch database and returns what came of each.

    Raises MrtError when the run itself is wrong. Whatever happens, the scratch database is gone afterwards.
    """
    began = time.monotonic()
    with Verifier(settings) as verifier:
        found = verifier.verify(request)
    return replace(found, duration=time.monotonic() - began)


def displayed(result: Verified, cwd: Path) -> Verified:
    """Returns the result with its file as the user sees it."""
    path = Path(result.file)
    shown = Path(os.path.relpath(path, cwd)) if cwd in path.parents else path
    return replace(result, file=shown.as_posix())
