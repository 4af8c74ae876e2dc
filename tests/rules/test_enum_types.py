"""Enum types that come with a table though their labels are none or not known, and swaps of enums of arrays."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import migration
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY, findings, found

MADE = """
from shop import Kind
op.create_table("jobs", sa.Column("id", sa.Integer, primary_key=True), sa.Column("kind", sa.Enum({0}name="kinds"{1})))
"""
DROP = 'op.drop_table("jobs")'
DROP_TYPE = '\nop.execute("DROP TYPE kinds")'


def verdict(upgrade: str, downgrade: str, given: str = "") -> str:
    example = migration(upgrade, downgrade, given=given or [], database="postgresql")
    return run(example, REGISTRY).migrations[-1].verdict.value


@pytest.mark.parametrize("labels", ["", "Kind, ", "'a', 'b', "])
def test_a_named_enum_comes_with_its_table_whatever_its_labels(labels: str) -> None:
    """PostgreSQL has enums without labels: CREATE TYPE kinds AS ENUM () (tried on 15)."""
    upgrade = MADE.format(labels, "")
    assert verdict(upgrade, DROP + DROP_TYPE) == "reversible"
    assert found("MRT503 MRT806", upgrade, DROP) == ["MRT503"]


@pytest.mark.parametrize("labels", ["", "Kind, "])
def test_a_type_that_is_left_to_others_does_not(labels: str) -> None:
    assert found("MRT503 MRT806", MADE.format(labels, ", create_type=False"), DROP) == []
    assert found("MRT503 MRT806", MADE.format(labels, ", native_enum=False"), DROP) == []


@pytest.mark.parametrize(
    "given",
    [MADE.format("Kind, ", ""), 'from shop import Kind\nsa.Enum(Kind, name="kinds").create(op.get_bind())'],
)
@pytest.mark.parametrize(
    ("upgrade", "downgrade", "expected"),
    [
        ("ADD VALUE 'x'", "", "broken"),
        ("RENAME VALUE 'x' TO 'y'", "", "broken"),
        ("RENAME VALUE 'x' TO 'y'", "RENAME VALUE 'y' TO 'x'", "reversible"),
    ],
)
def test_labels_that_are_not_known_are_followed_one_by_one(
    given: str, upgrade: str, downgrade: str, expected: str
) -> None:
    up, down = (f'op.execute("ALTER TYPE kinds {step}")' if step else "pass" for step in (upgrade, downgrade))
    assert verdict(up, down, given) == expected
    assert findings("MRT807", up, down, given=given) == []


OLD = """
op.execute("CREATE TYPE old AS ENUM ('a', 'b')")
op.execute("CREATE TABLE jobs (id integer PRIMARY KEY, kind old{0}, kinds old{0} DEFAULT '{1}')")
"""
SWAP = """
op.execute("CREATE TYPE new AS ENUM ({labels})")
op.execute("ALTER TABLE jobs ALTER kind TYPE new{array} USING kind::{way}::new{array}")
"""


@pytest.mark.parametrize(
    ("array", "way", "labels", "codes"),
    [
        ("[]", "text[]", "'a', 'b'", []),
        ("[]", "varchar[]", "'a', 'b', 'c'", []),
        ("[]", "text", "'a', 'b'", []),
        ("", "text", "'b', 'a'", []),
        ("[]", "text[]", "'a'", ["MRT303"]),
        ("[]", "varchar(1)[]", "'a', 'b'", ["MRT303"]),
        ("[]", "integer[]", "'a', 'b'", ["MRT303"]),
    ],
)
def test_a_swap_through_texts_keeps_every_label(array: str, way: str, labels: str, codes: list[str]) -> None:
    """Element by element, NULL and several dimensions too (tried on PostgreSQL 15)."""
    swap = SWAP.format(labels=labels, array=array, way=way)
    assert found("MRT303", swap, given=OLD.format(array, "{}" if array else "a")) == codes


@pytest.mark.parametrize(("array", "default"), [("", "a"), ("[]", "{}")])
def test_a_default_with_a_cast_to_the_columns_own_type_is_the_same(array: str, default: str) -> None:
    """PostgreSQL keeps `'a'::old` for both (pg_get_expr, tried on 15)."""
    upgrade = 'op.execute("ALTER TABLE jobs ALTER kinds DROP DEFAULT")'
    again = "op.execute(\"ALTER TABLE jobs ALTER kinds SET DEFAULT '{0}'::old{1}\")"
    given = OLD.format(array, default)
    assert verdict(upgrade, again.format(default, array), given) == "reversible"
    assert found("MRT803", upgrade, again.format("b" if not array else "{b}", array), given=given) == [
        "MRT803"
    ]


FEWER = """
op.execute("ALTER TYPE kinds RENAME TO kinds_before")
op.execute("CREATE TYPE kinds AS ENUM ('a', 'b')")
op.execute("ALTER TABLE jobs ALTER COLUMN kind TYPE kinds USING kind::text::kinds")
op.execute("DROP TYPE kinds_before")
"""
BACK = "op.execute(\"ALTER TYPE kinds ADD VALUE 'c'\")\nop.execute(\"ALTER TYPE kinds ADD VALUE 'd'\")"
CHANGED = "op.execute(\"UPDATE jobs SET kind = 'a' WHERE kind = 'c'\")\n"
DELETED = "op.execute(\"DELETE FROM jobs WHERE kind IN ('c', 'd')\")\n"


@pytest.mark.parametrize(
    ("before", "fails"),
    [
        (DELETED, False),
        (CHANGED + "op.execute(\"UPDATE jobs SET kind = NULL WHERE kind = 'd'\")\n", False),
        ("", True),
        (CHANGED, True),
        (CHANGED + "op.execute(\"DELETE FROM jobs WHERE kind = 'd' AND id > 5\")\n", True),
        (DELETED + "op.execute(\"INSERT INTO jobs (id, kind) VALUES (1, 'c')\")\n", True),
        (DELETED + "op.execute(\"UPDATE jobs SET kind = 'd' WHERE id = 1\")\n", True),
        ("if op.get_context().opts.get('x'):\n    " + DELETED, True),
    ],
)
def test_labels_of_which_no_row_is_left_when_the_type_loses_them(before: str, fails: bool) -> None:
    given = MADE.format("'a', 'b', 'c', 'd', ", "")
    assert ("MRT303" in found("MRT303", before + FEWER, BACK, given=given)) is fails


def test_what_is_written_in_their_place_is_told_at_the_statement_that_writes_it() -> None:
    given = MADE.format("'a', 'b', 'c', 'd', ", "").replace("'d', ", "")
    upgrade, downgrade = CHANGED + FEWER, BACK.splitlines()[0]
    (told,) = findings("MRT103 MRT104 MRT303", upgrade, downgrade, given=given)
    source = migration(upgrade, downgrade, given=given, database="postgresql").files[-1][1].splitlines()
    assert (told.rule, source[told.span.line - 1].strip()) == ("MRT103", CHANGED.strip())
