"""`mrt-lint verify`: runs migrations up and down on a throwaway database full of rows."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mrt_dynamic.report.formats import FORMATS
from mrt_lint.errors import UsageError

if TYPE_CHECKING:
    from mrt_dynamic.report.evidence import Evidence
    from mrt_dynamic.results import Verification

ONE_PATH = click.Path(path_type=Path)


class _Jobs(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic from click 8.2 on
    """A number of processes; `auto` and 0 stand for that of the CPUs."""

    name = "jobs"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = "0" if value == "auto" else str(value)
        if not (text.isascii() and text.isdigit()) or int(text) > _MOST:
            self.fail(f"{value!r} is neither a number from 0 to {_MOST} nor 'auto'.", param, ctx)
        return int(text) or os.cpu_count() or 1


_MOST = 64
JOBS = _Jobs()


@click.command()
@click.argument("revisions", nargs=-1, metavar="[REVISION]...")
@click.option("--alembic-ini", metavar="FILE", help="The project's alembic.ini (default: alembic.ini).")
@click.option(
    "--db-url", metavar="URL", help="Where a scratch database may be made; it is left alone itself."
)
@click.option(
    "--seed-rows", type=click.IntRange(min=0), metavar="N", help="Rows for each table (default: 3)."
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0),
    metavar="S",
    help="Seconds for a step; 0: no limit (default: 60).",
)
@click.option(
    "--isolation",
    type=click.Choice(["scratch", "in-place"]),
    help="in-place: work in the empty database that --db-url names.",
)
@click.option(
    "--strict-seeding", is_flag=True, default=None, help="Fail on every table that cannot be filled."
)
@click.option(
    "--allow-unverified", is_flag=True, default=None, help="Do not fail on what could not be verified."
)
@click.option(
    "--fail-on-irreversible", is_flag=True, default=None, help="Fail on migrations declared irreversible."
)
@click.option(
    "--no-post-upgrade-rows",
    "post_upgrade_rows",
    flag_value=False,
    default=None,
    type=bool,
    help="Do not test the downgrade on rows that only the new schema allows.",
)
@click.option("--since", metavar="REV", help="Test only what comes after this revision.")
@click.option("--min-revision", metavar="REV", help="At it and before it nothing is tested.")
@click.option(
    "--jobs",
    "-j",
    type=JOBS,
    default=1,
    metavar="N",
    help="Processes, each with a scratch database of its own; auto: one for each CPU (default: 1).",
)
@click.option(
    "--format",
    "-f",
    "form",
    type=click.Choice(list(FORMATS)),
    default="table",
    help="; ".join(f"{name}: {each.doc}" for name, each in FORMATS.items()) + ".",
)
@click.option("--output", "-o", type=ONE_PATH, metavar="FILE", help="Write the report to a file.")
@click.option("--config", "-c", "file", type=ONE_PATH, metavar="FILE", help="The configuration to read.")
def verify(
    revisions: tuple[str, ...],
    since: str | None,
    min_revision: str | None,
    timeout: float | None,
    form: str,
    output: Path | None,
    file: Path | None,
    jobs: int,
    **given: Any,
) -> int:
    """Run migrations up, down and up again on a throwaway database full of rows.

    Tests the REVISIONs that are named (default: all): what was there before the upgrade must be there
    after the downgrade, schema and rows. The database that --db-url names says only where a scratch
    database can be made; nothing in it is read or changed. env.py and the migrations are executed.

    Exit codes: 0 every revision passes, 1 one fails, 2 the run is wrong (refused, cannot connect, usage).
    """
    from mrt_dynamic.extras import require

    require()
    if output is not None and not output.absolute().parent.is_dir():
        # Not after all the work: nothing would be left of it.
        raise UsageError(f"cannot write {output}: there is no folder {output.parent}")
    from mrt_dynamic.commands.progress import Bar
    from mrt_dynamic.jobs.order import Order
    from mrt_dynamic.jobs.supervisor import supervised
    from mrt_dynamic.verify.request import Request

    cwd = Path.cwd()
    raw = {key.replace("_", "-"): value for key, value in given.items()}
    raw |= {"migration-timeout": timeout, "minimum-downgrade-revision": min_revision}
    order = Order(Request(revisions, since, cwd), raw, file, argues=FORMATS[form].argues)
    with Bar(sys.stderr) as progress:
        found = supervised(order, jobs, progress, meanwhile=lambda: _load(form))
    _show(found.verification, found.evidence, form, output)
    return 0 if found.verification.passed else 1


def _load(form: str) -> None:
    """Imports what the report needs, while the workers are busy."""
    import mrt_lint.commands.output
    import mrt_lint.render.style  # noqa: F401
    from mrt_dynamic.report.formats import renderer

    renderer(form)


def _show(verification: Verification, known: Evidence, form: str, output: Path | None) -> None:
    """Prints the report, or writes it and prints the counts."""
    from mrt_dynamic.report.counts import summary
    from mrt_dynamic.report.formats import renderer
    from mrt_lint.commands.output import write
    from mrt_lint.commands.terminal import WIDTH, colored, width
    from mrt_lint.render.style import Style

    style = Style(output is None and colored(), width() if output is None else WIDTH)
    text = renderer(form)(verification, style, known)
    if output is None:
        click.echo(text, nl=False, color=True)
        return
    write(output, text, str(output))
    click.echo(f"{summary(verification)} Written to {output}.")
