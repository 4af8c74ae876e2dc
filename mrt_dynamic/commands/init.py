"""`mrt-lint init`: sets a project up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mrt_dynamic.init.finding import Layout
    from mrt_dynamic.init.proposals import Proposal


@click.command()
@click.option("--yes", "-y", is_flag=True, help="Ask nothing: write what is new, leave alone what is there.")
@click.option("--dry-run", is_flag=True, help="Show what would be written.")
@click.option("--db-url", metavar="URL", help="Where scratch databases may be made.")
def init(yes: bool, dry_run: bool, db_url: str | None) -> int:
    """Set up mrt-lint in the current folder.

    Finds alembic.ini (here, in alembic/ or migrations/), [tool.alembic] or manage.py, writes the
    configuration and, where wanted, a conftest.py and a first test. Nothing is overwritten without asking.
    """
    from mrt_dynamic.init.finding import layout
    from mrt_dynamic.init.proposals import proposals
    from mrt_dynamic.init.url import as_toml, holds_password

    found = layout(Path.cwd())
    click.echo(f"Found {_words(found)}.")
    if found.kind == "nothing":
        click.echo(
            "No alembic.ini, [tool.alembic] or manage.py here: start mrt-lint init in the project's folder."
        )
        return 1
    asks = not (yes or dry_run)
    to_write = next(iter(proposals(found, None)))
    if db_url is None and asks and found.ini is not None and to_write.state != "unchanged":
        db_url = click.prompt(
            'Where may scratch databases be made? (a URL, or os.environ["NAME"]; empty: on this machine)',
            default="",
            show_default=False,
        )
    url = as_toml(db_url) if db_url else None
    if url is not None and holds_password(url):
        click.echo(
            'note: the password will stand in the file; os.environ["NAME"] instead of the URL keeps it out',
            err=True,
        )
    for each in proposals(found, url):
        _propose(each, found.root, asks, dry_run)
    _next(found)
    return 0


def _words(found: Layout) -> str:
    if found.kind == "nothing":
        return "no migrations"
    places = [place.as_posix() for place in (found.ini, found.manage) if place is not None]
    return f"{found.kind} ({', '.join(places)})"


def _propose(proposal: Proposal, root: Path, asks: bool, dry_run: bool) -> None:
    """Writes one file if it is wanted, and says what became of it."""
    shown = proposal.path.as_posix()
    if proposal.state == "unchanged":
        click.echo(f"{shown}: left as it is")
        return
    if dry_run:
        from mrt_dynamic.scratch.masking import masked

        click.echo(f"{shown}: would be {_DONE[proposal.state]}\n")
        click.echo(masked(_added(proposal, root)), nl=False)
        click.echo("")
        return
    if asks:
        wanted = click.confirm(
            f"{_ASK[proposal.state]} {shown} ({proposal.why})?", default=proposal.state != "replaced"
        )
    else:
        wanted = proposal.state != "replaced"
    if not wanted:
        click.echo(f"{shown}: left as it is")
        return
    from mrt_lint.commands.output import write

    write(root / proposal.path, proposal.text, shown)
    click.echo(f"{shown}: {_DONE[proposal.state]}")


_ASK = {"new": "Write", "extended": "Add our section to", "replaced": "Overwrite"}
_DONE = {"new": "written", "extended": "extended", "replaced": "overwritten"}


def _added(proposal: Proposal, root: Path) -> str:
    """Returns what is new in a file."""
    file = root / proposal.path
    if proposal.state != "extended":
        return proposal.text
    return proposal.text.removeprefix(file.read_bytes().decode("utf-8-sig")).lstrip("\r\n")


def _next(found: Layout) -> None:
    """Says what to do next."""
    from mrt_dynamic.init.texts import PRE_COMMIT, WORKFLOW

    steps = ["mrt-lint check      # reads the migrations, needs no database"]
    if found.ini is not None:
        steps += [
            "mrt-lint verify     # runs them on a scratch database",
            "mrt-lint drift PACKAGE.MODULE:BASE  # models against what the migrations make",
            "pytest              # the same as tests",
        ]
    click.echo("\nNext:\n" + "".join(f"  {step}\n" for step in steps))
    click.echo("For .pre-commit-config.yaml, below repos:\n")
    click.echo("".join(f"  {line}\n" for line in PRE_COMMIT.splitlines()))
    click.echo("For a workflow:\n")
    click.echo("".join(f"  {line}\n" for line in WORKFLOW.splitlines()), nl=False)
