"""Start from now: what a baseline holds is not reported again, wherever its lines have moved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import DROP, Run, drop_table

FILE = "mrt-lint-baseline.json"


@pytest.fixture
def recorded(inside: Run, project: Path) -> Path:
    """Returns the project with a baseline that its configuration names."""
    (project / "mrt-lint.toml").write_text(f'baseline = "{FILE}"\n')
    result = inside("check", "--write-baseline", cwd=project)
    assert (result.returncode, result.stdout) == (0, f"Recorded 1 finding in {FILE}; commit it.\n")
    return project


def test_the_file_is_sorted_and_holds_no_places(recorded: Path) -> None:
    assert (recorded / FILE).read_text("utf-8") == (
        '{\n  "version": 1,\n  "findings": [\n'
        '    {"where": "b2", "rule": "MRT201", "what": "users.phone", "count": 1}\n'
        '  ],\n  "verdicts": {\n    "b2": "lossy"\n  }\n}\n'
    )


def test_what_is_known_is_not_reported(inside: Run, recorded: Path) -> None:
    result = inside("check", "-f", "concise", cwd=recorded)
    assert (result.returncode, result.stdout.splitlines()) == (
        0,
        ["No problems found in 2 migrations (1 in the baseline).", "Rollback: 1 lossy, 1 reversible."],
    )
    assert inside("check", "--fail-on", "lossy", cwd=recorded).returncode == 0


@pytest.mark.parametrize(
    "moved",
    [
        "\n\n# comment\n" + DROP,
        DROP.replace(
            'op.drop_column("users", "phone")', "op.drop_column(\n        'users',\n        'phone',\n    )"
        ),
        DROP.replace("def upgrade():", "def helper():\n    pass\n\n\ndef upgrade():"),
    ],
)
def test_it_survives_moves_and_reformatting(inside: Run, recorded: Path, moved: str) -> None:
    versions = recorded / "migrations" / "versions"
    (versions / "b2_drop.py").unlink()
    (versions / "b2_renamed.py").write_text(moved)
    assert inside("check", cwd=recorded).returncode == 0
    before = (recorded / FILE).read_bytes()
    inside("check", "--write-baseline", cwd=recorded)
    assert (recorded / FILE).read_bytes() == before


def test_what_is_new_is_reported(inside: Run, recorded: Path) -> None:
    (recorded / "migrations/versions/c3_drop.py").write_text(drop_table("c3c3", "b2", "users"))
    result = inside("check", "-f", "concise", "--fail-on", "lossy,broken", cwd=recorded)
    assert result.returncode == 1
    assert "c3_drop.py" in result.stdout
    assert "b2_drop.py" not in result.stdout
    assert "Verdicts that fail the run: c3c3" in result.stdout


def test_equal_findings_are_counted(inside: Run, recorded: Path) -> None:
    again = DROP.replace(
        'op.drop_column("users", "phone")',
        'op.drop_column("users", "phone")\n    op.add_column("users", sa.Column("phone", sa.Text))\n'
        '    op.drop_column("users", "phone")',
    )
    (recorded / "migrations/versions/b2_drop.py").write_text(again)
    first = json.loads(inside("check", "-f", "json", "--select", "MRT201", cwd=recorded).stdout)
    (recorded / "mrt-lint.toml").unlink()
    all_of_them = json.loads(inside("check", "-f", "json", "--select", "MRT201", cwd=recorded).stdout)
    known = len(all_of_them["findings"]) - len(first["findings"])
    assert known == 1


def test_stale_entries_are_mentioned(inside: Run, recorded: Path) -> None:
    (recorded / "migrations/versions/b2_drop.py").write_text(DROP.replace("op.drop_column", "print"))
    text = inside("check", "-f", "concise", cwd=recorded).stdout
    assert f"1 entry of the baseline is no longer found ({FILE}); --write-baseline takes it out." in text
    inside("check", "--write-baseline", cwd=recorded)
    assert "no longer found" not in inside("check", "-f", "concise", cwd=recorded).stdout


@pytest.mark.parametrize(
    "arguments",
    [["--select", "MRT9"], ["migrations/versions/a1_first.py"], ["--since", "b2"], ["--min-revision", "b2"]],
)
def test_what_a_run_did_not_look_for_is_not_stale_and_stays(
    inside: Run, recorded: Path, arguments: list[str]
) -> None:
    before = (recorded / FILE).read_bytes()
    assert "no longer found" not in inside("check", *arguments, cwd=recorded).stdout
    assert inside("check", *arguments, "--write-baseline", cwd=recorded).returncode == 0
    assert json.loads((recorded / FILE).read_bytes())["findings"] == json.loads(before)["findings"]


def test_on_the_command_line_it_is_relative_to_the_current_folder(inside: Run, project: Path) -> None:
    below = project / "migrations"
    assert inside("check", "--baseline", "x.json", "--write-baseline", cwd=below).returncode == 0
    assert (below / "x.json").exists()
    assert inside("check", "--baseline", "migrations/x.json", cwd=project).returncode == 0


def test_findings_without_a_revision_are_known_by_their_file(inside: Run, project: Path) -> None:
    (project / "migrations/versions/c3_broken.py").write_text("revision = 'c3'\ndef (\n")
    inside("check", "--baseline", FILE, "--write-baseline", cwd=project)
    entries = json.loads((project / FILE).read_text("utf-8"))["findings"]
    assert "migrations/versions/c3_broken.py" in {entry["where"] for entry in entries}
    assert inside("check", "--baseline", f"../{FILE}", cwd=project / "migrations").returncode == 0
    (project / "mrt-lint.toml").write_text(f'baseline = "{FILE}"\n')
    assert inside("check", cwd=project).returncode == 0
    assert inside("check", cwd=project / "migrations").returncode == 0


def test_a_verdict_that_got_worse_fails(inside: Run, recorded: Path) -> None:
    content = json.loads((recorded / FILE).read_text("utf-8"))
    content["verdicts"] = {"b2": "fragile"}
    (recorded / FILE).write_text(json.dumps(content))
    assert inside("check", "--fail-on", "lossy", cwd=recorded).returncode == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, f"no baseline at {FILE}; make it with: mrt-lint check --baseline {FILE} --write-baseline"),
        ("{", "is no baseline that can be read: Expecting property name"),
        ("[]", "is no baseline of this version of mrt-lint; delete it and make it anew"),
        ('{"version": 99, "findings": [], "verdicts": {}}', "is no baseline of this version"),
        ('{"version": 1, "findings": [{}], "verdicts": {}}', "is no baseline of this version"),
        ('{"version": 1, "findings": [], "verdicts": {"a": "fine"}}', "is no baseline of this version"),
        ("\udcff", "is no baseline that can be read"),
    ],
)
def test_a_baseline_that_is_none_is_one_line(
    inside: Run, project: Path, content: str | None, said: str
) -> None:
    if content is not None:
        (project / FILE).write_bytes(content.encode("utf-8", "surrogateescape"))
    result = inside("check", "--baseline", FILE, cwd=project)
    assert (result.returncode, result.stdout) == (2, "")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def test_writing_needs_a_place(inside: Run, project: Path) -> None:
    result = inside("check", "--write-baseline", cwd=project)
    assert (result.returncode, result.stdout) == (2, "")
    assert "--write-baseline needs a file: --baseline mrt-lint-baseline.json" in result.stderr
    result = inside("check", "--write-baseline", "--baseline", "gone/x.json", cwd=project)
    assert (result.returncode, result.stdout) == (2, "")
    assert "cannot write gone/x.json" in result.stderr
