"""Reading: one project read and lowered, before it is replayed and before any rule looks at it."""

from __future__ import annotations

from mrt_lint.classes import dataclass
from mrt_lint.config.settings import Settings
from mrt_lint.history import History
from mrt_lint.lint.files import Files, Progress
from mrt_lint.lint.named_databases import mentioned
from mrt_lint.lint.registry import Registry
from mrt_lint.lint.request import Unsaved
from mrt_lint.lint.targets import Targets, candidates, configured, inferred
from mrt_lint.lowered import Lowered
from mrt_lint.project import Project


@dataclass(frozen=True, slots=True)
class Reading:
    """The files of one project, what became of each, their graph, and the databases to replay it on."""

    files: Files
    lowered: tuple[Lowered, ...]
    targets: Targets
    history: History

    @property
    def project(self) -> Project:
        """Returns the project."""
        return self.files.project


def read(
    project: Project,
    settings: Settings,
    registry: Registry,
    progress: Progress,
    unsaved: Unsaved | None = None,
    jobs: int = 1,
) -> Reading:
    """Returns the project read and lowered; what cannot be read is in the `Lowered`."""
    files = Files(project, registry.frontend(project.framework), registry.meanings, unsaved, jobs)
    files.read()
    lowered, targets = _lowered(files, settings, progress)
    lowered = files.link(lowered, targets.dialects)
    history = History([each.migration for each in lowered if each.migration is not None], project)
    return Reading(files, lowered, targets, history)


def _lowered(files: Files, settings: Settings, progress: Progress) -> tuple[tuple[Lowered, ...], Targets]:
    """Returns the files lowered, and the databases to replay; SQL is read under all of these."""
    targets = configured(settings["database"], files.project)
    if targets is not None:
        return files.lower(targets.dialects, progress), targets
    named = mentioned(files.sources())
    dialects = candidates(named)
    lowered = files.lower(dialects, progress)
    targets = inferred(lowered, named)
    if not set(targets.dialects) <= set(dialects):
        lowered = files.lower(targets.dialects, progress)
    return lowered, targets
