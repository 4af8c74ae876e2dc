"""What an engine's URL tells of the database that it leads to."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import migration
from mrt_lint.schema.dialects import Dialect
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY

TABLE = 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))'
MYSQL = {
    'str(bind.engine.url).startswith("mysql")',
    'bind.engine.url.drivername.startswith("mysql")',
    'str(bind.engine.url).startswith(("mysql", "sqlite"))',
    '"mysql" in str(bind.engine.url)',
    'bind.engine.url.get_backend_name() == "mysql"',
    'bind.engine.url.get_dialect().name == "mysql"',
    '"mysql" in bind.dialect.dialect_description',
    'sa.inspect(bind).dialect.dialect_description.startswith("mysql")',
}
OTHERS = {
    'str(bind.engine.url).startswith("mysql+pymysql")',
    'str(bind.engine.url).startswith("mariadb")',
    "str(bind.engine.url).startswith(prefix_of_ours())",
    'bind.engine.url.host == "localhost"',
    '"production" in str(bind.engine.url)',
    '"pymysql" in bind.dialect.dialect_description',
}


def _verdict(condition: str, database: Dialect) -> str:
    upgrade = f'bind = op.get_bind()\nif {condition}:\n    op.add_column("t", sa.Column("x", sa.Integer))'
    example = migration(upgrade, "pass", given=TABLE, database=database)
    return run(example, REGISTRY).migrations[-1].verdict.value


@pytest.mark.parametrize("condition", sorted(MYSQL))
def test_a_url_begins_with_the_name_of_its_database(condition: str) -> None:
    assert _verdict(condition, "mysql") == "broken"
    assert _verdict(condition, "postgresql") == "reversible"


@pytest.mark.parametrize("condition", sorted(OTHERS))
def test_what_else_a_url_says_is_not_known(condition: str) -> None:
    assert _verdict(condition, "mysql") != "reversible"
    assert _verdict(condition, "postgresql") != "reversible"


@pytest.mark.parametrize("name", ["dialect", "base.PGDialect"])
def test_a_dialect_is_of_the_class_of_its_database(name: str) -> None:
    head = "from sqlalchemy.dialects import postgresql\n"
    upgrade = (
        f"{head}if isinstance(op.get_bind().dialect, postgresql.{name}):\n"
        '    op.add_column("t", sa.Column("x", sa.Integer))'
    )
    for database, verdict in (("postgresql", "broken"), ("mysql", "reversible")):
        example = migration(upgrade, "pass", given=TABLE, database=database)  # type: ignore[arg-type]
        assert run(example, REGISTRY).migrations[-1].verdict.value == verdict
