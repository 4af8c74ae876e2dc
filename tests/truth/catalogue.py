"""All cases of the catalogue, by family."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache

from tests.truth import cases
from tests.truth.case import Case


@lru_cache(maxsize=1)
def catalogue() -> dict[str, tuple[Case, ...]]:
    """Returns family (the module's name) -> its cases."""
    found = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(cases.__path__)):
        found[module] = tuple(importlib.import_module(f"{cases.__name__}.{module}").CASES)
    return found


def runs() -> list[tuple[str, Case, str]]:
    """Returns (id, case, database) for every run, in a fixed order."""
    return [
        (f"{family}: {case.name} [{database}]", case, database)
        for family, family_cases in catalogue().items()
        for case in family_cases
        for database in case.databases
    ]
