"""`mrt-lint drift`: every kind of difference in words, none on a healthy project, --live only reads."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.backends import need, scratch, server_url
from tests.cli.conftest import Run
from tests.cli.conftest import inside as inside
from tests.dynamic.commands import MODELS, ORDERS, PHONE, USERS, shop
from tests.dynamic.projects import Migration

MIGRATED = Migration(
    "a1",
    None,
    """
    op.create_table("gone", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table("parents", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table(
        "things",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("other", sa.Integer, nullable=False),
        sa.Column("extra", sa.Integer),
        sa.Column("size", sa.Integer),
        sa.Column("loose", sa.Text),
        sa.Column("strict", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), server_default="new"),
        sa.Column("plain", sa.String(10)),
        sa.Column("told", sa.Text, comment="old words"),
        sa.Column("parent_id", sa.Integer, sa.ForeignKey("parents.id", name="fk_parent")),
        sa.Column("third_id", sa.Integer, sa.ForeignKey("parents.id", name="fk_third")),
        sa.Column("mood", sa.Enum("sad", "glad", name="mood")),
        sa.PrimaryKeyConstraint("id", name="things_pkey"),
        sa.CheckConstraint("size > 0", name="positive"),
        sa.UniqueConstraint("plain", name="uq_plain"),
        comment="old table",
    )
    op.create_index("ix_size", "things", ["size"])
    op.create_index("ix_other", "things", ["other"])
    """,
    'op.drop_table("things")',
)
DRIFTED = """
import sqlalchemy as sa

metadata = sa.MetaData()
parents = sa.Table("parents", metadata, sa.Column("id", sa.Integer, primary_key=True))
new = sa.Table("new", metadata, sa.Column("id", sa.Integer, primary_key=True))
things = sa.Table(
    "things",
    metadata,
    sa.Column("id", sa.Integer, nullable=False),
    sa.Column("other", sa.Integer, nullable=False),
    sa.Column("missing", sa.Integer),
    sa.Column("size", sa.String(40)),
    sa.Column("loose", sa.Text, nullable=False),
    sa.Column("strict", sa.Text),
    sa.Column("state", sa.String(10), server_default="done"),
    sa.Column("plain", sa.String(10), server_default="x"),
    sa.Column("told", sa.Text, comment="new words"),
    sa.Column("parent_id", sa.Integer, sa.ForeignKey("parents.id", name="fk_parent", ondelete="CASCADE")),
    sa.Column("third_id", sa.Integer),
    sa.Column("mood", sa.Enum("sad", "glad", "calm", name="mood")),
    sa.PrimaryKeyConstraint("id", "other", name="things_pkey"),
    sa.CheckConstraint("other > 0", name="other_positive"),
    sa.UniqueConstraint("strict", name="uq_strict"),
    comment="new table",
)
sa.Index("ix_size", things.c.size, unique=True)
sa.Index("ix_new", things.c.other)
"""
SAID = """\
table new is in the models, not in the database
table gone is in the database, not in the models
column things.missing (INTEGER) is in the models, not in the database
column things.extra (INTEGER) is in the database, not in the models
things.size is VARCHAR(40) in the models, INTEGER in the database
things.loose is NOT NULL in the models, nullable in the database
things.strict is nullable in the models, NOT NULL in the database
things.state has the server default 'done' in the models, the server default 'new' in the database
things.plain has the server default 'x' in the models, no server default in the database
things.told has the comment 'new words' in the models, the comment 'old words' in the database
the comment of things is 'new table' in the models, 'old table' in the database
unique constraint uq_strict on things (strict) is in the models, not in the database
unique constraint uq_plain on things (plain) is in the database, not in the models
index ix_new on things (other) is in the models, not in the database
index ix_other on things (other) is in the database, not in the models
unique index ix_size on things (size) is in the models, not in the database
index ix_size on things (size) is in the database, not in the models
foreign key fk_parent things (parent_id) to parents.id ON DELETE CASCADE is in the models, not in the database
foreign key fk_parent things (parent_id) to parents.id is in the database, not in the models
foreign key fk_third things (third_id) to parents.id is in the database, not in the models
the primary key of things is (id, other) in the models, (id) in the database
things.id is not automatically numbered in the models, automatically numbered in the database
the enum type mood has the labels sad, glad, calm in the models, sad, glad in the database
""".splitlines()
"""One line for each of the differences between the two above, written down from their definitions."""


def test_every_kind_of_difference_is_told(inside: Run, tmp_path: Path) -> None:
    need("postgresql")
    url = server_url("postgresql").render_as_string(hide_password=False)
    shop(tmp_path, MIGRATED, table=f'db-url = "{url}"', files={"drifted.py": DRIFTED})
    result = inside("drift", "drifted:metadata", cwd=tmp_path)
    *lines, last = result.stdout.splitlines()
    checks = [line for line in lines if "CHECK" in line]
    assert sorted(set(lines) - set(checks)) == sorted(SAID)
    assert [("size > 0" in line, line.partition(" is in the ")[2]) for line in checks] in (
        [(False, "models, not in the database"), (True, "database, not in the models")],
        [(True, "database, not in the models"), (False, "models, not in the database")],
    )
    assert last.startswith("25 differences between the models and the migrations (on PostgreSQL ")
    assert (result.returncode, result.stderr) == (1, "")


@pytest.mark.parametrize("database", ["sqlite", "postgresql", "mariadb"])
def test_a_healthy_project_has_none(inside: Run, tmp_path: Path, database: str) -> None:
    need(database)
    url = "sqlite://" if database == "sqlite" else server_url(database).render_as_string(hide_password=False)
    up = """
    op.create_table("p", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table(
        "t",
        sa.Column("a", sa.Integer, nullable=False),
        sa.Column("b", sa.Integer, sa.ForeignKey("p.id", ondelete="CASCADE"), nullable=False),
        sa.Column("state", sa.Enum("new", "done", name="state"), nullable=False, server_default="new"),
        sa.Column("flag", sa.Boolean, server_default=sa.true()),
        sa.Column("at", sa.DateTime, server_default=sa.func.now()),
        sa.Column("money", sa.Numeric(10, 2), index=True),
        sa.Column("email", sa.String(200), unique=True),
        sa.PrimaryKeyConstraint("a", "b"),
        sa.CheckConstraint("money >= 0 AND a IN (1, 2, 3)", name="ck_money"),
    )
    """
    models = "import sqlalchemy as sa\n\nmetadata = sa.MetaData()\n" + "\n".join(
        line.strip() for line in up.replace("op.create_table(\n", "op.create_table(").splitlines()
    ).replace("op.create_table(", "sa.Table(").replace('"p",', '"p", metadata,').replace(
        '"t",', '"t", metadata,'
    )
    shop(
        tmp_path,
        Migration("a1", None, up, 'op.drop_table("t")'),
        table=f'db-url = "{url}"',
        files={"healthy.py": models},
    )
    result = inside("drift", "healthy:metadata", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("The models and the migrations (on ")
    assert result.stdout.endswith(") agree.\n")


def test_models_of_the_configuration(inside: Run, tmp_path: Path) -> None:
    table = 'db-url = "sqlite://"\ntarget-metadata = "shop_models:metadata"'
    shop(tmp_path, table=table, files={"shop_models.py": MODELS})
    assert inside("drift", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("database", ["sqlite", "postgresql", "mariadb"])
def test_models_that_cannot_be_created_are_compared_as_far_as_can_be(
    inside: Run, tmp_path: Path, database: str
) -> None:
    need(database)
    odd = MODELS.replace(
        'sa.Column("note", sa.Text)',
        'sa.Column("note", sa.Text), sa.CheckConstraint("id <> 3 OR note IS NULL")',
    )
    odd = odd if database != "mariadb" else odd.replace("id <> 3 OR ", "")
    odd += """
sa.Table("bad", metadata, sa.Column("id", sa.Integer, sa.CheckConstraint("nonsense((")))
sa.Index("empty", users.c.id, sa.text("nothing_like_that"))
"""
    url = "sqlite://" if database == "sqlite" else server_url(database).render_as_string(hide_password=False)
    shop(tmp_path, table=f'db-url = "{url}"', files={"odd_models.py": odd})
    result = inside("drift", "odd_models:metadata", cwd=tmp_path)
    assert result.returncode == 1
    told = result.stdout.splitlines()[:-1]
    assert "table bad is in the models, not in the database" in told
    assert [line for line in told if "CHECK" in line and " on orders is in the models" in line]
    # Of SQLite's indexes on expressions SQLAlchemy reads nothing, and Alembic leaves all such out.
    seen = [line for line in told if "index empty on users" in line]
    assert len(seen) == (0 if database == "sqlite" else 1)
    assert len(told) == 2 + len(seen)
    assert result.stderr.startswith("note: 2 objects of the models cannot be created: ")
    assert "table bad (" in result.stderr
    assert "index empty on users (" in result.stderr


NEEDED = Migration(
    "a1",
    None,
    """
    op.execute("CREATE EXTENSION citext")
    op.execute("CREATE FUNCTION next_code() RETURNS text LANGUAGE sql AS 'SELECT md5(random()::text)'")
    op.execute("CREATE TYPE mood AS ENUM ('sad')")
    op.create_table(
        "users",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", pg.CITEXT),
        sa.Column("code", sa.Text, server_default=sa.text("next_code()")),
        sa.Column("mood", pg.ENUM("sad", name="mood", create_type=False)),
    )
    op.execute("CREATE VIEW emails AS SELECT email FROM users")
    op.execute("CREATE TABLE others (mood mood, user_id integer REFERENCES users)")
    """,
    module="from sqlalchemy.dialects import postgresql as pg",
)
NEEDING = """
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

metadata = sa.MetaData()
sa.Table(
    "users",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", pg.CITEXT),
    sa.Column("code", sa.Text, server_default=sa.text("next_code()")),
    sa.Column("mood", pg.ENUM("sad", "glad", name="mood")),
)
"""


def test_models_may_need_what_only_migrations_make(inside: Run, tmp_path: Path) -> None:
    """Extensions and functions are there, and what builds on the models' tables does not stand in the way."""
    need("postgresql")
    url = server_url("postgresql").render_as_string(hide_password=False)
    shop(tmp_path, NEEDED, table=f'db-url = "{url}"', files={"needing.py": NEEDING})
    result = inside("drift", "needing:metadata", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.splitlines()[:-1] == [
        "table others is in the database, not in the models",
        "the enum type mood has the labels sad, glad in the models, sad in the database",
    ]


OWN_AFFAIRS = {
    "postgresql": """
    ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
    CREATE POLICY mine ON orders USING (id > 0);
    ALTER TABLE orders SET (fillfactor = 70);
    ALTER TABLE orders ALTER COLUMN note SET STATISTICS 500;
    ALTER TABLE orders REPLICA IDENTITY FULL;
    GRANT SELECT ON orders TO PUBLIC;
    CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW|| END';
    CREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION nothing();
    CREATE VIEW notes AS SELECT note FROM orders;
    CREATE STATISTICS s ON id, note FROM orders
    """,
    "mariadb": "CREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW SET NEW.note = 'x';"
    " CREATE VIEW notes AS SELECT note FROM orders",
    "sqlite": "CREATE TRIGGER t AFTER INSERT ON orders BEGIN UPDATE users SET id = id|| END;"
    " CREATE VIEW notes AS SELECT note FROM orders",
}


@pytest.mark.parametrize("database", OWN_AFFAIRS)
def test_what_models_cannot_say_is_no_drift(inside: Run, tmp_path: Path, database: str) -> None:
    need(database)
    statements = OWN_AFFAIRS[database].split(";")
    up = "\n".join(f"op.execute({each.strip().replace('||', ';')!r})" for each in statements)
    url = "sqlite://" if database == "sqlite" else server_url(database).render_as_string(hide_password=False)
    more = Migration("d4", ORDERS.id, up)
    shop(tmp_path, USERS, PHONE, ORDERS, more, table=f'db-url = "{url}"', files={"shop_models.py": MODELS})
    result = inside("drift", "shop_models:metadata", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, ""), result.stdout


@pytest.mark.parametrize("database", ["sqlite", "postgresql", "mariadb"])
def test_in_place_everything_is_compared_too(inside: Run, tmp_path: Path, database: str) -> None:
    need(database)
    note = 'sa.Column("note", sa.Text)'
    models = MODELS.replace(note, note + """, sa.CheckConstraint("note <> 'x'")""")
    with scratch(database, tmp_path) as engine:
        url = engine.url.render_as_string(hide_password=False)
        table = f'db-url = "{url}"\nisolation = "in-place"'
        shop(tmp_path, table=table, files={"shop_models.py": models})
        result = inside("drift", "shop_models:metadata", cwd=tmp_path)
        with engine.connect() as connection:
            assert sa.inspect(connection).get_table_names() == []
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.splitlines()[:-1] == [
        "the CHECK constraint note <> 'x' on orders is in the models, not in the database"
    ]


FILTERS = {
    "none": ("", {"index ix on users (id)", "unique constraint uq on orders (note)", "table extra"}),
    "object": (
        "include_object=lambda item, name, kind, reflected, other: name not in ('ix', 'uq', 'extra')",
        set(),
    ),
    "name": ("include_name=lambda name, kind, parents: name not in ('ix', 'uq', 'extra')", set()),
    "kind": (
        "include_object=lambda item, name, kind, reflected, other: kind != 'index' or item.table.name != 'users'",
        {"unique constraint uq on orders (note)", "table extra"},
    ),
}


@pytest.mark.parametrize("name", FILTERS)
def test_what_env_py_leaves_out_is_no_drift(inside: Run, tmp_path: Path, name: str) -> None:
    said, told = FILTERS[name]
    more = Migration(
        "d4",
        ORDERS.id,
        """
        op.create_index("ix", "users", ["id"])
        op.create_table("extra", sa.Column("id", sa.Integer))
        with op.batch_alter_table("orders") as batch:
            batch.create_unique_constraint("uq", ["note"])
        """,
    )
    shop(tmp_path, USERS, PHONE, ORDERS, more, files={"shop_models.py": MODELS})
    env = tmp_path / "migrations/env.py"
    env.write_text(env.read_text().replace("connection=connection", f"connection=connection, {said}"))
    result = inside("drift", "shop_models:metadata", "--db-url", "sqlite://", cwd=tmp_path)
    found = {line.partition(" is in the database")[0] for line in result.stdout.splitlines()[:-1]}
    assert found == told
    assert (result.returncode, result.stderr) == (1 if told else 0, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "no models: mrt-lint drift PACKAGE.MODULE:BASE"),
        (["shop_models"], "name the models as package.module:Base"),
        (["shop_modelz:metadata"], "No module named 'shop_modelz'"),
        (["shop_models:metadat"], "has no 'metadat'; did you mean 'metadata'?"),
        (["shop_models:sa"], "is neither a MetaData nor a declarative base"),
        (["broken_models:x"], "'broken_models:x' cannot be imported: ZeroDivisionError"),
        (["shop_models:metadata", "--live"], "--live needs --db-url"),
        (
            ["shop_models:metadata", "--live", "--db-url", "sqlite:///gone.db"],
            "there is no SQLite database at gone.db",
        ),
    ],
    ids=["none", "no-name", "module", "name", "kind", "broken", "no-url", "no-file"],
)
def test_a_wrong_run_is_one_line_and_exit_2(
    inside: Run, tmp_path: Path, arguments: list[str], said: str
) -> None:
    files = {"shop_models.py": MODELS, "broken_models.py": "1 / 0\n"}
    result = inside("drift", *arguments, cwd=shop(tmp_path, USERS, table="", files=files))
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert said in result.stderr
    assert not (tmp_path / "gone.db").exists()


def test_models_that_look_into_a_database_see_the_scratch_one(
    inside: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user's own is not even read: what models do while they are imported is guarded as env.py is."""
    curious = MODELS + (
        "\nimport os\nengine = sa.create_engine(os.environ['DATABASE_URL'])\nnames = sa.inspect(engine).get_table_names()\n"
        "sa.Table(names[0] if names else 'not_any', metadata, sa.Column('id', sa.Integer, primary_key=True))\n"
    )
    shop(tmp_path, files={"curious_models.py": curious})
    own = tmp_path / "own.db"
    with sqlite3.connect(own) as connection:
        connection.execute("CREATE TABLE secrets (id INTEGER)")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{own}")
    result = inside("drift", "curious_models:metadata", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (1, "")
    assert "secrets" not in result.stdout
    assert result.stdout.splitlines()[0] == "table not_any is in the models, not in the database"


def test_a_migration_that_fails_is_told_in_one_line(inside: Run, tmp_path: Path) -> None:
    shop(tmp_path, Migration("a1", None, 'op.drop_table("nope")'), files={"shop_models.py": MODELS})
    result = inside("drift", "shop_models:metadata", cwd=tmp_path)
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert "the upgrade of a1 fails: no such table: nope" in result.stderr


@pytest.mark.parametrize("database", ["sqlite", "postgresql", "mariadb"])
def test_live_compares_what_is_there_and_only_reads(inside: Run, tmp_path: Path, database: str) -> None:
    need(database)
    shop(tmp_path, USERS, PHONE, ORDERS, files={"shop_models.py": MODELS})
    with scratch(database, tmp_path) as engine:
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE users (id INTEGER PRIMARY KEY)")
            connection.exec_driver_sql("INSERT INTO users VALUES (1), (2)")
            connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
        url = engine.url.render_as_string(hide_password=False)
        result = inside("drift", "shop_models:metadata", "--live", "--db-url", url, cwd=tmp_path)
        with engine.connect() as connection:
            assert sa.inspect(connection).get_table_names() in (
                ["alembic_version", "users"],
                ["users", "alembic_version"],
            )
            assert list(connection.exec_driver_sql("SELECT id FROM users ORDER BY id")) == [(1,), (2,)]
            assert list(connection.exec_driver_sql("SELECT * FROM alembic_version")) == []
    assert result.returncode == 1
    assert result.stdout.splitlines()[0] == "table orders is in the models, not in the database"
    assert "between the models and the database." in result.stdout


@pytest.mark.parametrize("database", ["sqlite", "postgresql", "mariadb"])
def test_the_live_connection_refuses_writes(tmp_path: Path, database: str) -> None:
    from mrt_dynamic.drift.run import _only_read

    need(database)
    with scratch(database, tmp_path) as engine:
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE t (id INTEGER)")
        with engine.connect() as connection:
            _only_read(connection)
            for _ in range(2):
                with pytest.raises(sa.exc.DBAPIError):
                    connection.exec_driver_sql("INSERT INTO t VALUES (1)")
                connection.rollback()


def test_a_live_file_keeps_its_bytes(inside: Run, tmp_path: Path) -> None:
    shop(tmp_path, USERS, files={"shop_models.py": MODELS})
    file = tmp_path / "live.db"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, phone TEXT)")
    connection.commit()
    connection.close()
    before = file.read_bytes()
    inside("drift", "shop_models:metadata", "--live", "--db-url", "sqlite:///live.db", cwd=tmp_path)
    assert file.read_bytes() == before
