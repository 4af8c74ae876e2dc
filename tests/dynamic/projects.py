"""Writes small real Alembic projects, with any env.py, and scratch databases to run them on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from textwrap import dedent, indent

import pytest
from alembic import command
from alembic.config import Config

from mrt_dynamic.scratch.base import Scratch
from mrt_dynamic.scratch.mysql import MySQLScratch
from mrt_dynamic.scratch.postgresql import PostgresScratch
from mrt_dynamic.scratch.sqlite import SQLiteScratch
from mrt_dynamic.scratch.urls import parse
from tests.backends import need, server_url

INI = """\
[alembic]
script_location = %(here)s/migrations
path_separator = os
version_path_separator = os
prepend_sys_path = .
sqlalchemy.url = driver://user:pass@localhost/dbname
"""

HEAD = """\
from alembic import context
from sqlalchemy import engine_from_config, pool, text
config = context.config
engine = engine_from_config(config.get_section(config.config_ini_section), prefix="sqlalchemy.")
"""

ENV = HEAD + (
    """\
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
)
"""What `alembic init` writes, without what does not matter here."""


@dataclass(frozen=True)
class Migration:
    """One revision. `parent`: its down_revision; `down` None leaves the function out. `folder`: its place."""

    id: str
    parent: str | tuple[str, ...] | None = None
    up: str = "pass"
    down: str | None = "pass"
    module: str = ""
    depends_on: str | tuple[str, ...] | None = None
    labels: tuple[str, ...] = ()
    folder: str = "migrations/versions"
    arguments: str = ""

    @property
    def text(self) -> str:
        """Returns the file."""
        head = f'"""title of {self.id}"""\nimport sqlalchemy as sa\nfrom alembic import op\n{dedent(self.module)}\n'
        head += f"revision = {self.id!r}\ndown_revision = {self.parent!r}\n"
        head += f"branch_labels = {self.labels or None!r}\ndepends_on = {self.depends_on!r}\n\n"
        for name, body in (("upgrade", self.up), ("downgrade", self.down)):
            if body is not None:
                head += f"def {name}({self.arguments}):\n{indent(dedent(body).strip(chr(10)), '    ')}\n\n"
        return head


def table(name: str, parent: str | tuple[str, ...] | None = None, **more: object) -> Migration:
    """Returns a revision that makes a table of its own name."""
    up = f'op.create_table("t_{name}", sa.Column("id", sa.Integer, primary_key=True))'
    return Migration(name, parent, up, f'op.drop_table("t_{name}")', **more)  # type: ignore[arg-type]


def write(
    folder: Path,
    migrations: Sequence[Migration],
    env: str = ENV,
    ini: str = INI,
    files: Mapping[str, str] | None = None,
) -> Path:
    """Writes a project and returns its alembic.ini. `files`: others, by path."""
    (folder / "migrations/versions").mkdir(parents=True)
    (folder / "migrations/env.py").write_text(dedent(env))
    (folder / "alembic.ini").write_text(dedent(ini))
    _write_revisions(folder, migrations)
    for name, text in (files or {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(dedent(text))
    return folder / "alembic.ini"


def init(folder: Path, template: str, migrations: Sequence[Migration]) -> Path:
    """Writes what `alembic init --template` writes, with revisions; returns alembic.ini."""
    if template.startswith("pyproject") and "toml_file" not in signature(Config).parameters:
        pytest.skip("[tool.alembic] came with Alembic 1.16")
    folder.mkdir(parents=True, exist_ok=True)
    options = {"toml_file": str(folder / "pyproject.toml")} if template.startswith("pyproject") else {}
    config = Config(str(folder / "alembic.ini"), **options)  # type: ignore[arg-type]
    command.init(config, str(folder / "migrations"), template=template)
    _write_revisions(folder, migrations)
    return folder / "alembic.ini"


def _write_revisions(folder: Path, migrations: Sequence[Migration]) -> None:
    for migration in migrations:
        place = folder / migration.folder
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{migration.id}_it.py").write_text(migration.text)


@contextmanager
def scratch_on(database: str, folder: Path) -> Iterator[Scratch]:
    """Yields a scratch database; skips the test when the server is missing."""
    need(database)
    with _made(database, folder) as scratch:
        yield scratch


def _made(database: str, folder: Path) -> Scratch:
    if database == "sqlite":
        return SQLiteScratch(parse("sqlite:///named.db"), folder)
    url = parse(server_url(database).render_as_string(hide_password=False))
    return PostgresScratch(url) if database == "postgresql" else MySQLScratch(url)
