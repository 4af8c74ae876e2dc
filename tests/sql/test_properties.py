"""What holds for every text: lowering never raises, canonical text is stable, strings stay strings."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mrt_lint.ops.base import Operation
from mrt_lint.schema.types import sql_type
from mrt_lint.sql import canonical_default, canonical_text, lower_sql, type_from_sql
from tests.sql.reading import LITE, MS, MY, ORA, PG

DIALECTS = st.sampled_from([PG, MY, "mariadb", LITE, ORA, MS])

SEEDS = [
    "ALTER TABLE t ADD COLUMN IF NOT EXISTS a varchar(20) NOT NULL DEFAULT 'x' REFERENCES o (id) ON"
    " DELETE CASCADE",
    "CREATE TABLE t (id serial PRIMARY KEY, a int CHECK (a > 0), UNIQUE (a), EXCLUDE USING gist (r WITH &&))",
    "CREATE UNIQUE INDEX CONCURRENTLY i ON t USING gin (lower(a) text_pattern_ops DESC) INCLUDE (b)"
    " WHERE c > 0",
    "DO $$ DECLARE x int; BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type) THEN DROP TABLE t; END IF; END $$",
    "WITH d AS (DELETE FROM t RETURNING *) INSERT INTO s (a, b) SELECT a, b FROM d ON CONFLICT DO NOTHING",
    "UPDATE t SET a = s.b, (c, d) = (1, 2) FROM s JOIN r ON s.i = r.i WHERE t.id IN (1, 2) AND s.x IS NULL",
    "CREATE OR REPLACE FUNCTION f(a int) RETURNS trigger AS $$ BEGIN RETURN new; END $$ LANGUAGE plpgsql",
    "CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW BEGIN UPDATE t SET a = 1; END",
    "ALTER TABLE t MODIFY a int unsigned auto_increment FIRST, DROP FOREIGN KEY k, ADD KEY x"
    " (a(10)), ENGINE=InnoDB",
    "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET a = 1 WHEN NOT MATCHED THEN"
    " INSERT (a) VALUES (1)",
    "GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA x TO bob; SET LOCAL lock_timeout = '5s'; VACUUM"
    " (FULL) t; COMMIT",
    "INSERT INTO t (a) VALUES (1, mrt_hole_0), (%(x)s, :y), ($1, ?), (E'\\n', $x$y$x$)",
    "SELECT setval('s', (SELECT max(id) FROM t)), CASE WHEN a THEN -1 ELSE b::numeric(3) END, ARRAY[1]",
]
WORDS = sorted({word for seed in SEEDS for word in seed.replace("(", " ( ").replace(",", " , ").split()})
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(list("()[]{};:,.'\"`$%@#?\\-+*/<>=!~|&^\n\t\0") + ["/*", "*/", "--", "$$", "::", "/*!"]),
    st.text(max_size=5),
)


@st.composite
def mutated(draw):
    """Returns a statement in which some words were replaced, removed, doubled or cut."""
    words = draw(st.sampled_from(SEEDS)).split(" ")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(words)))
        what = draw(st.sampled_from(["insert", "delete", "replace", "cut"]))
        if what == "insert":
            words.insert(at, draw(PIECES))
        elif what == "delete":
            del words[at : at + draw(st.integers(1, 3))]
        elif what == "replace":
            words[at : at + 1] = [draw(PIECES)]
        else:
            words = words[:at]
    return " ".join(words)


def check_total(text, dialect):
    for operation in lower_sql(text, (dialect,), {}):
        assert isinstance(operation, Operation)
        assert operation.sql
    canonical_text(text, dialect)
    canonical_default(text, dialect, sql_type("integer"))
    type_from_sql(text, dialect)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200), DIALECTS)
def test_any_text_gives_operations(text, dialect):
    check_total(text, dialect)


@settings(max_examples=300, deadline=None)
@given(mutated(), DIALECTS)
def test_any_mutated_statement_gives_operations(text, dialect):
    check_total(text, dialect)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25).map(" ".join), DIALECTS)
def test_any_mix_of_words_gives_operations(text, dialect):
    check_total(text, dialect)


@settings(max_examples=100, deadline=None)
@given(mutated())
def test_every_group_of_databases_is_covered_once(text):
    dialects = (PG, MY, "mariadb", LITE)
    for dialect in dialects:
        alone = lower_sql(text, (dialect,), {})
        together = [
            operation
            for operation in lower_sql(text, dialects, {})
            if "DialectIs" not in repr(operation.guard) or repr(dialect) in repr(operation.guard)
        ]
        assert [type(operation) for operation in together] == [type(operation) for operation in alone]


LEAVES = st.one_of(
    st.sampled_from(["a", "b", '"C d"', "t.a", "1", "0.5", "'x'", "'it''s'", "NULL", "true", "now()", "-1"]),
    st.integers(0, 10**12).map(str),
    st.text("ab'%_\\ é", max_size=4).map(lambda text: "'" + text.replace("'", "''") + "'"),
)
BINARY = [
    "AND",
    "OR",
    "=",
    "<>",
    "<",
    ">=",
    "+",
    "-",
    "*",
    "/",
    "%",
    "||",
    "LIKE",
    "->",
    "->>",
    "@>",
    "~",
    "IS DISTINCT FROM",
]


def larger(inner):
    """Returns expressions one level deeper."""
    return st.one_of(
        st.tuples(inner, st.sampled_from(BINARY), inner).map(lambda p: f"({p[0]}) {p[1]} ({p[2]})"),
        st.tuples(inner, st.sampled_from(BINARY), inner).map(" ".join),
        inner.map(lambda text: f"NOT ({text})"),
        inner.map(lambda text: f"- ({text})"),
        inner.map(lambda text: f"({text}) IS NOT NULL"),
        inner.map(lambda text: f"lower({text})"),
        inner.map(lambda text: f"({text})::text"),
        inner.map(lambda text: f"CAST({text} AS integer)"),
        st.tuples(inner, inner).map(lambda p: f"coalesce({p[0]}, {p[1]})"),
        st.tuples(inner, inner, inner).map(lambda p: f"({p[0]}) BETWEEN ({p[1]}) AND ({p[2]})"),
        st.tuples(inner, inner, inner).map(lambda p: f"({p[0]}) IN ({p[1]}, {p[2]})"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]}) = ANY (ARRAY[{p[1]}])"),
        st.tuples(inner, inner, inner).map(lambda p: f"CASE WHEN {p[0]} THEN {p[1]} ELSE {p[2]} END"),
    )


EXPRESSIONS = st.recursive(LEAVES, larger, max_leaves=8)


@settings(max_examples=400, deadline=None)
@given(EXPRESSIONS)
def test_canonical_text_is_stable(text):
    once = canonical_text(text, PG)
    assert canonical_text(once, PG) == once


@settings(max_examples=200, deadline=None)
@given(EXPRESSIONS)
def test_more_brackets_and_other_spaces_change_nothing(text):
    assert canonical_text(f"(\n ({text}) )", PG) == canonical_text(text, PG)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.sampled_from([PG, LITE, ORA, MS]))
def test_what_stands_in_a_string_is_no_statement(text, dialect):
    quoted = "'" + text.replace("'", "''") + "'"
    found = lower_sql(f"UPDATE t SET a = {quoted}", (dialect,), {})
    assert [type(operation).__name__ for operation in found] == ["Update"]


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_characters="$\\"), max_size=60))
def test_what_stands_in_dollars_is_no_statement(text):
    found = lower_sql(f"CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $q${text}$q$", (PG,), {})
    assert [type(operation).__name__ for operation in found] == ["CreateFunction"]


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_characters="*/!\r\n"), max_size=60), DIALECTS)
def test_what_stands_in_a_comment_is_no_statement(text, dialect):
    found = lower_sql(f"DROP TABLE t /* {text} */ -- {text}", (dialect,), {})
    assert [type(operation).__name__ for operation in found] == ["DropTable"]
