"""`mrt-lint rules`: the table of every rule that is installed."""

from __future__ import annotations

import json
import shutil
import sys

import click


@click.command()
@click.option(
    "--format", "-f", "form", type=click.Choice(["table", "json"]), default="table", show_default=True
)
def rules(form: str) -> None:
    """List every rule: code, name, group, severity, summary."""
    from mrt_lint.lint.contract import documentation
    from mrt_lint.lint.plugins import installed
    from mrt_lint.lint.registry import build

    registry = build(installed())
    rows = [
        {
            "code": rule.code,
            "name": rule.name,
            "group": rule.group,
            "severity": rule.severity.value,
            "opt_in": rule.opt_in,
            "pattern": rule.pattern or rule.name,
            "summary": documentation(rule).partition("\n")[0],
            "plugin": registry.origins[rule.code].distribution,
        }
        for rule in registry.rules
    ]
    if form == "json":
        click.echo(json.dumps(rows, indent=2))
        return
    columns = ("code", "name", "group", "severity")
    widths = {column: max((len(str(row[column])) for row in rows), default=0) for column in columns}
    room = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for row in rows:
        cells = [f"{row[column]!s:<{widths[column]}}" for column in columns]
        summary = str(row["summary"]) + (" (opt-in)" if row["opt_in"] else "")
        click.echo("  ".join([*cells, summary])[:room])
