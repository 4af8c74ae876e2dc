"""Table shapes on SQLite. Statements are separated by `;;`; `asks` are questions to the filled database."""

from __future__ import annotations

from tests.dynamic.seeding.shape import Shape

SHAPES = (
    Shape(
        "row_id",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL, note TEXT)",
        ("SELECT max(length(name)) = 40 FROM t", "SELECT sum(name = '') > 0 FROM t"),
    ),
    Shape(
        "autoincrement",
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT)",
        ("SELECT (SELECT seq FROM sqlite_sequence WHERE name = 't') = max(id) FROM t",),
    ),
    Shape(
        "integers",
        "CREATE TABLE t (a SMALLINT NOT NULL, b INTEGER NOT NULL, c BIGINT NOT NULL, d INT, e TINYINT)",
        ("SELECT max(c) = 9223372036854775807 AND min(c) = -9223372036854775808 FROM t",),
    ),
    Shape(
        "numbers",
        "CREATE TABLE t (a NUMERIC(5, 2) NOT NULL, b DECIMAL(10, 4), c FLOAT NOT NULL, d REAL, e DOUBLE PRECISION, f NUMERIC)",
        ("SELECT max(a) = 999.99 AND min(a) = -999.99 FROM t",),
    ),
    Shape(
        "booleans",
        "CREATE TABLE t (a BOOLEAN NOT NULL, b BOOLEAN CHECK (b IN (0, 1)))",
        ("SELECT max(a) = 1 AND min(a) = 0 AND max(b) = 1 AND min(b) = 0 FROM t",),
    ),
    Shape(
        "unique_boolean",
        "CREATE TABLE t (main BOOLEAN NOT NULL UNIQUE)",
        ("SELECT count(*) = 2 FROM t",),
        rows=2,
    ),
    Shape(
        "times",
        "CREATE TABLE t (a DATE NOT NULL, b DATETIME NOT NULL, c TIMESTAMP, d TIME)",
        ("SELECT max(a) = '9999-12-31' AND sum(b LIKE '%.___999') > 0 FROM t",),
    ),
    Shape(
        "uuid_text",
        "CREATE TABLE t (id CHAR(32) NOT NULL PRIMARY KEY, v CHAR(36))",
        ("SELECT min(length(id)) = 32 FROM t",),
    ),
    Shape("blobs", "CREATE TABLE t (a BLOB NOT NULL, b BLOB)", ("SELECT sum(length(a) = 0) > 0 FROM t",)),
    Shape("json", "CREATE TABLE t (a JSON NOT NULL, b TEXT CHECK (b IS NULL OR json_valid(b)))"),
    Shape("no_types", "CREATE TABLE t (a, b, c ANY)"),
    Shape(
        "odd_types",
        "CREATE TABLE t (a POINT, b MONEY NOT NULL, c NVARCHAR(20), d UNSIGNED BIG INT, e CLOB, f UUID)",
    ),
    Shape(
        "enum_check",
        "CREATE TABLE t (s VARCHAR(4) NOT NULL CHECK (s IN ('new', 'paid', 'void')))",
        ("SELECT count(DISTINCT s) >= 2 FROM t",),
    ),
    Shape("without_rowid", "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT) WITHOUT ROWID"),
    Shape(
        "strict",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT NOT NULL, b TEXT NOT NULL, c REAL, d BLOB, e ANY) STRICT",
    ),
    Shape(
        "generated", "CREATE TABLE t (a INTEGER NOT NULL, b INTEGER AS (a % 7) STORED, c TEXT AS (a || '!'))"
    ),
    Shape("only_key", "CREATE TABLE t (id INTEGER PRIMARY KEY)"),
    Shape(
        "foreign_key",
        "CREATE TABLE p (id INTEGER PRIMARY KEY, v TEXT);; CREATE TABLE t (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL REFERENCES p (id), q_id INTEGER REFERENCES p (id))",
    ),
    Shape(
        "composite_key",
        "CREATE TABLE p (a INTEGER, b VARCHAR(10), PRIMARY KEY (a, b));; CREATE TABLE t (x INTEGER NOT NULL, y VARCHAR(10) NOT NULL, FOREIGN KEY (x, y) REFERENCES p (a, b))",
    ),
    Shape(
        "implied_reference",
        "CREATE TABLE p (code TEXT PRIMARY KEY NOT NULL);; CREATE TABLE t (p TEXT NOT NULL REFERENCES p)",
    ),
    Shape(
        "association",
        "CREATE TABLE a (id INTEGER PRIMARY KEY);; CREATE TABLE b (id INTEGER PRIMARY KEY);; CREATE TABLE t (a_id INTEGER REFERENCES a (id), b_id INTEGER REFERENCES b (id), PRIMARY KEY (a_id, b_id))",
    ),
    Shape(
        "self_reference",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, up INTEGER REFERENCES t (id), v TEXT)",
        ("SELECT sum(up <> id) > 0 FROM t",),
    ),
    Shape(
        "cycle",
        "CREATE TABLE a (id INTEGER PRIMARY KEY, b_id INTEGER REFERENCES b (id));; CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER NOT NULL REFERENCES a (id))",
        ("SELECT count(b_id) > 0 FROM a",),
    ),
    Shape(
        "hard_cycle",
        "CREATE TABLE a (id INTEGER PRIMARY KEY, b_id INTEGER NOT NULL REFERENCES b (id));; CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER NOT NULL REFERENCES a (id))",
    ),
    Shape(
        "checks",
        """CREATE TABLE t (id INTEGER PRIMARY KEY, age INTEGER NOT NULL CHECK (age >= 18), code TEXT NOT NULL CHECK (length(code) = 3), mail TEXT CHECK (mail LIKE '%@%'), k TEXT NOT NULL CHECK (k GLOB '[A-Z][0-9]*'),
        low INTEGER, high INTEGER, x TEXT CHECK (typeof(x) IN ('text', 'null')), CHECK (low < high), CHECK ((low IS NULL) = (high IS NULL)))""",
    ),
    Shape(
        "unique_expression",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT NOT NULL, main BOOLEAN NOT NULL);; CREATE UNIQUE INDEX ix ON t (lower(email));; CREATE UNIQUE INDEX one ON t (main) WHERE main",
    ),
    Shape("nocase", "CREATE TABLE t (name VARCHAR(20) NOT NULL COLLATE NOCASE UNIQUE)"),
    Shape(
        "odd_names",
        'CREATE TABLE "Order By" (id INTEGER PRIMARY KEY, "user" TEXT NOT NULL, "a.b" INTEGER, "with ""quote" INTEGER, "50% :x" INTEGER, "select" BOOLEAN)',
    ),
    Shape(
        "trigger_refuses",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);; CREATE TRIGGER no BEFORE INSERT ON t BEGIN SELECT raise(ABORT, 'rows come from the ledger'); END",
        unseeded="rows come from the ledger",
    ),
    Shape("wide", "CREATE TABLE t (" + ", ".join(f"c{n} TEXT" for n in range(150)) + ")"),
)
