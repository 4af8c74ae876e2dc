"""A verification as one HTML page: no script, nothing loaded from anywhere, light and dark, for paper too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files
from typing import Final

from mrt_dynamic.report.counts import outcomes, summary, verdict_counts
from mrt_dynamic.report.evidence import NOTHING, Evidence
from mrt_dynamic.report.story import DECLARED, foretold, refuses, word
from mrt_dynamic.results import Failure, Unseeded, Verification, Verified
from mrt_lint.phrases import counted
from mrt_lint.render.style import Style
from mrt_lint.render.text import flat, printable
from mrt_lint.verdict import Verdict
from mrt_lint.version import __version__

_MEANINGS: Final = {
    Verdict.BROKEN: "another schema remains, or a step fails",
    Verdict.LOSSY: "rows are lost, changed or left over",
    Verdict.IRREVERSIBLE: "the downgrade refuses on purpose",
    Verdict.TIMEOUT: "a step did not end in time",
    Verdict.UNVERIFIED: "what it touches could not be filled or compared",
    Verdict.FRAGILE: "the downgrade fails on rows that only the new schema allows",
    Verdict.REVERSIBLE: "schema and rows came back",
}
"""The verdicts of a verification, in a few words."""

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
"""Even if something slipped through the escaping, the browser would neither run nor load it."""


def render(verification: Verification, style: Style | None = None, evidence: Evidence = NOTHING) -> str:
    """Returns the verification as a page, ASCII only; `evidence` is shown with revisions that fail."""
    body = "\n".join(
        (
            *_summary(verification),
            *_revisions(verification.revisions),
            *_failures(verification.revisions, evidence),
            *_seeds(verification.revisions),
        )
    )
    css = (files("mrt_dynamic.report") / "page.css").read_text("utf-8")
    page = f"""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{_text(summary(verification))}</title>
<style>
{css}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
    return page.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _summary(verification: Verification) -> Iterator[str]:
    """Yields the outcome, the verdicts and what the user should know of the run."""
    look = "good" if verification.passed else "bad"
    rows = sum(each.rows_verified for each in verification.revisions)
    yield f"<h1>{_title(verification)}</h1>"
    yield f'<p class="outcome {look}">{_text(summary(verification))}</p>'
    facts = (
        ("Database", verification.database),
        ("Rows compared", f"{rows:,}"),
        ("Time", f"{verification.duration:.2f} s"),
        ("mrt-lint", __version__),
    )
    yield "<dl>"
    yield from (f"<div><dt>{name}</dt><dd>{_text(value)}</dd></div>" for name, value in facts)
    yield "</dl>"
    if counts := verdict_counts(verification):
        yield '<ul class="verdicts">'
        for name, number in counts.items():
            meaning = _MEANINGS.get(Verdict(name), "")
            yield f'<li><b class="{name}">{number} {name}</b> <span>{meaning}</span></li>'
        yield "</ul>"
    yield from (f'<p class="note">{_text(note)}</p>' for note in verification.notes)


def _title(verification: Verification) -> str:
    failed = outcomes(verification).failed
    if failed:
        return f"{counted(failed, 'revision')} {'fails' if failed == 1 else 'fail'}"
    return "Every revision passes" if verification.revisions else "Nothing to verify"


def _revisions(revisions: Iterable[Verified]) -> Iterator[str]:
    """Yields the table of revisions."""
    yield "<h2>Revisions</h2>"
    yield "<table>"
    yield "<thead><tr><th>Outcome</th><th>Revision</th><th>Verdict</th><th>File</th>"
    yield '<th class="number">Rows</th><th class="number">Seconds</th></tr></thead>'
    yield "<tbody>"
    for number, each in enumerate(revisions):
        outcome, look = ("skipped", "plain") if each.skipped else ("ok", "good")
        if not each.passed:
            outcome, look = "FAIL", "bad"
        name = f"<code>{_text(each.revision)}</code>"
        if not each.passed:
            name = f'<a href="#r{number}">{name}</a>'
        yield f'<tr><td class="{look}">{outcome}</td><td>{name}</td>'
        yield f'<td class="{word(each)}">{word(each)}</td><td class="file">{_text(each.file)}</td>'
        yield f'<td class="number" data-unit="rows">{each.rows_verified:,}</td>'
        yield f'<td class="number" data-unit="s">{each.duration:.2f}</td></tr>'
        if aside := _aside(each):
            yield '<tr class="aside"><td></td><td colspan="5">'
            yield "<br>".join(map(_text, aside)) + "</td></tr>"
    yield "</tbody>"
    yield "</table>"


def _aside(tested: Verified) -> list[str]:
    """Returns what is to be known of a revision that does not fail."""
    if tested.skip_reason:
        return [f"skipped: {tested.skip_reason}"]
    if not tested.passed:
        return []
    lines = [DECLARED] if refuses(tested) else []
    lines += [f"let through: {each.kind.value}: {each.message}" for each in tested.failures]
    return [*lines, *(f"note: {note}" for note in tested.notes)]


def _failures(revisions: Iterable[Verified], evidence: Evidence) -> Iterator[str]:
    """Yields an article for each revision that fails."""
    failing = [(number, each) for number, each in enumerate(revisions) if not each.passed]
    if failing:
        yield "<h2>What is wrong</h2>"
    for number, tested in failing:
        yield f'<article id="r{number}">'
        yield f"<h3><code>{_text(tested.revision)}</code> is "
        yield f'<span class="{word(tested)}">{word(tested)}</span></h3>'
        yield f'<p class="file">{_text(tested.file)}</p>'
        if refuses(tested):
            yield f"<p>{DECLARED}</p>"
        for failure in tested.failures:
            yield from _failure(tested.revision, failure, evidence)
        for finding in evidence.predicted.get(tested.revision, ()):
            yield f'<p class="foretold">{_text(foretold(finding))}</p>'
            if source := evidence.unshown(tested, finding.line):
                yield _code(source)
        yield from (f'<p class="note">note: {_text(note)}</p>' for note in tested.notes)
        yield "</article>"


def _failure(revision: str, failure: Failure, evidence: Evidence) -> Iterator[str]:
    """Yields one failure: the difference, the operations that it is about, what to do."""
    yield '<section class="failure">'
    yield f"<h4>{failure.kind.value}</h4>"
    yield f'<p class="message">{_text(failure.message)}</p>'
    for place in evidence.of(revision, failure):
        words = f": {place.words}" if place.words else ""
        yield f'<p class="place">{_text(f"{place.direction}, line {place.line}{words}")}</p>'
        if place.text:
            yield _code(place.text)
    said, _, paste = failure.help.partition("\n")
    if said:
        yield f'<p class="help"><b>Help:</b> {_text(said)}</p>'
    if paste:
        yield _code(paste)
    yield "</section>"


def _seeds(revisions: Iterable[Verified]) -> Iterator[str]:
    """Yields the tables without rows that no failure is about, with seeds to paste."""
    empty: dict[str, Unseeded] = {}
    told: set[str | None] = set()
    for tested in revisions:
        empty |= {each.table: each for each in tested.seeding.unseeded}
        told |= {failure.table for failure in tested.failures if not tested.passed}
    rest = [each for table, each in empty.items() if table not in told]
    if rest:
        yield "<h2>Tables without rows</h2>"
        yield "<p>Nothing is known of their data. Rows of your own, in pyproject.toml, change that.</p>"
    for each in rest:
        yield '<section class="failure">'
        yield f"<h4>{_text(each.table)}</h4>"
        yield f'<p class="message">{_text(each.reason)}</p>'
        if each.seed:
            yield _code(each.seed)
        yield "</section>"


def _text(text: str) -> str:
    """Returns any text as HTML on one line."""
    return escape(flat(text))


def _code(text: str) -> str:
    """Returns any text as HTML that keeps its lines and indentation."""
    lines = (escape(printable(line.replace("\t", "    "))) for line in text.splitlines())
    return f'<pre tabindex="0"><code>{chr(10).join(lines)}</code></pre>'
