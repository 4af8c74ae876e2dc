"""Files of a project: read, and lowered by their frontend; what raises there becomes a Crash."""

from __future__ import annotations

import ast
import os
import traceback
from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.errors import SourceError
from mrt_lint.lint.halves import LEAST, in_two, parted
from mrt_lint.lint.meanings import Reach
from mrt_lint.lint.plugins import one_line
from mrt_lint.lint.subjects import Crash
from mrt_lint.lowered import Lowered, Problem
from mrt_lint.ops.span import Span
from mrt_lint.source.source import Source

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Meaning
    from mrt_lint.frontend import Frontend
    from mrt_lint.lint.request import Unsaved
    from mrt_lint.project import Project
    from mrt_lint.schema.dialects import Dialect

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


@dataclass(slots=True)
class Files:
    """The files of one project, each read once; `unsaved` stands in for the one it names.

    `jobs`: how many processes may lower them.
    """

    project: Project
    frontend: Frontend
    meanings: Mapping[str, Meaning]
    unsaved: Unsaved | None = None
    jobs: int = 1
    crashes: list[Crash] = field(default_factory=list)
    _sources: dict[Path, Source] = field(default_factory=dict)
    _unread: dict[Path, Lowered] = field(default_factory=dict)
    _helpers: set[str] = field(default_factory=set)
    _reach: Reach = field(init=False)

    def __post_init__(self) -> None:
        """Begins with the meanings of what no file needs to name."""
        self._reach = Reach(self.meanings)

    def read(self) -> None:
        """Reads every file; one that cannot be read is a file with a problem."""
        for path in self.project.files:
            try:
                self._sources[path] = self._read(path)
            except SourceError as error:
                span = Span(error.line, error.column, error.line, error.column + 1)
                self._unread[path] = Lowered(str(path), "", problem=Problem(error.reason, span))
        for source in self.sources():
            self._reach.see(source.data)

    def _read(self, path: Path) -> Source:
        if self.unsaved is not None and Path(os.path.realpath(path)) == self.unsaved.path:
            return Source(path, self.unsaved.data)
        return Source.read(path)

    def sources(self) -> list[Source]:
        """Returns every file that could be read."""
        return list(self._sources.values())

    def lower(self, dialects: tuple[Dialect, ...], progress: Progress) -> tuple[Lowered, ...]:
        """Returns every file lowered, in the project's order; SQL is read under these databases."""
        self.crashes.clear()
        paths = self.project.files

        def work(place: int) -> tuple[Lowered, tuple[Crash, ...]]:
            before = len(self.crashes)
            lowered = self.lower_one(paths[place], dialects)
            return lowered, tuple(self.crashes[before:])

        def step(done: int) -> None:
            progress("reading", done, len(paths))

        if self.jobs > 1 and len(paths) >= LEAST:
            theirs = parted([getattr(self._sources.get(path), "data", b"") for path in paths])
            found = in_two(work, len(paths), theirs, step)
            self.crashes[:] = [crash for _, crashes in found for crash in crashes]
            return tuple(lowered for lowered, _ in found)
        made = []
        for place in range(len(paths)):
            made.append(work(place)[0])
            step(place + 1)
        return tuple(made)

    def lower_one(self, path: Path, dialects: tuple[Dialect, ...]) -> Lowered:
        """Returns one of the project's files lowered; what raises there becomes a Crash."""
        if path in self._unread:
            return self._unread[path]
        source = self._sources[path]
        try:
            return self._lowered(source, dialects)
        except Exception as error:  # noqa: BLE001 - one file's crash must not end the run
            self.crashes.append(
                Crash(
                    path=str(path),
                    what=f"frontend {self.frontend.name}",
                    error=one_line(error),
                    traceback="".join(traceback.format_exception(error)),
                )
            )
            return Lowered(str(path), source.digest)

    def _lowered(self, source: Source, dialects: tuple[Dialect, ...]) -> Lowered:
        """Returns what the frontend makes of a file, once more where a module that it read names more."""
        while True:
            meanings = self._reach.table
            lowered = self.frontend.lower(source, self.project, dialects=dialects, meanings=meanings)
            if not self._led_further(lowered.helpers):
                return lowered

    def _led_further(self, helpers: tuple[tuple[str, str], ...]) -> bool:
        """Returns whether modules of the project that were read name packages that nothing did before."""
        further = False
        for path, _ in helpers:
            if path not in self._helpers:
                self._helpers.add(path)
                further = self._reach.see(Path(path).read_bytes()) or further
        return further

    def link(self, lowered: tuple[Lowered, ...], dialects: tuple[Dialect, ...]) -> tuple[Lowered, ...]:
        """Returns the lowered files after the frontend saw them all, if it wants to."""
        from mrt_lint.frontend import LinkingFrontend

        if not isinstance(self.frontend, LinkingFrontend) or not lowered:
            return lowered
        try:
            return self.frontend.link(lowered, self.project, dialects)
        except Exception as error:  # noqa: BLE001 - one project's crash must not end the run
            where = traceback.format_exception(error)
            what = f"frontend {self.frontend.name}"
            self.crashes += [Crash(each.path, what, one_line(error), "".join(where)) for each in lowered[:1]]
            return tuple(Lowered(each.path, each.digest) for each in lowered)

    def source(self, path: str) -> Source:
        """Returns the source of a file by its path. Raises KeyError if it could not be read."""
        return self._sources[Path(path)]

    def lines(self, path: str) -> tuple[str, ...]:
        """Returns the lines of a file, none if it could not be read."""
        source = self._sources.get(Path(path))
        return tuple(source.lines) if source is not None else ()

    def tree(self, path: str) -> ast.Module | None:
        """Returns the syntax tree of a file, None if it has none."""
        source = self._sources.get(Path(path))
        try:
            return source.ast if source is not None else None
        except SourceError:
            return None
