"""The plugin of the dynamic half: its commands. Imports nothing heavy; the libraries come when used."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mrt_lint.lint.hookspecs import hookimpl

if TYPE_CHECKING:
    import click


@hookimpl
def mrt_commands() -> Iterable[click.Command]:
    """Returns the commands of the dynamic half."""
    from mrt_dynamic.commands.drift import drift
    from mrt_dynamic.commands.init import init
    from mrt_dynamic.commands.verify import verify

    return (verify, drift, init)
