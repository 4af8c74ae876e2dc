"""Where a report goes: rendered to the terminal or into a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mrt_lint.commands.terminal import WIDTH, colored, width
from mrt_lint.errors import PluginError, UsageError
from mrt_lint.render.style import Style

if TYPE_CHECKING:
    from mrt_lint.lint.registry import Registry
    from mrt_lint.lint.report import Report


def check_form(form: str, statistics: bool, registry: Registry) -> None:
    """Raises UsageError for a format that does not exist, or that cannot be counted."""
    from mrt_lint.render.formats import renderer
    from mrt_lint.render.statistics import FORMATS

    renderer(form, registry.renderers)
    if statistics and form not in FORMATS:
        raise UsageError(f"--statistics goes with the formats {', '.join(FORMATS)}, not {form}")


def show(
    report: Report, form: str, output: Path | None, verdicts: bool, counted: bool, reg: Registry
) -> None:
    """Prints the report, or writes it and prints one line. Raises UsageError when it cannot be written."""
    style = Style(
        color=output is None and colored(), width=width() if output is None else WIDTH, verdicts=verdicts
    )
    text = _counted(report, style, form) if counted else _rendered(report, style, form, reg)
    if output is None:
        click.echo(text, nl=False, color=True)
        return
    write(output, text, str(output))
    click.echo(f"{_summary(report)} Written to {output}.")


def write(path: Path, text: str, shown: str) -> None:
    """Writes a file as UTF-8. Raises UsageError in one line when that fails."""
    try:
        path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise UsageError(f"cannot write {shown}: {error.strerror or error}") from error


def unsaved_text() -> bytes:
    """Returns what is on stdin, as bytes."""
    stream = getattr(sys.stdin, "buffer", None)
    data: bytes = stream.read() if stream is not None else sys.stdin.read().encode("utf-8")
    return data


def _summary(report: Report) -> str:
    from mrt_lint.render.wording import notes, summary

    if report.files or report.findings:
        return summary(report)
    return " ".join(notes(report)) or "Nothing to report on."


def _counted(report: Report, style: Style, form: str) -> str:
    from mrt_lint.render.statistics import render

    return render(report, style, form)


def _rendered(report: Report, style: Style, form: str, registry: Registry) -> str:
    from mrt_lint.lint.plugins import one_line
    from mrt_lint.render.formats import renderer

    render = renderer(form, registry.renderers)
    if form not in registry.renderers:
        return render(report, style)
    try:
        return str(render(report, style))
    except Exception as error:
        raise PluginError(f"the format {form!r} failed: {one_line(error)}") from error
