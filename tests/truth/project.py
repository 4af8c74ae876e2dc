"""Writes a case as a real Alembic project: alembic.ini, env.py and two revisions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent, indent

from tests.truth.case import Case

GIVEN, CASE = "0001_given", "0002_case"

_INI = """\
[alembic]
script_location = %(here)s
path_separator = os
prepend_sys_path = %(here)s
"""

_ENV = '''\
"""Runs the migrations on the connection that the caller opened."""

import sqlalchemy as sa
from alembic import context

target_metadata = sa.MetaData({convention})

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=target_metadata)
with context.begin_transaction():
    context.run_migrations()
'''

_REVISION = '''\
"""{title}"""

from alembic import op
import sqlalchemy as sa
{module}
revision = "{revision}"
down_revision = {parent!r}
'''


def revision_text(
    title: str,
    revision: str,
    parent: str | None,
    upgrade: str,
    downgrade: str | None,
    module: str = "",
) -> str:
    """Returns one revision file; `downgrade` None leaves the function out."""
    text = _REVISION.format(title=title, revision=revision, parent=parent, module=_block(module))
    text += f"\n\ndef upgrade():\n{_body(upgrade)}"
    if downgrade is not None:
        text += f"\n\ndef downgrade():\n{_body(downgrade)}"
    return text


def write_project(case: Case, folder: Path) -> Path:
    """Writes the case below `folder` and returns the path of its alembic.ini."""
    versions = folder / "versions"
    versions.mkdir(parents=True)
    ini = folder / "alembic.ini"
    ini.write_text(_INI)
    (folder / "env.py").write_text(env_text(case.naming))
    for name, text in case.helpers.items():
        (folder / name).write_text(dedent(text))
    parent = None
    for number, body in enumerate(case.earlier):
        revision = f"0000_{number}"
        text = revision_text("earlier", revision, parent, body, "pass")
        (versions / f"{revision}.py").write_text(text)
        parent = revision
    given = revision_text("given", GIVEN, parent, case.given, "pass")
    (versions / f"{GIVEN}.py").write_text(given)
    text = revision_text(case.name, CASE, GIVEN, case.upgrade, case.downgrade, case.module)
    (versions / f"{CASE}.py").write_text(text)
    return ini


def env_text(naming: Mapping[str, str]) -> str:
    """Returns an env.py that uses the caller's connection, with a naming convention unless it is empty."""
    return _ENV.format(convention=f"naming_convention={dict(naming)!r}" if naming else "")


def _block(code: str) -> str:
    return dedent(code).strip("\n") + "\n" if code.strip() else ""


def _body(code: str) -> str:
    return indent(_block(code) or "pass\n", "    ")
