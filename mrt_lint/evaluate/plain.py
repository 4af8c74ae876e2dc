"""Plain values: Python constants all the way down, so that Python can compute with them."""

from __future__ import annotations

from mrt_lint.evaluate.limits import MAX_NODES, MAX_SIZE
from mrt_lint.evaluate.objects import PLAIN, EnumMember
from mrt_lint.evaluate.values import Class, FrameworkValue, Function, Symbol, Value

_PLAIN = frozenset(PLAIN)
_NESTED = frozenset((list, tuple, dict, set, frozenset, slice))


def is_plain(*values: Value) -> bool:
    """Returns whether these values hold nothing but constants, and not too many of them."""
    budget = MAX_NODES
    waiting: list[Value] = list(values)
    while waiting:
        value = waiting.pop()
        kind = type(value)
        if kind in _PLAIN or isinstance(value, str):
            continue
        if kind not in _NESTED:
            return False
        if kind is slice:
            continue
        budget -= len(value) + 1
        if budget < 0:
            return False
        waiting.extend(value)
        if kind is dict:
            waiting.extend(value.values())
    return True


def hashable(value: Value) -> bool:
    """Returns whether a value may be a key: a constant, or something with an identity of its own."""
    kind = type(value)
    if (
        kind in _PLAIN
        or kind in (Symbol, EnumMember, Class, Function)
        or isinstance(value, (str, FrameworkValue))
    ):
        return True
    if kind is tuple:
        return len(value) <= 100 and all(map(hashable, value))
    return kind is frozenset


def fits(value: Value) -> bool:
    """Returns whether a computed value has a size that is worth keeping."""
    kind = type(value)
    if kind is int:
        return bool(value.bit_length() <= MAX_SIZE // 8)
    if kind in (str, bytes, list, tuple, dict, set, frozenset):
        return len(value) <= MAX_SIZE
    return True
