"""Targets: for which databases a history is read and replayed."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import Final

from mrt_lint.classes import dataclass
from mrt_lint.lowered import ELSEWHERE, Lowered
from mrt_lint.ops.guard import DialectIs, tests_of
from mrt_lint.project import Project
from mrt_lint.schema.dialects import DIALECTS, Dialect, dialect_named

UNION: Final[tuple[Dialect, ...]] = ("postgresql", "mysql")
"""Replayed when nothing tells the database: what either of them would do counts."""

_NAMED_AT_ONCE: Final = 2


@dataclass(frozen=True, slots=True)
class Targets:
    """The databases to replay. `known`: there is one, and `origin` says how it is known."""

    dialects: tuple[Dialect, ...]
    origin: str = ""

    @property
    def known(self) -> bool:
        """Returns whether the target database is known."""
        return bool(self.origin)


def configured(database: Dialect | None, project: Project) -> Targets | None:
    """Returns the target that configuration or project name, None when neither does."""
    if database is not None:
        return Targets((database,), "configuration")
    if project.dialect is not None:
        return Targets((project.dialect,), "project")
    return None


def candidates(named: Container[Dialect]) -> tuple[Dialect, ...]:
    """Returns every database that may turn out to be a target: the union and all that the files name.

    SQL text is read under each of these, so that what the guards name is known when it is replayed.
    """
    return tuple(name for name in DIALECTS if name in named or name in UNION)


def inferred(files: Iterable[Lowered], mentioned: Container[Dialect] = DIALECTS) -> Targets:
    """Returns the target that the code shows when it shows one; else all that it shows, or the union.

    `mentioned`: what the files name at all. A value that differs by database is guarded by the names
    of all of them, which says nothing about where the project runs.
    Code that asks which database it runs on runs on more than one: if it names only one, the union
    stands for the others, so that what is done there (`if dialect != "sqlite"`) is not overlooked.
    """
    files = tuple(files)
    asked = [
        names
        for lowered in files
        for names in _guarded(lowered)
        if any(name in mentioned for name in _known(names))
    ]
    # A test on most databases is the other side of a question about one of them.
    few = _known(name for names in asked if len(names) <= _NAMED_AT_ONCE for name in names)
    named = {dialect for dialect in few if dialect in mentioned}
    signs = _known(sign for lowered in files for sign in lowered.signs)
    alone = any(lowered.signs and ELSEWHERE not in lowered.signs for lowered in files)
    if len(signs) == 1 and alone and not asked:
        return Targets(tuple(signs), "signs in the code")
    shown = named | signs
    if len(shown) < 2:
        shown |= {*UNION}
    return Targets(tuple(name for name in DIALECTS if name in shown))


def _known(names: Iterable[str]) -> set[Dialect]:
    return {dialect for name in names if (dialect := dialect_named(name)) is not None}


def _guarded(lowered: Lowered) -> Iterator[tuple[str, ...]]:
    if lowered.migration is None:
        return
    for operation in (*(lowered.migration.upgrade or ()), *(lowered.migration.downgrade or ())):
        for test in tests_of(operation.guard):
            if isinstance(test.predicate, DialectIs) and not test.predicate.read:
                yield test.predicate.names
