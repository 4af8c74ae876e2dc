"""The engine: from paths to a Report, one step after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from mrt_lint.config.settings import Settings
from mrt_lint.errors import ConfigError
from mrt_lint.history import History
from mrt_lint.lint.decide import Decision, Policy, decided, policy
from mrt_lint.lint.files import Files, Progress
from mrt_lint.lint.finding import Finding
from mrt_lint.lint.report import Report, Suppressed
from mrt_lint.lint.run import findings_of
from mrt_lint.lint.scope import Scope, projects, scope
from mrt_lint.lint.subjects import Crash
from mrt_lint.lint.targets import Targets, candidates, configured, inferred
from mrt_lint.lint.verdicts import migration_report
from mrt_lint.lowered import Lowered
from mrt_lint.replay import judge
from mrt_lint.version import __version__

if TYPE_CHECKING:
    from mrt_lint.lint.registry import Registry
    from mrt_lint.project import Project


def silent(what: str, done: int, total: int) -> None:
    """Shows no progress."""


def check(
    paths: Sequence[Path],
    settings: Settings,
    registry: Registry,
    *,
    cwd: Path | None = None,
    progress: Progress = silent,
    now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
) -> Report:
    """Returns the report on the migrations at these paths (none: those of the configuration or of `cwd`).

    Raises UsageError, ConfigError or PluginError when the run itself is wrong.
    """
    started = now()
    rules = policy(settings, registry)
    asked = scope(paths, settings, cwd)
    parts = [
        _project(project, asked, rules, settings, registry, progress)
        for project in projects(asked, settings, registry)
    ]
    return _joined(parts, asked, settings, registry, started)


def _project(
    project: Project,
    asked: Scope,
    rules: Policy,
    settings: Settings,
    registry: Registry,
    progress: Progress,
) -> Report:
    frontend = next(each for each in registry.frontends if each.name == project.framework)
    files = Files(project, frontend, registry.meanings)
    files.read()
    lowered, targets = _lowered(files, settings, progress)
    _check_version(settings, targets)
    history = History([each.migration for each in lowered if each.migration is not None], project)
    progress("replaying", 0, len(history.order))
    judgements = judge(history, targets.dialects, chosen=targets.known)
    shown = {each.path for each in lowered if asked.shows(Path(each.path), project)}
    found = findings_of(
        project=project,
        history=history,
        lowered=lowered,
        judgements=judgements,
        targets=targets,
        files=files,
        rules=rules,
        settings=settings,
        shown=shown,
        progress=progress,
    )
    decision = decided(found, lowered, files, rules, asked, shown)
    display = {each.path: asked.display(Path(each.path)) for each in lowered}
    kept = [_displayed(finding, display) for finding in decision.kept]
    reported = [each for each in lowered if each.path in shown and _counts(each, found.crashes)]
    return Report(
        version=__version__,
        checked_at="",
        findings=tuple(kept),
        suppressed=tuple(
            Suppressed(_displayed(finding, display), comment) for finding, comment in decision.suppressed
        ),
        migrations=tuple(
            migration_report(each.migration, judgements[each.migration.id], display[each.path])
            for each in reported
            if each.migration is not None and each.migration.id in judgements
        ),
        files=len(reported),
        targets=targets.dialects,
        texts={display[path]: files.lines(path) for path in {finding.path for finding in decision.kept}},
        notes=_notes(project, targets, reported),
        crashes=tuple(found.crashes),
    )
