"""Stepping revisions through one run of env.py: on every database, in every mode of transactions."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from mrt_dynamic.engine.alembic import run, survey
from mrt_dynamic.engine.base import Driver, StepError
from mrt_dynamic.engine.project import AlembicProject, load
from mrt_dynamic.errors import ProjectError
from mrt_dynamic.scratch.base import Scratch
from tests.backends import DATABASES
from tests.dynamic.projects import ENV, HEAD, INI, Migration, init, scratch_on, table, write

CHAIN = [table("a1"), table("b2", "a1"), table("c3", "b2")]
SERVERS = ("postgresql", "mariadb")

MODES = {
    "default": ENV,
    "transaction per migration": ENV.replace(
        "connection=connection", "connection=connection, transaction_per_migration=True"
    ),
    "transactional ddl": ENV.replace(
        "connection=connection", "connection=connection, transactional_ddl=True"
    ),
    "no transactional ddl": ENV.replace(
        "connection=connection", "connection=connection, transactional_ddl=False"
    ),
    "no transaction": HEAD
    + """
with engine.connect() as connection:
    context.configure(connection=connection)
    context.run_migrations()
""",
    "engine begun": HEAD
    + """
with engine.begin() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
""",
    "connection begun": HEAD
    + """
connection = engine.connect()
transaction = connection.begin()
context.configure(connection=connection)
context.run_migrations()
transaction.commit()
connection.close()
""",
    "begun after configure": HEAD
    + """
with engine.connect() as connection:
    context.configure(connection=connection)
    with connection.begin():
        context.run_migrations()
""",
    "begun by a statement": HEAD
    + """
with engine.connect() as connection:
    connection.execute(text("SELECT 1"))
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
""",
    "statement after configure": HEAD
    + """
with engine.connect() as connection:
    context.configure(connection=connection)
    connection.execute(text("SELECT 1"))
    with context.begin_transaction():
        context.run_migrations()
""",
    "autocommit": HEAD
    + """
with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
""",
}


def tables(driver: Driver) -> set[str]:
    """Returns the tables that another connection sees, the version table aside."""
    connection = driver.connection
    found = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
    connection.rollback()
    return found


def up_and_down(project: AlembicProject) -> Callable[[Driver], list[tuple[tuple[str, ...], set[str]]]]:
    """Returns a function that goes up, down and up again, and says what it saw after each step."""

    def work(driver: Driver) -> list[tuple[tuple[str, ...], set[str]]]:
        seen = []
        for move, order in (
            (driver.upgrade, project.revisions),
            (driver.downgrade, tuple(reversed(project.revisions))),
            (driver.upgrade, project.revisions),
        ):
            for each in order:
                move(each.id)
                seen.append((driver.heads(), tables(driver)))
        return seen

    return work


SEEN = [
    (("a1",), {"t_a1"}),
    (("b2",), {"t_a1", "t_b2"}),
    (("c3",), {"t_a1", "t_b2", "t_c3"}),
    (("b2",), {"t_a1", "t_b2"}),
    (("a1",), {"t_a1"}),
    ((), set()),
    (("a1",), {"t_a1"}),
    (("b2",), {"t_a1", "t_b2"}),
    (("c3",), {"t_a1", "t_b2", "t_c3"}),
]


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("mode", MODES)
def test_every_step_is_committed_in_every_mode(tmp_path: Path, database: str, mode: str) -> None:
    project = load(write(tmp_path, CHAIN, MODES[mode]))
    with scratch_on(database, tmp_path) as scratch:
        assert run(project, scratch, up_and_down(project)) == SEEN
    assert project.notes == []


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("template", ["generic", "async", "pyproject", "pyproject_async"])
def test_templates_of_alembic(tmp_path: Path, database: str, template: str) -> None:
    if database == "mariadb" and "async" in template:
        pytest.importorskip("aiomysql")
    project = load(init(tmp_path, template, CHAIN))
    with scratch_on(database, tmp_path) as scratch:
        assert run(project, scratch, up_and_down(project)) == SEEN
    assert project.notes == []


@pytest.mark.parametrize("database", DATABASES)
def test_several_databases_are_stepped_one_env_py_at_a_time(tmp_path: Path, database: str) -> None:
    up = 'op.create_table("t_" + engine_name, sa.Column("id", sa.Integer))'
    down = 'op.drop_table("t_" + engine_name)'
    revisions = [
        Migration("a1", None, up, down, arguments="engine_name"),
        table("b2", "a1", arguments="engine_name"),
    ]
    project = load(init(tmp_path, "multidb", revisions))
    with scratch_on(database, tmp_path) as scratch:
        seen = run(project, scratch, up_and_down(project))
    first = {"t_engine1"}
    assert seen[:4] == [(("a1",), first), (("b2",), first | {"t_b2"}), (("a1",), first), ((), set())]
    assert len(project.notes) == 1
    assert project.notes[0].startswith("env.py runs the migrations 2 times")


@pytest.mark.parametrize("database", DATABASES)
def test_a_failing_step_of_several_databases(tmp_path: Path, database: str) -> None:
    bad = Migration("b2", "a1", "op.drop_table('gone')", arguments="engine_name")
    project = load(init(tmp_path, "multidb", [table("a1", arguments="engine_name"), bad]))

    def work(driver: Driver) -> tuple[str, ...]:
        driver.upgrade("a1")
        with pytest.raises(StepError, match="gone"):
            driver.upgrade("b2")
        return driver.heads()

    with scratch_on(database, tmp_path) as scratch:
        assert run(project, scratch, work) == ("a1",)


def test_an_env_py_that_runs_nothing(tmp_path: Path) -> None:
    project = load(write(tmp_path, CHAIN, "from alembic import context\n"))
    with (
        scratch_on("sqlite", tmp_path) as scratch,
        pytest.raises(
            ProjectError, match=r"env\.py runs no migrations: it never calls context\.run_migrations"
        ),
    ):
        run(project, scratch, up_and_down(project))


SHAPES = {
    "branches and a merge": [
        table("a1"), table("b2", "a1"), table("c3", "a1"), table("d4", ("b2", "c3")), table("e5", "d4"),
    ],
    "several heads": [table("a1"), table("b2", "a1"), table("c3", "a1"), table("x0"), table("y1", "x0")],
    "depends_on": [
        table("a1"), table("x0"), table("b2", "a1", depends_on="x0"), table("y1", "x0"), table("c3", "b2", depends_on="y1"),
    ],
    "depends_on a branch point": [
        table("a1"), table("b2", "a1"), table("c3", "a1", depends_on="b2"), table("d4", ("b2", "c3")),
    ],
    "three parents": [
        table("a1"), table("b2", "a1"), table("c3", "a1"), table("d4", "a1"), table("e5", ("b2", "c3", "d4")),
    ],
    "two bases merged": [table("a1"), table("x0"), table("m1", ("a1", "x0")), table("n1", "m1")],
}  # fmt: skip


def _alembic_rows(
    monkeypatch: pytest.MonkeyPatch, file: Path, folder: Path, order: list[str]
) -> list[set[str]]:
    """Returns the version rows that `alembic upgrade` and `alembic downgrade` leave, step by step."""
    config = Config(str(file))
    monkeypatch.setattr(sys, "path", list(sys.path))
    url = f"sqlite:///{folder / 'real.db'}"
    config.set_main_option("sqlalchemy.url", url)
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    seen: list[set[str]] = []

    def rows(ctx: object, step: object, heads: set[str], run_args: object) -> None:
        seen.append(set(heads))

    config.attributes["rows"] = rows
    command.upgrade(config, "heads")
    command.downgrade(config, "base")
    engine.dispose()
    assert len(seen) == 2 * len(order)
    return seen


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("shape", SHAPES)
def test_version_rows_are_those_of_alembic(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shape: str, database: str
) -> None:
    hook = "on_version_apply=context.config.attributes.get('rows', ())"
    env = ENV.replace("connection=connection", f"connection=connection, {hook}")
    file = write(tmp_path, SHAPES[shape], env)
    project = load(file)
    order = [each.id for each in project.revisions]
    real = _alembic_rows(monkeypatch, file, tmp_path, order)

    def work(driver: Driver) -> list[set[str]]:
        seen = []
        for name in order:
            driver.upgrade(name)
            seen.append(set(driver.heads()))
        for name in reversed(order):
            driver.downgrade(name)
            seen.append(set(driver.heads()))
        assert tables(driver) == set()
        return seen

    with scratch_on(database, tmp_path) as scratch:
        assert run(project, scratch, work) == real


@pytest.mark.parametrize("database", DATABASES)
def test_one_branch_up_and_down_beside_the_other(tmp_path: Path, database: str) -> None:
    """Each revision is taken down right after it came up, also where another head stands beside it."""
    project = load(write(tmp_path, SHAPES["branches and a merge"]))

    def work(driver: Driver) -> list[tuple[str, ...]]:
        seen = []
        for each in project.revisions:
            driver.upgrade(each.id)
            driver.downgrade(each.id)
            seen.append(driver.heads())
            driver.upgrade(each.id)
        return seen

    with scratch_on(database, tmp_path) as scratch:
        heads = run(project, scratch, work)
    assert heads == [(), ("a1",), tuple(heads[2]), ("b2", "c3"), ("d4",)]
    assert heads[2] in (("b2",), ("c3",))


NEW_LABEL = """
with op.get_context().autocommit_block():
    op.execute("ALTER TYPE mood ADD VALUE 'new'")
op.execute("UPDATE people SET mood = 'new'")
"""
ENUMS = [
    Migration(
        "a1",
        None,
        "op.execute(\"CREATE TYPE mood AS ENUM ('old')\")\nop.execute('CREATE TABLE people (mood mood)')\n"
        "op.execute(\"INSERT INTO people VALUES ('old')\")",
        "op.execute('DROP TABLE people')\nop.execute('DROP TYPE mood')",
    ),
    Migration("b2", "a1", NEW_LABEL),
    Migration(
        "c3", "b2", "op.execute('ALTER TABLE people ADD id integer')", "op.drop_column('people', 'id')"
    ),
]
CONCURRENTLY = Migration(
    "d4",
    "c3",
    "with op.get_context().autocommit_block():\n"
    "    op.create_index('ix', 'people', ['mood'], postgresql_concurrently=True)",
    "with op.get_context().autocommit_block():\n"
    "    op.drop_index('ix', 'people', postgresql_concurrently=True)",
)


@pytest.mark.parametrize(
    "mode", ["default", "transaction per migration", "no transactional ddl", "autocommit"]
)
def test_autocommit_blocks(tmp_path: Path, mode: str) -> None:
    project = load(write(tmp_path, [*ENUMS, CONCURRENTLY], MODES[mode]))

    def work(driver: Driver) -> tuple[str | None, list[tuple[str, ...]]]:
        heads = []
        for each in project.revisions:
            # A transaction left open here would let CREATE INDEX CONCURRENTLY wait for ever.
            driver.connection.execute(sa.text("SELECT count(*) FROM pg_class"))
            driver.upgrade(each.id)
            heads.append(driver.heads())
        mood = driver.connection.execute(sa.text("SELECT mood::text FROM people")).scalar()
        assert [index["name"] for index in sa.inspect(driver.connection).get_indexes("people")] == ["ix"]
        driver.downgrade("d4")
        driver.downgrade("c3")
        assert driver.heads() == ("b2",)
        return mood, heads

    with scratch_on("postgresql", tmp_path) as scratch:
        assert run(project, scratch, work) == ("new", [("a1",), ("b2",), ("c3",), ("d4",)])


def test_a_label_is_usable_in_the_next_revision(tmp_path: Path) -> None:
    """In the one transaction of the default env.py PostgreSQL would refuse it: "unsafe use of new value"."""
    add = Migration("b2", "a1", "op.execute(\"ALTER TYPE mood ADD VALUE 'new'\")")
    use = Migration("c3", "b2", "op.execute(\"UPDATE people SET mood = 'new'\")")
    project = load(write(tmp_path, [ENUMS[0], add, use]))

    def work(driver: Driver) -> str | None:
        for each in project.revisions:
            driver.upgrade(each.id)
        return driver.connection.execute(sa.text("SELECT mood::text FROM people")).scalar()

    with scratch_on("postgresql", tmp_path) as scratch:
        assert run(project, scratch, work) == "new"


BROKEN = Migration(
    "b2",
    "a1",
    "op.execute('CREATE TABLE half (id integer)')\nop.execute('INSERT INTO half VALUES (1)')\nop.drop_table('gone')",
)


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("mode", MODES)
def test_after_a_failure_the_database_is_restored_and_the_chain_goes_on(
    tmp_path: Path, database: str, mode: str
) -> None:
    project = load(write(tmp_path, [table("a1"), BROKEN, table("c3", "a1")], MODES[mode]))

    def first(driver: Driver) -> None:
        driver.upgrade("a1")
        driver.upgrade("b2")

    def second(driver: Driver) -> tuple[tuple[str, ...], set[str]]:
        if "a1" not in driver.heads():
            driver.upgrade("a1")
        driver.upgrade("c3")
        driver.downgrade("c3")
        driver.upgrade("c3")
        return driver.heads(), tables(driver)

    with scratch_on(database, tmp_path) as scratch:
        with pytest.raises(StepError, match="gone"):
            run(project, scratch, first)
        scratch.clear()
        assert run(project, scratch, second) == (("c3",), {"t_a1", "t_c3"})


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("mode", ["default", "engine begun"])
def test_a_failure_that_the_caller_catches_leaves_a_driver_that_works(
    tmp_path: Path, database: str, mode: str
) -> None:
    down = Migration("b2", "a1", "pass", "op.execute('INSERT INTO t_a1 VALUES (7)')\nop.drop_table('gone')")
    project = load(write(tmp_path, [table("a1"), down, table("c3", "b2")], MODES[mode]))

    def work(driver: Driver) -> tuple[tuple[str, ...], int]:
        driver.upgrade("a1")
        driver.upgrade("b2")
        with pytest.raises(StepError, match="gone"):
            driver.downgrade("b2")
        assert driver.heads() == ("b2",)
        driver.upgrade("c3")
        rows = driver.connection.execute(sa.text("SELECT count(*) FROM t_a1")).scalar_one()
        return driver.heads(), rows

    with scratch_on(database, tmp_path) as scratch:
        # MariaDB commits what was written before each statement that changes the schema.
        assert run(project, scratch, work) == (("c3",), 1 if database == "mariadb" else 0)


@pytest.mark.parametrize("database", DATABASES)
def test_a_migration_that_commits_by_itself(tmp_path: Path, database: str) -> None:
    up = "op.get_bind().commit()\nop.execute('CREATE TABLE two (id integer)')"
    project = load(write(tmp_path, [table("a1"), Migration("b2", "a1", up, "op.drop_table('two')")]))
    with scratch_on(database, tmp_path) as scratch:
        seen = run(project, scratch, up_and_down(project))
    assert seen[1] == (("b2",), {"t_a1", "two"})
    assert seen[-1] == seen[1]


@pytest.mark.parametrize("database", DATABASES)
def test_a_version_table_of_another_name(tmp_path: Path, database: str) -> None:
    env = ENV.replace("connection=connection", "connection=connection, version_table='versions'")
    project = load(write(tmp_path, CHAIN, env))
    with scratch_on(database, tmp_path) as scratch:
        assert str(survey(project, scratch).version_table) == "versions"
        seen = run(project, scratch, up_and_down(project))
    assert [heads for heads, _ in seen] == [heads for heads, _ in SEEN]
    assert seen[0][1] == {"t_a1", "versions"}


def test_a_version_table_in_another_schema(tmp_path: Path) -> None:
    env = (
        HEAD
        + """
with engine.connect() as connection:
    connection.execute(text("CREATE SCHEMA IF NOT EXISTS own"))
    connection.commit()
    context.configure(connection=connection, version_table="versions", version_table_schema="own")
    with context.begin_transaction():
        context.run_migrations()
"""
    )
    project = load(write(tmp_path, CHAIN, env))
    with scratch_on("postgresql", tmp_path) as scratch:
        assert str(survey(project, scratch).version_table) == "own.versions"
        assert run(project, scratch, up_and_down(project)) == SEEN


def test_what_env_py_sets_for_its_transaction_holds_for_every_step(tmp_path: Path) -> None:
    env = (
        HEAD
        + """
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        connection.execute(text("CREATE SCHEMA IF NOT EXISTS tenant"))
        connection.execute(text("SET LOCAL search_path TO tenant"))
        context.run_migrations()
"""
    )
    project = load(write(tmp_path, CHAIN, env))

    def work(driver: Driver) -> tuple[list[str], set[str]]:
        for each in project.revisions:
            driver.upgrade(each.id)
        assert driver.heads() == ("c3",)
        return sa.inspect(driver.connection).get_table_names("tenant"), tables(driver)

    with scratch_on("postgresql", tmp_path) as scratch:
        made, public = run(project, scratch, work)
    assert sorted(made) == ["alembic_version", "t_a1", "t_b2", "t_c3"]
    assert public == set()


def test_arguments_of_run_migrations_and_callbacks(tmp_path: Path) -> None:
    env = (
        HEAD
        + """
seen = config.attributes.setdefault("seen", [])
with engine.connect() as connection:
    context.configure(
        connection=connection,
        on_version_apply=lambda ctx, step, heads, run_args: seen.append((step.is_upgrade, sorted(heads), run_args)),
    )
    with context.begin_transaction():
        context.run_migrations(tenant="x")
"""
    )
    up = 'op.create_table("t_" + tenant, sa.Column("id", sa.Integer))'
    project = load(write(tmp_path, [Migration("a1", None, up, arguments="tenant")], env))

    def work(driver: Driver) -> set[str]:
        driver.upgrade("a1")
        found = tables(driver)
        driver.downgrade("a1")
        return found

    with scratch_on("sqlite", tmp_path) as scratch:
        assert run(project, scratch, work) == {"t_x"}
    assert project.config.attributes["seen"] == [
        (True, ["a1"], {"tenant": "x"}),
        (False, [], {"tenant": "x"}),
    ]


def test_env_py_finds_the_command_line_it_expects(tmp_path: Path) -> None:
    env = (
        HEAD
        + """
import sys
given = context.get_x_argument(as_dictionary=True)
config.attributes["found"] = (
    given, config.cmd_opts.revision, config.cmd_opts.sql, list(sys.argv), context.is_offline_mode(),
    context.get_head_revisions(), context.get_tag_argument(), context.get_revision_argument(),
)
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
    )
    project = load(write(tmp_path, CHAIN, env), x_arguments=["tenant=one"])
    with scratch_on("sqlite", tmp_path) as scratch:
        run(project, scratch, up_and_down(project))
    given = {"tenant": "one"}
    argv = ["alembic", "upgrade", "heads"]
    found = project.config.attributes["found"]
    assert found == (given, "heads", False, argv, False, ("c3",), None, ("c3",))


def test_several_places_for_versions(tmp_path: Path) -> None:
    ini = INI.replace("path_separator = os", "path_separator = space")
    ini += "version_locations = %(here)s/migrations/versions %(here)s/more\n"
    project = load(write(tmp_path, [CHAIN[0], table("b2", "a1", folder="more"), CHAIN[2]], ini=ini))
    with scratch_on("sqlite", tmp_path) as scratch:
        assert run(project, scratch, up_and_down(project)) == SEEN


def test_the_result_of_the_work_is_returned_and_its_errors_are_raised(tmp_path: Path) -> None:
    project = load(write(tmp_path, CHAIN))

    def failing(driver: Driver) -> None:
        driver.upgrade("a1")
        raise LookupError("mine")

    def given(scratch: Scratch) -> str:
        return run(project, scratch, lambda driver: driver.connection.engine.url.database or "")

    with scratch_on("sqlite", tmp_path) as scratch:
        assert given(scratch) == scratch.url.database
        with pytest.raises(LookupError, match=r"^mine$"):
            run(project, scratch, failing)
        assert run(project, scratch, lambda driver: driver.heads()) == ("a1",)


MOODS = [
    Migration(
        name,
        parent,
        f"op.create_table('t_{name}', sa.Column('mood', sa.Enum('sad', 'glad', name='mood')))",
        f"op.drop_table('t_{name}')" + drop,
    )
    for name, parent, drop in (("a1", None, "\nop.execute('DROP TYPE mood')"), ("b2", "a1", ""))
]


@pytest.mark.parametrize("template", ["generic", "async"])
def test_an_enum_is_made_again_after_a_downgrade_that_dropped_it(tmp_path: Path, template: str) -> None:
    """Like `alembic upgrade`, `downgrade`, `upgrade`; and the second table needs no type within one upgrade."""
    project = load(init(tmp_path, template, MOODS))
    with scratch_on("postgresql", tmp_path) as scratch:
        seen = run(project, scratch, up_and_down(project))
    up = [(("a1",), {"t_a1"}), (("b2",), {"t_a1", "t_b2"})]
    assert seen == [*up, up[0], ((), set()), *up]


def test_an_enum_that_two_upgrades_make_fails_as_with_two_commands(tmp_path: Path) -> None:
    project = load(init(tmp_path, "generic", MOODS))

    def work(driver: Driver) -> None:
        driver.upgrade("a1")
        driver.upgrade("b2")
        driver.downgrade("b2")
        driver.upgrade("b2")

    with (
        scratch_on("postgresql", tmp_path) as scratch,
        pytest.raises(StepError, match='type "mood" already exists'),
    ):
        run(project, scratch, work)


def test_statements_that_a_driver_prepared_for_another_schema(tmp_path: Path) -> None:
    """The same statement before and after the columns change; env.py's driver keeps prepared statements."""
    pytest.importorskip("asyncpg")
    read = "rows = op.get_bind().execute(sa.text('SELECT * FROM t_a1')).fetchall()\nop.execute('SELECT 1')\n"
    change = Migration(
        "b2",
        "a1",
        read + "op.execute('ALTER TABLE t_a1 ADD COLUMN n integer')\n",
        read + "op.execute('ALTER TABLE t_a1 DROP COLUMN n')\n",
    )
    file = init(tmp_path, "async", [table("a1"), change])
    file.write_text(
        file.read_text().replace("driver://user:pass@localhost/dbname", "postgresql+asyncpg://h/d")
    )
    project = load(file)

    def work(driver: Driver) -> tuple[str, ...]:
        driver.upgrade("a1")
        for _ in range(3):
            driver.upgrade("b2")
            driver.downgrade("b2")
        return driver.heads()

    with scratch_on("postgresql", tmp_path) as scratch:
        assert run(project, scratch, work) == ("a1",)
