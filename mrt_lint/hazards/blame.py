"""The step of a round trip that does a harm: that is where it is told.

The last operation that names an object need not be the one that takes it away: a batch that rebuilds a
table loses what reflection does not see, and a downgrade may overwrite what the upgrade only touched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import takewhile

from mrt_lint.hazards.about import is_there
from mrt_lint.ops import (
    AddColumn,
    BeginRebuild,
    DropColumn,
    EndRebuild,
    Insert,
    Merge,
    Operation,
    RenameTable,
    Update,
)
from mrt_lint.ops.adopting import uses_column
from mrt_lint.replay.causes import DELETING
from mrt_lint.replay.contents import leaves
from mrt_lint.replay.tracing import column_now, rows_now, table_now
from mrt_lint.roundtrip import Reason, RoundTrip
from mrt_lint.schema.casts import Effect, chain_effect
from mrt_lint.schema.names import UNKNOWN, Name, Unknown
from mrt_lint.schema.objects import Column, Constraint, Index, Table
from mrt_lint.schema.origin import Cast, ChangedRows, Deleted, Kept, Origin, UnknownRows
from mrt_lint.schema.state import State


def step_that_loses(reason: Reason, trip: RoundTrip) -> Operation | None:
    """Returns the operation after which an object of before is gone for good; None if that is not clear."""
    if reason.table is None or (reason.part is None and reason.kind not in ("table", "trigger")):
        return None
    part = _part_of(trip.before, reason)
    return _last_to_end(
        trip,
        lambda state: _is_kept(state, reason, trip),
        lambda step: (
            isinstance(step, DropColumn) and part is not None and uses_column(trip.before, part, step.name)
        ),
    )


def step_that_overwrites(reason: Reason, trip: RoundTrip) -> Operation | None:
    """Returns the write of the downgrade after which a column holds nothing more of its old contents.

    None where the upgrade has overwritten them, or dropped the column.
    """
    found = _last_to_end(trip, lambda state: _holds_its_own(state, reason, trip))
    written = isinstance(found, Insert | Merge | Update) and found.direction == "downgrade"
    return found if written else None


def step_that_takes_rows(reason: Reason, trip: RoundTrip) -> Operation | None:
    """Returns the operation that takes rows of before out of a table; None if that is not clear.

    The last of the upgrade that does so, else the first of the downgrade. It need not name the table: rows
    go with those that they refer to (ON DELETE CASCADE).
    """
    steps, states = _course(trip)
    left = [_rows_left(state, reason, trip) for state in states]
    taking = [
        step
        for step, old, new in zip(steps, left, left[1:], strict=False)
        if old != new and new is not UNKNOWN
    ]
    last = [step for step in taking if step.direction == "upgrade"]
    return last[-1] if last else taking[0] if taking else None


def step_that_makes(reason: Reason, trip: RoundTrip) -> Operation | None:
    """Returns the step of the upgrade that makes a table or a part of one; None if that is not clear."""
    steps = [step for _, step in trip.upgrade_steps]
    states = [*(state for state, _ in trip.upgrade_steps), trip.between]
    told = reason.part is not None or reason.kind == "table"
    there = [told and is_there(state, reason, trip) for state in states]
    for number in reversed(range(len(steps))):
        if there[number + 1] and not there[number]:
            found = _told_at(steps, number)
            return _addition(reason, trip) or found if isinstance(found, Insert | Merge | Update) else found
    return None


def _addition(reason: Reason, trip: RoundTrip) -> Operation | None:
    """Returns the addition of a column that a write presupposes, where it is left out for a condition."""
    if reason.table is None or reason.part is None or reason.kind != "column":
        return None
    fold = trip.between.fold
    own = (trip.between.key("table", reason.table), fold(reason.part))
    for step in trip.migration.upgrade or ():
        if not isinstance(step, AddColumn):
            continue
        if own == (trip.between.key("table", step.table), fold(step.column.name)):
            return step
    return None


def step_that_empties(reason: Reason, trip: RoundTrip) -> Operation | None:
    """Returns the deletion that was the last to change what a column of other rows holds (SET NULL)."""
    steps, states = _course(trip)
    held = [_origin(state, reason, trip) for state in states]
    changing = (number for number in reversed(range(len(steps))) if held[number] != held[number + 1])
    last = next(changing, None)
    return steps[last] if last is not None and isinstance(steps[last], DELETING) else None


def step_that_casts(reason: Reason, trip: RoundTrip) -> Operation | None:
    """Returns the operation after which a column's contents are cast lossily, None if there is none."""
    return _last_to_end(trip, lambda state: not _cast_lossily(state, reason, trip))


def step_that_defines(reason: Reason, trip: RoundTrip) -> Operation | None:
    """Returns the last operation that changes the field of an object that differs, None if none does.

    Others name the column too: a key that is made of it, perhaps in a table of another name, or a step that
    restores another field. A constraint or an index may be back under another name.
    """
    steps, states = _course(trip)
    names = _names(reason.table, steps, trip.before)
    part = _part_of(trip.before, reason)
    if part is not None:
        held = [_like(state, part, name) for state, name in zip(states, names, strict=True)]
        return _last_to_change(steps, [[_field(one, reason.field) for one in each] for each in held])
    whole = reason.kind == "table"
    values = [
        _field(
            (state.table(name) if name else None) if whole else _column(state, reason, trip, name),
            reason.field,
        )
        for state, name in zip(states, names, strict=True)
    ]
    return _last_to_change(steps, values)


def _last_to_change(steps: list[Operation], values: Sequence[object]) -> Operation | None:
    """Returns the last step before which a value is another than after it; there is one value more."""
    for number in reversed(range(len(steps))):
        if values[number] != values[number + 1]:
            return _told_at(steps, number)
    return None


def _like(state: State, part: Constraint | Index, table: Name | None) -> list[Constraint | Index]:
    """Returns what a table has of the kind of a constraint or index, of its name or on the same columns."""
    found = state.table(table) if table is not None else None
    if found is None:
        return []
    if isinstance(part, Index):
        return [one for one in found.indexes.values() if part.name == one.name or part.columns == one.columns]
    same = (part.columns, part.expression)
    alike = (one for one in found.constraints if one.kind == part.kind)
    return [one for one in alike if part.called == one.called or (one.columns, one.expression) == same]


def _course(trip: RoundTrip) -> tuple[list[Operation], list[State]]:
    """Returns the steps of both directions, and the state before each and after the last."""
    steps = [*trip.upgrade_steps, *trip.downgrade_steps]
    return [step for _, step in steps], [*(state for state, _ in steps), trip.after]


def _names(table: Name | None, steps: list[Operation], state: State) -> list[Name | None]:
    """Returns what a table of before is called before each step and after the last, by its renames alone.

    They tell it also where its rows are not known any more.
    """
    found = [table]
    for step in steps:
        if isinstance(step, RenameTable) and table is not None:
            same = state.key("table", step.table) == state.key("table", table)
            table = step.new if same else table
        found.append(table)
    return found


def _field(item: Column | Constraint | Index | Table | None, name: str) -> object:
    """Returns a field of a definition; the whole where it is not one of its own."""
    return None if item is None else getattr(item, name, item)


def _last_to_end(
    trip: RoundTrip, holds: Callable[[State], bool], ends: Callable[[Operation], bool] | None = None
) -> Operation | None:
    """Returns the last operation before which something held that does not hold after it, nor at the end.

    The parts of a batch that rebuilds take effect at its end: there it is the first of them that `ends` it.
    """
    steps, states = _course(trip)
    for number in reversed(range(len(steps))):
        if holds(states[number + 1]):
            return None
        if holds(states[number]):
            ending = filter(ends, _batch_before(steps, number)) if ends is not None else ()
            return next(iter(ending), None) or _told_at(steps, number)
    return None


def _batch_before(steps: list[Operation], number: int) -> list[Operation]:
    """Returns the operations of the batch that ends with a step, in order; none where it does not end one."""
    if not isinstance(steps[number], EndRebuild):
        return []
    begins = (at for at in reversed(range(number)) if isinstance(steps[at], BeginRebuild))
    return steps[next(begins, number) : number]


def _told_at(steps: list[Operation], number: int) -> Operation:
    """Returns the step, or the one of its batch for which the table is rebuilt."""
    step = steps[number]
    towards = {BeginRebuild: 1, EndRebuild: -1}.get(type(step))
    if towards is None:
        return step
    if isinstance(step, BeginRebuild) and step.causes:
        rest = steps[number + 1 :]
        batch = takewhile(lambda one: not isinstance(one, BeginRebuild | EndRebuild), rest)
        forcing = next((one for one in batch if one.span in step.causes), None)
        if forcing is not None:
            return forcing
    within = steps[number + towards] if 0 <= number + towards < len(steps) else step
    return step if isinstance(within, BeginRebuild | EndRebuild) else within


def _part_of(state: State, reason: Reason) -> Constraint | Index | None:
    """Returns the constraint or index of a table that a reason is about."""
    table = state.table(reason.table) if reason.table is not None else None
    if table is None or reason.part is None or reason.kind == "column":
        return None
    part = state.fold(reason.part)
    if reason.kind == "index":
        return table.indexes.get(part)
    return next((one for one in table.constraints if state.fold(one.called) == part), None)


def _is_kept(state: State, reason: Reason, trip: RoundTrip) -> bool:
    """Returns whether an object of before is there; a column may be called otherwise."""
    if reason.kind == "column":
        return _column(state, reason, trip) is not None
    return is_there(state, reason, trip)


def _holds_its_own(state: State, reason: Reason, trip: RoundTrip) -> bool:
    origin = _origin(state, reason, trip)
    if origin is None or reason.table is None or reason.part is None:
        return False
    own = (state.key("table", reason.table), state.fold(reason.part))
    sources = (leaf for leaf in leaves(origin) if isinstance(leaf, Kept))
    return any((state.key("table", one.table), state.fold(one.column)) == own for one in sources)


def _cast_lossily(state: State, reason: Reason, trip: RoundTrip) -> bool:
    origin = _origin(state, reason, trip)
    lossy = isinstance(origin, Cast) and chain_effect(origin.types, state.dialect, origin.copied)
    return lossy is Effect.LOSSY


def _origin(state: State, reason: Reason, trip: RoundTrip) -> Origin | None:
    """Returns where the contents come from of what a column is in a state."""
    table = table_now(trip.before, state, reason.table) if reason.table is not None else None
    column = _column(state, reason, trip)
    return state.origin(table, column) if table is not None and column is not None else None


def _column(state: State, reason: Reason, trip: RoundTrip, called: Name | None = None) -> Column | None:
    """Returns what a column of before is in a state, None if it is not there.

    `called`: its table's name by then, for one of which the rows are not known.
    """
    if reason.table is None or reason.part is None:
        return None
    table = table_now(trip.before, state, reason.table)
    if table is None and called is not None:
        table = state.table(called)
    return column_now(state, table, reason.table, reason.part) if table is not None else None


def _rows_left(state: State, reason: Reason, trip: RoundTrip) -> int | Unknown | None:
    """Returns how often rows were taken out of a table, None if no table holds its old rows any more.

    UNKNOWN after what is not understood: it may as well have written others.
    """
    table = rows_now(trip.before, state, reason.table) if reason.table is not None else None
    rows = state.rows(table) if table is not None else None
    if rows is None:
        same = state.table(reason.table) if reason.table is not None else None
        unknown = same is not None and isinstance(state.rows(same), UnknownRows)
        return UNKNOWN if unknown else None
    changes = rows.changes if isinstance(rows, ChangedRows) else ()
    return sum(isinstance(change, Deleted) for change in changes)
