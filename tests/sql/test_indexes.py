"""CREATE, DROP, ALTER INDEX and REINDEX."""

from __future__ import annotations

import pytest

from mrt_lint.ops import CreateIndex, DropIndex, Maintain, RenameIndex
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Index
from tests.sql.reading import LITE, MS, MY, ORA, PG, T, case, check, opaque


def index(dialect, sql, *columns, name="i", table=T, concurrently=False, conditional=False, **fields):
    """Returns a case whose one result is CreateIndex."""
    expected = CreateIndex(
        table=table,
        index=Index(name, tuple(columns), **fields),
        concurrently=concurrently,
        conditional=conditional,
    )
    return case(dialect, sql, expected)


CREATE = [
    index(PG, "CREATE INDEX i ON t (a)", "a"),
    index(PG, "CREATE INDEX ON t (a, b)", "a", "b", name=None),
    index(PG, "CREATE UNIQUE INDEX i ON s.t (a)", "a", unique=True, table=Name("t", "s")),
    index(
        PG,
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)",
        "a",
        concurrently=True,
        conditional=True,
    ),
    index(PG, "CREATE INDEX i ON t USING btree (a)", "a"),
    index(PG, "CREATE INDEX i ON t USING gin (a)", "a", method="gin"),
    index(PG, "CREATE INDEX i ON ONLY t (a)", "a", options=(("only", "true"),)),
    index(PG, "CREATE INDEX i ON t (a DESC)", "a DESC"),
    index(PG, "CREATE INDEX i ON t (a ASC NULLS LAST)", "a"),
    index(PG, "CREATE INDEX i ON t (a DESC NULLS FIRST, b DESC NULLS LAST)", "a DESC", "b DESC NULLS LAST"),
    index(PG, "CREATE INDEX i ON t (a ASC NULLS FIRST)", "a NULLS FIRST"),
    index(PG, "CREATE INDEX i ON t (lower(A))", "lower(a)"),
    index(PG, "CREATE INDEX i ON t (lower((a)) text_pattern_ops DESC)", "lower(a) text_pattern_ops DESC"),
    index(PG, "CREATE INDEX i ON t ((a + b))", "a + b"),
    index(PG, "CREATE INDEX i ON t ((doc ->> 'x'), b)", "doc ->> 'x'", "b"),
    index(PG, "CREATE INDEX i ON t USING gin (a gin_trgm_ops)", "a gin_trgm_ops", method="gin"),
    index(PG, "CREATE INDEX i ON t ((a || b) gin_trgm_ops)", "a || b gin_trgm_ops"),
    index(PG, 'CREATE INDEX i ON t (a COLLATE "C")', "a COLLATE C"),
    index(PG, 'CREATE INDEX "I" ON "T" ("A")', "A", name="I", table=Name("T")),
    index(PG, "CREATE INDEX i ON t (a) WHERE b IS NULL", "a", where="b IS NULL"),
    index(PG, "CREATE INDEX i ON t (a) INCLUDE (b, c) WHERE (d > 0)", "a", include=("b", "c"), where="d > 0"),
    index(
        PG,
        "CREATE UNIQUE INDEX i ON t (a) NULLS NOT DISTINCT WITH (fillfactor = 70) TABLESPACE x",
        "a",
        unique=True,
        options=(("fillfactor", "70"), ("nulls_not_distinct", "true"), ("tablespace", "x")),
    ),
    index(MY, "CREATE INDEX i USING BTREE ON t (a(10), b DESC)", "a(10)", "b DESC"),
    index(MY, "CREATE FULLTEXT INDEX i ON t (a) WITH PARSER ngram", "a", method="fulltext"),
    index(MY, "CREATE INDEX i ON t ((lower(a))) ALGORITHM=INPLACE LOCK=NONE", "lower(a)"),
    index(
        LITE,
        "CREATE UNIQUE INDEX IF NOT EXISTS i ON t (a COLLATE NOCASE)",
        "a COLLATE NOCASE",
        unique=True,
        conditional=True,
    ),
    index(LITE, "CREATE INDEX main.i ON t (a || 'x')", "a || 'x'", table=Name("t", "main")),
    index(
        MS,
        "CREATE NONCLUSTERED INDEX i ON [t] ([a] DESC) INCLUDE ([b]) WHERE [a] IS NOT NULL",
        "a DESC",
        include=("b",),
        where="a IS NOT NULL",
    ),
    index(ORA, "CREATE BITMAP INDEX i ON t (a)", "A", name="I", table=Name("T"), method="bitmap"),
]

OTHERS = [
    case(PG, "DROP INDEX i", DropIndex(name=Name("i"))),
    case(
        PG,
        "DROP INDEX IF EXISTS s.i, j CASCADE",
        DropIndex(name=Name("i", "s"), cascade=True, conditional=True),
        DropIndex(name=Name("j"), cascade=True, conditional=True),
    ),
    case(
        PG,
        "DROP INDEX CONCURRENTLY IF EXISTS i",
        DropIndex(name=Name("i"), concurrently=True, conditional=True),
    ),
    case(MY, "DROP INDEX i ON t", DropIndex(name=Name("i"), table=T)),
    case(MY, "DROP INDEX i ON t ALGORITHM=INPLACE LOCK=NONE", DropIndex(name=Name("i"), table=T)),
    case(MS, "DROP INDEX i ON dbo.t", DropIndex(name=Name("i"), table=Name("t", "dbo"))),
    case(MS, "DROP INDEX t.i", DropIndex(name=Name("i"), table=T)),
    case(PG, "ALTER INDEX i RENAME TO j", RenameIndex(name=Name("i"), new="j")),
    case(
        PG,
        "ALTER INDEX IF EXISTS s.i RENAME TO j",
        RenameIndex(name=Name("i", "s"), new="j", conditional=True),
    ),
    case(MS, "EXEC sp_rename 't.i', 'j', 'INDEX'", RenameIndex(name=Name("i"), new="j", table=T)),
    case(PG, "REINDEX INDEX i", Maintain(what="reindex", target=Name("i"))),
    case(PG, "REINDEX TABLE CONCURRENTLY t", Maintain(what="reindex", target=T, concurrently=True)),
    case(PG, "REINDEX (CONCURRENTLY) INDEX i", Maintain(what="reindex", target=Name("i"), concurrently=True)),
    case(ORA, "ALTER INDEX i REBUILD ONLINE", Maintain(what="reindex", target=Name("I"))),
]


@pytest.mark.parametrize(("dialect", "sql", "expected"), CREATE + OTHERS)
def test_statement(dialect, sql, expected):
    check(dialect, sql, expected)


@pytest.mark.parametrize(
    "sql",
    ["CREATE INDEX i ON t", "CREATE INDEX i ON t (a) FROBNICATE", "DROP INDEX", "ALTER INDEX i FROBNICATE"],
)
def test_what_is_not_understood_is_opaque(sql):
    opaque(PG, sql)
