"""Baseline: findings and verdicts that were there when a project began to be linted.

A finding is known by its rule, its revision and what it speaks of, never by its place: lines may move and
code may be reformatted. Equal ones are counted.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any, Final

from mrt_lint.classes import dataclass
from mrt_lint.errors import ConfigError
from mrt_lint.lint.finding import Finding
from mrt_lint.lint.report import MigrationReport, Report
from mrt_lint.verdict import Verdict

FORMAT: Final = 1
"""The version of the file's format."""

EXCUSE: Final = "in the baseline"

_PLACES: Final = re.compile(r"\blines? \d+(?:\s*(?:-|to|and)\s*\d+)?|(?<=\.py):\d+(?::\d+)?")


@dataclass(frozen=True, slots=True, order=True)
class Fingerprint:
    """What a finding is known by. `where`: its revision, or its file when it has none."""

    where: str
    rule: str
    what: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """`findings`: how many of each are known; `verdicts`: by revision."""

    findings: Mapping[Fingerprint, int] = field(default_factory=dict)
    verdicts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Extent:
    """What a run can judge of a baseline.

    `rules`: the codes that apply; `places`: revisions and files, None: all.
    """

    rules: Collection[str]
    places: Collection[str] | None = None

    def covers(self, known: Fingerprint) -> bool:
        """Returns whether the run would have found this, were it still there."""
        return known.rule in self.rules and (self.places is None or known.where in self.places)


def fingerprint(finding: Finding, relative: Callable[[str], str]) -> Fingerprint:
    """Returns what a finding is known by; `relative` makes a shown path one that is the same everywhere."""
    what = finding.subject
    if not what:
        what = finding.message
        for path in finding.related:
            what = what.replace(path, relative(path))
        what = _PLACES.sub("", " ".join(what.split()))
    return Fingerprint(finding.revision or relative(finding.path), finding.rule, what)


def load(path: Path, shown: str) -> Baseline:
    """Returns what a file holds. Raises ConfigError, with what to do, when it is missing or no baseline."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            f"no baseline at {shown}; make it with: mrt-lint check --baseline {shown} --write-baseline"
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise ConfigError(f"{shown} is no baseline that can be read: {reason}{_ANEW}") from None
    try:
        return _read(content)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ConfigError(f"{shown} is no baseline of this version of mrt-lint{_ANEW}") from None


_ANEW: Final = "; delete it and make it anew with --write-baseline"


def _read(content: Any) -> Baseline:
    if content["version"] != FORMAT:
        raise ValueError
    findings = {
        Fingerprint(str(each["where"]), str(each["rule"]), str(each["what"])): int(each["count"])
        for each in content["findings"]
    }
    return Baseline(findings, {str(name): Verdict(word).value for name, word in content["verdicts"].items()})


def dump(baseline: Baseline) -> str:
    """Returns the text of the file: sorted, one entry a line, so that its changes can be read."""
    entries = [
        {"where": key.where, "rule": key.rule, "what": key.what, "count": count}
        for key, count in sorted(baseline.findings.items())
    ]
    verdicts = [
        f"    {json.dumps(name)}: {json.dumps(word)}" for name, word in sorted(baseline.verdicts.items())
    ]
    lines = [f"    {json.dumps(entry)}" for entry in entries]
    return (
        f'{{\n  "version": {FORMAT},\n  "findings": ['
        + _block(lines)
        + '],\n  "verdicts": {'
        + _block(verdicts)
        + "}\n}\n"
    )


def _block(lines: list[str]) -> str:
    return "\n" + ",\n".join(lines) + "\n  " if lines else ""


def recorded(
    report: Report, relative: Callable[[str], str], never: Collection[str], old: Baseline, extent: Extent
) -> Baseline:
    """Returns the baseline that holds this report, and what of the old one the run could not judge.

    `never`: codes that no baseline holds.
    """
    found = Counter(fingerprint(each, relative) for each in report.findings if each.rule not in never)
    kept = {key: count for key, count in old.findings.items() if not extent.covers(key)}
    judged = {each.revision for each in report.migrations}
    verdicts = {
        name: word for name, word in old.verdicts.items() if name not in judged and extent.places is not None
    }
    verdicts |= {
        each.revision: each.verdict.value
        for each in report.migrations
        if each.verdict is not Verdict.REVERSIBLE
    }
    return Baseline({**kept, **found}, verdicts)


def without(
    report: Report, baseline: Baseline, relative: Callable[[str], str], never: Collection[str], extent: Extent
) -> tuple[Report, int]:
    """Returns the report without what the baseline knows, and how many entries are stale.

    Of equal findings as many are known as were counted; the first ones in the file are taken for them.
    """
    left = Counter(baseline.findings)
    kept = []
    for finding in report.findings:
        key = fingerprint(finding, relative)
        if left[key] > 0 and finding.rule not in never:
            left[key] -= 1
        else:
            kept.append(finding)
    stale = sum(count for key, count in left.items() if extent.covers(key))
    return (
        replace(
            report,
            findings=tuple(kept),
            baselined=len(report.findings) - len(kept),
            migrations=_excused(report.migrations, baseline.verdicts),
        ),
        stale,
    )


def _excused(
    migrations: Iterable[MigrationReport], verdicts: Mapping[str, str]
) -> tuple[MigrationReport, ...]:
    """Returns the migrations, those excused whose verdict is no worse than the one recorded."""
    return tuple(
        replace(each, excused=EXCUSE)
        if not each.excused
        and each.revision in verdicts
        and each.verdict.rank >= Verdict(verdicts[each.revision]).rank
        else each
        for each in migrations
    )
