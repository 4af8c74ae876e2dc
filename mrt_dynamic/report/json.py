"""A verification as JSON; its fields are stable, and `schema.json` beside this file describes them."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from mrt_dynamic.report.counts import outcomes, verdict_counts
from mrt_dynamic.report.evidence import NOTHING, Evidence
from mrt_dynamic.results import Failure, Seeding, Verification, Verified
from mrt_lint.render.style import Style
from mrt_lint.version import __version__


def render(verification: Verification, style: Style | None = None, evidence: Evidence = NOTHING) -> str:
    """Returns the verification as one JSON object, ASCII only."""
    return json.dumps(document(verification), indent=2) + "\n"


def document(verification: Verification) -> dict[str, Any]:
    """Returns the verification as plain JSON values; durations are seconds."""
    tested = verification.revisions
    return {
        "version": __version__,
        "database": verification.database,
        "revisions": [_revision(each) for each in tested],
        "summary": {
            "revisions": len(tested),
            **outcomes(verification)._asdict(),
            "verdicts": verdict_counts(verification),
            "duration_s": round(verification.duration, 3),
        },
        "notes": list(verification.notes),
    }


def schema() -> dict[str, Any]:
    """Returns the JSON Schema of the format."""
    loaded: dict[str, Any] = json.loads((files("mrt_dynamic.report") / "schema.json").read_text("utf-8"))
    return loaded


def _revision(tested: Verified) -> dict[str, Any]:
    return {
        "revision": tested.revision,
        "file": tested.file,
        "verdict": tested.verdict.value if tested.verdict else None,
        "passed": tested.passed,
        "skipped": tested.skipped,
        "skip_reason": tested.skip_reason,
        "duration_s": round(tested.duration, 3),
        "failures": [_failure(failure) for failure in tested.failures],
        "seeding": _seeding(tested.seeding),
        "rows_verified": tested.rows_verified,
        "notes": list(tested.notes),
    }


def _failure(failure: Failure) -> dict[str, Any]:
    return {
        "kind": failure.kind.value,
        "table": failure.table,
        "column": failure.column,
        "message": failure.message,
        "help": failure.help or None,
    }


def _seeding(seeding: Seeding) -> dict[str, Any]:
    return {
        "tables": seeding.tables,
        "seeded": seeding.seeded,
        "unseeded": [{"table": each.table, "reason": each.reason} for each in seeding.unseeded],
    }
