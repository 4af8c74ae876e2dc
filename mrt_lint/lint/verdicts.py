"""The verdict on a migration as the report tells it: sentences and places instead of operations."""

from __future__ import annotations

from mrt_lint.lint.report import Doubt, Loss, MigrationReport
from mrt_lint.lowered import Migration
from mrt_lint.replay import Judgement
from mrt_lint.roundtrip import Reason


def migration_report(migration: Migration, judgement: Judgement, path: str) -> MigrationReport:
    """Returns the verdict with its reasons; `path` as users see it."""
    return MigrationReport(
        revision=migration.id,
        path=path,
        verdict=judgement.verdict,
        reasons=tuple(dict.fromkeys(_sentence(reason, migration) for reason in judgement.reasons)),
        losses=tuple(
            dict.fromkeys(
                Loss(
                    table=str(reason.table) if reason.table is not None else reason.part or "",
                    column=reason.part if reason.kind == "column" else None,
                    reason=reason.message,
                    line=_line(reason, migration),
                )
                for reason in judgement.losses
            )
        ),
        unknown=tuple(
            dict.fromkeys(Doubt(_line(reason, migration), reason.message) for reason in judgement.unknown)
        ),
        title=migration.title,
    )


def _line(reason: Reason, migration: Migration) -> int:
    operation = reason.cause or reason.reverse
    return operation.span.line if operation is not None else migration.identity.line


def _sentence(reason: Reason, migration: Migration) -> str:
    if reason.cause is None and reason.reverse is None:
        return reason.message
    return f"{reason.message} (line {_line(reason, migration)})"
