"""`mrt-lint rule CODE`: the documentation page of one rule."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from mrt_lint.commands.terminal import colored, width
from mrt_lint.errors import UsageError


@click.command()
@click.argument("code")
def rule(code: str) -> None:
    """Explain a rule, given by code (MRT201) or by name (drop-column)."""
    from mrt_lint.config.load import load_settings
    from mrt_lint.lint.custom import custom_checks
    from mrt_lint.lint.page import page
    from mrt_lint.lint.plugins import installed
    from mrt_lint.lint.registry import build

    registry = build(installed())
    try:
        rules = registry.named(code)
    except UsageError:  # it may be a check of this project
        registry = custom_checks(registry, load_settings(None, Path.cwd(), {}, registry.options))
        rules = registry.named(code)
    text = "\n".join(page(found, registry.origins[found.code].distribution) for found in rules)
    if sys.stdout.isatty() or colored():
        _show(text)
    else:
        click.echo(text, nl=False)


def _show(markdown: str) -> None:
    """Prints a page to a terminal, in the colours of reports: those that show on light and dark grounds."""
    from pygments.token import Comment, Keyword, String  # type: ignore[import-untyped, unused-ignore]
    from rich.markdown import Markdown
    from rich.style import Style
    from rich.syntax import ANSISyntaxTheme
    from rich.theme import Theme

    from mrt_lint.render.text import STYLES, console

    code = {Comment: STYLES["info"], Keyword: STYLES["strong"], String: STYLES["good"]}
    theme = ANSISyntaxTheme({kind: Style.parse(style) for kind, style in code.items()})
    shown = console(sys.stdout, colored(), width())
    heading = {f"markdown.h{level}": "bold" for level in range(1, 7)}
    shown.push_theme(Theme({"markdown.code": "bold", "markdown.item.number": "bold", **heading}))
    shown.print(Markdown(markdown, code_theme=theme))  # type: ignore[arg-type]
