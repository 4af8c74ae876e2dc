"""`mrt-lint check`: lints migrations and prints a report."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mrt_lint.commands.flags import flags

if TYPE_CHECKING:
    from mrt_lint.lint.registry import Registry
    from mrt_lint.lint.report import Report
    from mrt_lint.render.style import Style

ONE_PATH = click.Path(path_type=Path)


def _listed(ctx: click.Context, parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...] | None:
    """Returns the comma-separated words of a repeatable option, None when it was not given."""
    words = tuple(word.strip() for value in values for word in value.split(",") if word.strip())
    if values and not words:
        raise click.BadParameter("names nothing", ctx, parameter)
    return words or None


@click.command()
@click.argument("paths", nargs=-1, type=ONE_PATH)
@click.option("--select", multiple=True, callback=_listed, help="Apply only these rules (codes, groups).")
@click.option("--extend-select", multiple=True, callback=_listed, help="Apply these rules too.")
@click.option("--ignore", multiple=True, callback=_listed, help="Do not apply these rules.")
@click.option("--database", metavar="NAME", help="The target database (postgresql, mysql, sqlite, ...).")
@click.option("--database-version", metavar="VERSION", help="Its oldest version in use, such as 8.0.12.")
@click.option("--strict/--no-strict", default=None, help="Fail on warnings too.")
@click.option("--format", "-f", "form", default="full", metavar="NAME", help="full (default), concise, json.")
@click.option("--output", "-o", type=ONE_PATH, help="Write the report to a file.")
@click.option("--verdicts", is_flag=True, help="List every migration with its verdict and the reasons.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 even when there are findings.")
@click.option("--config", "-c", "file", type=ONE_PATH, help="The configuration file to read.")
def check(
    paths: tuple[Path, ...],
    form: str,
    output: Path | None,
    verdicts: bool,
    exit_zero: bool,
    file: Path | None,
    **given: Any,
) -> int:
    """Check migrations.

    PATHS are migration files, folders or alembic.ini files; without any, the projects of the current
    folder. Of single files the whole history they belong to is read, but only they are reported on.

    Exit codes: 0 nothing that fails, 1 errors (with --strict: warnings too), 2 the run is wrong.
    """
    from mrt_lint.commands.progress import Progress
    from mrt_lint.config.load import load_settings
    from mrt_lint.lint.engine import check as run
    from mrt_lint.lint.plugins import installed
    from mrt_lint.lint.registry import build
    from mrt_lint.render.formats import renderer

    registry = build(installed())
    renderer(form, registry.renderers)
    start = paths[0] if paths else Path.cwd()
    raw = {key.replace("_", "-"): value for key, value in given.items()}
    settings = load_settings(file, start, raw, registry.options)
    with Progress() as progress:
        report = run(paths, settings, registry, progress=progress)
    if flags().debug:
        for crash in report.crashes:
            click.echo(f"{crash.what} on {crash.path}\n{crash.traceback}", err=True)
    _write(_rendered(form, report, _style(output, verdicts), registry), output)
    return 0 if exit_zero else report.exit_code


def _style(output: Path | None, verdicts: bool) -> Style:
    from mrt_lint.render.style import Style

    color = output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    color = color and os.environ.get("TERM") != "dumb"
    width = 80 if output is not None else shutil.get_terminal_size().columns
    return Style(color=color, width=width, verdicts=verdicts)


def _write(text: str, output: Path | None) -> None:
    from mrt_lint.errors import UsageError

    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise UsageError(f"cannot write {output}: {error.strerror or error}") from error


def _rendered(name: str, report: Report, style: Style, registry: Registry) -> str:
    from mrt_lint.errors import PluginError
    from mrt_lint.lint.plugins import one_line
    from mrt_lint.render.formats import renderer

    render = renderer(name, registry.renderers)
    if name not in registry.renderers:
        return render(report, style)
    try:
        return str(render(report, style))
    except Exception as error:
        raise PluginError(f"the format {name!r} failed: {one_line(error)}") from error
