"""Collects the rules of a package, one file a rule, so that adding one touches one file."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

from mrt_lint.lint.rule import Rule


def rules_in(package: ModuleType) -> list[type[Rule]]:
    """Returns every Rule class defined in the modules of a package, by code."""
    found: list[type[Rule]] = []
    for module in pkgutil.iter_modules(package.__path__):
        loaded = importlib.import_module(f"{package.__name__}.{module.name}")
        found += [
            value
            for value in vars(loaded).values()
            if isinstance(value, type) and issubclass(value, Rule) and value.__module__ == loaded.__name__
        ]
    return sorted((rule for rule in found if hasattr(rule, "code")), key=lambda rule: rule.code)
