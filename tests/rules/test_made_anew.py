"""What the downgrade makes anew: a column that holds no new value, a constraint under another name."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import migration
from tests.rules.linting import findings, found

TASKS = """
op.create_table("owners", sa.Column("id", sa.Integer, primary_key=True))
op.create_table(
    "tasks",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("lang", sa.String(20), nullable=False),
    sa.Column("owner_id", sa.Integer),
)
op.create_foreign_key("fk_owner", "tasks", "owners", ["owner_id"], ["id"])
op.create_index("ix_lang", "tasks", ["lang"])
"""
DROP = 'op.drop_column("tasks", "lang")'
WIDE = 'op.add_column("tasks", sa.Column("lang", sa.String(32), server_default="en"))'
NARROW = 'op.add_column("tasks", sa.Column("lang", sa.String(20), nullable=False, server_default="en"))'


def test_nothing_is_cut_where_the_column_is_made_anew() -> None:
    assert found("MRT805", f"{DROP}\n{WIDE}", f"{DROP}\n{NARROW}", given=TASKS) == []


@pytest.mark.parametrize(
    "downgrade",
    [
        'op.alter_column("tasks", "lang", nullable=False)',
        f'{NARROW.replace("lang", "copy")}\nop.execute("UPDATE owners SET id = id")\n'
        'op.alter_column("tasks", "lang", type_=sa.String(20), nullable=False)',
    ],
)
def test_a_column_that_only_the_upgrade_made_anew_is_tightened(downgrade: str) -> None:
    assert "MRT805" in found("MRT805", f"{DROP}\n{WIDE}", downgrade, given=TASKS)


COMMENT = 'op.execute("COMMENT ON TABLE tasks IS \'x\'")\nop.execute("COMMENT ON TABLE tasks IS NULL")'


@pytest.mark.parametrize(
    ("upgrade", "made"),
    [
        (
            'op.drop_constraint("fk_owner", "tasks", type_="foreignkey")',
            'op.create_foreign_key("fk_tasks", "tasks", "owners", ["owner_id"], ["id"])',
        ),
        (
            'op.drop_constraint("fk_owner", "tasks", type_="foreignkey")',
            'op.create_foreign_key("fk_owner", "tasks", "owners", ["owner_id"], ["id"], ondelete="CASCADE")',
        ),
        ('op.drop_index("ix_lang", "tasks")', 'op.create_index("ix_lang", "tasks", ["lang"], unique=True)'),
    ],
)
def test_another_definition_is_told_where_it_is_made(upgrade: str, made: str) -> None:
    downgrade = f"{made}\n{COMMENT}"
    (told,) = findings("MRT803", upgrade, downgrade, given=TASKS)
    source = migration(upgrade, downgrade, given=TASKS, database="postgresql").files[-1][1].splitlines()
    assert source[told.span.line - 1].strip() == made
