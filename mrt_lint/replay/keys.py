"""A unique constraint and an index of one name: one thing on MySQL and MariaDB, two elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mrt_lint.schema.dialects import MYSQL, Dialect
from mrt_lint.schema.objects import Index

if TYPE_CHECKING:
    from mrt_lint.replay.differences import Difference


def as_indexes(found: Sequence[Difference], dialect: Dialect) -> Iterator[Difference]:
    """Yields the differences of a table; a unique key that is a plain index now, or the reverse, changed."""
    if dialect not in MYSQL:
        yield from _no_index_before(found)
        return
    swapped = {
        gone.part: gone
        for gone in found
        for made in found
        if gone.how == "lost" and made.how != "lost" and gone.part == made.part
        if {gone.kind, made.kind} == {"index", "unique constraint"}
    }
    for one in found:
        if one.part not in swapped or one.kind not in ("index", "unique constraint"):
            yield one
        elif one is swapped[one.part]:
            how = "unknown" if one.old is not None and one.old.assumed else "changed"
            unique = one.kind != "index"
            yield replace(one, how=how, kind="index", field="unique", old=unique, new=not unique)


def _no_index_before(found: Sequence[Difference]) -> Iterator[Difference]:
    """Yields the differences of a table where only a drop shows that an index was there.

    A constraint that the downgrade makes under the name of that index is new: no database but those two lets
    DROP INDEX drop what stands for a constraint.
    """
    dropped = {
        gone.part for gone in found if gone.how == "lost" and isinstance(gone.old, Index) and gone.old.assumed
    }
    for one in found:
        known = one.how == "unknown" and one.kind == "unique constraint" and one.part in dropped
        yield replace(one, how="left") if known else one
