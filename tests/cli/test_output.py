"""Where a report goes, counts instead of findings, and colours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.mark.parametrize("form", ["full", "concise", "table", "github", "json"])
def test_a_file_gets_the_report_without_colours_and_the_terminal_one_line(
    mrt_lint: Run, project: Path, form: str
) -> None:
    result = mrt_lint("check", "-f", form, "-o", "report.txt", cwd=project, FORCE_COLOR="1")
    text = (project / "report.txt").read_text("utf-8")
    assert "MRT201" in text
    assert "\x1b" not in text
    assert result.stdout == "Found 1 error in 2 migrations. Written to report.txt.\n"
    assert result.returncode == 1


def test_the_one_line_when_there_is_nothing(inside: Run, tmp_path: Path) -> None:
    result = inside("check", "-o", "report.txt")
    assert result.stdout.startswith("No migrations found in the current folder")
    assert result.stdout.endswith(" Written to report.txt.\n")


@pytest.mark.parametrize("target", ["gone/report.txt", "migrations"])
def test_a_path_that_cannot_be_written(inside: Run, project: Path, target: str) -> None:
    result = inside("check", "-o", target, cwd=project)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(f"mrt-lint: cannot write {target}: ")
    assert result.stderr.count("\n") == 1


def test_a_dash_is_the_terminal(inside: Run, project: Path) -> None:
    assert "MRT201" in inside("check", "-o", "-", cwd=project).stdout
    assert not (project / "-").exists()


def test_statistics_count_by_rule(inside: Run, longer: Path) -> None:
    select = ("--select", "MRT201,MRT202")
    result = inside("check", "--statistics", *select, cwd=longer)
    assert result.returncode == 1
    assert result.stdout.splitlines() == [
        "2  MRT202  drop-table",
        "1  MRT201  drop-column",
        "Found 3 errors in 4 migrations.",
        "Rollback: 2 broken, 1 lossy, 1 reversible.",
    ]
    rows = json.loads(inside("check", "--statistics", "-f", "json", *select, cwd=longer).stdout)
    assert rows == [
        {"rule": "MRT202", "name": "drop-table", "severity": "error", "count": 2},
        {"rule": "MRT201", "name": "drop-column", "severity": "error", "count": 1},
    ]
    assert inside("check", "--statistics", "--exit-zero", cwd=longer).returncode == 0


def test_statistics_do_not_go_with_every_format(inside: Run, project: Path) -> None:
    result = inside("check", "--statistics", "-f", "github", cwd=project)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        "mrt-lint: --statistics goes with the formats full, concise, table, json, not github\n"
    )


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": ""}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
@pytest.mark.parametrize("form", ["full", "concise", "table"])
def test_colours_of_what_is_no_terminal(
    mrt_lint: Run, project: Path, environment: dict[str, str], coloured: bool, form: str
) -> None:
    clean = {"NO_COLOR": "", "FORCE_COLOR": "", **environment}
    text = mrt_lint("check", "-f", form, cwd=project, **clean).stdout
    assert ("\x1b[" in text) is coloured
    if form != "concise":
        assert max(len(line) for line in text.splitlines() if "\x1b" not in line) <= 80


@pytest.mark.parametrize("form", ["json", "github"])
def test_formats_for_programs_are_never_coloured(mrt_lint: Run, project: Path, form: str) -> None:
    assert "\x1b" not in mrt_lint("check", "-f", form, cwd=project, FORCE_COLOR="1").stdout


def test_github_annotations_are_all_there_is(inside: Run, project: Path) -> None:
    lines = inside("check", "-f", "github", cwd=project).stdout.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(
        "::error file=migrations/versions/b2_drop.py,line=10,col=5,endLine=10,title=MRT201 drop-column::"
    )


def test_check_compat_selects_the_rolling_deploy_group(inside: Run, project: Path) -> None:
    groups = {row["group"] for row in json.loads(inside("rules", "-f", "json").stdout)}
    if "rolling-deploy" not in groups:
        pytest.skip("no rule of the group is installed")
    (project / "mrt-lint.toml").write_text("check-compat = true\n")
    assert "MRT701" in inside("check", cwd=project).stdout
    assert "MRT701" not in inside("check", "--no-check-compat", cwd=project).stdout
    assert "MRT701" not in inside("check", "--select", "MRT2", cwd=project).stdout
    assert "MRT701" in inside("check", "--select", "MRT2", "--check-compat", cwd=project).stdout
    assert "MRT701" not in inside("check", "--check-compat", "--ignore", "MRT701", cwd=project).stdout
