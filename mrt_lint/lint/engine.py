"""The engine: from paths to a Report, one step after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

from mrt_lint.config.settings import COMMAND_LINE, Settings
from mrt_lint.errors import ConfigError, UsageError
from mrt_lint.lint.context import ProjectContext
from mrt_lint.lint.decide import Desk
from mrt_lint.lint.files import Progress
from mrt_lint.lint.finding import Finding
from mrt_lint.lint.known import against_baseline
from mrt_lint.lint.narrow import Narrowed, narrowed
from mrt_lint.lint.policy import Policy, policy
from mrt_lint.lint.reading import Reading, read
from mrt_lint.lint.registry import Registry
from mrt_lint.lint.report import MigrationReport, Report, Skipped, Suppressed
from mrt_lint.lint.request import PLAIN, Request
from mrt_lint.lint.run import Run
from mrt_lint.lint.scope import Scope, projects, scope
from mrt_lint.lint.targets import Targets
from mrt_lint.lint.verdicts import migration_report
from mrt_lint.lowered import Migration
from mrt_lint.project import Project
from mrt_lint.replay import Judgement, judge
from mrt_lint.schema.dialects import Dialect
from mrt_lint.verdict import Verdict
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
    request: Request = PLAIN,
) -> Report:
    """Returns the report on the migrations at these paths (none: those of the configuration, or of `cwd`).

    `registry`: with the custom checks of the settings. Raises UsageError, ConfigError or PluginError when
    the run itself is wrong.
    """
    started = now().isoformat(timespec="seconds")
    rules = policy(settings, registry)
    asked = scope(paths, settings, cwd, paths[0] if request.unsaved else None)
    found = projects(asked, settings, registry)
    readings = [
        read(project, settings, registry, progress, request.unsaved, request.jobs) for project in found
    ]

    def elsewhere() -> bool:
        return len(projects(scope((), settings, settings.root), settings, registry)) > len(found)

    chosen, notes = narrowed(readings, asked, settings, request, elsewhere)
    reports = [
        _linted(reading, one, asked, rules, settings, progress)
        for reading, one in zip(readings, chosen, strict=True)
    ]
    report = _joined(reports, started, settings)
    if not report.files and not _is_about_files(asked):
        _refuse_lost(found, asked)
    if not report.files and not report.notes and not notes:
        notes = _nothing(asked, found)
    narrow = request.since is not None or request.changed is not None
    if narrow:
        notes += _beside(report, chosen, asked)
    report = replace(report, notes=(*report.notes, *notes))
    whole = not (paths or narrow or request.unsaved or settings["min-revision"])
    report = against_baseline(report, settings, rules, asked, request, whole)
    return replace(report, urls={rule.code: rule.url for rule in registry.rules if rule.url})


def _linted(
    reading: Reading, chosen: Narrowed, asked: Scope, rules: Policy, settings: Settings, progress: Progress
) -> Report:
    """Returns the report on one project, before the baseline; replays its history and runs the rules."""
    files, lowered, targets, history = reading.files, reading.lowered, reading.targets, reading.history
    progress("replaying", 0, len(history.order))
    judgements = judge(history, targets.dialects, chosen=targets.known)
    counting = _counting(targets, judgements)
    shared = ProjectContext(
        project=reading.project,
        history=history,
        dialects=counting,
        database_version=_version(settings, targets),
        options=settings.values,
        files=lowered,
        judgements=judgements,
        load=files.source,
    )
    run = Run(shared, rules, files, set(chosen.shown), progress)
    desk = Desk(rules, asked, files, lowered, chosen)
    found = run.findings()
    desk.take([*found, *run.crashed()])
    desk.take_unused(run.unused(desk.unused(run.runner.crashes)))
    crashed = {crash.path for crash in files.crashes}
    reported = [
        each
        for each in lowered
        if each.path in chosen.reported and (each.migration or each.problem or each.path in crashed)
    ]
    display = asked.displays()

    def displayed(finding: Finding) -> Finding:
        related = tuple(display(path) for path in finding.related)
        message = finding.message
        for path, shown in zip(finding.related, related, strict=True):
            message = message.replace(path, shown)
        return replace(finding, path=display(finding.path), message=message, related=related)

    def judged(migration: Migration) -> MigrationReport:
        path = migration.path
        told = migration_report(migration, judgements[migration.id], display(path))
        return replace(told, excused=f"skipped: {chosen.skipped[path]}") if path in chosen.skipped else told

    return Report(
        version=__version__,
        checked_at="",
        findings=tuple(displayed(finding) for finding in desk.kept),
        suppressed=tuple(Suppressed(displayed(finding), comment) for finding, comment in desk.suppressed),
        skipped=tuple(Skipped(displayed(finding), reason) for finding, reason in desk.skipped),
        migrations=tuple(judged(each) for each in history.order if each.path in chosen.reported),
        files=len(reported),
        targets=targets.dialects,
        texts={display(finding.path): files.lines(finding.path) for finding in desk.kept},
        guessed=() if targets.known or not reported else counting,
        notes=_notes(reading.project, asked),
        crashes=(*files.crashes, *run.runner.crashes),
    )


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


def _counting(targets: Targets, judgements: Mapping[str, Judgement]) -> tuple[Dialect, ...]:
    """Returns the targets without those to which the history cannot be applied."""
    counting = {name for judgement in judgements.values() for name in judgement.roundtrips}
    return tuple(name for name in targets.dialects if name in counting or not judgements)


def _joined(reports: Sequence[Report], started: str, settings: Settings) -> Report:
    """Returns the reports of all projects as one, sorted; a file of two projects is told of once."""
    findings = {finding for report in reports for finding in report.findings}
    migrations = dict.fromkeys(each for report in reports for each in report.migrations)
    skipped = {each for report in reports for each in report.skipped}
    return Report(
        version=__version__,
        checked_at=started,
        findings=tuple(sorted(findings, key=lambda finding: (*finding.sort_key, finding.dialects))),
        suppressed=tuple(dict.fromkeys(each for report in reports for each in report.suppressed)),
        skipped=tuple(sorted(skipped, key=lambda each: each.finding.sort_key)),
        migrations=tuple(migrations),
        files=sum(report.files for report in reports),
        targets=tuple(dict.fromkeys(name for report in reports for name in report.targets)),
        guessed=tuple(dict.fromkeys(name for report in reports for name in report.guessed)),
        texts={path: lines for report in reports for path, lines in report.texts.items()},
        notes=tuple(dict.fromkeys(note for report in reports for note in report.notes)),
        crashes=tuple(crash for report in reports for crash in report.crashes),
        strict=settings["strict"],
        fail_on=frozenset(map(Verdict, settings["fail-on"])),
    )


def _notes(project: Project, asked: Scope) -> tuple[str, ...]:
    return tuple(f"{asked.display(Path(path))}:{line}: {message}" for path, line, message in project.trouble)


def _beside(report: Report, chosen: Sequence[Narrowed], asked: Scope) -> tuple[str, ...]:
    """Tells of findings in files that are not reported on themselves."""
    shown = {asked.display(Path(path)) for one in chosen for path in one.shown}
    beside = sum(finding.path not in shown for finding in report.findings)
    if not beside:
        return ()
    said = "1 finding stands" if beside == 1 else f"{beside} findings stand"
    return (f"{said} in other migrations, about the history that these are part of.",)


def _is_about_files(asked: Scope) -> bool:
    written = asked.given.values()
    return bool(asked.unsaved or (written and all((asked.cwd / path).is_file() for path in written)))


def _refuse_lost(found: Sequence[Project], asked: Scope) -> None:
    """Raises ConfigError where a configuration leads nowhere: saying nothing would pass for a clean check."""
    lost = [note for project in found if not project.locations for note in _notes(project, asked)]
    if lost:
        raise ConfigError("; ".join(dict.fromkeys(lost)) + "; so there is nothing to check")


def _nothing(asked: Scope, found: Sequence[Project]) -> tuple[str, ...]:
    """Returns what to say when there is nothing to report on; single files are passed over silently."""
    if _is_about_files(asked):
        return ()
    where = ", ".join(path.as_posix() for path in asked.given.values()) or "the current folder"
    if found:
        return (f"No migrations to report on in {where}.",)
    return (f"No migrations found in {where}: no alembic.ini, [tool.alembic] or folder of migrations.",)
