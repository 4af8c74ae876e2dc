"""A verification as JUnit XML, one test case for each revision.

There is no standard; what GitLab, Jenkins (with the schema of its xUnit plugin) and the reporters of
GitHub read alike is written: one suite, and in a case that fails one `failure`, since they show the
first alone. Its `type` and `message` are those of the first thing that is wrong, its text tells all.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from xml.etree import ElementTree as Xml

from mrt_dynamic.report.counts import outcomes, verdict_counts
from mrt_dynamic.report.evidence import NOTHING, Evidence
from mrt_dynamic.report.story import DECLARED, refuses, story, word
from mrt_dynamic.results import Failure, Verification, Verified
from mrt_lint.phrases import counted
from mrt_lint.render.style import Style
from mrt_lint.render.text import flat, printable
from mrt_lint.version import __version__

_SUITE = "mrt-lint verify"


def render(verification: Verification, style: Style | None = None, evidence: Evidence = NOTHING) -> str:
    """Returns the verification as an XML document, ASCII only; `evidence` stands in the texts of failures."""
    counts = outcomes(verification)
    numbers = {
        "tests": str(len(verification.revisions)),
        "failures": str(counts.failed),
        "errors": "0",
        "time": f"{verification.duration:.3f}",
    }
    root = Xml.Element("testsuites", {"name": _SUITE, **numbers})
    suite = Xml.SubElement(root, "testsuite", {"name": _SUITE, **numbers, "skipped": str(counts.skipped)})
    properties = Xml.SubElement(suite, "properties")
    for name, value in _properties(verification).items():
        Xml.SubElement(properties, "property", {"name": name, "value": flat(value)})
    for tested in verification.revisions:
        _case(suite, tested, evidence)
    if verification.notes:
        Xml.SubElement(suite, "system-out").text = _lawful("\n".join(verification.notes))
    Xml.indent(root)
    # In ASCII it is right whatever encoding a terminal or a pipe has.
    body = Xml.tostring(root, encoding="us-ascii", xml_declaration=False).decode("ascii")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _properties(verification: Verification) -> dict[str, str]:
    """Returns what holds for the whole run, by name."""
    verdicts = {f"verdict.{name}": str(number) for name, number in verdict_counts(verification).items()}
    return {"database": verification.database, "mrt-lint": __version__, **verdicts}


def _case(suite: Xml.Element, tested: Verified, evidence: Evidence) -> None:
    """Adds the case of one revision."""
    case = Xml.SubElement(
        suite,
        "testcase",
        {
            "classname": flat(_class(tested.file)),
            "name": flat(tested.revision),
            "time": f"{tested.duration:.3f}",
        },
    )
    if tested.skipped:
        reason = tested.skip_reason or "skipped"
        Xml.SubElement(case, "skipped", {"message": flat(reason)}).text = _lawful(reason)
    elif not tested.passed:
        attributes = {"type": _type(tested), "message": _message(tested.failures)}
        Xml.SubElement(case, "failure", attributes).text = _lawful(story(tested, evidence))
    if said := _besides(tested):
        Xml.SubElement(case, "system-out").text = _lawful("\n".join(said))


def _class(file: str) -> str:
    """Returns the dotted name of a file, as of a module.

    >>> _class("migrations/versions/9c27_drop_phone.py")
    'migrations.versions.9c27_drop_phone'
    """
    path = PurePosixPath(file)
    return ".".join(part.strip("/:") for part in path.with_suffix("").parts if part.strip("/:")) or file


def _type(tested: Verified) -> str:
    return tested.failures[0].kind.value if tested.failures else word(tested)


def _message(failures: tuple[Failure, ...]) -> str:
    """Returns the first failure, and how many there are besides."""
    if not failures:
        return DECLARED
    more = f" (and {counted(len(failures) - 1, 'more failure')})" if len(failures) > 1 else ""
    return f"{failures[0].kind.value}: {flat(failures[0].message)}{more}"


def _besides(tested: Verified) -> list[str]:
    """Returns what is worth knowing of a revision that does not fail."""
    if tested.skipped or not tested.passed:
        return []
    lines = [f"{word(tested)}, {counted(tested.rows_verified, 'row')} compared"]
    lines += [DECLARED] if refuses(tested) else []
    lines += [f"{each.kind.value}: {each.message}" for each in tested.failures]
    return [*lines, *(f"note: {note}" for note in tested.notes)]


def _lawful(text: str) -> str:
    """Returns a text without the characters that XML forbids, which are made visible; lines are kept."""
    return "\n".join(printable(line.replace("\t", "    ")) for line in text.split("\n"))
