"""Writes a case as a real Alembic project: alembic.ini, an env.py that connects by itself, revisions."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

from tests.dynamic.catalogue.case import Case, Rev

_INI = """\
[alembic]
script_location = %(here)s
path_separator = os
prepend_sys_path = %(here)s
sqlalchemy.url = {url}
"""

_ENV = '''\
"""Runs the migrations on the database that alembic.ini names."""

import sqlalchemy as sa
from alembic import context

target_metadata = sa.MetaData({convention})

engine = sa.create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=sa.pool.NullPool)
{prepare}
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=target_metadata{options})
    with context.begin_transaction():
        context.run_migrations()
'''

_REVISION = '''\
"""{title}"""

from alembic import op
import sqlalchemy as sa
{module}
revision = {revision!r}
down_revision = {parents!r}
depends_on = {depends!r}
branch_labels = {labels!r}
'''


def write_project(case: Case, folder: Path, url: str) -> Path:
    """Writes the case to `folder`, which is made, and returns the path of its alembic.ini."""
    versions = folder / "versions"
    versions.mkdir(parents=True)
    ini = folder / "alembic.ini"
    ini.write_text(_INI.format(url=url.replace("%", "%%")), encoding="utf-8")
    (folder / "env.py").write_text(_env(case), encoding="utf-8")
    before: tuple[str, ...] = ()
    for rev in case.history:
        text = revision_text(rev, before if rev.parents is None else rev.parents)
        (versions / f"{rev.id}.py").write_text(text, encoding="utf-8")
        before = (rev.id,)
    return ini


def revision_text(rev: Rev, parents: tuple[str, ...]) -> str:
    """Returns the file of one revision."""
    text = _REVISION.format(
        title=rev.id,
        revision=rev.id,
        parents=None if not parents else parents[0] if len(parents) == 1 else parents,
        depends=rev.depends or None,
        labels=rev.labels or None,
        module=_block(rev.module),
    )
    text += f"\n\ndef upgrade():\n{_body(rev.upgrade)}"
    if rev.downgrade is not None:
        text += f"\n\ndef downgrade():\n{_body(rev.downgrade)}"
    return text


def _env(case: Case) -> str:
    options = case.options
    if case.version_table != "alembic_version":
        options += f", version_table={case.version_table!r}"
    return _ENV.format(
        convention=f"naming_convention={dict(case.naming)!r}" if case.naming else "",
        prepare=_block(case.prepare),
        options=f", {options.lstrip(', ')}" if options else "",
    )


def _block(code: str) -> str:
    return dedent(code).strip("\n") + "\n" if code.strip() else ""


def _body(code: str) -> str:
    return indent(_block(code) or "pass\n", "    ")
