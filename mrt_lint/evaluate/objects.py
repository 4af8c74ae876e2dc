"""Values that Python itself makes: instances, enum members, modules, built-in functions and methods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import TYPE_CHECKING, Any

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import Class, Function, Value
from mrt_lint.ops.guard import Guard

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call
    from mrt_lint.evaluate.evaluator import Evaluator


@dataclass(eq=False, slots=True)
class Instance:
    """An object of a class of the file; `attributes` are those set on itself.

    `imported`: a module of the application made it when it was imported, so others may have changed it.
    """

    cls: Class
    attributes: dict[str, Value] = field(default_factory=dict)
    imported: bool = False


@dataclass(frozen=True, slots=True)
class EnumMember:
    """A member of an Enum class. `cls` is the class; `plain`: it is a str or int too."""

    cls: Class
    name: str
    value: Value
    plain: bool = False

    def __hash__(self) -> int:
        return hash((id(self.cls), self.name))


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function of Python or of its library whose effect is known; `path` is its qualified name."""

    path: str
    run: Callable[[Evaluator, Call], Value] = field(compare=False)


@dataclass(eq=False, slots=True)
class BuiltinMethod:
    """A method of a plain value (`"a".join`), not yet called."""

    owner: Value
    name: str


@dataclass(eq=False, slots=True)
class Super:
    """`super()` inside a method of `cls`."""

    cls: Class
    instance: Value


@dataclass(eq=False, slots=True)
class Partial:
    """`functools.partial(function, ...)`."""

    function: Value
    args: tuple[Value, ...]
    kwargs: dict[str, Value]


@dataclass(eq=False, slots=True)
class ManagedCall:
    """A call of a function under `@contextmanager`, or of a generator, that a `with` or `for` will run."""

    function: Function
    call: Call


@dataclass(frozen=True, slots=True)
class Suppressing:
    """`contextlib.suppress(...)`."""


@dataclass(frozen=True, slots=True)
class Holding:
    """`contextlib.nullcontext(value)`."""

    value: Value = None


@dataclass(eq=False, slots=True)
class Stack:
    """`contextlib.ExitStack()`; `entries`: what it does at its end, on the paths where it was asked to."""

    entries: list[tuple[Guard, Callable[[], object]]] = field(default_factory=list)
    held: list[Value] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StackMethod:
    """A method of an ExitStack, not yet called."""

    stack: Stack
    name: str


PLAIN: tuple[type, ...] = (str, int, float, bool, type(None), bytes, complex, type(Ellipsis))
CONTAINERS: tuple[type, ...] = (list, tuple, dict, set, frozenset)


def enum_members(value: Any) -> tuple[EnumMember, ...] | None:
    """Returns the members of an Enum class in their order, None for any other value."""
    if not isinstance(value, Class):
        return None
    found = tuple(item for item in value.attributes.values() if isinstance(item, EnumMember))
    return found or None


def bind(function: Function, receiver: Value) -> Function:
    """Returns the function as a bound method."""
    return Function(
        function.node,
        function.module,
        function.scope,
        function.name,
        receiver,
        function.defaults,
        function.keyword_defaults,
        function.owner,
        function.generator,
        function.context_manager,
        function.kind,
    )
