"""The engine: from paths to a Report, one step after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

from mrt_lint.config.settings import COMMAND_LINE, Settings
from mrt_lint.errors import ConfigError, UsageError
from mrt_lint.history import History
from mrt_lint.lint.context import ProjectContext
from mrt_lint.lint.decide import Desk
from mrt_lint.lint.files import Files, Progress
from mrt_lint.lint.finding import Finding
from mrt_lint.lint.policy import Policy, policy
from mrt_lint.lint.registry import Registry
from mrt_lint.lint.report import Report, Suppressed
from mrt_lint.lint.run import Run
from mrt_lint.lint.scope import Scope, projects, scope
from mrt_lint.lint.targets import Targets, candidates, configured, inferred, mentioned
from mrt_lint.lint.verdicts import migration_report
from mrt_lint.lowered import Lowered
from mrt_lint.project import Project
from mrt_lint.replay import judge
from mrt_lint.version import __version__


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
    """Returns the report on the migrations at these paths (none: those of the configuration, or of `cwd`).

    Raises UsageError, ConfigError or PluginError when the run itself is wrong.
    """
    started = now().isoformat(timespec="seconds")
    rules = policy(settings, registry)
    asked = scope(paths, settings, cwd)
    found = projects(asked, settings, registry)
    reports = [_project(project, asked, rules, settings, registry, progress) for project in found]
    report = _joined(reports, started, settings)
    if not report.files and not report.notes:
        report = replace(report, notes=_nothing(asked, found))
    return replace(report, urls={rule.code: rule.url for rule in registry.rules if rule.url})


def _project(
    project: Project, asked: Scope, rules: Policy, settings: Settings, registry: Registry, progress: Progress
) -> Report:
    files = Files(project, registry.frontend(project.framework), registry.meanings)
    files.read()
    lowered, targets = _lowered(files, settings, progress)
    history = History([each.migration for each in lowered if each.migration is not None], project)
    progress("replaying", 0, len(history.order))
    judgements = judge(history, targets.dialects, chosen=targets.known)
    shared = ProjectContext(
        project=project,
        history=history,
        dialects=targets.dialects,
        database_version=_version(settings, targets),
        options=settings.values,
        files=lowered,
        judgements=judgements,
        load=files.source,
    )
    shown = {str(path) for path in asked.shown(project)}
    run = Run(shared, rules, files, shown, progress)
    desk = Desk(rules, asked, files, lowered, shown)
    found = run.findings()
    desk.take([*found, *run.crashed()])
    desk.take_unused(run.unused(desk.unused(run.runner.crashes)))
    crashed = {crash.path for crash in files.crashes}
    reported = [
        each
        for each in lowered
        if each.path in shown and (each.migration or each.problem or each.path in crashed)
    ]

    def displayed(finding: Finding) -> Finding:
        return replace(finding, path=asked.display(Path(finding.path)))

    return Report(
        version=__version__,
        checked_at="",
        findings=tuple(displayed(finding) for finding in desk.kept),
        suppressed=tuple(Suppressed(displayed(finding), comment) for finding, comment in desk.suppressed),
        migrations=tuple(
            migration_report(migration, judgements[migration.id], asked.display(Path(migration.path)))
            for migration in history.order
            if migration.path in shown
        ),
        files=len(reported),
        targets=targets.dialects,
        texts={asked.display(Path(finding.path)): files.lines(finding.path) for finding in desk.kept},
        guessed=() if targets.known or not reported else targets.dialects,
        notes=_notes(project, asked),
        crashes=(*files.crashes, *run.runner.crashes),
    )


def _lowered(files: Files, settings: Settings, progress: Progress) -> tuple[tuple[Lowered, ...], Targets]:
    """Returns the files lowered, and the databases to replay; SQL is read under all of these."""
    targets = configured(settings["database"], files.project)
    if targets is not None:
        return files.lower(targets.dialects, progress), targets
    dialects = candidates(files.contents())
    lowered = files.lower(dialects, progress)
    targets = inferred(lowered, mentioned(files.contents()))
    if not set(targets.dialects) <= set(dialects):
        lowered = files.lower(targets.dialects, progress)
    return lowered, targets


def _version(settings: Settings, targets: Targets) -> tuple[int, ...] | None:
    version: tuple[int, ...] | None = settings["database-version"]
    if version is not None and len(targets.dialects) > 1:
        where = settings.where("database-version")
        text = "a database version says nothing as long as the database is not known; set 'database' too"
        raise (
            UsageError(f"--database-version: {text}")
            if where == COMMAND_LINE
            else ConfigError(f"{where}: 'database-version': {text}")
        )
    return version


def _joined(reports: Sequence[Report], started: str, settings: Settings) -> Report:
    """Returns the reports of all projects as one, sorted; a file of two projects is told of once."""
    findings = {finding for report in reports for finding in report.findings}
    migrations = dict.fromkeys(each for report in reports for each in report.migrations)
    return Report(
        version=__version__,
        checked_at=started,
        findings=tuple(sorted(findings, key=lambda finding: (*finding.sort_key, finding.dialects))),
        suppressed=tuple(dict.fromkeys(each for report in reports for each in report.suppressed)),
        migrations=tuple(migrations),
        files=sum(report.files for report in reports),
        targets=tuple(dict.fromkeys(name for report in reports for name in report.targets)),
        guessed=tuple(dict.fromkeys(name for report in reports for name in report.guessed)),
        texts={path: lines for report in reports for path, lines in report.texts.items()},
        notes=tuple(dict.fromkeys(note for report in reports for note in report.notes)),
        crashes=tuple(crash for report in reports for crash in report.crashes),
        strict=settings["strict"],
    )


def _notes(project: Project, asked: Scope) -> tuple[str, ...]:
    return tuple(f"{asked.display(Path(path))}:{line}: {message}" for path, line, message in project.trouble)


def _nothing(asked: Scope, found: Sequence[Project]) -> tuple[str, ...]:
    """Returns what to say when there is nothing to report on; single files are passed over silently."""
    written = asked.given.values()
    if written and all((asked.cwd / path).is_file() for path in written):
        return ()
    where = ", ".join(path.as_posix() for path in written) or "the current folder"
    if found:
        return (f"No migrations to report on in {where}.",)
    return (f"No migrations found in {where}: no alembic.ini, [tool.alembic] or folder of migrations.",)
