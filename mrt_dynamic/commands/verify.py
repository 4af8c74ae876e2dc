"""`mrt-lint verify`: runs migrations up and down on a throwaway database full of rows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from mrt_dynamic.results import Verification
    from mrt_dynamic.static import Predictions

ONE_PATH = click.Path(path_type=Path)


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
    "--format",
    "-f",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    help="table (default) or json.",
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
    from mrt_dynamic.commands.progress import Bar
    from mrt_dynamic.static import findings, predictions
    from mrt_dynamic.verify.configuration import configuration
    from mrt_dynamic.verify.request import Request
    from mrt_dynamic.verify.run import verify as run
    from mrt_dynamic.verify.settings import verify_settings

    cwd = Path.cwd()
    settings = configuration(cwd, file)
    raw = {key.replace("_", "-"): value for key, value in given.items()}
    raw |= {"migration-timeout": timeout, "minimum-downgrade-revision": min_revision}
    request = Request(revisions, since, cwd)
    chosen = verify_settings(settings, raw, cwd)
    with Bar(sys.stderr) as progress:
        verification = run(chosen, request, progress=progress)
    predicted: Predictions = {}
    if form == "table" and not verification.passed:
        predicted = predictions(lambda: findings(chosen.alembic_ini, settings, cwd))
    _show(verification, predicted, form, output)
    return 0 if verification.passed else 1


def _show(verification: Verification, predicted: Predictions, form: str, output: Path | None) -> None:
    """Prints the report, or writes it and prints the counts."""
    from mrt_dynamic.report import json, table
    from mrt_dynamic.report.counts import summary
    from mrt_lint.commands.output import write
    from mrt_lint.commands.terminal import WIDTH, colored, width
    from mrt_lint.render.style import Style

    style = Style(output is None and colored(), width() if output is None else WIDTH)
    text = json.render(verification) if form == "json" else table.render(verification, style, predicted)
    if output is None:
        click.echo(text, nl=False, color=True)
        return
    write(output, text, str(output))
    click.echo(f"{summary(verification)} Written to {output}.")
