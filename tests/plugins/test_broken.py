"""Broken plugins, installed for real: one line that names them, exit code 2, no traceback."""

from __future__ import annotations

from typing import Any

import pytest

RULE = '''
from mrt_lint.plugin import Lowered, Migration, Rule, Severity, hookimpl

class Mine(Rule):
    """Finds.

    ## What it does
    ## Why is this bad?
    ## Example
    ## Use instead
    """

    code, name, group, severity, on = "ZZZ1", "mine", "mine", Severity.ERROR, (Migration,)

    def check(self, subject, ctx):
        raise ValueError("mine is broken")

@hookimpl
def mrt_rules():
    return [Mine]
'''


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import nothing_called_this", " cannot be imported: ModuleNotFoundError"),
        ("def (", " cannot be imported: SyntaxError"),
        ("raise SystemExit(0)", " cannot be imported: SystemExit"),
        (RULE.replace('"ZZZ1"', '"zzz"'), ": rule Mine: code 'zzz' must be"),
        (RULE.replace("## Example", ""), ": rule Mine: the docstring lacks the heading '## Example'"),
        (RULE.replace("[Mine]", "1 / 0"), " failed in mrt_rules(): ZeroDivisionError"),
    ],
)
def test_one_line_and_exit_code_2(install: Any, mrt_lint: Any, code: str, said: str) -> None:
    result = mrt_lint("check", site=install("mrt-bad", code))
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"mrt-lint: plugin 'mrt-bad' (mrt-bad 1.0){said}")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("command", [["rules"], ["config"], ["rule", "ZZZ1"]])
def test_other_commands_that_need_plugins_say_the_same(
    install: Any, mrt_lint: Any, command: list[str]
) -> None:
    result = mrt_lint(*command, site=install("mrt-bad", "import nothing_called_this"))
    assert result.returncode == 2
    assert result.stderr.startswith("mrt-lint: plugin 'mrt-bad' (mrt-bad 1.0) cannot be imported")


def test_help_and_version_survive_a_broken_plugin(install: Any, mrt_lint: Any) -> None:
    site = install("mrt-bad", "import nothing_called_this")
    assert mrt_lint("version", site=site).returncode == 0
    result = mrt_lint("--help", site=site)
    assert result.returncode == 0
    assert "check" in result.stdout
    assert "plugin 'mrt-bad' (mrt-bad 1.0) cannot be imported" in result.stderr


def test_commands_and_formats_of_a_plugin(install: Any, mrt_lint: Any) -> None:
    site = install(
        "mrt-more",
        """
        from mrt_lint.lint.hookspecs import hookimpl

        @hookimpl
        def mrt_commands():
            import click

            @click.command("explain")
            @click.argument("word")
            def explain(word):
                "Explain something."
                click.echo(f"explained {word}")

            return [explain]

        @hookimpl
        def mrt_renderers():
            return {"count": lambda report, style: f"{len(report.findings)} findings\\n"}
        """,
    )
    result = mrt_lint("explain", "it", site=site)
    assert (result.returncode, result.stdout) == (0, "explained it\n")
    assert "Explain something." in mrt_lint("--help", site=site).stdout
    assert mrt_lint("check", "-f", "count", site=site).stdout == "0 findings\n"
    assert mrt_lint("explain", "it").returncode == 2


def test_a_format_that_fails_is_named(install: Any, mrt_lint: Any) -> None:
    site = install(
        "mrt-more",
        """
        from mrt_lint.lint.hookspecs import hookimpl

        @hookimpl
        def mrt_renderers():
            return {"bad": lambda report, style: 1 / 0}
        """,
    )
    result = mrt_lint("check", "-f", "bad", site=site)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "mrt-lint: the format 'bad' failed: ZeroDivisionError: division by zero\n"


@pytest.mark.parametrize("arguments", [["--debug", "check"], ["check", "--debug"]])
def test_debug_shows_where_a_plugin_fails(install: Any, mrt_lint: Any, arguments: list[str]) -> None:
    result = mrt_lint(*arguments, site=install("mrt-bad", "import nothing_called_this"))
    assert result.returncode == 2
    assert "Traceback" in result.stderr
    assert result.stderr.splitlines()[-1].startswith("mrt-lint: plugin 'mrt-bad'")


def test_a_rule_that_crashes_is_a_finding_with_a_traceback_for_debugging(
    install: Any, mrt_lint: Any, tmp_path: Any
) -> None:
    folder = tmp_path / "versions"
    folder.mkdir()
    (folder / "a.py").write_text('revision = "a"\ndown_revision = None\ndef upgrade():\n    pass\n')
    site = install("mrt-bad", RULE)
    result = mrt_lint("check", "-f", "concise", str(folder), site=site)
    assert result.returncode == 1
    assert "MRT900 rule ZZZ1 (mine) crashed: ValueError: mine is broken" in result.stdout
    assert result.stderr == ""
    assert "in check" in mrt_lint("check", "--debug", str(folder), site=site).stderr
