"""Finds Alembic's histories: from configuration files, from script directories, from single migrations."""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from mrt_lint.project import Project
from mrt_lint.schema.dialects import dialect_named
from mrt_rules_alembic.ini import Section, read_pyproject, read_sections
from mrt_rules_alembic.locations import normal, resolve, script_directory_elsewhere
from mrt_rules_alembic.versions import (
    continues,
    locations_set_by_code,
    looks_like_migration,
    revision_files,
    share_revisions,
    walk,
)

MAX_LEVELS: Final = 16
"""How many folders are looked at upwards for the configuration that a file belongs to."""

Trouble = list[tuple[str, int, str]]


def discover(paths: Sequence[Path]) -> Iterator[Project]:
    """Yields every project found at or around these paths, each once, its env.py read."""
    seen: set[tuple[Path, tuple[Path, ...]]] = set()
    for path in paths:
        for project in _around(path.absolute()):
            key = (project.root, project.locations)
            if key not in seen:
                from mrt_rules_alembic.envfile import with_environment

                seen.add(key)
                yield with_environment(project)


def _around(path: Path) -> Iterable[Project]:
    if path.is_dir():
        return _of_folder(path)
    if path.name == "pyproject.toml":
        return _configured(*read_pyproject(path), path)
    if path.suffix in (".ini", ".cfg"):
        return _configured(*read_sections(path), path)
    if path.suffix == ".py":
        return _of_file(path)
    return ()


def _of_file(path: Path) -> Iterable[Project]:
    """Returns the project that a single migration belongs to."""
    for project in _upwards(path.parent):
        if path in project.files:
            return (project,)
    if looks_like_migration(path):
        return _unconfigured(path.parent, path)
    return ()


def _of_folder(folder: Path) -> list[Project]:
    """Returns the projects of a folder: those configured in or below it, else the one it is part of."""
    found = _below(folder)
    if found:
        return found
    for project in _upwards(folder.parent):
        if any(_is_within(file, folder) for file in project.files) or project.root == folder:
            found.append(project)
    return found or list(_unconfigured(folder, None))


def _below(folder: Path) -> list[Project]:
    """Returns the projects configured in a folder or below it, and script directories nobody configures."""
    found: list[Project] = []
    bare: list[Path] = []
    for place in walk(folder):
        found.extend(_in_folder(place))
        if (place / "env.py").is_file() and (place / "versions").is_dir():
            bare.append(place)
    roots = {project.root for project in found}
    for place in bare:
        if (place not in roots and place != folder) or (place == folder and not found and not _owned(place)):
            found.extend(_unconfigured(place, None))
    return _useful(found)


def _owned(place: Path) -> bool:
    return any(project.root == place for project in _upwards(place.parent))


def _useful(found: list[Project]) -> list[Project]:
    """Returns the projects that lead somewhere; the first of them carries the trouble of the others."""
    useful = [project for project in found if project.files or (project.root.is_dir() and project.locations)]
    lost = [project for project in found if project not in useful]
    if not useful:
        return lost
    trouble = tuple(item for project in lost for item in project.trouble)
    return [replace(useful[0], trouble=(*useful[0].trouble, *trouble)), *useful[1:]] if trouble else useful


def _in_folder(folder: Path) -> Iterator[Project]:
    try:
        files = sorted(folder.glob("*.ini"))
    except OSError:
        return
    named = False
    for file in files:
        sections, trouble = read_sections(file)
        if file.name != "alembic.ini" and not sections:
            continue
        named = named or bool(sections)
        yield from _configured(sections, trouble, file)
    pyproject = folder / "pyproject.toml"
    if pyproject.is_file() and not named:
        sections, trouble = read_pyproject(pyproject)
        if sections:
            yield from _configured(sections, trouble, pyproject)


def _upwards(folder: Path) -> Iterator[Project]:
    """Yields the projects configured in a folder or above it, up to the repository's root."""
    for level, place in enumerate([folder, *folder.parents]):
        if level >= MAX_LEVELS:
            return
        yield from _in_folder(place)
        if (place / ".git").exists() or (place / ".hg").exists():
            return


def _is_within(path: Path, folder: Path) -> bool:
    return folder in path.parents


def _configured(sections: list[Section], trouble: Trouble, file: Path) -> list[Project]:
    """Returns one project per section; the trouble of the file goes to the first."""
    projects = [project for section in sections for project in _histories(_project(section))]
    if not projects:
        if not trouble:
            return []
        return [Project("alembic", file.parent, config_file=file, trouble=tuple(trouble))]
    projects[0] = replace(projects[0], trouble=(*trouble, *projects[0].trouble))
    return projects


def _histories(project: Project) -> list[Project]:
    """Returns the histories of a project whose version location itself is empty.

    Its env.py then chooses a folder below: one history per database when the folders are named
    after databases, one per folder when their revisions clash, else one history spread over them.
    """
    if project.files or not project.locations:
        return [project]
    below = _below_versions(project.locations)
    if not below:
        return [project]
    folders = sorted({path.parent for path in below})
    if all(dialect_named(folder.name) is not None for folder in folders):
        return [
            replace(
                project,
                files=tuple(sorted(path for path in below if path.parent == folder)),
                locations=(folder,),
                dialect=dialect_named(folder.name),
            )
            for folder in folders
        ]
    return _apart(replace(project, files=tuple(sorted(below)), locations=tuple(folders)))


def _below_versions(locations: Iterable[Path]) -> list[Path]:
    return [path for place in locations for folder in walk(place) for path in _migrations_in(folder)]


def _apart(project: Project) -> list[Project]:
    """Returns a project as one per folder when two of these have the same revision."""
    folders: dict[Path, list[Path]] = {}
    for file in project.files:
        folders.setdefault(file.parent, []).append(file)
    if not share_revisions(folders):
        return [project]
    return [replace(project, files=tuple(files), locations=(place,)) for place, files in folders.items()]


def _project(section: Section) -> Project:
    here = section.file.parent.absolute()
    trouble = list(section.trouble)
    roots = [normal(here / path) for path in section.prepend_sys_path]
    search = [*roots, here]
    root = resolve(section.script_location, here, search)
    said = f"[{section.name}] script_location = {section.script_location!r}"
    if root is None:
        root = script_directory_elsewhere(section.script_location, here)
        if root is not None:
            shown = "this folder" if root == here else os.path.relpath(root, here)
            message = f"{said} is not on this machine; {shown}, whose path ends alike, was read"
            trouble.append((section.file.as_posix(), 1, message))
    if root is None:
        trouble.append((section.file.as_posix(), 1, f"{said} is no folder that can be found"))
        return Project(
            "alembic",
            here,
            config_file=section.file,
            section=section.name,
            dialect=section.dialect,
            trouble=tuple(trouble),
        )
    locations: list[Path] = []
    for text in section.version_locations:
        place = resolve(text, here, search)
        if place is None:
            trouble.append(
                (section.file.as_posix(), 1, f"version location {text!r} is no folder that can be found")
            )
        elif place not in locations:
            locations.append(place)
    if not section.version_locations:
        locations = [root / "versions"]
    files: list[Path] = []
    for place in locations:
        files.extend(file for file in revision_files(place, section.recursive) if file not in files)
    if files and not section.version_locations and not section.recursive and locations_set_by_code(root):
        going_on = [file for file in _below_versions(locations) if file not in files]
        if continues(files, going_on):
            folders = sorted({file.parent for file in going_on})
            files.extend(going_on)
            locations.extend(folders)
            message = (
                f"[{section.name}] names no version_locations, but code does, and the history goes on below"
            )
            trouble.append(
                (section.file.as_posix(), 1, f"{message} {root.name}: these folders were read too")
            )
    return Project(
        "alembic",
        root,
        tuple(sorted(files)),
        import_roots(root, [*roots, here]),
        section.dialect,
        locations=tuple(locations),
        config_file=section.file,
        section=section.name,
        trouble=tuple(trouble),
        options=section.options,
    )


def import_roots(root: Path, first: Iterable[Path]) -> tuple[Path, ...]:
    """Returns the folders from which the project's own modules are imported, in order.

    Those of the configuration, then the folder above the top-most package that holds the script
    directory (which itself is often no package).
    """
    found = [place for place in first if place.is_dir()]
    package = root if (root / "__init__.py").is_file() else root.parent
    if (package / "__init__.py").is_file():
        while (package / "__init__.py").is_file() and package.parent != package:
            package = package.parent
        found.append(package)
    return tuple(dict.fromkeys(found))


def _unconfigured(folder: Path, file: Path | None) -> Iterator[Project]:
    """Yields the project of a folder of migrations that no configuration names."""
    root, location = _script_directory(folder)
    files = [path for place in walk(location) for path in _migrations_in(place)]
    if file is not None and file not in files:
        files.append(file)
    if not files:
        return
    folders = sorted({path.parent for path in files})
    locations = tuple(folders) if location not in folders else (location,)
    yield from _apart(
        Project(
            "alembic",
            root,
            tuple(sorted(files)),
            import_roots(root, [root.parent]),
            locations=locations,
            runs_alone=(root / "env.py").is_file(),
        )
    )


def _script_directory(folder: Path) -> tuple[Path, Path]:
    """Returns the script directory (it has env.py) around a folder, and where its migrations are."""
    if (folder / "env.py").is_file():
        return folder, folder / "versions" if (folder / "versions").is_dir() else folder
    for place in list(folder.parents)[:3]:
        if (place / "env.py").is_file():
            return place, folder
    return folder.parent if folder.name == "versions" else folder, folder


def _migrations_in(folder: Path) -> list[Path]:
    return [path for path in revision_files(folder, False) if looks_like_migration(path)]
