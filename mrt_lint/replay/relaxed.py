"""Finds where a downgrade tightens again what the upgrade relaxed: rows written meanwhile may not fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mrt_lint.ops.base import Operation
from mrt_lint.ops.data import Delete, Truncate, Update
from mrt_lint.replay.differences import structure
from mrt_lint.schema.casts import Effect, cast_effect
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import Column, Constraint, EnumType, Table
from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True)
class Tightening:
    """What the old schema forbids and the new one allows: `what` in words, on `table` and `part`."""

    table: Name
    part: str | None
    kind: str
    what: str


def tightenings(
    before: State, between: State, after: State, downgrade: list[Operation]
) -> Iterator[Tightening]:
    """Yields every relaxation that the downgrade takes back without first handling the new rows.

    A downgrade that updates or deletes rows of the table before it tightens is taken to handle them.
    """
    handled = {
        between.key("table", operation.table)
        for operation in downgrade
        if isinstance(operation, Update | Delete | Truncate)
    }
    for key in between.changed_since(before) or []:
        old, middle, new = (state.objects.get(key) for state in (before, between, after))
        if isinstance(old, EnumType) and isinstance(middle, EnumType) and isinstance(new, EnumType):
            yield from _labels(old, middle, new)
        if (
            isinstance(old, Table)
            and isinstance(middle, Table)
            and isinstance(new, Table)
            and key not in handled
        ):
            yield from _columns(before, old, middle, new)
            yield from _constraints(before, old, middle, new)


def _labels(old: EnumType, middle: EnumType, new: EnumType) -> Iterator[Tightening]:
    if (
        isinstance(old.labels, Unknown)
        or isinstance(middle.labels, Unknown)
        or isinstance(new.labels, Unknown)
    ):
        return
    added = [label for label in middle.labels if label not in old.labels and label not in new.labels]
    if added:
        yield Tightening(
            old.name, None, "type", f"rows that hold {', '.join(repr(label) for label in added)}"
        )


def _columns(state: State, old: Table, middle: Table, new: Table) -> Iterator[Tightening]:
    for name, column in old.columns.items():
        wide, narrow = middle.columns.get(name), new.columns.get(name)
        if wide is None or narrow is None:
            continue
        if column.nullable is False and wide.nullable is True and narrow.nullable is False:
            yield Tightening(old.name, column.name, "column", f"rows with NULL in {column.name}")
        if _narrows(state, column, wide, narrow):
            yield Tightening(
                old.name, column.name, "column", f"values of {wide.type} that do not fit {narrow.type}"
            )


def _narrows(state: State, old: Column, wide: Column, narrow: Column) -> bool:
    if old.type != narrow.type or wide.type == narrow.type:
        return False
    widens = cast_effect(old.type, wide.type, state.dialect) is Effect.LOSSLESS
    return widens and cast_effect(wide.type, narrow.type, state.dialect) is not Effect.LOSSLESS


def _constraints(state: State, old: Table, middle: Table, new: Table) -> Iterator[Tightening]:
    between = {structure(state, c) for c in middle.constraints}
    after = {structure(state, c) for c in new.constraints}
    for constraint in old.constraints:
        shape = structure(state, constraint)
        if shape in after and shape not in between and constraint.kind != "primary":
            if not all(state.fold(column) in middle.columns for column in constraint.columns):
                continue
            yield Tightening(old.name, constraint.name, "constraint", _violating(constraint))
    uniques = {i.columns for i in middle.indexes.values() if i.unique is True}
    for index in old.indexes.values():
        back = any(other.unique is True and other.columns == index.columns for other in new.indexes.values())
        if (
            index.unique is True
            and back
            and index.columns not in uniques
            and not isinstance(index.columns, Unknown)
        ):
            yield Tightening(old.name, index.name, "index", f"rows with the same {', '.join(index.columns)}")


def _violating(constraint: Constraint) -> str:
    columns = ", ".join(constraint.columns)
    if constraint.kind == "unique":
        return f"rows with the same {columns}"
    if constraint.kind == "foreign":
        return f"rows whose {columns} refers to nothing in {constraint.ref_table}"
    return f"rows that violate {constraint.expression or constraint.name}"
