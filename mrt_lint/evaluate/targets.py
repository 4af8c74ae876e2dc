"""Assignment to targets: names, attributes, items, tuples of targets; and deletion."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mrt_lint.evaluate.effects import flows_into_unknown
from mrt_lint.evaluate.iteration import items_of, tainted
from mrt_lint.evaluate.journal import UNSET
from mrt_lint.evaluate.objects import Instance
from mrt_lint.evaluate.plain import hashable
from mrt_lint.evaluate.values import Choice, Class, FrameworkValue, NotKnown, Value

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator


def assign(ev: Evaluator, target: ast.expr, value: Value) -> None:
    """Assigns a value to a target."""
    if isinstance(target, ast.Name):
        ev.bind(target.id, value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(ev, target, value)
    elif isinstance(target, ast.Starred):
        assign(ev, target.value, value)
    elif isinstance(target, ast.Attribute):
        set_attribute(ev, ev.eval(target.value), target.attr, value, target)
    elif isinstance(target, ast.Subscript):
        set_item(ev, ev.eval(target.value), ev.eval(target.slice), value, target)


def _unpack(ev: Evaluator, target: ast.Tuple | ast.List, value: Value) -> None:
    items = items_of(ev, value, target)
    wanted = target.elts
    star = next((index for index, one in enumerate(wanted) if isinstance(one, ast.Starred)), None)
    if (
        isinstance(items, NotKnown)
        or len(items) < len(wanted) - (star is not None)
        or (star is None and len(items) > len(wanted))
    ):
        unknown = (
            items
            if isinstance(items, NotKnown)
            else tainted(ev, ev.unknown(target, "does not fit its value"), items)
        )
        for one in wanted:
            assign(ev, one, NotKnown(unknown.reason, unknown.line, unknown.reach))
        return
    if star is not None:
        after = len(wanted) - star - 1
        items = [*items[:star], items[star : len(items) - after], *items[len(items) - after :]]
    for one, part in zip(wanted, items, strict=True):
        assign(ev, one, part)


def set_attribute(ev: Evaluator, owner: Value, name: str, value: Value, node: ast.AST) -> None:
    """Sets `owner.name`."""
    if isinstance(owner, (Instance, Class)):
        ev.journal.bind(owner.attributes, name, value)
    elif isinstance(owner, FrameworkValue):
        call = ev.new_call(node, f"{ev.text(node)} = ...", (name, value), {})
        ev.explain(f"{type(owner).__name__}.__setattr__", lambda: owner.call_method("__setattr__", call))
    elif isinstance(owner, Choice):
        ev.each_option(owner.options, lambda option: set_attribute(ev, option, name, value, node))
    elif ev.reaches(value):
        flows_into_unknown(ev, node, f"`{ev.text(node)}` is set to a value that can emit operations")


def set_item(ev: Evaluator, owner: Value, key: Value, value: Value, node: ast.AST) -> None:
    """Sets `owner[key]`; the whole container becomes unknown when the key is."""
    if isinstance(owner, Choice):
        ev.each_option(owner.options, lambda option: set_item(ev, option, key, value, node))
        return
    if isinstance(owner, dict):
        if hashable(key):
            ev.journal.touch(owner)
            owner[key] = value
        else:
            ev.poison(owner, f"`{ev.text(node)}` is set under a key that is not known")
    elif isinstance(owner, list):
        ev.journal.touch(owner)
        try:
            owner[key] = items_of(ev, value, node) if isinstance(key, slice) else value
        except (TypeError, IndexError, ValueError):
            ev.poison(owner, f"`{ev.text(node)}` is set at a place that is not known")
    elif isinstance(owner, FrameworkValue):
        call = ev.new_call(node, f"{ev.text(node)} = ...", (key, value), {})
        ev.explain(f"{type(owner).__name__}.__setitem__", lambda: owner.call_method("__setitem__", call))
    elif ev.reaches(value):
        flows_into_unknown(ev, node, f"`{ev.text(node)}` is set to a value that can emit operations")


def delete(ev: Evaluator, target: ast.expr) -> None:
    """Carries out `del target`."""
    if isinstance(target, ast.Name):
        ev.journal.bind(ev.scope.home(target.id).names, target.id, UNSET)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for one in target.elts:
            delete(ev, one)
    elif isinstance(target, ast.Attribute):
        owner = ev.eval(target.value)
        if isinstance(owner, (Instance, Class)):
            ev.journal.bind(owner.attributes, target.attr, UNSET)
    elif isinstance(target, ast.Subscript):
        _delete_item(ev, ev.eval(target.value), ev.eval(target.slice), target)


def _delete_item(ev: Evaluator, owner: Value, key: Value, node: ast.AST) -> None:
    if not isinstance(owner, (list, dict)):
        if isinstance(owner, Choice):
            ev.each_option(owner.options, lambda option: _delete_item(ev, option, key, node))
        return
    try:
        ev.journal.touch(owner)
        del owner[key]
    except (TypeError, LookupError, ValueError):
        ev.poison(owner, f"`{ev.text(node)}` is deleted and that is not known")
