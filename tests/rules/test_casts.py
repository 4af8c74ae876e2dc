"""Type changes that can lose or reject data (MRT303)."""

from __future__ import annotations

import pytest

from mrt_lint.schema.dialects import Dialect
from tests.rules.linting import findings, found

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(20)),
    sa.Column("price", sa.Numeric(8, 2)),
    sa.Column("mood", sa.Enum("good", "bad", name="mood")),
)
"""

CHANGES = {
    "type_=sa.String(40)": [],
    "type_=sa.Text()": [],
    "type_=sa.String(20)": [],
    "type_=sa.String(10)": ["MRT303"],
    'type_=sa.Integer(), postgresql_using="name::integer"': ["MRT303"],
    'type_=sa.Integer(), postgresql_using="length(name)"': ["MRT303"],
    "nullable=True": [],
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_varchar_changes(change: str) -> None:
    assert found("MRT303", f'op.alter_column("users", "name", {change})', given=USERS) == CHANGES[change]


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("Numeric(10, 2)", []),
        ("Numeric(8, 4)", ["MRT303"]),
        ("Numeric(8, 1)", ["MRT303"]),
        ("Integer()", ["MRT303"]),
    ],
)
def test_a_numeric_changes(kind: str, codes: list[str]) -> None:
    assert found("MRT303", f'op.alter_column("users", "price", type_=sa.{kind})', given=USERS) == codes


def test_the_message_says_from_what_to_what() -> None:
    (finding,) = findings("MRT303", 'op.alter_column("users", "price", type_=sa.Integer())', given=USERS)
    assert "from NUMERIC(8, 2) to INTEGER" in finding.message


def test_the_old_type_may_not_be_known() -> None:
    (finding,) = findings("MRT303", 'op.alter_column("users", "name", type_=sa.String(40))')
    assert "may" in finding.message
    known = 'op.alter_column("users", "name", type_=sa.String(40), existing_type=sa.String(20))'
    assert found("MRT303", known) == []


@pytest.mark.parametrize("database", ["postgresql", "mysql"])
def test_what_the_caller_says_counts_where_the_history_has_a_type_of_the_project(database: Dialect) -> None:
    given = """
    from project.types import Name

    op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", Name(500)))
    """
    wider = 'op.alter_column("users", "name", type_=sa.Text(), existing_type=sa.String(500))'
    narrower = 'op.alter_column("users", "name", type_=sa.String(50), existing_type=sa.String(500))'
    assert found("MRT303", wider, given=given, database=database) == []
    assert found("MRT303", narrower, given=given, database=database) == ["MRT303"]


@pytest.mark.parametrize(
    ("database", "codes"), [("postgresql", ["MRT303"]), ("mysql", ["MRT303"]), ("sqlite", [])]
)
def test_lengths_mean_nothing_to_sqlite(database: Dialect, codes: list[str]) -> None:
    change = 'with op.batch_alter_table("users") as b: b.alter_column("name", type_=sa.String(10))'
    assert found("MRT303", change, given=USERS, database=database) == codes


def test_modify_changes_the_type_too() -> None:
    modify = 'op.execute("ALTER TABLE users MODIFY name VARCHAR({})")'
    assert found("MRT303", modify.format(10), given=USERS, database="mysql") == ["MRT303"]
    assert found("MRT303", modify.format(40), given=USERS, database="mysql") == []


@pytest.mark.parametrize(("labels", "codes"), [("'good', 'bad', 'new'", []), ("'good'", ["MRT303"])])
def test_an_enum_is_swapped_for_another(labels: str, codes: list[str]) -> None:
    swap = f"""
    op.execute("ALTER TYPE mood RENAME TO mood_old")
    op.execute("CREATE TYPE mood AS ENUM ({labels})")
    op.execute("ALTER TABLE users ALTER COLUMN mood TYPE mood USING mood::text::mood")
    op.execute("DROP TYPE mood_old")
    """
    assert found("MRT303", swap, given=USERS) == codes


def test_new_columns_and_tables_hold_nothing_to_lose() -> None:
    change = 'op.alter_column("{}", "{}", type_=sa.Integer(), postgresql_using="1")'
    assert found("MRT303", f'op.create_table("t", sa.Column("x", sa.Text))\n{change.format("t", "x")}') == []
    added = f'op.add_column("users", sa.Column("x", sa.Text))\n{change.format("users", "x")}'
    assert found("MRT303", added, given=USERS) == []


def test_a_way_back_is_not_what_it_asks_for() -> None:
    change = 'op.alter_column("users", "price", type_=sa.Integer())'
    assert found("MRT303", change, "raise NotImplementedError()", given=USERS) == ["MRT303"]
    assert found(
        "MRT303 MRT804", change, 'op.alter_column("users", "price", type_=sa.Numeric(8, 2))', given=USERS
    ) == ["MRT303"]


GOODS = """
op.create_table(
    "goods",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("title", sa.String(64)),
    sa.Column("handle", sa.String(64), nullable=False),
)
"""
BACK = 'op.alter_column("goods", "title", type_=sa.String(64))'


def _using(expression: str, kind: str = "String(64)") -> str:
    return f'op.alter_column("goods", "title", type_=sa.{kind}, postgresql_using="{expression}")'


@pytest.mark.parametrize("expression", ["upper(title)", "handle", "lower(handle)", "md5(random()::text)"])
def test_using_writes_new_values_though_the_type_stays(expression: str) -> None:
    (finding,) = findings("MRT804", _using(expression), BACK, given=GOODS)
    assert "goods.title" in finding.message


@pytest.mark.parametrize("expression", ["title", "title::varchar(64)"])
def test_using_that_says_the_column_itself_changes_nothing(expression: str) -> None:
    assert found("MRT804 MRT303", _using(expression), BACK, given=GOODS) == []


@pytest.mark.parametrize("expression", ["title::varchar(64)", "CAST(title AS VARCHAR(64))"])
def test_using_with_the_old_type_is_the_change_alone(expression: str) -> None:
    wider = _using(expression, "String(80)")
    assert found("MRT303 MRT804", wider, BACK, given=GOODS) == []
    assert found("MRT303", _using(expression, "String(9)"), BACK, given=GOODS) == ["MRT303"]


@pytest.mark.parametrize("expression", ["weight::integer", "CAST(weight AS INT)", "(weight::int4)"])
def test_using_with_a_number_as_it_is(expression: str) -> None:
    given = 'op.create_table("bags", sa.Column("id", sa.Integer), sa.Column("weight", sa.Integer))'
    up = f'op.alter_column("bags", "weight", type_=sa.String(80), postgresql_using="{expression}")'
    assert found("MRT303 MRT804", up, given=given) == []


def test_using_with_a_shorter_type_than_the_old_one_cuts_values() -> None:
    assert "MRT303" in found("MRT303", _using("title::varchar(9)", "String(80)"), BACK, given=GOODS)


def test_a_column_that_using_copied_into_another_comes_back_from_there() -> None:
    add = 'op.add_column("goods", sa.Column("handle", sa.String(64)))\n'
    back = [
        finding.message
        for finding in findings(
            "MRT201 MRT804",
            _using("handle") + '\nop.drop_column("goods", "handle")',
            add + 'op.execute("UPDATE goods SET handle = title")',
            given=GOODS,
        )
    ]
    assert [message for message in back if message.startswith("goods.handle")] == []
    assert [message for message in back if message.startswith("goods.title")] != []
