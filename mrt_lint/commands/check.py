"""`mrt-lint check`: lints migrations and prints a report."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mrt_lint.commands.flags import flags
from mrt_lint.errors import UsageError

if TYPE_CHECKING:
    from mrt_lint.lint.report import Record
    from mrt_lint.lint.request import Unsaved

ONE_PATH = click.Path(path_type=Path)
STDIN = Path("-")


def _listed(ctx: click.Context, parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...] | None:
    """Returns the comma-separated words of a repeatable option, None when it was not given."""
    words = tuple(word.strip() for value in values for word in value.split(",") if word.strip())
    if values and not words:
        raise click.BadParameter("names nothing", ctx, parameter)
    return words or None


@click.command()
@click.argument("paths", nargs=-1, type=ONE_PATH)
@click.option(
    "--select",
    multiple=True,
    callback=_listed,
    metavar="RULES",
    help="Apply only these rules (codes, groups).",
)
@click.option(
    "--extend-select", multiple=True, callback=_listed, metavar="RULES", help="Apply these rules too."
)
@click.option("--ignore", multiple=True, callback=_listed, metavar="RULES", help="Do not apply these rules.")
@click.option("--check-compat/--no-check-compat", default=None, help="Apply the group rolling-deploy too.")
@click.option("--database", metavar="NAME", help="The target database (postgresql, mysql, sqlite, ...).")
@click.option("--database-version", metavar="VERSION", help="Its oldest version in use, such as 8.0.12.")
@click.option("--since", metavar="REV", help="Report only what comes after this revision.")
@click.option(
    "--min-revision", metavar="REV", help="Up to this revision only the rules about the history speak."
)
@click.option("--changed", metavar="GIT_REF", help="Report only what was added or changed against a commit.")
@click.option("--baseline", metavar="FILE", help="Do not report again what this file holds.")
@click.option("--write-baseline", is_flag=True, help="Record all findings in the baseline; exit 0.")
@click.option("--strict/--no-strict", default=None, help="Fail on warnings too.")
@click.option(
    "--fail-on", multiple=True, callback=_listed, metavar="VERDICTS", help="Fail on these verdicts too."
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 even when something fails.")
@click.option(
    "--format",
    "-f",
    "form",
    default="full",
    metavar="NAME",
    help="full (default), concise, table, json, github, or a plugin's.",
)
@click.option("--output", "-o", type=ONE_PATH, metavar="FILE", help="Write the report to a file.")
@click.option("--verdicts", is_flag=True, help="List every migration with its verdict and the reasons.")
@click.option("--statistics", is_flag=True, help="Count the findings of each rule instead of listing them.")
@click.option(
    "--stdin-filename", type=ONE_PATH, metavar="NAME", help="With the path -: the file that stdin is for."
)
@click.option("--config", "-c", "file", type=ONE_PATH, metavar="FILE", help="The configuration to read.")
def check(
    paths: tuple[Path, ...],
    since: str | None,
    changed: str | None,
    write_baseline: bool,
    form: str,
    output: Path | None,
    verdicts: bool,
    statistics: bool,
    exit_zero: bool,
    stdin_filename: Path | None,
    file: Path | None,
    **given: Any,
) -> int:
    """Check migrations.

    PATHS are migration files, folders or alembic.ini files; without any, the projects of the current
    folder. Of single files the whole history they belong to is read, but only they are reported on.
    With --stdin-filename NAME and the path -, standard input stands in for that file.

    Exit codes: 0 nothing that fails, 1 errors (with --strict: warnings too), 2 the run is wrong.
    """
    from mrt_lint.commands.output import check_form, show
    from mrt_lint.commands.progress import Progress
    from mrt_lint.config.load import load_settings
    from mrt_lint.lint.custom import custom_checks
    from mrt_lint.lint.engine import check as run
    from mrt_lint.lint.halves import processes
    from mrt_lint.lint.plugins import installed
    from mrt_lint.lint.registry import build
    from mrt_lint.lint.request import Request

    registry = build(installed())
    check_form(form, statistics, registry)
    unsaved = _unsaved(paths, stdin_filename)
    start = stdin_filename or (paths[0] if paths else Path.cwd())
    raw = {key.replace("_", "-"): value for key, value in given.items()}
    settings = load_settings(file, start, raw, registry.options)
    registry = custom_checks(registry, settings)
    request = Request(since, changed, unsaved, write_baseline, processes())
    with Progress() as progress:
        report = run(
            [stdin_filename] if stdin_filename else paths,
            settings,
            registry,
            progress=progress,
            request=request,
        )
    if flags().debug:
        for crash in report.crashes:
            click.echo(f"{crash.what} on {crash.path}\n{crash.traceback}", err=True)
    if report.record is not None:
        return _recorded(report.record)
    show(report, form, None if output == STDIN else output, verdicts, statistics, registry)
    return 0 if exit_zero else report.exit_code


def _unsaved(paths: Sequence[Path], name: Path | None) -> Unsaved | None:
    """Returns what stdin holds, None if it is not asked for. Raises UsageError for half of the request."""
    if name is None:
        if STDIN in paths:
            raise UsageError("'-' needs --stdin-filename NAME, the migration that standard input stands for")
        return None
    if list(paths) != [STDIN]:
        raise UsageError(
            "--stdin-filename goes with the one path '-': mrt-lint check --stdin-filename NAME -"
        )
    if name.is_dir():
        raise UsageError(f"--stdin-filename: {name.as_posix()} is a folder, not a migration")
    from mrt_lint.commands.output import unsaved_text
    from mrt_lint.lint.request import Unsaved

    return Unsaved(Path(os.path.realpath(name)), unsaved_text())


def _recorded(record: Record) -> int:
    """Writes the baseline that was asked for and says so."""
    from mrt_lint.commands.output import write
    from mrt_lint.phrases import counted

    write(record.path, record.text, record.shown)
    click.echo(f"Recorded {counted(record.count, 'finding')} in {record.shown}; commit it.")
    return 0
