"""Plain functions of the configuration as checks."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from tests.cli.conftest import DROP, Run

CHECK = """
from mrt_lint.plugin import RiskWarning


def no_drop(migration):
    return [
        RiskWarning(migration.revision, migration.filename, "No drops here", f"{call.method} is not done here",
                    "warning", call.node.lineno)
        for call in migration.upgrade_calls()
        if call.method.startswith("drop_")
    ]


no_drop.pattern = "No drops here"
"""


@pytest.fixture
def checked(project: Path):
    """Returns a function that writes a module of checks and a configuration that names some of them."""

    def write(code: str, *names: str, more: str = "") -> Path:
        (project / "own_checks.py").write_text(dedent(code))
        listed = ", ".join(json.dumps(name) for name in names)
        (project / "mrt-lint.toml").write_text(f'ignore = ["MRT201"]\ncustom-checks = [{listed}]\n{more}')
        return project

    yield write
    for name in [name for name in sys.modules if "own_checks" in name]:
        del sys.modules[name]


@pytest.mark.parametrize("name", ["own_checks:no_drop", "own_checks.py:no_drop", "./own_checks.py:no_drop"])
def test_a_function_by_module_or_file(inside: Run, checked, name: str) -> None:
    result = inside("check", "-f", "concise", cwd=checked(CHECK, name))
    assert result.stdout.splitlines()[0] == (
        "migrations/versions/b2_drop.py:10:5: CUSTOM001 drop_column is not done here"
    )
    assert result.returncode == 0


def test_from_a_folder_below(inside: Run, checked) -> None:
    project = checked(CHECK, "own_checks:no_drop")
    assert "CUSTOM001" in inside("check", cwd=project / "migrations" / "versions").stdout


@pytest.mark.parametrize(
    ("more", "arguments", "code"),
    [
        ("strict = true", [], 1),
        ('severity = {"no-drop" = "error"}', [], 1),
        ('severity = {"CUSTOM001" = "error"}', [], 1),
        ('severity = {"no drops HERE" = "error"}', [], 1),
        ('severity = {"custom" = "error"}', [], 1),
        ('severity = {"No Drop" = "error"}\nper-file-ignores = {"b2_*" = ["CUSTOM001"]}', [], 0),
        ("strict = true", ["--ignore", "CUSTOM"], 0),
        ("strict = true", ["--select", "MRT9"], 0),
        ("strict = true", ["--select", "custom"], 1),
    ],
)
def test_selection_and_severity(inside: Run, checked, more: str, arguments: list[str], code: int) -> None:
    project = checked(CHECK, "own_checks:no_drop", more=more)
    assert inside("check", *arguments, cwd=project).returncode == code


@pytest.mark.parametrize("comment", ["# noqa: CUSTOM001", "# mrt: ignore[CUSTOM001]", "# mrt: ignore"])
def test_suppressions(inside: Run, checked, comment: str) -> None:
    project = checked(CHECK, "own_checks:no_drop")
    path = project / "migrations/versions/b2_drop.py"
    path.write_text(DROP.replace('"phone")\n', f'"phone")  {comment}\n', 1))
    text = inside("check", "-f", "concise", cwd=project).stdout
    assert text.startswith("No problems found in 2 migrations (1 suppressed).")


def test_codes_of_its_own(inside: Run, checked) -> None:
    code = (
        CHECK.replace("call.node.lineno)", "call.node.lineno, 'ACME007')") + "\n\nno_drop.code = 'ACME001'\n"
    )
    project = checked(code, "own_checks:no_drop", more='severity = {"ACME001" = "error"}')
    result = inside("check", "-f", "json", cwd=project)
    (finding,) = json.loads(result.stdout)["findings"]
    assert (finding["rule"], finding["name"], finding["pattern"], finding["severity"]) == (
        "ACME007",
        "no-drop",
        "No drops here",
        "error",
    )
    assert inside("check", "--ignore", "ACME001", cwd=project).returncode == 0
    path = project / "migrations/versions/b2_drop.py"
    path.write_text(DROP.replace('"phone")\n', '"phone")  # noqa: ACME007\n', 1))
    assert inside("check", cwd=project).returncode == 0


def test_what_a_check_is_given(inside: Run, checked) -> None:
    code = """
    from mrt_lint.plugin import RiskWarning
    SEEN = {}
    def look(m):
        calls = m.upgrade_calls()
        SEEN[m.revision] = (
            m.filename, m.source, m._parse_error, sorted(m.upgrade_methods()), sorted(m.downgrade_methods()),
            [(c.method, c.in_batch, c.node.lineno, m.str_arg(c, 0), m.str_arg(c.node, 1), dict(c.kw)) for c in calls],
        )
        return []
    """
    project = checked(code, "own_checks:look")
    text = DROP.replace(
        '    op.drop_column("users", "phone")\n',
        '    with op.batch_alter_table("users") as batch:\n'
        '        batch.drop_column("phone", mssql_drop_check=True, x=f())\n'
        '    op.f(op.g("a"), name)\n'
        "    def inner():\n        op.hidden()\n",
    )
    (project / "migrations/versions/b2_drop.py").write_text(text)
    assert inside("check", "--select", "custom", cwd=project).returncode == 0
    seen = sys.modules["own_checks"].SEEN
    name, source, trouble, up, down, calls = seen["b2"]
    assert (name, source, trouble) == ("b2_drop.py", text, None)
    assert up == ["batch_alter_table", "drop_column", "f", "g"]
    assert {"add_column", "Column", "String"} <= set(down)
    batch, drop, f, g = calls
    assert batch == ("batch_alter_table", False, 10, "users", None, {})
    assert drop[:5] == ("drop_column", True, 11, "phone", None)
    assert drop[5]["mssql_drop_check"] is True
    assert drop[5]["x"].func.id == "f"
    assert (f[0], f[3], g[0], g[3]) == ("f", None, "g", "a")
    assert set(seen) == {"a1", "b2"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise ValueError('two\\nlines')", "ValueError: two lines"),
        ("raise SystemExit(0)", "RuntimeError: a check must not end the run: SystemExit(0)"),
        ("return None", "returned None, which is no list of RiskWarning"),
        ("return 'text'", "returned 'text', which is no list"),
        ("return [1]", "returned 1 in its list, which is no RiskWarning"),
        ("return [W('r', 'f', 'p', 'm', 'fatal')]", "severity 'fatal' must be 'error', 'warning' or 'info'"),
        ("return [W('r', 'f', 'p', 'm', 'error', 999)]", "RiskWarning.line 999 is no line of the file"),
        (
            "return [W('r', 'f', 'p', 'm', 'error', None, 'x')]",
            "RiskWarning.code 'x' must be capital letters",
        ),
    ],
)
def test_a_crash_is_a_finding_on_the_file(inside: Run, checked, body: str, said: str) -> None:
    code = f"from mrt_lint.plugin import RiskWarning as W\n\n\ndef bad(m):\n    {body}\n"
    result = inside(
        "check", "-f", "concise", "migrations/versions/b2_drop.py", cwd=checked(code, "own_checks:bad")
    )
    assert result.returncode == 1
    assert "b2_drop.py:2:1: MRT900 rule CUSTOM001 (bad) crashed: " in result.stdout
    assert said in result.stdout
    assert result.stderr == ""


def test_a_warning_without_a_line_stands_on_the_revision(inside: Run, checked) -> None:
    code = """
    class Anything:
        revision = file = ""; pattern = "p"; message = "seen"; severity = "info"; line = None; code = ""
    def look(m):
        yield Anything()
    """
    text = inside("check", "-f", "concise", cwd=checked(code, "own_checks:look")).stdout
    assert "b2_drop.py:2:1: CUSTOM001 seen" in text


@pytest.mark.parametrize(
    ("code", "names", "said"),
    [
        ("", ["gone:fn"], "'gone:fn': there is no module 'gone' beside the configuration"),
        ("", ["own_checks.py:fn"], "'fn' does not exist in own_checks.py"),
        ("def look(m): ...", ["own_checks:lok"], "'lok' does not exist in own_checks; did you mean 'look'?"),
        ("look = 3", ["own_checks:look"], "'look' is no function in own_checks"),
        (
            "import gone_too",
            ["own_checks:look"],
            "cannot be imported: ModuleNotFoundError: No module named 'gone_too'",
        ),
        ("def (", ["own_checks.py:look"], "cannot be imported: SyntaxError"),
        ("raise SystemExit(3)", ["own_checks:look"], "cannot be imported: SystemExit: 3"),
        ("", ["gone.py:look"], "cannot be imported: FileNotFoundError: no such file"),
        ("", ["look"], "must hold functions as 'package.module:function' or 'file.py:function', not 'look'"),
        ("", ["a:b c"], "must hold functions as"),
        ("def a(m): ...\na.code = 'MRT201'", ["own_checks:a"], "code 'MRT201' is taken by drop-column"),
        (
            "def a(m): ...\na.code = 'x'",
            ["own_checks:a"],
            "code 'x' must be capital letters followed by digits",
        ),
        ("def a(m): ...", ["own_checks:a", "own_checks:a"], "there is a rule called 'a' already"),
    ],
)
def test_what_is_no_check_is_one_line(inside: Run, checked, code: str, names: list[str], said: str) -> None:
    project = checked(code, *names)
    for command in ("check", "config"):
        result = inside(command, cwd=project)
        if command == "check" or "must hold" in said:
            assert result.stdout == ""
        assert result.returncode == 2
        assert result.stderr.startswith("mrt-lint: mrt-lint.toml:2: 'custom-checks'")
        assert said in result.stderr
        assert result.stderr.count("\n") == 1


def test_its_page(inside: Run, checked) -> None:
    code = CHECK.replace(
        "def no_drop(migration):", 'def no_drop(migration):\n    """Says no to every drop."""'
    )
    project = checked(code, "own_checks:no_drop")
    for word in ("CUSTOM001", "no-drop", "No Drop"):
        text = inside("rule", word, cwd=project).stdout
        assert text.startswith("# no-drop (CUSTOM001)")
        assert "Says no to every drop." in text
    result = inside("rule", "no-drp", cwd=project)
    assert (result.returncode, result.stdout) == (2, "")
    assert "did you mean 'no-drop'?" in result.stderr


def test_the_path_is_not_taken_over(inside: Run, checked) -> None:
    project = checked(CHECK, "own_checks:no_drop")
    inside("check", cwd=project)
    assert sys.path[0] != str(project)
    sys.path.remove(str(project))
