"""A trigger is set off by the events that it names, and by no other write."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import migration
from mrt_lint.schema.dialects import Dialect
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY

PLANTS = """
op.create_table("plants", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(9)))
op.create_table("beds", sa.Column("id", sa.Integer, primary_key=True))
"""
BODY = {
    "postgresql": "FOR EACH ROW EXECUTE FUNCTION note()",
    "mysql": "FOR EACH ROW DELETE FROM beds",
    "sqlite": "BEGIN DELETE FROM beds; END",
}
FUNCTION = (
    "CREATE FUNCTION note() RETURNS trigger AS 'begin delete from beds; return new; end' LANGUAGE plpgsql"
)
UPDATE = "UPDATE plants SET name = 'x'"
DELETE = "DELETE FROM plants WHERE name = 'x'"
INSERT = "INSERT INTO plants (id) VALUES (5)"


def fires(when: str, write: str, database: Dialect, table: str = "", kind: str = "") -> bool:
    """Returns whether the write is told to set off the trigger."""
    made = f'op.execute("{FUNCTION}")\n' if database == "postgresql" else ""
    trigger = f'op.execute("CREATE TRIGGER told {when} ON plants {BODY[database]}")'
    given = f"{table or PLANTS}\n{made}{trigger}"
    example = migration(f'op.execute("{write}")', "pass", given=given, database=database)
    report = run(example, REGISTRY)
    return any("which is not followed" in one.message and "told" in one.message for one in report.findings)


@pytest.mark.parametrize("database", ["postgresql", "mysql", "sqlite"])
@pytest.mark.parametrize(
    ("when", "write", "does"),
    [
        ("AFTER INSERT", UPDATE, False),
        ("BEFORE DELETE", UPDATE, False),
        ("BEFORE UPDATE", UPDATE, True),
        ("AFTER INSERT", DELETE, False),
        ("AFTER DELETE", DELETE, True),
        ("AFTER UPDATE", INSERT, False),
        ("AFTER INSERT", INSERT, True),
    ],
)
def test_an_event(when: str, write: str, does: bool, database: Dialect) -> None:
    assert fires(when, write, database) == does


def test_several_events_and_columns() -> None:
    assert fires("AFTER INSERT OR UPDATE", UPDATE, "postgresql")
    assert fires("AFTER UPDATE OF name OR DELETE", DELETE, "postgresql")
    assert not fires("AFTER INSERT OR DELETE", UPDATE, "postgresql")


def test_an_insert_that_may_replace_does_anything() -> None:
    write = "REPLACE INTO plants (id) VALUES (5)"
    assert fires("AFTER DELETE", write, "mysql")
    assert fires("AFTER DELETE", write, "sqlite")
    upsert = "INSERT INTO plants (id) VALUES (5) ON CONFLICT (id) DO UPDATE SET name = 'y'"
    assert fires("AFTER UPDATE", upsert, "postgresql")


@pytest.mark.parametrize(
    "table",
    [
        """
op.execute("CREATE TABLE plants (id INT, name VARCHAR(9)) PARTITION BY LIST (name)")
op.create_table("beds", sa.Column("id", sa.Integer, primary_key=True))
""",
        PLANTS.replace(
            'sa.Column("name", sa.String(9)))',
            'sa.Column("name", sa.String(9)), postgresql_partition_by="LIST (id)")',
        ),
        'op.create_table("beds", sa.Column("id", sa.Integer, primary_key=True))',
    ],
)
def test_an_update_that_may_move_rows_between_partitions(table: str) -> None:
    assert fires("AFTER DELETE", UPDATE, "postgresql", table)
