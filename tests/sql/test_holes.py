"""Parts of the text that are not known: harmless as values, Opaque as names."""

from __future__ import annotations

import pytest

from mrt_lint.ops import (
    AddColumn,
    AlterColumnType,
    CreateView,
    Delete,
    Insert,
    Maintain,
    Opaque,
    SetDefault,
    SetVariable,
    TransactionControl,
    Update,
)
from mrt_lint.schema.names import UNKNOWN, Name
from mrt_lint.sql import HOLE_PREFIX, has_hole, is_hole
from tests.sql.reading import MY, PG, T, opaque, read


def one(sql, dialect=PG):
    (found,) = read(dialect, sql)
    return found


def test_names_of_holes():
    assert HOLE_PREFIX == "mrt_hole_"
    assert is_hole("mrt_hole_0")
    assert has_hole("ix_MRT_HOLE_7_email")
    assert not has_hole("hole")


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("ALTER TABLE t DROP COLUMN mrt_hole_0", (T,)),
        ("ALTER TABLE t RENAME COLUMN a TO mrt_hole_0", (T,)),
        ("ALTER TABLE t ADD COLUMN mrt_hole_0 int", (T,)),
        ("ALTER TABLE t ADD CONSTRAINT c CHECK (mrt_hole_0)", (T,)),
        ("ALTER TABLE t ADD CONSTRAINT mrt_hole_0 UNIQUE (a)", (T,)),
        ("ALTER TABLE t mrt_hole_0", (T,)),
        ("CREATE INDEX mrt_hole_0 ON t (a)", (T,)),
        ("CREATE INDEX i ON t (a) WHERE a = mrt_hole_0", (T,)),
        ("CREATE INDEX i ON t (mrt_hole_0)", (T,)),
        ("CREATE TABLE t (mrt_hole_0 int)", (T,)),
        ("CREATE TABLE t (mrt_hole_0)", None),
        ("DROP TABLE mrt_hole_0", None),
        ("DROP TABLE prefix_mrt_hole_0", None),
        ("ALTER TABLE mrt_hole_0.t DROP COLUMN a", None),
        ("DROP INDEX mrt_hole_0", None),
        ("mrt_hole_0", None),
        ("mrt_hole_0 TABLE t", None),
        ("DROP mrt_hole_0 t", None),
        ("CREATE TYPE m AS (mrt_hole_0)", None),
    ],
)
def test_a_name_that_is_not_known_is_opaque(sql, tables):
    found = opaque(PG, sql)
    assert found.tables == tables
    assert not found.data_only


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("DELETE FROM t mrt_hole_0", (T,)),
        ("UPDATE t SET a = 1 mrt_hole_0", (T,)),
        ("INSERT INTO t mrt_hole_0", (T,)),
        ("DELETE FROM mrt_hole_0", None),
        ("UPDATE mrt_hole_0 SET a = 1", None),
        ("INSERT INTO mrt_hole_0 VALUES (1)", None),
        ("UPDATE mrt_hole_0.t SET a = 1", None),
    ],
)
def test_a_clause_or_table_of_a_write_is_opaque_for_data_only(sql, tables):
    found = opaque(PG, sql)
    assert found.tables == tables
    assert found.data_only


def test_what_is_not_understood_says_so_in_its_own_words():
    found = opaque(PG, "UPDATE mrt_hole_0.t SET a = 1")
    assert "UPDATE of a table that is known only at run time" in found.reason


def test_values_and_conditions_stay():
    found = one("UPDATE t SET a = mrt_hole_0 WHERE b = 'mrt_hole_1' AND c = 1")
    assert isinstance(found, Update)
    assert found.assignments[0][1].sql == "mrt_hole_0"
    assert not found.assignments[0][1].literal
    assert found.assignments[0][1].column is None
    assert found.assignments[0][1].reads == ()
    assert found.where == "b = 'mrt_hole_1' AND c = 1"
    assert found.tests is None
    assert one("DELETE FROM t WHERE mrt_hole_0") == Delete(table=T, where="mrt_hole_0", sql=True)


def test_a_string_with_a_hole_is_no_constant():
    found = one("UPDATE t SET a = 'x-mrt_hole_0'")
    assert not found.assignments[0][1].literal


def test_written_columns_that_are_not_known():
    assert one("UPDATE t SET mrt_hole_0 = 1").assignments is None
    assert one("UPDATE t SET a = 1, mrt_hole_0").assignments is None
    assert one("INSERT INTO t (mrt_hole_0) VALUES (1)") == Insert(table=T, rows=(("1",),), sql=True)
    assert one("INSERT INTO t (a, b) VALUES (1, mrt_hole_0)").rows == (("1", ""),)
    assert one("INSERT INTO t (a) VALUES (mrt_hole_0)").rows is None
    found = one("INSERT INTO t SELECT * FROM mrt_hole_0")
    assert (found.source, found.query) == (None, "SELECT * FROM mrt_hole_0")


def test_parts_of_a_definition_become_unknown():
    found = one("ALTER TABLE t ADD COLUMN a varchar(mrt_hole_0) DEFAULT 'mrt_hole_1'")
    assert isinstance(found, AddColumn)
    assert found.column.type.name == "varchar"
    assert not found.column.type.exact
    assert found.column.default is UNKNOWN
    assert one("ALTER TABLE t ALTER a SET DEFAULT mrt_hole_0") == SetDefault(
        table=T, name="a", default=UNKNOWN, sql=True
    )
    view = one("CREATE VIEW v AS SELECT mrt_hole_0 FROM t")
    assert isinstance(view, CreateView)
    assert (view.view, view.query) == (Name("v"), UNKNOWN)
    assert one("CREATE TYPE m AS ENUM ('mrt_hole_0')").labels is UNKNOWN


def test_a_type_that_is_not_known_may_be_a_whole_definition():
    found = one("ALTER TABLE t ADD COLUMN a mrt_hole_0")
    assert found.column.type is UNKNOWN
    assert found.column.nullable is UNKNOWN
    assert found.column.default is UNKNOWN
    assert one("ALTER TABLE t ALTER a TYPE mrt_hole_0") == AlterColumnType(
        table=T, name="a", type=UNKNOWN, sql=True
    )
    assert one("ALTER TABLE t ADD COLUMN a mrt_hole_0[]").column.type is UNKNOWN


def test_settings_and_maintenance_stay_what_they_are():
    assert isinstance(one("SET lock_timeout = 'mrt_hole_0'"), SetVariable)
    assert isinstance(one("REINDEX INDEX mrt_hole_0"), Maintain)
    assert isinstance(one("LOCK TABLE mrt_hole_0 IN SHARE MODE"), TransactionControl)


def test_a_function_that_is_not_known_is_opaque():
    assert isinstance(one("SELECT mrt_hole_0('x')"), Opaque)
    assert isinstance(one("SELECT mrt_hole_0"), Opaque)


def test_labels_of_mysql():
    found = one("ALTER TABLE t ADD COLUMN a ENUM('mrt_hole_0')", MY)
    assert found.column.type.labels == ()
    assert not found.column.type.exact
