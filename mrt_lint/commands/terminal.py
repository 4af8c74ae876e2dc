"""What the terminal can show: its width, and whether it wants colours."""

from __future__ import annotations

import os
import sys

WIDTH = 80
"""Columns of everything that is no terminal."""


def colored() -> bool:
    """Returns whether stdout gets colours: on a terminal, unless the environment says otherwise.

    `NO_COLOR` (no-color.org) wins over `FORCE_COLOR` (force-color.org); each counts when it is not empty.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Returns the columns of stdout."""
    if not sys.stdout.isatty():
        return WIDTH
    from shutil import get_terminal_size

    return get_terminal_size((WIDTH, 24)).columns
