"""Errors of the user's making, told by pytest in one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest

from mrt_lint.errors import MrtError

T = TypeVar("T")


def told(work: Callable[[], T]) -> T:
    """Returns what `work` returns; what is wrong with the run itself fails the test in one line."""
    try:
        return work()
    except MrtError as error:
        wrong = str(error)
    # Outside of the handler: pytest would show what it was raised from as well.
    pytest.fail(f"mrt-lint: {wrong}", pytrace=False)
