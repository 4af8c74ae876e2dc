"""For the tests of rules, ours and third parties': runs examples through the whole engine."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from mrt_lint.config.settings import settings
from mrt_lint.lint.engine import check
from mrt_lint.lint.examples import Example
from mrt_lint.lint.plugins import installed
from mrt_lint.lint.registry import Registry, build
from mrt_lint.lint.report import Report
from mrt_lint.lint.rule import Rule


def run(example: Example, registry: Registry | None = None, *extra: str) -> Report:
    """Returns the report on an example, written to a project of its own that is gone afterwards.

    `registry`: default, everything installed. `extra`: selectors to apply besides the usual rules.
    Paths in the report are the names of the example's files.
    """
    registry = registry or build(installed())
    given = dict(example.settings)
    given["database"] = example.database
    if extra:
        given["extend-select"] = [*extra]
    with tempfile.TemporaryDirectory() as name:
        root = Path(name).resolve()
        folder = root / example.folder
        folder.mkdir(parents=True)
        for file, text in example.around:
            (root / file).write_text(text, encoding="utf-8")
        for file, text in example.files:
            (folder / file).write_text(text, encoding="utf-8")
        return check([], settings(None, given, registry.options, folder), registry, cwd=folder)


def problems(rule: Rule | type[Rule], registry: Registry | None = None) -> Iterator[str]:
    """Yields every way in which a rule's examples do not turn out as they say; none: all is well.

    An example says what is expected of all rules together: every marker is found where it stands,
    and nothing else is.
    """
    for kind, examples in (("BAD", rule.BAD), ("GOOD", rule.GOOD)):
        for number, example in enumerate(examples):
            where = f"{rule.code}.{kind}[{number}]"
            own = any(code == rule.code for _, _, code in example.expected())
            if own is not (kind == "BAD"):
                yield f"{where}: {'has no marker' if kind == 'BAD' else 'has a marker'} of {rule.code}"
            yield from (f"{where}: {text}" for text in differences(example, rule, registry))


def differences(example: Example, rule: Rule | type[Rule], registry: Registry | None = None) -> Iterator[str]:
    """Yields each finding that an example expects and does not get, or gets and does not expect."""
    report = run(example, registry, *((rule.code,) if rule.opt_in else ()))
    shown = {name for name, _ in example.files[-example.shown :]}
    expected = example.expected()
    for finding in report.findings:
        if finding.path not in shown:
            continue
        place = (finding.path, finding.span.line, finding.rule)
        if place in expected:
            expected.remove(place)
        else:
            yield f"not expected: {finding.path}:{finding.span.line}: {finding.rule} {finding.message}"
    for path, line, code in expected:
        yield f"not found: {path}:{line}: {code}"
