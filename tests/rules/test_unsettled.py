"""What a part of the downgrade that may not run leaves unproven or not understood."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import migration
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY

GIVEN = 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("d", sa.Text))'
LOOP = 'for row in op.get_bind().execute(sa.text("SELECT id FROM t")):\n    '
DOWNGRADES = {
    "a condition": ("from project import settings, sql\nif settings.x:\n    op.execute(sql.text)", "unknown"),
    "a loop": (f"from project import sql\n{LOOP}op.execute(sql.text)", "unknown"),
    "a try": (
        "from project import sql\ntry:\n    op.execute(sql.text)\nexcept Exception:\n    pass",
        "unknown",
    ),
    "batches": (
        "while True:\n"
        '    done = op.get_bind().execute(sa.text("DELETE FROM t WHERE id IN (SELECT id FROM t LIMIT 9)"))\n'
        "    if done.rowcount <= 0:\n        break",
        "plausible",
    ),
}


@pytest.mark.parametrize("what", DOWNGRADES)
def test_a_part_that_may_not_run_proves_nothing(what: str) -> None:
    downgrade, verdict = DOWNGRADES[what]
    index = 'op.create_index("ix", "t", ["d"])'
    example = migration(index, f'op.drop_index("ix")\n{downgrade}', given=GIVEN, database="postgresql")
    assert run(example, REGISTRY).migrations[-1].verdict.value == verdict


def test_a_question_to_the_schema_proves_nothing_of_what_it_guards() -> None:
    upgrade = (
        'from project import sql\nif sa.inspect(op.get_bind()).has_table("others"):\n    op.execute(sql.text)'
    )
    example = migration(upgrade, "pass", given="op.execute(sql_of_the_project)", database="postgresql")
    assert run(example, REGISTRY).migrations[-1].verdict.value == "unknown"


UNKNOWN_TWICE = {
    "a view replaced": ("op.execute(f'CREATE OR REPLACE VIEW v AS SELECT {b()} AS x')", "pass"),
    "a view made again": ("op.execute('DROP VIEW v')", "op.execute(f'CREATE VIEW v AS SELECT {b()} AS x')"),
    "a default": ('op.alter_column("t", "d", server_default=b())', "pass"),
}


@pytest.mark.parametrize("what", UNKNOWN_TWICE)
def test_two_things_that_are_not_known_are_not_the_same(what: str) -> None:
    upgrade, downgrade = UNKNOWN_TWICE[what]
    view = "from project import a\nop.execute(f'CREATE VIEW v AS SELECT {a()} AS x')"
    given = f'{GIVEN}\n{view}\nop.alter_column("t", "d", server_default=a())'
    imports = "from project import b"
    example = migration(upgrade, downgrade, given=given, imports=imports, database="postgresql")
    assert run(example, REGISTRY).migrations[-1].verdict.value == "unknown"
