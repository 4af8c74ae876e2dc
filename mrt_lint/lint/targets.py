"""Targets: for which databases a history is read and replayed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from mrt_lint.lowered import Lowered
from mrt_lint.ops.guard import DialectIs, tests_of
from mrt_lint.project import Project
from mrt_lint.schema.dialects import ALIASES, DIALECTS, Dialect, dialect_named

UNION: Final[tuple[Dialect, ...]] = ("postgresql", "mysql")
"""Replayed when nothing tells the database: what either of them would do counts."""

_NAMED_AT_ONCE: Final = 2

_WORDS: Final[dict[bytes, Dialect]] = {
    **{name.encode(): name for name in DIALECTS},
    **{alias.encode(): name for alias, name in ALIASES.items() if len(alias) > 2},
}


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


def candidates(contents: Iterable[bytes]) -> tuple[Dialect, ...]:
    """Returns every database that may turn out to be a target: the union and all that the files name.

    SQL text is read under each of these, so that what the guards name is known when it is replayed.
    """
    named = {name for content in contents for word, name in _WORDS.items() if word in content}
    return tuple(name for name in DIALECTS if name in named or name in UNION)


def inferred(files: Iterable[Lowered]) -> Targets:
    """Returns the target that the code shows, if all its signs agree; else all it shows, or the union."""
    files = tuple(files)
    named = {dialect for lowered in files for name in _guarded(lowered) if (dialect := dialect_named(name))}
    signs = {dialect for lowered in files for sign in lowered.signs if (dialect := dialect_named(sign))}
    if len(signs) == 1 and named <= signs:
        return Targets(tuple(signs), "signs in the code")
    shown = named | signs or {*UNION}
    return Targets(tuple(name for name in DIALECTS if name in shown))


def _guarded(lowered: Lowered) -> Iterator[str]:
    if lowered.migration is None:
        return
    for operation in (*(lowered.migration.upgrade or ()), *(lowered.migration.downgrade or ())):
        for test in tests_of(operation.guard):
            # A test on most databases is the other side of a question about one of them.
            if isinstance(test.predicate, DialectIs) and len(test.predicate.names) <= _NAMED_AT_ONCE:
                yield from test.predicate.names
