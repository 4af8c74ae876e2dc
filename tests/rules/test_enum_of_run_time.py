"""An enum type whose labels are put in when the migration runs is there all the same."""

from __future__ import annotations

from mrt_lint.plugin import migration
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY, findings

SHIRTS = """
op.execute("CREATE TYPE cut AS ENUM ('slim', 'wide')")
op.create_table("shirts", sa.Column("cut", sa.Enum("slim", "wide", name="cut", create_type=False)))
"""
AGAIN = """
op.execute("ALTER TYPE cut RENAME TO cut_old")
names = op.get_bind().execute(sa.text("SELECT unnest(enum_range(NULL::cut_old))")).scalars()
op.execute("CREATE TYPE cut AS ENUM (" + ", ".join(f"'{name}'" for name in names if name != "wide") + ")")
op.execute("ALTER TABLE shirts ALTER COLUMN cut TYPE cut USING cut::text::cut")
op.execute("DROP TYPE cut_old")
"""
BACK = "op.execute(\"ALTER TYPE cut ADD VALUE IF NOT EXISTS 'wide'\")"


def judged(downgrade: str) -> str:
    example = migration(AGAIN, downgrade, given=SHIRTS, database="postgresql")
    return run(example, REGISTRY).migrations[-1].verdict.value


def test_the_type_is_there_under_its_name() -> None:
    assert findings("MRT806", AGAIN, BACK, given=SHIRTS, database="postgresql") == []
    (told,) = findings(
        "MRT806", AGAIN, 'op.execute("DROP TYPE cut_old")', given=SHIRTS, database="postgresql"
    )
    assert "cut_old does not exist" in told.message


def test_its_labels_are_not_known_to_come_back() -> None:
    assert judged(BACK) not in ("reversible", "broken")
    assert judged('op.execute("SELECT 1")') != "reversible"


def test_a_type_that_is_left() -> None:
    up = "from paint import labels\n" + 'op.execute("CREATE TYPE tint AS ENUM (" + labels() + ")")'
    (told,) = findings("MRT503", up, "pass", given=SHIRTS, database="postgresql")
    assert "tint" in told.message
    down = 'op.execute("DROP TYPE tint")'
    assert findings("MRT503 MRT806", up, down, given=SHIRTS, database="postgresql") == []


def test_a_type_of_which_single_labels_are_known() -> None:
    """What it was is not known, so neither is that it is another one."""
    given = "op.execute(\"ALTER TYPE cut ADD VALUE IF NOT EXISTS 'wide'\")\n" + SHIRTS.splitlines()[2]
    told = findings("MRT803 MRT806", AGAIN, BACK, given=given, database="postgresql")
    assert [one.message for one in told] == []


def test_a_label_added_to_a_type_that_an_earlier_migration_made_so() -> None:
    given = 'op.execute("CREATE TYPE tint AS ENUM (" + labels() + ")")'
    example = migration(
        "op.execute(\"ALTER TYPE tint ADD VALUE 'red'\")",
        'op.execute("SELECT 1")',
        given=f"from paint import labels\n{given}",
        database="postgresql",
    )
    report = run(example, REGISTRY)
    assert "MRT304" in [one.rule for one in report.findings]
    assert report.migrations[-1].verdict.value == "broken"
