"""DO blocks: what is plain statements is lowered, the rest is named."""

from __future__ import annotations

import pytest

from mrt_lint.ops import (
    ColumnRead,
    CreateType,
    DropColumn,
    DropTable,
    Expression,
    Opaque,
    Probe,
    Query,
    Refuse,
    Update,
)
from mrt_lint.ops.guard import AllOf, Exists, Not, Test, Undecided
from mrt_lint.schema.names import Name
from tests.sql.reading import PG, S, T, check, opaque, read

DROP = DropTable(table=T)


def do(body, *expected):
    check(PG, f"DO $$ {body} $$", expected)


def asked(predicate, number=1):
    return Test(predicate, f"sql:1:1:{number}", 1)


def test_plain_statements_run_in_order():
    do(
        "BEGIN ALTER TABLE t DROP COLUMN a; DROP TABLE s; NULL; END",
        DropColumn(table=T, name="a"),
        DropTable(table=S),
    )


def test_language_may_stand_before_or_behind():
    check(PG, "DO LANGUAGE plpgsql $x$ BEGIN DROP TABLE t; END; $x$", (DROP,))
    check(PG, "DO 'BEGIN DROP TABLE t; END' LANGUAGE plpgsql", (DROP,))
    assert "plpython" in opaque(PG, "DO LANGUAGE plpython3u $$ x $$").reason


def test_statements_behind_the_block_count():
    check(PG, "DO $$ BEGIN DROP TABLE t; END $$; DROP TABLE s", (DROP, DropTable(table=S)))


def test_a_swallowed_duplicate_is_if_not_exists():
    do(
        "BEGIN CREATE TYPE m AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END",
        CreateType(type=Name("m"), labels=("a",), conditional=True),
    )


def test_a_swallowed_error_of_several_statements_is_undecided():
    guard = asked(Undecided("no undefined_table"))
    do(
        "BEGIN DROP TABLE t; DROP TABLE s; EXCEPTION WHEN undefined_table THEN RAISE NOTICE 'x'; END",
        DropTable(table=T, guard=guard),
        DropTable(table=S, guard=guard),
    )


def test_a_swallowed_other_error_is_undecided():
    do(
        "BEGIN DROP TABLE t; EXCEPTION WHEN others THEN NULL; END",
        DropTable(table=T, guard=asked(Undecided("no others"))),
    )


def test_a_handler_that_does_something_is_not_followed():
    found = opaque(PG, "DO $$ BEGIN DROP TABLE t; EXCEPTION WHEN others THEN DROP TABLE s; END $$")
    assert "EXCEPTION handler" in found.reason


EXISTING = [
    ("EXISTS (SELECT 1 FROM pg_type WHERE typname = 'm')", Exists("type", Name("m"))),
    (
        "EXISTS (SELECT * FROM information_schema.tables WHERE table_schema = 'x' AND table_name = 't')",
        Exists("table", Name("t", "x")),
    ),
    (
        "EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 't' AND column_name = 'a')",
        Exists("column", T, "a"),
    ),
    (
        "EXISTS (SELECT 1 FROM pg_indexes WHERE tablename = 't' AND indexname = 'i')",
        Exists("index", T, "i"),
    ),
    (
        "EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'c' AND conrelid = 't'::regclass)",
        Exists("constraint", T, "c"),
    ),
    ("EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'c')", Exists("constraint", Name(""), "c")),
    (
        "EXISTS (SELECT 1 FROM information_schema.table_constraints WHERE constraint_name = 'c'"
        " AND constraint_type = 'FOREIGN KEY' AND table_schema = current_schema())",
        Exists("constraint", Name(""), "c"),
    ),
    ("EXISTS (SELECT 1 FROM pg_class WHERE relname = 'i' AND relkind = 'i')", Exists("index", Name(""), "i")),
    ("EXISTS (SELECT 1 FROM pg_class WHERE relname = 't' AND relkind = 'r')", Exists("table", T)),
    (
        "(SELECT count(*) FROM information_schema.columns WHERE table_name = 't' AND column_name = 'a') > 0",
        Exists("column", T, "a"),
    ),
    ("to_regclass('x.t') IS NOT NULL", Exists("table", Name("t", "x"))),
]


@pytest.mark.parametrize(("condition", "predicate"), EXISTING, ids=[row[0] for row in EXISTING])
def test_a_question_to_the_catalogs_is_a_probe(condition, predicate):
    test = asked(predicate)
    do(
        f"BEGIN IF {condition} THEN DROP TABLE t; ELSE DROP TABLE s; END IF; END",
        Probe(test=test),
        DropTable(table=T, guard=test),
        DropTable(table=S, guard=Not(test)),
    )
    do(
        f"BEGIN IF NOT {condition} THEN DROP TABLE t; END IF; END"
        if condition.startswith("EXISTS")
        else f"BEGIN IF NOT ({condition}) THEN DROP TABLE t; END IF; END",
        Probe(test=test),
        DropTable(table=T, guard=Not(test)),
    )


@pytest.mark.parametrize(
    "condition",
    [
        "EXISTS (SELECT 1 FROM pg_type WHERE typname LIKE 'm%')",
        "EXISTS (SELECT 1 FROM t WHERE a = 1)",
        "EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 't')",
        "EXISTS (SELECT 1 FROM information_schema.tables WHERE table_name = 't' OR table_name = 's')",
        "EXISTS (SELECT 1 FROM tables WHERE table_name = 't')",
        "EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 't' AND column_name = 'a'"
        " AND data_type = 'text')",
        "(SELECT count(*) FROM t) > 0",
    ],
)
def test_any_other_condition_is_undecided(condition):
    (found,) = read(PG, f"DO $$ BEGIN IF {condition} THEN DROP TABLE t; END IF; END $$")
    assert isinstance(found.guard, Test)
    assert isinstance(found.guard.predicate, Undecided)


def test_elsif_excludes_what_came_before():
    first, second = asked(Undecided("a > 0"), 1), asked(Undecided("b > 0"), 2)
    do(
        "BEGIN IF a > 0 THEN DROP TABLE t; ELSIF b > 0 THEN DROP TABLE s; ELSE DROP TABLE u; END IF; END",
        DropTable(table=T, guard=first),
        DropTable(table=S, guard=AllOf((Not(first), second))),
        DropTable(table=Name("u"), guard=AllOf((Not(first), Not(second)))),
    )


def test_variables_are_values_that_are_not_known():
    do(
        "DECLARE n int := 5; r record; BEGIN SELECT count(*) INTO n FROM s; n := n + 1;"
        " UPDATE t SET a = n WHERE b = 1; END",
        Query(query="SELECT count(*) FROM s"),
        Query(query="SELECT mrt_hole_n + 1"),
        Update(
            table=T,
            assignments=(("a", Expression("mrt_hole_n")),),
            where="b = 1",
            where_reads=(ColumnRead((T,), "b"),),
            tests=read(PG, "UPDATE t SET a = 2 WHERE b = 1")[0].tests,
        ),
    )


def test_a_table_name_in_a_variable_is_not_known():
    (found,) = read(PG, "DO $$ DECLARE x text; BEGIN DELETE FROM x; END $$")
    assert isinstance(found, Opaque)


def test_raise_exception_refuses_and_notices_only_print():
    do(
        "BEGIN RAISE NOTICE 'x'; IF a THEN RAISE EXCEPTION 'cannot'; END IF; END",
        Refuse(exception="RAISE EXCEPTION", message="cannot", guard=asked(Undecided("a"))),
    )


def test_execute_of_a_literal_runs_it():
    do("BEGIN EXECUTE 'DROP TABLE t; DROP TABLE s'; END", DROP, DropTable(table=S))


def test_perform_of_a_known_function_reads():
    do("BEGIN PERFORM pg_sleep(1); END", Query(query="SELECT pg_sleep(1)"))
    (found,) = read(PG, "DO $$ BEGIN PERFORM f(); END $$")
    assert isinstance(found, Opaque)


def test_nested_blocks():
    do("BEGIN BEGIN DROP TABLE t; END; <<x>> BEGIN DROP TABLE s; END x; END", DROP, DropTable(table=S))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("BEGIN FOR r IN SELECT 1 LOOP DROP TABLE t; END LOOP; END", "FOR"),
        ("BEGIN WHILE true LOOP DROP TABLE t; END LOOP; END", "WHILE"),
        ("BEGIN EXECUTE format('DROP TABLE %I', 't'); END", "EXECUTE"),
        ("BEGIN RETURN; DROP TABLE t; END", "RETURN"),
        ("BEGIN CASE WHEN a THEN DROP TABLE t; END CASE; END", "CASE"),
        ("BEGIN DROP TABLE t;", "does not end"),
        ("DROP TABLE t;", "BEGIN expected"),
        ("BEGIN " * 60 + "NULL;" + "END; " * 60, "nested too deeply"),
    ],
)
def test_what_cannot_be_followed_is_named(body, reason):
    found = opaque(PG, f"DO $$ {body} $$")
    assert reason in found.reason
    assert found.tables is None
