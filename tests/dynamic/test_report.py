"""The formats of a verification."""

from __future__ import annotations

import jsonschema
import pytest

from mrt_dynamic.report import json, table
from mrt_dynamic.report.evidence import Evidence, Place
from mrt_dynamic.report.formats import FORMATS, renderer
from mrt_dynamic.results import Failure, Kind, Seeding, Unseeded, Verification, Verified
from mrt_lint.lint.migration_file import RiskWarning
from mrt_lint.render.style import Style
from mrt_lint.verdict import Verdict

LOST = Failure(
    Kind.ROWS_CHANGED, "users.phone: 4 of 5 rows came back as NULL", "users", "phone", "Copy it aside."
)
EMPTY = Unseeded(
    "shapes", "no value for type geometry is known", "[tool.mrt-lint.verify.custom-seeds]\nshapes = []"
)
VERIFICATION = Verification(
    "SQLite 3.45.1",
    (
        Verified("a1", "versions/a1.py", Verdict.REVERSIBLE, True, rows_verified=12, duration=0.25),
        Verified("b2", "versions/b2.py", Verdict.LOSSY, False, (LOST,), Seeding(3, 2, (EMPTY,)), 7),
        Verified("c3", "versions/c3.py", Verdict.IRREVERSIBLE, True),
        Verified("d4", "versions/d4.py", None, True, skip_reason="exported by hand"),
        Verified(
            "e5",
            "versions/e5.py",
            Verdict.UNVERIFIED,
            False,
            (Failure(Kind.UNSEEDED, "shapes has no rows", "shapes", help="Give it rows:\nshapes = []"),),
            notes=("a note",),
        ),
    ),
    1.5,
    ("No URL was given: SQLite is used.",),
)
SOURCE = 'op.drop_column("users", "phone")'
EVIDENCE = Evidence(
    {
        "b2": [
            RiskWarning("b2", "versions/b2.py", "drop-column", "users.phone is dropped", "error", 7, "MRT201")
        ]
    },
    {
        "b2": [
            Place("upgrade", 7, SOURCE, "drop column users.phone", frozenset({"users", "phone"})),
            Place("upgrade", 8, "op.drop_column(...)", "drop column users.fax", frozenset({"users", "fax"})),
        ]
    },
    {"b2": ["", "", "", "", "", "", f"    {SOURCE}"]},
)
NASTY = '<script>alert("1")</script> & \x00\x1b[31m \ufffe \u202e \ud800 ]]> <!-- \u540d'
HOSTILE = Verification(
    f"SQLite {NASTY}",
    (
        Verified(f"a1{NASTY}", f"v/{NASTY}.py", Verdict.REVERSIBLE, True, notes=(NASTY,)),
        Verified(
            "b2",
            "v/b2.py",
            Verdict.LOSSY,
            False,
            (Failure(Kind.ROWS_LOST, NASTY, NASTY, NASTY, f"{NASTY}\n\t{NASTY}"),),
            Seeding(1, 0, (Unseeded(f"t {NASTY}", NASTY, NASTY),)),
        ),
        Verified("c3", "v/c3.py", None, True, skip_reason=NASTY),
        Verified("d4", "v/d4.py", Verdict.IRREVERSIBLE, True),
    ),
    1.5,
    (NASTY,),
)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_renders_whatever_it_is_given(name: str) -> None:
    for verification in (VERIFICATION, HOSTILE, Verification("SQLite 3.45.1", (), 0.0)):
        text = renderer(name)(verification, Style(), EVIDENCE)
        assert text.endswith("\n")
        assert "\x1b" not in text


def test_json_keeps_its_schema() -> None:
    document = json.document(VERIFICATION)
    jsonschema.validate(document, json.schema())
    assert document["summary"] == {
        "revisions": 5,
        "passed": 2,
        "failed": 2,
        "skipped": 1,
        "verdicts": {"lossy": 1, "irreversible": 1, "unverified": 1, "reversible": 1},
        "duration_s": 1.5,
    }
    assert document["revisions"][1]["failures"] == [
        {
            "kind": "rows-changed",
            "table": "users",
            "column": "phone",
            "message": "users.phone: 4 of 5 rows came back as NULL",
            "help": "Copy it aside.",
        }
    ]


def test_every_kind_and_every_dynamic_verdict_is_in_the_schema() -> None:
    kinds = json.schema()["$defs"]["failure"]["properties"]["kind"]["enum"]
    assert sorted(kinds) == sorted(kind.value for kind in Kind)
    verdicts = json.schema()["$defs"]["verdict"]["enum"]
    static_only = {Verdict.UNKNOWN, Verdict.PLAUSIBLE}
    assert sorted(verdicts) == sorted(verdict.value for verdict in Verdict if verdict not in static_only)


@pytest.mark.parametrize("width", [70, 80, 120])
def test_the_table_fits_the_terminal(width: int) -> None:
    text = table.render(VERIFICATION, Style(False, width))
    assert max(map(len, text.splitlines())) <= width


def test_the_table_tells_each_revision_what_is_wrong_and_the_counts() -> None:
    text = table.render(VERIFICATION, Style(False, 80))
    assert "FAIL  b2  lossy " in text
    assert "rows-changed: users.phone: 4 of 5 rows came back as NULL" in text
    assert "skipped: exported by hand" in text
    assert "declares that it cannot be taken back" in text
    assert "shapes = []" in text
    assert "5 revisions on SQLite 3.45.1: 2 passed, 2 failed and 1 skipped." in text
    assert "Rollback: 1 lossy, 1 irreversible, 1 unverified, 1 reversible." in text


def test_no_colour_unless_asked_for() -> None:
    assert "\x1b" not in table.render(VERIFICATION, Style(False, 80))
    assert "\x1b" in table.render(VERIFICATION, Style(True, 80))


def test_nothing_to_verify_says_so() -> None:
    text = table.render(Verification("SQLite 3.45.1", (), 0.1), Style(False, 80))
    assert text == "No revisions to verify on SQLite 3.45.1.\n"
