"""The least version of the database that the history implies (MRT405)."""

from __future__ import annotations

import pytest

from mrt_lint.hazards.versions import needed_version
from mrt_lint.schema.dialects import Dialect
from mrt_lint.sql import lower_sql
from tests.rules.linting import findings, found

SHIPS = (
    'op.create_table("ships", sa.Column("id", sa.Integer, primary_key=True), sa.Column("tons", sa.Integer))'
)
ADD = 'op.add_column("ships", sa.Column("flag", sa.String(2), server_default="xx"))'

NEEDED = {
    "CREATE TRIGGER g BEFORE INSERT ON ships FOR EACH ROW EXECUTE FUNCTION f()": (11,),
    "CREATE TRIGGER g BEFORE INSERT ON ships FOR EACH ROW EXECUTE PROCEDURE f()": None,
    "CREATE OR REPLACE TRIGGER g BEFORE INSERT ON ships FOR EACH ROW EXECUTE PROCEDURE f()": (14,),
    "CREATE PROCEDURE p() LANGUAGE sql AS $$ SELECT 1 $$": (11,),
    "CREATE FUNCTION p() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$": None,
    "CREATE INDEX i ON ships (id) INCLUDE (tons)": (11,),
    "CREATE INDEX i ON ships (id)": None,
    "ALTER TABLE ships ADD COLUMN kilos int GENERATED ALWAYS AS (tons * 1000) STORED": (12,),
    "ALTER TABLE ships ADD COLUMN number int GENERATED ALWAYS AS IDENTITY": None,
    "CREATE STATISTICS s (ndistinct, mcv) ON id, tons FROM ships": (12,),
    "CREATE STATISTICS s (ndistinct) ON id, tons FROM ships": None,
    "REINDEX INDEX CONCURRENTLY i": (12,),
    "REINDEX INDEX i": None,
    "ALTER TABLE ships DETACH PARTITION old_ships CONCURRENTLY": (14,),
    "ALTER TABLE ships ADD CONSTRAINT u UNIQUE NULLS NOT DISTINCT (tons)": (15,),
    "CREATE UNIQUE INDEX i ON ships (tons) NULLS NOT DISTINCT": (15,),
    "MERGE INTO ships USING fleet ON ships.id = fleet.id WHEN MATCHED THEN DELETE": (15,),
}


@pytest.mark.parametrize("text", NEEDED)
def test_which_version_a_statement_needs(text: str) -> None:
    (operation,) = lower_sql(text, ("postgresql",), {})
    assert needed_version(operation, "postgresql") == NEEDED[text]
    assert needed_version(operation, "sqlite") is None


@pytest.mark.parametrize(
    ("dialect", "text", "version"),
    [
        ("mysql", "ALTER TABLE ships DROP CHECK c", (8, 0, 16)),
        ("mysql", "ALTER TABLE ships DROP FOREIGN KEY c", None),
        ("mariadb", "CREATE SEQUENCE s", (10, 3)),
    ],
)
def test_versions_of_mysql_and_mariadb(dialect: Dialect, text: str, version: tuple[int, ...] | None) -> None:
    (operation,) = lower_sql(text, (dialect,), {})
    assert needed_version(operation, dialect) == version


GENERATED = (
    'op.add_column("ships", sa.Column("kilos", sa.Integer, sa.Computed("tons * 1000", persisted=True)))'
)


def test_a_default_costs_nothing_where_the_history_needs_a_newer_database() -> None:
    assert found("MRT405", ADD, given=SHIPS) == ["MRT405"]
    assert found("MRT405", ADD, given=[SHIPS, GENERATED]) == []
    assert found("MRT405", f"{ADD}\n{GENERATED}", given=SHIPS) == []
    # What the configuration says stands above what is concluded.
    assert found("MRT405", ADD, given=[SHIPS, GENERATED], version="10") == ["MRT405"]


def test_what_need_not_have_run_says_nothing() -> None:
    maybe = f"import os\nif os.path.exists('x'):\n    {GENERATED}"
    assert found("MRT405", ADD, given=[SHIPS, maybe]) == ["MRT405"]
    elsewhere = f"if op.get_bind().dialect.name == 'mysql':\n    {GENERATED}"
    assert found("MRT405", ADD, given=[SHIPS, elsewhere]) == ["MRT405"]


def test_of_several_databases_only_the_old_are_named() -> None:
    (both,) = findings("MRT405", ADD, given=SHIPS, database=None)
    assert "PostgreSQL" in both.message
    assert "MySQL" in both.message
    (one,) = findings("MRT405", ADD, given=[SHIPS, GENERATED], database=None)
    assert "PostgreSQL" not in one.message
    assert "MySQL before 8.0.12" in one.message
