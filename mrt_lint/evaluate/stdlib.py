"""Functions of the standard library that build values, as a table from qualified name to evaluation."""

from __future__ import annotations

import itertools
import json
import math
import operator
import posixpath
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from mrt_lint.evaluate.call import Call
from mrt_lint.evaluate.classes import enum_auto
from mrt_lint.evaluate.effects import unknown_call
from mrt_lint.evaluate.iteration import items_of
from mrt_lint.evaluate.limits import MAX_SIZE
from mrt_lint.evaluate.methods import dedent
from mrt_lint.evaluate.objects import Holding, Partial, Stack, Suppressing
from mrt_lint.evaluate.plain import is_plain
from mrt_lint.evaluate.results import not_known, pure
from mrt_lint.evaluate.settings import from_environment
from mrt_lint.evaluate.values import Class, NotKnown, Symbol, Text, Value

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator


def _dedent(ev: Evaluator, call: Call) -> Value:
    value = call.argument(0, "text", None)
    return dedent(value) if isinstance(value, (str, Text)) else not_known(ev, call)


def _partial(ev: Evaluator, call: Call) -> Value:
    if call.starred or not call.args:
        return unknown_call(ev, None, call)
    return Partial(call.args[0], call.args[1:], call.kwargs)


def _columns(ev: Evaluator, call: Call) -> list[list[Value]] | None:
    columns = [items_of(ev, one, ev.here) for one in call.args]
    known = [column for column in columns if isinstance(column, list)]
    return known if len(known) == len(columns) and not call.starred else None


def _chain(ev: Evaluator, call: Call) -> Value:
    columns = _columns(ev, call)
    return not_known(ev, call) if columns is None else [one for column in columns for one in column]


def _chain_from(ev: Evaluator, call: Call) -> Value:
    outer = _columns(ev, call)
    if outer is None or len(outer) != 1:
        return not_known(ev, call)
    return _chain(ev, Call(ev, call.spelling, tuple(outer[0]), {}, call.span, call.statement, call.source))


def _product(ev: Evaluator, call: Call) -> Value:
    columns = _columns(ev, call)
    if columns is None or call.kwargs or math.prod(map(len, columns)) > MAX_SIZE // 100:
        return not_known(ev, call)
    return list(itertools.product(*columns))


def _ordered_dict(ev: Evaluator, call: Call) -> Value:
    from mrt_lint.evaluate.builtins import BUILTINS

    return BUILTINS["dict"].run(ev, call)


def _copy(ev: Evaluator, call: Call) -> Value:
    value = call.argument(0, "x", None)
    if isinstance(value, (list, dict, set)):
        return value.copy()
    return (
        value
        if isinstance(value, (str, int, float, tuple, bool, type(None), frozenset))
        else not_known(ev, call)
    )


def _deepcopy(ev: Evaluator, call: Call) -> Value:
    return _deep(call.argument(0, "x", None), 20) if call.args else not_known(ev, call)


def _deep(value: Value, depth: int) -> Value:
    if isinstance(value, dict) and depth:
        return {key: _deep(one, depth - 1) for key, one in value.items()}
    if isinstance(value, (list, tuple)) and depth:
        return type(value)(_deep(one, depth - 1) for one in value)
    if isinstance(value, (list, dict)):
        return NotKnown("a copy of something nested deeply")
    return value


def _suppress(ev: Evaluator, call: Call) -> Value:
    return Suppressing()


def _nothing(ev: Evaluator, call: Call) -> Value:
    return None


def _first(ev: Evaluator, call: Call) -> Value:
    """Returns the value itself: `typing.cast(T, x)` and the like."""
    return call.args[1] if len(call.args) == 2 else not_known(ev, call)


def _wraps(ev: Evaluator, call: Call) -> Value:
    return Symbol("functools.wraps")


def _new_type(ev: Evaluator, call: Call) -> Value:
    return Symbol("typing.NewType")


def _join_path(ev: Evaluator, call: Call) -> Value:
    return pure(posixpath.join)(ev, call)


def _json(name: str) -> Callable[[Evaluator, Call], Value]:
    """Returns the evaluation of a function of json, which may be handed functions (`default=`)."""
    plain = pure(getattr(json, name))

    def run(ev: Evaluator, call: Call) -> Value:
        if call.starred or not is_plain(*call.args, *call.kwargs.values()):
            return unknown_call(ev, Symbol(f"json.{name}"), call)
        return plain(ev, call)

    return run


_OPERATORS: Final = ["add", "sub", "mul", "eq", "ne", "lt", "le", "gt", "ge", "contains"]

LIBRARY: Final[dict[str, Callable[[Any, Call], Value]]] = {
    "textwrap.dedent": _dedent,
    "inspect.cleandoc": _dedent,
    "textwrap.indent": pure(textwrap.indent),
    "functools.partial": _partial,
    "itertools.chain": _chain,
    "itertools.chain.from_iterable": _chain_from,
    "itertools.product": _product,
    "collections.OrderedDict": _ordered_dict,
    "copy.copy": _copy,
    "copy.deepcopy": _deepcopy,
    "json.dumps": _json("dumps"),
    "json.loads": _json("loads"),
    "os.getenv": from_environment,
    "os.environ.get": from_environment,
    "os.path.join": _join_path,
    "os.path.dirname": pure(posixpath.dirname),
    "os.path.basename": pure(posixpath.basename),
    "typing.cast": _first,
    "contextlib.suppress": _suppress,
    "contextlib.nullcontext": lambda ev, call: Holding(call.argument(0, "enter_result", None)),
    "contextlib.ExitStack": lambda ev, call: Stack(),
    "contextlib.AsyncExitStack": lambda ev, call: Stack(),
    "asyncio.run": lambda ev, call: call.argument(0, "main", None),
    "asyncio.gather": lambda ev, call: list(call.args),
    "asyncio.sleep": _nothing,
    "enum.auto": enum_auto,
    "time.sleep": _nothing,
    **{f"operator.{name}": pure(getattr(operator, name)) for name in _OPERATORS},
}
"""What the evaluator computes itself; other functions of harmless modules give values that are not known."""

__all__ = ["LIBRARY", "Class"]
