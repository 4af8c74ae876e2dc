"""A harm is told at the statement that does it, on every database alike, and not where none is done."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import migration
from mrt_lint.schema.dialects import Dialect
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY, findings, found

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("state", sa.String(20)),
    sa.Column("value", sa.LargeBinary),
)
op.create_index("ix_state", "users", ["state"])
"""
DATA = "MRT103 MRT104 MRT105 MRT201 MRT206 MRT208 MRT804"
DATABASES: tuple[Dialect, ...] = ("postgresql", "mysql", "sqlite")


def _verdict(upgrade: str, downgrade: str, given: str, database: Dialect, imports: str = "") -> str:
    example = migration(upgrade, downgrade, given=given, database=database, imports=imports)
    return run(example, REGISTRY).migrations[-1].verdict.value


@pytest.mark.parametrize("database", DATABASES)
def test_a_backfill_before_not_null_is_told_at_the_update(database: Dialect) -> None:
    """MySQL states the whole column again, which leaves its data as it is."""
    told = findings(
        DATA,
        """
        op.execute("UPDATE users SET state = '' WHERE state IS NULL")
        with op.batch_alter_table("users") as batch:
            batch.alter_column("state", existing_type=sa.String(20), nullable=False)
        """,
        """
        with op.batch_alter_table("users") as batch:
            batch.alter_column("state", existing_type=sa.String(20), nullable=True)
        """,
        given=USERS,
        database=database,
    )
    assert [finding.rule for finding in told] == ["MRT103"]


@pytest.mark.parametrize("database", DATABASES)
def test_what_only_the_downgrade_overwrites_is_told_there(database: Dialect) -> None:
    upgrade = """
    with op.batch_alter_table("users") as batch:
        batch.alter_column("state", existing_type=sa.String(20), type_=sa.Text())
    """
    downgrade = """
    with op.batch_alter_table("users") as batch:
        batch.alter_column("state", existing_type=sa.Text(), type_=sa.String(20))
    op.execute("UPDATE users SET state = NULL")
    """
    told = findings(DATA, upgrade, downgrade, given=USERS, database=database)
    assert [finding.rule for finding in told] == ["MRT804"]
    source = migration(upgrade, downgrade, given=USERS, database=database).files[-1][1]
    assert "SET state = NULL" in source.splitlines()[told[0].span.line - 1]


ASKED = """
names = {row[0] for row in op.get_bind().execute(sa.text("SELECT index_name FROM information_schema.statistics"))}
for name in ("ix_older", "ix_state"):
    if name in names:
        op.drop_index(name, table_name="users")
"""


@pytest.mark.parametrize("database", ["postgresql", "mysql"])
def test_an_index_that_is_only_dropped_if_it_is_there(database: Dialect) -> None:
    """The history never made `ix_older`: on its databases the upgrade passes it by."""
    told = findings("MRT408 MRT807 MRT909", ASKED, given=USERS, database=database)
    assert not [finding.message for finding in told if "ix_older" in finding.message]


@pytest.mark.parametrize("database", DATABASES)
def test_drop_if_exists_of_an_index_that_the_history_never_made(database: Dialect) -> None:
    drop = 'op.drop_index("ix_older", table_name="users", if_exists=True)'
    assert found("MRT408", drop, given=USERS, database=database) == []
    assert found("MRT408", drop.replace("ix_older", "ix_state"), given=USERS, database=database) == ["MRT408"]


ROOM = """
if op.get_bind().execute(sa.text("SELECT 1 FROM users WHERE state IS NULL")).fetchone() is not None:
    op.execute("DELETE FROM users WHERE state IS NULL")
"""
TIGHT = """
with op.batch_alter_table("users") as batch:
    batch.alter_column("state", existing_type=sa.String(20), nullable={})
"""


@pytest.mark.parametrize("database", DATABASES)
def test_rows_that_the_downgrade_looks_for_and_removes_are_provided_for(database: Dialect) -> None:
    given = USERS.replace("sa.String(20))", "sa.String(20), nullable=False)")
    relaxed, tight = TIGHT.format(True), TIGHT.format(False)
    assert found("MRT805", relaxed, tight, given=given, database=database) == ["MRT805"]
    assert found("MRT805", relaxed, ROOM + tight, given=given, database=database) == []
    assert _verdict(relaxed, ROOM + tight, given, database) == "unknown"


CLEARED = """
op.execute("CALL something()")
op.execute("DROP FUNCTION IF EXISTS f")
op.execute("CREATE FUNCTION f(a INT) RETURNS INT DETERMINISTIC RETURN 1")
op.execute("UPDATE users SET id = f(id)")
op.execute("DROP FUNCTION IF EXISTS f")
"""


def test_a_function_that_the_upgrade_only_clears_the_way_for() -> None:
    assert found("MRT802", CLEARED, 'op.execute("CALL other()")', given=USERS, database="mysql") == []
    plain = 'op.execute("CALL something()")\nop.execute("DROP FUNCTION IF EXISTS f")'
    assert _verdict(plain, "pass", USERS, "mysql") == "broken"


PARENTS = """
op.create_table(
    "parents",
    sa.Column("a", sa.Integer, primary_key=True),
    sa.Column("b", sa.Integer, primary_key=True),
    sa.Column("id", sa.Integer, unique=True),
)
op.create_table(
    "children",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("a", sa.Integer),
    sa.Column("b", sa.Integer),
    sa.ForeignKeyConstraint(["a", "b"], ["parents.a", "parents.b"], name="fk"),
)
"""
TO_ID = """
op.add_column("children", sa.Column("parent", sa.Integer))
op.execute("UPDATE children SET parent = p.id FROM parents p WHERE p.a = children.a AND p.b = children.b")
op.drop_constraint("fk", "children", type_="foreignkey")
op.drop_column("children", "a")
op.drop_column("children", "b")
"""
TO_PAIR = """
op.add_column("children", sa.Column("a", sa.Integer))
op.add_column("children", sa.Column("b", sa.Integer))
op.execute("UPDATE children SET a = p.a, b = p.{} FROM parents p WHERE p.id = children.parent")
op.create_foreign_key("fk", "children", "parents", ["a", "b"], ["a", "b"])
op.drop_column("children", "parent")
"""


def test_a_composite_reference_replaced_by_an_id_comes_back_through_it() -> None:
    assert found("MRT201", TO_ID, TO_PAIR.format("b"), given=PARENTS) == []
    assert _verdict(TO_ID, TO_PAIR.format("b"), PARENTS, "postgresql") == "plausible"


def test_what_the_id_does_not_lead_to_is_lost() -> None:
    """`b` is filled from another column, or nothing leads to the rows of before."""
    assert found("MRT201", TO_ID, TO_PAIR.format("a"), given=PARENTS) == ["MRT201"]
    unlinked = TO_ID.replace("SET parent = p.id", "SET parent = 1")
    unlinked = unlinked.replace(" FROM parents p WHERE p.a = children.a AND p.b = children.b", "")
    assert found("MRT201", unlinked, TO_PAIR.format("b"), given=PARENTS) == ["MRT201", "MRT201"]


OWN = "from project.types import Stamp\n"
STAMPS = """
from project.types import Stamp

op.create_table(
    "runs",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("moment", sa.TIMESTAMP(), nullable=False),
    sa.UniqueConstraint("moment", name="uq"),
)
"""


def test_a_type_that_mysql_has_stated_again_is_no_change() -> None:
    upgrade = OWN + (
        'op.alter_column("runs", "moment", new_column_name="at", existing_type=Stamp(), nullable=True)\n'
        'op.drop_constraint("uq", "runs", type_="unique")\n'
        'op.create_unique_constraint("uq_at", "runs", ["at"])\n'
    )
    assert found("MRT303 MRT406", upgrade, given=STAMPS, database="mysql") == []
    retyped = OWN + 'op.alter_column("runs", "moment", type_=Stamp())'
    assert found("MRT303", retyped, given=STAMPS, database="mysql") == ["MRT303"]


@pytest.mark.parametrize("column", ["value", "level"])
@pytest.mark.parametrize("database", DATABASES)
def test_a_column_called_like_a_word_of_some_database_is_read(column: str, database: Dialect) -> None:
    given = USERS.replace('"value"', f'"{column}"')
    up = f"""
    op.add_column("users", sa.Column("copy", sa.Text))
    op.execute("UPDATE users SET copy = lower({column})")
    op.drop_column("users", "{column}")
    """
    down = f"""
    op.add_column("users", sa.Column("{column}", sa.LargeBinary))
    op.execute("UPDATE users SET {column} = upper(copy)")
    op.drop_column("users", "copy")
    """
    assert _verdict(up, down, given, database) == "plausible"


def test_rows_that_are_deleted_do_not_make_the_rest_of_a_column_lost() -> None:
    up = """
    op.execute("DELETE FROM users WHERE id < 9")
    op.add_column("users", sa.Column("copy", sa.Text))
    op.execute("UPDATE users SET copy = lower(state)")
    op.drop_column("users", "state")
    """
    down = """
    op.add_column("users", sa.Column("state", sa.String(20)))
    op.execute("UPDATE users SET state = {}")
    op.drop_column("users", "copy")
    """
    given = USERS.replace('op.create_index("ix_state", "users", ["state"])', "")
    assert found("MRT104 MRT201 MRT208", up, down.format("copy"), given=given) == ["MRT104"]
    told = found("MRT104 MRT201 MRT208", up, down.format("'x'"), given=given)
    assert sorted(told) == ["MRT104", "MRT201", "MRT208"]


KEYED = """
op.create_table(
    "links",
    sa.Column("a", sa.Integer, nullable=False),
    sa.Column("b", sa.Integer, nullable=False),
    sa.PrimaryKeyConstraint("a", "b", name="links_pkey"),
)
"""
RENAMED = """
with op.batch_alter_table("links") as batch:
    batch.alter_column("{0}", new_column_name="{1}")
    batch.create_primary_key("{2}", ["{1}", "b"])
"""


@pytest.mark.parametrize("again", ["links_pkey", "third_pkey"])
def test_sqlite_keeps_the_key_of_before_when_the_new_one_comes_to_nothing(again: str) -> None:
    """Alembic leaves out the new key: to the batch the column goes by its old name (measured on 1.20)."""
    up, down = RENAMED.format("a", "c", "other_pkey"), RENAMED.format("c", "a", again)
    assert found("MRT802 MRT803", up, down, given=KEYED, database="sqlite") == []
    assert _verdict(up, down, KEYED, "sqlite") == "reversible"


def test_only_an_integer_key_counts_by_itself_on_sqlite() -> None:
    given = """
    op.create_table("codes", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("x", sa.Integer))
    """
    up, down = (
        f"""
        with op.batch_alter_table("codes") as batch:
            batch.alter_column("{old}", new_column_name="{new}")
        with op.batch_alter_table("codes") as batch:
            batch.create_primary_key("pk", ["{new}"])
        """
        for old, new in (("id", "key"), ("key", "id"))
    )
    told = findings("MRT803", up, down, given=given, database="sqlite")
    assert not [finding.message for finding in told if "numbered" in finding.message]


@pytest.mark.parametrize("dropped", ['op.drop_table("roles")', 'op.drop_column("roles", "kind")'])
def test_what_only_the_downgrade_names_may_never_have_been_there(dropped: str) -> None:
    """A single file: nothing but the drop says that the table or column existed."""
    up = 'op.create_table("tokens", sa.Column("id", sa.Integer, primary_key=True))'
    given = 'op.drop_table("older")'
    told = findings("MRT802", up, f'op.drop_table("tokens")\n{dropped}', given=given)
    assert [finding.rule for finding in told] == ["MRT802"]
    assert "did not create it" in told[0].message


PASSED_ON = """
try:
    op.drop_column("users", "state")
except sa.exc.OperationalError:
    if op.get_context().dialect.name == "sqlite":
        print("left in place")
    else:
        raise
op.add_column("users", sa.Column("more", sa.Integer))
"""


@pytest.mark.parametrize("given", ["", USERS.replace('op.create_index("ix_state", "users", ["state"])', "")])
def test_an_upgrade_that_passes_an_error_on_has_not_run(given: str) -> None:
    """What comes after it is no question of rollback: `more` was made by every upgrade that ran."""
    down = 'op.drop_column("users", "more")\nop.add_column("users", sa.Column("state", sa.String(20)))'
    past = given or 'op.execute("CALL something()")'
    assert found("MRT802", PASSED_ON, down, given=past, database="mysql") == []
    assert "MRT201" in found("MRT201", PASSED_ON, down, given=past, database="mysql")


REBUILT = """
op.create_table("fresh", sa.Column("id", sa.Integer, primary_key=True), sa.Column("state", sa.String(20)))
op.execute("INSERT INTO fresh (id, state) SELECT id, state FROM users WHERE {} IS NOT NULL")
op.drop_table("users")
op.rename_table("fresh", "users")
"""


@pytest.mark.parametrize("database", DATABASES)
def test_a_copy_of_the_rows_whose_key_is_not_null_is_a_copy_of_all(database: Dialect) -> None:
    given = USERS.replace('    sa.Column("value", sa.LargeBinary),\n', "")
    key, other = REBUILT.format("id"), REBUILT.format("state")
    assert found("MRT202 MRT804", key, key, given=given, database=database) == []
    assert found("MRT202 MRT804", other, key, given=given, database=database) == ["MRT202"]


def test_a_table_made_again_with_its_rows_is_not_told_to_be_empty() -> None:
    """SQLite cannot alter it: its rows are put aside and back, and some are deleted after that."""
    columns = 'sa.Column("id", sa.Integer, primary_key=True), sa.Column("state", sa.String(20))'
    upgrade = f"""
        op.create_table("aside", {columns})
        op.execute("INSERT INTO aside (id, state) SELECT id, state FROM t")
        op.execute("DROP TABLE t")
        op.create_table("t", {columns})
        op.execute("INSERT INTO t (id, state) SELECT id, state FROM aside")
        op.execute("DELETE FROM t WHERE state = 'old'")
        """
    told = found("MRT104 MRT202", upgrade, 'op.drop_table("aside")', given=f'op.create_table("t", {columns})')
    assert told == ["MRT104"]
    emptied = "\n".join(upgrade.splitlines()[:-3])
    told = found("MRT104 MRT202", emptied, 'op.drop_table("aside")', given=f'op.create_table("t", {columns})')
    assert told == ["MRT202"]
