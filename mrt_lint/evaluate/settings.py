"""Names that the environment sets: `SCHEMA = os.getenv("APP_SCHEMA", "app")`.

What such a variable holds is not known, so no condition on it is decided. But it is the same in every
migration of a database: where a name is wanted, its default stands for it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mrt_lint.evaluate.call import Call
from mrt_lint.evaluate.effects import unknown_call
from mrt_lint.evaluate.values import NotKnown, Symbol, Text, Value

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def from_environment(ev: Evaluator, call: Call) -> Value:
    """Returns what `os.getenv(variable, default)` gives: not known, with the default if that is a name."""
    default = call.argument(1, "default", None)
    if call.starred or not (default is None or _is_name(default)):
        return unknown_call(ev, Symbol("os.getenv"), call)
    reason = f"`{' '.join(call.source.split())}` is known only at run time"
    return NotKnown(reason, call.span.line, stand_in=default or "")


def with_fallback(value: Value, fallback: Value) -> NotKnown | None:
    """Returns what `os.getenv(variable) or fallback` gives, None if that is no name from the environment."""
    if isinstance(value, NotKnown) and value.stand_in == "" and _is_name(fallback):
        return replace(value, stand_in=fallback)
    return None


def _is_name(value: Value) -> bool:
    return isinstance(value, str) and _NAME.fullmatch(value) is not None


def named(call: Call) -> Call:
    """Returns a call of a framework with the stand-ins of settings among its arguments."""
    args = tuple(_named(value) for value in call.args)
    kwargs = {key: _named(value) for key, value in call.kwargs.items()}
    if all(one is other for one, other in zip(args, call.args, strict=True)) and all(
        kwargs[key] is value for key, value in call.kwargs.items()
    ):
        return call
    ev = call.evaluator
    return Call(
        ev, call.spelling, args, kwargs, call.span, call.statement, call.source, call.starred, call.extra
    )


def _named(value: Value) -> Value:
    if isinstance(value, NotKnown):
        return value.stand_in or value
    if isinstance(value, Text):
        parts = [part if isinstance(part, str) else part.stand_in or "" for part in value.parts]
        return "".join(parts) if all(parts) else value
    return value
