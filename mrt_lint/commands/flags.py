"""Flags that hold for a whole run, whichever command it is."""

from __future__ import annotations

import os
from dataclasses import field

import click

from mrt_lint.classes import dataclass


def _from_environment() -> bool:
    return os.environ.get("MRT_DEBUG", "") not in ("", "0")


@dataclass(slots=True)
class Flags:
    """`debug`: show tracebacks."""

    debug: bool = field(default_factory=_from_environment)


def flags() -> Flags:
    """Returns the flags of the command that runs."""
    return click.get_current_context().ensure_object(Flags)


def note_debug(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    """Turns `debug` on when the option is there."""
    if value:
        ctx.find_root().ensure_object(Flags).debug = True
