"""How far evaluation goes; past these limits values are not known and code is Opaque."""

from __future__ import annotations

from typing import Final

MAX_STEPS: Final = 200_000
"""Expressions and statements evaluated in one run of a function."""
MAX_CALLS: Final = 40
"""Calls of Python functions inside one another."""
MAX_ITERATIONS: Final = 2_000
"""Rounds of one loop that are unrolled."""
MAX_MODULES: Final = 40
"""Modules of the project read for one migration; code that needs more is the application itself."""
MAX_OPTIONS: Final = 16
"""Options of a Choice."""
MAX_SIZE: Final = 1_000_000
"""Characters of a string, items of a collection, bits of an integer times eight."""
MAX_NODES: Final = 20_000
"""Values looked at when a nested collection is compared, printed or searched."""


class TooLong(Exception):
    """The evaluation of this function goes on for too long; `reason` says of what there is too much."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
