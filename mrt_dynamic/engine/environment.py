"""One run of env.py: what it calls, and what it raises."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from alembic.runtime.environment import EnvironmentContext
from alembic.util import CommandError
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from mrt_dynamic.engine.failures import one_line
from mrt_dynamic.engine.history import open_scripts
from mrt_dynamic.engine.limit import Limit, did_not_end
from mrt_dynamic.engine.process import (
    Output,
    interrupt_handler,
    interruptible,
    is_below,
    logging_restored,
    started_in,
)
from mrt_dynamic.errors import LateError, ProjectError
from mrt_dynamic.guard.context import require_scratch
from mrt_dynamic.guard.environment import redirected
from mrt_dynamic.guard.statements import guarded
from mrt_lint.errors import MrtError

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    from mrt_dynamic.engine.project import AlembicProject
    from mrt_dynamic.scratch.base import Scratch

_LOGGING = (("loggers",), ("handlers",), ("formatters",))
"""What a KeyError holds when a configuration file without these sections is read for logging."""

_IMPORT = "the import of the revisions"

Visit = Callable[["MigrationContext", Mapping[str, Any]], None]
"""What is done inside: with the context that env.py configured, and what it gives to every migration."""


class Visits:
    """Runs env.py, and visits the first of the contexts in which it runs migrations.

    When env.py fails after the visit, that is not what is tested: the project gets a note.
    """

    def __init__(self, project: AlembicProject, scratch: Scratch, output: Output, limit: Limit) -> None:
        self._project = project
        self._scratch = scratch
        self._output = output
        self._limit = limit

    def run(self, visit: Visit, anew: bool = False) -> int:
        """Returns how often env.py ran migrations.

        `anew`: the project takes its revisions anew afterwards. Raises what the visit raises; RefusedError
        when env.py works on another database; ProjectError when it fails before the visit, LateError when
        its time is over before.
        """
        project, limit = self._project, self._limit
        begun = _Begun(self._scratch, visit, self._output, limit)
        with self._guest(), self._output.kept():
            script = open_scripts(project.config) if anew else project.script
            error = begun.run(project, script)
            if begun.calls and not begun.held and anew:
                wrong = limit.within(_IMPORT, lambda: project.renew(script))
                if limit.over:
                    raise self._late(_IMPORT, wrong, project.folder)
                if wrong is not None:
                    raise wrong
        if begun.held:
            raise begun.held[0]
        if begun.late and not begun.calls:
            raise self._late(str(project.env), error, project.env)
        if begun.late:
            project.note(f"env.py did not end within {limit.seconds:g} seconds after the migrations")
        elif error is not None and begun.calls:
            project.note(f"env.py raises after the migrations: {self._story(error)}")
        elif error is not None and not project.in_worker and _calls_back(error):
            project.in_worker = True
            return self.run(visit, anew)
        elif error is not None:
            raise self._failed(error) from error
        return begun.calls

    @contextmanager
    def _guest(self) -> Iterator[None]:
        """Lets the project's code run in this process, on the scratch database only, without a trace."""
        project = self._project
        with (
            logging_restored(),
            project.imports.present(),
            started_in(project.folder),
            guarded(self._scratch),
            redirected(self._scratch, os.environ),
            _pools_emptied(),
        ):
            project.urls.point(project.config, self._scratch.url)
            yield

    def _late(self, what: str, error: BaseException | None, place: Path) -> LateError:
        """Returns the error of what did not end in time. `place`: the file or folder in which the line is."""
        frames = traceback.extract_tb(error.__traceback__) if error is not None else ()
        inside = [frame for frame in frames if is_below(Path(frame.filename), place)]
        where = f"{inside[-1].filename}:{inside[-1].lineno}" if inside else what
        return LateError(did_not_end(where, self._limit.seconds))

    def _failed(self, error: BaseException) -> MrtError:
        """Returns the error of an env.py that ran no migrations."""
        for each in chain(error):
            if isinstance(each, MrtError):
                return each
        return ProjectError(self._story(error))

    def _story(self, error: BaseException) -> str:
        if isinstance(error, CommandError):
            return f"{self._project.env}: {one_line(error, name=False)}"
        text = one_line(error)
        if isinstance(error, SystemExit) and not isinstance(error.code, str):
            text = f"it exits with {error.code!r}" + (f": {last}" if (last := self._output.last_line) else "")
        if isinstance(error, KeyError) and error.args[:1] in _LOGGING:
            file = Path(self._project.config.config_file_name or "").name
            text = f"{file} has no section [{error.args[0]}] for logging; `alembic init` writes them"
        lines = [
            frame.lineno
            for frame in traceback.extract_tb(error.__traceback__)
            if Path(frame.filename) == self._project.env
        ]
        place = f"{self._project.env}:{lines[-1]}" if lines else str(self._project.env)
        return f"{place}: {text}"


class _Begun:
    """One run of env.py. `calls`: how often it ran migrations; `held`: what the visit raised.

    `late`: it did not end in time, before the visit or after it.
    """

    def __init__(self, scratch: Scratch, visit: Visit, output: Output, limit: Limit) -> None:
        self._scratch = scratch
        self._visit = visit
        self._output = output
        self._limit = limit
        self._answers = interrupt_handler()
        self._given: dict[str, Any] = {}
        self.calls = 0
        self.held: list[BaseException] = []
        self.late = False

    def run(self, project: AlembicProject, script: ScriptDirectory) -> BaseException | None:
        """Runs env.py, and returns what it raised besides an interrupt by someone else than its limit."""
        # dont_mutate: without it Alembic makes its version table before `_work` can look where it is.
        environment = EnvironmentContext(
            project.config, script, fn=self._work, dont_mutate=True, destination_rev="heads"
        )

        def run_migrations(**kw: Any) -> None:
            self._given = kw
            EnvironmentContext.run_migrations(environment, **kw)

        # Not by a subclass: Alembic knows the proxies of `alembic.context` by the class itself.
        vars(environment)["run_migrations"] = run_migrations
        found: list[BaseException | None] = []

        def start() -> None:
            # In the thread that is to be interrupted.
            found.append(self._limit.within(str(project.env), script.run_env))

        try:
            with environment:
                if project.in_worker:
                    _run_in_worker(start)
                else:
                    start()
        except (Exception, SystemExit) as error:  # noqa: BLE001 -- what it means depends on when it came
            return error
        finally:
            self.late |= self._limit.over
        return found[0]

    def _work(self, heads: Any, context: MigrationContext) -> Iterable[Any]:
        """Is what Alembic asks for the migrations to run: none, the visit runs them."""
        self._limit.end()
        self.late |= self._limit.over
        try:
            if not self.late:  # else it took the cancellation for a failure that it may pass over
                self._once(context)
        finally:
            self._limit.begin("the rest of env.py", inside=False)
        return ()

    def _once(self, context: MigrationContext) -> None:
        """Visits the first context."""
        self.calls += 1
        if self.calls > 1:
            return
        try:
            assert context.connection is not None
            require_scratch(context.connection, self._scratch)
            with self._output.shown(), interruptible(self._answers):
                self._visit(context, self._given)
        except Exception as error:  # noqa: BLE001 -- raised again when env.py has tidied up
            self.held.append(error)
        except BaseException as error:
            self.held.append(error)
            raise


def _run_in_worker(function: Callable[[], None]) -> None:
    """Runs a function in a worker thread of AnyIO, which the project itself brings."""
    import_module("anyio").run(import_module("anyio.to_thread").run_sync, function)


def _calls_back(error: BaseException) -> bool:
    """Returns whether env.py failed for calling back into an event loop that is not there."""
    frames = traceback.walk_tb(error.__traceback__)
    return any(frame.f_globals.get("__name__") == "anyio.from_thread" for frame, _ in frames)


@contextmanager
def _pools_emptied() -> Iterator[None]:
    """Closes what the engines that are used meanwhile keep in their pools.

    An env.py with a pool of its own would leave one connection more open with every run.
    """
    engines: WeakSet[Engine] = WeakSet()

    def note(connection: Connection) -> None:
        engines.add(connection.engine)

    event.listen(Engine, "engine_connect", note)
    try:
        yield
    finally:
        event.remove(Engine, "engine_connect", note)
        for engine in list(engines):
            # An asynchronous one can be closed in its own event loop only.
            engine.dispose(close=not engine.dialect.is_async)


def chain(error: BaseException) -> Iterable[BaseException]:
    """Yields an error and what it was raised from or while handling, each once."""
    seen: list[BaseException] = []
    todo: list[BaseException | None] = [error]
    while todo:
        each = todo.pop(0)
        if each is not None and each not in seen:
            seen.append(each)
            yield each
            todo += [each.__cause__, each.__context__]
