"""Where a harm is told: at the step that does it, in the upgrade or in the downgrade."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import Finding, Severity, migration
from mrt_lint.schema.dialects import Dialect
from tests.rules.linting import findings

DATABASES: tuple[Dialect, ...] = ("postgresql", "mysql", "sqlite")
JOBS = """
op.create_table(
    "pools",
    sa.Column("id", sa.Integer, primary_key=True),
)
op.create_table(
    "jobs",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("state", sa.String(20)),
    sa.Column("pool_id", sa.Integer),
)
"""


def _lines(told: list[Finding], upgrade: str, downgrade: str, **facts: object) -> list[tuple[str, str]]:
    """Returns the rule of each finding and the line of source that it stands at."""
    source = migration(upgrade, downgrade, **facts).files[-1][1].splitlines()  # type: ignore[arg-type]
    return [(finding.rule, source[finding.span.line - 1].strip()) for finding in told]


def test_an_index_that_a_rebuild_does_not_see_is_lost_by_the_batch_that_rebuilds() -> None:
    """SQLAlchemy reflects no index on an expression; an ADD COLUMN in a batch rebuilds nothing."""
    given = JOBS + 'op.execute("CREATE INDEX ix_lower ON jobs (lower(state))")'
    upgrade = 'with op.batch_alter_table("jobs") as batch:\n    batch.add_column(sa.Column("note", sa.Text))'
    downgrade = 'with op.batch_alter_table("jobs") as batch:\n    batch.drop_column("note")'
    facts = {"given": given, "database": "sqlite"}
    told = findings("MRT802", upgrade, downgrade, **facts)  # type: ignore[arg-type]
    assert _lines(told, upgrade, downgrade, **facts) == [("MRT802", 'batch.drop_column("note")')]


@pytest.mark.parametrize("database", ["postgresql", "mysql"])
def test_an_index_that_goes_with_its_table_in_the_downgrade(database: Dialect) -> None:
    given = JOBS + 'op.create_index("ix_state", "jobs", ["state"])'
    upgrade = 'op.add_column("jobs", sa.Column("note", sa.Text))'
    downgrade = f'op.drop_table("jobs")\n{JOBS[JOBS.index("op.create_table", 5) :]}'
    facts = {"given": given, "database": database}
    told = findings("MRT802", upgrade, downgrade, **facts)  # type: ignore[arg-type]
    assert _lines(told, upgrade, downgrade, **facts) == [("MRT802", 'op.drop_table("jobs")')]


@pytest.mark.parametrize("database", DATABASES)
def test_a_column_that_the_upgrade_fills_and_the_downgrade_empties(database: Dialect) -> None:
    """The upgrade writes only where there was nothing; every old value is the downgrade's to keep."""
    upgrade = 'op.execute("UPDATE jobs SET pool_id = 1 WHERE pool_id IS NULL")'
    downgrade = 'op.execute("UPDATE jobs SET pool_id = NULL")'
    facts = {"given": JOBS, "database": database}
    told = findings("MRT103 MRT804", upgrade, downgrade, **facts)  # type: ignore[arg-type]
    assert _lines(told, upgrade, downgrade, **facts) == [("MRT804", downgrade)]


@pytest.mark.parametrize("database", DATABASES)
def test_a_column_that_the_upgrade_empties_is_told_there(database: Dialect) -> None:
    upgrade = "op.execute(\"UPDATE jobs SET state = 'a'\")"
    downgrade = "op.execute(\"UPDATE jobs SET state = 'b'\")"
    facts = {"given": JOBS, "database": database}
    told = findings("MRT103 MRT804", upgrade, downgrade, **facts)  # type: ignore[arg-type]
    assert _lines(told, upgrade, downgrade, **facts) == [("MRT804", upgrade)]


TASKS = """
op.create_table(
    "tasks",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("job_id", sa.Integer, sa.ForeignKey("jobs.id", ondelete="CASCADE")),
)
"""


@pytest.mark.parametrize("database", ["postgresql", "mysql"])
def test_rows_that_go_with_those_they_refer_to(database: Dialect) -> None:
    delete = "op.execute(\"DELETE FROM jobs WHERE state = 'old'\")"
    upgrade = f'op.add_column("tasks", sa.Column("note", sa.Text))\n{delete}'
    downgrade = "op.execute(\"INSERT INTO jobs (id, state) VALUES (1, 'old')\")\n"
    downgrade += 'op.drop_column("tasks", "note")'
    facts = {"given": JOBS + TASKS, "database": database}
    told = [one for one in findings("MRT804", upgrade, downgrade, **facts) if one.subject == "tasks"]  # type: ignore[arg-type]
    assert _lines(told, upgrade, downgrade, **facts) == [("MRT804", delete)]


def test_a_cast_of_the_downgrade_is_told_there() -> None:
    """SQLite reads INTERVAL as a kind of INTEGER; the upgrade leaves the text as it is."""
    alter = (
        'with op.batch_alter_table("jobs") as batch:\n'
        '    batch.alter_column("state", existing_type={}, type_={})'
    )
    upgrade = alter.format("sa.Interval()", "sa.String(20)")
    downgrade = alter.format("sa.String(20)", "sa.Integer()")
    facts = {"given": JOBS, "database": "sqlite"}
    (told,) = findings("MRT303 MRT804", upgrade, downgrade, **facts)  # type: ignore[arg-type]
    source = migration(upgrade, downgrade, **facts).files[-1][1].splitlines()  # type: ignore[arg-type]
    assert "type_=sa.Integer()" in source[told.span.line - 1]


def test_a_definition_is_changed_where_it_is_stated_and_not_by_the_key_made_afterwards() -> None:
    given = 'op.create_table("pools", sa.Column("id", sa.Integer, primary_key=True))\n'
    given += 'op.create_table("jobs", sa.Column("id", sa.Integer), sa.Column("pool_id", sa.Integer))'
    upgrade = 'op.rename_table("jobs", "work")\nop.alter_column("work", "pool_id", type_=sa.BigInteger())'
    stated = 'op.alter_column("work", "pool_id", type_=sa.SmallInteger())'
    key = 'op.create_foreign_key("fk_pool", "jobs", "pools", ["pool_id"], ["id"])'
    downgrade = f'{stated}\nop.rename_table("work", "jobs")\n{key}'
    facts = {"given": given, "database": "postgresql"}
    told = findings("MRT803", upgrade, downgrade, **facts)  # type: ignore[arg-type]
    assert _lines(told, upgrade, downgrade, **facts) == [("MRT803", stated)]


def test_a_changed_type_is_told_where_it_changes_not_where_the_column_becomes_nullable_again() -> None:
    upgrade = (
        'op.alter_column("jobs", "state", type_=sa.Text, nullable=False)\n'
        'op.create_index("ix_state", "jobs", ["pool_id"])'
    )
    downgrade = (
        'op.drop_index("ix_state", table_name="jobs")\n'
        'op.alter_column("jobs", "state", existing_type=sa.Text, nullable=True)'
    )
    facts = {"given": JOBS, "database": "postgresql"}
    told = findings("MRT803", upgrade, downgrade, **facts)  # type: ignore[arg-type]
    assert _lines(told, upgrade, downgrade, **facts) == [("MRT803", upgrade.splitlines()[0])]


def test_a_changed_type_is_told_where_it_changes_though_the_rows_are_not_followed() -> None:
    """A constraint of an unknown name is dropped, the table renamed, and both taken back."""
    upgrade = (
        'op.execute(f"ALTER TABLE jobs DROP CONSTRAINT {sa.inspect(op.get_bind()).name}")\n'
        'op.rename_table("jobs", "tasks")\n'
        'op.alter_column("tasks", "state", type_=sa.Text, nullable=False)'
    )
    downgrade = 'op.alter_column("tasks", "state", nullable=True)\nop.rename_table("tasks", "jobs")'
    facts = {"given": JOBS, "database": "postgresql"}
    told = findings("MRT803", upgrade, downgrade, **facts)  # type: ignore[arg-type]
    assert _lines(told, upgrade, downgrade, **facts) == [("MRT803", upgrade.splitlines()[2])]


def test_what_a_rebuild_takes_from_a_table_is_told_at_the_first_that_does() -> None:
    """SQLAlchemy does not reflect AUTOINCREMENT, so that a batch leaves it out."""
    last = 'sa.Column("pool_id", sa.Integer),'
    given = JOBS.replace(last, f"{last}\n    sqlite_autoincrement=True,")
    batch = 'with op.batch_alter_table("jobs") as batch:\n    batch.alter_column("state", nullable={})'
    facts = {"given": given, "database": "sqlite"}
    told = findings("MRT803", batch.format(False), batch.format(True), **facts)  # type: ignore[arg-type]
    lines = _lines(told, batch.format(False), batch.format(True), **facts)
    assert lines == [("MRT803", 'batch.alter_column("state", nullable=False)')]


def test_what_is_left_is_told_where_it_is_made_and_not_where_it_is_changed_last() -> None:
    upgrade = (
        'op.add_column("jobs", sa.Column("note", sa.Text))\nop.alter_column("jobs", "note", nullable=False)'
    )
    downgrade = "op.execute(\"UPDATE jobs SET state = 'a' WHERE state = 'b'\")"
    told = findings("MRT801", upgrade, downgrade, given=JOBS)
    assert _lines(told, upgrade, downgrade, given=JOBS) == [
        ("MRT801", 'op.add_column("jobs", sa.Column("note", sa.Text))')
    ]


def test_a_reference_that_is_emptied_is_told_at_the_deletion() -> None:
    given = JOBS + 'op.create_foreign_key("fk", "jobs", "pools", ["pool_id"], ["id"], ondelete="SET NULL")\n'
    upgrade = 'op.execute("DELETE FROM pools WHERE id > 3")'
    downgrade = "op.execute(\"UPDATE jobs SET state = 'a' WHERE state = 'b'\")"
    told = [one for one in findings("MRT804", upgrade, downgrade, given=given) if "pool_id" in one.message]
    assert _lines(told, upgrade, downgrade, given=given) == [("MRT804", upgrade)]


DROPPED = 'op.drop_table("jobs")\n'
MADE = 'op.create_table("jobs", sa.Column("id", sa.Integer, primary_key=True), sa.Column("note", sa.Text))'
MADE_AGAIN = DROPPED + MADE
TEMPORARY = 'sa.Enum("a", "b", name="old_state").{}(op.get_bind())\n'


def test_a_type_that_the_upgrade_drops_itself_is_not_left_by_it() -> None:
    upgrade = f'{TEMPORARY.format("create")}{TEMPORARY.format("drop")}op.drop_column("jobs", "state")'
    again = 'op.add_column("jobs", sa.Column("state", sa.String(20)))\n'
    made = TEMPORARY.format("create")
    told = findings("MRT503 MRT801", upgrade, again + made, given=JOBS)
    assert _lines(told, upgrade, again + made, given=JOBS) == [("MRT801", made.strip())]
    fails = (
        f'{made}op.add_column("pools", sa.Column("s", sa.Enum(name="old_state")))\n{TEMPORARY.format("drop")}'
    )
    told = findings("MRT503 MRT801 MRT806", upgrade, again + fails, given=JOBS)
    assert ("MRT806", TEMPORARY.format("drop").strip()) in _lines(told, upgrade, again + fails, given=JOBS)
    assert not [one for one in told if one.rule in ("MRT503", "MRT801") and "type " in one.message]


@pytest.mark.parametrize(
    ("upgrade", "downgrade", "who"), [(MADE_AGAIN, "pass", "upgrade"), (DROPPED, MADE, "downgrade")]
)
def test_it_is_said_who_makes_a_dropped_table_again(upgrade: str, downgrade: str, who: str) -> None:
    (told,) = findings("MRT202", upgrade, downgrade, given=JOBS)
    assert f"the {who} re-creates it without its rows" in told.message


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_a_key_that_goes_with_its_column_in_a_batch(database: Dialect) -> None:
    """The parts of a batch that rebuilds take effect together; the key goes with the column that it needs."""
    given = JOBS.replace(
        'sa.Column("pool_id", sa.Integer)',
        'sa.Column("pool_id", sa.Integer, sa.ForeignKey("pools.id", name="fk_pool")),\n'
        '    sa.Column("old_pool_id", sa.Integer, sa.ForeignKey("pools.id", name="fk_old"))',
    )
    batch = 'with op.batch_alter_table("jobs") as batch:\n    '
    drops = ["batch.drop_column('pool_id')", "batch.drop_column('old_pool_id')"]
    adds = [
        drop.replace("drop_column(", "add_column(sa.Column(").replace(")", ", sa.Integer))") for drop in drops
    ]
    upgrade, downgrade = (batch + "\n    ".join(steps) for steps in (drops, adds))
    facts = {"given": given, "database": database}
    told = findings("MRT802", upgrade, downgrade, **facts)  # type: ignore[arg-type]
    assert _lines(told, upgrade, downgrade, **facts) == [("MRT802", drop) for drop in drops]


def test_what_goes_with_a_rebuild_is_told_where_that_is_forced() -> None:
    """A plain column and an index are added without one; a batch that always rebuilds does so by itself."""
    given = JOBS + 'op.execute("CREATE TRIGGER watch AFTER INSERT ON jobs BEGIN SELECT 1; END")'
    add, key = (
        'batch.add_column(sa.Column("boss", sa.Integer))',
        'batch.create_foreign_key("fk", "pools", ["boss"], ["id"])',
    )
    default = 'batch.add_column(sa.Column("at", sa.Text, server_default=sa.text("CURRENT_TIMESTAMP")))'
    for always, steps, at in (
        ("", [add, key], key),
        ("", [add, 'batch.create_index("ix", ["boss"])', default, key], default),
        (', recreate="always"', [add, key], add),
    ):
        upgrade = f'with op.batch_alter_table("jobs"{always}) as batch:\n    ' + "\n    ".join(steps)
        downgrade = 'op.execute("DROP INDEX IF EXISTS ix_none")'
        facts = {"given": given, "database": "sqlite"}
        told = findings("MRT802", upgrade, downgrade, **facts)  # type: ignore[arg-type]
        assert _lines(told, upgrade, downgrade, **facts) == [("MRT802", at)]


@pytest.mark.parametrize("order", ['sa.desc("state")', 'sa.asc("state")', 'sa.text("state DESC")'])
def test_the_direction_of_an_index_alone_is_no_expression(order: str) -> None:
    """A batch on SQLite keeps the index, in ascending order (tried with SQLAlchemy 2.1 and SQLite 3.40)."""
    given = JOBS + f'op.create_index("ix_state", "jobs", ["pool_id", {order}])'
    upgrade = 'with op.batch_alter_table("jobs") as batch:\n    batch.add_column(sa.Column("note", sa.Text))'
    downgrade = 'with op.batch_alter_table("jobs") as batch:\n    batch.drop_column("note")'
    told = findings("MRT802 MRT803", upgrade, downgrade, given=given, database="sqlite")
    assert "MRT802" not in [finding.rule for finding in told]
    assert all("'state'" not in finding.message for finding in told)


def test_what_is_left_is_told_at_its_addition_and_not_at_the_write_that_needs_it() -> None:
    upgrade = """
md = sa.MetaData()
md.reflect(bind=op.get_bind())
if not ("jobs" in md.tables and "note" in [c.name for c in md.tables["jobs"].columns]):
    op.add_column("jobs", sa.Column("note", sa.Text))
op.execute(sa.table("jobs", sa.column("note")).update().values(note="x"))
"""
    downgrade = 'if op.get_bind().dialect.name != "sqlite":\n    op.drop_column("jobs", "note")'
    told = findings("MRT801", upgrade, downgrade, given="", database="sqlite")
    assert _lines(told, upgrade, downgrade, given="", database="sqlite") == [
        ("MRT801", 'op.add_column("jobs", sa.Column("note", sa.Text))')
    ]


def test_a_table_that_is_left_is_told_where_it_is_made_and_not_where_it_is_filled() -> None:
    table = 'op.create_table("old_jobs", sa.Column("id", sa.Integer), sa.Column("state", sa.String(20)))'
    upgrade = f'{table}\nop.execute("INSERT INTO old_jobs SELECT id, state FROM jobs")\n'
    upgrade += 'op.drop_column("jobs", "state")'
    downgrade = 'op.add_column("jobs", sa.Column("state", sa.String(20)))'
    told = findings("MRT801", upgrade, downgrade, given=JOBS)
    assert _lines(told, upgrade, downgrade, given=JOBS) == [("MRT801", table)]


def test_rows_that_the_downgrade_deletes_after_writes_that_are_not_followed() -> None:
    mapped = """
from sqlalchemy.orm import Session, declarative_base
Base = declarative_base()
class Pool(Base):
    __tablename__ = "pools"
    id = sa.Column(sa.Integer, primary_key=True)
session = Session(bind=op.get_bind())
"""
    upgrade = f"{mapped}for number in numbers():\n    session.add(Pool(id=number))\nsession.commit()"
    downgrade = f"{mapped}session.query(Pool).delete()"
    told = findings("MRT804", upgrade, downgrade, given=JOBS)
    assert _lines(told, upgrade, downgrade, given=JOBS) == [("MRT804", "session.query(Pool).delete()")]


@pytest.mark.parametrize("again", ["", ", type_=sa.String(20)"])
@pytest.mark.parametrize("database", ["postgresql", "mysql"])
def test_contents_that_are_overwritten_before_their_column_is_defined_anew(
    database: Dialect, again: str
) -> None:
    """A type that the column has already takes nothing of what it holds."""
    write = "op.execute(\"UPDATE jobs SET state = 'new' WHERE state IS NULL OR state = 'none'\")"
    alter = 'op.alter_column("jobs", "state", nullable={}, existing_type=sa.String(20){})'
    upgrade, downgrade = f"{write}\n{alter.format(False, again)}", alter.format(True, again)
    facts = {"given": JOBS, "database": database}
    told = findings("MRT103 MRT104 MRT303 MRT804", upgrade, downgrade, **facts)  # type: ignore[arg-type]
    assert _lines(told, upgrade, downgrade, **facts) == [("MRT103", write)]


def test_contents_that_are_overwritten_before_their_labels_are_swapped_by_way_of_another_type() -> None:
    write = "op.execute(\"UPDATE jobs SET state = 'new' WHERE state = 'none'\")"

    def swapped(first: str, second: str) -> str:
        steps = [
            f"CREATE TYPE {second} AS ENUM ('new', 'done')",
            f"ALTER TABLE jobs ALTER COLUMN state TYPE {second} USING state::text::{second}",
            f"DROP TYPE {first}",
            f"CREATE TYPE {first} AS ENUM ('new', 'done')",
            f"ALTER TABLE jobs ALTER COLUMN state TYPE {first} USING state::text::{first}",
            f"DROP TYPE {second}",
        ]
        return "\n".join(f'op.execute("{step}")' for step in steps)

    given = """
op.create_table("jobs", sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("state", sa.Enum("new", "done", "none", name="states")))
"""
    upgrade = f"{write}\n{swapped('states', 'other')}"
    downgrade = swapped("states", "other").replace(
        "CREATE TYPE states AS ENUM ('new', 'done')", "CREATE TYPE states AS ENUM ('new', 'done', 'none')"
    )
    facts = {"given": given, "database": "postgresql"}
    told = findings("MRT103 MRT804", upgrade, downgrade, **facts)  # type: ignore[arg-type]
    assert _lines(told, upgrade, downgrade, **facts) == [("MRT103", write)]


NOTES = """
op.create_table("notes", sa.Column("id", sa.Integer, primary_key=True), sa.Column("author_id", sa.Integer))
"""


@pytest.mark.parametrize("database", DATABASES)
def test_a_key_of_a_table_that_takes_the_place_of_the_old_one_is_made_with_that_table(
    database: Dialect,
) -> None:
    upgrade = 'op.alter_column("notes", "author_id", new_column_name="writer_id", existing_type=sa.Integer)'
    downgrade = """
made = op.create_table("old", sa.Column("id", sa.Integer), sa.Column("author_id", sa.Integer))
op.create_unique_constraint("uq_author", "old", ["author_id"])
op.rename_table("old", "older")
op.execute("INSERT INTO older (id, author_id) SELECT id, writer_id FROM notes")
op.drop_table("notes")
op.rename_table("older", "notes")
"""
    if database == "sqlite":
        upgrade = upgrade.replace("op.", "batch.").replace('"notes", ', "")
        upgrade = f'with op.batch_alter_table("notes") as batch:\n    {upgrade}'
        downgrade = downgrade.replace("op.create_unique_constraint", "batch.create_unique_constraint")
        downgrade = downgrade.replace('"uq_author", "old", ', '"uq_author", ')
        downgrade = downgrade.replace("batch.", 'with op.batch_alter_table("old") as batch: batch.')
    facts = {"given": NOTES, "database": database}
    told = findings("MRT801", upgrade, downgrade, **facts)  # type: ignore[arg-type]
    places = [line for _, line in _lines(told, upgrade, downgrade, **facts)]
    assert len(places) == 1
    assert "create_unique_constraint" in places[0]


def test_numbers_from_a_sequence_of_another_name_are_a_warning() -> None:
    """PostgreSQL names the sequence of a SERIAL after the table as it is called when it is made."""
    columns = 'sa.Column("id", sa.Integer, primary_key=True), sa.Column("author_id", sa.Integer)'
    rebuilt = f"""
op.create_table("new", {columns}, sa.PrimaryKeyConstraint("id", name="pk_notes"))
op.execute("INSERT INTO new (id, author_id) SELECT id, author_id FROM notes")
op.drop_table("notes")
op.rename_table("new", "notes")
"""
    told = findings("MRT801", 'op.execute("SELECT 1")', rebuilt, given=NOTES)
    assert [(one.severity, one.message) for one in told] == [
        (
            Severity.WARNING,
            "notes.id has its numbers from sequence new_id_seq after the downgrade, "
            "one of another name than before",
        )
    ]
