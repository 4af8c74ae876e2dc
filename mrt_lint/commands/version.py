"""`mrt-lint version`."""

from __future__ import annotations

import platform

import click

from mrt_lint.version import __version__


@click.command()
def version() -> None:
    """Print the version."""
    click.echo(f"mrt-lint {__version__} (Python {platform.python_version()})")
