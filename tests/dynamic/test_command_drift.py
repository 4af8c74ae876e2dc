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
things.told has the comment 'new words' in the models, 'old words' in the database
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
    assert last.startswith("24 differences between the models and the migrations (on PostgreSQL ")
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


def test_models_that_cannot_be_created_are_compared_as_far_as_can_be(inside: Run, tmp_path: Path) -> None:
    odd = (
        MODELS
        + '\nsa.Table("bad", metadata, sa.Column("id", sa.Integer, sa.CheckConstraint("nonsense((")))\n'
    )
    shop(tmp_path, files={"odd_models.py": odd})
    result = inside("drift", "odd_models:metadata", cwd=tmp_path)
    assert result.returncode == 1
    assert "table bad is in the models, not in the database" in result.stdout
    assert result.stderr.startswith(
        "note: primary keys, CHECK constraints and enum labels are not compared: "
    )


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
