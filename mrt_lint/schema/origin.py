"""Where the data of a column and the rows of a table come from, as terms that can be compared.

At the start of a migration every column holds its own data (`origin` None on the column). Each
operation rewrites the term; after upgrade and downgrade the term says whether the old data is
back: `Kept("users", "phone")` in `users.phone` is the proof, anything else is a loss or a doubt.
"""

from __future__ import annotations

from dataclasses import field
from typing import Final

from mrt_lint.classes import dataclass
from mrt_lint.schema.names import Name
from mrt_lint.schema.types import SqlType


@dataclass(frozen=True, slots=True)
class Kept:
    """The data of one column as it was before the migration."""

    table: Name
    column: str


@dataclass(frozen=True, slots=True)
class Filled:
    """One value for every row: the default (`value` in SQL), or NULL when `value` is None."""

    value: str | None


@dataclass(frozen=True, slots=True)
class Cast:
    """Another column's data after a type change; `types` is the chain from first to last.

    `copied`: stored in a column of the other type by a statement, not cast; None: now this, now that.
    """

    source: Origin
    types: tuple[SqlType, ...]
    copied: bool | None = False


@dataclass(frozen=True, slots=True)
class Derived:
    """Computed from other data by an expression (canonical SQL).

    `partial`: only some rows were written; `keyed`: these were picked by the primary key alone.
    `depth`: how many such terms lie within one another, at most `DEEPEST`: columns that are computed from
    one another in turn would otherwise make terms that grow exponentially. What lies deeper is taken as
    computed from its leaves at once.
    """

    expression: str
    sources: tuple[Origin, ...] = ()
    partial: bool = False
    keyed: bool = False
    depth: int = field(default=1, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        depth = 1 + max(map(_depth, self.sources), default=0)
        if depth > DEEPEST:
            object.__setattr__(self, "sources", tuple(dict.fromkeys(_leaves(self.sources))))
            depth = 1 + max(map(_depth, self.sources), default=0)
        object.__setattr__(self, "depth", depth)


DEEPEST: Final = 4


def _depth(origin: Origin) -> int:
    if isinstance(origin, Derived):
        return origin.depth
    return _depth(origin.source) if isinstance(origin, Cast) else 0


def _leaves(origins: tuple[Origin, ...]) -> list[Origin]:
    """Returns what terms are made of; what was computed outside SQL stays as a term without sources."""
    found: list[Origin] = []
    for origin in origins:
        if isinstance(origin, Derived):
            found.append(Derived(origin.expression, (), origin.partial, origin.keyed))
            found += _leaves(origin.sources)
        elif isinstance(origin, Cast):
            found += _leaves((origin.source,))
        else:
            found.append(origin)
    return found


NUMBERED: Final = Derived("<sequence>")
"""What rows hold in a column that the database numbers as it adds it."""


@dataclass(frozen=True, slots=True)
class UnknownData:
    """Written by code that is not understood; `reason` says which."""

    reason: str


Origin = Kept | Filled | Cast | Derived | UnknownData


def kept_or_cast(origin: Origin | None) -> Kept | None:
    """Returns the data of before that contents are, cast at most; None if they are anything else."""
    while isinstance(origin, Cast):
        origin = origin.source
    return origin if isinstance(origin, Kept) else None


@dataclass(frozen=True, slots=True)
class KeptRows:
    """Exactly the rows that a table had before the migration."""

    table: Name


@dataclass(frozen=True, slots=True)
class NoRows:
    """A table that is empty: just created or truncated."""


@dataclass(frozen=True, slots=True)
class Inserted:
    """Rows were added; `rows` as literal SQL per column when known, else empty.

    `queried`: they come from a query or a value that is not known; `picked`: from one table, by a
    condition; `upserted`: rows that were there
    already may have been kept or replaced.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    queried: bool = False
    picked: bool = False
    upserted: bool = False
    direction: str = "upgrade"
    line: int = 0


@dataclass(frozen=True, slots=True)
class Deleted:
    """Rows that satisfy `where` (canonical SQL) were deleted.

    `tests`: the whole condition as (column, operator, values) comparisons, None when it is not so simple.
    `keyed`: it asks for nothing but the primary key. `along`: they went with the rows that they refer to.
    """

    where: str = ""
    tests: tuple[tuple[str, str, tuple[str, ...]], ...] | None = None
    direction: str = "upgrade"
    line: int = 0
    keyed: bool = False
    along: bool = False


@dataclass(frozen=True, slots=True)
class ChangedRows:
    """The rows of `base` after additions and deletions, in the order in which they happened."""

    base: KeptRows | NoRows | UnknownRows
    changes: tuple[Inserted | Deleted, ...]


@dataclass(frozen=True, slots=True)
class UnknownRows:
    """Rows written or deleted by code that is not understood."""

    reason: str


Rows = KeptRows | NoRows | ChangedRows | UnknownRows
