"""Compares data before and after a round trip through the terms that say where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, Literal

from mrt_lint.classes import dataclass
from mrt_lint.replay.links import referred
from mrt_lint.replay.recomputed import by_replaced_function
from mrt_lint.roundtrip import Harm
from mrt_lint.schema.casts import Effect, chain_effect
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import Column, SchemaObject, Table
from mrt_lint.schema.origin import (
    NUMBERED,
    Cast,
    ChangedRows,
    Deleted,
    Derived,
    Filled,
    Inserted,
    Kept,
    KeptRows,
    NoRows,
    Origin,
    UnknownData,
    UnknownRows,
)
from mrt_lint.schema.state import State
from mrt_lint.sql.holes import HOLE_PREFIX, readable


@dataclass(frozen=True, slots=True)
class Loss:
    """What became of the rows of a table (`column` None), of a column's contents or of a sequence's position.

    `table` is the sequence's own name where `kind` is "sequence".
    """

    harm: Harm
    table: Name
    column: str | None
    what: str
    kind: Literal["table", "column", "sequence"] = "table"


def losses(
    before: State, between: State, after: State, weighed: Callable[[Loss], Loss] = lambda loss: loss
) -> Iterator[Loss]:
    """Yields what does not surely come back, for every table and sequence that is there before and after.

    `weighed`: what each comes to when the steps are looked at; contents are judged where rows are not lost.
    """
    keys = after.changed_since(before)
    names = [key for key in keys or [] if key.kind in ("table", "sequence")]
    for key in names:
        old, new = before.objects.get(key), after.objects.get(key)
        if isinstance(old, SchemaObject) and isinstance(new, SchemaObject) and new.moved and not old.moved:
            yield Loss(Harm.ROWS_LOST, old.name, None, f"{new.moved} after the downgrade", "sequence")
        if not isinstance(old, Table) or not isinstance(new, Table) or old is new:
            continue
        rows = [weighed(loss) for loss in _rows(before, old, new)]
        yield from rows
        if any(loss.harm in (Harm.ROWS_LOST, Harm.NOT_UNDERSTOOD) for loss in rows):
            continue
        middle = between.objects.get(key)
        for name, column in old.columns.items():
            twin = new.columns.get(name)
            if twin is not None and twin.origin is not None:  # else it holds its own data
                in_middle = middle.columns.get(name) if isinstance(middle, Table) else None
                overwritten = list(_overwritten(before, between, old, column, twin, middle))
                for loss in overwritten or _column(before, old, column, twin, in_middle):
                    if by_replaced_function(twin.origin, between, after):
                        loss = replace(loss, harm=Harm.UNPROVEN, what=_ANEW)
                    yield weighed(_fetched_back(loss, before, old, middle, twin))


_ANEW: Final = "is computed by a function that the downgrade makes anew, perhaps what it was before"


def _rows(before: State, old: Table, new: Table) -> Iterator[Loss]:
    rows = new.rows
    name = old.name
    if rows is None or (
        isinstance(rows, KeptRows) and before.key("table", rows.table) == before.key("table", name)
    ):
        return
    if isinstance(rows, UnknownRows):
        yield Loss(Harm.NOT_UNDERSTOOD, name, None, rows.reason)
    elif isinstance(rows, NoRows):
        yield Loss(Harm.ROWS_LOST, name, None, "is empty after the downgrade")
    elif isinstance(rows, KeptRows):
        yield Loss(Harm.ROWS_LOST, name, None, f"holds the rows of {rows.table} after the downgrade")
    else:
        yield from _changes(before, old, rows)


def _changes(before: State, table: Table, rows: ChangedRows) -> Iterator[Loss]:
    name = table.name
    if isinstance(rows.base, UnknownRows):
        yield Loss(Harm.NOT_UNDERSTOOD, name, None, rows.base.reason)
        return
    up = [change for change in rows.changes if change.direction == "upgrade"]
    down = [change for change in rows.changes if change.direction == "downgrade"]
    refilled = any(isinstance(change, Inserted) for change in down)
    unsure = any(isinstance(change, Inserted) and change.queried for change in rows.changes)
    own = isinstance(rows.base, KeptRows) and before.key("table", rows.base.table) == before.key(
        "table", name
    )
    if not own and _is_selection(rows):
        yield Loss(Harm.ROWS_LOST, name, None, "holds only the rows that a condition picks")
        return
    if not own:
        harm = Harm.UNPROVEN if unsure or isinstance(rows.base, KeptRows) else Harm.ROWS_LOST
        yield Loss(
            harm,
            name,
            None,
            "is filled anew, perhaps not with its old rows" if unsure else "has lost its old rows",
        )
        return
    deleted = [change for change in up if isinstance(change, Deleted)]
    inserted = [change for change in up if isinstance(change, Inserted)]
    if deleted and not refilled:
        told = next((change for change in reversed(deleted) if not change.along), deleted[-1])
        yield Loss(
            Harm.ROWS_LOST, name, None, f"loses the rows deleted at line {told.line} ({_which(told.where)})"
        )
    elif deleted:
        yield Loss(Harm.UNPROVEN, name, None, f"gets rows back for those deleted at line {deleted[0].line}")
    elif refilled:
        yield Loss(Harm.ROWS_LEFT, name, None, "gets rows in the downgrade that were not there before")
    removals = [change for change in down if isinstance(change, Deleted)]
    if inserted and not removals:
        yield Loss(Harm.ROWS_LEFT, name, None, f"keeps the rows inserted at line {inserted[-1].line}")
    elif inserted and not (undone := _undone(before, table, inserted, removals)):
        if undone is None:
            what = f"keeps some of the rows inserted at line {inserted[-1].line}"
            yield Loss(Harm.ROWS_LEFT, name, None, what)
            return
        yield Loss(
            Harm.UNPROVEN,
            name,
            None,
            f"loses the rows of line {removals[0].line}, which need not be those inserted",
        )
    elif removals and not inserted:
        # A single key may be that of a row that is always there once the new code has run.
        ranged = next((removal for removal in removals if removal.keyed and removal.tests is None), None)
        harm = Harm.UNPROVEN if ranged is None else Harm.ROWS_LOST
        yield Loss(harm, name, None, f"loses rows in the downgrade ({_which((ranged or removals[0]).where)})")


def _which(where: str) -> str:
    """Returns the condition of a deletion in words: as it stands, unless all of it is known at run time."""
    alone = readable(where).strip("() ") == readable(HOLE_PREFIX)
    return "which ones is known only when it runs" if alone else where


def _is_selection(rows: ChangedRows) -> bool:
    """Returns whether a table that began empty was filled once, with part of the rows of another."""
    if not isinstance(rows.base, NoRows) or len(rows.changes) != 1:
        return False
    return isinstance(rows.changes[0], Inserted) and rows.changes[0].picked


def _undone(before: State, table: Table, inserted: list[Inserted], removals: list[Deleted]) -> bool | None:
    """Returns whether the deletions remove exactly the inserted rows; None if only some of them.

    Proven when every inserted row is literal, every deletion is one test on a column that is a key
    of its own (so no older row can hold the same value, or the INSERT would have failed), and the
    values deleted are the values inserted.
    """
    if any(change.queried or change.upserted or not change.rows for change in inserted):
        return False
    wanted: list[tuple[str, str]] = []
    for removal in removals:
        if removal.tests is None or len(removal.tests) != 1:
            return False
        column, operator, values = removal.tests[0]
        if operator not in ("=", "in") or not _is_key(before, table, column):
            return False
        wanted.extend((before.fold(column), value) for value in values)
    columns = {column for column, _ in wanted}
    if len(columns) != 1:
        return False
    column = columns.pop()
    given: list[tuple[str, str]] = []
    for change in inserted:
        names = [before.fold(name) for name in change.columns]
        if column not in names:
            return False
        given.extend((column, row[names.index(column)]) for row in change.rows)
    return None if set(wanted) < set(given) else set(wanted) == set(given)


def _is_key(before: State, table: Table, column: str) -> bool:
    folded = (before.fold(column),)
    keys = [c.columns for c in table.constraints if c.kind in ("primary", "unique") and c.sure]
    keys += [
        i.columns
        for i in table.indexes.values()
        if i.unique is True and i.where is None and not isinstance(i.columns, Unknown)
    ]
    return any(tuple(before.fold(name) for name in key) == folded for key in keys)


def _overwritten(
    before: State, between: State, table: Table, old: Column, new: Column, middle: object
) -> Iterator[Loss]:
    """Yields the loss of contents that the upgrade left alone and the downgrade computes anew.

    Where the upgrade relaxed the column or its table, the downgrade may be making room for the old
    rules, which old rows meet; and an UPDATE with a condition may concern only rows written since,
    unless it picks them by their key.
    """
    origin = new.origin
    if not isinstance(origin, Derived) or not isinstance(middle, Table):
        return
    if old.generated is not None or new.generated is not None:
        return
    if origin.partial and not origin.keyed:
        return
    twin = middle.columns.get(before.fold(old.name))
    own = Kept(table.name, old.name)
    if twin is None or not (twin.origin is None or _same(before, twin.origin, own)):
        return
    relaxed = (twin.type, twin.nullable) != (old.type, old.nullable) or not set(table.constraints) <= set(
        middle.constraints
    )
    types = any(key.kind == "type" for key in between.changed_since(before) or ())
    if not relaxed and not types:
        what = "is written anew by the downgrade, though the upgrade left it alone"
        yield Loss(Harm.COLUMN_DATA_LOST, table.name, old.name, what, "column")


def _column(before: State, table: Table, old: Column, new: Column, middle: Column | None) -> Iterator[Loss]:
    if old.generated is not None and new.generated is not None:
        return
    origin = new.origin
    own = Kept(table.name, old.name)
    if origin is None or _same(before, origin, own):
        return
    verdict = _contents(before, origin, own, middle.origin if middle is not None else None)
    if verdict is not None:
        harm, what = verdict
        yield Loss(harm, table.name, old.name, what, "column")


def _fetched_back(loss: Loss, before: State, old: Table, middle: object, new: Column) -> Loss:
    """Returns the loss, or a doubt in its place where the column is read from where it referred to."""
    if loss.harm is not Harm.COLUMN_DATA_LOST or loss.column is None or new.origin is None:
        return loss
    left = middle if isinstance(middle, Table) else None
    if not referred(before, old, loss.column, left, list(leaves(new.origin))):
        return loss
    what = "is read back by the downgrade from the rows that it referred to"
    return Loss(Harm.UNPROVEN, loss.table, loss.column, what, "column")


def _same(state: State, one: Origin, other: Kept) -> bool:
    return (
        isinstance(one, Kept)
        and state.key("table", one.table) == state.key("table", other.table)
        and state.fold(one.column) == state.fold(other.column)
    )


def _contents(state: State, origin: Origin, own: Kept, between: Origin | None) -> tuple[Harm, str] | None:
    """Returns the harm done to a column whose data now comes from `origin`; None: surely none.

    `between`: what it held after the upgrade. A downgrade that left that alone, or only cast it, has
    not computed anything back.
    """
    if isinstance(origin, UnknownData):
        return Harm.NOT_UNDERSTOOD, origin.reason
    if isinstance(origin, Filled):
        value = "NULL" if origin.value is None else origin.value
        # NULL is what rows held that the upgrade filled; those that it left alone had something else.
        in_part = origin.value is None and isinstance(between, Derived) and between.partial
        also = ", also where the upgrade left a value alone" if in_part else ""
        return Harm.COLUMN_DATA_LOST, f"holds {value} in every old row after the downgrade{also}"
    if isinstance(origin, Kept):
        if origin != between and _copies(state, origin, own):
            name = f"{origin.table}.{origin.column}"
            return Harm.UNPROVEN, f"comes back from {name}, its copy since an earlier migration"
        return Harm.COLUMN_DATA_LOST, f"holds the data of {origin.table}.{origin.column} after the downgrade"
    if isinstance(origin, Cast):
        if not _same(state, origin.source, own):
            # A downgrade that only casts what the upgrade left has computed nothing back.
            left = between.source if isinstance(between, Cast) else between
            return _contents(state, origin.source, own, left)
        return _cast(state, origin)
    if origin == between:
        return Harm.COLUMN_DATA_LOST, "is overwritten by the upgrade and never written back"
    if origin == NUMBERED:
        return Harm.COLUMN_DATA_LOST, "is numbered anew in the downgrade"
    parts = list(leaves(origin))
    unknown = next((leaf for leaf in parts if isinstance(leaf, UnknownData)), None)
    if unknown is not None:
        return Harm.NOT_UNDERSTOOD, unknown.reason
    if not any(_same(state, leaf, own) or _copies(state, leaf, own) for leaf in parts):
        if computed_in_code(origin):
            return Harm.UNPROVEN, "is filled in the downgrade with values that are not known"
        return Harm.COLUMN_DATA_LOST, "is computed from other data in the downgrade"
    return Harm.UNPROVEN, "is written back by the downgrade, which cannot be proven to restore it"


def _copies(state: State, origin: Origin, own: Kept) -> bool:
    """Returns whether one of two columns was filled from the other, in every row, by an earlier migration."""
    if not isinstance(origin, Kept):
        return False
    one, other = state.column(origin.table, origin.column), state.column(own.table, own.column)
    ours, theirs = other.copy_of if other else None, one.copy_of if one else None
    return (theirs is not None and _same(state, Kept(*theirs), own)) or (
        ours is not None and _same(state, Kept(*ours), origin)
    )


def computed_in_code(origin: Origin) -> bool:
    """Returns whether any of the values that a term is made of is computed outside SQL."""
    return any(isinstance(part, Derived) and from_code(part.expression) for part in _parts(origin))


def from_code(expression: str) -> bool:
    """Returns whether a value is computed outside SQL: a parameter, or a part known only at run time."""
    return not expression or HOLE_PREFIX in expression or expression[:1] in (":", "?", "%", "$", "@")


def leaves(origin: Origin) -> Iterator[Origin]:
    """Yields the data that a term is made of."""
    return (part for part in _parts(origin) if not isinstance(part, Derived | Cast))


def _parts(origin: Origin) -> Iterator[Origin]:
    """Yields a term and all inside it, each once: loops make terms that share most of their parts."""
    seen: set[int] = set()
    waiting = [origin]
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        if isinstance(part, Derived):
            waiting.extend(reversed(part.sources))
        elif isinstance(part, Cast):
            waiting.append(part.source)


def _cast(state: State, origin: Cast) -> tuple[Harm, str] | None:
    """Returns the harm of a chain of type changes: what each type keeps of the first one's values."""
    effect = chain_effect(origin.types, state.dialect, origin.copied)
    chain = " -> ".join(str(step) for step in origin.types)
    if effect is Effect.LOSSY:
        return Harm.COLUMN_DATA_LOST, f"is cast lossily ({chain})"
    if effect is Effect.UNKNOWN:
        return Harm.UNPROVEN, f"is cast in a way that is not known to keep every value ({chain})"
    return None
