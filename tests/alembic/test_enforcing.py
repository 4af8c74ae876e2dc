"""Foreign keys that a project lets SQLite enforce: found, and what a rebuild then does to other tables."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from mrt_lint.config.settings import settings
from mrt_lint.lint.engine import check
from mrt_lint.lint.plugins import installed
from mrt_lint.lint.registry import build
from mrt_rules_alembic.discover import discover

ON = (
    "@event.listens_for(Engine, 'connect')\ndef on(raw, record):\n    raw.execute('PRAGMA foreign_keys=ON')\n"
)
ENV = "from alembic import context\n"

FOUND = {
    "in env.py": (ENV + ON, {}, True),
    "spelled in another way": (
        ENV + ON.replace("PRAGMA foreign_keys=ON", "pragma FOREIGN_KEYS = 1;"),
        {},
        True,
    ),
    "in a module that env.py imports": (ENV + "from app.db import engine", {"app/db": ON}, True),
    "behind a function that the module imports from": (
        ENV + "import app.db",
        {"app/db": "def setup():\n    from app import events\n    events.listen()", "app/events": ON},
        True,
    ),
    "further away": (
        ENV + "import app.a",
        {"app/a": "import app.b", "app/b": "import app.c", "app/c": ON},
        False,
    ),
    "turned off around the migrations": (
        ENV
        + "import app.db\ncontext.execute('PRAGMA foreign_keys=OFF')\ncontext.execute('PRAGMA foreign_keys=ON')",
        {"app/db": ON},
        False,
    ),
    "only asked for": (ENV + "print(engine.execute('PRAGMA foreign_keys'))", {}, False),
    "nowhere": (ENV, {"app/db": ON}, False),
}

TABLES = (
    "def upgrade():\n"
    "    op.create_table('p', sa.Column('id', sa.Integer(), primary_key=True))\n"
    "    op.create_table('c', sa.Column('id', sa.Integer(), primary_key=True),\n"
    "        sa.Column('p_id', sa.Integer(), sa.ForeignKey('p.id'{ondelete})))\n"
    "def downgrade():\n    op.drop_table('c')\n    op.drop_table('p')\n"
)
ADDS = (
    "def upgrade():\n    op.add_column('p', sa.Column('n', sa.Integer()))\n"
    "def downgrade():\n{before}    with op.batch_alter_table('p') as b:\n        b.drop_column('n')\n"
)
HEAD = "import sqlalchemy as sa\nfrom alembic import op\nrevision = {!r}\ndown_revision = {!r}\n"


def project(folder: Path, env: str, files: dict[str, str], *migrations: str) -> Path:
    (folder / "migrations" / "versions").mkdir(parents=True)
    (folder / "alembic.ini").write_text(
        "[alembic]\nscript_location = migrations\nsqlalchemy.url = sqlite:///x.db\n"
    )
    (folder / "migrations" / "env.py").write_text(env)
    for name, text in files.items():
        (folder / f"{name}.py").parent.mkdir(exist_ok=True)
        (folder / f"{name}.py").write_text(text)
    for number, text in enumerate(migrations):
        head = HEAD.format(f"r{number}", f"r{number - 1}" if number else None)
        (folder / "migrations" / "versions" / f"r{number}.py").write_text(head + text)
    return folder


@pytest.mark.parametrize(("env", "files", "enforces"), FOUND.values(), ids=FOUND)
def test_where_the_pragma_is_found(env: str, files: dict[str, str], enforces: bool, tmp_path: Path) -> None:
    (found,) = discover([project(tmp_path, env, files)])
    assert found.enforces_keys is enforces


OFF = "    op.execute('PRAGMA foreign_keys=OFF')\n"


@pytest.mark.parametrize(
    ("env", "ondelete", "before", "verdict"),
    [
        (ENV + ON, ", ondelete='CASCADE'", "", "plausible"),
        (ENV + ON, ", ondelete='SET NULL'", "", "plausible"),
        (ENV + ON, "", "", "plausible"),
        (ENV + ON, ", ondelete='CASCADE'", OFF, "reversible"),
        (ENV, ", ondelete='CASCADE'", "", "reversible"),
    ],
)
def test_a_rebuild_of_a_table_that_others_refer_to(
    env: str, ondelete: str, before: str, verdict: str, tmp_path: Path
) -> None:
    migrations = (TABLES.format(ondelete=ondelete), ADDS.format(before=before))
    report = check([project(tmp_path, env, {}, *migrations)], settings(), build(installed()), cwd=tmp_path)
    assert {each.revision: each.verdict.value for each in report.migrations}["r1"] == verdict


def _batch(call: str) -> str:
    return f"    with op.batch_alter_table('c') as batch:\n        batch.{call}\n"


UNBOUND = _batch("drop_constraint('fk_child', type_='foreignkey')")
BOUND = _batch("create_foreign_key('fk_child', 'p', ['p_id'], ['id'])")


@pytest.mark.parametrize(
    ("env", "before", "verdict"),
    [(ENV + ON, "", "fragile"), (ENV + ON, OFF, "reversible"), (ENV, "", "reversible")],
)
def test_a_key_that_comes_back(env: str, before: str, verdict: str, tmp_path: Path) -> None:
    tables = TABLES.format(ondelete=", name='fk_child'")
    step = f"def upgrade():\n{UNBOUND}\ndef downgrade():\n{before}{BOUND}"
    report = check([project(tmp_path, env, {}, tables, step)], settings(), build(installed()), cwd=tmp_path)
    assert {each.revision: each.verdict.value for each in report.migrations}["r1"] == verdict


def test_sqlite_makes_a_key_over_rows_that_break_it_unless_it_enforces_keys() -> None:
    for enforced in (False, True):
        connection = sqlite3.connect(":memory:", isolation_level=None)
        connection.execute(f"PRAGMA foreign_keys = {int(enforced)}")
        connection.execute("CREATE TABLE p (id INTEGER PRIMARY KEY)")
        connection.execute("CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER)")
        connection.execute("INSERT INTO c VALUES (1, 7)")
        connection.execute("CREATE TABLE d (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id))")
        if enforced:
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute("INSERT INTO d SELECT * FROM c")
        else:
            connection.execute("INSERT INTO d SELECT * FROM c")
        connection.close()


@pytest.mark.parametrize(
    ("ondelete", "left"),
    [("ON DELETE CASCADE", []), ("ON DELETE SET NULL", [(1, None)]), ("", None)],
)
def test_what_sqlite_does(ondelete: str, left: list[tuple[int, int | None]] | None) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("CREATE TABLE p (id INTEGER PRIMARY KEY)")
    connection.execute(f"CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) {ondelete})")
    connection.execute("INSERT INTO p VALUES (7)")
    connection.execute("INSERT INTO c VALUES (1, 7)")
    if left is None:
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("DROP TABLE p")
    else:
        connection.execute("DROP TABLE p")
        assert connection.execute("SELECT * FROM c").fetchall() == left
    connection.close()
