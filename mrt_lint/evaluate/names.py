"""Sets of names, written as one text."""

from __future__ import annotations


def names(text: str) -> frozenset[str]:
    """Returns the words of a text as a set."""
    return frozenset(text.split())
