"""The command line, run as users run it: one line for every mistake, the right exit code, lazy imports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from mrt_lint.commands import COMMANDS, NOT_BUILT
from mrt_lint.render.json import schema
from mrt_lint.version import __version__
from tests.cli.conftest import DROP, Run


def test_version(mrt_lint: Run) -> None:
    result = mrt_lint("version")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(f"mrt-lint {__version__} (Python 3.")
    assert mrt_lint("--version").stdout == f"mrt-lint {__version__}\n"


def test_help_lists_what_works_and_only_that(mrt_lint: Run) -> None:
    text = mrt_lint("--help").stdout
    assert all(f"\n  {name} " in text for name in COMMANDS)
    assert not any(f"\n  {name} " in text for name in NOT_BUILT)


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_has_help(inside: Run, name: str) -> None:
    result = inside(name, "--help")
    assert result.returncode == 0
    assert f"Usage: mrt-lint {name}" in result.stdout


@pytest.mark.parametrize("name", list(NOT_BUILT))
def test_commands_to_come_say_so_in_one_line(inside: Run, name: str) -> None:
    result = inside(name, "x", "--some-option")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"mrt-lint: {name}: not built yet ({NOT_BUILT[name]})\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek"], "no command 'chek'; did you mean 'check'?"),
        (["check", "--selct", "X"], "No such option"),
        (["check", "--select"], "Option '--select' requires an argument"),
        (["check", "--select", " , "], "Invalid value for '--select': names nothing"),
        (["check", "gone.py"], "no such file or folder: gone.py"),
        (["check", "--select", "MRT2O1"], "--select: unknown rule or group 'MRT2O1'; did you mean 'MRT201'"),
        (
            ["check", "--ignore", "rolback"],
            "--ignore: unknown rule or group 'rolback'; did you mean 'rollback'?",
        ),
        (["check", "--database", "postgrsql"], "not 'postgrsql'; did you mean 'postgresql'?"),
        (["check", "--database-version", "x"], "--database-version must be a version such as"),
        (["check", "--format", "jsn"], "unknown format 'jsn'; did you mean 'json'?"),
        (["check", "--config", "gone.toml"], "no configuration file at gone.toml"),
        (["rule", "MRT999"], "no rule is called 'MRT999'"),
        (["rule"], "Missing argument 'CODE'"),
        (["rules", "--format", "xml"], "'xml' is not one of 'table', 'json'"),
        (["check", "-o", "gone/report.txt"], "cannot write"),
    ],
)
def test_a_wrong_run_is_one_line_and_exit_code_2(
    inside: Run, project: Path, arguments: list[str], said: str
) -> None:
    result = inside(*arguments, cwd=project)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("mrt-lint: ")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[tool.mrt-lint]\nselct = []\n", "pyproject.toml:2: unknown key 'selct'; did you mean 'select'?"),
        ("[tool.mrt-lint\n", "pyproject.toml:1:"),
        (
            '[tool.mrt-lint]\nselect = ["MRT2O1"]\n',
            "pyproject.toml:2: 'select': unknown rule or group 'MRT2O1'",
        ),
        ('[tool.mrt-lint]\npaths = ["gone"]\n', "pyproject.toml:2: 'paths': no such file or folder: gone"),
        (
            '[tool.mrt-lint]\nseverity = {"no such" = "info"}\n',
            "pyproject.toml:2: 'severity': no rule is called",
        ),
    ],
)
def test_a_wrong_configuration_is_one_line(inside: Run, project: Path, content: str, said: str) -> None:
    (project / "pyproject.toml").write_text(content)
    result = inside("check", cwd=project)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(f"mrt-lint: {said}")
    assert result.stderr.count("\n") == 1


def test_check_finds_the_project_of_the_current_folder(mrt_lint: Run, project: Path) -> None:
    result = mrt_lint("check", cwd=project)
    assert result.returncode == 1
    assert "error[MRT201] drop-column" in result.stdout
    assert "migrations/versions/b2_drop.py:10:5" in result.stdout
    assert '10 |     op.drop_column("users", "phone")' in result.stdout
    assert "mrt-lint rule MRT201" in result.stdout
    assert "Rollback: 1 lossy, 1 reversible." in result.stdout
    assert result.stderr == ""
    assert "\x1b" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 1),
        (["--exit-zero"], 0),
        (["--ignore", "MRT201"], 0),
        (["--select", "MRT9"], 0),
        (["--select", "MRT101,MRT201"], 1),
        (["migrations/versions/a1_first.py"], 0),
        (["migrations/versions/b2_drop.py"], 1),
        (["migrations"], 1),
        (["alembic.ini"], 1),
    ],
)
def test_exit_codes(inside: Run, project: Path, arguments: list[str], code: int) -> None:
    assert inside("check", *arguments, cwd=project).returncode == code


@pytest.mark.parametrize(
    ("config", "arguments", "code"),
    [
        ('severity = {"drop-column" = "warning"}', [], 0),
        ('severity = {"drop-column" = "warning"}', ["--strict"], 1),
        ('severity = {"drop-column" = "warning"}\nstrict = true', [], 1),
        ('severity = {"drop-column" = "warning"}\nstrict = true', ["--no-strict"], 0),
        ('severity = {"DROP COLUMN in upgrade" = "info"}\nstrict = true', [], 0),
    ],
)
def test_strict(inside: Run, project: Path, config: str, arguments: list[str], code: int) -> None:
    (project / "mrt-lint.toml").write_text(config)
    assert inside("check", *arguments, cwd=project).returncode == code


def test_json_of_a_real_run_keeps_its_schema(mrt_lint: Run, project: Path) -> None:
    result = mrt_lint("check", "--format", "json", "migrations/versions/b2_drop.py", cwd=project)
    document = json.loads(result.stdout)
    jsonschema.Draft202012Validator(schema()).validate(document)
    (finding,) = document["findings"]
    assert (finding["file"], finding["line"], finding["rule"]) == (
        "migrations/versions/b2_drop.py",
        10,
        "MRT201",
    )
    (migration,) = document["migrations"]
    assert (migration["revision"], migration["verdict"]) == ("b2", "lossy")
    assert [(loss["table"], loss["column"]) for loss in migration["losses"]] == [("users", "phone")]
    assert document["summary"]["errors"] == 1


def test_concise(inside: Run, project: Path) -> None:
    lines = inside("check", "-f", "concise", cwd=project).stdout.splitlines()
    assert lines[0].startswith("migrations/versions/b2_drop.py:10:5: MRT201 ")
    assert lines[1:] == ["Found 1 error in 2 migrations.", "Rollback: 1 lossy, 1 reversible."]


def test_verdicts(inside: Run, project: Path) -> None:
    text = inside("check", "--verdicts", cwd=project).stdout
    assert "a1  reversible  migrations/versions/a1_first.py" in text
    assert "b2  lossy       migrations/versions/b2_drop.py" in text


def test_output_goes_to_a_file(inside: Run, project: Path) -> None:
    result = inside("check", "-f", "json", "-o", "report.json", cwd=project)
    assert (result.returncode, result.stdout) == (
        1,
        "Found 1 error in 2 migrations. Written to report.json.\n",
    )
    assert json.loads((project / "report.json").read_text("utf-8"))["summary"]["errors"] == 1


def test_messages_name_other_files_as_the_user_sees_them(inside: Run, project: Path) -> None:
    (project / "migrations/versions/b2_again.py").write_text(DROP)
    lines = inside("check", "-f", "concise", "--select", "MRT906", cwd=project).stdout.splitlines()
    assert lines[0].startswith("migrations/versions/b2_again.py:2:")
    assert lines[0].endswith("revision b2 is also the id of migrations/versions/b2_drop.py")


def test_an_empty_folder_is_fine_and_says_so(inside: Run, tmp_path: Path) -> None:
    result = inside("check")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("No migrations found in the current folder")


def test_files_that_are_no_migrations_are_passed_over_silently(inside: Run, project: Path) -> None:
    (project / "app.py").write_text("x = 1\n")
    (project / "broken.py").write_text("def (\n")
    (project / "README.md").write_text("# x\n")
    result = inside("check", "app.py", "broken.py", "README.md", cwd=project)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_pre_commit_like_run_reports_only_on_what_is_given(inside: Run, project: Path) -> None:
    result = inside("check", "-f", "concise", "migrations/versions/a1_first.py", cwd=project)
    assert (result.returncode, result.stdout.splitlines()[0]) == (0, "No problems found in 1 migration.")


def test_noqa_on_the_closing_line_counts_and_does_not_change_the_verdict(
    mrt_lint: Run, project: Path
) -> None:
    path = project / "migrations" / "versions" / "b2_drop.py"
    text = DROP.replace(
        'op.drop_column("users", "phone")', 'op.drop_column(\n        "users",\n        "phone",\n    )'
    )
    path.write_text(text.replace("    )\n", "    )  # noqa: MRT201 -- numbers were never used\n", 1))
    result = mrt_lint("check", "-f", "concise", cwd=project)
    assert result.returncode == 0
    assert "(1 suppressed)" in result.stdout
    assert "1 lossy" in result.stdout


def test_rule_page_is_plain_when_piped(inside: Run) -> None:
    for word in ("MRT201", "mrt201", "drop-column", "DROP COLUMN in upgrade"):
        text = inside("rule", word).stdout
        assert text.startswith("# drop-column (MRT201)\n")
    for part in (
        "## What it does",
        "## Why is this bad?",
        "## Example",
        "## Use instead",
        "# MRT201",
        "```python",
    ):
        assert part in text
    assert "\x1b" not in text


def test_rules_table_and_json(inside: Run) -> None:
    rows = json.loads(inside("rules", "--format", "json").stdout)
    by_code = {row["code"]: row for row in rows}
    assert by_code["MRT201"]["pattern"] == "DROP COLUMN in upgrade"
    assert by_code["MRT201"]["severity"] == "error"
    assert [row["code"] for row in rows] == sorted(by_code)
    lines = inside("rules").stdout.splitlines()
    assert len(lines) == len(rows)
    assert any(line.split()[:4] == ["MRT201", "drop-column", "rollback", "error"] for line in lines)


def test_config_tells_values_and_where_they_come_from(inside: Run, project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.mrt-lint]\n\nstrict = true\ndatabase-version = "15.2"\n')
    result = inside("config", cwd=project)
    assert result.returncode == 0
    assert "strict = true  # pyproject.toml:3" in result.stdout
    assert 'database-version = "15.2"  # pyproject.toml:4' in result.stdout
    assert 'select = ["ALL"]  # default' in result.stdout
    assert "# database is not set  # default" in result.stdout
    from mrt_lint.config import toml

    assert toml.parse(result.stdout, "x")["strict"] is True


@pytest.mark.parametrize(
    ("arguments", "banned"),
    [
        (["version"], {"libcst", "sqlglot", "rich", "mrt_rules_alembic", "pluggy"}),
        (["--help"], {"libcst", "sqlglot", "rich"}),
        (["rules"], {"libcst", "sqlglot", "rich"}),
        (["config"], {"libcst", "sqlglot", "rich"}),
        (["check"], {"libcst", "sqlglot", "rich"}),
    ],
)
def test_imports_are_lazy(project: Path, arguments: list[str], banned: set[str]) -> None:
    code = (
        "import sys; from mrt_lint.cli import main; main(sys.argv[1:]);"
        f"print(sorted(set(sys.modules) & {banned!r}), file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=project, capture_output=True, text=True, check=False
    )
    assert result.stderr == "[]\n"


def test_a_reader_that_goes_away_is_no_error(project: Path) -> None:
    command = [sys.executable, "-m", "mrt_lint", "check", "-f", "json"]
    process = subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    _, errors = process.communicate(timeout=60)
    assert errors == b""
    assert process.returncode == 141


@pytest.mark.parametrize("debug", [{}, {"MRT_DEBUG": "1"}])
def test_an_internal_error_is_one_line_unless_debugging(project: Path, debug: dict[str, str]) -> None:
    code = (
        "import sys; import mrt_lint.lint.engine as e; from mrt_lint.cli import main\n"
        "def boom(*a, **k): raise KeyError('inner')\n"
        "e.check = boom\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    environment = {key: value for key, value in os.environ.items() if key != "MRT_DEBUG"}
    result = subprocess.run(
        [sys.executable, "-c", code, "check"],
        cwd=project,
        env={**environment, **debug},
        capture_output=True,
        text=True,
        check=False,
    )
    line = "mrt-lint: internal error: KeyError: 'inner'; please report it (--debug shows where)\n"
    assert result.returncode == 2
    assert result.stderr.endswith(line)
    assert ("Traceback" in result.stderr) is bool(debug)
    assert debug or result.stderr == line


def test_the_installed_command_is_the_same(project: Path) -> None:
    command = Path(sys.executable).with_name("mrt-lint")
    if not command.exists():
        pytest.skip("the console script is not installed beside this Python")
    result = subprocess.run([command, "check"], cwd=project, capture_output=True, text=True, check=False)
    assert result.returncode == 1


def terminal(arguments: list[str], cwd: Path, **environment: str) -> str:
    """Returns what the command prints to a terminal of 80 columns."""
    pty = pytest.importorskip("pty")
    import select

    leader, follower = pty.openpty()
    variables = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", **environment}
    variables.pop("NO_COLOR", None) if "NO_COLOR" not in environment else None
    process = subprocess.Popen(
        [sys.executable, "-m", "mrt_lint", *arguments],
        cwd=cwd,
        stdout=follower,
        stderr=follower,
        env=variables,
    )
    os.close(follower)
    pieces: list[bytes] = []
    while True:
        ready, _, _ = select.select([leader], [], [], 60)
        try:
            piece = os.read(leader, 65536) if ready else b""
        except OSError:
            piece = b""
        if not piece:
            break
        pieces.append(piece)
    process.wait(timeout=60)
    os.close(leader)
    return b"".join(pieces).decode()


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals on Windows")
@pytest.mark.parametrize(
    ("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_colours_only_on_a_terminal_that_wants_them(
    project: Path, environment: dict[str, str], coloured: bool
) -> None:
    text = terminal(["check"], project, **environment)
    assert ("\x1b[1;" in text) is coloured
    assert "MRT201" in text


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals on Windows")
def test_rule_page_on_a_terminal_is_rendered(project: Path) -> None:
    text = terminal(["rule", "MRT201"], project)
    assert "```" not in text
    assert "What it does" in text


def test_a_configuration_that_leads_nowhere_is_no_clean_check(inside: Run, tmp_path: Path) -> None:
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = nowhere\n", encoding="utf-8")
    result = inside("check", cwd=tmp_path)
    assert result.returncode == 2
    assert "script_location = 'nowhere' is no folder that can be found" in result.stderr
