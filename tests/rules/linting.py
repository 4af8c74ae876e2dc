"""Lints one migration and says what the rules in question find."""

from __future__ import annotations

from collections.abc import Mapping

from mrt_lint.lint.plugins import installed
from mrt_lint.lint.registry import build
from mrt_lint.plugin import Finding, migration
from mrt_lint.schema.dialects import Dialect
from mrt_lint.testing import run

REGISTRY = build([plugin for plugin in installed() if plugin.distribution.startswith("mrt-lint ")])


def findings(
    codes: str,
    upgrade: str,
    downgrade: str | None = "pass",
    *,
    given: str | list[str] = (),  # type: ignore[assignment]
    database: Dialect | None = "postgresql",
    version: str | None = None,
    settings: Mapping[str, object] | None = None,
) -> list[Finding]:
    """Returns the findings of rules whose codes are given (words) on the last of these migrations."""
    options = {**(settings or {}), **({"database-version": version} if version else {})}
    example = migration(upgrade, downgrade, given=given, database=database, settings=options)
    wanted = codes.split()
    opt_in = [rule.code for rule in REGISTRY.rules if rule.opt_in and rule.code in wanted]
    own = example.files[-1][0]
    report = run(example, REGISTRY, *opt_in)
    return [finding for finding in report.findings if finding.rule in wanted and finding.path == own]


def found(codes: str, upgrade: str, downgrade: str = "pass", **facts: object) -> list[str]:
    """Returns their codes, in order."""
    return [finding.rule for finding in findings(codes, upgrade, downgrade, **facts)]  # type: ignore[arg-type]
