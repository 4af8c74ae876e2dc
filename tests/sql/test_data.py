"""INSERT, UPDATE, DELETE, MERGE, TRUNCATE, COPY, SELECT and WITH."""

from __future__ import annotations

import pytest

from mrt_lint.ops import (
    AlterSequence,
    CallFunction,
    ColumnRead,
    ColumnTest,
    Delete,
    Expression,
    Insert,
    Lookup,
    Merge,
    Query,
    SetVariable,
    Truncate,
    Update,
)
from mrt_lint.schema.names import Name
from tests.sql.reading import LITE, MS, MY, ORA, PG, S, T, case, check, opaque, read


def constant(sql):
    return Expression(sql, literal=True)


def copied(column, table=T, sql=None, lookup=None):
    """Returns a plain copy of a column, of the row that `lookup` finds."""
    return Expression(sql or column, column, (ColumnRead((table,), column),), lookup=lookup)


def derived(sql, *reads):
    """Returns an expression that reads these columns."""
    return Expression(sql, reads=tuple(reads))


def update(column, value, where="", tests=(), **fields):
    return Update(
        table=fields.pop("table", T), assignments=((column, value),), where=where, tests=tests, **fields
    )


TA, TB, TC, TI = (ColumnRead((T,), name) for name in ("a", "b", "c", "id"))
SB, SC, SI = (ColumnRead((S,), name) for name in ("b", "c", "id"))
OF_S = ColumnRead((S,))
BY_ID = Lookup(S, (("id", "id"),))


def near(column):
    """Returns an unqualified column in a query from s inside a statement on t."""
    return ColumnRead((S, T), column)


def looked_up(sql, column, *reads):
    """Returns a column of the row of s that a subquery finds by its id."""
    return Expression(sql, column, (OF_S, *reads), lookup=BY_ID)


INSERTS = [
    case(
        PG,
        "INSERT INTO t (a, b) VALUES (1, 'x'), (-2, NULL)",
        Insert(table=T, columns=("a", "b"), rows=(("1", "'x'"), ("-2", "NULL"))),
    ),
    case(PG, "INSERT INTO s.t VALUES (true)", Insert(table=Name("t", "s"), rows=(("TRUE",),))),
    case(
        PG,
        "INSERT INTO t (a, b) VALUES (1, now())",
        Insert(table=T, columns=("a", "b"), rows=(("1", "CURRENT_TIMESTAMP"),)),
    ),
    case(PG, "INSERT INTO t (a, b) VALUES (1, %s)", Insert(table=T, columns=("a", "b"), rows=(("1", ""),))),
    case(PG, "INSERT INTO t (a) VALUES (:x)", Insert(table=T, columns=("a",))),
    case(PG, "INSERT INTO t (a) VALUES (%(x)s)", Insert(table=T, columns=("a",))),
    case(MY, "INSERT INTO t (a) VALUES (?)", Insert(table=T, columns=("a",))),
    case(PG, "INSERT INTO t DEFAULT VALUES", Insert(table=T, columns=(), rows=((),))),
    case(
        PG,
        "INSERT INTO t (a, b) VALUES (1, DEFAULT)",
        Insert(table=T, columns=("a", "b"), rows=(("1", "DEFAULT"),)),
    ),
    case(
        PG,
        "INSERT INTO t (a) OVERRIDING SYSTEM VALUE VALUES (1) RETURNING a",
        Insert(table=T, columns=("a",), rows=(("1",),)),
    ),
    case(
        PG,
        "INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO NOTHING",
        Insert(table=T, columns=("a",), rows=(("1",),), skips=True),
    ),
    case(
        PG,
        "INSERT INTO t (a) VALUES (1) ON CONFLICT ON CONSTRAINT c DO UPDATE SET a = excluded.a WHERE t.a > 0",
        Insert(table=T, columns=("a",), rows=(("1",),), replaces=True, updates=("a",)),
    ),
    case(
        PG,
        "INSERT INTO t (a, b) VALUES (1, 2) ON CONFLICT (a) DO UPDATE SET (b, c) = (excluded.b, 3)",
        Insert(table=T, columns=("a", "b"), rows=(("1", "2"),), replaces=True, updates=("b", "c")),
    ),
    case(
        MY, "INSERT IGNORE INTO t (a) VALUES (1)", Insert(table=T, columns=("a",), rows=(("1",),), skips=True)
    ),
    case(
        MY,
        "INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = VALUES(a)",
        Insert(table=T, columns=("a",), rows=(("1",),), replaces=True, updates=("a",)),
    ),
    case(
        MY,
        "INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE t.b = b + 1, c = 2",
        Insert(table=T, columns=("a",), rows=(("1",),), replaces=True, updates=("b", "c")),
    ),
    case(
        LITE,
        "INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = 2",
        Insert(table=T, columns=("a",), rows=(("1",),), replaces=True, updates=("b",)),
    ),
    case(MY, "REPLACE INTO t (a) VALUES (1)", Insert(table=T, columns=("a",), rows=(("1",),), replaces=True)),
    case(
        MY,
        "INSERT LOW_PRIORITY INTO t SET a = 1, b = 'x'",
        Insert(table=T, columns=("a", "b"), rows=(("1", "'x'"),)),
    ),
    case(MY, 'INSERT INTO t (a) VALUES ("x")', Insert(table=T, columns=("a",), rows=(("'x'",),))),
    case(LITE, "INSERT OR REPLACE INTO t VALUES (1)", Insert(table=T, rows=(("1",),), replaces=True)),
    case(LITE, "INSERT OR IGNORE INTO t VALUES (1)", Insert(table=T, rows=(("1",),), skips=True)),
    case(LITE, "REPLACE INTO t VALUES (1)", Insert(table=T, rows=(("1",),), replaces=True)),
    case(MS, "INSERT t (a) VALUES (1)", Insert(table=T, columns=("a",), rows=(("1",),))),
    case(
        PG,
        "INSERT INTO t (a, b) SELECT x, y + 1 FROM s WHERE z > 0",
        Insert(
            table=T,
            columns=("a", "b"),
            source=S,
            values=(copied("x", S), derived("y + 1", ColumnRead((S,), "y"))),
            where="z > 0",
            query="SELECT x, y + 1 FROM s WHERE z > 0",
        ),
    ),
    case(
        PG,
        "INSERT INTO t SELECT * FROM s AS x",
        Insert(table=T, source=S, query="SELECT * FROM s AS x"),
    ),
    case(
        PG,
        "INSERT INTO t (a) SELECT x.id FROM s x ORDER BY x.id",
        Insert(
            table=T,
            columns=("a",),
            source=S,
            values=(copied("id", S, "x.id"),),
            query="SELECT x.id FROM s AS x ORDER BY x.id",
        ),
    ),
    case(
        PG,
        "INSERT INTO t (a) SELECT id FROM s LIMIT 5",
        Insert(table=T, columns=("a",), query="SELECT id FROM s LIMIT 5"),
    ),
    case(
        PG,
        "INSERT INTO t (a) SELECT max(id) FROM s",
        Insert(table=T, columns=("a",), query="SELECT max(id) FROM s"),
    ),
    case(
        PG,
        "INSERT INTO t (a) SELECT unnest(ids) FROM s",
        Insert(table=T, columns=("a",), query="SELECT unnest(ids) FROM s"),
    ),
    case(
        PG,
        "INSERT INTO t SELECT 1 UNION ALL SELECT 2",
        Insert(table=T, query="SELECT 1 UNION ALL SELECT 2"),
    ),
    case(PG, "COPY t (a, b) FROM STDIN WITH (FORMAT csv)", Insert(table=T, columns=("a", "b"))),
    case(
        ORA,
        "INSERT ALL INTO a VALUES (1) INTO b VALUES (2) SELECT * FROM dual",
        Insert(table=Name("A"), query="INSERT ALL INTO A VALUES (1) INTO B VALUES (2) SELECT * FROM DUAL"),
        Insert(table=Name("B"), query="INSERT ALL INTO A VALUES (1) INTO B VALUES (2) SELECT * FROM DUAL"),
    ),
]

UPDATES = [
    case(PG, "UPDATE t SET a = 1", update("a", constant("1"))),
    case(PG, "UPDATE t SET a = 1 WHERE TRUE", update("a", constant("1"))),
    case(MY, "UPDATE t SET a = 1 WHERE 1=1", update("a", constant("1"))),
    case(PG, "UPDATE t SET a = NULL WHERE (1 = 1) AND TRUE", update("a", constant("NULL"))),
    case(PG, "UPDATE ONLY t SET a = b", update("a", copied("b"))),
    case(PG, "UPDATE t SET a = t.b", update("a", copied("b", sql="t.b"))),
    case(PG, "UPDATE t AS x SET a = x.b", update("a", copied("b", sql="x.b"))),
    case(PG, "UPDATE t SET a = b || 'x'", update("a", derived("b || 'x'", TB))),
    case(PG, "UPDATE t SET a = b::text", update("a", derived("CAST(b AS TEXT)", TB))),
    case(
        PG,
        "UPDATE t SET a = 1 WHERE a IS NULL",
        update("a", constant("1"), "a IS NULL", (ColumnTest("a", "is null"),), where_reads=(TA,)),
    ),
    case(
        PG,
        "UPDATE t SET a = 1 WHERE b IS NOT NULL AND c = 'x'",
        update(
            "a",
            constant("1"),
            "b IS NOT NULL AND c = 'x'",
            (ColumnTest("b", "is not null"), ColumnTest("c", "=", ("'x'",))),
            where_reads=(TB, TC),
        ),
    ),
    case(
        MY,
        "UPDATE t SET a = 1 WHERE NOT (b IS NULL) AND c IN (1, 2) AND t.a <> 3",
        update(
            "a",
            constant("1"),
            "b IS NOT NULL AND c IN (1, 2) AND t.a <> 3",
            (
                ColumnTest("b", "is not null"),
                ColumnTest("c", "in", ("1", "2")),
                ColumnTest("a", "<>", ("3",)),
            ),
            where_reads=(TB, TC, TA),
        ),
    ),
    case(
        PG,
        "UPDATE t SET a = 1 WHERE b > 0 OR c IS NULL",
        update("a", constant("1"), "b > 0 OR c IS NULL", None, where_reads=(TB, TC)),
    ),
    case(
        PG,
        "UPDATE t SET a = 1 WHERE b = NULL",
        update("a", constant("1"), "b = NULL", None, where_reads=(TB,)),
    ),
    case(
        PG,
        "UPDATE t SET a = %s WHERE b = :b",
        update("a", Expression("%(value)s"), "b = %(b)s", None, where_reads=(TB,)),
    ),
    case(
        PG,
        "UPDATE t SET a = s.b FROM s WHERE s.id = t.id",
        update(
            "a",
            copied("b", S, "s.b", BY_ID),
            "s.id = t.id",
            None,
            where_reads=(SI, TI),
            sources=(S,),
            matches=BY_ID,
        ),
    ),
    case(
        MY,
        "UPDATE t JOIN s ON t.id = s.id SET t.a = s.b WHERE s.c = 1",
        update(
            "a",
            copied("b", S, "s.b"),
            "t.id = s.id AND s.c = 1",
            None,
            where_reads=(TI, SI, SC),
            sources=(S,),
        ),
    ),
    case(
        MY,
        "UPDATE t LEFT JOIN s ON t.id = s.id SET t.a = s.b",
        update("a", copied("b", S, "s.b", BY_ID), "", None, sources=(S,)),
    ),
    case(
        MY,
        "UPDATE t, s SET t.a = 1, s.b = 2 WHERE t.id = s.id",
        update("a", constant("1"), "t.id = s.id", None, where_reads=(TI, SI), sources=(S,), matches=BY_ID),
        update("b", constant("2"), "t.id = s.id", None, table=S, where_reads=(TI, SI), sources=(T,)),
    ),
    case(
        MS,
        "UPDATE x SET a = s.b FROM t x JOIN s ON s.id = x.id",
        update(
            "a",
            copied("b", S, "s.b", BY_ID),
            "s.id = x.id",
            None,
            where_reads=(SI, TI),
            sources=(S,),
            matches=BY_ID,
        ),
    ),
    case(MY, "UPDATE t SET a = 1 LIMIT 5", update("a", constant("1"), "LIMIT 5", None)),
    case(
        MY,
        "UPDATE LOW_PRIORITY IGNORE t SET a = 1 WHERE b = 2 ORDER BY id LIMIT 5",
        update("a", constant("1"), "b = 2 ORDER BY id LIMIT 5", None, where_reads=(TB,), ignores=True),
    ),
    case(MS, "UPDATE TOP (5) t SET a = 1", update("a", constant("1"), "LIMIT 5", None)),
    case(MY, 'UPDATE t SET a = "x"', update("a", constant("'x'"))),
    case(PG, 'UPDATE t SET a = "x"', update("a", copied("x"))),
    case(PG, "UPDATE t SET a = DEFAULT", update("a", Expression("DEFAULT"))),
    case(
        PG,
        "UPDATE t SET (a, b) = (1, c)",
        Update(table=T, assignments=(("a", constant("1")), ("b", copied("c"))), tests=()),
    ),
    case(
        PG,
        "UPDATE t SET (a, b) = (SELECT x, y FROM s)",
        Update(
            table=T,
            assignments=(
                ("a", derived("(SELECT x, y FROM s)", OF_S, near("x"), near("y"))),
                ("b", derived("(SELECT x, y FROM s)", OF_S, near("x"), near("y"))),
            ),
            tests=(),
        ),
    ),
    case(
        PG,
        "UPDATE t SET a = (SELECT s.b FROM s WHERE s.id = t.id)",
        update("a", looked_up("(SELECT s.b FROM s WHERE s.id = t.id)", "b", SB, SI, TI)),
    ),
    case(
        PG,
        "UPDATE t SET (a, c) = (SELECT s.b, s.c FROM s WHERE s.id = t.id)",
        Update(
            table=T,
            assignments=(
                ("a", looked_up("(SELECT s.b, s.c FROM s WHERE s.id = t.id)", "b", SB, SC, SI, TI)),
                ("c", looked_up("(SELECT s.b, s.c FROM s WHERE s.id = t.id)", "c", SB, SC, SI, TI)),
            ),
            tests=(),
        ),
    ),
    case(
        PG,
        "UPDATE t SET a = (SELECT b FROM s WHERE id = t.id) WHERE EXISTS (SELECT 1 FROM s WHERE s.id = t.id)",
        update(
            "a",
            looked_up("(SELECT b FROM s WHERE id = t.id)", "b", near("b"), near("id"), TI),
            "EXISTS(SELECT 1 FROM s WHERE s.id = t.id)",
            None,
            where_reads=(OF_S, SI, TI),
            matches=BY_ID,
        ),
    ),
    case(
        PG,
        "UPDATE t SET a = 1 WHERE id IN (SELECT s.id FROM s)",
        update(
            "a",
            constant("1"),
            "id IN (SELECT s.id FROM s)",
            None,
            where_reads=(OF_S, TI, SI),
            matches=BY_ID,
        ),
    ),
    case(
        PG,
        "UPDATE t SET a = (SELECT max(s.b) FROM s WHERE s.id = t.id)",
        update("a", derived("(SELECT max(s.b) FROM s WHERE s.id = t.id)", OF_S, SB, SI, TI)),
    ),
    case(
        PG,
        "UPDATE t SET a = (SELECT s.b FROM s WHERE s.id = t.id AND s.c = 1)",
        update("a", derived("(SELECT s.b FROM s WHERE s.id = t.id AND s.c = 1)", OF_S, SB, SI, TI, SC)),
    ),
    case(
        PG,
        "UPDATE t SET a = 1 WHERE b IN (SELECT c AS n FROM s GROUP BY n HAVING count(*) > 1)",
        update(
            "a",
            constant("1"),
            "b IN (SELECT c AS n FROM s GROUP BY n HAVING count(*) > 1)",
            None,
            where_reads=(OF_S, TB, near("c"), ColumnRead((S, T), "n", False)),
        ),
    ),
    case(
        PG,
        "UPDATE t SET a = 1 WHERE b IN (SELECT q.x FROM (SELECT c AS x FROM s) q WHERE y = 1)",
        update(
            "a",
            constant("1"),
            "b IN (SELECT q.x FROM (SELECT c AS x FROM s) AS q WHERE y = 1)",
            None,
            where_reads=(OF_S, TB, SC, near("c"), ColumnRead((T,), "y")),
        ),
    ),
    case(
        PG,
        "UPDATE t SET a = 1 WHERE ctid IN (SELECT min(ctid) FROM t GROUP BY b)",
        update(
            "a",
            constant("1"),
            "ctid IN (SELECT min(ctid) FROM t GROUP BY b)",
            None,
            where_reads=(ColumnRead((T,)), ColumnRead((T,), "ctid"), TB),
        ),
    ),
    case(PG, "UPDATE t SET a[1] = 5", update("a", derived("a[1] = 5", TA))),
    case(PG, "UPDATE t SET doc.x = 5", update("doc", constant("5"))),
    case(
        PG,
        "WITH c AS (SELECT id, b AS z FROM s) UPDATE t SET a = c.z FROM c WHERE c.id = t.id",
        update("a", derived("c.z", SB), "c.id = t.id", None, where_reads=(SI, TI), sources=(S,)),
    ),
]

CALLS = [
    case(
        PG,
        "UPDATE t SET a = noted(b)",
        update("a", derived("noted(b)", TB)),
        CallFunction(functions=(Name("noted"),)),
    ),
    case(
        PG,
        "DELETE FROM t WHERE app.old(a)",
        Delete(table=T, where="app.old(a)", where_reads=(TA,)),
        CallFunction(functions=(Name("old", "app"),)),
    ),
    case(PG, "UPDATE t SET a = nextval('s')", update("a", derived("nextval('s')"))),
]

DELETES = [
    case(PG, "DELETE FROM t", Delete(table=T, tests=())),
    case(PG, "DELETE FROM ONLY t WHERE true", Delete(table=T, tests=())),
    case(
        PG,
        "DELETE FROM t WHERE a = 1",
        Delete(table=T, where="a = 1", where_reads=(TA,), tests=(ColumnTest("a", "=", ("1",)),)),
    ),
    case(
        PG,
        "DELETE FROM t x USING s WHERE s.id = x.id",
        Delete(table=T, where="s.id = x.id", where_reads=(SI, TI), sources=(S,)),
    ),
    case(
        MY,
        "DELETE t FROM t JOIN s ON t.id = s.id",
        Delete(table=T, where="t.id = s.id", where_reads=(TI, SI), sources=(S,)),
    ),
    case(
        MY,
        "DELETE t, s FROM t JOIN s ON t.id = s.id",
        Delete(table=T, where="t.id = s.id", where_reads=(TI, SI), sources=(S,)),
        Delete(table=S, where="t.id = s.id", where_reads=(TI, SI), sources=(T,)),
    ),
    case(MY, "DELETE FROM t LIMIT 5", Delete(table=T, where="LIMIT 5")),
    case(MY, "DELETE QUICK FROM t", Delete(table=T, tests=())),
    case(
        MS,
        "DELETE x FROM t x JOIN s ON s.id = x.id",
        Delete(table=T, where="s.id = x.id", where_reads=(SI, TI), sources=(S,)),
    ),
    case(ORA, "DELETE t", Delete(table=Name("T"), tests=())),
    case(
        PG,
        "DELETE FROM t WHERE id IN (SELECT tid FROM s)",
        Delete(
            table=T,
            where="id IN (SELECT tid FROM s)",
            where_reads=(OF_S, TI, near("tid")),
        ),
    ),
]

WITHS = [
    case(
        PG,
        "WITH d AS (DELETE FROM t RETURNING *) INSERT INTO s SELECT * FROM d",
        Delete(table=T, tests=()),
        Insert(table=S, query="SELECT * FROM d"),
    ),
    case(
        PG,
        "WITH d AS (DELETE FROM t RETURNING a), u AS (UPDATE s SET b = 1 RETURNING b) SELECT * FROM d, u",
        Delete(table=T, tests=()),
        update("b", constant("1"), table=S),
        Query(
            query="WITH d AS (DELETE FROM t RETURNING a), u AS (UPDATE s SET b = 1 RETURNING b)"
            " SELECT * FROM d, u"
        ),
    ),
    case(
        PG,
        "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET a = s.b"
        " WHEN NOT MATCHED THEN INSERT (id, b) VALUES (s.id, 1)",
        Merge(
            table=T,
            columns=("a", "id", "b"),
            query="MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET a = s.b"
            " WHEN NOT MATCHED THEN INSERT (id, b) VALUES (s.id, 1)",
        ),
    ),
    case(PG, "TRUNCATE t", Truncate(table=T)),
    case(
        PG,
        "TRUNCATE TABLE t, ONLY x.s RESTART IDENTITY CASCADE",
        Truncate(table=T, restart_identity=True, cascade=True),
        Truncate(table=Name("s", "x"), restart_identity=True, cascade=True),
    ),
    case(MY, "TRUNCATE TABLE t", Truncate(table=T)),
]

QUERIES = [
    case(
        PG,
        "SELECT a, lower(b) FROM t WHERE c > now()",
        Query(query="SELECT a, lower(b) FROM t WHERE c > CURRENT_TIMESTAMP"),
    ),
    case(PG, "SELECT 1 FOR UPDATE", Query(query="SELECT 1 FOR UPDATE")),
    case(PG, "VALUES (1)", Query(query="VALUES (1)")),
    case(PG, "SELECT pg_catalog.pg_table_size('t')", Query(query="SELECT pg_catalog.pg_table_size('t')")),
    case(PG, "SELECT pg_advisory_lock(1)", Query(query="SELECT pg_advisory_lock(1)")),
    case(MY, "SELECT DATABASE(), VERSION()", Query(query="SELECT database(), version()")),
    case(PG, "COPY (SELECT 1) TO STDOUT", Query(query="COPY (SELECT 1) to stdout")),
    case(PG, "EXPLAIN DELETE FROM t", Query(query="EXPLAIN delete from t")),
    case(PG, "EXPLAIN ANALYZE DELETE FROM t", Delete(table=T, tests=())),
    case(
        PG,
        "SELECT setval('t_id_seq', (SELECT max(id) FROM t))",
        AlterSequence(
            sequence=Name("t_id_seq"),
            change="setval('t_id_seq', (SELECT max(id) FROM t))",
            position=True,
        ),
    ),
    case(
        PG,
        "SELECT setval(pg_get_serial_sequence('x.t', 'id'), 5, false)",
        AlterSequence(
            sequence=Name("t_id_seq", "x"),
            change="setval(pg_get_serial_sequence('x.t', 'id'), 5, FALSE)",
            position=True,
        ),
    ),
    case(
        PG,
        "SELECT nextval('public.\"Seq\"'::regclass)",
        AlterSequence(sequence=Name("Seq", "public"), change="nextval('public.\"Seq\"')", position=True),
    ),
    case(
        PG,
        "SELECT pg_catalog.set_config('search_path', '', false)",
        SetVariable(name="search_path", value=""),
    ),
]


@pytest.mark.parametrize(
    ("dialect", "sql", "expected"), INSERTS + UPDATES + CALLS + DELETES + WITHS + QUERIES
)
def test_statement(dialect, sql, expected):
    check(dialect, sql, expected)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT create_hypertable('t', 'x')",
        "SELECT my_function(1)",
        "SELECT lower(my_function(a)) FROM t",
        "SELECT other.lower(a) FROM t",
        'SELECT "Lower"(a) FROM t WHERE cron.schedule(1)',
        "WITH c AS (SELECT my_function(1)) SELECT * FROM c",
        "SELECT setval('s', my_function())",
        "SELECT setval('s', 1), my_function()",
        "SELECT nextval('s') FROM generate_series(1, my_function())",
        "SELECT lo_unlink(5)",
        "SELECT dblink_exec('DROP TABLE t')",
        "SELECT pg_terminate_backend(1)",
    ],
)
def test_a_call_that_may_do_anything_is_opaque(sql):
    found = opaque(PG, sql)
    assert found.tables is None
    assert not found.data_only


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        (PG, "UPDATE t SET a = 1 FROBNICATE"),
        (PG, "DELETE FROM t WHERE CURRENT OF c"),
        (PG, "INSERT INTO t (a) FROBNICATE"),
        (LITE, "UPDATE OR REPLACE t SET a = 1"),
    ],
)
def test_a_write_that_is_not_understood_concerns_the_rows_of_its_table(dialect, sql):
    found = opaque(dialect, sql)
    assert found.data_only
    assert found.tables in ((T,), None)


def test_an_update_of_several_tables_that_is_not_understood_is_not_bounded():
    assert opaque(MY, "UPDATE t, s SET t.a = 1 FROBNICATE").tables is None


def test_many_rows_are_not_kept():
    rows = ", ".join(f"({number})" for number in range(2000))
    assert read(PG, f"INSERT INTO t (a) VALUES {rows}") == (Insert(table=T, columns=("a",), sql=True),)


def test_a_select_that_cannot_be_parsed_but_surely_only_reads():
    (found,) = read(PG, "SELECT a FROM t WHERE a > 1 mrt_hole_0 ORDER BY a")
    assert isinstance(found, Query)
    opaque(PG, "SELECT f(a) FROM t WHERE a > 1 mrt_hole_0 ORDER BY a")
    opaque(PG, "SELECT a INTO u FROM t WHERE a > 1 mrt_hole_0 ORDER BY a")


def test_a_self_join_reads_another_row():
    (found,) = read(PG, "UPDATE t SET a = x.b FROM t x")
    assert found.sources == (T,)
    assert found.assignments[0][1].column is None
    (found,) = read(PG, "DELETE FROM t a USING t b WHERE a.id < b.id")
    assert found.sources == (T,)


def test_mysql_assigns_from_left_to_right():
    swap = "UPDATE t SET a = b, b = a"
    assert [value.column for _, value in read(PG, swap)[0].assignments] == ["b", "a"]
    assert [value.column for _, value in read(MY, swap)[0].assignments] == ["b", None]


def test_constants_that_are_selected_are_rows():
    (found,) = read(PG, "INSERT INTO t (a, b) SELECT 1, 'x' WHERE NOT EXISTS (SELECT 1 FROM t WHERE a = 1)")
    assert (found.rows, found.skips, found.source) == ((("1", "'x'"),), True, None)
    (found,) = read(PG, "INSERT INTO t (a, b) SELECT 1, 'x'")
    assert (found.rows, found.skips) == ((("1", "'x'"),), False)
    (found,) = read(PG, "INSERT INTO t (a) SELECT generate_series(1, 5)")
    assert found.rows is None


def test_select_into_a_variable_only_reads():
    assert read(MY, "SELECT max(a) INTO @x FROM t") == (Query(query="SELECT max(a) FROM t", sql=True),)


def test_a_write_inside_a_query_is_opaque():
    opaque(PG, "INSERT INTO t SELECT * FROM (WITH d AS (DELETE FROM s RETURNING *) SELECT * FROM d) x")
    opaque(PG, "SELECT * FROM (WITH d AS (DELETE FROM s RETURNING *) SELECT * FROM d) x")
