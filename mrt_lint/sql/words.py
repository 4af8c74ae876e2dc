"""Word lists."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """Returns the words of a text.

    >>> sorted(words("ASC DESC"))
    ['ASC', 'DESC']
    """
    return frozenset(text.split())
