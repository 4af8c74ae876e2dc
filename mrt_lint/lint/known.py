"""Sets a report against the baseline: takes out what it knows, or records what is there."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mrt_lint.config.settings import Settings
from mrt_lint.errors import UsageError
from mrt_lint.lint.baseline import Baseline, Extent, dump, load, recorded, without
from mrt_lint.lint.policy import Policy
from mrt_lint.lint.report import Record, Report
from mrt_lint.lint.request import Request
from mrt_lint.lint.scope import Scope, real
from mrt_lint.lint.subjects import Crash


def against_baseline(
    report: Report, settings: Settings, rules: Policy, asked: Scope, request: Request, whole: bool
) -> Report:
    """Returns the report without what the baseline knows; with `write_baseline`, with what to record.

    `whole`: the run reports on all there is, so that what it did not find is gone. Crashes are never
    known: a baseline holds what was found, not what could not be looked for. Raises UsageError or
    ConfigError when there is no baseline.
    """
    path = settings.path("baseline", asked.cwd)
    if path is None:
        if request.write_baseline:
            raise UsageError(
                "--write-baseline needs a file: --baseline mrt-lint-baseline.json,"
                " or the key 'baseline' in the configuration"
            )
        return report
    shown = asked.display(path)
    never = frozenset(rule.code for rule in rules.rules if Crash in rule.on)
    relative = _relative(asked, path.parent)
    places = {each.revision for each in report.migrations} | {
        relative(each.path) for each in report.migrations
    }
    extent = Extent(rules.selected, None if whole else frozenset(places))
    if request.write_baseline:
        old = load(path, shown) if path.exists() else Baseline()
        baseline = recorded(report, relative, never, old, extent)
        return replace(report, record=Record(path, shown, dump(baseline), sum(baseline.findings.values())))
    report, stale = without(report, load(path, shown), relative, never, extent)
    if stale:
        said = "1 entry of the baseline is" if stale == 1 else f"{stale} entries of the baseline are"
        out = "takes it out" if stale == 1 else "takes them out"
        note = f"{said} no longer found ({shown}); --write-baseline {out}."
        report = replace(report, notes=(*report.notes, note))
    return report


def _relative(asked: Scope, folder: Path) -> Callable[[str], str]:
    """Returns how a shown path reads from the baseline's folder, wherever the run is started."""
    start = real(folder)

    def relative(shown: str) -> str:
        path = real(asked.cwd / shown)
        try:
            return Path(os.path.relpath(path, start)).as_posix()
        except ValueError:  # another drive on Windows
            return path.as_posix()

    return relative
