"""Operations on sequences, and on the sequence that SERIAL brings along."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.ops.base import Operation
from mrt_lint.ops.dependents import belonging, standing
from mrt_lint.ops.editing import find_object
from mrt_lint.ops.objects import altered, create_object, restored
from mrt_lint.schema.automatic_names import sequence_name
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, SchemaObject, Table
from mrt_lint.schema.origin import NUMBERED, ChangedRows, NoRows
from mrt_lint.schema.sequences import read_options, sequences_in, usual_left_out

if TYPE_CHECKING:
    from mrt_lint.schema.state import State


def find_sequence(state: State, op: Operation, name: Name) -> tuple[State, SchemaObject | None]:
    """Returns the sequence an operation acts on; one that a SERIAL column has is put into the state."""
    found = state.get("sequence", name)
    serial = serial_column(state, name) if found is None else None
    if serial is None:
        complete = state.complete
        open_state = (
            replace(state, complete=False) if found is None and _may_be_serial(state, name) else state
        )
        after, found = find_object(open_state, op, "sequence", name)
        after = replace(after, complete=complete) if open_state is not state else after
        return after, found if isinstance(found, SchemaObject) else None
    table, column = serial
    details = (("column", state.fold(column.name)), ("serial", "yes"))
    own = SchemaObject("sequence", name, "", table.name, details, epoch=state.epoch)
    if not _new(table, column):
        state = state.assume("object", name, own)
    return state.put(own), own


def _new(table: Table, column: Column) -> bool:
    """Returns whether a numbered column came with this migration."""
    rows = table.rows.base if isinstance(table.rows, ChangedRows) else table.rows
    return isinstance(rows, NoRows) or column.origin == NUMBERED


def _may_be_serial(state: State, name: Name) -> bool:
    """Returns whether a SERIAL column may own it: the table was called otherwise when it was made."""
    return state.dialect == "postgresql" and any(
        (column.autoincrement or column.identity) and name.name.endswith(f"_{column.name}_seq")
        for table in state.tables()
        if not state.knows_all_of(table)
        for column in table.columns.values()
    )


def serial_column(state: State, name: Name) -> tuple[Table, Column] | None:
    """Returns the column whose own sequence has this name (PostgreSQL `<table>_<column>_seq`)."""
    if state.dialect != "postgresql" or not name.name.endswith("_seq"):
        return None
    for table in state.tables():
        if state.key("table", table.name).schema != state.key("sequence", name).schema:
            continue
        for column in table.columns.values():
            numbered = column.autoincrement or column.identity
            if numbered and name.name == sequence_name(table.name.name, column.name):
                other = _own_sequence(state, table, column)
                return (table, column) if other is None or other.name == name else None
    return None


def _own_sequence(state: State, table: Table, column: Column) -> SchemaObject | None:
    """Returns the sequence of a numbered column if it stands for itself in the state."""
    key = state.fold(column.name)
    for item in belonging(state, "sequence", table.name):
        details = dict(item.details)
        if "serial" in details and details.get("column") == key:
            return item
    return None


def as_serial(state: State, table: Name, column: str) -> State:
    """Returns the state in which a SERIAL column that was put together by hand is one (PostgreSQL).

    SERIAL is but a word for a sequence that the column owns and its default asks.
    """
    found = state.column(table, column)
    name = Name(f"{table.name}_{column}_seq", table.schema)
    sequence = state.get("sequence", name)
    owner = state.table(table)
    if state.dialect != "postgresql" or found is None or owner is None:
        return state
    if not isinstance(sequence, SchemaObject) or sequence.table is None or sequence.assumed:
        return state
    own = state.key("table", sequence.table) == state.key("table", table)
    if not own or sequence.details != (("column", state.fold(column)),):
        return state
    asked = sequences_in(found.default) if isinstance(found.default, str) else []
    if [state.key("sequence", used) for used in asked] != [state.key("sequence", name)]:
        return state
    serial = replace(found, default=None, autoincrement=True)
    columns = {**owner.columns, state.fold(column): serial}
    return state.drop("sequence", name).put(replace(owner, columns=columns))


def is_serial(found: SchemaObject) -> bool:
    """Returns whether a sequence is but a part of its SERIAL column, under the name that it gets anyway."""
    details = dict(found.details)
    if found.kind != "sequence" or "serial" not in details or found.table is None:
        return False
    return found.name.name == sequence_name(found.table.name, details.get("column", ""))


def numbered_apart(state: State, name: Name) -> State:
    """Returns the state with the sequences of a new table that are not called after it (PostgreSQL).

    The usual name is taken where a table that had this one was renamed; then a number follows it.
    """
    table = state.table(name)
    if state.dialect != "postgresql" or table is None:
        return state
    for key, column in table.columns.items():
        own = Name(sequence_name(name.name, column.name), name.schema)
        taken, count = state.get("sequence", own), 0
        if not (column.autoincrement or column.identity) or not isinstance(taken, SchemaObject):
            continue
        if taken.table is not None and state.key("table", taken.table) == state.key("table", name):
            continue
        while state.get("sequence", own) is not None:
            count += 1
            own = Name(sequence_name(name.name, column.name, count), name.schema)
        details = (("column", key), ("serial", "yes"))
        state = state.put(SchemaObject("sequence", own, "", name, details, epoch=state.epoch))
    return state


def named_apart(state: State, name: Name) -> State:
    """Returns the state in which the sequences of a table's numbered columns stand for themselves.

    PostgreSQL names them when the column is made; a rename of the table or the column leaves that name.
    """
    table = state.table(name)
    if state.dialect != "postgresql" or table is None:
        return state
    for key, column in table.columns.items():
        if not (column.autoincrement or column.identity) or _own_sequence(state, table, column):
            continue
        own = Name(sequence_name(table.name.name, column.name), table.name.schema)
        details = (("column", key), ("serial", "yes"))
        state = state.put(SchemaObject("sequence", own, "", table.name, details, epoch=state.epoch))
    return state


def told_apart(state: State, table: Name, column: Column) -> tuple[State, Column]:
    """Returns the state and a SERIAL column as a plain one, its sequence beside it, for another default.

    The column owns the sequence all the same, so that this goes with it.
    """
    owner = state.table(table)
    if state.dialect != "postgresql" or owner is None or not column.autoincrement:
        return state, column
    own = _own_sequence(state, owner, column)
    name = own.name if own is not None else _usual_name(owner, column)
    sequence = own or SchemaObject("sequence", name, "", owner.name, epoch=state.epoch)
    state = state.put(replace(sequence, details=(("column", state.fold(column.name)),)))
    return state, replace(column, autoincrement=False)


def asked_of_sequence(state: State, table: Name, column: Column) -> str | None:
    """Returns the default that a SERIAL column has, None for another column or database."""
    owner = state.table(table)
    if state.dialect != "postgresql" or owner is None or not column.autoincrement:
        return None
    own = _own_sequence(state, owner, column)
    return f"nextval('{own.name if own is not None else _usual_name(owner, column)}')"


def _usual_name(owner: Table, column: Column) -> Name:
    return Name(sequence_name(owner.name.name, column.name), owner.name.schema)


def named_by_column(state: State, name: Name) -> State:
    """Returns the state without the sequences that are called as their columns have them anyway."""
    for item in belonging(state, "sequence", name) if state.dialect == "postgresql" else ():
        if is_serial(item) and not item.moved and len(item.details) == 2:
            state = state.drop("sequence", item.name)
    return state


def _settled(state: State, sequence: SchemaObject) -> State:
    column = dict(sequence.details).get("column")
    return as_serial(state, sequence.table, column) if sequence.table and column else state


def _freed(state: State, old: SchemaObject, new: SchemaObject) -> State:
    """Returns the state in which a sequence has no owner; a SERIAL column keeps asking it by its default."""
    details = dict(new.details)
    if details.pop("serial", None) is not None and old.table is not None:
        table = state.table(old.table)
        column = table.columns.get(dict(old.details).get("column", "")) if table is not None else None
        if table is not None and column is not None:
            plain = replace(column, autoincrement=False, default=f"nextval('{new.name}')")
            state = state.put(replace(table, columns={**table.columns, state.fold(column.name): plain}))
    return state.put(replace(new, details=tuple(sorted(details.items()))))


def users(state: State, name: Name) -> list[tuple[Table, Column]]:
    """Returns the columns whose default asks the sequence for its next value."""
    key = state.key("sequence", name)
    return [
        (table, column)
        for table in state.tables()
        for column in table.columns.values()
        if isinstance(column.default, str)
        and any(state.key("sequence", used) == key for used in sequences_in(column.default))
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSequence(Operation):
    """CREATE SEQUENCE; `definition` canonical SQL of its options."""

    sequence: Name
    definition: str = ""

    def apply(self, state: State) -> State:
        """Adds the sequence, which stands at its start."""
        value = SchemaObject("sequence", self.sequence, "")
        value = _with_options(state, value, self.definition) or replace(value, definition=self.definition)
        return _settled(create_object(state, self, value), value)

    def inverse(self, state_before: State) -> Operation | None:
        """Drops the sequence."""
        return None if state_before.get("sequence", self.sequence) else DropSequence(sequence=self.sequence)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"create sequence {self.sequence}"


def _with_options(state: State, found: SchemaObject, text: str) -> SchemaObject | None:
    """Returns the sequence with the options that a text sets, None if the text is not understood."""
    options = read_options(text)
    if options is None:
        return None
    values: dict[str, str] = dict(found.details)
    for option, value in options.values.items():
        values.pop(option, None)
        if value is not None:
            values[option] = value
    table = found.table
    if options.owned:
        values.pop("column", None)
        table = options.owner[0] if options.owner else None
        values |= {"column": state.fold(options.owner[1])} if options.owner else {}
    moved = "is set to another position" if options.restarts else ""
    return replace(found, details=usual_left_out(values), table=table, moved=moved or found.moved)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterSequence(Operation):
    """ALTER SEQUENCE, or setval() (`position` True: only where it stands changes)."""

    sequence: Name
    change: str = ""
    position: bool = False

    def apply(self, state: State) -> State:
        """Sets the options; where the sequence stands is no part of its definition."""
        state, found = find_sequence(state, self, self.sequence)
        if found is None:
            return state
        if self.position:
            return state.put(replace(found, moved=found.moved or "is set to another position"))
        changed = _with_options(state, found, self.change)
        if changed is None:
            return altered(state, self, found, self.change)
        return _settled(state.put(changed), changed) if changed.table else _freed(state, found, changed)

    def inverse(self, state_before: State) -> Operation | None:
        """Restores the sequence as it was, when that is known."""
        return restored(state_before, "sequence", self.sequence)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"{'set the position of' if self.position else 'alter'} sequence {self.sequence}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DropSequence(Operation):
    """DROP SEQUENCE."""

    sequence: Name
    cascade: bool = False

    def apply(self, state: State) -> State:
        """Removes the sequence; defaults that need it go with CASCADE and stand against it without."""
        state, found = find_sequence(state, self, self.sequence)
        if found is None:
            return state
        if state.dialect == "postgresql":
            for table, column in users(state, self.sequence):
                state = self._needed(state, table, column, found)
            serial = serial_column(state, self.sequence)
            if serial is not None:
                state = self._needed(state, *serial, found)
        return state.drop("sequence", self.sequence)

    def _needed(self, state: State, table: Table, column: Column, found: SchemaObject) -> State:
        current = state.table(table.name) or table
        if self.cascade:
            without = replace(current.columns[state.fold(column.name)], default=None, autoincrement=False)
            columns = {**current.columns, state.fold(column.name): without}
            return state.put(replace(current, columns=columns))
        subject = f"{table.name}.{column.name}"
        message = f"sequence {self.sequence} cannot be dropped while the default of {subject} needs it"
        sure = state.is_there(table) and column.sure and standing(state, found)
        return state.fault(self, "invalid", "sequence", str(self.sequence), message, sure)

    def inverse(self, state_before: State) -> Operation | None:
        """Creates the sequence as it was, and with CASCADE the defaults; its position is gone."""
        from mrt_lint.ops.alter import SetDefault
        from mrt_lint.ops.control import Several

        previous = restored(state_before, "sequence", self.sequence)
        if previous is None or not self.cascade or state_before.dialect != "postgresql":
            return previous
        defaults = tuple(
            SetDefault(table=table.name, name=column.name, default=column.default)
            for table, column in users(state_before, self.sequence)
        )
        return Several(operations=(previous, *defaults)) if defaults else previous

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"drop sequence {self.sequence}"


def without_column(state: State, table: Name, column: str) -> State:
    """Returns the state without the sequences that are owned by a column."""
    for item in belonging(state, "sequence", table):
        if state.fold(dict(item.details).get("column", "")) == state.fold(column):
            state = state.drop("sequence", item.name)
    return state


def follow_column(state: State, table: Name, old: str, new: str) -> State:
    """Returns the state in which sequences are owned by the renamed column."""
    for item in belonging(state, "sequence", table):
        details = dict(item.details)
        if state.fold(details.get("column", "")) == state.fold(old):
            details["column"] = state.fold(new)
            state = state.put(replace(item, details=tuple(sorted(details.items()))))
    return state


def follow_name(state: State, old: Name, new: Name) -> State:
    """Returns the state in which defaults name a renamed sequence (PostgreSQL keeps a reference)."""
    for table, column in users(state, old):
        if column.default != f"nextval('{old}')":
            continue
        current = state.table(table.name) or table
        renamed = replace(column, default=f"nextval('{new}')")
        state = state.put(replace(current, columns={**current.columns, state.fold(column.name): renamed}))
    return state
