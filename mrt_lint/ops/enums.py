"""Operations on named types: enums above all."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Final

from mrt_lint.classes import dataclass
from mrt_lint.ops.base import Operation
from mrt_lint.ops.editing import exists_already, find_object
from mrt_lint.schema.dialects import MYSQL, titles
from mrt_lint.schema.names import UNKNOWN, Name, Unknown
from mrt_lint.schema.objects import AnyObject, EnumType, SchemaObject

if TYPE_CHECKING:
    from mrt_lint.schema.state import State

LABELS_OF_RUN_TIME: Final = ("other labels", "known only at run time")
"""The detail of a type that was made with labels which are not known, where single ones are noted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateType(Operation):
    """CREATE TYPE .. AS ENUM (labels), or any other type (`definition`).

    Of a domain: `default` is its own, `base` the type under it where that may be a domain; both say no more
    than `definition`.
    """

    type: Name
    labels: tuple[str, ...] | Unknown = UNKNOWN
    definition: str | None = None
    default: str | None = field(default=None, compare=False)
    base: Name | None = field(default=None, compare=False)

    def apply(self, state: State) -> State:
        """Adds the type."""
        if (refused := _without_types(state, self)) is not None:
            return refused
        found = state.get("type", self.type)
        if found is not None:
            return exists_already(state, self, "type", str(self.type), sure=found.sure and not found.assumed)
        if self.definition is not None:
            found = SchemaObject("type", self.type, self.definition, default=self.default, base=self.base)
            return state.put(found)
        was = None if isinstance(self.labels, Unknown) else (None,) * len(self.labels)
        return state.put(EnumType(self.type, self.labels, was=was))

    def inverse(self, state_before: State) -> Operation | None:
        """Drops the type."""
        return None if state_before.get("type", self.type) else DropType(type=self.type)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"create type {self.type}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DropType(Operation):
    """DROP TYPE or DROP DOMAIN."""

    type: Name
    cascade: bool = False

    def apply(self, state: State) -> State:
        """Removes the type; one that columns use stays, with a fault, unless CASCADE drops them."""
        from mrt_lint.ops.dropped_columns import DropColumn

        if (refused := _without_types(state, self)) is not None:
            return refused
        state, found = find_object(state, self, "type", self.type)
        if found is None:
            return state
        for table, column in users(state, self.type):
            if self.cascade:
                state = DropColumn(table=table, name=column, direction=self.direction).apply(state)
            else:
                return state.fault(
                    self,
                    "invalid",
                    "type",
                    str(self.type),
                    f"type {self.type} is still used by {table}.{column} at that point",
                    sure=not found.assumed and found.sure,
                )
        return state.drop("type", self.type)

    def inverse(self, state_before: State) -> Operation | None:
        """Creates the type as it was."""
        from mrt_lint.ops.objects import restore

        found = state_before.get("type", self.type)
        if found is None or self.cascade:
            return None
        if isinstance(found, SchemaObject) and isinstance(found.definition, str):
            return CreateType(type=self.type, definition=found.definition)
        return restore(found)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"drop type {self.type}"


def users(state: State, name: Name) -> list[tuple[Name, str]]:
    """Returns the columns, as (table, column), whose type is this one."""
    found = []
    for table in state.tables():
        for column in table.columns.values():
            kind = column.type
            if isinstance(kind, Unknown):
                continue
            kind = kind.element or kind
            if kind.name == name.name and (kind.schema or "public") == (name.schema or "public"):
                found.append((table.name, column.name))
    return found


def _was(found: EnumType, label: str) -> str | None:
    """Returns what a label was called before the migration, None for a new one."""
    if isinstance(found.labels, Unknown) or label not in found.labels:
        return None
    return label if found.was is None else found.was[found.labels.index(label)]


def as_mere_type(name: Name, assumed: bool) -> SchemaObject:
    """Returns a type of which single labels may be noted; one that a migration made has others too."""
    return SchemaObject("type", name, details=() if assumed else (LABELS_OF_RUN_TIME,), assumed=assumed)


def _single_labels(found: AnyObject) -> SchemaObject:
    """Returns a type whose labels are not known as one of which single labels are noted."""
    if isinstance(found, SchemaObject):
        return found
    return as_mere_type(found.name, found.assumed)


def _without_types(state: State, op: Operation) -> State | None:
    """Returns the state with a fault where the database has no such statement, else None.

    Sources: MySQL and MariaDB have no CREATE, ALTER or DROP TYPE, nor has SQLite ("SQL As Understood By
    SQLite"); enum types are PostgreSQL's (SQL Server and Oracle: CREATE TYPE). `sa.Enum(..).create()`
    sends nothing there.
    """
    of_enum = isinstance(op, AddEnumValue) or (isinstance(op, CreateType) and op.definition is None)
    without = state.dialect in (*MYSQL, "sqlite") or (of_enum and state.dialect != "postgresql")
    if not op.sql or not without:
        return None
    what = "enum types" if of_enum else "types of its own"
    message = f"{titles([state.dialect])} has no {what}: {op.describe()}"
    return state.fault(op, "unsupported", "statement", op.describe(), message)


def _relabel(state: State, op: Operation, name: Name, labels: tuple[str, ...] | Unknown) -> State:
    if (refused := _without_types(state, op)) is not None:
        return refused
    state, found = find_object(state, op, "type", name)
    if found is None:
        return state
    if isinstance(found, EnumType):
        was = None if isinstance(labels, Unknown) else tuple(_was(found, label) for label in labels)
        return state.put(replace(found, labels=labels, assumed=False, was=was))
    return state.put(EnumType(name, UNKNOWN))


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEnumValue(Operation):
    """ALTER TYPE .. ADD VALUE; `before` / `after` an existing label."""

    type: Name
    label: str
    before: str | None = None
    after: str | None = None

    def apply(self, state: State) -> State:
        """Adds the label at its place; IF NOT EXISTS is about the label, not about its type."""
        if (refused := _without_types(state, self)) is not None:
            return refused
        state, found = find_object(state, replace(self, conditional=False), "type", self.type)
        if found is None:
            return state
        if not isinstance(found, EnumType) or isinstance(found.labels, Unknown):
            noted = _single_labels(found)
            grown = {**dict(noted.details), f"label {self.label}": "added"}
            return state.put(replace(noted, details=tuple(sorted(grown.items()))))
        if self.label in found.labels:
            return exists_already(state, self, "enum label", f"{self.type}.{self.label}")
        labels = list(found.labels)
        position = len(labels)
        if self.before in labels:
            position = labels.index(self.before or "")
        elif self.after in labels:
            position = labels.index(self.after or "") + 1
        labels.insert(position, self.label)
        was = tuple(None if label == self.label else _was(found, label) for label in labels)
        return state.put(replace(found, labels=tuple(labels), was=was))

    def inverse(self, state_before: State) -> Operation | None:
        """Returns the replacement of all labels by those before: no statement removes one."""
        found = state_before.enum(self.type)
        if found is None or isinstance(found.labels, Unknown):
            return None
        return ReplaceEnumValues(type=self.type, labels=found.labels)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"add value '{self.label}' to type {self.type}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameEnumValue(Operation):
    """ALTER TYPE .. RENAME VALUE."""

    type: Name
    label: str
    new: str

    def apply(self, state: State) -> State:
        """Renames the label; rows and defaults that hold it follow by themselves."""
        found = state.enum(self.type)
        if found is None or isinstance(found.labels, Unknown):
            state, other = find_object(state, self, "type", self.type)
            if other is None:
                return state
            noted = _single_labels(other)
            details = dict(noted.details)
            first = next(
                (key for key, value in details.items() if value == self.label), f"label {self.label}"
            )
            if first == f"label {self.new}":
                details.pop(first, None)
            else:
                details[first] = self.new
            return state.put(replace(noted, details=tuple(sorted(details.items()))))
        if self.label not in found.labels:
            subject = f"{self.type}.{self.label}"
            return state.fault(
                self, "missing", "enum label", subject, f"enum label {subject} does not exist at that point"
            )
        labels = tuple(self.new if label == self.label else label for label in found.labels)
        was = tuple(_was(found, label) for label in found.labels)
        state = state.put(replace(found, labels=labels, was=was))
        return self._defaults(state)

    def _defaults(self, state: State) -> State:
        """Returns the state in which the defaults of columns hold the new label."""
        old, new = ("'" + label.replace("'", "''") + "'" for label in (self.label, self.new))
        for name, column_name in users(state, self.type):
            table = state.table(name)
            column = state.column(name, column_name)
            if table is not None and column is not None and column.default == old:
                columns = {**table.columns, state.fold(column_name): replace(column, default=new)}
                state = state.put(replace(table, columns=columns))
        return state

    def inverse(self, state_before: State) -> Operation | None:
        """Renames it back."""
        return RenameEnumValue(type=self.type, label=self.new, new=self.label)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"rename value '{self.label}' of type {self.type} to '{self.new}'"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceEnumValues(Operation):
    """An enum's labels are replaced and its columns moved over (`op.sync_enum_values`)."""

    type: Name
    labels: tuple[str, ...]
    columns: tuple[tuple[Name, str], ...] = ()

    def apply(self, state: State) -> State:
        """Replaces the labels; a row that holds a removed one makes it fail."""
        return _relabel(state, self, self.type, self.labels)

    def inverse(self, state_before: State) -> Operation | None:
        """Restores the labels."""
        found = state_before.enum(self.type)
        if found is None or isinstance(found.labels, Unknown):
            return None
        return ReplaceEnumValues(type=self.type, labels=found.labels, columns=self.columns)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"replace the values of type {self.type}"
