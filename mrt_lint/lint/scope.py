"""Scope: which projects a run reads, which of their files it reports on, and under which path."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mrt_lint.config.settings import Settings
from mrt_lint.errors import PluginError, UsageError
from mrt_lint.lint.globs import matches
from mrt_lint.lint.plugins import one_line
from mrt_lint.lint.registry import Registry
from mrt_lint.project import Project


@dataclass(frozen=True, slots=True)
class Scope:
    """The paths that were asked for. `given`: as the user wrote them, with their real path.

    `whole`: nothing was given, so everything that is found counts.
    """

    cwd: Path
    root: Path
    given: tuple[tuple[Path, Path], ...]
    exclude: tuple[str, ...] = ()
    whole: bool = False

    def shows(self, path: Path, project: Project) -> bool:
        """Returns whether findings on a file of the project are reported."""
        if any(matches(self.relative(path), glob) for glob in self.exclude):
            return False
        if self.whole:
            return True
        real = _real(path)
        return any(
            real == asked or asked in real.parents or self._asks_for(asked, project)
            for _, asked in self.given
        )

    def _asks_for(self, asked: Path, project: Project) -> bool:
        """Returns whether a given path means the whole project: its ini file, or a folder around it."""
        marks = [project.root] if project.config_file is None else [project.root, project.config_file]
        return any(asked == real or asked in real.parents for real in map(_real, marks))

    def display(self, path: Path) -> str:
        """Returns the path as the user gave it, else relative to the current folder, with `/`."""
        real = _real(path)
        for written, asked in self.given:
            if real == asked:
                return written.as_posix()
            if asked in real.parents:
                return (written / real.relative_to(asked)).as_posix()
        for start in (self.cwd, _real(self.cwd)):
            for candidate in (path.absolute(), real):
                if start in candidate.parents:
                    return candidate.relative_to(start).as_posix()
        return path.as_posix()

    def relative(self, path: Path) -> str:
        """Returns the path relative to the configuration's folder, for globs."""
        for candidate, root in ((path.absolute(), self.root), (_real(path), _real(self.root))):
            if root in candidate.parents:
                return candidate.relative_to(root).as_posix()
        return path.absolute().as_posix().lstrip("/")


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def scope(paths: Sequence[Path], settings: Settings, cwd: Path | None = None) -> Scope:
    """Returns the scope of a run. Raises UsageError when a path is missing.

    `paths`: from the command line, relative to `cwd`; empty: those of the configuration, else
    the current folder.
    """
    here = cwd or Path.cwd()
    where = ""
    written = list(paths)
    if not written and settings["paths"]:
        where = f"{settings.where('paths')}: 'paths': "
        written = [_tidy(settings.root / path, here) for path in settings["paths"]]
    given = []
    for path in written:
        if not os.path.lexists(here / path):
            raise UsageError(f"{where}no such file or folder: {path.as_posix()}")
        given.append((path, _real(here / path)))
    return Scope(here, settings.root, tuple(given), settings["exclude"], whole=not given)


def _tidy(path: Path, cwd: Path) -> Path:
    return path.relative_to(cwd) if cwd in path.parents else path


def projects(scope: Scope, settings: Settings, registry: Registry) -> list[Project]:
    """Returns every project in scope, each once, in a fixed order, with the configuration applied."""
    paths = [scope.cwd / written for written, _ in scope.given] or [scope.cwd]
    found: list[Project] = []
    for frontend in registry.frontends:
        found += _asked(lambda: frontend.discover(paths), f"frontend {frontend.name!r}")  # noqa: B023
    for discoverer in registry.discoverers:
        found += discoverer(paths)
    unique: dict[object, Project] = {}
    for project in found:
        registry.frontend(project.framework)
        key = (project.framework, _real(project.root), tuple(map(_real, project.files)), project.section)
        unique.setdefault(key, project)
    return [
        _configured(project, settings)
        for project in sorted(unique.values(), key=lambda one: (str(one.root), one.framework, one.section))
    ]


def _asked(discover: object, who: str) -> Iterable[Project]:
    try:
        return list(discover())  # type: ignore[operator]
    except Exception as error:
        raise PluginError(f"{who} failed to look for projects: {one_line(error)}") from error


def _configured(project: Project, settings: Settings) -> Project:
    if settings["naming-convention"]:
        project = replace(project, naming_convention=settings["naming-convention"])
    if settings["transaction-per-migration"] is not None:
        project = replace(project, transaction_per_migration=settings["transaction-per-migration"])
    return project
