"""Target databases in words, and on which of them an operation runs.

A finding that holds on several targets is one finding only if it says the same on all of them: its
words are made from all the targets, not from the one that is being looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Final

from mrt_lint.ops.base import Operation
from mrt_lint.ops.guard import DialectIs, Test, resolve
from mrt_lint.schema.dialects import Dialect

TITLES: Final[dict[Dialect, str]] = {
    "postgresql": "PostgreSQL",
    "mysql": "MySQL",
    "mariadb": "MariaDB",
    "sqlite": "SQLite",
    "oracle": "Oracle",
    "mssql": "SQL Server",
}


def titles(dialects: Iterable[Dialect]) -> str:
    """Returns databases by their names.

    >>> titles(["postgresql", "mysql", "mariadb"])
    'PostgreSQL, MySQL and MariaDB'
    """
    *first, last = [TITLES[name] for name in dialects]
    return f"{', '.join(first)} and {last}" if first else last


def running_on(operation: Operation, targets: Iterable[Dialect]) -> list[Dialect]:
    """Returns the targets on which an operation may run, as far as its guard asks for the database."""
    return [target for target in targets if resolve(operation.guard, partial(_answer, target)) is not False]


def _answer(target: Dialect, test: Test) -> bool | None:
    if not isinstance(test.predicate, DialectIs):
        return None
    own = {target, "mysql"} if target == "mariadb" else {target}
    return bool(own & set(test.predicate.names))
