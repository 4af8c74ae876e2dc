"""The contract of a frontend: what a framework package gives to the engine through `mrt_frontends`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from mrt_lint.lowered import Lowered
from mrt_lint.project import Project
from mrt_lint.schema.dialects import Dialect

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Meaning
    from mrt_lint.source.source import Source


class Frontend(Protocol):
    """Finds the projects of one framework and lowers their files."""

    name: str

    def discover(self, paths: Sequence[Path]) -> Iterable[Project]:
        """Yields every project found at or around these paths (files, folders, ini files).

        For a single file or a folder of versions: the whole project it belongs to, found upwards;
        a folder without configuration that holds migrations is a project of its own.
        """

    def lower(
        self,
        source: Source,
        project: Project,
        *,
        dialects: tuple[Dialect, ...],
        meanings: Mapping[str, Meaning],
    ) -> Lowered:
        """Returns the file as operations. Never raises on any input: trouble is in `Lowered.problem`.

        `dialects`: under which databases SQL text is read. `meanings`: of every installed plugin.
        """


@runtime_checkable
class LinkingFrontend(Frontend, Protocol):
    """A frontend whose migrations only make sense together (Django's name models, not tables)."""

    def link(
        self, lowered: tuple[Lowered, ...], project: Project, dialects: tuple[Dialect, ...]
    ) -> tuple[Lowered, ...]:
        """Returns all files of a project, lowered, with the operations they come to on these databases."""
