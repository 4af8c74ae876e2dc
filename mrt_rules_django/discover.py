"""Finds Django projects: every migration package below one root, whichever file or folder is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from mrt_lint.project import Project
from mrt_rules_django.packages import (
    App,
    app_in,
    is_called_so,
    is_package_of_migrations,
    is_skipped,
    walk,
)
from mrt_rules_django.settings import read_settings

MAX_LEVELS: Final = 16
"""How many folders are looked at upwards for the root of the project that a file belongs to."""

_ROOTS: Final = ("manage.py", ".git", ".hg", "pyproject.toml", "setup.py", "setup.cfg")


def discover(paths: Sequence[Path]) -> Iterator[Project]:
    """Yields every project found at or around these paths, each once."""
    seen: set[tuple[Path, tuple[Path, ...]]] = set()
    for path in paths:
        for project in _around(path.absolute()):
            key = (project.root, project.files)
            if key not in seen:
                seen.add(key)
                yield project


def _around(path: Path) -> list[Project]:
    if path.is_dir():
        own = is_package_of_migrations(path)
        if not own and not any(_packages(walk(path))):
            return []
        found = _projects(_root_of(path))
        return [project for project in found if own or _touches(project, path)]
    if path.suffix != ".py" or not is_package_of_migrations(path.parent):
        return []
    return [project for project in _projects(_root_of(path.parent)) if path in project.files]


def _touches(project: Project, folder: Path) -> bool:
    return any(folder == place or folder in place.parents for place in (*project.locations, *project.files))


def _packages(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if is_called_so(folder) and is_package_of_migrations(folder):
            yield folder


def _root_of(folder: Path) -> Path:
    """Returns the root of the project around a folder.

    The nearest one upwards with a file that only roots have, but not one of which the folder is no part;
    without any, the folder around the top-most package, or the folder itself.
    """
    for place in [folder, *folder.parents][:MAX_LEVELS]:
        if any((place / name).exists() for name in _ROOTS):
            return place
        if is_skipped(place.parent, place.name):
            break
    if not is_called_so(folder) and not (folder / "__init__.py").is_file():
        return folder
    place = folder.parent if is_called_so(folder) else folder
    while (place / "__init__.py").is_file() and place.parent != place:
        place = place.parent
    return place


def _projects(root: Path) -> list[Project]:
    """Returns the projects below a root: one, or one for each manage.py when there are several."""
    folders = list(walk(root))
    packages = list(_packages(folders))
    managed = [place for place in folders if (place / "manage.py").is_file()] if packages else []
    if len(managed) < 2:
        return [_project(root, [app_in(folder) for folder in packages], *managed)] if packages else []
    homes: dict[Path, list[App]] = {}
    for folder in packages:
        home = next((place for place in folder.parents if place in managed), root)
        homes.setdefault(home, []).append(app_in(folder))
    return [_project(home, apps) for home, apps in homes.items()]


def _project(root: Path, apps: list[App], *managed: Path) -> Project:
    """Returns one project. `managed`: the folder of its manage.py, if that is not the root."""
    settings = read_settings(root, *managed)
    values: list[tuple[str, str | int | None]] = [(name, value) for name, value in settings.names if value]
    values += [(f"DEFAULT_AUTO_FIELD {app.label}", app.auto_field) for app in apps if app.auto_field]
    return Project(
        "django",
        root,
        tuple(sorted(file for app in apps for file in app.files)),
        _import_roots(root, apps),
        settings.dialect,
        naming_known=True,
        transaction_per_migration=True,
        locations=tuple(app.folder for app in apps),
        version_table="django_migrations",
        settings=tuple(values),
        labels=tuple((app.folder, app.label) for app in apps),
        one_line=True,
        finds_by_columns=True,
    )


def _import_roots(root: Path, apps: list[App]) -> tuple[Path, ...]:
    """Returns the root and the folders above the top-most packages that hold migrations."""
    found = [root]
    for app in apps:
        place = app.folder.parent
        while (place / "__init__.py").is_file() and place.parent != place:
            place = place.parent
        found.append(place)
    return tuple(dict.fromkeys(found))
