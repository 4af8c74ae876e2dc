"""Settings, transactions, locks, maintenance, and code that is not followed."""

from __future__ import annotations

import pytest

from mrt_lint.ops import DropTable, Maintain, Query, SetVariable, TransactionControl
from mrt_lint.ops.guard import Test, Undecided
from mrt_lint.schema.names import Name
from tests.sql.reading import LITE, MS, MY, ORA, PG, S, T, case, check, opaque

SETTINGS = [
    case(PG, "SET lock_timeout = '5s'", SetVariable(name="lock_timeout", value="5s")),
    case(PG, "SET LOCAL lock_timeout TO 5000", SetVariable(name="lock_timeout", value="5000", local=True)),
    case(PG, "SET SESSION search_path TO a, public", SetVariable(name="search_path", value="a, public")),
    case(PG, "SET search_path TO DEFAULT", SetVariable(name="search_path", value=None)),
    case(PG, "SET ROLE bob", SetVariable(name="role", value="bob")),
    case(PG, "SET TIME ZONE 'utc'", SetVariable(name="timezone", value="utc")),
    case(PG, "SET CONSTRAINTS ALL DEFERRED", SetVariable(name="constraints", value="all deferred")),
    case(PG, "RESET lock_timeout", SetVariable(name="lock_timeout", value=None)),
    case(PG, "RESET ALL", SetVariable(name="all", value=None)),
    case(MY, "SET FOREIGN_KEY_CHECKS=0", SetVariable(name="foreign_key_checks", value="0")),
    case(
        MY,
        "SET @x = 1, SESSION sql_mode = '', @@session.sql_log_bin = 0",
        SetVariable(name="x", value="1"),
        SetVariable(name="sql_mode", value=""),
        SetVariable(name="sql_log_bin", value="0"),
    ),
    case(MY, "SET NAMES utf8mb4", SetVariable(name="names", value="utf8mb4")),
    case(MS, "SET NOCOUNT ON", SetVariable(name="nocount", value="ON")),
    case(MS, "SET IDENTITY_INSERT t ON", SetVariable(name="identity_insert", value="t ON")),
    case(LITE, "PRAGMA foreign_keys = OFF", SetVariable(name="foreign_keys", value="OFF")),
    case(LITE, "PRAGMA main.foreign_keys(1)", SetVariable(name="foreign_keys", value="1")),
    case(LITE, "PRAGMA foreign_keys", Query(query="PRAGMA foreign_keys")),
    case(PG, "SHOW lock_timeout", Query(query="lock_timeout")),
]


def control(dialect, sql, action, *tables):
    return case(dialect, sql, TransactionControl(action=action, tables=tuple(tables)))


TRANSACTIONS = [
    control(PG, "BEGIN", "begin"),
    control(PG, "BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY", "begin"),
    control(MY, "START TRANSACTION WITH CONSISTENT SNAPSHOT", "begin"),
    control(LITE, "BEGIN IMMEDIATE TRANSACTION", "begin"),
    control(MS, "BEGIN TRANSACTION", "begin"),
    control(PG, "COMMIT;", "commit"),
    control(PG, "COMMIT WORK AND NO CHAIN", "commit"),
    control(PG, "END", "commit"),
    control(PG, "ROLLBACK", "rollback"),
    control(PG, "ROLLBACK TO SAVEPOINT x", "rollback"),
    control(PG, "SAVEPOINT x", "savepoint"),
    control(PG, "RELEASE SAVEPOINT x", "release"),
    control(PG, "LOCK TABLE t, ONLY x.s IN ACCESS EXCLUSIVE MODE NOWAIT", "lock", T, Name("s", "x")),
    control(PG, "LOCK t", "lock", T),
    control(MY, "LOCK TABLES t WRITE, s AS x READ LOCAL", "lock", T, S),
    control(MY, "UNLOCK TABLES", "release"),
]

MAINTENANCE = [
    case(PG, "VACUUM", Maintain(what="vacuum")),
    case(PG, "VACUUM FULL VERBOSE t", Maintain(what="vacuum", target=T, full=True)),
    case(
        PG,
        "VACUUM (FULL, ANALYZE) t (a, b), s",
        Maintain(what="vacuum", target=T, full=True),
        Maintain(what="vacuum", target=S, full=True),
    ),
    case(PG, "ANALYZE t", Maintain(what="analyze", target=T)),
    case(MY, "ANALYZE TABLE t", Maintain(what="analyze", target=T)),
    case(MY, "OPTIMIZE TABLE t", Maintain(what="optimize", target=T)),
    case(PG, "CLUSTER t USING i", Maintain(what="cluster", target=T)),
    case(
        PG, "REFRESH MATERIALIZED VIEW CONCURRENTLY t", Maintain(what="refresh", target=T, concurrently=True)
    ),
    case(PG, "REFRESH MATERIALIZED VIEW t WITH DATA", Maintain(what="refresh", target=T)),
]


@pytest.mark.parametrize(("dialect", "sql", "expected"), SETTINGS + TRANSACTIONS + MAINTENANCE)
def test_statement(dialect, sql, expected):
    check(dialect, sql, expected)


@pytest.mark.parametrize(
    ("dialect", "sql", "reason"),
    [
        (PG, "CALL f()", "CALL"),
        (MS, "EXEC dbo.f @x = 1", "procedure f"),
        (PG, "EXECUTE prepared", "procedure prepared"),
        (PG, "DROP DATABASE x", "DROP DATABASE"),
        (PG, "ALTER SYSTEM SET a = 1", "ALTER SYSTEM"),
        (PG, "DROP OWNED BY bob", "DROP OWNED"),
        (PG, "REFRESH MATERIALIZED VIEW t WITH NO DATA", "empties"),
        (LITE, "PRAGMA writable_schema = 1", "writable_schema"),
        (LITE, "ATTACH DATABASE 'x' AS y", "ATTACH"),
        (MY, "USE x", "USE"),
        (MY, "PREPARE s FROM 'DROP TABLE t'", "PREPARE"),
        (MY, "DELIMITER //", "not known"),
        (ORA, "BEGIN EXECUTE IMMEDIATE 'DROP TABLE t'; END;", "EXECUTE"),
        (ORA, "DECLARE x NUMBER; BEGIN DELETE FROM t; END;", "DECLARE"),
        (MS, "DECLARE @x int", "DECLARE"),
        (MS, "EXEC sp_rename 't', 's', 'USERDATATYPE'", "sp_rename"),
        (PG, "FROBNICATE t", "not known"),
        (PG, "SET", "expected"),
        (PG, "COMMIT PREPARED 'x'", "PREPARED"),
    ],
)
def test_what_may_do_anything_is_opaque_and_says_why(dialect, sql, reason):
    found = opaque(dialect, sql)
    assert reason in found.reason
    assert found.tables is None or reason == "empties"


def test_one_statement_under_a_condition_of_sql_server():
    text = "IF OBJECT_ID('t') IS NOT NULL DROP TABLE t"
    test = Test(Undecided("OBJECT_ID ('t') IS NOT NULL"), "sql:1:1:1", 1)
    check(MS, text, (DropTable(table=T, guard=test),))


@pytest.mark.parametrize(
    "sql",
    ["IF 1 = 1 DROP TABLE t ELSE DROP TABLE s", "IF 1 = 1 BEGIN DROP TABLE t END", "IF 1 = 1 SELECT 1", "IF"],
)
def test_other_conditions_of_sql_server_are_opaque(sql):
    opaque(MS, sql)
