"""Loading a project: where it is found, in which order its revisions are, how its names resolve, what is wrong."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import make_url

from mrt_dynamic.engine.alembic import run, survey
from mrt_dynamic.engine.base import Driver
from mrt_dynamic.engine.project import load
from mrt_dynamic.errors import ProjectError, RefusedError
from mrt_lint.errors import UsageError
from tests.dynamic.projects import ENV, INI, Migration, init, scratch_on, table, write

CHAIN = [table("a1a1"), table("b2b2", "a1a1"), table("c3c3", "b2b2")]
FORK = [
    table("a1a1"),
    table("b2b2", "a1a1", labels=("left",)),
    table("c3c3", "a1a1", labels=("right",)),
    table("d4d4", ("b2b2", "c3c3")),
]


def test_revisions_in_order_of_application(tmp_path: Path) -> None:
    project = load(write(tmp_path, list(reversed(CHAIN))))
    assert [each.id for each in project.revisions] == ["a1a1", "b2b2", "c3c3"]
    assert [each.parents for each in project.revisions] == [(), ("a1a1",), ("b2b2",)]
    assert project.revisions[0].title == "title of a1a1"
    assert Path(project.revisions[0].file).samefile(tmp_path / "migrations/versions/a1a1_it.py")


def test_parents_come_first_over_branches_dependencies_and_places(tmp_path: Path) -> None:
    other = "migrations/other"
    migrations = [
        *FORK,
        table("x0x0", folder=other),
        table("x1x1", "x0x0", depends_on="c3c3", folder=other),
        table("e5e5", "d4d4", depends_on=("x0x0",)),
    ]
    ini = INI + f"version_locations = %(here)s/migrations/versions{os.pathsep}%(here)s/{other}\n"
    project = load(write(tmp_path, migrations, ini=ini))
    place = {each.id: number for number, each in enumerate(project.revisions)}
    assert len(place) == len(migrations)
    for each in project.revisions:
        assert all(place[parent] < place[each.id] for parent in each.parents)
    parents = {each.id: set(each.parents) for each in project.revisions}
    assert parents["d4d4"] == {"b2b2", "c3c3"}
    assert parents["x1x1"] == {"x0x0", "c3c3"}
    assert parents["e5e5"] == {"d4d4", "x0x0"}


@pytest.mark.parametrize(
    ("word", "ids"),
    [
        ("head", ["d4d4"]),
        ("heads", ["d4d4"]),
        ("base", []),
        ("b2b2", ["b2b2"]),
        ("left", ["b2b2"]),
        ("left@b2b2", ["b2b2"]),
    ],
)
def test_names_resolve_as_alembic_does(tmp_path: Path, word: str, ids: list[str]) -> None:
    assert list(load(write(tmp_path, FORK)).resolve(word)) == ids


def test_the_beginning_of_an_id_is_enough(tmp_path: Path) -> None:
    migrations = [table("abcd1111"), table("abcd2222", "abcd1111"), table("efgh3333", "abcd2222")]
    project = load(write(tmp_path, migrations))
    assert project.resolve("efgh") == ("efgh3333",)
    assert project.resolve("-1") == ("abcd2222",)
    with pytest.raises(UsageError, match=r"^'abcd' could be any of abcd1111, abcd2222; give more of it$"):
        project.resolve("abcd")


def test_an_unknown_name_says_the_nearest(tmp_path: Path) -> None:
    project = load(write(tmp_path, [table("add_users"), table("add_orders", "add_users")]))
    with pytest.raises(UsageError, match=r"^no migration is called 'ad_users'; did you mean 'add_users'\?$"):
        project.resolve("ad_users")
    with pytest.raises(UsageError, match=r"^no migration is called 'zzzz'; `alembic history` lists them$"):
        project.resolve("zzzz")
    with pytest.raises(UsageError, match=r"^no migration is called ''; `alembic history` lists them$"):
        project.resolve("")


def test_several_heads_are_named(tmp_path: Path) -> None:
    project = load(write(tmp_path, FORK[:3]))
    assert sorted(project.resolve("heads")) == ["b2b2", "c3c3"]
    with pytest.raises(
        UsageError, match=r"^'head': there are several heads, b2b2, c3c3; name one, or say 'heads'$"
    ):
        project.resolve("head")


def test_the_working_directory_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ini = "[alembic]\nscript_location = migrations\nprepend_sys_path = .\nversion_locations = migrations/versions\n"
    helped = Migration("a1a1", module="from beside import NAME")
    file = write(tmp_path / "project", [helped], ini=ini, files={"beside.py": "NAME = 'x'"})
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    before = list(sys.path)
    project = load(file)
    assert [each.id for each in project.revisions] == ["a1a1"]
    assert (sys.path, Path.cwd()) == (before, elsewhere)
    assert "beside" not in sys.modules
    assert load(Path(os.path.relpath(file))).revisions == project.revisions
    assert "beside" not in sys.modules


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links")
def test_a_project_behind_a_symbolic_link(tmp_path: Path) -> None:
    helped = Migration("a1a1", module="from beside import NAME\nNAME.gone")
    write(tmp_path / "real", [helped], files={"beside.py": "NAME = 'x'"})
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(
        ProjectError, match=r"a1a1_it\.py:5: AttributeError: 'str' object has no attribute 'gone'$"
    ):
        assert load(tmp_path / "link/alembic.ini").revisions
    assert "beside" not in sys.modules


@pytest.mark.parametrize("own", [[], ["."]])
def test_a_relative_import_path_is_that_of_each_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: list[str]
) -> None:
    """Python keeps what `.` on sys.path meant the first time; the process may have it there, too."""
    monkeypatch.setattr(sys, "path", [*own, *sys.path])
    helped = Migration("a1a1", module="from beside import NAME")
    for name in ("one", "two"):
        file = write(tmp_path / name, [helped], files={"beside.py": f"NAME = {name!r}"})
        project = load(file)
        module = project.scripts["a1a1"].module
        assert name == module.NAME
        with scratch_on("sqlite", tmp_path) as scratch:
            assert name == run(project, scratch, lambda driver: __import__("beside").NAME)


def test_names_may_be_relative_to_a_folder_above_the_ini(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "backend", CHAIN)
    ini = tmp_path / "backend/alembic.ini"
    ini.write_text("[alembic]\nscript_location = backend/migrations\n")
    monkeypatch.chdir(tmp_path)
    assert len(load(Path("backend/alembic.ini")).revisions) == 3


def test_another_section(tmp_path: Path) -> None:
    ini = INI + "[second]\nscript_location = %(here)s/second\nsqlalchemy.url = mysql://localhost/x\n"
    file = write(tmp_path, CHAIN, ini=ini)
    (tmp_path / "second/versions").mkdir(parents=True)
    (tmp_path / "second/env.py").write_text("")
    project = load(file, "second")
    assert (project.revisions, project.dialect) == ((), "mysql")
    with pytest.raises(
        ProjectError, match=r"no section \[secnd\] with a script_location; did you mean 'second'\?$"
    ):
        load(file, "secnd")


@pytest.mark.parametrize("template", ["pyproject", "pyproject_async"])
def test_pyproject(tmp_path: Path, template: str) -> None:
    file = init(tmp_path, template, CHAIN)
    assert len(load(file).revisions) == 3
    file.unlink()
    assert len(load(file).revisions) == 3
    assert len(load(tmp_path / "pyproject.toml").revisions) == 3


@pytest.mark.parametrize(
    ("url", "dialect"),
    [
        ("postgresql+asyncpg://u:p@db.example/x", "postgresql"),
        ("driver://user:pass@localhost/dbname", None),
        ("sqlite:///x.db", "sqlite"),
    ],
)
def test_the_dialect_of_the_configuration(tmp_path: Path, url: str, dialect: str | None) -> None:
    ini = INI.replace("driver://user:pass@localhost/dbname", url)
    assert load(write(tmp_path, CHAIN, ini=ini)).dialect == dialect


def _error(file: Path) -> str:
    with pytest.raises(ProjectError) as error:
        assert load(file).revisions
    text = str(error.value)
    assert "\n" not in text
    return text


def test_missing_files_are_one_clear_line(tmp_path: Path) -> None:
    missing = tmp_path / "alembic.ini"
    assert _error(missing).startswith(
        f"{missing} does not exist: name the project's alembic.ini with --alembic-ini"
    )
    file = write(tmp_path, [])
    (tmp_path / "migrations/versions").rmdir()
    assert _error(file).endswith("versions does not exist: there are no migrations to verify")
    (tmp_path / "migrations/env.py").unlink()
    assert _error(file).endswith("env.py does not exist: `alembic init` makes one")
    (tmp_path / "migrations").rmdir()
    assert "migrations does not exist" in _error(file)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("revision = 'x'\ndef upgrade(:\n", r"x\.py:2: invalid syntax"),
        ("import not_there_at_all\n", r"x\.py:1: ModuleNotFoundError: No module named 'not_there_at_all'"),
        (
            "revision = 'x'\ndown_revision = None\nraise ValueError('two\\nlines')\n",
            r"x\.py:3: ValueError: two$",
        ),
        ("revision = 'x'\ndown_revision = 'gone'\n", r"gone .* is not present"),
        ("revision = 'x'\ndown_revision = 'x'\n", r"x"),
        ("down_revision = None\n", r"Could not determine revision id"),
        ("revision = 'x'\n", r"x\.py:1: the revision file has no down_revision$"),
    ],
)
def test_errors_in_revision_files_say_where(tmp_path: Path, text: str, said: str) -> None:
    file = write(tmp_path, [])
    (tmp_path / "migrations/versions/x.py").write_text(text)
    with pytest.raises(ProjectError, match=said):
        assert load(file).revisions
    assert _error(file)


def test_two_files_of_one_revision_are_refused(tmp_path: Path) -> None:
    """Alembic runs one of them with a warning; the other would never be tested."""
    file = write(tmp_path, [table("a1"), table("b2", "a1")])
    (tmp_path / "migrations/versions/again.py").write_text('revision: str = "a1"\ndown_revision = None\n')
    said = _error(file)
    assert said.startswith("several files are the revision a1: ")
    assert said.count(".py") == 2
    assert "/again.py; " in said


def test_the_order_is_that_of_alembic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`alembic upgrade heads` on an empty database, against the order of the project."""
    migrations = [*FORK, table("x0x0"), table("x1x1", "x0x0", depends_on="b2b2")]
    file = write(
        tmp_path, migrations, ini=INI.replace("driver://user:pass@localhost/dbname", "sqlite:///x.db")
    )
    config = Config(str(file))
    monkeypatch.setattr(sys, "path", list(sys.path))
    config.set_main_option("sqlalchemy.url", f"sqlite:///{tmp_path}/x.db")
    seen: list[str] = []
    config.attributes["seen"] = seen
    env = (tmp_path / "migrations/env.py").read_text()
    hook = "on_version_apply=lambda step, **_: context.config.attributes['seen'].append(step.up_revision_id)"
    (tmp_path / "migrations/env.py").write_text(
        env.replace("configure(connection=connection", f"configure(connection=connection, {hook}")
    )
    command.upgrade(config, "heads")
    place = {name: number for number, name in enumerate(seen)}
    project = load(file)
    assert set(place) == {each.id for each in project.revisions}
    for each in project.revisions:
        assert all(place[parent] < place[each.id] for parent in each.parents)
    assert [each.id for each in project.revisions] == seen


def test_nothing_of_the_project_is_imported_before_it_must_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is imported then sees the scratch database in the environment, not the user's."""
    monkeypatch.setenv("DATABASE_URL", "sqlite:///users.db")
    files = {"settings.py": "import os\nURL = os.environ['DATABASE_URL']\n"}
    migration = Migration("a1a1", module="from settings import URL")
    env = ENV.replace("engine = ", "from settings import URL\nassert 'users.db' not in URL\nengine = ")
    project = load(write(tmp_path, [migration], env, files=files))
    assert "settings" not in sys.modules
    with scratch_on("sqlite", tmp_path) as scratch:
        run(project, scratch, lambda driver: driver.heads())
        assert scratch.marker in project.scripts["a1a1"].module.URL
    early = load(tmp_path / "alembic.ini")
    assert early.scripts["a1a1"].module.URL == "sqlite:///users.db"
    with scratch_on("sqlite", tmp_path) as scratch:
        run(early, scratch, lambda driver: driver.heads())
        assert scratch.marker in early.scripts["a1a1"].module.URL


def test_a_revision_that_connects_when_it_is_imported(tmp_path: Path) -> None:
    module = f"sa.create_engine('sqlite:///{tmp_path}/users.db').connect()"
    project = load(write(tmp_path / "project", [Migration("a1a1", module=module)]))
    with pytest.raises(RefusedError, match="connects to a database when it is imported"):
        assert project.revisions
    with scratch_on("sqlite", tmp_path) as scratch, pytest.raises(RefusedError):
        run(project, scratch, lambda driver: driver.heads())
    assert not (tmp_path / "users.db").exists()


def test_an_env_py_that_chooses_the_place_of_the_revisions(tmp_path: Path) -> None:
    place = "migrations/versions/sqlite"
    chosen = f"context.script.version_locations = [r'{tmp_path / place}']\nengine = "
    project = load(write(tmp_path, [table("a1a1", folder=place)], ENV.replace("engine = ", chosen)))
    assert project.revisions == ()
    with scratch_on("sqlite", tmp_path) as scratch:
        survey(project, scratch)
        assert [each.id for each in project.revisions] == ["a1a1"]

        def work(driver: Driver) -> tuple[str, ...]:
            driver.upgrade("a1a1")
            return driver.heads()

        assert run(project, scratch, work) == ("a1a1",)


def test_a_script_location_in_a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ini = "[alembic]\nscript_location = pack.inner:migrations\n"
    write(tmp_path / "installed/pack/inner", CHAIN)
    (tmp_path / "installed/pack/__init__.py").write_text("raise ImportError('must not be imported')")
    monkeypatch.syspath_prepend(tmp_path / "installed")
    (tmp_path / "alembic.ini").write_text(ini)
    assert len(load(tmp_path / "alembic.ini").revisions) == 3
    (tmp_path / "alembic.ini").write_text(ini.replace("inner", "outer"))
    assert _error(tmp_path / "alembic.ini").startswith("script_location = pack.outer:migrations of ")


def test_an_env_py_that_calls_back_into_an_event_loop(tmp_path: Path) -> None:
    pytest.importorskip("anyio")
    env = ENV.replace("with engine", "def work():\n  with engine").replace("\n    ", "\n      ")
    env += "\nimport anyio.from_thread\nanyio.from_thread.run_sync(work)\n"
    project = load(write(tmp_path, CHAIN, env))

    def work(driver: Driver) -> tuple[str, ...]:
        driver.upgrade("a1a1")
        return driver.heads()

    with scratch_on("sqlite", tmp_path) as scratch:
        assert run(project, scratch, work) == ("a1a1",)
        assert run(project, scratch, lambda driver: driver.heads()) == ("a1a1",)


@pytest.mark.parametrize(
    ("named", "env", "used"),
    [
        ("postgresql+psycopg2://u@h/d", "", "postgresql+psycopg2"),
        ("postgresql+asyncpg://u@h/d", "", "postgresql+asyncpg"),
        ("postgresql+notthere://u@h/d", "", "postgresql+psycopg"),
        ("postgresql://u@h/d", "", "postgresql+psycopg"),
        ("sqlite:///x.db", "", "postgresql+psycopg"),
        ("driver://u@h/d", "create_async_engine", "postgresql+psycopg"),
    ],
)
def test_the_driver_that_the_configuration_names_is_kept(
    tmp_path: Path, named: str, env: str, used: str
) -> None:
    for driver in ("psycopg2", "asyncpg"):
        pytest.importorskip(driver)
    ini = INI.replace("driver://user:pass@localhost/dbname", named)
    project = load(write(tmp_path, CHAIN, f"# {env}\n" + ENV, ini=ini))
    project.urls.point(project.config, make_url("postgresql+psycopg://me:50%25@db/scratch"))
    assert project.config.get_main_option("sqlalchemy.url") == f"{used}://me:50%25@db/scratch"


def test_an_async_env_py_gets_an_async_driver(tmp_path: Path) -> None:
    pytest.importorskip("aiosqlite")
    project = load(write(tmp_path, CHAIN, "# create_async_engine\n" + ENV))
    project.urls.point(project.config, make_url("sqlite+pysqlite:////x/y.db"))
    assert project.config.get_main_option("sqlalchemy.url") == "sqlite+aiosqlite:////x/y.db"
