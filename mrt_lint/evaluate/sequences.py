"""Built-in functions on collections: `len`, `zip`, `sorted`, `map`, `any`, ..."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from mrt_lint.evaluate.call import Call
from mrt_lint.evaluate.iteration import items_of
from mrt_lint.evaluate.limits import MAX_SIZE
from mrt_lint.evaluate.objects import enum_members
from mrt_lint.evaluate.plain import hashable
from mrt_lint.evaluate.results import not_known, pure
from mrt_lint.evaluate.values import Choice, Condition, FrameworkValue, NotKnown, Value

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator


def _items(ev: Evaluator, call: Call, index: int = 0) -> list[Value] | NotKnown:
    if call.starred or index >= len(call.args):
        return not_known(ev, call)
    return items_of(ev, call.args[index], ev.here)


def _same_items(ev: Evaluator, call: Call) -> FrameworkValue | None:
    """Returns a framework value whose unknown items can be asked for: as a list it is the same."""
    value = call.args[0] if len(call.args) == 1 and not call.starred else None
    if not isinstance(value, FrameworkValue):
        return None
    one = ev.explain(f"{type(value).__name__}.each", lambda: value.each(call))
    return None if one is None else value


def _len(ev: Evaluator, call: Call) -> Value:
    value = call.args[0] if call.args else None
    if isinstance(value, (str, bytes, list, tuple, dict, set, frozenset)):
        return len(value)
    if isinstance(value, FrameworkValue):
        found = ev.explain(f"{type(value).__name__}.item_count", lambda: value.item_count(call))
        return not_known(ev, call) if isinstance(found, NotKnown) else found
    members = enum_members(value)
    return not_known(ev, call) if members is None else len(members)


def _collect(kind: Callable[[list[Value]], Any]) -> Callable[[Evaluator, Call], Value]:
    def run(ev: Evaluator, call: Call) -> Value:
        if not call.args and not call.starred:
            return kind([])
        items = _items(ev, call)
        if isinstance(items, NotKnown):
            return _same_items(ev, call) or not_known(ev, call)
        if kind in (set, frozenset) and not all(map(hashable, items)):
            return not_known(ev, call)
        return kind(items)

    return run


def _dict(ev: Evaluator, call: Call) -> Value:
    if call.starred:
        return not_known(ev, call)
    found: dict[Any, Value] = {}
    if call.args:
        if isinstance(call.args[0], dict):
            found.update(call.args[0])
        else:
            items = _items(ev, call)
            if isinstance(items, NotKnown):
                return not_known(ev, call)
            for pair in items:
                if not isinstance(pair, (tuple, list)) or len(pair) != 2 or not hashable(pair[0]):
                    return not_known(ev, call)
                found[pair[0]] = pair[1]
    return {**found, **call.kwargs}


def _range(ev: Evaluator, call: Call) -> Value:
    if call.starred or not all(type(one) is int for one in call.args) or not 1 <= len(call.args) <= 3:
        return not_known(ev, call)
    try:
        found = range(*call.args)
        return list(found) if len(found) <= MAX_SIZE // 10 else not_known(ev, call, "is too long")
    except (ValueError, OverflowError) as error:
        return not_known(ev, call, f"fails: {error}")


def _enumerate(ev: Evaluator, call: Call) -> Value:
    items = _items(ev, call)
    start = call.argument(1, "start", 0)
    if isinstance(items, NotKnown) or not isinstance(start, int):
        return not_known(ev, call)
    return [(start + index, item) for index, item in enumerate(items)]


def _zip(ev: Evaluator, call: Call) -> Value:
    columns = [_items(ev, call, index) for index in range(len(call.args))]
    known = [column for column in columns if isinstance(column, list)]
    if call.starred or len(known) != len(columns):
        return not_known(ev, call)
    return list(zip(*known, strict=False))


def _reversed(ev: Evaluator, call: Call) -> Value:
    items = _items(ev, call)
    return not_known(ev, call) if isinstance(items, NotKnown) else items[::-1]


def _sorted(ev: Evaluator, call: Call) -> Value:
    from mrt_lint.evaluate.methods import ordered

    items = _items(ev, call)
    if isinstance(items, NotKnown) and not call.kwargs:
        return _same_items(ev, call) or not_known(ev, call)
    found = None if isinstance(items, NotKnown) else ordered(ev, items, call)
    return not_known(ev, call) if found is None else found


def _call_each(ev: Evaluator, call: Call, function: Value, args: tuple[Value, ...]) -> Value:
    from mrt_lint.evaluate.calls import call_value

    return call_value(ev, function, Call(ev, call.spelling, args, {}, call.span, call.statement, call.source))


def _map(ev: Evaluator, call: Call) -> Value:
    columns = [_items(ev, call, index) for index in range(1, len(call.args))]
    known = [column for column in columns if isinstance(column, list)]
    if call.starred or not known or len(known) != len(columns):
        return _unknown_each(ev, call)
    return [_call_each(ev, call, call.args[0], row) for row in zip(*known, strict=False)]


def _unknown_each(ev: Evaluator, call: Call) -> Value:
    """Returns the result of calling a function on items that are not known; it may have effects."""
    from mrt_lint.evaluate.effects import unknown_call

    return unknown_call(ev, None, call, f"{call.spelling}() runs over what is not known")


def _filter(ev: Evaluator, call: Call) -> Value:
    from mrt_lint.evaluate.truth import truth

    items = _items(ev, call, 1)
    if isinstance(items, NotKnown):
        return _unknown_each(ev, call)
    found = []
    for item in items:
        holds = truth(
            ev, item if call.args[0] is None else _call_each(ev, call, call.args[0], (item,)), ev.here
        )
        if not isinstance(holds, bool):
            return not_known(ev, call)
        if holds:
            found.append(item)
    return found


def _any_all(wanted: bool) -> Callable[[Evaluator, Call], Value]:
    def run(ev: Evaluator, call: Call) -> Value:
        from mrt_lint.evaluate.truth import truth
        from mrt_lint.ops.guard import NEVER, Guard, both, either, negate

        items = _items(ev, call)
        if isinstance(items, NotKnown):
            return not_known(ev, call)
        whole: Guard = NEVER
        for item in items:
            holds = truth(ev, item, ev.here)
            if holds is wanted:
                return wanted
            if not isinstance(holds, bool):
                part = holds if wanted else negate(holds)
                whole = part if whole == NEVER else either(whole, part)
        if whole == NEVER:
            return not wanted
        del both
        return Condition(whole if wanted else negate(whole))

    return run


def _min_max(function: Callable[..., Any]) -> Callable[[Evaluator, Call], Value]:
    plain = pure(function)

    def run(ev: Evaluator, call: Call) -> Value:
        return not_known(ev, call) if "key" in call.kwargs else plain(ev, call)

    return run


def _sum(ev: Evaluator, call: Call) -> Value:
    if (
        call.args
        and isinstance(call.args[0], (list, tuple))
        and not all(isinstance(one, (int, float)) for one in call.args[0])
    ):
        start = call.argument(1, "start", 0)
        if isinstance(start, list) and all(isinstance(one, list) for one in call.args[0]):
            found = list(start)
            for one in call.args[0]:
                found.extend(one)
            return found
        return not_known(ev, call)
    return pure(sum)(ev, call)


def _next(ev: Evaluator, call: Call) -> Value:
    source = call.args[0] if call.args else None
    if isinstance(source, FrameworkValue) and not call.starred:
        found = ev.explain(f"{type(source).__name__}.first", lambda: source.first(call))
        if isinstance(found, Choice) and len(call.args) > 1:
            default = call.args[1]
            return Choice(tuple((guard, default if one is None else one) for guard, one in found.options))
        return found
    items = _items(ev, call)
    if isinstance(items, NotKnown):
        return not_known(ev, call)
    if items:
        return items[0]
    return call.args[1] if len(call.args) > 1 else not_known(ev, call)


SEQUENCES: Final[dict[str, Callable[[Any, Call], Value]]] = {
    "len": _len,
    "range": _range,
    "enumerate": _enumerate,
    "zip": _zip,
    "sorted": _sorted,
    "reversed": _reversed,
    "map": _map,
    "filter": _filter,
    "any": _any_all(True),
    "all": _any_all(False),
    "list": _collect(list),
    "tuple": _collect(tuple),
    "set": _collect(set),
    "frozenset": _collect(frozenset),
    "dict": _dict,
    "iter": _collect(list),
    "next": _next,
    "min": _min_max(min),
    "max": _min_max(max),
    "sum": _sum,
}
"""By name; each returns what Python would, or a value that is not known."""
