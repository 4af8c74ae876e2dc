"""What a type that a downgrade leaves does to the next run of the upgrade, on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.dialects.postgresql import ENUM
from sqlalchemy.engine import Engine
from sqlalchemy.exc import ProgrammingError

from tests.backends import need, scratch

Maker = Callable[[Operations, Sequence[str]], object]
NAME = "crate_state"


def _with_table(op: Operations, kind: sa.Enum) -> None:
    op.create_table("crates", sa.Column("state", kind))


MAKERS: dict[str, Maker] = {
    "sa.Enum in create_table": lambda op, values: _with_table(op, sa.Enum(*values, name=NAME)),
    "postgresql.ENUM in create_table": lambda op, values: _with_table(op, ENUM(*values, name=NAME)),
    "create() of sa.Enum": lambda op, values: sa.Enum(*values, name=NAME).create(op.get_bind()),
    "create() of postgresql.ENUM": lambda op, values: ENUM(*values, name=NAME).create(op.get_bind()),
    "create() that asks first": lambda op, values: sa.Enum(*values, name=NAME).create(op.get_bind(), True),
}
FAILING = list(MAKERS)[:3]


def _run(engine: Engine, upgrade: str, *values: str) -> None:
    """Runs one upgrade of a table or type as a run of Alembic of its own, and drops the table again."""
    with engine.begin() as connection:
        MAKERS[upgrade](Operations(MigrationContext.configure(connection)), values)
        connection.execute(sa.text("DROP TABLE IF EXISTS crates"))


@pytest.mark.parametrize("upgrade", MAKERS)
def test_the_next_upgrade_meets_the_type(upgrade: str, tmp_path: Path) -> None:
    need("postgresql")
    with scratch("postgresql", tmp_path) as engine:
        _run(engine, upgrade, "new")
        if upgrade in FAILING:
            with pytest.raises(ProgrammingError, match="already exists"):
                _run(engine, upgrade, "new", "lost")
        else:
            _run(engine, upgrade, "new", "lost")
        with engine.connect() as connection:
            labels = connection.execute(sa.text("SELECT enumlabel FROM pg_enum")).scalars().all()
        assert labels == ["new"]
