"""Types that are left behind and enum values that stay (MRT503, MRT304)."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import Severity
from mrt_lint.schema.dialects import Dialect
from tests.rules.linting import findings, found

ENUM = 'sa.Enum("new", "done", name="state")'
PG_ENUM = 'sa.dialects.postgresql.ENUM("new", "done", name="state"{})'
TABLE = 'op.create_table("{}", sa.Column("id", sa.Integer), sa.Column("state", {}))'
DROP = 'op.drop_table("jobs")'
CREATE = "op.execute(\"CREATE TYPE state AS ENUM ('new', 'done')\")"

LEFT = {
    "with a table": (TABLE.format("jobs", ENUM), DROP, ["MRT503"]),
    "with a table, of PostgreSQL": (TABLE.format("jobs", PG_ENUM.format("")), DROP, ["MRT503"]),
    "in an array": (TABLE.format("jobs", f"sa.ARRAY({ENUM})"), DROP, ["MRT503"]),
    "dropped by SQL": (TABLE.format("jobs", ENUM), f'{DROP}\nop.execute("DROP TYPE IF EXISTS state")', []),
    "dropped by its own drop()": (
        TABLE.format("jobs", ENUM),
        f"{DROP}\nsa.Enum(name='state').drop(op.get_bind(), checkfirst=True)",
        [],
    ),
    "not native": (TABLE.format("jobs", 'sa.Enum("new", name="state", native_enum=False)'), DROP, []),
    "left to others": (TABLE.format("jobs", PG_ENUM.format(", create_type=False")), DROP, []),
    "in SQL": (CREATE, "pass", ["MRT503"]),
    "by create()": (f"{ENUM}.create(op.get_bind())", "pass", ["MRT503"]),
    "no enum": ('op.execute("CREATE TYPE point3 AS (x int, y int, z int)")', "pass", ["MRT503"]),
    "a domain": ('op.execute("CREATE DOMAIN age AS int CHECK (VALUE > 0)")', "pass", ["MRT503"]),
    "declared irreversible": (CREATE, "raise NotImplementedError", []),
    "the downgrade is not understood": (CREATE, "helper_of_ours(op)", []),
}


@pytest.mark.parametrize("case", LEFT)
def test_a_type_is_created(case: str) -> None:
    upgrade, downgrade, codes = LEFT[case]
    assert found("MRT503 MRT801", upgrade, downgrade) == codes


@pytest.mark.parametrize("database", ["mysql", "sqlite"])
def test_other_databases_have_no_enum_types(database: Dialect) -> None:
    assert found("MRT503", TABLE.format("jobs", ENUM), DROP, database=database) == []


def test_an_enum_is_a_warning_while_the_database_is_not_known() -> None:
    (guess,) = findings("MRT503", TABLE.format("jobs", ENUM), DROP, database=None)
    assert guess.severity is Severity.WARNING
    assert guess.message.startswith("type state, which comes with table jobs,")
    assert guess.dialects == ("postgresql",)
    (known,) = findings("MRT503", TABLE.format("jobs", ENUM), DROP)
    assert known.severity is Severity.ERROR
    assert known.message.startswith("type state, which comes with table jobs,")


VARIANT = 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
TWO = 'if op.get_bind().dialect.name == "{}":\n    {}\n'
ONE = 'if op.get_bind().dialect.name == "sqlite":\n    raise RuntimeError("not here")\n'


@pytest.mark.parametrize(
    ("upgrade", "severity"),
    [
        (TWO.format("sqlite", "pass") + TWO.format("postgresql", "pass"), "warning"),
        (ONE, "warning"),  # MySQL may be meant.
        ('op.add_column("yards", sa.Column("tags", sa.dialects.postgresql.JSONB()))\n', "error"),
        (
            f'from sqlalchemy.dialects import postgresql\nop.add_column("yards", sa.Column("tags", {VARIANT}))\n',
            "warning",
        ),
    ],
)
def test_an_enum_is_an_error_where_no_other_database_counts(upgrade: str, severity: str) -> None:
    given = 'op.create_table("yards", sa.Column("id", sa.Integer, primary_key=True))'
    (one,) = findings("MRT503", upgrade + TABLE.format("jobs", ENUM), DROP, given=given, database=None)
    assert one.severity.value == severity


@pytest.mark.parametrize("statement", [CREATE, "op.execute(\"ALTER TYPE state ADD VALUE 'x'\")"])
def test_enum_types_in_sql_are_a_sign_of_postgresql(statement: str) -> None:
    """What MySQL would make of them is nobody's question, nor of the DROP TYPE behind a table."""
    (finding,) = findings("MRT304 MRT503", statement, database=None)
    assert (finding.severity, finding.dialects) == (Severity.ERROR, ())
    undone = f'{DROP}\nop.execute("DROP TYPE state")'
    assert found("MRT503 MRT806", TABLE.format("jobs", ENUM), undone, database=None) == []


def test_tables_of_one_run_share_a_type() -> None:
    """Measured with Alembic 1.20: CREATE TYPE is sent once for each name and run."""
    both = f"{TABLE.format('jobs', ENUM)}\n{TABLE.format('tasks', ENUM)}"
    drop = 'op.drop_table("jobs")\nop.drop_table("tasks")\nop.execute("DROP TYPE state")'
    codes = "MRT503 MRT806 MRT807"
    assert found(codes, both, drop) == []
    assert found(codes, drop, both, given=both) == []
    assert found(codes, drop.rpartition("\n")[0], both, given=both) == ["MRT806"]
    assert found(codes, f"{CREATE}\n{both}", drop) == ["MRT807", "MRT807"]


SWAP = """
op.execute("ALTER TYPE state RENAME TO state_old")
op.execute("CREATE TYPE state AS ENUM ('new', 'done')")
op.execute("ALTER TABLE jobs ALTER COLUMN state TYPE state USING state::text::state")
op.execute("DROP TYPE state_old")
"""
JOBS = f"{CREATE}\n{TABLE.format('jobs', PG_ENUM.format(', create_type=False'))}"
ADD = "op.execute(\"ALTER TYPE state ADD VALUE{} 'failed'\")"

ADDED = {
    "added": (ADD.format(""), "pass", ["MRT304"]),
    "added unless it is there": (ADD.format(" IF NOT EXISTS"), "pass", ["MRT304"]),
    "added in an autocommit block": (
        f"with op.get_context().autocommit_block():\n    {ADD.format('')}",
        "pass",
        ["MRT304"],
    ),
    "there already": ("op.execute(\"ALTER TYPE state ADD VALUE IF NOT EXISTS 'new'\")", "pass", []),
    "added, the type swapped back": (ADD.format(""), SWAP, ["MRT805"]),
    "added, the rows changed and the type swapped back": (
        ADD.format(""),
        f"op.execute(\"UPDATE jobs SET state = 'new' WHERE state = 'failed'\")\n{SWAP}",
        [],
    ),
    "declared irreversible": (ADD.format(""), "raise NotImplementedError", []),
    "the downgrade is not understood": (ADD.format(""), "helper_of_ours(op)", []),
}


@pytest.mark.parametrize("case", ADDED)
def test_a_value_is(case: str) -> None:
    upgrade, downgrade, codes = ADDED[case]
    assert found("MRT304 MRT803 MRT805", upgrade, downgrade, given=JOBS) == codes


def test_a_value_is_added_to_a_new_type() -> None:
    assert found("MRT304", f"{CREATE}\n{ADD.format('')}", 'op.execute("DROP TYPE state")') == []


@pytest.mark.parametrize("database", [None, "postgresql"])
@pytest.mark.parametrize("condition", ["", " IF NOT EXISTS"])
def test_the_history_does_not_show_the_type(condition: str, database: Dialect | None) -> None:
    assert found("MRT304", ADD.format(condition), database=database) == ["MRT304"]


WIDER = 'type_=sa.Enum("new", "done", "failed", name="state")'
MODIFY = 'op.execute("ALTER TABLE jobs MODIFY state ENUM({})")'
ALTER = 'op.alter_column("jobs", "state", {})'
MYSQL = {
    "widened": (MODIFY.format("'new', 'done', 'failed'"), "pass", ["MRT304"]),
    "widened by Alembic": (ALTER.format(WIDER), "pass", ["MRT304"]),
    "widened in a batch": (
        f'with op.batch_alter_table("jobs") as batch_op:\n    batch_op.alter_column("state", {WIDER})',
        "pass",
        ["MRT304"],
    ),
    "widened and narrowed": (
        MODIFY.format("'new', 'done', 'failed'"),
        MODIFY.format("'new', 'done'"),
        ["MRT805"],
    ),
    "changed otherwise": (MODIFY.format("'new', 'failed'"), "pass", []),
}


@pytest.mark.parametrize("case", MYSQL)
def test_an_enum_of_mysql_is(case: str) -> None:
    upgrade, downgrade, codes = MYSQL[case]
    given = TABLE.format("jobs", ENUM)
    assert found("MRT304 MRT805", upgrade, downgrade, given=given, database="mysql") == codes


@pytest.mark.parametrize("database", [None, "mysql"])
def test_an_enum_of_mysql_is_what_the_caller_says(database: Dialect | None) -> None:
    (finding,) = findings("MRT304", ALTER.format(f"{WIDER}, existing_type={ENUM}"), database=database)
    assert finding.message == "value 'failed' is added to jobs.state; the downgrade does not take that back"


@pytest.mark.parametrize(("swapped", "codes"), [("state", []), ("states", ["MRT803"])])
def test_a_type_that_takes_the_place_of_one_of_its_name(swapped: str, codes: list[str]) -> None:
    """Of a column that no migration made nothing is known; it may well have had the type of that name."""
    upgrade = f"""
op.execute("ALTER TYPE state RENAME TO state_old")
op.execute("CREATE TYPE {swapped} AS ENUM ('new', 'done')")
op.execute("ALTER TABLE jobs ALTER COLUMN state TYPE {swapped} USING state::text::{swapped}")
op.execute("DROP TYPE state_old")
"""
    downgrade = f"op.execute(\"ALTER TYPE {swapped} ADD VALUE 'held'\")"
    assert found("MRT803", upgrade, downgrade, database="postgresql") == codes
