"""Views, types, sequences, triggers, functions, grants and all other objects."""

from __future__ import annotations

import pytest

from mrt_lint.ops import (
    AddEnumValue,
    AlterObject,
    AlterSequence,
    ColumnRead,
    CreateFunction,
    CreateObject,
    CreateSequence,
    CreateTrigger,
    CreateType,
    CreateView,
    DropFunction,
    DropObject,
    DropSequence,
    DropTrigger,
    DropType,
    DropView,
    RenameEnumValue,
    RenameObject,
)
from mrt_lint.schema.names import UNKNOWN, Name
from mrt_lint.schema.objects import SchemaObject
from tests.sql.reading import LITE, MS, MY, ORA, PG, S, T, case, check, opaque, read

V = Name("v")
OF_A = {"reads": (ColumnRead((T,)), ColumnRead((T,), "a")), "columns": ("a",)}

VIEWS = [
    case(PG, "CREATE VIEW v AS SELECT a FROM t", CreateView(view=V, query="SELECT a FROM t", **OF_A)),
    case(
        PG,
        "CREATE OR REPLACE VIEW x.v (p) AS SELECT a FROM t WITH CHECK OPTION",
        CreateView(
            view=Name("v", "x"),
            query="(p) AS SELECT a FROM t WITH CHECK OPTION",
            replace=True,
            reads=OF_A["reads"],
            columns=("p",),
        ),
    ),
    case(
        PG,
        "CREATE MATERIALIZED VIEW IF NOT EXISTS v AS SELECT A, count(*) FROM t GROUP BY a WITH NO DATA",
        CreateView(
            view=V,
            query="SELECT a, count(*) FROM t GROUP BY a",
            materialized=True,
            conditional=True,
            reads=OF_A["reads"],
            columns=("a", ""),
        ),
    ),
    case(
        MY,
        "CREATE ALGORITHM=MERGE DEFINER=`r`@`%` SQL SECURITY INVOKER VIEW `v` AS SELECT `a` FROM `t`",
        CreateView(view=V, query="SELECT a FROM t", **OF_A),
    ),
    case(
        LITE,
        "CREATE VIEW IF NOT EXISTS v AS SELECT 1",
        CreateView(view=V, query="SELECT 1", conditional=True, reads=(), columns=("",)),
    ),
    case(
        MS,
        "CREATE OR ALTER VIEW v AS SELECT 1 AS a",
        CreateView(view=V, query="SELECT 1 AS a", replace=True, reads=(), columns=("a",)),
    ),
    case(
        MS,
        "ALTER VIEW v AS SELECT 1 AS a",
        CreateView(view=V, query="SELECT 1 AS a", replace=True, reads=(), columns=("a",)),
    ),
    case(PG, "DROP VIEW v", DropView(view=V)),
    case(
        PG,
        "DROP VIEW IF EXISTS v, x.w CASCADE",
        DropView(view=V, cascade=True, conditional=True),
        DropView(view=Name("w", "x"), cascade=True, conditional=True),
    ),
    case(PG, "DROP MATERIALIZED VIEW v", DropView(view=V, materialized=True)),
    case(PG, "ALTER VIEW v RENAME TO w", RenameObject(kind="view", name=V, new=Name("w"))),
    case(PG, "ALTER MATERIALIZED VIEW v SET SCHEMA x", RenameObject(kind="view", name=V, new=Name("v", "x"))),
    case(PG, "ALTER VIEW v OWNER TO bob", AlterObject(kind="view", name=V, change="owner to bob")),
]

M = Name("m")

TYPES = [
    case(PG, "CREATE TYPE m AS ENUM ('a', 'it''s')", CreateType(type=M, labels=("a", "it's"))),
    # Two texts on lines of their own are one (PostgreSQL's manual 4.1.2.1).
    case(PG, "CREATE TYPE m AS ENUM ('a',\n'b'\n'c')", CreateType(type=M, labels=("a", "bc"))),
    case(PG, "CREATE TYPE x.m AS ENUM ()", CreateType(type=Name("m", "x"), labels=())),
    case(PG, "CREATE TYPE m AS (a int, b text)", CreateType(type=M, definition="as (a int, b text)")),
    case(
        PG,
        "CREATE DOMAIN m AS text CHECK (VALUE <> '')",
        CreateType(type=M, definition="DOMAIN as text check (value <> '')"),
    ),
    case(PG, "ALTER TYPE m ADD VALUE 'c'", AddEnumValue(type=M, label="c")),
    case(
        PG,
        "ALTER TYPE m ADD VALUE IF NOT EXISTS 'c' BEFORE 'a'",
        AddEnumValue(type=M, label="c", before="a", conditional=True),
    ),
    case(PG, "ALTER TYPE m ADD VALUE 'c' AFTER 'a'", AddEnumValue(type=M, label="c", after="a")),
    case(PG, "ALTER TYPE m RENAME VALUE 'a' TO 'b'", RenameEnumValue(type=M, label="a", new="b")),
    case(PG, "ALTER TYPE m RENAME TO n", RenameObject(kind="type", name=M, new=Name("n"))),
    case(PG, "ALTER TYPE m SET SCHEMA x", RenameObject(kind="type", name=M, new=Name("m", "x"))),
    case(PG, "ALTER TYPE m OWNER TO bob", AlterObject(kind="type", name=M, change="owner to bob")),
    case(
        PG,
        "ALTER TYPE m ADD ATTRIBUTE c int",
        AlterObject(kind="type", name=M, change="add attribute c int"),
    ),
    case(
        PG,
        "ALTER DOMAIN m ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID",
        AlterObject(kind="type", name=M, change="add constraint c check (value > 0) not valid"),
    ),
    case(PG, "DROP TYPE IF EXISTS m CASCADE", DropType(type=M, cascade=True, conditional=True)),
    case(PG, "DROP DOMAIN m", DropType(type=M)),
]

Q = Name("q")

SEQUENCES = [
    case(PG, "CREATE SEQUENCE q", CreateSequence(sequence=Q)),
    case(
        PG,
        "CREATE SEQUENCE IF NOT EXISTS x.q START WITH 5 INCREMENT BY 2 OWNED BY t.a",
        CreateSequence(
            sequence=Name("q", "x"),
            definition="start with 5 increment by 2 owned by t.a",
            conditional=True,
        ),
    ),
    case(
        PG,
        "ALTER SEQUENCE q RESTART WITH 5",
        AlterSequence(sequence=Q, change="restart with 5", position=True),
    ),
    case(PG, "ALTER SEQUENCE q RESTART", AlterSequence(sequence=Q, change="restart", position=True)),
    case(PG, "ALTER SEQUENCE q INCREMENT BY 5", AlterSequence(sequence=Q, change="increment by 5")),
    case(
        PG,
        "ALTER SEQUENCE q RESTART 5 INCREMENT 2",
        AlterSequence(sequence=Q, change="restart 5 increment 2"),
    ),
    case(PG, "ALTER SEQUENCE q OWNED BY NONE", AlterSequence(sequence=Q, change="owned by none")),
    case(
        PG,
        "ALTER SEQUENCE IF EXISTS q RENAME TO r",
        RenameObject(kind="sequence", name=Q, new=Name("r"), conditional=True),
    ),
    case(
        PG,
        "DROP SEQUENCE q, r CASCADE",
        DropSequence(sequence=Q, cascade=True),
        DropSequence(sequence=Name("r"), cascade=True),
    ),
]

F = Name("f")

ROUTINES = [
    case(
        PG,
        "CREATE TRIGGER g BEFORE UPDATE OF a ON s.t FOR EACH ROW WHEN (new.a > 0) EXECUTE PROCEDURE x.f()",
        CreateTrigger(
            trigger="g",
            table=Name("t", "s"),
            function=Name("f", "x"),
            definition="before update of a on s.t for each row when (new.a > 0) execute function x.f ()",
        ),
    ),
    case(
        PG,
        "CREATE OR REPLACE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f()",
        CreateTrigger(
            trigger="g",
            table=T,
            function=F,
            definition="after insert on t execute function f ()",
            replace=True,
        ),
    ),
    case(
        PG,
        "CREATE CONSTRAINT TRIGGER g AFTER INSERT ON t DEFERRABLE FOR EACH ROW EXECUTE FUNCTION f()",
        CreateTrigger(
            trigger="g",
            table=T,
            function=F,
            definition="constraint after insert on t deferrable for each row execute function f ()",
        ),
    ),
    case(
        LITE,
        "CREATE TRIGGER IF NOT EXISTS g AFTER INSERT ON t BEGIN UPDATE t SET a = 1; DELETE FROM s; END",
        CreateTrigger(
            trigger="g",
            table=T,
            definition="AFTER INSERT ON t BEGIN UPDATE t SET a = 1; DELETE FROM s; END",
            conditional=True,
        ),
    ),
    case(
        MY,
        "CREATE DEFINER=`r`@`%` TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
        CreateTrigger(trigger="g", table=T, definition="BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1"),
    ),
    case(
        MS,
        "CREATE TRIGGER g ON t AFTER UPDATE AS BEGIN SET NOCOUNT ON; DELETE FROM s; END",
        CreateTrigger(
            trigger="g",
            table=T,
            definition="ON t AFTER UPDATE AS BEGIN SET NOCOUNT ON; DELETE FROM s; END",
        ),
    ),
    case(
        PG,
        "DROP TRIGGER IF EXISTS g ON t CASCADE",
        DropTrigger(trigger=Name("g"), table=T, cascade=True, conditional=True),
    ),
    case(MY, "DROP TRIGGER x.g", DropTrigger(trigger=Name("g", "x"))),
    case(
        PG,
        "ALTER TRIGGER g ON t RENAME TO h",
        RenameObject(kind="trigger", name=Name("g"), new=Name("h"), table=T),
    ),
    case(
        PG,
        "CREATE OR REPLACE FUNCTION x.f(a int, OUT b text, c varchar(5) DEFAULT 'x', VARIADIC d"
        " text[]) RETURNS int"
        " LANGUAGE sql AS $$ DROP TABLE t; $$",
        CreateFunction(
            function=Name("f", "x"),
            arguments="integer, varchar(5), text[]",
            definition="(a int, out b text, c varchar (5) default 'x', variadic d text[]) returns int"
            " language sql as ' DROP TABLE t; '",
            replace=True,
        ),
    ),
    case(
        PG,
        "CREATE PROCEDURE f(double precision) LANGUAGE plpgsql AS $body$ BEGIN END $body$",
        CreateFunction(
            function=F,
            arguments="double",
            definition="(double precision) language plpgsql as ' BEGIN END '",
            harmless=True,
        ),
    ),
    case(
        MY,
        "CREATE PROCEDURE f() BEGIN DELETE FROM t; IF 1 THEN DELETE FROM s; END IF; END",
        CreateFunction(
            function=F,
            arguments="",
            definition="() BEGIN DELETE FROM t; IF 1 THEN DELETE FROM s; END IF; END",
        ),
    ),
    case(
        PG,
        "DROP FUNCTION IF EXISTS f(int, a text), x.g CASCADE",
        DropFunction(function=F, arguments="integer, text", cascade=True, conditional=True),
        DropFunction(function=Name("g", "x"), cascade=True, conditional=True),
    ),
    case(MY, "DROP PROCEDURE IF EXISTS f", DropFunction(function=F, conditional=True)),
    case(PG, "ALTER FUNCTION f(int) RENAME TO g", RenameObject(kind="function", name=F, new=Name("g"))),
    case(
        PG,
        "ALTER FUNCTION f(int) OWNER TO bob",
        AlterObject(kind="function", name=F, change="(integer) owner to bob"),
    ),
]


def created(kind, name, definition="", **fields):
    replace = fields.pop("replace", False)
    conditional = fields.pop("conditional", False)
    found = SchemaObject(kind, Name(name), definition=definition, **fields)
    return CreateObject(object=found, replace=replace, conditional=conditional)


def granted(name, table=None):
    return created("grant", name, table=table, replace=True)


def revoked(name, table=None):
    return DropObject(kind="grant", name=Name(name), table=table, conditional=True)


OTHERS = [
    case(PG, "CREATE SCHEMA IF NOT EXISTS x AUTHORIZATION bob", created("schema", "x", conditional=True)),
    case(PG, "DROP SCHEMA x CASCADE", DropObject(kind="schema", name=Name("x"), cascade=True)),
    case(PG, "ALTER SCHEMA x RENAME TO y", RenameObject(kind="schema", name=Name("x"), new=Name("y"))),
    case(
        PG,
        'CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA x',
        created("extension", "uuid-ossp", "with schema x", conditional=True),
    ),
    case(PG, "DROP EXTENSION citext", DropObject(kind="extension", name=Name("citext"))),
    case(
        PG,
        "CREATE POLICY p ON t FOR SELECT TO bob USING ((a) = 1) WITH CHECK (b > 0)",
        created("policy", "p", "on t for select to bob USING (a = 1) WITH CHECK (b > 0)", table=T),
    ),
    case(
        PG,
        "DROP POLICY IF EXISTS p ON t",
        DropObject(kind="policy", name=Name("p"), table=T, conditional=True),
    ),
    case(
        PG,
        "ALTER POLICY p ON t RENAME TO r",
        RenameObject(kind="policy", name=Name("p"), new=Name("r"), table=T),
    ),
    case(
        PG,
        "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING",
        created("other", "rule r", "as on delete to t do instead nothing", table=T),
    ),
    case(PG, "DROP RULE r ON t", DropObject(kind="other", name=Name("rule r"), table=T)),
    case(
        PG,
        "CREATE PUBLICATION p FOR TABLE t",
        created("other", "publication p", "for table t"),
    ),
    case(PG, "DROP PUBLICATION p", DropObject(kind="other", name=Name("publication p"))),
    case(
        PG,
        "ALTER PUBLICATION p RENAME TO r",
        RenameObject(kind="other", name=Name("publication p"), new=Name("publication r")),
    ),
    case(PG, "GRANT SELECT ON t TO bob", granted("select on t to bob", T)),
    case(
        PG,
        "GRANT ALL PRIVILEGES ON TABLE x.t, s TO bob, eve WITH GRANT OPTION",
        granted("all on x.t to bob", Name("t", "x")),
        granted("all on x.t to eve", Name("t", "x")),
        granted("all on s to bob", S),
        granted("all on s to eve", S),
    ),
    case(PG, "GRANT USAGE ON SCHEMA x TO bob", granted("usage on schema x to bob")),
    case(PG, "GRANT admin TO bob", granted("admin to bob")),
    case(PG, "REVOKE SELECT ON t FROM bob CASCADE", revoked("select on t to bob", T)),
    case(PG, "REVOKE GRANT OPTION FOR ALL ON t FROM bob", revoked("all on t to bob", T)),
    case(
        PG,
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO bob",
        AlterObject(kind="grant", name=Name("default privileges"), change="grant select on tables to bob"),
    ),
]


@pytest.mark.parametrize(("dialect", "sql", "expected"), VIEWS + TYPES + SEQUENCES + ROUTINES + OTHERS)
def test_statement(dialect, sql, expected):
    check(dialect, sql, expected)


U = Name("u")
READS = [
    ("SELECT u.a FROM t JOIN u USING (k)", [("t u", None), ("u", "a"), ("t", "k"), ("u", "k")], ("a",)),
    ("SELECT * FROM t", [("t", None), ("t", "*")], (T,)),
    ("SELECT t.*, b AS c FROM t, u", [("t u", None), ("t,u", "b"), ("t", "*")], (T, "c")),
    ("SELECT a FROM t WHERE EXISTS (SELECT FROM u WHERE b = 1)",
     [("t u", None), ("t", "a"), ("u,t", "b")], ("a",)),
    ("WITH w AS (SELECT a FROM t) SELECT * FROM w", [("t", None), ("t", "a")], UNKNOWN),
    ("SELECT a FROM t UNION SELECT b FROM u", [("t u", None), ("t", "a"), ("u", "b")], ("a",)),
    ("SELECT a FROM t NATURAL JOIN u", None, ("a",)),
    ("SELECT * FROM t JOIN u USING (k)",
     [("t u", None), ("t", "*"), ("u", "*"), ("t", "k"), ("u", "k")], UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("query", "reads", "columns"), READS)
def test_a_view_knows_what_it_reads_and_gives(query, reads, columns):
    (found,) = read(PG, f"CREATE VIEW v AS {query}")
    assert found.columns == columns
    if reads is None:
        assert found.reads is UNKNOWN
        return
    expected = set()
    for relations, column in reads:
        for group in relations.split():
            expected.add(ColumnRead(tuple(Name(name) for name in group.split(",")), column))
    assert set(found.reads) == expected


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("select t.a from t where t.b > 0", "SELECT a FROM t WHERE b > 0"),
        ("SELECT x.a FROM t AS x", "SELECT a FROM t AS x"),
        ("SELECT t.a FROM t, u", "SELECT t.a FROM t, u"),
        (
            "SELECT t.a FROM t WHERE t.a IN (SELECT a FROM u)",
            "SELECT t.a FROM t WHERE t.a IN (SELECT a FROM u)",
        ),
        (
            "SELECT -t.a AS a FROM t ORDER BY t.a",
            "SELECT -t.a AS a FROM t ORDER BY t.a",
        ),
    ],
)
def test_a_column_of_the_only_table_needs_no_table_before_it(query, text):
    (found,) = read(PG, f"CREATE VIEW v AS {query}")
    assert found.query == text


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        (PG, "CREATE VIEW v"),
        (PG, "CREATE VIEW v AS"),
        (PG, "ALTER TYPE m"),
        (PG, "DROP VIEW v w"),
        (PG, "CREATE TRIGGER g BEFORE UPDATE"),
        (PG, "CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f"),
        (PG, "CREATE FUNCTION f"),
        (PG, "CREATE SCHEMA x CREATE TABLE t (a int)"),
        (PG, "CREATE CAST (a AS b) WITHOUT FUNCTION"),
        (PG, "CREATE DATABASE x"),
        (PG, "GRANT SELECT ON t"),
        (MS, "ALTER TRIGGER g ON t AFTER INSERT AS SELECT 1"),
    ],
)
def test_what_is_not_understood_is_opaque(dialect, sql):
    opaque(dialect, sql)


def test_what_was_granted_is_revoked_under_the_same_name():
    (grant,) = read(PG, "GRANT SELECT ON TABLE t TO bob")
    (revoke,) = read(PG, "revoke select on T from BOB")
    assert grant.object.name == revoke.name


def test_oracle_takes_the_whole_routine():
    (found,) = read(ORA, "CREATE OR REPLACE PROCEDURE f AS BEGIN DELETE FROM t; END; DROP TABLE t;")
    assert isinstance(found, CreateFunction)
