"""The way between two places of a history, as Alembic's own commands take it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mrt_lint.errors import UsageError

if TYPE_CHECKING:
    from mrt_dynamic.engine.project import AlembicProject


def way(project: AlembicProject, heads: Sequence[str], destination: str, up: bool) -> tuple[str, ...]:
    """Returns the revisions to step, in order, from where the database stands to a destination.

    `heads`: what the version table holds. `destination`: as `alembic upgrade` or `alembic downgrade`
    takes it, relative ones (`+1`, `-2`) too. Raises UsageError when there is no such place.
    """
    from alembic.util import CommandError

    script = project.script
    find: Any = script._upgrade_revs if up else script._downgrade_revs
    try:
        steps = find(destination, heads)
    except CommandError as error:
        raise UsageError(f"{destination!r}: {error}") from error
    return tuple(step.revision.revision for step in steps)
