"""Type changes of columns with data that can lose or reject some of it."""

from __future__ import annotations

from dataclasses import replace

from mrt_lint.classes import dataclass
from mrt_lint.hazards.existing import old_column
from mrt_lint.hazards.relabelled import without_labels
from mrt_lint.hazards.said_again import type_again
from mrt_lint.ops import AlterColumnType, RedefineColumn
from mrt_lint.ops.adopting import adopt_type
from mrt_lint.ops.alter import says_cast
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.casts import Effect, cast_effect
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.origin import Filled
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType


@dataclass(frozen=True, slots=True)
class Conversion:
    """A type change of old data. `subject`: the column as reasons name it; `effect` is never LOSSLESS.

    `old`, `new`: UNKNOWN when not known. `computed`: USING says how the new values are computed.
    """

    subject: str
    old: SqlType | Unknown
    new: SqlType | Unknown
    effect: Effect
    computed: bool = False


def harmful_conversion(
    change: AlterColumnType | RedefineColumn, state: State, trip: RoundTrip
) -> Conversion | None:
    """Returns the type change if it can lose or reject values that were there before the migration."""
    before = old_column(change.table, change.name, state, trip)
    table, column = state.table(change.table), state.column(change.table, change.name)
    if before is None or table is None or column is None or column.generated is not None:
        return None
    if isinstance(state.origin(table, column), Filled):
        return None
    if isinstance(change, RedefineColumn):
        if isinstance(change.column.type, Unknown) and not change.retyped:
            return None  # Stated again as MySQL wants it: by what the migration says, no change.
        wanted, using, plain = change.column.type, None, True
    else:
        wanted, plain = change.type, change.plain_using
        using = change.using if state.dialect == "postgresql" else None
    old = column.type
    if isinstance(old, Unknown):
        said = change.existing_type
        if isinstance(said, Unknown):
            said = type_again(change.table, change.name, state, trip) or said
        old = adopt_type(state, said)
    new = adopt_type(state, wanted)
    # A cast to the type that the values have changes none of them; the change to the new type does.
    computed = using is not None and not plain and not says_cast(using, before.name, old)
    labelled, relabelled = _with_labels(old, state), _with_labels(new, state)
    effect = cast_effect(labelled, relabelled, state.dialect)
    if computed:
        effect = Effect.UNKNOWN
    if effect is Effect.LOSSLESS or (not isinstance(old, Unknown) and old == new):
        return None
    if effect is Effect.MAY_FAIL and isinstance(labelled, SqlType) and isinstance(relabelled, SqlType):
        labels = (labelled.labels, relabelled.labels)
        if all(labels) and without_labels(change, change.table, change.name, labels, state, trip):
            return None
    return Conversion(f"{state.base_name(table)}.{before.name}", old, new, effect, computed)


def _with_labels(kind: SqlType | Unknown, state: State) -> SqlType | Unknown:
    """Returns the type with the labels of the enum that it names or is an array of, as far as known."""
    if isinstance(kind, Unknown):
        return kind
    if kind.element is not None:
        element = _with_labels(kind.element, state)
        return kind if isinstance(element, Unknown) else replace(kind, element=element)
    enum = state.enum(Name(kind.name, kind.schema))
    if enum is None or isinstance(enum.labels, Unknown):
        return kind
    return replace(kind, labels=enum.labels)
