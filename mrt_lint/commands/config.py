"""`mrt-lint config`: every key, its value, and where the value comes from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option(
    "--config", "-c", "file", type=click.Path(path_type=Path), help="The configuration file to read."
)
def config(path: Path | None, file: Path | None) -> None:
    """Show what applies to PATH (default: the current folder) and where it comes from."""
    from mrt_lint.config.load import load_settings
    from mrt_lint.lint.custom import custom_checks
    from mrt_lint.lint.plugins import installed
    from mrt_lint.lint.registry import build
    from mrt_lint.lint.select import per_file_ignores, selected, severities

    registry = build(installed())
    settings = load_settings(file, path or Path.cwd(), {}, registry.options)
    registry = custom_checks(registry, settings)
    severities(settings, registry)
    per_file_ignores(settings, registry)
    chosen = selected(settings, registry)
    click.echo(f"# Configuration file: {settings.file or 'none found'}")
    for plugin in registry.plugins:
        click.echo(f"# Plugin: {plugin.name} ({plugin.distribution})")
    click.echo(f"# Rules that apply: {len(chosen)} of {len(registry.rules)}")
    for option in settings.options:
        value = settings[option.name]
        click.echo("")
        click.echo(f"# {option.doc}")
        table = option.example.startswith("{")
        shown = (
            f"{option.name} = {toml(value, table)}" if value is not None else f"# {option.name} is not set"
        )
        click.echo(f"{shown}  # {settings.where(option.name)}")


def toml(value: Any, table: bool = False) -> str:
    """Returns a parsed value as TOML; `table`: what an empty one is.

    >>> toml((("MRT407", "error"),)), toml((15, 3)), toml(("ALL",)), toml((), True)
    ('{ "MRT407" = "error" }', '"15.3"', '["ALL"]', '{}')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        value = tuple(value.items())
        table = True
    if isinstance(value, tuple | list):
        if value and all(isinstance(item, int) for item in value) and not table:
            return json.dumps(".".join(str(item) for item in value))
        if table or (value and all(isinstance(item, tuple) for item in value)):
            pairs = ", ".join(f"{json.dumps(key)} = {toml(inner)}" for key, inner in value)
            return f"{{ {pairs} }}" if pairs else "{}"
        return "[" + ", ".join(toml(item) for item in value) + "]"
    return json.dumps(value) if isinstance(value, str) else str(value)
