"""All runs of this share: each case on each database that it applies to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.dynamic.newrows.case import NewRowCase
from tests.dynamic.newrows.fragile import FRAGILE
from tests.dynamic.newrows.handled import HANDLED
from tests.share import in_share

Run = tuple[str, NewRowCase, str]


def _runs(cases: Sequence[NewRowCase]) -> Iterator[Run]:
    for case in cases:
        for database in (each for each in case.databases if in_share(case.name, each)):
            yield f"{case.name} [{database}]", case, database


def fragile_runs() -> list[Run]:
    """Returns (id, case, database) of what must be blamed."""
    return list(_runs(FRAGILE))


def handled_runs() -> list[Run]:
    """Returns (id, case, database) of what must pass."""
    return list(_runs(HANDLED))
