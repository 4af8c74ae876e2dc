"""How sure a harm is: a warning, not an error, where another way through the migration does not do it."""

from __future__ import annotations

from mrt_lint.ops.base import Operation
from mrt_lint.ops.guard import Not, Test, Undecided, parts_of
from mrt_lint.replay.courses import condition_of
from mrt_lint.replay.fusing import LUCK
from mrt_lint.roundtrip import Reason


def told(message: str, reason: Reason) -> str:
    """Returns what is said of a harm, with the condition on which it hangs."""
    if not reason.condition:
        return message
    if reason.condition.startswith(LUCK):
        return f"{message}, if part of the upgrade does not run (a try, or a loop)"
    return f"{message}; not on every way: that hangs on `{condition_of(reason.condition)}`"


def on_request(message: str, operation: Operation) -> str:
    """Returns what is said of an operation's harm, with the setting of the run that it asks for.

    What stands under an argument of the command line or a variable of the environment is done for sure where
    it runs, so this makes no harm milder.
    """
    for part in parts_of(operation.guard):
        test = part.part if isinstance(part, Not) else part
        if isinstance(test, Test) and isinstance(test.predicate, Undecided) and test.predicate.setting:
            word = "unless" if isinstance(part, Not) else "only if"
            return f"{message}; this runs {word} `{test.predicate.text}`"
    return message
