"""A verification for people: a line for each revision, what is wrong below it, then the counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mrt_dynamic.report.counts import summary, verdicts
from mrt_dynamic.report.evidence import NOTHING, Evidence, Place
from mrt_dynamic.report.story import DECLARED, foretold, refuses, word
from mrt_dynamic.results import Failure, Verification, Verified
from mrt_lint.render.style import Style
from mrt_lint.render.text import Line, cells, joined, printable, wrapped
from mrt_lint.render.verdicts import LOOKS

EMPTY: Line = ()


def render(verification: Verification, style: Style, evidence: Evidence = NOTHING) -> str:
    """Returns the whole report as text of at most `style.width` columns (paths may be longer).

    `evidence`: shown with the revisions that fail.
    """
    return joined(_lines(verification, style, evidence), style)


def _lines(verification: Verification, style: Style, evidence: Evidence) -> Iterator[Line]:
    revisions = max((cells(printable(each.revision)) for each in verification.revisions), default=0)
    words = max((len(word(each)) for each in verification.revisions), default=0)
    for tested in verification.revisions:
        yield _head(tested, revisions, words)
        yield from _details(tested, style, evidence)
        for each in evidence.predicted.get(tested.revision, ()) if not tested.passed else ():
            yield from _block(foretold(each), style)
    if verification.revisions:
        yield EMPTY
    for note in verification.notes:
        for text in wrapped(note, style.width):
            yield ((text, ""),)
    yield ((printable(summary(verification)), "strong"),)
    if said := verdicts(verification):
        yield ((said, ""),)


def _head(tested: Verified, revisions: int, words: int) -> Line:
    outcome, look = ("skip", "info") if tested.skipped else ("ok  ", "good")
    if not tested.passed:
        outcome, look = "FAIL", "error"
    shown = "info" if tested.verdict is None else LOOKS.get(tested.verdict, "warning")
    return (
        (f"{outcome}  ", look),
        (f"{printable(tested.revision):<{revisions}}  ", "strong"),
        (f"{word(tested):<{words}}", shown),
        (f"  {printable(tested.file)}", ""),
    )


def _details(tested: Verified, style: Style, evidence: Evidence) -> Iterator[Line]:
    if tested.skip_reason:
        yield from _block(f"skipped: {tested.skip_reason}", style)
    elif refuses(tested):
        yield from _block(DECLARED, style)
    for failure in tested.failures:
        yield from _failure(failure, evidence.of(tested.revision, failure), style)
    for note in tested.notes:
        yield from _block(f"note: {note}", style)


def _failure(failure: Failure, places: Iterable[Place], style: Style) -> Iterator[Line]:
    kind = failure.kind.value
    first, *rest = wrapped(f"{kind}: {failure.message}", style.width, "        ", "      ")
    yield (("      ", ""), (kind, "error"), (first.strip().removeprefix(kind), ""))
    for text in rest:
        yield ((text, ""),)
    for place in places:
        for text in wrapped(str(place), style.width, "          ", "        "):
            yield ((text, ""),)
    if failure.help:
        for text in wrapped(failure.help, style.width, "        ", "        help: "):
            yield ((text, ""),)


def _block(text: str, style: Style) -> Iterator[Line]:
    for line in wrapped(text, style.width, "        ", "      "):
        yield ((line, ""),)
