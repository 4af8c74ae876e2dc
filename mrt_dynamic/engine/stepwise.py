"""The driver for an env.py that runs migrations more than once: one run of it for every step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mrt_dynamic.engine.base import Driver
from mrt_dynamic.engine.steps import Steps
from mrt_dynamic.errors import ProjectError

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy.engine import Connection

    from mrt_dynamic.engine.environment import Visits
    from mrt_dynamic.engine.process import Output
    from mrt_dynamic.engine.project import AlembicProject


class StepwiseDriver(Driver):
    """Runs env.py for each step, and takes the step where env.py runs migrations the first time.

    What env.py does between its runs of migrations is so done between the steps, too. `connection` is
    one of our own; a transaction left open on it is committed before a step.
    """

    def __init__(
        self, project: AlembicProject, visits: Visits, output: Output, connection: Connection
    ) -> None:
        self._project = project
        self._visits = visits
        self._output = output
        self._connection = connection

    @property
    def connection(self) -> Connection:
        """Returns our own connection to the scratch database."""
        return self._connection

    def upgrade(self, revision: str) -> None:
        """Runs one revision's upgrade and records it. Raises StepError, ProjectError."""
        self._within(lambda steps: steps.run(revision, True))

    def downgrade(self, revision: str) -> None:
        """Runs one revision's downgrade and records it. Raises StepError, ProjectError."""
        self._within(lambda steps: steps.run(revision, False))

    def heads(self) -> tuple[str, ...]:
        """Returns what the version table holds, sorted."""
        found: list[tuple[str, ...]] = []
        self._within(lambda steps: found.append(steps.heads()))
        return found[0]

    def _within(self, action: Any) -> None:
        self._connection.commit()

        def visit(context: MigrationContext, arguments: Mapping[str, Any]) -> None:
            action(Steps(self._project, context, arguments, self._output))

        if not self._visits.run(visit):
            raise ProjectError(f"{self._project.env} ran no migrations this time")
