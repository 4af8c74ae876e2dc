"""JUnit XML: one case for each revision, by the rules of the schema that Jenkins' xUnit plugin checks."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as Xml

import pytest

from mrt_dynamic.report import junit
from mrt_dynamic.results import Failure, Kind, Verification, Verified
from mrt_lint.verdict import Verdict
from tests.dynamic.test_report import EVIDENCE, HOSTILE, NASTY, VERIFICATION

ATTRIBUTES = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, set()),
    "testsuite": (
        {"name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp", "hostname", "id"},
        {"name", "tests", "failures", "errors"},
    ),
    "testcase": ({"name", "time", "classname", "group"}, {"name"}),
    "failure": ({"type", "message"}, set()),
    "skipped": ({"type", "message"}, set()),
    "property": ({"name", "value"}, {"name", "value"}),
    "properties": (set(), set()),
    "system-out": (set(), set()),
}
"""Attributes that the schema allows an element, and those that it asks for."""

CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"testsuite", "properties", "testcase", "system-out", "system-err"},
    "testcase": {"skipped", "error", "failure", "system-out", "system-err"},
    "properties": {"property"},
}
SECONDS = re.compile(r"\d+\.\d{3}")


def document(verification: Verification) -> Xml.Element:
    """Returns the parsed report, after the rules of the schema were checked."""
    root = Xml.fromstring(junit.render(verification, evidence=EVIDENCE))
    for element in root.iter():
        allowed, wanted = ATTRIBUTES[element.tag]
        assert wanted <= element.attrib.keys() <= allowed, element.tag
        assert {child.tag for child in element} <= CHILDREN.get(element.tag, set()), element.tag
        assert SECONDS.fullmatch(element.get("time", "0.000"))
    return root


def cases(root: Xml.Element) -> dict[str, Xml.Element]:
    return {case.attrib["name"]: case for case in root.iter("testcase")}


def test_each_revision_is_a_case() -> None:
    root = document(VERIFICATION)
    (suite,) = root
    assert {name: suite.attrib[name] for name in ("tests", "failures", "errors", "skipped", "time")} == {
        "tests": "5",
        "failures": "2",
        "errors": "0",
        "skipped": "1",
        "time": "1.500",
    }
    assert {each.attrib["name"]: each.attrib["value"] for each in suite.iter("property")}["database"] == (
        "SQLite 3.45.1"
    )
    found = cases(root)
    assert [case.attrib["classname"] for case in found.values()] == [
        f"versions.{name}" for name in ("a1", "b2", "c3", "d4", "e5")
    ]
    assert found["a1"].attrib["time"] == "0.250"
    assert [[child.tag for child in case] for case in found.values()] == [
        ["system-out"],
        ["failure"],
        ["system-out"],
        ["skipped"],
        ["failure"],
    ]
    assert suite.findtext("system-out") == "No URL was given: SQLite is used."


def test_a_failure_has_kind_message_and_the_whole_story() -> None:
    failure = cases(document(VERIFICATION))["b2"].find("failure")
    assert failure is not None
    assert failure.attrib == {
        "type": "rows-changed",
        "message": "rows-changed: users.phone: 4 of 5 rows came back as NULL",
    }
    text = failure.text or ""
    for said in (
        "b2 is lossy (versions/b2.py)",
        'upgrade, line 7: op.drop_column("users", "phone")',
        "help: Copy it aside.",
        "MRT201 users.phone is dropped (versions/b2.py:7)",
    ):
        assert said in text


def test_of_several_failures_the_first_is_named_and_all_are_told() -> None:
    more = (
        Failure(Kind.ROWS_LOST, "t: one"),
        Failure(Kind.SCHEMA_EXTRA, "u"),
        Failure(Kind.SCHEMA_EXTRA, "v"),
    )
    tested = Verified("a1", "a1.py", Verdict.BROKEN, False, more)
    (failure,) = document(replace(VERIFICATION, revisions=(tested,))).iter("failure")
    assert failure.attrib["message"] == "rows-lost: t: one (and 2 more failures)"
    assert all(each.message in (failure.text or "") for each in more)


def test_skipped_tells_the_reason_as_attribute_and_as_text() -> None:
    skipped = cases(document(VERIFICATION))["d4"].find("skipped")
    assert skipped is not None
    assert (skipped.attrib["message"], skipped.text) == ("exported by hand", "exported by hand")


def test_an_irreversible_revision_that_is_not_let_through_fails_without_a_failure_of_its_own() -> None:
    tested = Verified("c3", "c3.py", Verdict.IRREVERSIBLE, False)
    (failure,) = document(replace(VERIFICATION, revisions=(tested,))).iter("failure")
    assert failure.attrib["type"] == "irreversible"
    assert failure.text


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("migrations/versions/b2_it.py", "migrations.versions.b2_it"),
        ("/srv/app/versions/b2_it.py", "srv.app.versions.b2_it"),
        ("C:/app/versions/b2.py", "C.app.versions.b2"),
        ("b2.py", "b2"),
    ],
)
def test_the_class_is_the_file(file: str, name: str) -> None:
    tested = Verified("b2", file, Verdict.REVERSIBLE, True)
    (case,) = document(replace(VERIFICATION, revisions=(tested,))).iter("testcase")
    assert case.attrib["classname"] == name


def test_what_xml_forbids_is_made_visible() -> None:
    text = junit.render(HOSTILE, evidence=EVIDENCE)
    assert text.isascii()
    root = document(HOSTILE)
    shown = "".join([*root.itertext(), *(value for each in root.iter() for value in each.attrib.values())])
    for said in (r"\x00", r"\x1b[31m", r"\ufffe", r"\ud800", "<script>", "]]>", "\u540d"):
        assert said in shown
    assert NASTY not in shown


def test_nothing_to_verify_is_a_suite_without_cases() -> None:
    (suite,) = document(Verification("SQLite 3.45.1", (), 0.1))
    assert suite.attrib["tests"] == "0"
