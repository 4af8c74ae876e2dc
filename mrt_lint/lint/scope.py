"""Scope: which projects a run reads, which of their files it reports on, and under which path."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

from mrt_lint.classes import dataclass
from mrt_lint.config.settings import Settings
from mrt_lint.errors import PluginError, UsageError
from mrt_lint.lint.globs import matches
from mrt_lint.lint.plugins import one_line
from mrt_lint.lint.registry import Registry
from mrt_lint.project import Project


@dataclass(frozen=True, slots=True)
class Scope:
    """The paths that were asked for. `given`: real path to the path as the user wrote it.

    Empty: everything that is found counts. `root`: the folder to which globs are relative.
    `unsaved`: the given file (its real path) whose text does not come from the disk.
    """

    cwd: Path
    root: Path
    given: Mapping[Path, Path]
    exclude: tuple[str, ...] = ()
    unsaved: Path | None = None

    def shown(self, project: Project) -> frozenset[Path]:
        """Returns the files of the project whose findings are reported."""
        marks = [project.root] if project.config_file is None else [project.root, project.config_file]
        whole = not self.given or any(self._asked(real(mark)) is not None for mark in marks)
        return frozenset(
            path
            for path in project.files
            if (whole or self._asked(real(path)) is not None)
            and not any(matches(self.relative(path), glob) for glob in self.exclude)
        )

    def _asked(self, path: Path) -> Path | None:
        """Returns the given path that a real path is or lies in, the nearest of several."""
        if len(self.given) <= _FEW and not _EXACT:
            text = f"{path}{os.sep}"
            around = (place for place in self.given if text.startswith(str(place).rstrip(os.sep) + os.sep))
            return max(around, key=lambda place: len(str(place)), default=None)
        return next((place for place in (path, *path.parents) if place in self.given), None)

    def display(self, path: Path) -> str:
        """Returns the path as the user gave it, else relative to the current folder, with `/`."""
        found = real(path)
        if (asked := self._asked(found)) is not None:
            return (self.given[asked] / found.relative_to(asked)).as_posix()
        for start in (self.cwd, real(self.cwd)):
            for candidate in (path.absolute(), found):
                if start in candidate.parents:
                    return candidate.relative_to(start).as_posix()
        return path.as_posix()

    def displays(self) -> Callable[[str], str]:
        """Returns `display` for the paths of many files: what it says of a folder is asked once."""
        given = {str(path) for path in self.given}

        @cache
        def of_folder(folder: str) -> tuple[str, str]:
            """Returns what is shown before the names of its files, and the folder with links followed."""
            return self.display(Path(folder, "_")).removesuffix("_"), os.path.realpath(folder)

        @cache
        def displayed(path: str) -> str:
            folder, name = os.path.split(path)
            if _EXACT or not folder or os.path.islink(path):  # noqa: PTH114 - called for every file
                return self.display(Path(path))
            shown, place = of_folder(folder)
            if f"{place.rstrip(os.sep)}{os.sep}{name}" in given:
                return self.display(Path(path))
            return shown + name

        return displayed

    def relative(self, path: Path) -> str:
        """Returns the path relative to the configuration's folder, for globs."""
        for candidate, root in ((path.absolute(), self.root), (real(path), real(self.root))):
            if root in candidate.parents:
                return candidate.relative_to(root).as_posix()
        return path.absolute().as_posix().lstrip("/")


_FEW: Final = 4
"""Given paths up to which each is compared, instead of looking up all folders above a path."""

_EXACT: Final = os.name == "nt"
"""Whether paths are other paths in other letters, and every part of one has to be looked at."""

_folders: dict[str, str] = {}
"""Folders with links followed, by their absolute paths, for one run: most files share theirs."""


def real(path: Path) -> Path:
    """Returns the path with links followed, whether or not it exists."""
    folder, name = os.path.split(path)
    if _EXACT or not folder.startswith(os.sep) or name in ("", ".", ".."):
        return Path(os.path.realpath(path))
    if folder not in _folders:
        _folders[folder] = os.path.realpath(folder)
    found = os.path.join(_folders[folder], name)  # noqa: PTH118 - called for every file, some times
    return Path(os.path.realpath(found) if os.path.islink(found) else found)  # noqa: PTH114


def scope(
    paths: Sequence[Path], settings: Settings, cwd: Path | None = None, unsaved: Path | None = None
) -> Scope:
    """Returns the scope of a run. Raises UsageError when a path is missing.

    `paths`: from the command line, relative to `cwd`; empty: those of the configuration, else
    the current folder. `unsaved`: the one file to report on instead, which need not exist.
    """
    _folders.clear()
    here = cwd or Path.cwd()
    if unsaved is not None:
        return Scope(
            here, settings.root, {real(here / unsaved): unsaved}, settings["exclude"], real(here / unsaved)
        )
    where = ""
    written = list(paths)
    if not written and settings["paths"]:
        where = f"{settings.where('paths')}: 'paths': "
        written = [_tidy(settings.root / path, here) for path in settings["paths"]]
    given: dict[Path, Path] = {}
    for path in written:
        if not (here / path).exists():
            raise UsageError(f"{where}no such file or folder: {path.as_posix()}")
        given.setdefault(real(here / path), path)
    return Scope(here, settings.root, given, settings["exclude"])


def _tidy(path: Path, cwd: Path) -> Path:
    return path.relative_to(cwd) if cwd in path.parents else path


def projects(scope: Scope, settings: Settings, registry: Registry) -> list[Project]:
    """Returns every project in scope, each once, in a fixed order, with the configuration applied."""
    paths = [scope.cwd / written for written in scope.given.values()] or [scope.cwd]
    found = _discovered(paths, registry)
    if scope.unsaved is not None and not any(_holds(project, scope.unsaved) for project in found):
        found = _with(scope.unsaved, _discovered([scope.unsaved.parent], registry))
    for project in found:
        registry.frontend(project.framework)
    unique: dict[object, Project] = {}
    for project in found if len(found) > 1 else ():
        key = (project.framework, real(project.root), tuple(map(real, project.files)), project.section)
        unique.setdefault(key, project)
    return [
        _configured(project, settings)
        for project in sorted(
            unique.values() or found, key=lambda one: (str(one.root), one.framework, one.section)
        )
    ]


def _discovered(paths: Sequence[Path], registry: Registry) -> list[Project]:
    found: list[Project] = []
    for frontend in registry.frontends:
        found += _asked(frontend.discover, paths, f"frontend {frontend.name!r}")
    for discoverer in registry.discoverers:
        found += discoverer(paths)
    return found


def _holds(project: Project, file: Path) -> bool:
    return any(real(path) == file for path in project.files)


def _with(file: Path, found: Iterable[Project]) -> list[Project]:
    """Returns the projects that a file not yet on disk would belong to, with this file."""
    grown = []
    for project in found:
        folders = (*project.locations, *(path.parent for path in project.files))
        home = next((folder for folder in folders if real(folder) == file.parent), None)
        if home is not None and file.suffix == ".py" and not _holds(project, file):
            grown.append(replace(project, files=tuple(sorted((*project.files, home / file.name)))))
    return grown


def _asked(
    discover: Callable[[Sequence[Path]], Iterable[Project]], paths: Sequence[Path], who: str
) -> list[Project]:
    try:
        return list(discover(paths))
    except Exception as error:
        raise PluginError(f"{who} failed to look for projects: {one_line(error)}") from error


def _configured(project: Project, settings: Settings) -> Project:
    if settings["naming-convention"]:
        project = replace(project, naming_convention=settings["naming-convention"], naming_known=True)
    if settings["transaction-per-migration"] is not None:
        project = replace(project, transaction_per_migration=settings["transaction-per-migration"])
    return project
