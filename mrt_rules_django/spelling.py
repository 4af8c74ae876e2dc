"""What an operation was written as: rules for Django's own words ask here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mrt_lint.lowered import Migration
from mrt_lint.ops import Operation, Refuse

_FIELDS: Final = ("RemoveField", "AddField", "AlterField", "RenameField")


def is_join_table(operation: Operation) -> bool:
    """Returns whether an operation on a table is about the join table of a ManyToManyField."""
    return not operation.sql and operation.api.endswith(_FIELDS)


def refusals(migration: Migration, kind: str) -> Iterator[Refuse]:
    """Yields what Django raises when it migrates backwards, for operations of this kind with an effect."""
    for refusal in migration.downgrade or ():
        if not isinstance(refusal, Refuse) or not refusal.message.startswith(f"{kind} without"):
            continue
        own = [one for one in migration.upgrade or () if one.span == refusal.span]
        if kind == "RunPython" or any(one.has_effect for one in own):
            yield refusal
