"""Our own modules imported as they are installed, past pytest's rewriting of assertions.

pytest rewrites the assertions of every package that brings a plugin: it parses and compiles each module anew
and keeps the result where bytecode may be written. While a project's code runs it may not, so each run, and
each worker of pytest-xdist, would pay for what is first imported there. None of our modules has an assertion
that tells a user anything.
Source: https://docs.pytest.org/en/stable/how-to/writing_plugins.html#assertion-rewriting
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Final

_OURS: Final = frozenset({"mrt_dynamic", "mrt_lint", "mrt_rules_alembic", "mrt_rules_django"})


class _AsInstalled(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Returns where Python itself finds one of our modules; others are not ours to find."""
        if fullname.partition(".")[0] not in _OURS:
            return None
        return PathFinder.find_spec(fullname, path, target)


def as_installed() -> Callable[[], None]:
    """Imports our modules as they are from here on; returns what ends that."""
    finder = _AsInstalled()
    sys.meta_path.insert(0, finder)

    def end() -> None:
        if finder in sys.meta_path:
            sys.meta_path.remove(finder)

    return end
