"""Examples are whole migrations with the expected findings marked; the helper that runs them is strict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mrt_lint.lint.examples import Example, Step, history, migration, raw
from mrt_lint.lint.finding import Finding
from mrt_lint.lint.page import page
from mrt_lint.lint.registry import build
from mrt_lint.lint.rule import Rule
from mrt_lint.ops.dropped_columns import DropColumn
from mrt_lint.testing import problems, run
from tests.lint.making import plugin, rule

USERS = 'op.create_table("users", sa.Column("id", sa.Integer), sa.Column("phone", sa.Text))'


def test_a_migration_after_others() -> None:
    example = migration(
        'op.drop_column("users", "phone")  # TST201',
        None,
        given=[USERS, ("pass", "op.noop()"), Step(revision="x")],
        imports="import time",
        database="mysql",
        marks={"revision": "TST101"},
    )
    assert [name for name, _ in example.files] == ["0001.py", "0002.py", "x.py", "0004.py"]
    assert example.text == (
        "from alembic import op\nimport sqlalchemy as sa\nimport time\n\n"
        'revision = "0004"  # TST101\ndown_revision = "x"\n\n\n'
        'def upgrade():\n    op.drop_column("users", "phone")  # TST201\n'
    )
    assert example.expected() == [("0004.py", 5, "TST101"), ("0004.py", 10, "TST201")]
    assert "op.noop()" in example.files[1][1]


def test_bodies_are_dedented_and_markers_read_in_sql_too() -> None:
    example = migration('''
        op.execute("""
            DROP TABLE a;  -- TST202
            DROP TABLE b  -- TST202, TST203
        """)
        ''')
    assert [code for _, _, code in example.expected()] == ["TST202", "TST202", "TST203"]
    assert '    op.execute("""\n' in example.text


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("x()  # TST1", ["TST1"]),
        ("x()  # TST1 TST2", ["TST1", "TST2"]),
        ("x()  # TST1, TST2", ["TST1", "TST2"]),
        ("x()  # noqa: TST1", []),
        ("x()  # noqa: TST1  # TST905", ["TST905"]),
        ("x()  # TST1 is what we want", []),
        ("x()", []),
    ],
)
def test_markers(line: str, codes: list[str]) -> None:
    assert [code for _, _, code in Example((("a.py", line),)).expected()] == codes


def test_a_history_of_several_and_a_raw_file() -> None:
    example = history(Step(), Step(parents='"0001"'), raw("broken.py", "\n    def (  # TST902\n"))
    assert [name for name, _ in example.files] == ["0001.py", "0002.py", "broken.py"]
    assert example.shown == 3
    assert example.expected() == [("broken.py", 1, "TST902")]


def drops(self: Rule, subject: Any, ctx: Any) -> Iterator[Finding]:
    if ctx.direction == "upgrade":
        yield self.finding(subject, "dropped")


BAD = migration('op.drop_column("users", "phone")  # TST201', given=USERS)
GOOD = migration('op.add_column("users", sa.Column("x", sa.Text))', given=USERS)


def told(**attributes: Any) -> list[str]:
    import mrt_rules_alembic

    class Frontend:
        mrt_frontends = staticmethod(mrt_rules_alembic.mrt_frontends)
        mrt_values = staticmethod(mrt_rules_alembic.mrt_values)

    tested = rule("TST201", on=(DropColumn,), check=drops, **attributes)
    from mrt_lint.lint.plugins import Plugin

    return list(problems(tested, build([Plugin("alembic", Frontend()), plugin(mrt_rules=[tested])])))


def test_examples_that_hold() -> None:
    assert told(BAD=[BAD], GOOD=[GOOD]) == []


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"BAD": [GOOD]}, "TST201.BAD[0]: has no marker of TST201"),
        ({"GOOD": [BAD]}, "TST201.GOOD[0]: has a marker of TST201"),
        (
            {"BAD": [migration('op.execute("SELECT 1")  # TST201', given=USERS)]},
            "TST201.BAD[0]: not found: 0002.py:9: TST201",
        ),
        (
            {"GOOD": [migration('op.drop_column("users", "phone")', given=USERS)]},
            "TST201.GOOD[0]: not expected: 0002.py:9: TST201 dropped",
        ),
    ],
)
def test_examples_that_do_not_hold(attributes: dict[str, Any], said: str) -> None:
    assert said in told(**attributes)


def test_opt_in_rules_are_switched_on_for_their_examples() -> None:
    assert told(BAD=[BAD], GOOD=[GOOD], opt_in=True) == []


def test_running_an_example_alone() -> None:
    report = run(migration(USERS, 'op.drop_table("users")', database="sqlite"))
    assert report.targets == ("sqlite",)
    assert [each.path for each in report.migrations] == ["0001.py"]


def test_the_page_of_a_rule() -> None:
    whole = rule("TST201", pattern="DROP it", opt_in=True, BAD=[BAD, GOOD], GOOD=[GOOD])()
    text = page(whole, "test 1.0")
    for part in (
        "# rule-tst201 (TST201)\n",
        "Severity: warning; group: `testing`; opt-in (select it by its code or its group)",
        '; also known as "DROP it"; ',
        "from test 1.0.\n",
        "## What it does",
        "## Reported (1 of 2)",
        "## Not reported\n",
        "# TST201\n",
    ):
        assert part in text
    assert text.endswith("```\n")
