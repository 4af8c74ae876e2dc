"""Expressions: one handler per kind of `ast` node, in a table."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from mrt_lint.evaluate.attributes import attribute
from mrt_lint.evaluate.builtins import BUILTINS
from mrt_lint.evaluate.calls import evaluate_call
from mrt_lint.evaluate.comprehensions import comprehension, dict_comprehension, set_comprehension
from mrt_lint.evaluate.functions import make_function
from mrt_lint.evaluate.iteration import items_of, tainted
from mrt_lint.evaluate.journal import UNSET
from mrt_lint.evaluate.mistakes import raise_name_error
from mrt_lint.evaluate.modules import Deferred, star_name
from mrt_lint.evaluate.operators import binary, compare, item, negated, unary
from mrt_lint.evaluate.paths import union
from mrt_lint.evaluate.plain import hashable
from mrt_lint.evaluate.settings import with_fallback
from mrt_lint.evaluate.strings import formatted, joined
from mrt_lint.evaluate.targets import assign
from mrt_lint.evaluate.truth import truth
from mrt_lint.evaluate.values import Choice, Condition, NotKnown, Symbol, Value
from mrt_lint.ops.guard import ALWAYS, NEVER, Guard, both, negate

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator


def _constant(ev: Evaluator, node: ast.Constant) -> Value:
    return node.value


def _name(ev: Evaluator, node: ast.Name) -> Value:
    value = ev.lookup(node.id)
    if value is UNSET:
        return _unbound(ev, node)
    if type(value) is Symbol:
        return ev.modules.resolve(value.path)
    if type(value) is Choice:
        return ev.choose(value)
    if type(value) is Deferred:
        return ev.modules.from_relative(value)
    return value


def _unbound(ev: Evaluator, node: ast.Name) -> Value:
    stars = ev.scope.module.scope.stars
    if stars:
        value = star_name(stars, node.id, ev)
        if value is not UNSET:
            return value
    builtin = BUILTINS.get(node.id)
    if builtin is not None:
        return builtin
    last = stars[-1] if stars else None
    if isinstance(last, Symbol):
        return ev.modules.resolve(f"{last.path}.{node.id}")
    raise_name_error(ev, node)
    return NotKnown(f"`{node.id}` is not defined in the file", node.lineno, "code")


def _attribute(ev: Evaluator, node: ast.Attribute) -> Value:
    owner = ev.eval(node.value)
    return attribute(ev, owner, node.attr, node)


def _joined(ev: Evaluator, node: ast.JoinedStr) -> Value:
    parts: list[Value] = []
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            spec = ev.eval(part.format_spec) if part.format_spec is not None else ""
            value = ev.eval(part.value)
            parts.append(formatted(ev, value, part.conversion, spec, part))
        else:
            parts.append(ev.eval(part))
    return joined(ev, parts, node)


def _binary(ev: Evaluator, node: ast.BinOp) -> Value:
    """Evaluates a chain of operators from its innermost left end, without recursion on the left."""
    chain: list[ast.BinOp] = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp):
        chain.append(left)
        left = left.left
    value = ev.eval(left)
    for step in reversed(chain):
        value = binary(ev, type(step.op), value, ev.eval(step.right), step)
    return value


def _unary(ev: Evaluator, node: ast.UnaryOp) -> Value:
    value = ev.eval(node.operand)
    if isinstance(node.op, ast.Not):
        return negated(ev, value, node.operand)
    return unary(ev, type(node.op), value, node)


def _bool(ev: Evaluator, node: ast.BoolOp) -> Value:
    """Evaluates `and` / `or`: each further operand on the part of the path on which it is reached."""
    is_and = isinstance(node.op, ast.And)

    def rest(index: int) -> Value:
        value = ev.eval(node.values[index])
        if index == len(node.values) - 1:
            return _testable(ev, value, node.values[index])
        following = node.values[index + 1]
        if not is_and and isinstance(following, ast.Constant):
            setting = with_fallback(value, following.value)
            if setting is not None:
                return setting
        holds = truth(ev, value, node.values[index])
        if isinstance(holds, bool):
            return rest(index + 1) if holds is is_and else value
        stops = negate(holds) if is_and else holds
        stopped = _decided(ev, value, not is_and)
        return ev.fork([(negate(stops), lambda: rest(index + 1)), (stops, lambda: stopped)])

    return as_condition(rest(0))


def _testable(ev: Evaluator, value: Value, node: ast.expr) -> Value:
    """Returns an unknown operand that is tested under its own name, not that of the whole expression."""
    if not isinstance(value, NotKnown) or id(value) in ev.answers:
        return value
    return ev.with_truth(value, ev.undecided(node))


def _decided(ev: Evaluator, value: Value, holds: bool) -> Value:
    """Returns an operand whose truth is settled where it ends an `and` or `or`."""
    if isinstance(value, Condition):
        return holds
    if isinstance(value, NotKnown):
        return ev.with_truth(value, ALWAYS if holds else NEVER)
    return value


def as_condition(value: Value) -> Value:
    """Returns a choice between True, False and conditions as one Condition."""
    if not isinstance(value, Choice):
        return value
    whole: Guard = NEVER
    for guard, option in value.options:
        if option is True:
            whole = union(whole, guard)
        elif isinstance(option, Condition):
            part = both(guard, option.guard)
            whole = union(whole, part)
        elif option is not False:
            return value
    return Condition(whole)


def _compare(ev: Evaluator, node: ast.Compare) -> Value:
    left = ev.eval(node.left)
    result: Value = True
    for operator, right_node in zip(node.ops, node.comparators, strict=True):
        right = ev.eval(right_node)
        one = compare(ev, type(operator), left, right, node)
        if len(node.ops) == 1:
            return one
        holds = truth(ev, one, node)
        if holds is False:
            return False
        if holds is not True:
            result = Condition(both(result.guard, holds) if isinstance(result, Condition) else holds)
        left = right
    return result


def _conditional(ev: Evaluator, node: ast.IfExp) -> Value:
    holds = truth(ev, ev.eval(node.test), node.test)
    if isinstance(holds, bool):
        return ev.eval(node.body if holds else node.orelse)
    return ev.fork([(holds, lambda: ev.eval(node.body)), (negate(holds), lambda: ev.eval(node.orelse))])


def elements(ev: Evaluator, nodes: list[ast.expr]) -> list[Value] | NotKnown:
    """Returns the values of a display's elements with `*x` unpacked; NotKnown when one cannot be."""
    found: list[Value] = []
    for node in nodes:
        if isinstance(node, ast.Starred):
            more = items_of(ev, ev.eval(node.value), node.value)
            if isinstance(more, NotKnown):
                for rest in nodes[nodes.index(node) + 1 :]:
                    ev.eval(rest.value if isinstance(rest, ast.Starred) else rest)
                return tainted(ev, more, found)
            found.extend(more)
        else:
            found.append(ev.eval(node))
    return found


def _list(ev: Evaluator, node: ast.List) -> Value:
    return elements(ev, node.elts)


def _tuple(ev: Evaluator, node: ast.Tuple) -> Value:
    found = elements(ev, node.elts)
    return tuple(found) if isinstance(found, list) else found


def _set(ev: Evaluator, node: ast.Set) -> Value:
    found = elements(ev, node.elts)
    if isinstance(found, NotKnown):
        return found
    return set(found) if all(map(hashable, found)) else tainted(ev, ev.unknown(node), found)


def _dict(ev: Evaluator, node: ast.Dict) -> Value:
    found: dict[Any, Value] = {}
    unclear: NotKnown | None = None
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        if key_node is None:
            more = ev.eval(value_node)
            if isinstance(more, dict):
                found.update(more)
            else:
                unclear = tainted(ev, ev.unknown(value_node), [more])
            continue
        key = ev.eval(key_node)
        value = ev.eval(value_node)
        if hashable(key):
            found[key] = value
        else:
            unclear = tainted(ev, ev.unknown(key_node), [value])
    return found if unclear is None else tainted(ev, unclear, list(found.values()))


def _subscript(ev: Evaluator, node: ast.Subscript) -> Value:
    owner = ev.eval(node.value)
    return item(ev, owner, ev.eval(node.slice), node)


def _slice(ev: Evaluator, node: ast.Slice) -> Value:
    bounds = [None if part is None else ev.eval(part) for part in (node.lower, node.upper, node.step)]
    if all(bound is None or type(bound) is int for bound in bounds):
        return slice(*bounds)
    return ev.unknown(node)


def _lambda(ev: Evaluator, node: ast.Lambda) -> Value:
    return make_function(ev, node)


def _walrus(ev: Evaluator, node: ast.NamedExpr) -> Value:
    value = ev.eval(node.value)
    scope = ev.scope
    while ev.scope.kind == "inner" and ev.scope.parent is not None:
        ev.scope = ev.scope.parent
    assign(ev, node.target, value)
    ev.scope = scope
    return ev.lookup(node.target.id)


def _await(ev: Evaluator, node: ast.Await) -> Value:
    return ev.eval(node.value)


def _yield(ev: Evaluator, node: ast.Yield) -> Value:
    value = None if node.value is None else ev.eval(node.value)
    if ev.frame.on_yield is not None:
        return ev.frame.on_yield(value)
    return ev.unknown(node)


def _yield_from(ev: Evaluator, node: ast.YieldFrom) -> Value:
    more = items_of(ev, ev.eval(node.value), node.value)
    if ev.frame.on_yield is not None:
        for value in more if isinstance(more, list) else [more]:
            ev.frame.on_yield(value)
    return ev.unknown(node)


def _starred(ev: Evaluator, node: ast.Starred) -> Value:
    ev.eval(node.value)
    return ev.unknown(node)


EXPRESSIONS: Final[dict[type[ast.expr], Callable[[Any, Any], Value]]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: evaluate_call,
    ast.JoinedStr: _joined,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _bool,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
    ast.List: _list,
    ast.Tuple: _tuple,
    ast.Set: _set,
    ast.Dict: _dict,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.Lambda: _lambda,
    ast.NamedExpr: _walrus,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.YieldFrom: _yield_from,
    ast.Starred: _starred,
    ast.ListComp: comprehension,
    ast.GeneratorExp: comprehension,
    ast.SetComp: set_comprehension,
    ast.DictComp: dict_comprehension,
}
"""What evaluates each kind of expression; other kinds (t-strings, ...) are not known."""
