"""Tells whether what a column held can be read back through a reference that the upgrade stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mrt_lint.schema.names import Key
from mrt_lint.schema.objects import Table
from mrt_lint.schema.origin import Cast, Derived, Kept, Origin
from mrt_lint.schema.state import State


def referred(
    before: State, table: Table, column: str, middle: Table | None, sources: Sequence[Origin]
) -> bool:
    """Returns whether a column is read from the very column that its foreign key made it equal to.

    Only when the upgrade left another way to those rows: a new column of the same table, filled from
    theirs (a composite key replaced by an id). `middle`: the table after the upgrade, None where its rows
    were put elsewhere and it was dropped; `sources`: what the column's contents after the downgrade are
    read from.
    """
    own = before.fold(column)
    for constraint in table.constraints:
        if constraint.kind != "foreign" or constraint.ref_table is None:
            continue
        pairs = zip(constraint.columns, constraint.ref_columns, strict=False)
        targets = {before.fold(target) for name, target in pairs if before.fold(name) == own}
        parent = before.key("table", constraint.ref_table)
        read = any(
            isinstance(leaf, Kept)
            and before.key("table", leaf.table) == parent
            and before.fold(leaf.column) in targets
            for leaf in sources
        )
        if read and (middle is None or is_linked(before, table, middle, parent)):
            return True
    return False


def is_linked(before: State, table: Table, middle: Table, parent: Key, place: str | None = None) -> bool:
    """Returns whether the upgrade filled a new column of the table from rows of the parent.

    Or the column that stands in the `place` of an old one: a key that is spelled otherwise.
    """
    return any(
        (name not in table.columns or name == place)
        and column.origin is not None
        and any(before.key("table", kept.table) == parent for kept in _kept(column.origin))
        for name, column in middle.columns.items()
    )


def _kept(origin: Origin) -> Iterator[Kept]:
    if isinstance(origin, Kept):
        yield origin
    elif isinstance(origin, Cast):
        yield from _kept(origin.source)
    elif isinstance(origin, Derived):
        for source in origin.sources:
            yield from _kept(source)
