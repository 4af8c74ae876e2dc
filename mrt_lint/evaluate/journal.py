"""The log of writes: lets a branch be evaluated, taken back, and merged with the other branches.

Two kinds of writes are logged: a binding (a name of a scope, an attribute of an instance) and the
contents of a list, dict or set that was changed in place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.objects import Instance
from mrt_lint.evaluate.values import Choice, Class, Function, Value


class _Unset:
    """The value of a name that is not bound."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Any = _Unset()
Container = Any
"""A list, dict or set of values."""


@dataclass(slots=True)
class Changes:
    """What one branch wrote. Keys are identities; the objects are kept so that these stay unique."""

    bindings: dict[tuple[int, Any], tuple[dict[Any, Value], Any, Value, Value]]
    contents: dict[int, tuple[Container, Container, Container]]
    returned: bool = False


class Journal:
    """A stack of open branches; writes are noted in the innermost one."""

    def __init__(self) -> None:
        self._open: list[
            tuple[dict[tuple[int, Any], tuple[dict[Any, Value], Any, Value]], dict[int, tuple[Any, Any]]]
        ] = []
        self._returns: list[int] = []

    def bind(self, names: dict[Any, Value], key: Any, value: Value) -> None:
        """Writes a binding; UNSET removes it."""
        if self._open:
            noted = self._open[-1][0]
            place = (id(names), key)
            if place not in noted:
                noted[place] = (names, key, names.get(key, UNSET))
        _write(names, key, value)

    def touch(self, container: Container) -> None:
        """Notes a container before it is changed in place."""
        if self._open:
            noted = self._open[-1][1]
            if id(container) not in noted:
                noted[id(container)] = (container, container.copy())

    @property
    def depth(self) -> int:
        """Returns how many branches are open."""
        return len(self._open)

    def begin(self, returns: int = 0) -> None:
        """Opens a branch; `returns`: how often the running function has returned so far."""
        self._returns.append(returns)
        self._open.append(({}, {}))

    def take_back(self, returns: int = 0) -> Changes:
        """Closes the branch, undoes its writes and returns them."""
        returned = returns > self._returns.pop()
        bindings, contents = self._open.pop()
        changes = Changes({}, {}, returned)
        for place, (names, key, old) in bindings.items():
            changes.bindings[place] = (names, key, old, names.get(key, UNSET))
            _write(names, key, old)
        for identity, (container, old) in contents.items():
            changes.contents[identity] = (container, old, container.copy())
            refill(container, old)
        return changes

    def keep(self) -> None:
        """Closes the branch and keeps its writes as if they had been made outside of it."""
        self._returns.pop()
        bindings, contents = self._open.pop()
        if self._open:
            outer_bindings, outer_contents = self._open[-1]
            for place, binding in bindings.items():
                outer_bindings.setdefault(place, binding)
            for identity, content in contents.items():
                outer_contents.setdefault(identity, content)


def _write(names: dict[Any, Value], key: Any, value: Value) -> None:
    if value is UNSET:
        names.pop(key, None)
    else:
        names[key] = value


def refill(container: Container, contents: Container) -> None:
    """Gives a container these contents, in place."""
    if isinstance(container, list):
        container[:] = contents
    else:
        container.clear()
        container.update(contents)


@dataclass(slots=True)
class Holders:
    """Where a container is held: `direct`: names of it or of a choice of it, `nested`: inside something."""

    direct: list[tuple[dict[Any, Value], Any]]
    nested: bool


def holders_of(container: Container, scopes: list[dict[Any, Value]], budget: int = 20_000) -> Holders:
    """Returns which bindings hold a container; takes the rest for holders when the budget runs out."""
    found = Holders([], False)
    seen: set[int] = set()
    waiting: list[Value] = []
    for names in scopes:
        for key, value in names.items():
            options = [option for _, option in value.options] if type(value) is Choice else [value]
            if any(option is container for option in options):
                found.direct.append((names, key))
            waiting.extend(option for option in options if option is not container)
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        budget -= 1
        if budget < 0:
            found.nested = True
            return found
        for inner in inside(value):
            if inner is container:
                found.nested = True
                return found
            waiting.append(inner)
    return found


def inside(value: Value) -> list[Value]:
    """Returns the values that a value holds directly."""
    kind = _INSIDE.get(type(value))
    return kind(value) if kind is not None else []


_INSIDE: dict[type, Callable[[Any], list[Value]]] = {
    list: list,
    tuple: list,
    set: list,
    frozenset: list,
    dict: lambda value: [*value.keys(), *value.values()],
    Choice: lambda value: [option for _, option in value.options],
    Instance: lambda value: list(value.attributes.values()),
    Class: lambda value: list(value.attributes.values()),
    Function: lambda value: [*value.defaults, *value.keyword_defaults.values(), value.bound],
}
