"""Results of functions: computed by Python from plain values, else not known."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from mrt_lint.evaluate.call import Call
from mrt_lint.evaluate.iteration import tainted
from mrt_lint.evaluate.plain import fits, is_plain
from mrt_lint.evaluate.values import NotKnown, Value

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator

_ERRORS: Final = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, MemoryError)


def not_known(ev: Evaluator, call: Call, why: str = "is known only at run time") -> NotKnown:
    """Returns the unknown result of a call."""
    text = " ".join(call.source.split()) or f"{call.spelling}()"
    text = text if len(text) <= 60 else text[:57] + "..."
    return tainted(
        ev,
        NotKnown(f"`{text}` {why}", call.span.line),
        [*call.args, *call.kwargs.values(), *call.extra.get("starred", ())],
    )


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
