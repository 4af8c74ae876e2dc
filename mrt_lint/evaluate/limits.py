"""How far evaluation goes; past these limits values are not known and code is Opaque."""

from __future__ import annotations

from typing import Final

MAX_STEPS: Final = 200_000
"""Expressions and statements evaluated in one run of a function."""
HELPER_COST: Final = 5
"""Steps that one step in a module of the project counts: migrations call helpers, not applications."""
MAX_IMPORT_STEPS: Final = 10_000
"""Steps of one statement at the top level of a module of the project."""
MAX_CALLS: Final = 40
"""Calls of Python functions inside one another."""
MAX_ITERATIONS: Final = 2_000
"""Rounds of one loop that are unrolled."""
MAX_FORKS: Final = 500
"""Branches on conditions known only at run time, in one run of a function."""
MAX_MODULES: Final = 40
"""Modules of the project read for one migration; code that needs more is the application itself."""
MAX_KEPT: Final = 200
"""Modules of projects kept in memory with their trees."""
MAX_OPTIONS: Final = 16
"""Options of a Choice."""
MAX_SIZE: Final = 1_000_000
"""Characters of a string, items of a collection, bits of an integer times eight."""
MAX_NODES: Final = 20_000
"""Values looked at when a nested collection is compared, printed or searched."""


class TooLongError(Exception):
    """The evaluation of this function goes on for too long; `reason` says of what there is too much."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TooManyConditionsError(TooLongError):
    """What is evaluated hangs on more conditions than are worth telling apart."""
