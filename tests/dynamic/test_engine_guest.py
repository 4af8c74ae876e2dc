"""The project's code as a guest: on no other database, and nothing of what it sets remains in the process."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import signal
import sqlite3
import sys
import warnings
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from mrt_dynamic.engine.alembic import run
from mrt_dynamic.engine.base import Driver, StepError
from mrt_dynamic.engine.project import load
from mrt_dynamic.errors import ProjectError, RefusedError
from tests.dynamic.projects import ENV, HEAD, Migration, init, scratch_on, table, write

RUN = """
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""


def apply(driver: Driver) -> tuple[str, ...]:
    driver.upgrade("a1")
    return driver.heads()


def _users_database(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE precious (id integer)")
        connection.execute("INSERT INTO precious VALUES (1)")
        connection.commit()
    return path


OTHER = {
    "its own engine": 'engine = create_engine("sqlite:///OTHER")' + RUN,
    "its own engine, errors swallowed": 'engine = create_engine("sqlite:///OTHER")\ntry:'
    + RUN.replace("\n", "\n    ")
    + "\nexcept Exception:\n    pass\n",
    "errors wrapped": 'engine = create_engine("sqlite:///OTHER")\ntry:'
    + RUN.replace("\n", "\n    ")
    + "\nexcept Exception as error:\n    raise RuntimeError('no') from error\n",
    "SQL at import": """
with create_engine("sqlite:///OTHER").begin() as connection:
    connection.execute(text("DELETE FROM precious"))
"""
    + RUN,
}


@pytest.mark.parametrize("case", OTHER)
def test_another_database_is_refused_and_untouched(tmp_path: Path, case: str) -> None:
    other = _users_database(tmp_path / "users.db")
    before = other.read_bytes()
    env = HEAD + "from sqlalchemy import create_engine\n" + OTHER[case].replace("OTHER", str(other))
    project = load(write(tmp_path / "project", [table("a1")], env))
    with scratch_on("sqlite", tmp_path) as scratch, pytest.raises((RefusedError, ProjectError)) as error:
        run(project, scratch, apply)
    if "swallowed" not in case:
        assert isinstance(error.value, RefusedError)
    assert other.read_bytes() == before


def test_a_migration_that_goes_to_another_database_is_refused(tmp_path: Path) -> None:
    other = _users_database(tmp_path / "users.db")
    before = other.read_bytes()
    up = (
        "try:\n"
        f"    with sa.create_engine('sqlite:///{other}').begin() as connection:\n"
        "        connection.execute(sa.text('DELETE FROM precious'))\n"
        "except Exception as error:\n"
        "    raise RuntimeError('no') from error"
    )
    project = load(write(tmp_path / "project", [Migration("a1", None, up)]))
    with scratch_on("sqlite", tmp_path) as scratch, pytest.raises(RefusedError):
        run(project, scratch, apply)
    assert other.read_bytes() == before


def test_the_url_of_the_ini_file_is_never_used(tmp_path: Path) -> None:
    other = _users_database(tmp_path / "users.db")
    before = other.read_bytes()
    ini = f"[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = sqlite:///{other}\n"
    ini += f"[other]\nDB_URL = sqlite:///{other}\n"
    env = ENV + "\nassert 'users.db' not in str(config.get_section('other'))\n"
    project = load(write(tmp_path / "project", [table("a1")], env, ini))
    with scratch_on("sqlite", tmp_path) as scratch:
        assert run(project, scratch, apply) == ("a1",)
    assert other.read_bytes() == before
    assert project.notes == []


NOISY = """
import logging, os, sys, warnings
import models
sys.path.insert(0, "nowhere")
os.environ["MRT_GUEST"] = "here"
os.environ.pop("MRT_HOST", None)
os.chdir(os.path.dirname(__file__))
logging.basicConfig(level=logging.DEBUG, force=True)
logging.getLogger("mine").disabled = True
logging.disable(logging.CRITICAL)
warnings.warn("env.py warns", DeprecationWarning)
warnings.simplefilter("ignore", BytesWarning)
print("env.py prints")
print("env.py complains", file=sys.stderr)
sys.stdout.buffer.write(b"bytes\\n")
"""


def test_the_process_is_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MRT_HOST", "there")
    loud = Migration(
        "a1", None, "import warnings\nwarnings.warn('migration', FutureWarning)\nprint('migration prints')"
    )
    file = write(tmp_path / "project", [loud], NOISY + ENV, files={"models.py": "NAME = 'x'"})
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    mine = logging.getLogger("mine")
    mine.addHandler(handler)
    state = _state()
    answer = signal.getsignal(signal.SIGINT)
    with scratch_on("sqlite", tmp_path) as scratch:
        project = load(file)
        assert _state() == state
        assert run(project, scratch, apply) == ("a1",)
        assert _state() == state
    assert signal.getsignal(signal.SIGINT) is answer
    assert "models" not in sys.modules
    mine.warning("still there")
    mine.removeHandler(handler)
    assert stream.getvalue() == "still there\n"
    assert capfd.readouterr() == ("", "")
    assert not list((tmp_path / "project").rglob("__pycache__"))


def _state() -> list[object]:
    root = logging.getLogger()
    return [
        list(sys.path),
        dict(os.environ),
        Path.cwd(),
        list(sys.argv),
        list(warnings.filters),
        (root.level, list(root.handlers), root.manager.disable, logging.getLogger("mine").disabled),
        sys.stdout,
        sys.stderr,
        sys.dont_write_bytecode,
    ]


def test_the_logging_of_the_default_template_is_undone(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = init(tmp_path / "project", "generic", [table("a1")])
    capfd.readouterr()
    before = _state()
    project = load(file)
    with scratch_on("sqlite", tmp_path) as scratch:
        run(project, scratch, apply)
        run(project, scratch, lambda driver: driver.downgrade("a1"))
    assert _state() == before
    assert capfd.readouterr() == ("", "")


def test_the_callers_own_output_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    up = "print('not shown')"
    project = load(write(tmp_path / "project", [Migration("a1", None, up)], "print('not shown')\n" + ENV))

    def work(driver: Driver) -> None:
        print("before")
        driver.upgrade("a1")
        print("after", file=sys.stderr)

    with scratch_on("sqlite", tmp_path) as scratch:
        run(project, scratch, work)
    assert capsys.readouterr() == ("before\n", "after\n")


def test_modules_of_a_project_are_imported_once_and_are_not_those_of_another(tmp_path: Path) -> None:
    files = {"models.py": "import os\nopen('count', 'a').write('x')\nWHERE = __file__\n"}
    up = "from models import WHERE\nfrom alembic import context\ncontext.config.attributes['where'] = WHERE"
    first = load(write(tmp_path / "first", [Migration("a1", None, up)], "import models\n" + ENV, files=files))
    second = load(
        write(tmp_path / "second", [Migration("a1", None, up)], "import models\n" + ENV, files=files)
    )
    for project in (first, second, first):
        with scratch_on("sqlite", tmp_path) as scratch:
            run(project, scratch, apply)
            run(project, scratch, lambda driver: driver.heads())
        assert Path(project.config.attributes["where"]).parent == project.folder
    assert (tmp_path / "first/count").read_text() == "x"
    assert (tmp_path / "second/count").read_text() == "x"


@pytest.mark.parametrize("template", ["generic", "async"])
def test_an_interrupt_passes_through(tmp_path: Path, template: str) -> None:
    up = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nfor _ in range(10**7): pass"
    project = load(init(tmp_path / "project", template, [Migration("a1", None, up), table("b2", "a1")]))
    before = _state()
    with scratch_on("sqlite", tmp_path) as scratch:
        with pytest.raises(KeyboardInterrupt):
            run(project, scratch, apply)
        assert _state() == before
        assert run(project, scratch, lambda driver: driver.heads()) == ()


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ("import not_there\n", r"env\.py:1: ModuleNotFoundError: No module named 'not_there'$"),
        ("import sys\nprint('set FOO first')\nsys.exit(1)\n", r"env\.py:3: it exits with 1: set FOO first$"),
        ("import sys\nsys.exit('set FOO first')\n", r"env\.py:2: SystemExit: set FOO first$"),
        ("def f(:\n", r"env\.py"),
        (HEAD + "config.get_main_option('x')['y']\n", r"env\.py:5: TypeError: 'NoneType' object is not subscriptable$"),
        (
            HEAD + "from logging.config import fileConfig\nfileConfig(config.config_file_name)\n",
            r"env\.py:6: alembic\.ini has no section \[formatters\] for logging; `alembic init` writes them$",
        ),
        ("from alembic import context\ncontext.configure(dialect_name='sqlite')\ncontext.run_migrations()\n", r"env\.py:3: "),
    ],
)  # fmt: skip
def test_an_env_py_that_fails_is_one_line(tmp_path: Path, env: str, said: str) -> None:
    project = load(write(tmp_path / "project", [table("a1")], env))
    with scratch_on("sqlite", tmp_path) as scratch, pytest.raises(ProjectError, match=said) as error:
        run(project, scratch, apply)
    assert "\n" not in str(error.value)


def test_a_package_whose_import_fails_behind_a_namespace_in_it(tmp_path: Path) -> None:
    """The namespace stays in sys.modules and looks the package up, which is no longer there."""
    files = {
        "lame/__init__.py": "import lame.parts.one\nraise RuntimeError('set FOO first')\n",
        "lame/parts/one.py": "",
    }
    project = load(write(tmp_path / "project", [table("a1")], "import lame\n", files=files))
    said = r"env\.py:1: RuntimeError: set FOO first$"
    with scratch_on("sqlite", tmp_path) as scratch, pytest.raises(ProjectError, match=said):
        run(project, scratch, apply)


def test_an_env_py_that_fails_after_the_migrations_is_a_note(tmp_path: Path) -> None:
    project = load(
        write(tmp_path / "project", [table("a1")], ENV + "\nraise ValueError('views are missing')\n")
    )
    with scratch_on("sqlite", tmp_path) as scratch:
        assert run(project, scratch, apply) == ("a1",)
    (note,) = project.notes
    assert note.endswith("ValueError: views are missing")


def test_an_env_py_that_swallows_errors_does_not_swallow_those_of_a_step(tmp_path: Path) -> None:
    env = HEAD + "try:" + RUN.replace("\n", "\n    ") + "\nexcept Exception:\n    pass\n"
    project = load(write(tmp_path / "project", [Migration("a1", None, "raise ValueError('x')")], env))
    with scratch_on("sqlite", tmp_path) as scratch, pytest.raises(StepError, match="ValueError: x"):
        run(project, scratch, apply)


def test_percent_signs_in_the_url(tmp_path: Path) -> None:
    folder = tmp_path / "50%d %(here)s"
    folder.mkdir()
    project = load(write(tmp_path / "project", [table("a1")]))
    with scratch_on("sqlite", folder) as scratch:
        assert run(project, scratch, apply) == ("a1",)


def test_our_connection_is_not_that_of_env_py(tmp_path: Path) -> None:
    """Rows written outside of a transaction of ours stay, whatever env.py's connection does."""
    env = ENV.replace("engine.connect()", "engine.connect().execution_options(isolation_level='AUTOCOMMIT')")
    project = load(write(tmp_path / "project", [table("a1"), table("b2", "a1")], env))

    def work(driver: Driver) -> tuple[int, bool]:
        connection = driver.connection
        driver.upgrade("a1")
        connection.execute(sa.text("INSERT INTO t_a1 VALUES (1)"))
        connection.rollback()
        connection.execute(sa.text("INSERT INTO t_a1 VALUES (2)"))
        driver.upgrade("b2")
        return connection.execute(
            sa.text("SELECT sum(id) FROM t_a1")
        ).scalar_one(), connection.in_transaction()

    with scratch_on("sqlite", tmp_path) as scratch:
        assert run(project, scratch, work) == (2, True)


def test_from_inside_a_running_event_loop(tmp_path: Path) -> None:
    project = load(init(tmp_path / "project", "async", [table("a1")]))

    async def main() -> tuple[str, ...]:
        with scratch_on("sqlite", tmp_path) as scratch:
            return run(project, scratch, apply)

    assert asyncio.run(main()) == ("a1",)
