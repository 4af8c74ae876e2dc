"""All cases of the catalogue, by family."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache

from tests.dynamic.catalogue import families
from tests.dynamic.catalogue.case import Case
from tests.share import in_share


@lru_cache(maxsize=1)
def catalogue() -> dict[str, tuple[Case, ...]]:
    """Returns family (the module's name) -> its cases."""
    found = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(families.__path__)):
        found[module] = tuple(importlib.import_module(f"{families.__name__}.{module}").CASES)
    return found


def runs() -> list[tuple[str, Case, str]]:
    """Returns (id, case, database) for every run of this share, in a fixed order."""
    return [
        (f"{family}: {case.name} [{database}]", case, database)
        for family, cases in catalogue().items()
        for case in cases
        for database in case.databases
        if in_share(case.name, database)
    ]
