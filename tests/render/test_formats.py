"""What each format shows, on terminals and elsewhere; nothing here depends on the order of words."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from mrt_lint.errors import PluginError, UsageError
from mrt_lint.lint.finding import Finding, Severity
from mrt_lint.lint.report import Doubt, Loss, MigrationReport, Report, Skipped, Suppressed
from mrt_lint.lowered import Suppression
from mrt_lint.ops.span import Span
from mrt_lint.render import concise, full
from mrt_lint.render import json as json_format
from mrt_lint.render.formats import FORMATS, renderer
from mrt_lint.render.style import Style
from mrt_lint.render.text import cells, printable
from mrt_lint.verdict import Verdict
from tests.lint.making import finding

PATH = "versions/4f1c.py"
TEXT = (
    'revision = "4f1c"',
    "",
    "def upgrade():",
    '    op.drop_column("users", "phone")',
    "    op.create_table(",
    '        "t",',
    "    )",
    "",
)


def report(*findings: Finding, text: tuple[str, ...] = TEXT, **fields: Any) -> Report:
    values: dict[str, Any] = {
        "migrations": (MigrationReport("4f1c", PATH, Verdict.LOSSY, ("users.phone is lost (line 4)",)),),
        "files": 1,
        "texts": {PATH: text},
        **fields,
    }
    return Report("0.1.0", "2026-11-21T10:00:00+00:00", findings=findings, **values)


DROP = finding(
    "MRT201",
    path=PATH,
    span=Span(4, 5, 4, 37),
    severity=Severity.ERROR,
    message="users.phone is dropped",
    help="Do it in two steps.",
    revision="4f1c",
    pattern="DROP COLUMN in upgrade",
)


def test_full_shows_place_frame_message_help_and_what_to_do_next() -> None:
    text = full.render(report(DROP), Style())
    for part in (
        "versions/4f1c.py  revision 4f1c, rollback: lossy",
        "error[MRT201] rule-mrt201",
        "versions/4f1c.py:4:5",
        "users.phone is dropped",
        '4 |     op.drop_column("users", "phone")',
        "help: Do it in two steps.",
        "Found 1 error in 1 migration.",
        "Rollback: 1 lossy.",
        "mrt-lint rule MRT201",
        "# noqa: MRT201",
    ):
        assert part in text
    assert "\x1b" not in text


def test_carets_stand_under_the_span() -> None:
    lines = full.render(report(DROP), Style()).splitlines()
    code = next(number for number, line in enumerate(lines) if "op.drop_column" in line)
    start, end = lines[code].index("op.drop"), len(lines[code])
    assert lines[code + 1] == "    | " + " " * (start - 6) + "^" * (end - start)


def test_longer_spans_have_a_bar_and_are_cut_in_the_middle() -> None:
    lines = tuple(f"line {number}" for number in range(1, 31))
    long = replace(DROP, span=Span(5, 1, 25, 3))
    text = full.render(report(long, text=lines), Style())
    assert "> line 5\n" in text
    assert "> line 25\n" in text
    assert "..." in text
    assert "line 15" not in text
    assert "^" not in text


@pytest.mark.parametrize("width", [40, 80, 120])
def test_lines_fit_the_terminal(width: int) -> None:
    source = "x = " + "'a' + " * 60
    wide = replace(DROP, span=Span(1, 200, 1, 230), message="word " * 60, help="word " * 60, path="a.py")
    text = full.render(report(wide, texts={"a.py": (source,)}), Style(width=width))
    assert max(map(cells, text.splitlines())) <= max(width, 65)
    assert "^" in text


def test_wide_characters_and_tabs_do_not_shift_the_carets() -> None:
    source = "\tx = '名前' + bad"
    start = source.index("bad") + 1
    text = full.render(report(replace(DROP, span=Span(1, start, 1, start + 3)), text=(source,)), Style())
    shown, carets = text.splitlines()[5:7]
    assert cells(shown[: shown.index("bad")]) == cells(carets[: carets.index("^")])
    assert carets.count("^") == 3


def test_control_characters_of_a_source_never_reach_the_terminal() -> None:
    evil = replace(DROP, message="a \x1b[2J b", path="x\x07.py", span=Span(1, 1, 1, 2))
    loaded = report(evil, texts={"x\x07.py": ("\x1b]0;title\x07",)})
    for render in (full.render, concise.render):
        for style in (Style(), Style(verdicts=True)):
            assert printable(render(loaded, style).replace("\n", "")) == render(loaded, style).replace(
                "\n", ""
            )


def test_colours_only_when_asked_for_and_the_same_words() -> None:
    import re

    coloured = full.render(report(DROP), Style(color=True))
    assert "\x1b[1;31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == full.render(report(DROP), Style())


def test_a_span_beyond_the_text_shows_no_frame() -> None:
    text = full.render(report(replace(DROP, span=Span(99, 1, 99, 2))), Style())
    assert "users.phone is dropped" in text
    assert " | " not in text


def test_nothing_found() -> None:
    quiet = report(migrations=(MigrationReport("a", "a.py", Verdict.REVERSIBLE),))
    for render in (full.render, concise.render):
        assert render(quiet, Style()) == "No problems found in 1 migration.\nRollback: 1 reversible.\n"


def test_nothing_to_look_at_is_the_note_alone() -> None:
    empty = Report("0.1.0", "", notes=("No migrations found in x.",))
    for render in (full.render, concise.render):
        assert render(empty, Style()) == "No migrations found in x.\n"
    assert full.render(Report("0.1.0", ""), Style()) == ""


def test_summary_counts() -> None:
    many = report(
        DROP,
        replace(DROP, severity=Severity.WARNING),
        replace(DROP, severity=Severity.WARNING),
        replace(DROP, severity=Severity.INFO),
        suppressed=(Suppressed(DROP, Suppression(1, 1, 2)),),
        files=3,
    )
    expected = "Found 1 error, 2 warnings and 1 info in 3 migrations (1 suppressed)."
    assert expected in full.render(many, Style())
    assert expected in concise.render(many, Style())


def test_verdicts_are_listed_with_their_reasons() -> None:
    listed = report(
        migrations=(
            MigrationReport("a", "a.py", Verdict.REVERSIBLE),
            MigrationReport("bb", "b.py", Verdict.IRREVERSIBLE, ("downgrade() raises",)),
        )
    )
    for render in (full.render, concise.render):
        text = render(listed, Style(verdicts=True))
        assert "a   reversible    a.py\nbb  irreversible  b.py\n    - downgrade() raises\n" in text
        assert "downgrade() raises" not in render(listed, Style())


def test_a_finding_for_some_databases_names_them() -> None:
    some = report(replace(DROP, dialects=("postgresql", "mariadb")))
    expected = "users.phone is dropped (on PostgreSQL and MariaDB)"
    assert expected in full.render(some, Style())
    assert expected in concise.render(some, Style())
    assert json_format.document(some)["findings"][0]["message"] == expected


def test_an_unknown_database_is_said() -> None:
    text = concise.render(report(guessed=("postgresql", "mysql")), Style())
    assert "The target database is not known, so hazards of PostgreSQL and MySQL count" in text


def test_concise_is_one_line_each() -> None:
    two = report(replace(DROP, message="a\nb"), DROP)
    lines = concise.render(two, Style()).splitlines()
    assert lines[:2] == [f"{PATH}:4:5: MRT201 a b", f"{PATH}:4:5: MRT201 users.phone is dropped"]


def test_json_has_exactly_the_promised_fields() -> None:
    whole = report(
        DROP,
        migrations=(
            MigrationReport(
                "4f1c",
                PATH,
                Verdict.LOSSY,
                losses=(Loss("users", "phone", "gone", 4), Loss("t", None, "rows gone", 5)),
                unknown=(Doubt(6, "star arguments"),),
            ),
        ),
        urls={"MRT201": "https://example.org/MRT201"},
    )
    assert json.loads(json_format.render(whole, Style())) == {
        "version": "0.1.0",
        "checked_at": "2026-11-21T10:00:00+00:00",
        "summary": {"files": 1, "total_issues": 1, "errors": 1, "warnings": 0, "infos": 0},
        "findings": [
            {
                "file": PATH,
                "line": 4,
                "column": 5,
                "end_line": 4,
                "end_column": 37,
                "rule": "MRT201",
                "name": "rule-mrt201",
                "pattern": "DROP COLUMN in upgrade",
                "severity": "error",
                "revision": "4f1c",
                "message": "users.phone is dropped",
                "help": "Do it in two steps.",
                "url": "https://example.org/MRT201",
            }
        ],
        "skipped": [],
        "notes": [],
        "migrations": [
            {
                "revision": "4f1c",
                "file": PATH,
                "verdict": "lossy",
                "losses": [
                    {"table": "users", "column": "phone", "reason": "gone", "line": 4},
                    {"table": "t", "column": None, "reason": "rows gone", "line": 5},
                ],
                "unknown": [{"line": 6, "reason": "star arguments"}],
            }
        ],
    }


@pytest.mark.parametrize(
    "value",
    [
        Report("0.1.0", "2026-11-21T10:00:00+00:00"),
        report(DROP),
        report(DROP, skipped=(Skipped(DROP, "exported"),), notes=("One thing.",)),
        report(replace(DROP, help="", revision="", pattern="", message="é \x1b \udc80")),
        *(report(migrations=(MigrationReport("a", "a.py", verdict),)) for verdict in Verdict),
    ],
)
def test_json_keeps_its_schema(value: Report) -> None:
    schema = json_format.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    text = json_format.render(value, Style())
    assert text.isascii()
    jsonschema.Draft202012Validator(schema).validate(json.loads(text))


def test_pattern_is_the_name_where_there_is_no_other() -> None:
    assert json_format.document(report(finding("X1")))["findings"][0]["pattern"] == "rule-x1"


@pytest.mark.parametrize("wrong", [{"extra": 1}, {"line": 0}, {"severity": "fatal"}])
@pytest.mark.parametrize("place", ["findings", "skipped"])
def test_the_schema_refuses_what_is_not_promised(wrong: dict[str, Any], place: str) -> None:
    document = json_format.document(report(DROP, skipped=(Skipped(DROP, "exported"),)))
    document[place][0] |= wrong
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(json_format.schema()).validate(document)


SKIPPED = report(migrations=(), skipped=(Skipped(DROP, "the numbers\nwere exported"),))


@pytest.mark.parametrize("name", list(FORMATS))
def test_skipped_findings_are_listed_with_the_reason_in_every_format(name: str) -> None:
    text = renderer(name, {})(SKIPPED, Style())
    assert "MRT201" in text
    assert "skipped" in text.lower()
    assert "the numbers" in " ".join(text.split())
    assert SKIPPED.exit_code == 0
    if name not in ("json", "github"):
        assert "No problems found in 1 migration (1 skipped)." in text


def test_verdicts_to_fail_on() -> None:
    migrations = (
        MigrationReport("a", "a.py", Verdict.LOSSY),
        MigrationReport("b", "b.py", Verdict.UNKNOWN, excused="in the baseline"),
        MigrationReport("c", "c.py", Verdict.BROKEN),
    )
    failing = report(migrations=migrations, fail_on=frozenset({Verdict.LOSSY, Verdict.UNKNOWN}))
    assert failing.exit_code == 1
    assert "Verdicts that fail the run: a (lossy)." in concise.render(failing, Style())
    assert report(migrations=migrations[1:], fail_on=failing.fail_on).exit_code == 0
    assert "    - in the baseline\n" in concise.render(failing, Style(verdicts=True))


def test_summary_tells_what_is_set_aside() -> None:
    aside = report(suppressed=(Suppressed(DROP, Suppression(1, 1, 2)),), baselined=3)
    assert "No problems found in 1 migration (1 suppressed, 3 in the baseline)." in full.render(
        aside, Style()
    )


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_format_renders(name: str) -> None:
    assert renderer(name, {})(report(DROP), Style())


def test_plugins_add_formats_but_do_not_replace_ours() -> None:
    assert renderer("tap", {"tap": lambda report, style: "1..0"})(report(), Style()) == "1..0"
    with pytest.raises(UsageError, match=r"unknown format 'jsn'; did you mean 'json'\? \(formats: full"):
        renderer("jsn", {})
    with pytest.raises(PluginError, match="format 'json'"):
        renderer("full", {"json": lambda report, style: ""})
