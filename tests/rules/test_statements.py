"""Raw SQL that nothing reverses (MRT104, MRT105), and SQL that cannot be read before it runs (MRT841)."""

from __future__ import annotations

import pytest

from mrt_lint.hazards.statements import by_directive
from mrt_lint.ops import Operation
from tests.rules.linting import findings, found

CODES = "MRT104 MRT105 MRT801 MRT802 MRT803 MRT804"
USERS = """
op.create_table(
    "users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer), sa.Column("a", sa.Text)
)
"""
ADDED = 'op.add_column("users", sa.Column("extra", sa.Integer))'
BACK = 'op.drop_column("users", "extra")'

EFFECTS = {
    "a view": ("CREATE VIEW v AS SELECT id FROM users", BACK, ["MRT104"]),
    "a view, dropped": ("CREATE VIEW v AS SELECT id FROM users", f'op.execute("DROP VIEW v")\n{BACK}', []),
    "a column": ("ALTER TABLE users ADD COLUMN z INT", BACK, ["MRT104"]),
    "a column, dropped by Alembic": (
        "ALTER TABLE users ADD COLUMN z INT",
        f'op.drop_column("users", "z")\n{BACK}',
        [],
    ),
    "a default": ("ALTER TABLE users ALTER COLUMN n SET DEFAULT 5", BACK, ["MRT104"]),
    "a default, another one restored": (
        "ALTER TABLE users ALTER COLUMN n SET DEFAULT 5",
        f'op.alter_column("users", "n", server_default="6")\n{BACK}',
        ["MRT803"],
    ),
    "rows": ("DELETE FROM users WHERE n = 1", BACK, ["MRT104"]),
    "an extension": ("CREATE EXTENSION hstore", BACK, ["MRT104"]),
    "a query": ("SELECT count(*) FROM users", BACK, []),
    "a setting": ("SET lock_timeout = 1000", BACK, []),
    "a comment": ("COMMENT ON COLUMN users.n IS 'x'", BACK, ["MRT803"]),
    "a function of unknown effect": ("SELECT frobnicate(1)", BACK, ["MRT104"]),
    "a statement that is not known": ("FROBNICATE users", BACK, ["MRT104"]),
    "a statement that another may reverse": ("FROBNICATE users", f'op.execute("RESTORE users")\n{BACK}', []),
    "an operation on something else": ("FROBNICATE users", f'op.drop_table("frobs")\n{BACK}', []),
    "no way back on purpose": ("CREATE VIEW v AS SELECT id FROM users", "raise NotImplementedError()", []),
}


@pytest.mark.parametrize("case", EFFECTS)
def test_effects_that_stay(case: str) -> None:
    statement, downgrade, codes = EFFECTS[case]
    given = [USERS, 'op.create_table("frobs", sa.Column("id", sa.Integer))']
    wanted = [
        code
        for code in found(CODES, f'{ADDED}\nop.execute("{statement}")', downgrade, given=given)
        if code != "MRT802"
    ]
    assert wanted == codes


def test_what_is_not_understood_may_have_an_effect() -> None:
    (finding,) = findings("MRT104", f'{ADDED}\nop.execute("FROBNICATE users")', BACK, given=USERS)
    assert "may" in finding.message


@pytest.mark.parametrize("code", ["MRT103", "MRT106", "MRT201", "MRT202", "MRT203", "MRT303", "MRT502"])
def test_a_rule_that_speaks_of_the_statement_is_enough(code: str) -> None:
    statement = {
        "MRT103": "UPDATE users SET n = 1",
        "MRT106": "INSERT INTO users (id) VALUES (1)",
        "MRT201": "ALTER TABLE users DROP COLUMN n",
        "MRT202": "DROP TABLE users",
        "MRT203": "TRUNCATE users",
        "MRT303": "ALTER TABLE users ALTER COLUMN n TYPE SMALLINT",
        "MRT502": "CREATE TRIGGER t BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch()",
    }[code]
    assert found(f"{code} MRT104", f'op.execute("{statement}")', given=USERS) == [code]


APIS = {
    "op.execute({})": "MRT104",
    'with op.batch_alter_table("users") as batch_op: batch_op.execute({})': "MRT104",
    'with op.batch_alter_table("users") as b: b.execute({})': "MRT104",
    "op.get_bind().execute(sa.text({}))": "MRT105",
    "db = op.get_bind()\ndb.execute(sa.text({}))": "MRT105",
    "op.get_bind().exec_driver_sql({})": "MRT105",
    "op.get_context().execute({})": "MRT105",
    "import sqlalchemy.orm\nwork = sqlalchemy.orm.Session(bind=op.get_bind())\nwork.execute(sa.text({}))": "MRT105",
    'conn = op.get_bind()\nwith op.batch_alter_table("users") as b: conn.execute(sa.text({}))': "MRT105",
}


@pytest.mark.parametrize("api", APIS)
def test_whose_execute_it_is(api: str) -> None:
    upgrade = api.format('"DELETE FROM users WHERE n = 1"')
    assert found("MRT104 MRT105", upgrade, given=USERS) == [APIS[api]]


def test_an_alias_of_op_is_told_by_its_name() -> None:
    assert by_directive(Operation(api="alembic_op.execute"))
    assert by_directive(Operation(api="alembic.op.execute"))
    assert not by_directive(Operation(api="cursor.execute"))


TEXTS = {
    "f\"UPDATE users SET a = '{os.environ['A']}'\"": True,
    "\"UPDATE users SET a = '%s'\" % os.environ['A']": True,
    "\"UPDATE users SET a = '{}'\".format(os.environ['A'])": True,
    "\"UPDATE users SET a = '\" + os.environ['A'] + \"'\"": True,
    "sa.text(f\"UPDATE {os.environ['A']} SET n = 1\")": True,
    "f\"SELECT {os.environ['A']}\"": True,
    'f"UPDATE {TABLE} SET n = {1 + 1}"': False,
    'sa.text("UPDATE users SET a = :a").bindparams(a=os.environ["A"])': False,
    'sa.text(f"UPDATE {TABLE} SET a = :a").bindparams(a=os.environ["A"])': False,
    'sa.table("users", sa.column("a")).update().values(a=os.environ["A"])': False,
    'os.environ["SQL"]': False,
}


@pytest.mark.parametrize("text", TEXTS)
def test_sql_that_is_put_together_at_run_time(text: str) -> None:
    upgrade = f'import os\nTABLE = "users"\nop.execute({text})'
    assert found("MRT841", upgrade, given=USERS) == ["MRT841"] * TEXTS[text]


def test_parts_that_are_not_known_are_no_names_in_messages() -> None:
    upgrade = "import os\nop.execute(f\"DELETE FROM users WHERE n > {os.environ['A']}\")"
    told = findings(f"{CODES} MRT841 MRT909", upgrade, given=USERS)
    assert told
    assert not any("mrt_hole" in one.message for one in told)
