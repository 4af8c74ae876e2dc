"""ALTER TABLE, action by action, against the manuals of the databases."""

from __future__ import annotations

import pytest

from mrt_lint.ops import (
    AddColumn,
    AddConstraint,
    AlterColumnType,
    AlterConstraint,
    AlterObject,
    AttachPartition,
    CreateIndex,
    DetachPartition,
    DropColumn,
    DropConstraint,
    DropIndex,
    RedefineColumn,
    RenameColumn,
    RenameConstraint,
    RenameIndex,
    RenameTable,
    SetDefault,
    SetGenerated,
    SetIdentity,
    SetNullable,
    SetTableOption,
    ValidateConstraint,
)
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Constraint, Generated, Index
from mrt_lint.schema.types import SqlType, sql_type
from tests.sql.reading import (
    INT,
    LITE,
    MS,
    MY,
    ORA,
    PG,
    TEXT,
    T,
    case,
    check,
    column,
    foreign,
    opaque,
    varchar,
)

OT = Name("T")

COLUMNS = [
    case(PG, "ALTER TABLE t ADD COLUMN a int", AddColumn(table=T, column=column("a", INT))),
    case(PG, "ALTER TABLE t ADD a int", AddColumn(table=T, column=column("a", INT))),
    case(
        PG,
        "ALTER TABLE IF EXISTS ONLY s.t ADD COLUMN a int",
        AddColumn(table=Name("t", "s"), column=column("a", INT), conditional=True),
    ),
    case(
        PG,
        "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int NOT NULL DEFAULT 0",
        AddColumn(table=T, column=column("a", INT, null=False, default="0"), conditional=True),
    ),
    case(
        PG,
        "ALTER TABLE t ADD a int REFERENCES o (id) ON DELETE CASCADE, ADD b text UNIQUE CHECK (b <> '')",
        AddColumn(
            table=T, column=column("a", INT), constraints=(foreign("a", "o", "id", ondelete="CASCADE"),)
        ),
        AddColumn(
            table=T,
            column=column("b", TEXT),
            constraints=(Constraint("unique", None, ("b",)), Constraint("check", expression="b <> ''")),
        ),
    ),
    case(
        PG,
        "ALTER TABLE t ADD COLUMN id bigserial PRIMARY KEY",
        AddColumn(
            table=T,
            column=column("id", "bigint", null=False, autoincrement=True),
            constraints=(Constraint("primary", None, ("id",)),),
        ),
    ),
    case(MY, "ALTER TABLE t ADD COLUMN a int AFTER b", AddColumn(table=T, column=column("a", INT))),
    case(MY, "ALTER TABLE t ADD a int FIRST", AddColumn(table=T, column=column("a", INT))),
    case(
        MY,
        "ALTER TABLE t ADD COLUMN (a int, b text)",
        AddColumn(table=T, column=column("a", INT)),
        AddColumn(table=T, column=column("b", TEXT)),
    ),
    case(
        MS,
        "ALTER TABLE t ADD a int NOT NULL CONSTRAINT df DEFAULT 0 WITH VALUES, b nvarchar(20)",
        AddColumn(table=T, column=column("a", INT, null=False, default="0")),
        AddColumn(table=T, column=column("b", varchar(20))),
    ),
    case(
        ORA,
        "ALTER TABLE t ADD (a NUMBER(10), b VARCHAR2(20) NOT NULL)",
        AddColumn(table=OT, column=column("A", sql_type("numeric", 10))),
        AddColumn(table=OT, column=column("B", varchar(20), null=False)),
    ),
    case(
        LITE,
        "ALTER TABLE t ADD COLUMN a TEXT DEFAULT 'x'",
        AddColumn(table=T, column=column("a", TEXT, default="'x'")),
    ),
    case(PG, "ALTER TABLE t DROP COLUMN a", DropColumn(table=T, name="a")),
    case(PG, "ALTER TABLE t DROP a RESTRICT", DropColumn(table=T, name="a")),
    case(
        PG,
        'ALTER TABLE t DROP COLUMN IF EXISTS "A" CASCADE',
        DropColumn(table=T, name="A", cascade=True, conditional=True),
    ),
    case(
        MS,
        "ALTER TABLE t DROP COLUMN a, b",
        DropColumn(table=T, name="a"),
        DropColumn(table=T, name="b"),
    ),
    case(
        MS,
        "ALTER TABLE t DROP CONSTRAINT c, COLUMN b",
        DropConstraint(table=T, name="c"),
        DropColumn(table=T, name="b"),
    ),
    case(ORA, "ALTER TABLE t DROP (a, b)", DropColumn(table=OT, name="A"), DropColumn(table=OT, name="B")),
    case(
        ORA,
        "ALTER TABLE t DROP COLUMN a CASCADE CONSTRAINTS",
        DropColumn(table=OT, name="A", cascade=True),
    ),
    case(PG, "ALTER TABLE t RENAME COLUMN a TO b", RenameColumn(table=T, name="a", new="b")),
    case(PG, "ALTER TABLE t RENAME a TO b", RenameColumn(table=T, name="a", new="b")),
    case(LITE, "ALTER TABLE t RENAME COLUMN a TO b", RenameColumn(table=T, name="a", new="b")),
    case(MS, "EXEC sp_rename 't.a', 'b', 'COLUMN'", RenameColumn(table=T, name="a", new="b")),
    case(
        MS,
        "EXEC sp_rename N'dbo.t.[a b]', N'c', N'COLUMN'",
        RenameColumn(table=Name("t", "dbo"), name="a b", new="c"),
    ),
    case(
        PG,
        "ALTER TABLE t ALTER COLUMN a TYPE bigint",
        AlterColumnType(table=T, name="a", type=sql_type("bigint")),
    ),
    case(
        PG,
        'ALTER TABLE t ALTER a SET DATA TYPE varchar(20) COLLATE "C" USING left(a, 20)',
        AlterColumnType(
            table=T, name="a", type=SqlType("varchar", (20,), collation="C"), using="left(a, 20)"
        ),
    ),
    case(
        PG,
        "ALTER TABLE t ALTER COLUMN a TYPE int USING a::integer, ALTER COLUMN b TYPE status USING"
        " b::text::status",
        AlterColumnType(table=T, name="a", type=INT, using="CAST(a AS INT)", plain_using=True),
        AlterColumnType(
            table=T,
            name="b",
            type=sql_type("status"),
            using="CAST(CAST(b AS TEXT) AS status)",
            plain_using=True,
        ),
    ),
    case(PG, "ALTER TABLE t ALTER a SET NOT NULL", SetNullable(table=T, name="a", nullable=False)),
    case(PG, "ALTER TABLE t ALTER COLUMN a DROP NOT NULL", SetNullable(table=T, name="a", nullable=True)),
    case(PG, "ALTER TABLE t ALTER a SET DEFAULT 'x'::text", SetDefault(table=T, name="a", default="'x'")),
    case(PG, "ALTER TABLE t ALTER a SET DEFAULT NULL", SetDefault(table=T, name="a", default=None)),
    case(PG, "ALTER TABLE t ALTER a DROP DEFAULT", SetDefault(table=T, name="a", default=None)),
    case(MY, "ALTER TABLE t ALTER a SET DEFAULT 5", SetDefault(table=T, name="a", default="5")),
    case(
        PG,
        "ALTER TABLE t ALTER a SET DEFAULT nextval('s'::regclass)",
        SetDefault(table=T, name="a", default="nextval('s')"),
    ),
    case(
        PG,
        "ALTER TABLE t ALTER a ADD GENERATED BY DEFAULT AS IDENTITY",
        SetIdentity(table=T, name="a", identity="by default"),
    ),
    case(
        PG,
        "ALTER TABLE t ALTER a SET GENERATED ALWAYS",
        SetIdentity(table=T, name="a", identity="always"),
    ),
    case(
        PG,
        "ALTER TABLE t ALTER a DROP IDENTITY IF EXISTS",
        SetIdentity(table=T, name="a", identity=None, conditional=True),
    ),
    case(PG, "ALTER TABLE t ALTER a DROP EXPRESSION", SetGenerated(table=T, name="a", generated=None)),
    case(
        PG,
        "ALTER TABLE t ALTER a SET EXPRESSION AS (b + 1)",
        SetGenerated(table=T, name="a", generated=Generated("b + 1")),
    ),
    case(
        PG,
        "ALTER TABLE t ALTER a SET STATISTICS 100, ALTER a SET STORAGE EXTERNAL, ALTER a SET"
        " (n_distinct = 5)",
        SetTableOption(table=T, option="statistics of a", value="100"),
        SetTableOption(table=T, option="storage of a", value="external"),
        SetTableOption(table=T, option="n_distinct of a", value="5"),
    ),
    case(
        MY,
        "ALTER TABLE t MODIFY COLUMN a varchar(20) NOT NULL DEFAULT 'x' AFTER b",
        RedefineColumn(table=T, name="a", column=column("a", varchar(20), null=False, default="'x'")),
    ),
    case(MY, "ALTER TABLE t MODIFY a int", RedefineColumn(table=T, name="a", column=column("a", INT))),
    case(
        MY,
        "ALTER TABLE t CHANGE a b int unsigned auto_increment UNIQUE",
        RedefineColumn(
            table=T,
            name="a",
            column=column("b", SqlType("integer", unsigned=True), autoincrement=True),
            new_name="b",
        ),
        AddConstraint(table=T, constraint=Constraint("unique", None, ("b",))),
    ),
    case(
        MS,
        "ALTER TABLE t ALTER COLUMN a bigint NOT NULL",
        AlterColumnType(table=T, name="a", type=sql_type("bigint")),
        SetNullable(table=T, name="a", nullable=False),
    ),
    case(
        MS,
        "ALTER TABLE t ALTER COLUMN a varchar(5)",
        AlterColumnType(table=T, name="a", type=varchar(5)),
        SetNullable(table=T, name="a", nullable=True),
    ),
    case(MS, "ALTER TABLE t ADD CONSTRAINT df DEFAULT 0 FOR a", SetDefault(table=T, name="a", default="0")),
    case(MS, "ALTER TABLE t ADD DEFAULT 'x' FOR a", SetDefault(table=T, name="a", default="'x'")),
    case(
        ORA,
        "ALTER TABLE t MODIFY a NOT NULL",
        SetNullable(table=OT, name="A", nullable=False),
    ),
    case(
        ORA,
        "ALTER TABLE t MODIFY (a VARCHAR2(5) DEFAULT 'x', b NULL)",
        AlterColumnType(table=OT, name="A", type=varchar(5)),
        SetDefault(table=OT, name="A", default="'x'"),
        SetNullable(table=OT, name="B", nullable=True),
    ),
]

CONSTRAINTS = [
    case(
        PG,
        "ALTER TABLE ONLY t ADD CONSTRAINT c FOREIGN KEY (a, b) REFERENCES o (x, y) ON DELETE"
        " CASCADE NOT VALID",
        AddConstraint(
            table=T,
            constraint=foreign("a b", "o", "x y", name="c", ondelete="CASCADE", validated=False),
        ),
    ),
    case(
        PG,
        "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES o ON DELETE NO ACTION ON UPDATE RESTRICT",
        AddConstraint(table=T, constraint=foreign("a", "o", onupdate="RESTRICT")),
    ),
    case(
        PG,
        "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES o ON DELETE SET NULL (a)",
        AddConstraint(table=T, constraint=foreign("a", "o", name="c", ondelete="SET NULL (a)")),
    ),
    case(
        PG,
        "ALTER TABLE t ADD CONSTRAINT c UNIQUE (a, b) DEFERRABLE",
        AddConstraint(table=T, constraint=Constraint("unique", "c", ("a", "b"), deferrable=True)),
    ),
    case(
        PG,
        "ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX i",
        AddConstraint(table=T, constraint=Constraint("unique", "c", index="i")),
    ),
    case(
        PG,
        "ALTER TABLE t ADD PRIMARY KEY USING INDEX i, ADD CONSTRAINT d CHECK (a > 0) NOT VALID",
        AddConstraint(table=T, constraint=Constraint("primary", index="i")),
        AddConstraint(table=T, constraint=Constraint("check", "d", expression="a > 0", validated=False)),
    ),
    case(
        PG,
        "ALTER TABLE t ADD CONSTRAINT c PRIMARY KEY (a) INCLUDE (b)",
        AddConstraint(table=T, constraint=Constraint("primary", "c", ("a",))),
    ),
    case(
        PG,
        "ALTER TABLE t ADD CONSTRAINT c EXCLUDE USING gist (r WITH &&, lower(x) WITH =) WHERE (a > 0)",
        AddConstraint(
            table=T,
            constraint=Constraint(
                "exclude", "c", expression="USING gist (r WITH &&, lower(x) WITH =) WHERE (a > 0)"
            ),
        ),
    ),
    case(
        MY,
        "ALTER TABLE t ADD CONSTRAINT c UNIQUE KEY (a), ADD UNIQUE INDEX u (b), ADD PRIMARY KEY (id)",
        AddConstraint(table=T, constraint=Constraint("unique", "c", ("a",))),
        AddConstraint(table=T, constraint=Constraint("unique", "u", ("b",))),
        AddConstraint(table=T, constraint=Constraint("primary", None, ("id",))),
    ),
    case(
        MY,
        "ALTER TABLE t ADD INDEX i (a DESC), ADD KEY (b), ADD FULLTEXT INDEX f (c), ADD SPATIAL INDEX (d)",
        CreateIndex(table=T, index=Index("i", ("a DESC",))),
        CreateIndex(table=T, index=Index(None, ("b",))),
        CreateIndex(table=T, index=Index("f", ("c",), method="fulltext")),
        CreateIndex(table=T, index=Index(None, ("d",), method="spatial")),
    ),
    case(
        MS,
        "ALTER TABLE t WITH NOCHECK ADD CONSTRAINT c CHECK (a > 0)",
        AddConstraint(table=T, constraint=Constraint("check", "c", expression="a > 0", validated=False)),
    ),
    case(
        ORA,
        "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES o (id) ENABLE NOVALIDATE",
        AddConstraint(
            table=OT,
            constraint=Constraint(
                "foreign", "C", ("A",), ref_table=Name("O"), ref_columns=("ID",), validated=False
            ),
        ),
    ),
    case(PG, "ALTER TABLE t ADD CONSTRAINT c NOT NULL a", SetNullable(table=T, name="a", nullable=False)),
    case(PG, "ALTER TABLE t DROP CONSTRAINT c", DropConstraint(table=T, name="c")),
    case(
        PG,
        "ALTER TABLE t DROP CONSTRAINT IF EXISTS c CASCADE",
        DropConstraint(table=T, name="c", cascade=True, conditional=True),
    ),
    case(MY, "ALTER TABLE t DROP FOREIGN KEY c", DropConstraint(table=T, name="c", kind="foreign")),
    case(MY, "ALTER TABLE t DROP CHECK c", DropConstraint(table=T, name="c", kind="check")),
    case(MY, "ALTER TABLE t DROP PRIMARY KEY", DropConstraint(table=T, name=None, kind="primary")),
    case(MY, "ALTER TABLE t DROP INDEX i", DropIndex(name=Name("i"), table=T)),
    case(MY, "ALTER TABLE t DROP KEY i", DropIndex(name=Name("i"), table=T)),
    case(MY, "ALTER TABLE t RENAME INDEX i TO j", RenameIndex(name=Name("i"), new="j", table=T)),
    case(
        ORA,
        "ALTER TABLE t DROP PRIMARY KEY CASCADE",
        DropConstraint(table=OT, name=None, kind="primary", cascade=True),
    ),
    case(PG, "ALTER TABLE t VALIDATE CONSTRAINT c", ValidateConstraint(table=T, name="c")),
    case(PG, "ALTER TABLE t RENAME CONSTRAINT c TO d", RenameConstraint(table=T, name="c", new="d")),
    case(
        PG,
        "ALTER TABLE t ALTER CONSTRAINT c DEFERRABLE INITIALLY DEFERRED",
        AlterConstraint(table=T, name="c", deferrable=True, initially="DEFERRED"),
    ),
    case(
        PG,
        "ALTER TABLE t ALTER CONSTRAINT c NOT DEFERRABLE",
        AlterConstraint(table=T, name="c", deferrable=False),
    ),
]


def option(name, value, **fields):
    return SetTableOption(table=T, option=name, value=value, **fields)


OPTIONS = [
    case(PG, "ALTER TABLE t OWNER TO bob", option("owner", "bob")),
    case(PG, "ALTER TABLE t ENABLE ROW LEVEL SECURITY", option("row_security", "enabled")),
    case(PG, "ALTER TABLE t DISABLE ROW LEVEL SECURITY", option("row_security", None)),
    case(PG, "ALTER TABLE t FORCE ROW LEVEL SECURITY", option("force_row_security", "true")),
    case(PG, "ALTER TABLE t NO FORCE ROW LEVEL SECURITY", option("force_row_security", None)),
    case(
        PG,
        "ALTER TABLE t SET (fillfactor = 70, autovacuum_enabled = false)",
        option("fillfactor", "70"),
        option("autovacuum_enabled", "false"),
    ),
    case(PG, "ALTER TABLE t RESET (fillfactor)", option("fillfactor", None)),
    case(PG, "ALTER TABLE t SET LOGGED", option("unlogged", None)),
    case(PG, "ALTER TABLE t SET TABLESPACE fast", option("tablespace", "fast")),
    case(PG, "ALTER TABLE t REPLICA IDENTITY USING INDEX i", option("replica_identity", "using index i")),
    case(PG, "ALTER TABLE t CLUSTER ON i", option("cluster on", "i")),
    case(
        PG,
        "ALTER TABLE t ATTACH PARTITION s.p FOR VALUES IN (1, 2)",
        AttachPartition(table=T, partition=Name("p", "s"), bounds="in (1, 2)"),
    ),
    case(
        PG,
        "ALTER TABLE t ATTACH PARTITION p DEFAULT",
        AttachPartition(table=T, partition=Name("p"), bounds="DEFAULT"),
    ),
    case(PG, "ALTER TABLE t DETACH PARTITION p", DetachPartition(table=T, partition=Name("p"))),
    case(
        PG,
        "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
        DetachPartition(table=T, partition=Name("p"), concurrently=True),
    ),
    case(PG, "ALTER TABLE t INHERIT x", option("inherits x", "true")),
    case(PG, "ALTER TABLE t NO INHERIT x", option("inherits x", None)),
    case(
        PG,
        "ALTER TABLE t DISABLE TRIGGER x",
        AlterObject(kind="trigger", name=Name("x"), change="DISABLE", table=T),
    ),
    case(PG, "ALTER TABLE t DISABLE TRIGGER ALL", option("triggers", "disable")),
    case(PG, "ALTER TABLE t ENABLE TRIGGER USER", option("triggers", None)),
    case(
        MY,
        "ALTER TABLE t ENGINE=InnoDB, ROW_FORMAT=COMPRESSED",
        option("engine", "innodb"),
        option("row_format", "compressed"),
    ),
    case(
        MY,
        "ALTER TABLE t DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
        option("charset", "utf8mb4"),
        option("collate", "utf8mb4_bin"),
    ),
    case(MY, "ALTER TABLE t DROP COLUMN a, ALGORITHM=INPLACE, LOCK=NONE", DropColumn(table=T, name="a")),
    case(MY, "ALTER TABLE t ALTER INDEX i INVISIBLE", option("visibility of index i", "invisible")),
    case(MS, "ALTER TABLE t NOCHECK CONSTRAINT c", option("constraint c checked", "false")),
    case(
        PG,
        "ALTER TABLE t ADD COLUMN a int, DROP COLUMN b, RENAME TO u",
        AddColumn(table=T, column=column("a", INT)),
        DropColumn(table=T, name="b"),
        RenameTable(table=T, new=Name("u")),
    ),
]


@pytest.mark.parametrize(("dialect", "sql", "expected"), COLUMNS + CONSTRAINTS + OPTIONS)
def test_action(dialect, sql, expected):
    check(dialect, sql, expected)


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        (PG, "ALTER TABLE t FROBNICATE x"),
        (PG, "ALTER TABLE t ADD COLUMN a int, FROBNICATE"),
        (PG, "ALTER TABLE t ADD COLUMN a int FROBNICATE"),
        (PG, "ALTER TABLE t DROP COLUMN a b"),
        (PG, "ALTER TABLE t DROP COLUMN"),
        (PG, "ALTER TABLE t"),
        (PG, "ALTER TABLE t ALTER a SET"),
        (PG, "ALTER TABLE t ALTER a SET DEFAULT"),
        (PG, "ALTER TABLE t ALTER a TYPE serial"),
        (PG, "ALTER TABLE t ADD CONSTRAINT c FROBNICATE (a)"),
        (PG, "ALTER TABLE t MODIFY a int"),
        (PG, "ALTER TABLE t ADD CONSTRAINT c NOT NULL a NOT VALID"),
        (MY, "ALTER TABLE t CONVERT TO CHARACTER SET latin1"),
        (MY, "ALTER TABLE t DROP PARTITION p0"),
        (MY, "ALTER TABLE t EXCHANGE PARTITION p0 WITH TABLE u"),
        (MY, "ALTER TABLE t DISCARD TABLESPACE"),
        (ORA, "ALTER TABLE t SET UNUSED (a)"),
    ],
)
def test_an_action_that_is_not_understood_concerns_its_table_only(dialect, sql):
    assert opaque(dialect, sql).tables == (Name("T") if dialect == ORA else T,)
