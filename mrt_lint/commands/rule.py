"""`mrt-lint rule CODE`: the documentation page of one rule."""

from __future__ import annotations

import sys

import click


@click.command()
@click.argument("code")
def rule(code: str) -> None:
    """Explain a rule, given by code (MRT201) or by name (drop-column)."""
    from mrt_lint.lint.page import page
    from mrt_lint.lint.plugins import installed
    from mrt_lint.lint.registry import build

    registry = build(installed())
    text = "\n".join(page(found, registry.origins[found.code].distribution) for found in registry.named(code))
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown
        from rich.theme import Theme

        Console(theme=Theme({"markdown.code": "bold"})).print(Markdown(text, code_theme="ansi_light"))
    else:
        click.echo(text, nl=False)
