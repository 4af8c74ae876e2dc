"""Holes: the identifiers that stand in SQL text for parts known only when the migration runs."""

from __future__ import annotations

import re
from typing import Final

HOLE_PREFIX: Final = "mrt_hole_"
"""A caller writes the n-th unknown part of a text as the identifier `mrt_hole_<n>`."""


def is_hole(name: str) -> bool:
    """Returns whether a name is, or holds, an unknown part.

    >>> is_hole("mrt_hole_0"), is_hole("ix_MRT_HOLE_3_email"), is_hole("users")
    (True, True, False)
    """
    return HOLE_PREFIX in name.lower()


def has_hole(text: str) -> bool:
    """Returns whether a text (a name, an expression, a statement) holds an unknown part."""
    return is_hole(text)


_HOLE: Final = re.compile(rf"\w*{HOLE_PREFIX}\w*", re.IGNORECASE)


def readable(text: str) -> str:
    """Returns a text for people: each hole as `{...}`, with what of its name was known around it gone.

    >>> readable("DELETE FROM users WHERE age > mrt_hole_upgrade_13_5")
    'DELETE FROM users WHERE age > {...}'
    """
    return _HOLE.sub("{...}", text) if is_hole(text) else text
