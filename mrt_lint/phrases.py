"""Phrases that messages and formats share: counts and lists in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def listed(items: Sequence[str]) -> str:
    """Returns `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def counted(number: int, noun: str) -> str:
    """Returns `1 error`, `2 errors`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def rollback(verdicts: Mapping[str, int]) -> str:
    """Returns how many migrations have each verdict in one sentence, empty when there are none.

    >>> rollback({"lossy": 1, "reversible": 8})
    'Rollback: 1 lossy, 8 reversible.'
    """
    counts = [f"{number} {verdict}" for verdict, number in verdicts.items()]
    return f"Rollback: {', '.join(counts)}." if counts else ""
