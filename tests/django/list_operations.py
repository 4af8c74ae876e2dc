"""Prints every class of operations that the installed Django has, with its parameters in order."""

from __future__ import annotations

import inspect
import json

ABSTRACT = ("Operation", "CollationOperation")
"""Bases without a meaning of their own."""


def main() -> dict[str, list[str]]:
    """Returns the parameters by name of the class."""
    from django.contrib.postgres import operations as postgres
    from django.db.migrations import operations
    from django.db.migrations.operations.base import Operation

    found = {}
    for module in (operations, postgres):
        for name, value in vars(module).items():
            if isinstance(value, type) and issubclass(value, Operation) and name not in ABSTRACT:
                found[name] = list(inspect.signature(value.__init__).parameters)[1:]
    return found


if __name__ == "__main__":
    print(json.dumps(main()))
