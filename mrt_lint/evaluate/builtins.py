"""Python's built-in functions, as a table from name to what it does with values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from mrt_lint.evaluate.abstract import class_by_call
from mrt_lint.evaluate.call import Call
from mrt_lint.evaluate.names import names
from mrt_lint.evaluate.objects import Builtin, EnumMember, Instance, Super
from mrt_lint.evaluate.results import not_known, pure
from mrt_lint.evaluate.sequences import SEQUENCES
from mrt_lint.evaluate.values import (
    Choice,
    Class,
    Condition,
    FrameworkValue,
    Function,
    NotKnown,
    Symbol,
    Text,
    Value,
)

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator

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


def _str(ev: Evaluator, call: Call) -> Value:
    from mrt_lint.evaluate.strings import printed

    if not call.args and not call.starred:
        return ""
    if len(call.args) != 1 or call.starred:
        return pure(str)(ev, call)
    value = call.args[0]
    if isinstance(value, FrameworkValue) and value.textual:
        return value
    return printed(ev, value, ev.here)


def _number(kind: Any) -> Callable[[Evaluator, Call], Value]:
    plain = pure(kind)

    def run(ev: Evaluator, call: Call) -> Value:
        if call.args and isinstance(call.args[0], (str, bytes)) and len(call.args[0]) > 1000:
            return not_known(ev, call, "is too large")
        if len(call.args) == 1 and isinstance(call.args[0], EnumMember) and call.args[0].plain:
            return plain(
                ev, Call(ev, call.spelling, (call.args[0].value,), {}, call.span, call.statement, call.source)
            )
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
    if isinstance(value, FrameworkValue):
        paths = [
            kind.path
            for kind in (kinds if isinstance(kinds, tuple) else (kinds,))
            if isinstance(kind, Symbol)
        ]
        found = value.is_a(tuple(paths), call)
        complete = len(paths) == (len(kinds) if isinstance(kinds, tuple) else 1)
        return found if complete else not_known(ev, call)
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
    answers = [
        _derives(one, base) if isinstance(one, Class) else None if not isinstance(one, Builtin) else False
        for one in cls.bases
    ]
    return True if True in answers else None if None in answers else False


def _getattr(ev: Evaluator, call: Call) -> Value:
    from mrt_lint.evaluate.attributes import attribute

    if call.starred or len(call.args) < 2 or not isinstance(call.args[1], str):
        return not_known(ev, call)
    found = attribute(
        ev,
        call.args[0],
        call.args[1],
        Call(ev, f"{call.spelling}", (), {}, call.span, call.statement, call.source),
    )
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


def _super(ev: Evaluator, call: Call) -> Value:
    if ev.frame.owner is None:
        return NotKnown("super() outside of a method", call.span.line)
    return Super(ev.frame.owner, ev.frame.receiver)


def _type(ev: Evaluator, call: Call) -> Value:
    value = call.args[0] if len(call.args) == 1 else None
    if isinstance(value, (Instance, EnumMember)):
        return value.cls
    return class_by_call(ev, call) if len(call.args) == 3 else not_known(ev, call)


def _callable(ev: Evaluator, call: Call) -> Value:
    if call.args and isinstance(call.args[0], (Function, Class, Builtin)):
        return True
    return not_known(ev, call)


def _run_code(ev: Evaluator, call: Call) -> Value:
    """`exec`, `eval` and the like: any code at all."""
    return call.opaque(f"{call.spelling}() runs code that is not read")


_NOT_KNOWN: Final = names(
    "id hash vars dir locals globals input open object slice pow memoryview bytearray complex "
    "issubclass staticmethod classmethod property delattr aiter anext breakpoint help exit quit "
)

_FUNCTIONS: Final[dict[str, Callable[[Any, Call], Value]]] = {
    **SEQUENCES,
    "str": _str,
    "int": _number(int),
    "float": _number(float),
    "bool": _bool,
    "bytes": not_known,
    "print": _print,
    "isinstance": _isinstance,
    "getattr": _getattr,
    "setattr": _setattr,
    "hasattr": _hasattr,
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
    **dict.fromkeys(_NOT_KNOWN, not_known),
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
