"""The instruments themselves: the reader of SQLite's statements, and the difference of two moments."""

from __future__ import annotations

from collections import Counter

import pytest

from mrt_dynamic.snapshot.sqlite_ddl import normal, read_index, read_table
from tests.truth.snapshot import Contents, Snapshot, differences


def test_a_column_with_everything() -> None:
    table = read_table(
        """CREATE TABLE "t" (
            id INTEGER NOT NULL CONSTRAINT pk PRIMARY KEY AUTOINCREMENT, -- a, comment
            "odd name" VARCHAR(20) DEFAULT 'a, (b)' COLLATE NOCASE,
            n NUMERIC(10, 2) DEFAULT (1 + 2) CHECK (n > 0 AND n <> ')'),
            m INT GENERATED ALWAYS AS (n * 2) STORED,
            k DEFAULT -1 REFERENCES o (id) ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED
        ) WITHOUT ROWID"""
    )
    assert [column.name for column in table.columns] == ["id", "odd name", "n", "m", "k"]
    types = [column.type for column in table.columns]
    assert types == ["INTEGER", "VARCHAR(20)", "NUMERIC(10, 2)", "INT", ""]
    assert [column.default for column in table.columns] == [None, "'a, (b)'", "(1 + 2)", None, "-1"]
    assert [column.nullable for column in table.columns] == [False, True, True, True, True]
    assert table.columns[0].autoincrement
    assert table.columns[1].collation == "NOCASE"
    assert (table.columns[3].generated, table.columns[3].stored) == ("n * 2", True)
    assert [(c.kind, c.name, c.columns) for c in table.constraints] == [
        ("primary", "pk", ("id",)),
        ("check", None, ()),
        ("foreign", None, ("k",)),
    ]
    foreign = table.constraints[2]
    assert (foreign.ref_table, foreign.ref_columns) == ("o", ("id",))
    assert (foreign.ondelete, foreign.onupdate) == ("SET NULL", "CASCADE")
    assert (foreign.deferrable, foreign.initially) == (True, "DEFERRED")
    assert table.options == "without rowid"


def test_constraints_of_the_table() -> None:
    table = read_table(
        "CREATE TABLE t (a INT, b INT, CONSTRAINT u UNIQUE (a, b), PRIMARY KEY (b DESC), "
        "CONSTRAINT f FOREIGN KEY(a) REFERENCES o)"
    )
    assert [(c.kind, c.name, c.columns) for c in table.constraints] == [
        ("unique", "u", ("a", "b")),
        ("primary", None, ("b",)),
        ("foreign", "f", ("a",)),
    ]
    assert table.constraints[2].ref_columns == ()


def test_an_index_with_condition() -> None:
    index = read_index('CREATE UNIQUE INDEX ix ON "t" (a DESC, lower(b, c)) WHERE a > 1')
    assert (index.name, index.table, index.unique) == ("ix", "t", True)
    assert index.parts == ("a DESC", "lower(b, c)")
    assert index.where == "a > 1"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ('CHECK ("Age">=0)', "check(age >= 0)", True),
        ("a = 'X'", "a = 'x'", False),
        ("a -- c\n= 1", "a /* d */ = 1", True),
        ("a || b", "a | | b", False),
    ],
)
def test_one_spelling_for_what_is_the_same(one: str, other: str, same: bool) -> None:
    assert (normal(one) == normal(other)) is same


def _moment(*rows: tuple[str, ...], table: str = "t", **schema: str) -> Snapshot:
    objects = {("column", name): {"type": kind} for name, kind in schema.items()}
    return Snapshot(objects, {table: Contents(("a", "b"), Counter(rows))})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (_moment(("1", "x")), _moment(("1", "x")), []),
        (_moment(("1", "x"), ("1", "x")), _moment(("1", "x")), ["different table t"]),
        (_moment(("1", "x")), _moment(("1", "y")), ["different column t.b"]),
        (_moment(("1", "x"), ("2", "y")), _moment(("1", "y"), ("2", "x")), ["different table t"]),
        (_moment(("1", "x")), _moment(table="other"), ["different table t"]),
        (_moment(table="t"), _moment(table="other"), []),
        (_moment(c="int"), _moment(c="text"), ["changed column c"]),
        (_moment(c="int"), _moment(), ["lost column c"]),
        (_moment(), _moment(c="int"), ["left column c"]),
    ],
)
def test_differences(old: Snapshot, new: Snapshot, said: list[str]) -> None:
    assert [f"{each.what} {each.kind} {each.name}" for each in differences(old, new)] == said
