"""Which files are reported on, and under which path."""

from __future__ import annotations

from pathlib import Path

import pytest

from mrt_lint.config.settings import settings
from mrt_lint.lint.registry import Registry
from mrt_lint.lint.scope import projects, scope
from mrt_lint.project import Project
from tests.lint.fake import FakeFrontend
from tests.lint.making import registry


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path.resolve()
    for name in (
        "app/alembic.ini",
        "app/migrations/versions/a.py",
        "app/migrations/versions/sub/b.py",
        "more/c.py",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    return root


def project(tree: Path, config: bool = True) -> Project:
    names = ("app/migrations/versions/a.py", "app/migrations/versions/sub/b.py", "more/c.py")
    ini = tree / "app" / "alembic.ini" if config else None
    return Project("fake", tree / "app/migrations", tuple(tree / name for name in names), config_file=ini)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ([], "abc"),
        (["."], "abc"),
        (["app"], "abc"),
        (["app/alembic.ini"], "abc"),
        (["app/migrations"], "abc"),
        (["app/migrations/versions"], "ab"),
        (["app/migrations/versions/sub"], "b"),
        (["more/c.py"], "c"),
        (["more"], "c"),
        (["more", "app/migrations/versions/a.py"], "ac"),
    ],
)
@pytest.mark.parametrize("config", [True, False])
def test_shown(tree: Path, given: list[str], shown: str, config: bool) -> None:
    if given == ["app/alembic.ini"] and not config:
        shown = ""
    asked = scope([Path(path) for path in given], settings(cwd=tree), tree)
    assert "".join(sorted(path.stem for path in asked.shown(project(tree, config)))) == shown


@pytest.mark.parametrize(
    ("given", "cwd", "displayed"),
    [
        ([], ".", "app/migrations/versions/a.py"),
        ([], "app/migrations", "versions/a.py"),
        (["."], "app", "migrations/versions/a.py"),
        (["../app"], "more", "../app/migrations/versions/a.py"),
        (["./app/"], ".", "app/migrations/versions/a.py"),
        (["app", "app/migrations/versions"], ".", "app/migrations/versions/a.py"),
    ],
)
def test_display(tree: Path, given: list[str], cwd: str, displayed: str) -> None:
    here = tree / cwd
    asked = scope([Path(path) for path in given], settings(cwd=here), here)
    assert asked.display(tree / "app/migrations/versions/a.py") == displayed


def test_a_file_outside_of_everything_is_shown_absolute(tree: Path) -> None:
    here = tree / "more"
    path = tree / "app/migrations/versions/a.py"
    asked = scope([], settings(cwd=here), here)
    assert asked.display(path) == path.as_posix()
    assert asked.relative(path) == path.as_posix().lstrip("/")


def test_symbolic_links_are_shown_as_given(tree: Path) -> None:
    try:
        (tree / "link").symlink_to(tree / "app")
    except OSError:
        pytest.skip("no symbolic links here")
    asked = scope([Path("link")], settings(cwd=tree), tree)
    assert asked.display(tree / "app/migrations/versions/a.py") == "link/migrations/versions/a.py"
    assert len(asked.shown(project(tree))) == 3


def test_paths_of_the_configuration_are_relative_to_it(tree: Path) -> None:
    from mrt_lint.config.load import load_settings

    (tree / "mrt-lint.toml").write_text('paths = ["more"]\nexclude = ["app/**/sub"]\n')
    for cwd in (tree, tree / "app"):
        asked = scope([], load_settings(None, cwd, {}, ()), cwd)
        assert "".join(path.stem for path in asked.shown(project(tree))) == "c"
    asked = scope([Path("app")], load_settings(None, tree, {}, ()), tree)
    assert "".join(sorted(path.stem for path in asked.shown(project(tree)))) == "ac"


def test_projects_are_found_once_and_configured(tree: Path) -> None:
    class Twice(FakeFrontend):
        def discover(self, paths: object) -> list[Project]:
            return [project(tree), project(tree)]

    extra = Project("fake", tree / "more")
    found: Registry = registry(mrt_frontends=[Twice()], mrt_discover=lambda paths: [extra])
    given = {"naming-convention": {"ix": "ix_%(name)s"}, "transaction-per-migration": True}
    chosen = settings(None, given, (), tree)
    one, other = projects(scope([], chosen, tree), chosen, found)
    assert (one.root, other.root) == (tree / "app/migrations", tree / "more")
    assert one.naming_convention == (("ix", "ix_%(name)s"),)
    assert other.transaction_per_migration is True


def test_a_project_of_an_unknown_framework(tree: Path) -> None:
    from mrt_lint.errors import PluginError

    stray = Project("fak", tree)
    found = registry(mrt_frontends=[FakeFrontend()], mrt_discover=lambda paths: [stray])
    chosen = settings(cwd=tree)
    with pytest.raises(PluginError, match="no frontend is called 'fak'; did you mean 'fake'"):
        projects(scope([], chosen, tree), chosen, found)
