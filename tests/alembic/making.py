"""Small helpers of these tests: a migration's text to operations, without a project on disk."""

from __future__ import annotations

import textwrap
from pathlib import Path

from mrt_lint.lowered import Lowered
from mrt_lint.ops import Operation
from mrt_lint.ops.control import Probe
from mrt_lint.project import Project
from mrt_lint.schema.dialects import Dialect
from mrt_lint.source.source import Source
from mrt_rules_alembic.frontend import AlembicFrontend
from mrt_rules_alembic.meanings import meanings

HEADER = """\
import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import mysql, postgresql, sqlite

revision = "r1"
down_revision = None

"""


def migration(upgrade: str, *, downgrade: str = "pass", before: str = "") -> str:
    """Returns a whole migration file around these bodies."""
    text = textwrap.dedent(before)
    for name, body in (("upgrade", upgrade), ("downgrade", downgrade)):
        text += f"\n\ndef {name}():\n" + textwrap.indent(textwrap.dedent(body).strip(), "    ") + "\n"
    return HEADER + text


def lower_file(
    text: str,
    *,
    dialects: tuple[Dialect, ...] = ("postgresql",),
    project: Project | None = None,
    name: str = "0001_test.py",
) -> Lowered:
    """Returns a file's text as the frontend lowers it."""
    found = project or Project("alembic", Path("/nowhere"))
    source = Source(Path("/nowhere/versions") / name, text.encode())
    return AlembicFrontend().lower(source, found, dialects=dialects, meanings=meanings())


def lower(
    upgrade: str,
    *,
    before: str = "",
    dialects: tuple[Dialect, ...] = ("postgresql",),
    convention: dict[str, str] | None = None,
) -> tuple[Operation, ...]:
    """Returns the operations of an upgrade's body, without the probes of inspectors."""
    project = Project(
        "alembic", Path("/nowhere"), naming_convention=tuple(sorted((convention or {}).items()))
    )
    lowered = lower_file(migration(upgrade, before=before), dialects=dialects, project=project)
    assert lowered.problem is None, lowered.problem
    assert lowered.migration is not None
    return tuple(op for op in lowered.migration.upgrade or () if not isinstance(op, Probe))
