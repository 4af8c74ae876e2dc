"""What is wrong with one revision, told at length: for the message of a failing test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mrt_dynamic.results import Verified

if TYPE_CHECKING:
    from mrt_lint.lint.migration_file import RiskWarning


def story(verified: Verified, predicted: Sequence[RiskWarning] = ()) -> str:
    """Returns the failures with what to do about them, and the static findings that foretold them."""
    word = verified.verdict.value if verified.verdict else "skipped"
    lines = [f"{verified.revision} is {word} ({verified.file})"]
    for failure in verified.failures:
        lines.append(f"  {failure.kind.value}: {failure.message}")
        if failure.help:
            lines += [f"    help: {failure.help}"]
    lines += [f"  note: {note}" for note in verified.notes]
    lines += [f"  {foretold(each)}" for each in predicted]
    return "\n".join(lines)


def foretold(finding: RiskWarning) -> str:
    """Returns a static finding on a revision that fails, in one sentence."""
    return f"mrt-lint check says so too: {finding.code} {finding.message} ({finding.file}:{finding.line})"
