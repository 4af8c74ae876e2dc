"""Every kind of difference between models and a migrated database, as a table of small cases."""

from __future__ import annotations

from dataclasses import dataclass

ALL = ("sqlite", "postgresql", "mariadb")
PG, MY = ("postgresql",), ("mariadb",)
PG_MY = ("postgresql", "mariadb")
PG_SQLITE = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Case:
    """One difference. `database`, `models`: what table T has beyond its key on either side.

    `said`: a regular expression for each line that must be told of it, T standing for the table.
    `on`: the databases that can hold it; on the others there is nothing to tell. `runs`: where its
    definitions are valid at all.
    """

    name: str
    database: str
    models: str
    said: tuple[str, ...]
    on: tuple[str, ...] = ALL
    runs: tuple[str, ...] = ALL


def column(kind: str) -> str:
    return f'sa.Column("c", {kind})'


def told(models: str, database: str, what: str = r"T\.c is") -> tuple[str, ...]:
    """Returns the line for a column that is one thing in the models and another in the database."""
    return (f"{what} {models} in the models, {database} in the database",)


def both(what: str, database: str, models: str) -> tuple[str, ...]:
    """Returns the lines for something that is another one on either side."""
    return (
        f"{what} {database} is in the database, not in the models",
        f"{what} {models} is in the models, not in the database",
    )


INTS = 'sa.Column("c", sa.Integer), sa.Column("d", sa.Integer)'
TYPES = [
    Case("length", column("sa.String(10)"), column("sa.String(20)"), told(r"VARCHAR\(20\)", r"VARCHAR\(10\)")),
    Case(
        "precision",
        column("sa.Numeric(10, 2)"),
        column("sa.Numeric(12, 2)"),
        told(r"NUMERIC\(12, 2\)", r"(NUMERIC|DECIMAL)\(10, 2\)"),
    ),
    Case(
        "scale",
        column("sa.Numeric(10, 2)"),
        column("sa.Numeric(10, 4)"),
        told(r"NUMERIC\(10, 4\)", r"(NUMERIC|DECIMAL)\(10, 2\)"),
    ),
    Case("wider", column("sa.Integer"), column("sa.BigInteger"), told("BIGINT", r"INTEGER(\(11\))?")),
    Case("text", column("sa.Text"), column("sa.String(20)"), told(r"VARCHAR\(20\)", "TEXT")),
    Case("date", column("sa.Date"), column("sa.DateTime"), told("(DATETIME|TIMESTAMP WITHOUT TIME ZONE)", "DATE")),
    Case(
        "zone",
        column("sa.DateTime()"),
        column("sa.DateTime(timezone=True)"),
        told("TIMESTAMP WITH TIME ZONE", "TIMESTAMP WITHOUT TIME ZONE"),
        on=PG,
    ),
    Case("array", column("sa.Integer"), column("pg.ARRAY(sa.Integer)"), told(r"integer\[\]", "integer"), PG, PG),
    Case(
        "element",
        column("pg.ARRAY(sa.Integer)"),
        column("pg.ARRAY(sa.Text)"),
        told(r"TEXT\[\]", r"INTEGER\[\]"),
        PG,
        PG,
    ),
    Case("unsigned", column("my.INTEGER"), column("my.INTEGER(unsigned=True)"), told("integer unsigned", "integer"), MY, MY),
    Case(
        "collation",
        column("sa.String(20)"),
        column("sa.String(20, collation=OTHER)"),
        told(r"varchar\(20\) COLLATE (NOCASE|C|utf8mb4_bin)", r"varchar\(20\)"),
    ),
    Case("enum_column", column("sa.String(1)"), column('sa.Enum("a", "b", name="e_new")'), told(r"(e_new|ENUM\('a','b'\))", r"VARCHAR\(1\)"), PG_MY),
    Case("enum_label", column('sa.Enum("a", "b", name="e_label")'), column('sa.Enum("a", "b", "c", name="e_label")'),
         (r"(the enum type e_label has the labels a, b, c in the models, a, b in the database"
          r"|T\.c is ENUM\('a','b','c'\) in the models, ENUM\('a','b'\) in the database)",), PG_MY),
    Case("enum_order", column('sa.Enum("a", "b", name="e_order")'), column('sa.Enum("b", "a", name="e_order")'),
         (r"(the enum type e_order has the labels b, a in the models, a, b in the database"
          r"|T\.c is ENUM\('b', ?'a'\) in the models, ENUM\('a', ?'b'\) in the database)",), PG_MY),
]  # fmt: skip
COLUMNS = [
    Case("added", "", column("sa.Integer"), (r"column T\.c \(INTEGER\) is in the models, not in the database",)),
    Case("removed", column("sa.Integer"), "", (r"column T\.c \(INTEGER(\(11\))?\) is in the database, not in the models",)),
    Case("not_null", column("sa.Integer"), column("sa.Integer, nullable=False"), told("NOT NULL", "nullable")),
    Case("nullable", column("sa.Integer, nullable=False"), column("sa.Integer"), told("nullable", "NOT NULL")),
    Case(
        "default_added",
        column("sa.Integer"),
        column('sa.Integer, server_default="1"'),
        told("the server default 1", "no server default", r"T\.c has"),
    ),
    Case(
        "default_removed",
        column('sa.Integer, server_default="1"'),
        column("sa.Integer"),
        told("no server default", "the server default 1", r"T\.c has"),
    ),
    Case(
        "default_changed",
        column('sa.String(9), server_default="a"'),
        column('sa.String(9), server_default="b"'),
        told("the server default 'b'", "the server default 'a'", r"T\.c has"),
    ),
    Case(
        "default_on_update",
        column('my.TIMESTAMP, server_default=sa.text("CURRENT_TIMESTAMP")'),
        column('my.TIMESTAMP, server_default=sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")'),
        told(
            "the server default CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP",
            "the server default CURRENT_TIMESTAMP",
            r"T\.c has",
        ),
        MY,
        MY,
    ),
    Case("comment_added", column("sa.Integer"), column('sa.Integer, comment="x"'), told("the comment 'x'", "no comment", r"T\.c has"), PG_MY),
    Case("comment_removed", column('sa.Integer, comment="x"'), column("sa.Integer"), told("no comment", "the comment 'x'", r"T\.c has"), PG_MY),
    Case("comment_changed", column('sa.Integer, comment="x"'), column('sa.Integer, comment="y"'), told("the comment 'y'", "the comment 'x'", r"T\.c has"), PG_MY),
    Case("table_comment_added", "", 'comment="x"', ("the comment of T is 'x' in the models",), PG_MY),
    Case("table_comment_removed", 'comment="x"', "", ("table T has a comment in the database, none in the models",), PG_MY),
    Case(
        "generated",
        'sa.Column("d", sa.Integer), sa.Column("c", sa.Integer, sa.Computed("d + 1", persisted=True))',
        'sa.Column("d", sa.Integer), sa.Column("c", sa.Integer, sa.Computed("d + 2", persisted=True))',
        (r"the expression of T\.c is d \+ 2 \(stored\) in the models, d \+ 1 \(stored\) in the database",),
    ),
    Case(
        "no_more_generated",
        'sa.Column("d", sa.Integer), sa.Column("c", sa.Integer, sa.Computed("d + 1", persisted=True))',
        INTS,
        (r"T\.c has no expression in the models, d \+ 1 \(stored\) in the database",),
    ),
    Case(
        "identity",
        'sa.Column("n", sa.Integer, nullable=False)',
        'sa.Column("n", sa.Integer, sa.Identity(always=True))',
        (r"T\.n has the identity always in the models, none in the database",),
        PG,
        PG,
    ),
]  # fmt: skip
TABLES = [
    Case("unlogged", "", 'prefixes=["UNLOGGED"]', ("table T has the persistence unlogged in the models, none in the database",), PG, PG),
    Case("storage", "", 'postgresql_with={"fillfactor": 70}', ("table T has the storage parameters fillfactor=70 in the models, none in the database",), PG),
    Case("engine", 'mysql_engine="Aria"', 'mysql_engine="InnoDB"', (".*T is InnoDB.* in the models, Aria.* in the database",), MY),
    Case(
        "rowid",
        "",
        "sqlite_with_rowid=False",
        (
            "table T has the without rowid yes in the models, none in the database",
            # Its key is no other name of the row's number any more.
            r"T\.id is not automatically numbered in the models, automatically numbered in the database",
        ),
        ("sqlite",),
    ),
]  # fmt: skip
KEYS = [
    Case("unique_added", column("sa.Integer"), column("sa.Integer, unique=True"), (r"unique constraint on T \(c\) is in the models, not in the database",)),
    Case(
        "unique_removed",
        column("sa.Integer, unique=True"),
        column("sa.Integer"),
        (r"unique (constraint|index)( \w+)? on T \(c\) is in the database, not in the models",),
    ),
    Case(
        "unique_columns",
        INTS + ', sa.UniqueConstraint("c", name="u_columns")',
        INTS + ', sa.UniqueConstraint("c", "d", name="u_columns")',
        both("unique constraint u_columns on T", r"\(c\)", r"\(c, d\)"),
    ),
    Case("foreign_added", column("sa.Integer"), column('sa.Integer, sa.ForeignKey("p.id")'), (r"foreign key T \(c\) to p\.id is in the models, not in the database",)),
    Case(
        "foreign_removed",
        column('sa.Integer, sa.ForeignKey("p.id")'),
        column("sa.Integer"),
        (r"foreign key (\w+ )?T \(c\) to p\.id is in the database, not in the models",),
    ),
    Case(
        "foreign_target",
        column('sa.Integer, sa.ForeignKey("p.id", name="f_target")'),
        column('sa.Integer, sa.ForeignKey("p.k", name="f_target")'),
        both(r"foreign key f_target T \(c\) to", r"p\.id", r"p\.k"),
    ),
    Case(
        "on_delete",
        column('sa.Integer, sa.ForeignKey("p.id", name="f_delete")'),
        column('sa.Integer, sa.ForeignKey("p.id", name="f_delete", ondelete="CASCADE")'),
        both(r"foreign key f_delete T \(c\) to", r"p\.id", r"p\.id ON DELETE CASCADE"),
    ),
    Case(
        "on_update",
        column('sa.Integer, sa.ForeignKey("p.id", name="f_update")'),
        column('sa.Integer, sa.ForeignKey("p.id", name="f_update", onupdate="CASCADE")'),
        both(r"foreign key f_update T \(c\) to", r"p\.id", r"p\.id ON UPDATE CASCADE"),
    ),
    Case(
        "deferrable",
        column('sa.Integer, sa.ForeignKey("p.id", name="f_defer")'),
        column('sa.Integer, sa.ForeignKey("p.id", name="f_defer", deferrable=True, initially="DEFERRED")'),
        both(r"foreign key f_defer T \(c\) to", r"p\.id", r"p\.id DEFERRABLE INITIALLY DEFERRED"),
        PG_SQLITE,
        PG_SQLITE,
    ),
    Case(
        "check_added",
        INTS,
        INTS + ', sa.CheckConstraint("c > 0")',
        ("the CHECK constraint c > 0 on T is in the models, not in the database",),
    ),
    Case(
        "check_removed",
        INTS + ', sa.CheckConstraint("c > 0")',
        INTS,
        ("the CHECK constraint c > 0 on T is in the database, not in the models",),
    ),
    Case(
        "check_changed",
        INTS + ', sa.CheckConstraint("c > 0", name="k_changed")',
        INTS + ', sa.CheckConstraint("c > 1", name="k_changed")',
        both("the CHECK constraint", "c > 0 on T", "c > 1 on T"),
    ),
    Case(
        "exclusion",
        'sa.Column("r", pg.INT4RANGE)',
        'sa.Column("r", pg.INT4RANGE), pg.ExcludeConstraint(("r", "&&"), name="x")',
        (r"exclusion x on T .*is in the models, not in the database",),
        PG,
        PG,
    ),
]  # fmt: skip
INDEXES = [
    Case("index_added", INTS, INTS + ', sa.Index("i_added", "c")', (r"index i_added on T \(c\) is in the models, not in the database",)),
    Case("index_removed", INTS + ', sa.Index("i_removed", "c")', INTS, (r"index i_removed on T \(c\) is in the database, not in the models",)),
    Case(
        "index_columns",
        INTS + ', sa.Index("i_columns", "c", "d")',
        INTS + ', sa.Index("i_columns", "d", "c")',
        both("index i_columns on T", r"\(c, d\)", r"\(d, c\)"),
    ),
    Case(
        "index_unique",
        INTS + ', sa.Index("i_unique", "c")',
        INTS + ', sa.Index("i_unique", "c", unique=True)',
        (
            r"index i_unique on T \(c\) is in the database, not in the models",
            r"unique index i_unique on T \(c\) is in the models, not in the database",
        ),
    ),
    Case(
        "index_where",
        INTS + ', sa.Index("i_where", "c", postgresql_where=sa.text("c > 0"), sqlite_where=sa.text("c > 0"))',
        INTS + ', sa.Index("i_where", "c", postgresql_where=sa.text("c > 1"), sqlite_where=sa.text("c > 1"))',
        ("the condition of index i_where on T is c > 1 in the models, c > 0 in the database",),
        PG_SQLITE,
    ),
    Case(
        "index_condition",
        INTS + ', sa.Index("i_condition", "c")',
        INTS + ', sa.Index("i_condition", "c", postgresql_where=sa.text("c > 1"), sqlite_where=sa.text("c > 1"))',
        ("index i_condition on T has the condition c > 1 in the models, none in the database",),
        PG_SQLITE,
    ),
    Case(
        "index_method",
        INTS + ', sa.Index("i_method", "c")',
        INTS + ', sa.Index("i_method", "c", postgresql_using="hash")',
        ("index i_method on T has the access method hash in the models, none in the database",),
        PG,
    ),
    Case(
        "index_include",
        INTS + ', sa.Index("i_include", "c")',
        INTS + ', sa.Index("i_include", "c", postgresql_include=["d"])',
        (r"index i_include on T has the included columns \(d\) in the models, none in the database",),
        PG,
    ),
    Case(
        "index_expression",
        'sa.Column("c", sa.String(9)), sa.Index("i_expression", "c")',
        'sa.Column("c", sa.String(9)), sa.Index("i_expression", sa.text("lower(c)"))',
        both("index i_expression on T", r"\(c\)", r"\(lower\(c\)\)"),
        PG_SQLITE,
        PG_SQLITE,
    ),
]  # fmt: skip
CASES = (*TYPES, *COLUMNS, *TABLES, *KEYS, *INDEXES)
