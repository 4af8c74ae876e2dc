"""Python's built-in functions, as a table from name to what it does with values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from mrt_lint.evaluate.call import Call
from mrt_lint.evaluate.iteration import items_of, tainted
from mrt_lint.evaluate.limits import MAX_SIZE
from mrt_lint.evaluate.objects import Builtin, EnumMember, Instance, Super, enum_members
from mrt_lint.evaluate.plain import fits, hashable, is_plain
from mrt_lint.evaluate.values import Choice, Class, Condition, FrameworkValue, Function, NotKnown, Symbol, Text, Value

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator

_ERRORS: Final = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, MemoryError)
_TYPES: Final[dict[str, Any]] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "bytes": bytes,
    "list": list,
    "tuple": tuple,
    "dict": dict,
    "set": set,
    "frozenset": frozenset,
}


def not_known(ev: Evaluator, call: Call, why: str = "is known only at run time") -> NotKnown:
    """Returns the unknown result of a call."""
    text = " ".join(call.source.split()) or f"{call.spelling}()"
    text = text if len(text) <= 60 else text[:57] + "..."
    return tainted(ev, NotKnown(f"`{text}` {why}", call.span.line), [*call.args, *call.kwargs.values(), *call.extra.get("starred", ())])


def pure(function: Callable[..., Any]) -> Callable[[Evaluator, Call], Value]:
    """Returns the evaluation of a function without effects on plain values."""

    def run(ev: Evaluator, call: Call) -> Value:
        if call.starred or not is_plain(*call.args, *call.kwargs.values()):
            return not_known(ev, call)
        try:
            found = function(*call.args, **call.kwargs)
        except _ERRORS as error:
            return not_known(ev, call, f"fails: {error}")
        return found if fits(found) else not_known(ev, call, "is too large")

    return run


def _items(ev: Evaluator, call: Call, index: int = 0) -> list[Value] | NotKnown:
    if call.starred or index >= len(call.args):
        return not_known(ev, call)
    return items_of(ev, call.args[index], ev.here)


def _len(ev: Evaluator, call: Call) -> Value:
    value = call.args[0] if call.args else None
    if isinstance(value, (str, bytes, list, tuple, dict, set, frozenset)):
        return len(value)
    members = enum_members(value)
    return not_known(ev, call) if members is None else len(members)


def _collect(kind: Callable[[list[Value]], Any]) -> Callable[[Evaluator, Call], Value]:
    def run(ev: Evaluator, call: Call) -> Value:
        if not call.args and not call.starred:
            return kind([])
        items = _items(ev, call)
        if isinstance(items, NotKnown):
            return not_known(ev, call)
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
        holds = truth(ev, item if call.args[0] is None else _call_each(ev, call, call.args[0], (item,)), ev.here)
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


def _str(ev: Evaluator, call: Call) -> Value:
    from mrt_lint.evaluate.strings import printed

    if not call.args and not call.starred:
        return ""
    if len(call.args) != 1 or call.starred:
        return pure(str)(ev, call)
    return printed(ev, call.args[0], ev.here)


def _number(kind: Any) -> Callable[[Evaluator, Call], Value]:
    plain = pure(kind)

    def run(ev: Evaluator, call: Call) -> Value:
        if call.args and isinstance(call.args[0], (str, bytes)) and len(call.args[0]) > 1000:
            return not_known(ev, call, "is too large")
        if len(call.args) == 1 and isinstance(call.args[0], EnumMember) and call.args[0].plain:
            return plain(ev, Call(ev, call.spelling, (call.args[0].value,), {}, call.span, call.statement, call.source))
        return plain(ev, call)

    return run


def _bool(ev: Evaluator, call: Call) -> Value:
    from mrt_lint.evaluate.truth import truth

    if not call.args:
        return False
    holds = truth(ev, call.args[0], ev.here)
    return holds if isinstance(holds, bool) else Condition(holds)


def _print(ev: Evaluator, call: Call) -> Value:
    return None


def _isinstance(ev: Evaluator, call: Call) -> Value:
    if len(call.args) != 2 or call.starred:
        return not_known(ev, call)
    value, kinds = call.args
    answers = [_is_a(value, kind) for kind in (kinds if isinstance(kinds, tuple) else (kinds,))]
    return True if True in answers else not_known(ev, call) if None in answers else False


def _is_a(value: Value, kind: Value) -> bool | None:
    if isinstance(kind, Builtin) and kind.path.startswith("builtins."):
        known = _TYPES.get(kind.path.partition(".")[2])
        if known is None or isinstance(value, (NotKnown, Choice, Symbol, FrameworkValue)):
            return None
        if isinstance(value, Text):
            return known is str
        if isinstance(value, EnumMember):
            return isinstance(value.value, known) if value.plain else False
        return isinstance(value, known)
    if isinstance(kind, Class):
        if isinstance(value, (Instance, EnumMember)):
            return True if value.cls is kind else _derives(value.cls, kind)
        if isinstance(value, (str, int, float, bool, type(None), bytes, list, tuple, dict, set, Text)):
            return False
    return None


def _derives(cls: Class, base: Class) -> bool | None:
    if base in cls.bases:
        return True
    answers = [_derives(one, base) if isinstance(one, Class) else None if not isinstance(one, Builtin) else False for one in cls.bases]
    return True if True in answers else None if None in answers else False


def _getattr(ev: Evaluator, call: Call) -> Value:
    from mrt_lint.evaluate.attributes import attribute

    if call.starred or len(call.args) < 2 or not isinstance(call.args[1], str):
        return not_known(ev, call)
    found = attribute(ev, call.args[0], call.args[1], Call(ev, f"{call.spelling}", (), {}, call.span, call.statement, call.source))
    if isinstance(found, NotKnown) and len(call.args) > 2:
        return not_known(ev, call)
    return found


def _setattr(ev: Evaluator, call: Call) -> Value:
    from mrt_lint.evaluate.effects import unknown_call
    from mrt_lint.evaluate.targets import set_attribute

    if call.starred or len(call.args) != 3 or not isinstance(call.args[1], str):
        return unknown_call(ev, None, call)
    set_attribute(ev, call.args[0], call.args[1], call.args[2], ev.here)
    return None


def _hasattr(ev: Evaluator, call: Call) -> Value:
    if len(call.args) == 2 and isinstance(call.args[0], Instance) and call.args[1] in call.args[0].attributes:
        return True
    return NotKnown(f"`{call.source}` is known only at run time", call.span.line)


def _min_max(function: Callable[..., Any]) -> Callable[[Evaluator, Call], Value]:
    plain = pure(function)

    def run(ev: Evaluator, call: Call) -> Value:
        return not_known(ev, call) if "key" in call.kwargs else plain(ev, call)

    return run


def _sum(ev: Evaluator, call: Call) -> Value:
    if call.args and isinstance(call.args[0], (list, tuple)) and not all(isinstance(one, (int, float)) for one in call.args[0]):
        start = call.argument(1, "start", 0)
        if isinstance(start, list) and all(isinstance(one, list) for one in call.args[0]):
            found = list(start)
            for one in call.args[0]:
                found.extend(one)
            return found
        return not_known(ev, call)
    return pure(sum)(ev, call)


def _next(ev: Evaluator, call: Call) -> Value:
    items = _items(ev, call)
    if isinstance(items, NotKnown):
        return not_known(ev, call)
    if items and len(call.args) > 1:
        return items[0]
    return call.args[1] if len(call.args) > 1 else not_known(ev, call)


def _super(ev: Evaluator, call: Call) -> Value:
    if ev.frame.owner is None:
        return NotKnown("super() outside of a method", call.span.line)
    return Super(ev.frame.owner, ev.frame.receiver)


def _type(ev: Evaluator, call: Call) -> Value:
    value = call.args[0] if len(call.args) == 1 else None
    if isinstance(value, (Instance, EnumMember)):
        return value.cls
    return not_known(ev, call)


def _callable(ev: Evaluator, call: Call) -> Value:
    if call.args and isinstance(call.args[0], (Function, Class, Builtin)):
        return True
    return not_known(ev, call)


def _run_code(ev: Evaluator, call: Call) -> Value:
    """`exec`, `eval` and the like: any code at all."""
    return call.opaque(f"{call.spelling}() runs code that is not read")


_FUNCTIONS: Final[dict[str, Callable[[Any, Call], Value]]] = {
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
    "str": _str,
    "int": _number(int),
    "float": _number(float),
    "bool": _bool,
    "bytes": not_known,
    "list": _collect(list),
    "tuple": _collect(tuple),
    "set": _collect(set),
    "frozenset": _collect(frozenset),
    "dict": _dict,
    "iter": _collect(list),
    "next": _next,
    "print": _print,
    "isinstance": _isinstance,
    "getattr": _getattr,
    "setattr": _setattr,
    "hasattr": _hasattr,
    "min": _min_max(min),
    "max": _min_max(max),
    "sum": _sum,
    "abs": pure(abs),
    "round": pure(round),
    "divmod": pure(divmod),
    "chr": pure(chr),
    "ord": pure(ord),
    "repr": pure(repr),
    "ascii": pure(ascii),
    "format": not_known,
    "hex": pure(hex),
    "oct": pure(oct),
    "bin": pure(bin),
    "type": _type,
    "callable": _callable,
    "super": _super,
    "exec": _run_code,
    "eval": _run_code,
    "compile": _run_code,
    "__import__": _run_code,
    **{
        name: not_known
        for name in (
            "id hash vars dir locals globals input open object slice pow memoryview bytearray complex issubclass "
            "staticmethod classmethod property delattr aiter anext breakpoint help exit quit"
        ).split()
    },
}

BUILTINS: Final[dict[str, Value]] = {
    **{name: Builtin(f"builtins.{name}", run) for name, run in _FUNCTIONS.items()},
    **{
        name: Symbol(f"builtins.{name}")
        for name, value in vars(__import__("builtins")).items()
        if isinstance(value, type) and issubclass(value, BaseException)
    },
    "NotImplemented": NotKnown("NotImplemented"),
    "__debug__": True,
}
"""Every built-in name: functions, and exceptions as symbols."""
