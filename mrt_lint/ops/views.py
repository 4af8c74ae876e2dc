"""Operations on views."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.ops.base import Operation
from mrt_lint.ops.dependents import held, standing, without_view
from mrt_lint.ops.editing import find_object
from mrt_lint.ops.objects import create_object, restored, undone
from mrt_lint.ops.reading import ColumnRead
from mrt_lint.schema.names import UNKNOWN, Name, Unknown
from mrt_lint.schema.objects import Read, SchemaObject

if TYPE_CHECKING:
    from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateView(Operation):
    """CREATE [OR REPLACE] [MATERIALIZED] VIEW; `query` canonical SQL; `replace` as written.

    `reads`: everything that the query names. `columns`: its output; a relation's name stands for all
    columns of it (`SELECT *`), an empty name for one that the database chooses.
    """

    view: Name
    query: str | Unknown
    materialized: bool = False
    replace: bool = False
    reads: tuple[ColumnRead, ...] | Unknown = UNKNOWN
    columns: tuple[str | Name, ...] | Unknown = UNKNOWN

    def apply(self, state: State) -> State:
        """Adds or replaces the view."""
        value = SchemaObject(
            "view",
            self.view,
            self.query,
            details=(("materialized", "yes"),) if self.materialized else (),
            reads=_resolved(state, self.reads),
            columns=_output(state, self.columns),
        )
        found = state.get("view", self.view)
        if isinstance(found, SchemaObject) and self.replace and state.dialect == "postgresql":
            state = self._replacing(state, found, value)
        return create_object(state, self, value, self.replace)

    def _replacing(self, state: State, old: SchemaObject, new: SchemaObject) -> State:
        """Returns the state with what stands against it: PostgreSQL keeps the columns of a replaced view.

        Source: PostgreSQL manual, CREATE VIEW: new columns may only be appended.
        """
        if old.definition == new.definition and not isinstance(new.definition, Unknown):
            return state
        if isinstance(old.columns, Unknown) or isinstance(new.columns, Unknown):
            if self.direction == "upgrade":
                return state
            return state.doubt(self, f"view {self.view} may have columns that its replacement lacks")
        if len(new.columns) >= len(old.columns) and all(
            not one or not other or state.fold(one) == state.fold(other)
            for one, other in zip(old.columns, new.columns, strict=False)
        ):
            return state
        message = (
            f"view {self.view} cannot be replaced: its columns ({_listed(old.columns)}) must stay, "
            f"and the new query gives ({_listed(new.columns)})"
        )
        return state.fault(self, "invalid", "view", str(self.view), message, standing(state, old))

    def inverse(self, state_before: State) -> Operation | None:
        """Restores the view that was replaced, or drops the new one."""
        return restored(state_before, "view", self.view) or DropView(
            view=self.view, materialized=self.materialized
        )

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"create {'materialized ' if self.materialized else ''}view {self.view}"


def _listed(columns: tuple[str, ...]) -> str:
    return ", ".join(column or "?" for column in columns)


def _columns_of(state: State, relation: Name) -> tuple[tuple[str, ...], bool]:
    """Returns the columns that are known of a table or view, and whether these are all."""
    table = state.table(relation)
    if table is not None:
        return tuple(column.name for column in table.columns.values()), state.knows_all_of(table)
    view = state.get("view", relation)
    if isinstance(view, SchemaObject) and not isinstance(view.columns, Unknown):
        return view.columns, all(view.columns)
    return (), False


def _resolved(state: State, named: tuple[ColumnRead, ...] | Unknown) -> tuple[Read, ...] | Unknown:
    """Returns what a query reads in this state, as the database resolves its names now."""
    if isinstance(named, Unknown):
        return UNKNOWN
    found: dict[Read, None] = {}
    for item in named:
        found.update(dict.fromkeys(_reads(state, item)))
    return tuple(found)


def _reads(state: State, item: ColumnRead) -> list[Read]:
    known = {relation: _columns_of(state, relation) for relation in item.relations}
    if item.column is None:
        return [Read(relation) for relation in item.relations]
    if item.column == "*":
        reads = [Read(relation, column) for relation, (names, _) in known.items() for column in names]
        return reads + [Read(relation, "*", False) for relation, (_, whole) in known.items() if not whole]
    wanted = state.fold(item.column)
    if not item.sure:
        return [
            Read(relation, item.column, False)
            for relation, (names, whole) in known.items()
            if not whole or wanted in {state.fold(name) for name in names}
        ]
    reads = []
    for relation, (names, whole) in known.items():
        if wanted in {state.fold(name) for name in names}:
            return [*reads, Read(relation, item.column, not reads)]
        if not whole:
            reads.append(Read(relation, item.column, len(item.relations) == 1))
    return reads if len(reads) > 1 else [replace(read, sure=True) for read in reads]


def _output(state: State, columns: tuple[str | Name, ...] | Unknown) -> tuple[str, ...] | Unknown:
    """Returns the names of the output columns, UNKNOWN if `*` stands for columns that are not known."""
    if isinstance(columns, Unknown):
        return UNKNOWN
    names: list[str] = []
    for column in columns:
        if isinstance(column, str):
            names.append(column)
            continue
        own, whole = _columns_of(state, column)
        if not whole:
            return UNKNOWN
        names.extend(own)
    return tuple(names)


@dataclass(frozen=True, slots=True, kw_only=True)
class DropView(Operation):
    """DROP [MATERIALIZED] VIEW; `along`: what the same statement drops, which does not stand against it."""

    view: Name
    materialized: bool = False
    cascade: bool = False
    along: tuple[Name, ...] = field(default=(), compare=False)

    def apply(self, state: State) -> State:
        """Removes the view, with CASCADE the views that read it too; without it these stand against it."""
        state, found = find_object(state, self, "view", self.view)
        if found is None:
            return state
        if state.dialect == "postgresql" and not self.cascade:
            state = held(state, self, "view", self.view, along=self.along)
        return without_view(state, self, self.view, self.cascade)

    def inverse(self, state_before: State) -> Operation | None:
        """Creates the view as it was, with all that went with it."""
        return undone(state_before, self)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"drop {'materialized ' if self.materialized else ''}view {self.view}"
