"""Errors of the user's making, told by pytest in one line, or at the line of the test that made them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from traceback import walk_tb
from typing import ParamSpec, TypeVar

import pytest

from mrt_dynamic.engine.base import StepError
from mrt_lint.errors import MrtError

T = TypeVar("T")
P = ParamSpec("P")


def told(work: Callable[[], T]) -> T:
    """Returns what `work` returns; what is wrong with the run itself fails the test in one line."""
    try:
        return work()
    except MrtError as error:
        wrong = str(error)
    # Outside of the handler: pytest would show what it was raised from as well.
    pytest.fail(f"mrt-lint: {wrong}", pytrace=False)


def at_the_call(method: Callable[P, T]) -> Callable[P, T]:
    """Returns the method, whose errors pytest shows at the line that calls it, without what lies below.

    What a migration raised stays the cause of the StepError.
    """

    @wraps(method)
    def called(*arguments: P.args, **options: P.kwargs) -> T:
        __tracebackhide__ = True
        wrong: Exception
        try:
            return method(*arguments, **options)
        except (MrtError, ValueError, RuntimeError, TimeoutError) as error:
            if not _is_told(error):
                raise
            wrong = error
        except StepError as error:
            raise error.with_traceback(None) from error.__cause__
        raise wrong.with_traceback(None) from None

    return called


def _is_told(error: Exception) -> bool:
    """Returns whether an error is meant for the user, and not a mistake of ours or of a library."""
    *_, (last, _) = walk_tb(error.__traceback__)
    return isinstance(error, MrtError) or last.f_globals["__name__"].startswith("mrt_dynamic.testing.")
