"""What a migration says of fields, indexes and constraints, as plain immutable data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mrt_lint.classes import dataclass
from mrt_lint.ops.base import Operation
from mrt_lint.schema.names import UNKNOWN, Unknown

if TYPE_CHECKING:
    from mrt_lint.schema.state import State

Plain = Any
"""A constant, a tuple of such, a Ref, a Spec, or UNKNOWN."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A thing known by its qualified name alone: a class, a function, `settings.AUTH_USER_MODEL`."""

    path: str


@dataclass(frozen=True, slots=True)
class Spec:
    """A call written down: the class, its positional arguments and its options.

    `base`: the field class of Django that it is or derives from, "" if that is not known or it is no field.
    `source`: the text of the call, in which two definitions can be compared.
    """

    path: str
    args: tuple[Plain, ...] = ()
    options: tuple[tuple[str, Plain], ...] = ()
    base: str = ""
    source: str = ""
    own_type: bool = False

    @property
    def name(self) -> str:
        """Returns the class without its module."""
        return self.path.rpartition(".")[2]

    def get(self, name: str, default: Plain = None) -> Plain:
        """Returns an option, else the default."""
        for key, value in self.options:
            if key == name:
                return value
        return default

    def has(self, name: str) -> bool:
        """Returns whether an option is given."""
        return any(key == name for key, _ in self.options)

    def changed(self, **options: Plain) -> Spec:
        """Returns the spec with some options replaced."""
        merged = {**dict(self.options), **options}
        return Spec(self.path, self.args, tuple(merged.items()), self.base, self.source, self.own_type)

    def without(self, *names: str) -> Spec:
        """Returns the spec without some options."""
        kept = tuple((key, value) for key, value in self.options if key not in names)
        return Spec(self.path, self.args, kept, self.base, self.source, self.own_type)


def common(one: Plain, other: Plain) -> Plain:
    """Returns what two values have in common; what differs in them is UNKNOWN."""
    if one == other:
        return one
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        return tuple(common(left, right) for left, right in zip(one, other, strict=True))
    if isinstance(one, Spec) and isinstance(other, Spec) and one.path == other.path:
        options, args = common(one.options, other.options), common(one.args, other.args)
        if isinstance(options, tuple) and isinstance(args, tuple):
            return Spec(one.path, args, options, one.base, one.source, one.own_type)
    return UNKNOWN


def is_known(value: Plain) -> bool:
    """Returns whether a value is known as a whole."""
    if isinstance(value, tuple | list):
        return all(is_known(item) for item in value)
    return not isinstance(value, Unknown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(Operation):
    """One operation of a Django migration as it is written, before the models of the project are known.

    `kind`: Django's class; `options` its arguments by name. `forwards`, `backwards`: what a RunSQL or
    RunPython does, None where it cannot be reversed. `parts`: the database operations of a
    SeparateDatabaseAndState; `state_parts`: what it or a RunSQL tells the state.
    """

    kind: str
    options: tuple[tuple[str, Plain], ...] = ()
    forwards: tuple[Operation, ...] = ()
    backwards: tuple[Operation, ...] | None = None
    parts: tuple[Draft, ...] = ()
    state_parts: tuple[Draft, ...] = ()

    def get(self, name: str, default: Plain = None) -> Plain:
        """Returns an argument, else the default."""
        for key, value in self.options:
            if key == name:
                return value
        return default

    def apply(self, state: State) -> State:
        """Returns the state unchanged: a draft is linked before it is replayed."""
        return state

    def inverse(self, state_before: State) -> Operation | None:
        """Returns None: a draft is linked before it is replayed."""
        return None

    def describe(self) -> str:
        """Returns the operation in words."""
        return self.kind


@dataclass(frozen=True, slots=True)
class Model:
    """One model of the project at one point. `fields` in order; `options`: its Meta."""

    app: str
    name: str
    fields: tuple[tuple[str, Spec], ...] = ()
    options: tuple[tuple[str, Plain], ...] = ()
    bases: Plain = ()
    complete: bool = True

    @property
    def key(self) -> tuple[str, str]:
        """Returns what the state keeps it under."""
        return (self.app, self.name.lower())

    def field(self, name: str) -> Spec | None:
        """Returns a field, None if it has none of that name."""
        for key, spec in self.fields:
            if key == name:
                return spec
        return None

    def option(self, name: str, default: Plain = None) -> Plain:
        """Returns one of its Meta options."""
        for key, value in self.options:
            if key == name:
                return value
        return default

    def with_options(self, **options: Plain) -> Model:
        """Returns the model with some Meta options replaced."""
        merged = {**dict(self.options), **options}
        return Model(self.app, self.name, self.fields, tuple(merged.items()), self.bases, self.complete)

    def with_fields(self, fields: tuple[tuple[str, Spec], ...]) -> Model:
        """Returns the model with other fields."""
        return Model(self.app, self.name, fields, self.options, self.bases, self.complete)
