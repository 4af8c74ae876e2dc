"""Views, triggers and sequences after a rollback (MRT207, MRT502, MRT501)."""

from __future__ import annotations

import pytest

from mrt_lint.schema.dialects import Dialect
from tests.rules.linting import findings, found

GIVEN = """
op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("email", sa.String(80)))
op.execute("CREATE VIEW v AS SELECT id FROM users")
op.execute("CREATE VIEW w AS SELECT id FROM v")
op.execute("CREATE SEQUENCE s")
op.execute("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ begin return new; end $$")
"""
OTHER = 'op.create_table("other", sa.Column("id", sa.Integer))'
CREATE = 'op.execute("CREATE VIEW {} AS SELECT {} FROM {}")'

VIEWS = {
    "dropped": ('op.execute("DROP VIEW w")', OTHER, ["MRT207"]),
    "dropped by a connection": ('op.get_bind().execute(sa.text("DROP VIEW w"))', OTHER, ["MRT207"]),
    "restored": ('op.execute("DROP VIEW w")', CREATE.format("w", "id", "v"), []),
    "dropped with its readers": ('op.execute("DROP VIEW v CASCADE")', OTHER, ["MRT207", "MRT207"]),
    "two at once": ('op.execute("DROP VIEW v, w")', OTHER, ["MRT207", "MRT207"]),
    "two at once, restored": (
        'op.execute("DROP VIEW v, w")',
        f"{CREATE.format('v', 'id', 'users')}\n{CREATE.format('w', 'id', 'v')}",
        [],
    ),
    "another one in its place": (
        f'op.execute("DROP VIEW w")\n{CREATE.format("w", "id", "users")}',
        OTHER,
        ["MRT207"],
    ),
    "another one in its place, which goes": (
        f'op.execute("DROP VIEW w")\n{CREATE.format("w", "id", "users")}',
        f'op.execute("DROP VIEW w")\n{CREATE.format("w", "id", "v")}',
        [],
    ),
    "the same again": (f'op.execute("DROP VIEW w")\n{CREATE.format("w", "id", "v")}', OTHER, []),
    "restored wrongly": (
        'op.execute("DROP VIEW w")',
        CREATE.format("w", "id", "users"),
        ["MRT803"],
    ),
    "only replaced": (
        'op.execute("CREATE OR REPLACE VIEW w AS SELECT id FROM users")',
        OTHER,
        [],
    ),
    "a new view": (f'{CREATE.format("x", "id", "users")}\nop.execute("DROP VIEW x")', OTHER, []),
    "declared irreversible": ('op.execute("DROP VIEW w")', "raise NotImplementedError", ["MRT207"]),
    "the downgrade is not understood": (
        'op.execute("DROP VIEW w")',
        "from ours import helper\nhelper(op)",
        [],
    ),
}


@pytest.mark.parametrize("case", VIEWS)
def test_a_view_is(case: str) -> None:
    upgrade, downgrade, codes = VIEWS[case]
    assert found("MRT207 MRT802 MRT803", upgrade, downgrade, given=GIVEN) == codes


@pytest.mark.parametrize("database", [None, "postgresql", "mysql"])
@pytest.mark.parametrize("statement", ["DROP VIEW v", "DROP MATERIALIZED VIEW v"])
def test_the_history_does_not_show_the_view(statement: str, database: Dialect | None) -> None:
    assert found("MRT207", f'op.execute("{statement}")', database=database) == ["MRT207"]


def test_several_views_of_one_statement_do_not_hold_one_another() -> None:
    """PostgreSQL drops a view and its reader at once; in the order of the text it could not."""
    upgrade = f"{CREATE.format('a', 'id', 'users')}\n{CREATE.format('b', 'id', 'a')}"
    assert found("MRT806", upgrade, 'op.execute("DROP VIEW a, b")', given=GIVEN) == []
    assert found("MRT806", upgrade, 'op.execute("DROP VIEW a")', given=GIVEN) == ["MRT806"]


def test_several_tables_of_one_statement_do_not_hold_one_another() -> None:
    upgrade = """
    op.execute("CREATE TABLE a (id int PRIMARY KEY)")
    op.execute("CREATE TABLE b (id int REFERENCES a)")
    """
    assert found("MRT806", upgrade, 'op.execute("DROP TABLE a, b")') == []
    assert found("MRT806", upgrade, 'op.execute("DROP TABLE a")') == ["MRT806"]


SEQUENCES = {
    "an option": ("ALTER SEQUENCE s INCREMENT BY 10", "SELECT 1", ["MRT501"]),
    "an option, restored": ("ALTER SEQUENCE s INCREMENT BY 10", "ALTER SEQUENCE s INCREMENT BY 1", []),
    "a position": ("ALTER SEQUENCE s RESTART WITH 10", "ALTER SEQUENCE s RESTART WITH 1", ["MRT501"]),
    "a position by setval": ("SELECT setval('s', 10)", "SELECT setval('s', 1)", ["MRT501"]),
    "the position of a serial column": ("SELECT setval('users_id_seq', 10)", "SELECT 1", ["MRT501"]),
    "created": ("CREATE SEQUENCE t", "SELECT 1", ["MRT501"]),
    "created and dropped": ("CREATE SEQUENCE t", "DROP SEQUENCE t", []),
    "created, changed, dropped": (
        "CREATE SEQUENCE t; ALTER SEQUENCE t INCREMENT BY 2",
        "DROP SEQUENCE t",
        [],
    ),
    "declared irreversible": ("ALTER SEQUENCE s INCREMENT BY 10", None, []),
}


@pytest.mark.parametrize("case", SEQUENCES)
def test_a_sequence_gets(case: str) -> None:
    up, down, codes = SEQUENCES[case]
    downgrade = "raise NotImplementedError" if down is None else f'op.execute("{down}")'
    assert found("MRT501 MRT801 MRT803 MRT804", f'op.execute("{up}")', downgrade, given=GIVEN) == codes


@pytest.mark.parametrize("database", [None, "postgresql"])
def test_the_history_does_not_show_the_sequence(database: Dialect | None) -> None:
    assert found("MRT501", "op.execute(\"SELECT setval('x', 10)\")", database=database) == ["MRT501"]


def test_a_sequence_goes_with_its_owner() -> None:
    upgrade = """
    op.create_table("t", sa.Column("id", sa.Integer))
    op.execute("CREATE SEQUENCE q OWNED BY t.id")
    """
    assert found("MRT501", upgrade, 'op.drop_table("t")') == []


def test_the_message_says_what_changed() -> None:
    (finding,) = findings("MRT501", 'op.execute("ALTER SEQUENCE s INCREMENT BY 10")', given=GIVEN)
    assert finding.message == "sequence s is altered (increment by 10); the downgrade does not restore it"


TRIGGER = 'op.execute("CREATE TRIGGER t BEFORE UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION f()")'
TRIGGERS = {
    "left": (TRIGGER.format("users"), "pass", ["MRT502"]),
    "dropped": (TRIGGER.format("users"), 'op.execute("DROP TRIGGER t ON users")', []),
    "dropped with its function": (TRIGGER.format("users"), 'op.execute("DROP FUNCTION f() CASCADE")', []),
    "on a table that was renamed before": (
        f'op.rename_table("users", "people")\n{TRIGGER.format("people")}',
        'op.rename_table("people", "users")',
        ["MRT502"],
    ),
    "the downgrade is not understood": (TRIGGER.format("users"), "from ours import helper\nhelper(op)", []),
    "declared irreversible": (TRIGGER.format("users"), "raise NotImplementedError", []),
}


@pytest.mark.parametrize("case", TRIGGERS)
def test_a_trigger_is(case: str) -> None:
    upgrade, downgrade, codes = TRIGGERS[case]
    assert found("MRT502 MRT801", upgrade, downgrade, given=GIVEN) == codes


def test_a_trigger_is_told_of_once_for_all_databases() -> None:
    """It has another subject on each: PostgreSQL names triggers within their table."""
    (finding,) = findings("MRT502", TRIGGER.format("users"), database=None)
    assert finding.dialects == ()


@pytest.mark.parametrize(
    ("given", "cleared", "codes"),
    [(GIVEN, True, ["MRT502"]), ("pass", True, []), ("pass", False, ["MRT502"])],
)
def test_a_trigger_made_in_place_of_one_that_may_be_older(
    given: str, cleared: bool, codes: list[str]
) -> None:
    made = 'op.execute("CREATE TRIGGER tr AFTER INSERT ON users EXECUTE FUNCTION f()")'
    clear = 'op.execute("DROP TRIGGER IF EXISTS tr ON users")\n' if cleared else ""
    assert found("MRT502 MRT801", clear + made, 'op.execute("SELECT 1")', given=given) == codes
