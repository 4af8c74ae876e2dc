"""Histories are found as Alembic finds them."""

from __future__ import annotations

import os
import textwrap
import warnings
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from mrt_lint.project import Project
from mrt_rules_alembic.discover import discover

MIGRATION = """
revision = {id!r}
down_revision = {down!r}


def upgrade():
    pass


def downgrade():
    pass
"""
ENV = "from alembic import context\n"


def write(root: Path, files: dict[str, str]) -> Path:
    """Writes a tree of files."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return root


def revision(id: str, down: str | None = None) -> str:
    """Returns the text of a migration."""
    return MIGRATION.format(id=id, down=down)


def found(*paths: Path) -> list[Project]:
    """Returns the projects found at these paths."""
    return list(discover(paths))


def names(project: Project) -> list[str]:
    """Returns the files of a project, relative to its script directory's parent."""
    return [file.name for file in project.files]


def seen_by_alembic(ini: Path, section: str = "alembic") -> tuple[list[str], list[str]]:
    """Returns the files and revisions that the real Alembic reads."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        script = ScriptDirectory.from_config(Config(str(ini), ini_section=section))
        revisions = list(script.walk_revisions())
    return sorted(Path(one.path).name for one in revisions), sorted(one.revision for one in revisions)


BASE = {
    "migrations/env.py": ENV,
    "migrations/versions/0001_a.py": revision("a"),
    "migrations/versions/0002_b.py": revision("b", "a"),
}

LAYOUTS: dict[str, dict[str, str]] = {
    "the usual layout": {"alembic.ini": "[alembic]\nscript_location = migrations\n", **BASE},
    "here is filled in": {"alembic.ini": "[alembic]\nscript_location = %(here)s/migrations\n", **BASE},
    "a package names the script directory": {
        "alembic.ini": "[alembic]\nscript_location = app:db:migrations\nprepend_sys_path = .\n",
        "app/__init__.py": "",
        "app/db/__init__.py": "",
        **{f"app/db/{name}": text for name, text in BASE.items()},
    },
    "helpers and odd names beside migrations": {
        "alembic.ini": "[alembic]\nscript_location = migrations\n",
        **BASE,
        "migrations/versions/__init__.py": "",
        "migrations/versions/.#0003_lock.py": "lock",
        "migrations/versions/notes.txt": "text",
        "migrations/versions/abc123.py": "down_revision = 'b'\n",
    },
    "sub-folders count only when asked for": {
        "alembic.ini": "[alembic]\nscript_location = migrations\n",
        **BASE,
        "migrations/versions/2024/0003_c.py": revision("c", "b"),
    },
    "recursive version locations": {
        "alembic.ini": "[alembic]\nscript_location = migrations\nrecursive_version_locations = true\n",
        **BASE,
        "migrations/versions/2024/0003_c.py": revision("c", "b"),
        "migrations/versions/2024/deep/0004_d.py": revision("d", "c"),
    },
    "several locations by the system's separator": {
        "alembic.ini": (
            "[alembic]\nscript_location = migrations\npath_separator = os\n"
            f"version_locations = %(here)s/migrations/versions{os.pathsep}%(here)s/more\n"
        ),
        **BASE,
        "more/0003_c.py": revision("c", "b"),
    },
    "several locations by spaces": {
        "alembic.ini": (
            "[alembic]\nscript_location = migrations\nversion_path_separator = space\n"
            "version_locations = %(here)s/migrations/versions %(here)s/more\n"
        ),
        **BASE,
        "more/0003_c.py": revision("c", "b"),
    },
    "several locations by newlines": {
        "alembic.ini": (
            "[alembic]\nscript_location = migrations\npath_separator = newline\n"
            "version_locations =\n    %(here)s/migrations/versions\n    %(here)s/more\n"
        ),
        **BASE,
        "more/0003_c.py": revision("c", "b"),
    },
    "several locations in the old way": {
        "alembic.ini": (
            "[alembic]\nscript_location = migrations\n"
            "version_locations = %(here)s/migrations/versions, %(here)s/more\n"
        ),
        **BASE,
        "more/0003_c.py": revision("c", "b"),
    },
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_files_are_those_that_alembic_reads(
    layout: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, layout)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    (project,) = found(tmp_path)
    files, _ = seen_by_alembic(tmp_path / "alembic.ini")
    assert sorted(names(project)) == files
    assert project.trouble == ()
    for path in (tmp_path / "alembic.ini", project.root, project.locations[0], project.files[-1]):
        assert [one.files for one in found(path)] == [project.files], path


def test_each_section_with_a_script_location_is_a_project(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "alembic.ini": "[DEFAULT]\nprepend_sys_path = .\n[alembic]\nscript_location = one\n"
            "[reports]\nscript_location = two\nsqlalchemy.url = mysql+pymysql://h/d\n"
            "[loggers]\nkeys = root\n",
            "one/versions/a.py": revision("a"),
            "two/versions/b.py": revision("b"),
        },
    )
    one, two = found(tmp_path)
    assert (one.section, names(one), one.dialect) == ("alembic", ["a.py"], None)
    assert (two.section, names(two), two.dialect) == ("reports", ["b.py"], "mysql")


def test_each_section_with_locations_of_its_own_is_a_project(tmp_path: Path) -> None:
    """Two databases, one script directory: `alembic -n jobs`, as Alembic's cookbook has it for databases."""
    write(
        tmp_path,
        {
            "alembic.ini": "[DEFAULT]\nscript_location = %(here)s/db\n"
            "[users]\nversion_locations = %(here)s/db/users\n"
            "[jobs]\nversion_locations = %(here)s/db/jobs\n"
            "[post_write_hooks]\nhooks = ruff\n[loggers]\nkeys = root\n",
            "db/env.py": ENV,
            "db/users/001_a.py": revision("001"),
            "db/jobs/001_b.py": revision("001"),
        },
    )
    projects = {one.section: names(one) for one in found(tmp_path)}
    assert projects == {"users": ["001_a.py"], "jobs": ["001_b.py"]}
    for section, files in projects.items():
        assert seen_by_alembic(tmp_path / "alembic.ini", section)[0] == files


def test_pyproject_configures_alembic(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyproject.toml": "[tool.alembic]\nscript_location = '%(here)s/migrations'\n"
            "version_locations = ['%(here)s/migrations/versions', '%(here)s/more']\n"
            "prepend_sys_path = ['src']\n",
            "src/app.py": "",
            **BASE,
            "more/c.py": revision("c", "b"),
        },
    )
    (project,) = found(tmp_path)
    assert names(project) == ["0001_a.py", "0002_b.py", "c.py"]
    assert tmp_path / "src" in project.import_roots


def test_ini_and_pyproject_are_one_configuration(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyproject.toml": "[tool.alembic]\nscript_location = '%(here)s/migrations'\n",
            "alembic.ini": "[alembic]\nsqlalchemy.url = postgresql+psycopg://h/d\n",
            **BASE,
        },
    )
    (project,) = found(tmp_path)
    assert (project.dialect, names(project)) == ("postgresql", ["0001_a.py", "0002_b.py"])


def test_templates_with_odd_content_are_trouble_not_a_crash(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "app/alembic.ini": "[alembic]\nscript_location = {alembic_dir}\nsqlalchemy.url = {db_url}\n",
            **{f"app/{name}": text for name, text in BASE.items()},
        },
    )
    (project,) = found(tmp_path)
    assert names(project) == ["0001_a.py", "0002_b.py"]
    assert "script_location = '{alembic_dir}'" in project.trouble[0][2]


@pytest.mark.parametrize(
    "text",
    [
        "no section\n",
        "[alembic]\nscript_location = %(nothing)s\n",
        "[alembic\n",
        "\x00\x01",
        "[alembic]\n[alembic]\na=1\na=2\n",
    ],
)
def test_broken_ini_files_never_raise(text: str, tmp_path: Path) -> None:
    write(tmp_path, {"alembic.ini": text})
    found(tmp_path)
    found(tmp_path / "alembic.ini")


def test_a_folder_without_configuration_is_a_project(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"db/env.py": ENV, "db/versions/a.py": revision("a"), "db/versions/2024/b.py": revision("b", "a")},
    )
    (project,) = found(tmp_path / "db" / "versions")
    assert (project.root, names(project)) == (tmp_path / "db", ["b.py", "a.py"])
    (same,) = found(tmp_path)
    assert same.files == project.files


def test_versions_in_sub_folders_are_found(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"m/a.py": revision("a"), "m/x/b.py": revision("b", "a"), "m/x/helper.py": "def help():\n    pass\n"},
    )
    (project,) = found(tmp_path / "m")
    assert sorted(names(project)) == ["a.py", "b.py"]


def test_folders_named_after_databases_are_histories_of_their_own(tmp_path: Path) -> None:
    """What env.py chooses at run time by `context.script.version_locations`."""
    write(
        tmp_path,
        {
            "alembic.ini": "[alembic]\nscript_location = migrations\n",
            "migrations/env.py": ENV,
            "migrations/versions/postgresql/a.py": revision("a"),
            "migrations/versions/sqlite/b.py": revision("b"),
        },
    )
    one, two = found(tmp_path)
    assert (names(one), one.dialect) == (["a.py"], "postgresql")
    assert (names(two), two.dialect) == (["b.py"], "sqlite")
    (same,) = found(tmp_path / "migrations" / "versions" / "sqlite" / "b.py")
    assert same == two


def test_folders_below_an_empty_location_are_one_history(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "alembic.ini": "[alembic]\nscript_location = migrations\n",
            "migrations/env.py": ENV,
            "migrations/versions/2023/a.py": revision("a"),
            "migrations/versions/2024/b.py": revision("b", "a"),
        },
    )
    (project,) = found(tmp_path)
    assert names(project) == ["a.py", "b.py"]


@pytest.mark.parametrize("base", ["db", "db/versions"])
def test_folders_with_the_same_revisions_are_histories_of_their_own(base: str, tmp_path: Path) -> None:
    files = {
        "db/env.py": ENV,
        f"{base}/shop/001_first.py": revision("001"),
        f"{base}/shop/002_more.py": revision("002", "001"),
        f"{base}/stock/001_first.py": revision("001"),
    }
    if base != "db":
        files["alembic.ini"] = "[alembic]\nscript_location = db\n"
    write(tmp_path, files)
    start = tmp_path / "db" if base == "db" else tmp_path
    names = [{file.name for file in project.files} for project in found(start)]
    assert names == [{"001_first.py", "002_more.py"}, {"001_first.py"}]
    (tmp_path / base / "stock/001_first.py").write_text(revision("003", "002"), encoding="utf-8")
    assert len(found(start)) == 1


def test_single_files_bring_their_history_along(tmp_path: Path) -> None:
    write(tmp_path, {"v/a.py": revision("a"), "v/b.py": revision("b", "a")})
    (project,) = found(tmp_path / "v" / "a.py", tmp_path / "v" / "b.py")
    assert names(project) == ["a.py", "b.py"]


def test_files_that_are_no_migrations_give_no_project(tmp_path: Path) -> None:
    write(tmp_path, {"app/models.py": "x = 1\n", "app/setup.py": "revision = 1\n"})
    assert found(tmp_path / "app" / "models.py") == []
    assert found(tmp_path / "app") == []


def test_other_peoples_folders_are_not_searched(tmp_path: Path) -> None:
    ini = "[alembic]\nscript_location = migrations\n"
    write(tmp_path, {"alembic.ini": ini, **BASE})
    for place in (".git", "node_modules/p", ".hidden", "venv/lib/site-packages/p"):
        write(tmp_path / place, {"alembic.ini": ini, **BASE})
    write(tmp_path, {"venv/pyvenv.cfg": ""})
    assert len(found(tmp_path)) == 1


def test_import_roots_hold_the_package_around_the_script_directory(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "src/shop/__init__.py": "",
            "src/shop/db/__init__.py": "",
            "src/shop/db/alembic.ini": "[alembic]\nscript_location = %(here)s/migrations\n",
            **{f"src/shop/db/{name}": text for name, text in BASE.items()},
        },
    )
    (project,) = found(tmp_path)
    assert project.import_roots == (tmp_path / "src" / "shop" / "db", tmp_path / "src")


ENVIRONMENTS = {
    "a MetaData with a convention": (
        """
        from alembic import context
        from sqlalchemy import MetaData

        target_metadata = MetaData(naming_convention={"pk": "pk_%(table_name)s"})
        """,
        {"naming_convention": (("pk", "pk_%(table_name)s"),)},
    ),
    "followed into the models": (
        """
        from alembic import context
        from shop.models import Base

        target_metadata = Base.metadata
        """,
        {"naming_convention": (("uq", "uq_%(table_name)s_%(column_0_name)s"),)},
    ),
    "literal options": (
        """
        from alembic import context

        def run():
            context.configure(transaction_per_migration=True, version_table="versions_of_shop")
        """,
        {"transaction_per_migration": True, "version_table": "versions_of_shop"},
    ),
    "options in a dict": (
        """
        from alembic import context

        OPTIONS = dict(transaction_per_migration=True)

        def run():
            context.configure(connection=None, **OPTIONS)
        """,
        {"transaction_per_migration": True},
    ),
    "a lock timeout set by SQL": (
        """
        from alembic import context

        def run(connection):
            connection.exec_driver_sql("SET lock_timeout = '4s'")
        """,
        {"lock_timeout": True},
    ),
    "a lock timeout among connection arguments": (
        """
        from sqlalchemy import create_engine

        engine = create_engine("postgresql://", connect_args={"options": "-c lock_timeout=4000"})
        """,
        {"lock_timeout": True},
    ),
    "nothing of all this": (
        ENV,
        {"naming_convention": (), "transaction_per_migration": False, "lock_timeout": False},
    ),
}


@pytest.mark.parametrize(("env", "expected"), ENVIRONMENTS.values(), ids=ENVIRONMENTS.keys())
def test_env_py_is_read_where_it_is_literal(env: str, expected: dict[str, object], tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "alembic.ini": "[alembic]\nscript_location = migrations\nprepend_sys_path = .\n",
            "shop/__init__.py": "",
            "shop/models.py": """
                from sqlalchemy import MetaData
                from sqlalchemy.orm import DeclarativeBase

                class Base(DeclarativeBase):
                    metadata = MetaData(naming_convention={"uq": "uq_%(table_name)s_%(column_0_name)s"})
                """,
            **BASE,
            "migrations/env.py": env,
        },
    )
    (project,) = found(tmp_path)
    assert {key: getattr(project, key) for key in expected} == expected


def test_a_broken_env_py_is_trouble(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"alembic.ini": "[alembic]\nscript_location = migrations\n", **BASE, "migrations/env.py": "def (:\n"},
    )
    (project,) = found(tmp_path)
    assert names(project) == ["0001_a.py", "0002_b.py"]
    assert "env.py" in project.trouble[0][2]


def test_the_script_directory_of_a_container_is_found_by_its_end(tmp_path: Path) -> None:
    for name in ("core", "trace"):
        write(
            tmp_path,
            {
                f"api/db/{name}/alembic.ini": f"[alembic]\nscript_location = /srv/api/db/{name}\n",
                f"api/db/{name}/env.py": ENV,
                f"api/db/{name}/versions/0001_{name}.py": revision(name),
            },
        )
    projects = found(tmp_path)
    assert [names(project) for project in projects] == [["0001_core.py"], ["0001_trace.py"]]
    assert "is not on this machine" in projects[0].trouble[0][2]


def test_an_absolute_path_that_ends_nowhere_is_not_guessed(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "alembic.ini": "[alembic]\nscript_location = /srv/other\n",
            "migrations/env.py": ENV,
            ".git/HEAD": "",
        },
    )
    projects = found(tmp_path / "alembic.ini")
    assert [project.files for project in projects] == [()]
    assert "is no folder that can be found" in projects[0].trouble[0][2]


def test_folders_that_the_application_adds_to_the_history_are_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "alembic.ini": "[alembic]\nscript_location = migrations\n",
            "migrations/env.py": ENV,
            "command.py": "config.set_main_option('version_locations', ' '.join(folders()))\n",
            "migrations/versions/0001_a.py": revision("a"),
            "migrations/versions/later/expand/0002_b.py": revision("b", "a"),
            "migrations/versions/later/contract/0003_c.py": revision("c", "b"),
        },
    )
    (project,) = found(tmp_path)
    assert sorted(names(project)) == ["0001_a.py", "0002_b.py", "0003_c.py"]
    assert "the history goes on below" in project.trouble[0][2]


@pytest.mark.parametrize(
    "put_aside",
    [
        {"a": None, "b": "a"},  # before what is read
        {"c": None, "d": "x"},  # a copy of what is read
    ],
)
def test_migrations_put_aside_are_not_read(put_aside: dict[str, str | None], tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "alembic.ini": "[alembic]\nscript_location = migrations\n",
            "migrations/env.py": ENV + "version_locations = []\n",
            "migrations/versions/0003_c.py": revision("c"),
            **{f"migrations/versions/old/{id}.py": revision(id, down) for id, down in put_aside.items()},
        },
    )
    (project,) = found(tmp_path)
    assert (names(project), project.trouble) == (["0003_c.py"], ())
