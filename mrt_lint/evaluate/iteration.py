"""What a loop sees: the items of a value, when they are known."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mrt_lint.evaluate.choices import as_choice
from mrt_lint.evaluate.objects import Instance, enum_members
from mrt_lint.evaluate.values import Choice, FrameworkValue, NotKnown, Value

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator


def items_of(ev: Evaluator, value: Value, node: ast.AST) -> list[Value] | NotKnown:
    """Returns the items of a value as a new list, NotKnown when they are known only at run time.

    Sets are sorted: their order differs from run to run, and so may not matter to the migration.
    """
    kind = type(value)
    if kind in (list, tuple, dict, range):
        return list(value)
    if kind in (set, frozenset):
        return sorted(value, key=lambda item: (type(item).__name__, repr(item)))
    if kind is str:
        return list(value) if len(value) <= 10_000 else ev.unknown(node)
    if kind is bytes:
        return list(value) if len(value) <= 10_000 else ev.unknown(node)
    if isinstance(value, FrameworkValue):
        call = ev.new_call(node, ev.text(node), (), {})
        found = ev.explain(f"{type(value).__name__}.iterate", lambda: value.iterate(call))
        return list(found) if isinstance(found, (list, tuple)) else found
    if isinstance(value, Instance):
        return _items_of_instance(ev, value, node)
    members = enum_members(value)
    if members is not None:
        return list(members)
    if isinstance(value, NotKnown):
        return value
    if isinstance(value, Choice):
        return _items_of_choice(ev, value, node)
    return ev.unknown(node)


def _items_of_instance(ev: Evaluator, value: Instance, node: ast.AST) -> list[Value] | NotKnown:
    from mrt_lint.evaluate.attributes import class_attribute
    from mrt_lint.evaluate.calls import call_value
    from mrt_lint.evaluate.journal import UNSET
    from mrt_lint.evaluate.objects import bind
    from mrt_lint.evaluate.values import Function

    method = class_attribute(ev, value.cls, "__iter__", node)
    if method is UNSET or not isinstance(method, Function):
        return tainted(ev, ev.unknown(node), [value])
    found = call_value(ev, bind(method, value), ev.new_call(node, ev.text(node), (), {}))
    return list(found) if isinstance(found, (list, tuple)) else tainted(ev, ev.unknown(node), [found])


def _items_of_choice(ev: Evaluator, value: Choice, node: ast.AST) -> list[Value] | NotKnown:
    """Returns the items when every option has equally many, each a choice between them."""
    columns: list[tuple[Any, list[Value]]] = []
    for guard, option in value.options:
        items = items_of(ev, option, node)
        if isinstance(items, NotKnown):
            return items
        columns.append((guard, items))
    if len({len(items) for _, items in columns}) != 1:
        return ev.unknown(node, "has a different length under different conditions")
    from mrt_lint.evaluate.choices import join

    return [join([(guard, items[index]) for guard, items in columns]) for index in range(len(columns[0][1]))]


def tainted(ev: Evaluator, value: NotKnown, held: Iterable[Value]) -> NotKnown:
    """Returns an unknown value that may hold these: what can be done with them can be done with it."""
    if value.reach == "database":
        return value
    held = tuple(held)
    if any(ev.reaches(one) for one in held):
        return NotKnown(value.reason, value.line, "database")
    if value.reach == "" and any(_is_unread(one) for one in held):
        return NotKnown(value.reason, value.line, "code")
    return value


def _is_unread(value: Value) -> bool:
    """Returns whether a value, or one that it holds, comes from code that was not read."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return any(isinstance(one, NotKnown) and one.reach == "code" for one in value)
    return isinstance(value, NotKnown) and value.reach == "code"


__all__ = ["as_choice", "items_of", "tainted"]
