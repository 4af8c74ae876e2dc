"""`mrt-lint rules`: the table of every rule that is installed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence

import click

from mrt_lint.commands.terminal import width


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
    room = width() if sys.stdout.isatty() else None
    for line in _lines(rows, room):
        click.echo(line)


def _lines(rows: Sequence[Mapping[str, object]], room: int | None) -> Iterator[str]:
    """Yields a line for each rule; where one would not fit into `room` columns, all summaries stand below."""
    from mrt_lint.render.text import wrapped

    columns = ("code", "name", "group", "severity")
    widths = {column: max((len(str(row[column])) for row in rows), default=0) for column in columns}
    facts = ["  ".join(f"{row[column]!s:<{widths[column]}}" for column in columns) for row in rows]
    summaries = [str(row["summary"]) + (" (opt-in)" if row["opt_in"] else "") for row in rows]
    longest = max(
        (len(f"{fact}  {summary}") for fact, summary in zip(facts, summaries, strict=True)), default=0
    )
    for fact, summary in zip(facts, summaries, strict=True):
        if room is None or longest <= room:
            yield f"{fact}  {summary}"
        else:
            yield fact.rstrip()
            yield from wrapped(summary, room, " " * (widths["code"] + 2))
