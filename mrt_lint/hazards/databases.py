"""On which of the target databases an operation runs.

A finding that holds on several targets is one finding only if it says the same on all of them: its
words are made from all the targets, not from the one that is being looked at.
"""

from __future__ import annotations

from collections.abc import Iterable

from mrt_lint.ops.base import Operation
from mrt_lint.ops.guard import database_answers, resolve
from mrt_lint.schema.dialects import Dialect


def running_on(operation: Operation, targets: Iterable[Dialect]) -> list[Dialect]:
    """Returns the targets on which an operation may run, as far as its guard asks for the database."""
    return [target for target in targets if resolve(operation.guard, database_answers(target)) is not False]
