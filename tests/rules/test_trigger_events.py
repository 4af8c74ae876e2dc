"""A trigger is set off by the events that it names, and by no other write."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import migration
from mrt_lint.schema.dialects import Dialect
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY, findings

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


@pytest.mark.parametrize(
    ("when", "does"),
    [
        ("BEFORE INSERT OR UPDATE OF id", False),
        ("AFTER UPDATE OF name", True),
        ("AFTER UPDATE OF id, name", True),
        ("AFTER UPDATE OF id OR DELETE", False),
    ],
)
def test_an_update_of_other_columns(when: str, does: bool) -> None:
    """PostgreSQL manual, CREATE TRIGGER: one of the columns is to be in the SET list."""
    assert fires(when, UPDATE, "postgresql") == does
    assert fires(when, UPDATE, "sqlite")  # Not looked into there: renames rewrite its text.


def test_a_trigger_stays_with_its_column_under_another_name() -> None:
    rename = 'op.alter_column("plants", "{}", new_column_name="{}")'
    there, back = rename.format("name", "title"), rename.format("title", "name")
    made = f"CREATE TRIGGER told AFTER UPDATE OF name ON plants {BODY['postgresql']}"
    given = f'{PLANTS}\nop.execute("{FUNCTION}")\nop.execute("{made}")'
    later = f'{given}\n{there}\nop.add_column("plants", sa.Column("name", sa.Text))'
    for column, does in (("title", True), ("name", False)):
        write = f"op.execute(\"UPDATE plants SET {column} = 'x'\")"
        assert any("fires told" in one.message for one in findings("MRT909", write, given=later)) == does
    assert findings("MRT502 MRT801 MRT802 MRT803", there, back, given=given) == []
