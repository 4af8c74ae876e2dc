"""A project of two migrations, and the command run in it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mrt_lint.cli import main

Run = Callable[..., "subprocess.CompletedProcess[str]"]

FIRST = """
revision = "a1"
down_revision = None

from alembic import op
import sqlalchemy as sa


def upgrade():
    op.create_table(
        "users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("phone", sa.String(20))
    )


def downgrade():
    op.drop_table("users")
"""
DROP = """
revision = "b2"
down_revision = "a1"

from alembic import op
import sqlalchemy as sa


def upgrade():
    op.drop_column("users", "phone")


def downgrade():
    op.add_column("users", sa.Column("phone", sa.String(20)))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Returns a folder with an Alembic project of two migrations; the second drops a column."""
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    (tmp_path / "alembic.ini").write_text(
        "[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = postgresql://localhost/x\n"
    )
    (versions / "a1_first.py").write_text(FIRST)
    (versions / "b2_drop.py").write_text(DROP)
    return tmp_path


@pytest.fixture
def longer(project: Path) -> Path:
    """Returns the project with two more migrations, each of which drops a table: a1 - b2 - c3 - d4."""
    versions = project / "migrations" / "versions"
    for name, parent, table in (("c3c3", "b2", "orders"), ("d4d4", "c3c3", "items")):
        (versions / f"{name}_drop.py").write_text(drop_table(name, parent, table))
    return project


def drop_table(name: str, parent: str, table: str) -> str:
    return (
        f'revision = "{name}"\ndown_revision = "{parent}"\n\nfrom alembic import op\n\n\n'
        f'def upgrade():\n    op.drop_table("{table}")\n\n\ndef downgrade():\n    op.execute("SELECT 1")\n'
    )


@pytest.fixture
def mrt_lint(tmp_path: Path) -> Run:
    """Returns a function that runs the command in a folder (default: an empty one)."""

    def run(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        inherited = {key: value for key, value in os.environ.items() if key not in ("MRT_DEBUG", "COLUMNS")}
        return subprocess.run(
            [sys.executable, "-m", "mrt_lint", *arguments],
            cwd=cwd or tmp_path,
            env={**inherited, **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Returns a function like `mrt_lint` that does not start a process: for the long tables."""

    def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        monkeypatch.chdir(cwd or tmp_path)
        monkeypatch.delenv("MRT_DEBUG", raising=False)
        code = main(arguments)
        out, errors = capfd.readouterr()
        return subprocess.CompletedProcess(arguments, code, out, errors)

    return run
