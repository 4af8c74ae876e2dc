"""Runs a function inside one run of env.py, with a driver that steps single revisions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from mrt_dynamic.engine.base import Driver
from mrt_dynamic.engine.environment import Visits
from mrt_dynamic.engine.limit import Limit
from mrt_dynamic.engine.process import Output, outside_of_event_loops
from mrt_dynamic.engine.project import AlembicProject, Survey
from mrt_dynamic.engine.steps import Steps
from mrt_dynamic.engine.stepwise import StepwiseDriver
from mrt_dynamic.errors import ProjectError
from mrt_lint.schema.names import Name

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy.engine import Connection

    from mrt_dynamic.scratch.base import Scratch

T = TypeVar("T")


class AlembicDriver(Driver):
    """Steps revisions on the migration context of the one run of env.py.

    `connection` is one of our own, not the one that migrations run on: that one may be asynchronous,
    in autocommit mode or inside a transaction of env.py. A transaction left open on it is committed
    before a step, which could otherwise wait for it for ever.
    """

    def __init__(self, steps: Steps, connection: Connection) -> None:
        self._steps = steps
        self._connection = connection

    @property
    def connection(self) -> Connection:
        """Returns our own connection to the scratch database."""
        return self._connection

    @property
    def working(self) -> Connection:
        """Returns env.py's connection."""
        return self._steps.connection

    @property
    def options(self) -> Mapping[str, Any]:
        """Returns what env.py told `context.configure`."""
        return self._steps.options

    def upgrade(self, revision: str) -> None:
        """Runs one revision's upgrade and records it. Raises StepError."""
        self._connection.commit()
        self._steps.run(revision, True)

    def downgrade(self, revision: str) -> None:
        """Runs one revision's downgrade and records it. Raises StepError."""
        self._connection.commit()
        self._steps.run(revision, False)

    def heads(self) -> tuple[str, ...]:
        """Returns what the version table holds, sorted."""
        return self._steps.heads()


def run(
    project: AlembicProject, scratch: Scratch, work: Callable[[Driver], T], limit: Limit | None = None
) -> T:
    """Returns what `work` returns, called from inside a run of the project's env.py.

    May be called again and again: revision files and the project's modules are imported once, env.py
    is executed each time. When env.py runs the migrations more than once (several databases, a schema
    for each tenant), only its first time is verified, with one run of env.py for each step.
    `limit`: of env.py itself. Raises what `work` raises; RefusedError when env.py works on another database;
    ProjectError.
    """
    return outside_of_event_loops(lambda: _run(project, scratch, work, limit or Limit()))


def _run(project: AlembicProject, scratch: Scratch, work: Callable[[Driver], T], limit: Limit) -> T:
    output = Output()
    visits = Visits(project, scratch, output, limit)
    if _survey(project, visits).calls > 1:
        with _connected(scratch) as connection:
            return work(StepwiseDriver(project, visits, output, connection))
    results: list[T] = []

    def visit(context: MigrationContext, arguments: Mapping[str, Any]) -> None:
        steps = Steps(project, context, arguments, output)
        with _connected(scratch) as connection:
            results.append(work(AlembicDriver(steps, connection)))

    if not visits.run(visit):
        raise ProjectError(f"{project.env} ran no migrations this time")
    return results[0]


def survey(project: AlembicProject, scratch: Scratch, limit: Limit | None = None) -> Survey:
    """Returns how env.py runs migrations, found out once by running it without any.

    `limit`: of env.py. Raises RefusedError when it works on another database than the scratch database;
    ProjectError.
    """
    visits = Visits(project, scratch, Output(), limit or Limit())
    return outside_of_event_loops(lambda: _survey(project, visits))


def _survey(project: AlembicProject, visits: Visits) -> Survey:
    if project.survey is not None:
        return project.survey
    tables: list[Name] = []
    calls = visits.run(
        lambda context, arguments: tables.append(_version_table(context)),
        anew=True,
    )
    if not calls:
        raise ProjectError(f"{project.env} runs no migrations: it never calls context.run_migrations()")
    if calls > 1:
        project.note(
            f"env.py runs the migrations {calls} times (several databases or schemas):"
            " only the first time is verified, and env.py is run for each step, which is slower"
        )
    project.survey = Survey(calls, tables[0])
    return project.survey


def _version_table(context: MigrationContext) -> Name:
    """Returns where the context keeps its revisions; env.py may have put another schema first."""
    schema = context.version_table_schema
    connection = context.connection
    if schema is None and connection is not None and context.dialect.name == "postgresql":
        schema = connection.exec_driver_sql("SELECT current_schema()").scalar()
        schema = None if schema == "public" else schema
    return Name(context.version_table, schema)


@contextmanager
def _connected(scratch: Scratch) -> Iterator[Connection]:
    with scratch.own.connect() as connection:
        yield connection
