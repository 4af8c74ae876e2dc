"""What is wrong with one revision, told at length: for the message of a failing test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mrt_dynamic.report.evidence import NOTHING, Evidence
from mrt_dynamic.results import Verified
from mrt_lint.verdict import Verdict

if TYPE_CHECKING:
    from mrt_lint.lint.migration_file import RiskWarning

DECLARED = "declares that it cannot be taken back"


def story(verified: Verified, evidence: Evidence = NOTHING) -> str:
    """Returns the failures with what to do about them, and the static findings that foretold them."""
    return "\n".join(
        (f"{verified.revision} is {word(verified)} ({verified.file})", *_lines(verified, evidence))
    )


def word(verified: Verified) -> str:
    """Returns the verdict in a word."""
    return verified.verdict.value if verified.verdict else "skipped"


def refuses(verified: Verified) -> bool:
    """Returns whether it does nothing but refuse to be taken back."""
    return verified.verdict is Verdict.IRREVERSIBLE and not verified.failures


def _lines(verified: Verified, evidence: Evidence) -> Iterator[str]:
    if refuses(verified):
        yield f"  {DECLARED}"
    for failure in verified.failures:
        yield f"  {failure.kind.value}: {failure.message}"
        for place in evidence.of(verified.revision, failure):
            yield f"    {place}"
        if failure.help:
            yield f"    help: {failure.help}"
    for note in verified.notes:
        yield f"  note: {note}"
    for finding in evidence.predicted.get(verified.revision, ()):
        yield f"  {foretold(finding)}"
        if source := evidence.unshown(verified, finding.line):
            yield f"    {source}"


def foretold(finding: RiskWarning) -> str:
    """Returns a static finding on a revision that fails, in one sentence."""
    return f"mrt-lint check says so too: {finding.code} {finding.message} ({finding.file}:{finding.line})"
