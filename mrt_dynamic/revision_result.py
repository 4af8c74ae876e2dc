"""`RevisionResult`: what the fixture `mrt` returns for one revision."""

from __future__ import annotations

from dataclasses import dataclass

from mrt_dynamic.results import Failure, Verified
from mrt_lint.verdict import Verdict


class FailureText(str):
    """The message of one failure, as text; `kind`, `table`, `column` and `help` tell it apart."""

    kind: str
    table: str | None
    column: str | None
    help: str

    @classmethod
    def of(cls, failure: Failure) -> FailureText:
        """Returns the text of a failure."""
        text = cls(f"{failure.kind.value}: {failure.message}")
        text.kind, text.table, text.column = failure.kind.value, failure.table, failure.column
        text.help = failure.help
        return text


@dataclass(frozen=True, slots=True)
class RevisionResult:
    """What came of one revision. `risk_score`: 25 for each failure, at most 100."""

    revision: str
    passed: bool
    skipped: bool
    skip_reason: str | None
    failures: list[FailureText]
    verdict: Verdict | None = None

    @classmethod
    def of(cls, verified: Verified) -> RevisionResult:
        """Returns the result of a revision that was verified."""
        texts = [FailureText.of(failure) for failure in verified.failures]
        return cls(
            verified.revision,
            verified.passed,
            verified.skipped,
            verified.skip_reason,
            texts,
            verified.verdict,
        )

    @property
    def risk_score(self) -> int:
        """Returns 25 for each failure, at most 100."""
        return min(100, 25 * len(self.failures))

    def failure_summary(self) -> str:
        """Returns the failures, a line each."""
        return "\n".join(f"  - {failure}" for failure in self.failures)
