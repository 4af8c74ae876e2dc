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
        (
            "import nothing_called_this",
            "plugin 'mrt-bad' (mrt-bad 1.0) cannot be imported: ModuleNotFoundError",
        ),
        ("def (", "plugin 'mrt-bad' (mrt-bad 1.0) cannot be imported: SyntaxError"),
        ("raise SystemExit(0)", "plugin 'mrt-bad' (mrt-bad 1.0) cannot be imported: SystemExit"),
        (RULE.replace('"ZZZ1"', '"zzz"'), "plugin 'mrt-bad' (mrt-bad 1.0): rule Mine: code 'zzz' must be"),
        (RULE.replace("## Example", ""), "rule Mine: the docstring lacks the heading '## Example'"),
        (
            RULE.replace("[Mine]", "1 / 0"),
            "plugin 'mrt-bad' (mrt-bad 1.0) failed in mrt_rules(): ZeroDivisionError",
        ),
    ],
)
@pytest.mark.parametrize("command", [["check"], ["rules"], ["config"], ["rule", "ZZZ1"]])
def test_one_line_and_exit_code_2(
    install: Any, mrt_lint: Any, code: str, said: str, command: list[str]
) -> None:
    if command != ["check"] and "cannot be imported: Module" not in said:
        pytest.skip("one case is enough for the other commands")
    result = mrt_lint(*command, site=install("mrt-bad", code))
    assert result.returncode == 2
    assert result.stdout == ""
    assert said in result.stderr
    assert result.stderr.startswith("mrt-lint: ")
    assert result.stderr.count("\n") == 1


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

            @click.command("verify")
            @click.argument("word")
            def verify(word):
                "Verify something."
                click.echo(f"verified {word}")

            return [verify]

        @hookimpl
        def mrt_renderers():
            return {"count": lambda report, style: f"{len(report.findings)} findings\\n"}
        """,
    )
    result = mrt_lint("verify", "it", site=site)
    assert (result.returncode, result.stdout) == (0, "verified it\n")
    assert "Verify something." in mrt_lint("--help", site=site).stdout
    assert mrt_lint("check", "-f", "count", site=site).stdout == "0 findings\n"
    assert mrt_lint("verify", "it").returncode == 2
