"""The findings of `mrt-lint check` on the project that is verified: what was foretold without running it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mrt_lint.errors import MrtError
from mrt_lint.lint.migration_file import RiskWarning

if TYPE_CHECKING:
    from mrt_lint.config.settings import Settings

Predictions = Mapping[str, Sequence[RiskWarning]]
"""Findings by revision."""


def findings(
    where: Path,
    settings: Settings,
    cwd: Path,
    checks: Sequence[Callable[..., Any]] = (),
    severities: Mapping[str, str] | None = None,
) -> list[RiskWarning]:
    """Returns the findings on an alembic.ini or a folder of versions, by file and line.

    `checks`: custom checks besides those of the configuration; `severities`: others than usual, by
    pattern or code. Paths are relative to `cwd`. Raises MrtError.
    """
    from mrt_lint.lint.custom import custom_checks, with_checks
    from mrt_lint.lint.engine import check
    from mrt_lint.lint.plugins import installed
    from mrt_lint.lint.registry import build

    registry = custom_checks(build(installed()), settings)
    if checks:
        named = [(getattr(each, "__name__", "check"), each) for each in checks]
        registry = with_checks(registry, named, "MRTConfig(custom_checks=...)")
    others = severities or {}
    return [
        RiskWarning(
            each.revision or "",
            each.path,
            each.pattern or each.name,
            each.message,
            others.get(each.pattern or each.name, others.get(each.rule, each.severity.value)),
            line=each.span.line,
            code=each.rule,
        )
        for each in check([where], settings, registry, cwd=cwd).findings
    ]


def predictions(find: Callable[[], Sequence[RiskWarning]]) -> Predictions:
    """Returns the errors and warnings among findings by revision; none if the static half cannot be run."""
    found: dict[str, list[RiskWarning]] = {}
    try:
        for each in find():
            if each.severity != "info":
                found.setdefault(each.revision, []).append(each)
    except MrtError:
        return {}
    return found
