"""Tables that a history asks for and that none of its migrations makes.

Nobody asks whether a table is there that never can be: others make it, or it is older than the history, whose
first migration then did not begin with an empty database.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import Final

from mrt_lint.history import History
from mrt_lint.lowered import Migration
from mrt_lint.ops import CreateTable, CreateTableAs, CreateView, Operation, Probe, RenameTable
from mrt_lint.ops.guard import ColumnIs, Exists, Test, tests_of
from mrt_lint.ops.partly import CreatePartly
from mrt_lint.schema.names import Name

_ALEMBICS_OWN: Final = ("alembic_version", "_alembic_tmp_")
"""Its table of versions, and what a batch that was broken off leaves behind."""


@lru_cache(maxsize=1)
def made_by_others(history: History) -> frozenset[str]:
    """Returns the tables that may be there though no migration has made them, in small letters."""
    asked = {name.name.casefold() for each in history.migrations for name in _asked(each)}
    made = {name.name.casefold() for each in history.migrations for name in _made(each)} if asked else set()
    return frozenset(name for name in asked - made if not name.startswith(_ALEMBICS_OWN))


def _asked(migration: Migration) -> Iterator[Name]:
    for step in chain(migration.upgrade or (), migration.downgrade or ()):
        tests: list[Test] = [*tests_of(step.guard)]
        if isinstance(step, Probe):
            tests.append(step.test)
        for test in tests:
            if isinstance(test.predicate, ColumnIs):
                yield test.predicate.table
            elif isinstance(test.predicate, Exists) and test.predicate.kind not in ("type", "view"):
                yield test.predicate.name


def _made(migration: Migration) -> Iterator[Name]:
    for step in migration.upgrade or ():
        made = _made_by(step)
        if made is not None:
            yield made


def _made_by(step: Operation) -> Name | None:
    if isinstance(step, CreateTable | CreateTableAs):
        return step.table
    if isinstance(step, CreatePartly):
        return step.known.table
    if isinstance(step, RenameTable):
        return step.new
    return step.view if isinstance(step, CreateView) else None
