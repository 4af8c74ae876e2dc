"""The JSON format; its fields are stable, and `schema.json` beside this file describes them."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from mrt_lint.lint.finding import Finding, Severity
from mrt_lint.lint.report import MigrationReport, Report
from mrt_lint.render.style import Style
from mrt_lint.render.wording import notes, told


def render(report: Report, style: Style) -> str:
    """Returns the report as one JSON object, ASCII only."""
    return json.dumps(document(report), indent=2) + "\n"


def document(report: Report) -> dict[str, Any]:
    """Returns the report as plain JSON values."""
    return {
        "version": report.version,
        "checked_at": report.checked_at,
        "summary": {
            "files": report.files,
            "total_issues": len(report.findings),
            "errors": report.count(Severity.ERROR),
            "warnings": report.count(Severity.WARNING),
            "infos": report.count(Severity.INFO),
        },
        "findings": [_finding(finding, report) for finding in report.findings],
        "skipped": [
            {**_finding(skipped.finding, report), "reason": skipped.reason} for skipped in report.skipped
        ],
        "migrations": [_migration(migration) for migration in report.migrations],
        "notes": notes(report),
    }


def schema() -> dict[str, Any]:
    """Returns the JSON Schema of the format."""
    loaded: dict[str, Any] = json.loads((files("mrt_lint.render") / "schema.json").read_text("utf-8"))
    return loaded


def _finding(finding: Finding, report: Report) -> dict[str, Any]:
    return {
        "file": finding.path,
        "line": finding.span.line,
        "column": finding.span.column,
        "end_line": finding.span.end_line,
        "end_column": finding.span.end_column,
        "rule": finding.rule,
        "name": finding.name,
        "pattern": finding.pattern or finding.name,
        "severity": finding.severity.value,
        "revision": finding.revision or None,
        "message": told(finding),
        "help": finding.help or None,
        "url": report.urls.get(finding.rule) or None,
    }


def _migration(migration: MigrationReport) -> dict[str, Any]:
    return {
        "revision": migration.revision,
        "file": migration.path,
        "verdict": migration.verdict.value,
        "losses": [
            {"table": loss.table, "column": loss.column, "reason": loss.reason, "line": loss.line}
            for loss in migration.losses
        ],
        "unknown": [{"line": doubt.line, "reason": doubt.reason} for doubt in migration.unknown],
    }
