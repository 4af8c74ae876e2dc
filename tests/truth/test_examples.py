"""The examples of the rules about rollback, run for real: what they claim of schema and rows is true."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from mrt_lint.lint.examples import Example
from mrt_lint.lint.plugins import installed
from mrt_lint.lint.registry import build
from mrt_lint.schema.dialects import Dialect
from mrt_lint.testing import run as lint
from tests.backends import need, sqlite_engine
from tests.truth import oracle
from tests.truth.case import Case
from tests.truth.conftest import Server
from tests.truth.filling import fill
from tests.truth.project import env_text

DATABASES = ("sqlite", "postgresql")
REGISTRY = build([plugin for plugin in installed() if plugin.distribution.startswith("mrt-lint ")])

HEALTHY = ("reversible", "fragile")
CANNOT_UPGRADE = ("MRT807",)
"""Rules whose examples are upgrades that fail."""


def _examples() -> list[tuple[str, Example, str]]:
    found = []
    for rule in REGISTRY.rules:
        if rule.group != "rollback" or (rule.frameworks and "alembic" not in rule.frameworks):
            continue
        for kind, examples in (("BAD", rule.BAD), ("GOOD", rule.GOOD)):
            for number, example in enumerate(examples):
                databases = [example.database] if example.database else DATABASES
                found += [
                    (f"{rule.code}.{kind}[{number}] on {database}", example, database)
                    for database in databases
                    if database in DATABASES
                ]
    return found


EXAMPLES = _examples()


def _naming(example: Example) -> dict[str, str]:
    convention = dict(example.settings).get("naming-convention", {})
    return dict(convention) if isinstance(convention, dict) else {}


def _written(example: Example, folder: Path) -> oracle.Project:
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / "migrations" / "env.py").write_text(env_text(_naming(example)))
    for name, text in example.around:
        (folder / name).write_text(text)
    names = []
    for name, text in example.files:
        (versions / name).write_text(text)
        line = next(line for line in text.splitlines() if line.startswith("revision"))
        names.append(line.split('"')[1])
    return oracle.Project(folder / "alembic.ini", names[-2] if len(names) > 1 else "base", names[-1])


def _words(example: Example) -> list[str]:
    """Returns the short words between quotes in the example's own SQL: rows that it looks for."""
    text = "".join(text for _, text in example.files[-example.shown :])
    return sorted(set(re.findall(r"'([^'\n%]{1,12})'", text)))[:6]


@pytest.mark.parametrize(("name", "example", "database"), EXAMPLES, ids=[name for name, _, _ in EXAMPLES])
def test_what_an_example_claims_is_what_happens(
    name: str, example: Example, database: Dialect, tmp_path: Path, server: Server
) -> None:
    need(database)
    for number, (words, nulls) in enumerate(product((_words(example), []), (True, False))):
        place = tmp_path / str(number)
        outcome = _outcome(name, example, database, place, server, lambda c: fill(c, words, nulls))  # noqa: B023
        if outcome.failed not in ("given", "upgrade"):
            break
    assert outcome.failed != "given", outcome.story
    report = lint(replace(example, database=database), REGISTRY)
    last = report.migrations[-1]
    said, codes = last.verdict.value, {finding.rule for finding in report.findings}
    if outcome.verdict == "cannot upgrade":
        bare = len(example.files) == 1
        assert bare or codes & set(CANNOT_UPGRADE), outcome.story
    elif said in HEALTHY:
        assert outcome.verdict == "reversible", f"called {said}; {outcome.story}"
    elif said == "plausible":
        assert outcome.verdict in ("reversible", "lossy"), f"called plausible; {outcome.story}"
    elif said in ("lossy", "broken"):
        assert outcome.verdict in ("lossy", "broken"), f"called {said}: {last.reasons}; {outcome.story}"
    elif said == "irreversible":
        assert outcome.verdict == "irreversible", f"called {said}; {outcome.story}"


def _outcome(
    name: str, example: Example, database: str, place: Path, server: Server, rows: oracle.Fill
) -> oracle.Outcome:
    """Returns what really happens to an example in a database with rows."""
    case = Case(name, "", "", "", truth="")
    folder = place / "project"
    project = _written(example, folder)
    if database != "sqlite":
        engine, reader = server(database)
        return oracle.run(case, database, engine, folder, None, reader, project, rows)
    engine = sqlite_engine(place / "case.db")
    try:
        return oracle.run(case, database, engine, folder, project=project, fill=rows)
    finally:
        engine.dispose()
