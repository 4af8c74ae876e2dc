"""Questions about the schema, as conditions that the replay answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mrt_lint.evaluate.values import Condition
from mrt_lint.ops import Probe
from mrt_lint.ops.guard import ALWAYS, ColumnIs, Exists, Guard, Test, parts_of

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call

Answers = dict[Exists | ColumnIs, tuple[Guard, Condition]]
"""Questions already asked: under which condition, and what stands for the answer."""


def ask(predicate: Exists | ColumnIs, answers: Answers, call: Call) -> Condition:
    """Returns the condition that an object exists; a Probe marks the moment of the question.

    An inspector keeps what it has read (`reflection.cache`), so the same question has the same answer
    later too, whatever the migration has done meanwhile.
    """
    here = call.evaluator.facts(call).get("guard", ALWAYS)
    if predicate in answers:
        before, known = answers[predicate]
        if _within(here, before):
            return known
    test = Test(predicate, call.evaluator.fresh_id(call), call.span.line)
    call.emit(Probe, test=test)
    answers[predicate] = (here, Condition(test))
    return answers[predicate][1]


def _within(here: Guard, before: Guard) -> bool:
    """Returns whether wherever `here` holds `before` has held too."""
    if before in (ALWAYS, here):
        return True
    given = parts_of(here)
    return all(part in given for part in parts_of(before))
