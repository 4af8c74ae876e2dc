"""Harm that only some of the ways through a migration do is a warning; what every way does is an error."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import migration
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY, findings

T = 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("d", sa.Text))'
WANTED = "if context.get_x_argument(as_dictionary=True).get('wanted'):\n"
BACK = 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("d", sa.Text))'


def told(codes: str, upgrade: str, downgrade: str, **facts: object) -> list[tuple[str, str]]:
    found = findings(codes, upgrade, downgrade, **facts)  # type: ignore[arg-type]
    return [(finding.rule, finding.severity.value) for finding in found]


def verdict(upgrade: str, downgrade: str, given: str = T) -> str:
    example = migration(upgrade, downgrade, given=given, database="postgresql")
    return run(example, REGISTRY).migrations[-1].verdict.value


def test_a_downgrade_that_fails_only_where_the_upgrade_did_nothing_is_a_warning() -> None:
    """The drop loses the rows where it runs: that stays an error. What fails then is told once."""
    upgrade = f'from alembic import context\n{WANTED}    op.drop_table("t")'
    downgrade = f'{BACK}\nop.create_index("ix_t_d", "t", ["d"])'
    given = f'{T}\nop.create_index("ix_t_d", "t", ["d"])'
    assert told("MRT202 MRT806", upgrade, downgrade, given=given) == [
        ("MRT202", "error"),
        ("MRT806", "warning"),
    ]
    assert verdict(upgrade, downgrade, given) == "broken"
    (_, failing) = findings("MRT202 MRT806", upgrade, downgrade, given=given)
    assert "not on every way: that hangs on `context.get_x_argument" in failing.message


def test_a_downgrade_that_fails_on_every_way_is_an_error() -> None:
    upgrade = f'from alembic import context\n{WANTED}    op.add_column("t", sa.Column("e", sa.Integer))'
    assert told("MRT806", upgrade, 'op.drop_column("t", "f")', given=T) == [("MRT806", "error")]


EARLY = """
from project import is_new, is_done
def needed():
    if not is_new():
        return False
    if is_done():
        return False
    return True
if needed():
    op.add_column("t", sa.Column("e", sa.Integer))
"""


def test_an_early_exit_before_all_that_is_done_is_a_warning() -> None:
    assert told("MRT806", EARLY, 'op.drop_column("t", "e")', given=T) == [("MRT806", "warning")]
    assert verdict(EARLY, 'op.drop_column("t", "e")') == "broken"


MAKES_UP = (
    'op.add_column("t", sa.Column("kept", sa.Text))\n'
    "from project import is_filled\nif is_filled():\n    op.execute('UPDATE t SET kept = d')\n"
    'op.drop_column("t", "d")'
)
RESTORES = (
    'op.add_column("t", sa.Column("d", sa.Text))\nop.execute("UPDATE t SET d = kept")\n'
    'op.drop_column("t", "kept")'
)


def test_a_loss_that_a_part_makes_up_for_is_lossy_and_not_surely() -> None:
    assert verdict(MAKES_UP, RESTORES) == "lossy"
    assert told("MRT201", MAKES_UP, RESTORES, given=T) == [("MRT201", "warning")]


DELETES = "from project import is_old\nif is_old():\n    op.execute('DELETE FROM t')"


def test_what_a_condition_guards_is_surely_lost_where_it_runs() -> None:
    assert told("MRT104 MRT203 MRT804", DELETES, "op.execute('SELECT 1')", given=T)
    assert verdict(DELETES, "op.execute('SELECT 1')") == "lossy"


KEYED = """
from project import find_key
op.alter_column("t", "d", nullable=False)
if find_key("t") is None:
    op.create_unique_constraint("uq_t_d", "t", ["d"])
"""


def test_what_is_made_where_a_condition_finds_none_is_perhaps_left() -> None:
    nullable = 'op.alter_column("t", "d", nullable=True)'
    assert told("MRT801", KEYED, nullable, given=T) == [("MRT801", "warning")]
    assert verdict(KEYED, nullable) == "broken"
    sure = KEYED.replace('if find_key("t") is None:\n    ', "")
    assert told("MRT801", sure, nullable, given=T) == [("MRT801", "error")]


FOUR = "from project import has\n" + "\n".join(
    [
        'if not has("other"):\n    op.add_column("t", sa.Column("other", sa.Integer))',
        'if not has("new"):\n    op.add_column("t", sa.Column("new", sa.Text))',
        'if has("d"):\n    op.execute("UPDATE t SET new = d")\n    op.drop_column("t", "d")',
        'if not has("last"):\n    op.add_column("t", sa.Column("last", sa.Integer))',
    ]
)
FOUR_BACK = "from project import has\n" + "\n".join(
    [
        'if has("other"):\n    op.drop_column("t", "other")',
        'if not has("d"):\n    op.add_column("t", sa.Column("d", sa.Text))',
        'if has("new"):\n    op.execute("UPDATE t SET d = new")\n    op.drop_column("t", "new")',
        'if has("last"):\n    op.drop_column("t", "last")',
    ]
)


def test_more_conditions_than_are_explored_are_turned_over_one_by_one() -> None:
    """Sixteen ways down: the one that spares the column lies two decisions away from the first."""
    unread = "op.execute(sql_of_the_project)"
    assert told("MRT201 MRT804", FOUR, FOUR_BACK, given=unread) == []
    assert verdict(FOUR, FOUR_BACK, unread) == "unknown"


def test_what_a_try_may_not_reach_may_not_be_there_for_the_downgrade() -> None:
    made = 'op.execute("UPDATE t SET d = upper(d)")\n    op.add_column("t", sa.Column("e", sa.Integer))'
    upgrade = f"try:\n    {made}\nexcept Exception:\n    print('no')"
    (found,) = findings("MRT806", upgrade, 'op.drop_column("t", "e")', given=T, database="mysql")
    assert found.severity.value == "warning"
    assert found.message.endswith("if part of the upgrade does not run (a try, or a loop)")


LOOP = (
    'for row in op.get_bind().execute(sa.text("SELECT id FROM t")):\n'
    '    op.get_bind().execute(sa.text("DELETE FROM t WHERE id = :id"), {"id": row[0]})\n'
    'op.drop_column("t", "d")'
)


def test_a_column_is_lost_for_sure_where_another_way_loses_whole_rows() -> None:
    assert told("MRT201", LOOP, 'op.add_column("t", sa.Column("d", sa.Text))', given=T) == [
        ("MRT201", "error")
    ]


def test_a_column_dropped_outside_of_a_loop_that_is_not_understood_is_lost_for_sure() -> None:
    """What the loop does to the table is in doubt; that the column goes is not."""
    given = """
    op.create_table(
        "boats",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("owner", sa.String(9)),
    )
    """
    upgrade = """
    boats = sa.Table("boats", sa.MetaData(), autoload_with=op.get_bind())
    for key in boats.foreign_key_constraints:
        op.drop_constraint(key.name, "boats", type_="foreignkey")
    op.drop_column("boats", "owner")
    """
    (told,) = findings(
        "MRT201", upgrade, 'op.add_column("boats", sa.Column("owner", sa.String(9)))', given=given
    )
    assert told.severity.value == "error"


@pytest.mark.parametrize("more", ["", "from sqlalchemy.orm import Session\nSession(conn).add(object())\n"])
def test_a_column_copied_aside_in_a_loop_is_not_lost_for_sure_where_rows_go_too(more: str) -> None:
    """Rows that are deleted are told by themselves; in the others the downgrade may bring the column back.

    What is not understood on either way is no difference between them.
    """
    given = 'op.create_table("items", sa.Column("id", sa.Integer, primary_key=True), sa.Column("c", sa.Text))'
    upgrade = """
op.create_table("kept", sa.Column("id", sa.Integer, primary_key=True), sa.Column("c", sa.Text))
op.add_column("items", sa.Column("kept_id", sa.Integer))
conn = op.get_bind()
for one in conn.execute(sa.text("SELECT id, c FROM items")).fetchall():
    if one[1] is not None:
        conn.execute(sa.text("INSERT INTO kept (c) SELECT c FROM items WHERE id = :id"), dict(id=one[0]))
        last = conn.execute(sa.text("SELECT max(id) FROM kept")).scalar()
        conn.execute(sa.text("UPDATE items SET kept_id = :last WHERE id = :id"), dict(last=last, id=one[0]))
op.drop_column("items", "c")
for two in conn.execute(sa.text("SELECT id, kept_id FROM items")).fetchall():
    if two[1] is None:
        conn.execute(sa.text("DELETE FROM items WHERE id = :id"), dict(id=two[0]))
"""
    downgrade = """
op.add_column("items", sa.Column("c", sa.Text))
op.execute("UPDATE items SET c = (SELECT c FROM kept WHERE id = kept_id)")
op.drop_column("items", "kept_id")
op.drop_table("kept")
"""
    told = findings("MRT105 MRT201 MRT208", upgrade + more, downgrade, given=given)
    assert [(one.rule, one.severity.value) for one in told] == [("MRT201", "warning"), ("MRT105", "warning")]
    assert "`one[1] is not None`" in told[0].message


SEQUENCED = """
def there(bind):
    return "pings" in {{name.lower() for name in sa.inspect(bind).get_sequence_names()}}
bind = op.get_bind()
{}
"""


def test_a_sequence_that_no_migration_made_is_lost_only_where_it_was() -> None:
    """Where it is not there the upgrade makes it; what there was before is not known, code is not read."""
    given = "import other\nother.prepare(op)"
    moved = "if there(bind):\n    op.execute('ALTER SEQUENCE pings RESTART START WITH 5')\nelse:\n    {}"
    upgrade = SEQUENCED.format(moved.format('op.execute("CREATE SEQUENCE pings START WITH 5")'))
    downgrade = SEQUENCED.format('if there(bind):\n    op.execute("DROP SEQUENCE pings")')
    (lost,) = findings("MRT802", upgrade, downgrade, given=given, database="oracle")
    assert lost.severity.value == "warning"
    assert "not on every way: that hangs on `there(bind)`" in lost.message
    example = migration(upgrade, downgrade, given=given, database="oracle")
    assert run(example, REGISTRY).migrations[-1].verdict.value == "broken"
    always = SEQUENCED.format("op.execute('ALTER SEQUENCE pings RESTART START WITH 5')")
    dropped = 'op.execute("DROP SEQUENCE pings")'
    assert told("MRT802", always, dropped, given=given, database="oracle") == [("MRT802", "error")]


GUARDED = """
from project import is_needed
inspector = sa.inspect(op.get_bind())
op.add_column("t", sa.Column("e", sa.Integer))
if "ix_a" not in [one["name"] for one in inspector.get_indexes("u")]:
    op.create_index("ix_a", "u", ["d"])
if is_needed("x"):
    op.create_index("ix_b", "u", ["d"])
"""


def test_what_is_left_hangs_on_the_conditions_of_the_statement_that_makes_it() -> None:
    """Where the first index was there already, the other one's condition is not why it was not made."""
    first, second = findings("MRT801", GUARDED, 'op.drop_column("t", "e")', given=T)
    assert (first.severity.value, first.message) == (
        "error",
        "index ix_a of u is still there after the downgrade",
    )
    assert second.severity.value == "warning"
    assert second.message.endswith('not on every way: that hangs on `is_needed("x")`')


def test_the_condition_named_is_the_one_of_the_nearest_way() -> None:
    """Two loops over rows of one name: that neither runs differs in more than the row that is not copied."""
    columns = (
        'sa.Column("id", sa.Integer, primary_key=True), sa.Column("c", sa.Text), sa.Column("d", sa.Text)'
    )
    upgrade = """
op.create_table("kept", sa.Column("id", sa.Integer, primary_key=True), sa.Column("c", sa.Text))
op.add_column("items", sa.Column("kept_id", sa.Integer))
conn = op.get_bind()
rows = conn.execute(sa.text("SELECT id, c FROM items")).fetchall()
for row in rows:
    if row[1] is not None:
        conn.execute(sa.text("INSERT INTO kept (c) SELECT c FROM items WHERE id = :id"), dict(id=row[0]))
        last = conn.execute(sa.text("SELECT max(id) FROM kept")).scalar()
        conn.execute(sa.text("UPDATE items SET kept_id = :last WHERE id = :id"), dict(last=last, id=row[0]))
op.drop_column("items", "c")
rows = conn.execute(sa.text("SELECT id, kept_id FROM items")).fetchall()
for row in rows:
    if row[1] is None:
        conn.execute(sa.text("DELETE FROM items WHERE id = :id"), dict(id=row[0]))
        continue
    conn.execute(sa.text("UPDATE items SET d = :d WHERE id = :id"), dict(d=row[1], id=row[0]))
"""
    downgrade = """
op.add_column("items", sa.Column("c", sa.Text))
op.execute("UPDATE items SET c = (SELECT c FROM kept WHERE id = kept_id)")
op.drop_column("items", "kept_id")
op.drop_table("kept")
"""
    (told,) = findings("MRT201", upgrade, downgrade, given=f'op.create_table("items", {columns})')
    assert told.message.endswith("hangs on `row[1] is not None`")
