"""Puts the answer to a question into the state before: in one way it is there, in the other it is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from mrt_lint.ops.adopting import uses_column
from mrt_lint.ops.editing import sorted_constraints
from mrt_lint.ops.guard import Exists
from mrt_lint.schema.objects import Column, Index, Table
from mrt_lint.schema.state import (
    State,
    assumed_column,
    assumed_constraint,
    assumed_index,
    assumed_object,
    assumed_table,
)

Part = TypeVar("Part", Column, Index)


def supposing(state: State, question: Exists, answer: bool) -> State | None:
    """Returns the state in which a question to an open schema has this answer, None if it cannot be put.

    Of what is there no more than the name is known, unless the history made it on one of several ways.
    """
    kind, name = question.kind, question.name
    if not name.name:
        return None
    if kind in ("type", "view"):
        found = state.get(kind, name)
        if not answer:
            return state.drop(kind, name)
        known = replace(found, sure=True) if found is not None else assumed_object(kind, name)
        return state.put(known)
    table = state.table(name)
    if kind == "table":
        if not answer:
            return state.drop("table", name)
        return state.put(replace(table or assumed_table(name, state.epoch), sure=True))
    # Who asks for a part gets an answer only if the table is there.
    table = replace(table or assumed_table(name, state.epoch), sure=True)
    part = question.part or ""
    supposed = _with(state, table, question, part) if answer else _without(state, table, question, part)
    return None if supposed is None else state.put(supposed)


def _with(state: State, table: Table, question: Exists, part: str) -> Table:
    folded = state.fold(part)
    gone = table.gone - {(question.kind, folded)}
    if question.kind == "column":
        column = table.columns.get(folded)
        known: Column = assumed_column(part) if column is None else replace(column, sure=True)
        return replace(table, columns={**table.columns, folded: known}, gone=gone)
    if question.kind == "index":
        return replace(table, indexes={folded: assumed_index(part), **table.indexes}, gone=gone)
    if any(constraint.name and state.fold(constraint.name) == folded for constraint in table.constraints):
        return table
    constraints = sorted_constraints((*table.constraints, assumed_constraint(part)))
    return replace(table, constraints=constraints, gone=gone)


def _without(state: State, table: Table, question: Exists, part: str) -> Table | None:
    folded = state.fold(part)
    gone = table.gone | {(question.kind, folded)}
    if question.kind == "index":
        return replace(table, indexes=_less(table.indexes, folded), gone=gone)
    if question.kind == "constraint":
        others = (c for c in table.constraints if not c.name or state.fold(c.name) != folded)
        return replace(table, constraints=tuple(others), gone=gone)
    name = table.columns[folded].name if folded in table.columns else part
    constraints = tuple(one for one in table.constraints if not uses_column(state, one, name))
    indexes = {key: one for key, one in table.indexes.items() if not uses_column(state, one, name)}
    gone |= {("index", key) for key in table.indexes if key not in indexes}
    without = (one for one in table.constraints if one not in constraints and one.name)
    gone |= {("constraint", state.fold(one.name or "")) for one in without}
    columns = _less(table.columns, folded)
    return replace(table, columns=columns, constraints=constraints, indexes=indexes, gone=gone)


def _less(parts: Mapping[str, Part], folded: str) -> dict[str, Part]:
    return {key: part for key, part in parts.items() if key != folded}
