"""Writes docs/rules.md from the installed rules: `python docs/generate.py` (`--check`: only compare)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from mrt_lint.lint.contract import documentation
from mrt_lint.lint.page import page
from mrt_lint.lint.plugins import installed
from mrt_lint.lint.registry import build
from mrt_lint.lint.rule import Rule

TARGET = Path(__file__).with_name("rules.md")


def text() -> str:
    """Returns the whole page: a table of the rules, then the documentation of each."""
    own = [plugin for plugin in installed() if plugin.distribution.startswith("mrt-lint ")]
    rules = build(own).rules
    return "\n".join([*_table(rules), *(_shifted(page(rule)) for rule in rules)]).rstrip() + "\n"


def _table(rules: tuple[Rule, ...]) -> Iterator[str]:
    yield "# Rules"
    yield ""
    yield "Generated from the rules themselves by `python docs/generate.py`; `mrt-lint rule CODE` shows the same."
    yield ""
    yield "| code | name | group | severity | what it finds |"
    yield "| --- | --- | --- | --- | --- |"
    for rule in rules:
        summary = documentation(rule).partition("\n")[0]
        yield f"| [{rule.code}](#{rule.name}-{rule.code.lower()}) | {rule.name} | {rule.group} | {rule.severity.value} | {summary} |"
    yield ""


def _shifted(markdown: str) -> str:
    """Returns a page with every heading one level deeper."""
    fenced = False
    lines = []
    for line in markdown.splitlines():
        fenced = fenced != line.lstrip().startswith("```")
        lines.append("#" + line if line.startswith("#") and not fenced else line)
    return "\n".join([*lines, ""])


def main() -> None:
    """Writes the page, or with `--check` says whether it is fresh."""
    fresh = text()
    if "--check" not in sys.argv:
        TARGET.write_text(fresh, encoding="utf-8")
    elif not TARGET.exists() or TARGET.read_text(encoding="utf-8") != fresh:
        sys.exit("docs/rules.md is not fresh: run `python docs/generate.py`")


if __name__ == "__main__":
    main()
