"""Texts of several statements, several databases at once, and what is no statement at all."""

from __future__ import annotations

import logging

import pytest

from mrt_lint.ops import CreateFunction, CreateTable, DropTable, Opaque, Query, Update
from mrt_lint.ops.guard import ALWAYS, AllOf, DialectIs, Test, Undecided
from mrt_lint.ops.span import Span
from mrt_lint.schema.names import Name
from mrt_lint.sql import lower_sql
from tests.sql.reading import LITE, MS, MY, ORA, PG, T, opaque, read


def names(dialect, sql):
    """Returns the kinds of operations that a text gives."""
    return [type(operation).__name__ for operation in read(dialect, sql)]


def test_every_operation_carries_the_facts():
    span = Span(3, 5, 3, 40)
    (found,) = lower_sql("DROP TABLE t", (PG,), {"span": span, "direction": "downgrade", "api": "op.execute"})
    assert found == DropTable(table=T, span=span, direction="downgrade", api="op.execute", sql=True)
    (found,) = lower_sql("FROBNICATE", (PG,), {"span": span, "api": "op.execute"})
    assert (found.span, found.api, found.sql) == (span, "op.execute", True)


def test_databases_that_agree_give_one_operation_under_the_given_guard():
    guard = Test(Undecided("x"))
    for dialects in [(PG, MY), (PG, MY, "mariadb", LITE, MS)]:
        (found,) = lower_sql("DROP TABLE t", dialects, {"guard": guard})
        assert found.guard == guard


def test_databases_that_disagree_are_guarded():
    found = lower_sql('UPDATE t SET a = "x"', (PG, MY, "mariadb"), {})
    assert [operation.guard for operation in found] == [
        Test(DialectIs((PG,))),
        Test(DialectIs((MY, "mariadb"))),
    ]
    assert found[0].assignments[0][1].column == "x"
    assert found[1].assignments[0][1].literal


def test_the_guard_of_a_database_is_added_to_the_given_one():
    guard = Test(Undecided("x"))
    found = lower_sql("DROP TABLE Users", (PG, MY), {"guard": guard})
    assert [operation.guard for operation in found] == [
        AllOf((guard, Test(DialectIs((PG,))))),
        AllOf((guard, Test(DialectIs((MY,))))),
    ]
    assert [operation.table for operation in found] == [Name("users"), Name("Users")]


def test_only_the_statements_that_differ_are_doubled():
    found = lower_sql("DROP TABLE t; DROP TABLE Users; DROP TABLE s", (PG, MY), {})
    assert [str(operation.table) for operation in found] == ["t", "users", "Users", "s"]
    assert found[0].guard == ALWAYS
    assert found[3].guard == ALWAYS


def test_texts_that_split_differently_are_read_as_a_whole():
    text = r"SELECT 'a\'; DROP TABLE t; -- '"
    found = lower_sql(text, (PG, MY), {})
    postgresql = [type(item).__name__ for item in found if item.guard == Test(DialectIs((PG,)))]
    mysql = [type(item).__name__ for item in found if item.guard == Test(DialectIs((MY,)))]
    assert postgresql == ["Query", "DropTable"]
    assert mysql == ["Query"]


def test_without_a_database_both_postgresql_and_mysql_are_meant():
    found = lower_sql("DROP TABLE Users", (), {})
    assert [operation.guard for operation in found] == [Test(DialectIs((PG,))), Test(DialectIs((MY,)))]


@pytest.mark.parametrize("text", ["", "  \n", ";;", "-- DROP TABLE t", "/* DROP TABLE t; */", "--\n;\n/**/"])
@pytest.mark.parametrize("dialect", [PG, MY, LITE, ORA, MS])
def test_nothing_is_nothing(dialect, text):
    assert read(dialect, text) == ()


NO_STATEMENT = [
    (PG, "SELECT 'DROP TABLE t; DELETE FROM s'"),
    (PG, "SELECT $$DROP TABLE t; DELETE FROM s$$"),
    (PG, "SELECT $x$DROP TABLE t; $$ ; DELETE FROM s$x$"),
    (PG, "SELECT E'it\\'s; DROP TABLE t; --'"),
    (PG, "SELECT 1 -- ; DROP TABLE t"),
    (PG, "SELECT 1 /* ; DROP TABLE t; /* nested */ ; */"),
    (PG, 'SELECT "DROP TABLE t;" FROM s'),
    (MY, 'SELECT "DROP TABLE t;"'),
    (MY, "SELECT 'it\\'s; DROP TABLE t'"),
    (MY, "SELECT `DROP TABLE t;` FROM s"),
    (MY, "SELECT 1 # ; DROP TABLE t"),
    (LITE, "SELECT [DROP TABLE t;] FROM s"),
    (MS, "SELECT [DROP TABLE t;] FROM s"),
    (ORA, "SELECT 'DROP TABLE t;' FROM dual"),
]


@pytest.mark.parametrize(("dialect", "text"), NO_STATEMENT)
def test_comments_strings_and_names_are_no_statements(dialect, text):
    assert names(dialect, text) == ["Query"]


BODIES = [
    (PG, "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP TABLE t; DELETE FROM s; END $$"),
    (PG, "CREATE FUNCTION f() RETURNS void AS 'DROP TABLE t; DELETE FROM s' LANGUAGE sql"),
    (PG, "CREATE FUNCTION f() RETURNS void LANGUAGE sql BEGIN ATOMIC DELETE FROM s; DELETE FROM t; END"),
    (MY, "CREATE PROCEDURE f() BEGIN DROP TABLE t; CASE WHEN 1 THEN DROP TABLE s; END CASE; END"),
    (
        MY,
        "CREATE FUNCTION f() RETURNS int BEGIN IF a THEN RETURN 1; END IF; WHILE b DO SET c = 1; END"
        " WHILE; END",
    ),
    (MY, "CREATE FUNCTION f() RETURNS int RETURN CASE WHEN 1 THEN 2 ELSE 3 END"),
    (MS, "CREATE PROCEDURE f AS DELETE FROM t; DROP TABLE s"),
    (MS, "CREATE OR ALTER PROC f AS DELETE FROM t; DROP TABLE s"),
    (ORA, "CREATE OR REPLACE FUNCTION f RETURN NUMBER IS BEGIN DELETE FROM t; RETURN 1; END;"),
]


@pytest.mark.parametrize(("dialect", "text"), BODIES)
def test_the_body_of_a_routine_is_not_executed(dialect, text):
    assert names(dialect, text) == ["CreateFunction"]


def test_what_follows_a_body_is():
    text = "CREATE PROCEDURE f() BEGIN SELECT CASE WHEN a THEN 1 END; DELETE FROM t; END; DROP TABLE s"
    assert [type(item) for item in read(MY, text)] == [CreateFunction, DropTable]


def test_a_table_called_trigger_has_no_body():
    assert [type(item) for item in read(PG, 'CREATE TABLE "trigger" (a int); DROP TABLE t')] == [
        CreateTable,
        DropTable,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "/*!40101 SET NAMES utf8 */",
        "DROP TABLE t /*!50000 CASCADE */",
        "SELECT 1; /*M!100100 DROP TABLE t */ SELECT 2",
    ],
)
def test_a_comment_that_mysql_executes_is_opaque(text):
    assert "executes" in opaque(MY, text).reason
    assert "Opaque" not in names(PG, text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT " + "(" * 250 + "1" + ")" * 250,
        "SELECT " + "[" * 5000,
        "SELECT " + "NOT " * 5000 + "a",
        "SELECT a" + ".a" * 5000,
        "SELECT a" + "::int" * 5000,
        "UPDATE t SET a = " + "a + " * 5000 + "1",
        "SELECT " + "CASE WHEN a THEN " * 3000,
        "ALTER TABLE t ADD CHECK (" + "- " * 5000 + "1)",
        "CREATE TABLE t (a int DEFAULT " + "(" * 300 + "1" + ")" * 300 + ")",
        "'" * 2001,
        "$$" * 2001,
        "x" * 1_000_001,
    ],
    ids=lambda text: text[:30],
)
@pytest.mark.parametrize("dialect", [PG, MY])
def test_hostile_text_is_opaque(dialect, text):
    (found,) = read(dialect, text)
    assert isinstance(found, Opaque)


def test_a_long_list_is_no_hostile_text():
    values = ", ".join(f"'{number}'" for number in range(3000))
    (found,) = read(PG, f"UPDATE t SET a = 1 WHERE b IN ({values})")
    assert isinstance(found, Update)


def test_the_reason_quotes_the_start_of_the_statement():
    found = opaque(PG, "FROBNICATE   the\n table " + "x" * 200)
    assert found.reason.startswith(
        "SQL that is not understood (a statement that is not known): FROBNICATE the table"
    )
    assert len(found.reason) < 200
    assert len(found.source) <= 200


def test_sqlglot_says_nothing(caplog, capsys):
    with caplog.at_level(logging.DEBUG):
        for text in (
            "ALTER TABLE t FROBNICATE",
            "VACUUM x y z",
            "SELECT * FROM",
            "CREATE TABLE t (a int) foo",
        ):
            read(PG, text)
            read(MS, text)
    assert caplog.text == ""
    assert capsys.readouterr() == ("", "")
    assert not logging.getLogger("sqlglot").disabled


def test_binds_are_values():
    for text in (
        "SELECT a FROM t WHERE b = %s",
        "SELECT a FROM t WHERE b = %(x)s",
        "SELECT a FROM t WHERE b = :x",
    ):
        assert isinstance(read(PG, text)[0], Query)
    assert isinstance(read(MY, "SELECT a FROM t WHERE b = ?")[0], Query)
    assert isinstance(read(PG, "SELECT a % s FROM t")[0], Query)
    opaque(PG, "DELETE FROM :x")
    opaque(PG, "DELETE FROM %s")
