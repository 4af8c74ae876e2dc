"""`mrt-lint drift`: models against the migrated schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


@click.command()
@click.argument("models", metavar="PACKAGE.MODULE:BASE", required=False)
@click.option(
    "--config", "-c", "ini", metavar="FILE", help="The project's alembic.ini (default: alembic.ini)."
)
@click.option(
    "--db-url", metavar="URL", help="Where a scratch database may be made; with --live: what to compare."
)
@click.option(
    "--live", is_flag=True, help="Compare the database that --db-url names, as it is; it is only read."
)
def drift(models: str | None, ini: str | None, db_url: str | None, live: bool) -> int:
    """Compare models with what the migrations make of an empty database.

    PACKAGE.MODULE:BASE is a declarative base or a MetaData (default: target-metadata of the
    configuration). Exit codes: 0 no difference, 1 differences, 2 the run is wrong.
    """
    from mrt_dynamic.extras import require

    require()
    from mrt_dynamic.drift.run import live as live_drift
    from mrt_dynamic.drift.run import metadata_of, migrated
    from mrt_dynamic.verify.configuration import configuration
    from mrt_dynamic.verify.run import Verifier
    from mrt_dynamic.verify.settings import verify_settings
    from mrt_lint.errors import UsageError
    from mrt_lint.phrases import counted

    cwd = Path.cwd()
    settings = configuration(cwd)
    named: Any = models or dict(settings["verify"]).get("target-metadata")
    if named is None:
        raise UsageError(
            "no models: mrt-lint drift PACKAGE.MODULE:BASE, or set target-metadata in [tool.mrt-lint.verify]"
        )
    chosen = verify_settings(settings, {"alembic-ini": ini, "db-url": db_url}, cwd)
    verifier = Verifier(chosen)
    if live:
        if chosen.db_url is None:
            raise UsageError("--live needs --db-url URL, the database to compare")
        metadata = metadata_of(named, verifier.project)
        found, where = live_drift(chosen.db_url, metadata), "the database"
    else:
        with verifier:
            compared = migrated(verifier, metadata_of(named, verifier.project, verifier.scratch))
            found, where = compared.found, f"the migrations (on {verifier.scratch.title})"
        for note in compared.notes:
            click.echo(f"note: {note}", err=True)
    for each in found:
        click.echo(each.message)
    if found:
        click.echo(f"{counted(len(found), 'difference')} between the models and {where}.")
        return 1
    click.echo(f"The models and {where} agree.")
    return 0
