"""Writes a generated chain of create_table revisions as a real Alembic project."""

from __future__ import annotations

from pathlib import Path

_INI = """\
[alembic]
script_location = %(here)s/migrations
path_separator = os
sqlalchemy.url = {url}
"""

_ENV = """\
from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config
target_metadata = None


def run_migrations_online() -> None:
    connectable = engine_from_config(
        config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool
    )
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()


run_migrations_online()
"""

_REVISION = '''\
"""Table {number}."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {parent!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "table_{number}",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("amount", sa.Numeric(10, 2), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("table_{number}")
'''

_CONFTEST = """\
from pytest_mrt import MRTConfig


def pytest_configure(config):
    config._mrt_config = MRTConfig(alembic_ini="alembic.ini", db_url={url!r})
"""

_TEST = """\
def test_all_reversible(mrt):
    mrt.assert_all_reversible()
"""


def write(root: Path, count: int, url: str) -> None:
    """Writes a chain of `count` revisions below `root`, and a test of it for pytest-mrt on `url`."""
    versions = root / "migrations" / "versions"
    versions.mkdir(parents=True)
    (root / "alembic.ini").write_text(_INI.format(url=url), encoding="utf-8")
    (root / "migrations" / "env.py").write_text(_ENV, encoding="utf-8")
    parent = None
    for number in range(count):
        revision = f"{number:012x}"
        text = _REVISION.format(number=number, revision=revision, parent=parent)
        (versions / f"{revision}_table.py").write_text(text, encoding="utf-8")
        parent = revision
    (root / "conftest.py").write_text(_CONFTEST.format(url=url), encoding="utf-8")
    (root / "test_rollback.py").write_text(_TEST, encoding="utf-8")
