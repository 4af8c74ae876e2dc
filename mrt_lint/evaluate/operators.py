"""Operators, comparisons and subscripts on values."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from mrt_lint.evaluate.choices import first_choice, same, spread
from mrt_lint.evaluate.iteration import tainted
from mrt_lint.evaluate.limits import MAX_SIZE
from mrt_lint.evaluate.objects import CONTAINERS, PLAIN, EnumMember, Instance, enum_members
from mrt_lint.evaluate.plain import fits, hashable, is_plain
from mrt_lint.evaluate.strings import concatenated, percent
from mrt_lint.evaluate.truth import truth
from mrt_lint.evaluate.values import Class, Condition, FrameworkValue, Function, NotKnown, Symbol, Text, Value
from mrt_lint.ops.guard import negate

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator

_BINARY: Final[dict[type[ast.operator], tuple[str, Callable[[Any, Any], Any]]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
    ast.FloorDiv: ("//", operator.floordiv),
    ast.Mod: ("%", operator.mod),
    ast.Pow: ("**", operator.pow),
    ast.LShift: ("<<", operator.lshift),
    ast.RShift: (">>", operator.rshift),
    ast.BitOr: ("|", operator.or_),
    ast.BitAnd: ("&", operator.and_),
    ast.BitXor: ("^", operator.xor),
    ast.MatMult: ("@", operator.matmul),
}
_UNARY: Final[dict[type[ast.unaryop], tuple[str, Callable[[Any], Any]]]] = {
    ast.USub: ("-", operator.neg),
    ast.UAdd: ("+", operator.pos),
    ast.Invert: ("~", operator.invert),
}
_COMPARE: Final[dict[type[ast.cmpop], tuple[str, Callable[[Any, Any], Any]]]] = {
    ast.Eq: ("==", operator.eq),
    ast.NotEq: ("!=", operator.ne),
    ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le),
    ast.Gt: (">", operator.gt),
    ast.GtE: (">=", operator.ge),
}
_COMPUTE_ERRORS: Final = (TypeError, ValueError, ArithmeticError, LookupError, MemoryError)


def per_option(
    ev: Evaluator, values: list[Value], work: Callable[[list[Value]], Value], node: ast.AST
) -> Value:
    """Returns the joined results of `work` for every option of the choices among the values."""
    if first_choice(values, 0) is None:
        return work(values)
    combinations = spread(values, ev.path, deep=False)
    if combinations is None:
        return tainted(ev, ev.unknown(node, "depends on too many conditions"), values)
    return ev.each_option(combinations, work)


def binary(ev: Evaluator, kind: type[ast.operator], left: Value, right: Value, node: ast.AST) -> Value:
    """Returns `left <operator> right`."""
    return per_option(ev, [left, right], lambda pair: _binary(ev, kind, pair[0], pair[1], node), node)


def _binary(ev: Evaluator, kind: type[ast.operator], left: Value, right: Value, node: ast.AST) -> Value:
    symbol, function = _BINARY[kind]
    if isinstance(left, FrameworkValue) or isinstance(right, FrameworkValue):
        return framework_binary(ev, symbol, left, right, node)
    left, right = _plain_member(left), _plain_member(right)
    if kind is ast.Mod and isinstance(left, (str, Text)):
        return percent(ev, left, right, node)
    if kind is ast.Add:
        text = concatenated(ev, left, right, node)
        if text is not None:
            return text
        for sequence in (list, tuple):
            if type(left) is sequence and type(right) is sequence:
                return (
                    left + right if len(left) + len(right) <= MAX_SIZE else ev.unknown(node, "is too large")
                )
    if kind is ast.BitOr and isinstance(left, dict) and isinstance(right, dict):
        return left | right
    if kind is ast.Mult and (_repeats(left, right) or _repeats(right, left)):
        return left * right if _product_fits(left, right) else ev.unknown(node, "is too large")
    if not is_plain(left, right) or not _may_compute(kind, left, right):
        return tainted(ev, ev.unknown(node), [left, right])
    try:
        value = function(left, right)
    except _COMPUTE_ERRORS as error:
        return ev.unknown(node, f"fails: {error}")
    return value if fits(value) else ev.unknown(node, "is too large")


def _repeats(sequence: Value, times: Value) -> bool:
    return isinstance(sequence, (list, tuple, str, bytes)) and isinstance(times, int)


def _product_fits(left: Any, right: Any) -> bool:
    sequence, times = (right, left) if isinstance(left, int) else (left, right)
    return len(sequence) * max(times, 0) <= MAX_SIZE


def _may_compute(kind: type[ast.operator], left: Any, right: Any) -> bool:
    """Returns whether a computation on integers stays small enough to be tried."""
    if not isinstance(left, int) or not isinstance(right, int):
        return not (
            kind is ast.Pow
            and isinstance(left, (int, float))
            and isinstance(right, (int, float))
            and abs(right) > 1000
        )
    if kind is ast.Pow:
        return abs(right) * max(left.bit_length(), 1) <= MAX_SIZE // 8
    if kind is ast.LShift:
        return right <= MAX_SIZE // 8
    return True


def framework_binary(ev: Evaluator, symbol: str, left: Value, right: Value, node: ast.AST) -> Value:
    """Returns what a framework value makes of an operator; the left operand is asked first."""
    call = ev.new_call(node, symbol, (left, right), {})
    if isinstance(left, FrameworkValue):
        value = ev.explain(f"{type(left).__name__}.binary", lambda: left.binary(symbol, right, False, call))
        if not isinstance(value, NotKnown) or not isinstance(right, FrameworkValue):
            return value
    return ev.explain(f"{type(right).__name__}.binary", lambda: right.binary(symbol, left, True, call))


def unary(ev: Evaluator, kind: type[ast.unaryop], value: Value, node: ast.AST) -> Value:
    """Returns `-value`, `+value`, `~value`."""
    symbol, function = _UNARY[kind]

    def one(values: list[Value]) -> Value:
        operand = _plain_member(values[0])
        if isinstance(operand, FrameworkValue):
            call = ev.new_call(node, symbol, (operand,), {})
            return ev.explain(
                f"{type(operand).__name__}.binary", lambda: operand.binary(symbol, None, True, call)
            )
        if isinstance(operand, (int, float, complex)):
            try:
                return function(operand)
            except TypeError:
                return ev.unknown(node)
        return tainted(ev, ev.unknown(node), [operand])

    return per_option(ev, [value], one, node)


def negated(ev: Evaluator, value: Value, node: ast.AST) -> Value:
    """Returns `not value`; `node` is the operand."""
    holds = truth(ev, value, node)
    return (not holds) if isinstance(holds, bool) else Condition(negate(holds))


def compare(ev: Evaluator, kind: type[ast.cmpop], left: Value, right: Value, node: ast.AST) -> Value:
    """Returns one comparison: a bool, a Condition, or NotKnown."""
    from mrt_lint.evaluate.expressions import as_condition

    if kind in (ast.In, ast.NotIn):
        found = per_option(ev, [left, right], lambda pair: _contains(ev, pair[0], pair[1], node), node)
        return found if kind is ast.In else _opposite(ev, found, node)
    if kind in (ast.Is, ast.IsNot):
        found = as_condition(
            per_option(ev, [left, right], lambda pair: _is(ev, pair[0], pair[1], node), node)
        )
        return found if kind is ast.Is else _opposite(ev, found, node)
    return as_condition(
        per_option(ev, [left, right], lambda pair: _compare(ev, kind, pair[0], pair[1], node), node)
    )


def _opposite(ev: Evaluator, value: Value, node: ast.AST) -> Value:
    if isinstance(value, NotKnown):
        return value
    return negated(ev, value, node)


def _compare(ev: Evaluator, kind: type[ast.cmpop], left: Value, right: Value, node: ast.AST) -> Value:
    symbol, function = _COMPARE[kind]
    if isinstance(left, FrameworkValue) or isinstance(right, FrameworkValue):
        return framework_binary(ev, symbol, left, right, node)
    if kind in (ast.Eq, ast.NotEq):
        equal = equals(left, right)
        if equal is not None:
            return equal if kind is ast.Eq else not equal
    left, right = _plain_member(left), _plain_member(right)
    if is_plain(left, right):
        try:
            return bool(function(left, right))
        except _COMPUTE_ERRORS as error:
            return ev.unknown(node, f"fails: {error}")
    return ev.unknown(node)


def equals(left: Value, right: Value) -> bool | None:
    """Returns whether two values are equal, None when that is not known."""
    if isinstance(left, EnumMember) and isinstance(right, EnumMember):
        return left == right if left.cls is right.cls else False
    left, right = _plain_member(left), _plain_member(right)
    if is_plain(left, right):
        return bool(left == right)
    for one, other in ((left, right), (right, left)):
        if isinstance(one, (Function, Class, EnumMember)):
            if isinstance(other, (*PLAIN, *CONTAINERS, Function, Class, EnumMember)):
                return one is other
            return None
    if isinstance(left, Symbol) and isinstance(right, Symbol) and left == right:
        return True
    return _never_equal(left, right)


def _never_equal(left: Value, right: Value) -> bool | None:
    """Returns False for a text that cannot be the other one, whatever its unknown parts are."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Text) and isinstance(other, str):
            first, last = one.parts[0], one.parts[-1]
            if isinstance(first, str) and not other.startswith(first):
                return False
            if isinstance(last, str) and not other.endswith(last):
                return False
    return None


def _is_none(ev: Evaluator, value: FrameworkValue, node: ast.AST) -> Value:
    call = ev.new_call(node, "is", (value, None), {})
    return ev.explain(f"{type(value).__name__}.is_none", lambda: value.is_none(call))


def _is(ev: Evaluator, left: Value, right: Value, node: ast.AST) -> Value:
    if left is None or right is None or isinstance(left, bool) or isinstance(right, bool):
        for one, other in ((left, right), (right, left)):
            if isinstance(one, (NotKnown, Symbol)) and not (
                isinstance(one, Symbol) and ev.modules.has_meaning(one.path)
            ):
                return ev.unknown(node)
            if isinstance(one, Condition):
                return one if other is True else Condition(negate(one.guard)) if other is False else False
            if isinstance(one, FrameworkValue) and other is None:
                return _is_none(ev, one, node)
        return left is right
    computed = (str, bytes, int, float, tuple, Text)
    if isinstance(left, computed) and isinstance(right, computed):
        return ev.unknown(node) if equals(left, right) is not False else False
    if same(left, right):
        return True
    if isinstance(left, CONTAINERS) and isinstance(right, CONTAINERS):
        return False
    if isinstance(left, (Class, Function, EnumMember)) and isinstance(right, (Class, Function, EnumMember)):
        return False
    return ev.unknown(node)


def _contains(ev: Evaluator, wanted: Value, container: Value, node: ast.AST) -> Value:
    if isinstance(container, FrameworkValue):
        call = ev.new_call(node, ev.text(node), (wanted, container), {})
        return ev.explain(f"{type(container).__name__}.contains", lambda: container.contains(wanted, call))
    members = enum_members(container)
    if members is not None and isinstance(wanted, EnumMember):
        return wanted in members
    wanted = _plain_member(wanted)
    if isinstance(container, Text) and isinstance(wanted, str):
        found = any(isinstance(part, str) and wanted in part for part in container.parts)
        return True if found else ev.unknown(node)
    if isinstance(container, (str, bytes)) and isinstance(wanted, (str, bytes, int)):
        try:
            return wanted in container  # type: ignore[operator]
        except TypeError as error:
            return ev.unknown(node, f"fails: {error}")
    if not isinstance(container, CONTAINERS):
        return ev.unknown(node)
    answers = {equals(wanted, one) for one in _members(container)}
    if True in answers:
        return True
    return ev.unknown(node) if None in answers else False


def _members(container: Any) -> list[Value]:
    return list(container)


def item(ev: Evaluator, owner: Value, key: Value, node: ast.AST) -> Value:
    """Returns `owner[key]`."""
    return per_option(ev, [owner, key], lambda pair: _item(ev, pair[0], pair[1], node), node)


def _item(ev: Evaluator, owner: Value, key: Value, node: ast.AST) -> Value:
    if isinstance(owner, FrameworkValue):
        call = ev.new_call(node, ev.text(node), (key,), {})
        return ev.explain(f"{type(owner).__name__}.item", lambda: owner.item(key, call))
    if isinstance(owner, (list, tuple, str, bytes)) and isinstance(key, (int, slice)):
        try:
            return owner[key]
        except (IndexError, ValueError, TypeError) as error:
            return ev.unknown(node, f"fails: {error}")
    if isinstance(owner, dict) and hashable(key):
        key = key if key in owner else _plain_member(key)
        return owner[key] if key in owner else _missing_item(ev, owner, node)
    if isinstance(owner, Class):
        members = enum_members(owner)
        if members is not None:
            return next((one for one in members if one.name == key), ev.unknown(node))
        return owner
    if isinstance(owner, Symbol) and (_is_generic(owner.path) or ev.modules.has_meaning(owner.path)):
        return owner
    if isinstance(owner, Instance):
        return _item_of_instance(ev, owner, key, node)
    reach = owner.reach if isinstance(owner, NotKnown) else ""
    return tainted(ev, ev.unknown(node, reach=reach), [owner])


def _is_generic(path: str) -> bool:
    """Returns whether subscripts of a name only state types (`typing.Sequence[str]`)."""
    return path.startswith(("typing.", "typing_extensions.", "collections.abc."))


def _missing_item(ev: Evaluator, owner: dict[Any, Value], node: ast.AST) -> Value:
    return tainted(ev, ev.unknown(node, "is not in the dictionary"), [owner])


def _item_of_instance(ev: Evaluator, owner: Instance, key: Value, node: ast.AST) -> Value:
    from mrt_lint.evaluate.attributes import class_attribute
    from mrt_lint.evaluate.calls import call_value
    from mrt_lint.evaluate.objects import bind

    method = class_attribute(ev, owner.cls, "__getitem__", node)
    if isinstance(method, Function):
        return call_value(ev, bind(method, owner), ev.new_call(node, ev.text(node), (key,), {}))
    return tainted(ev, ev.unknown(node), [owner])


def _plain_member(value: Value) -> Value:
    """Returns the value of an enum member that is a str or int too, other values as they are."""
    return value.value if isinstance(value, EnumMember) and value.plain else value
