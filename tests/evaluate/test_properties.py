"""Properties: the evaluator agrees with Python on random programs, and never raises on mutated ones."""

from __future__ import annotations

import contextlib
import random
import time
from itertools import product

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mrt_lint.errors import SourceError
from mrt_lint.evaluate.call import Call
from mrt_lint.evaluate.values import Condition, NotKnown, Value
from mrt_lint.ops.base import Operation
from mrt_lint.ops.control import Opaque
from mrt_lint.ops.guard import Guard, Test, Undecided, resolve
from tests.evaluate import test_effects, test_flow
from tests.evaluate.fake import MEANINGS, Touch, evaluator, run
from tests.evaluate.programs import FLAGS, programs, touched

SLOW = settings(deadline=None, suppress_health_check=list(HealthCheck))


def flag(call: Call) -> Value:
    """A condition that is the same each time it is asked."""
    return Condition(Test(Undecided(call.args[0]), call.args[0]))


def asked(call: Call) -> Value:
    """A value that is not known."""
    return NotKnown(call.args[0])


ASKED = {**MEANINGS, "fw.flag": flag, "fw.asked": asked}


class UnknownRoundsError(Exception):
    """A loop was not unrolled, and what hangs on it is not known; that is not what this test is about."""


def answer_with(answers: dict[str, bool], guard: Guard) -> bool | None:
    def answer(test: Test) -> bool | None:
        assert isinstance(test.predicate, Undecided)
        text = test.predicate.text
        if text.startswith("the try"):
            return True
        if text.startswith("asked("):
            text = text[len('asked("') : -len('")')]
        if text not in answers:
            raise UnknownRoundsError(text)
        return answers[text]

    return resolve(guard, answer)


@settings(SLOW, max_examples=300)
@given(programs())
def test_operations_are_what_python_does(program: str) -> None:
    operations = run("from fw import flag, asked\n" + program, meanings=ASKED).operations
    if any(isinstance(operation, Opaque) for operation in operations):
        return
    with contextlib.suppress(UnknownRoundsError):
        compare(program, operations)


def compare(program: str, operations: tuple[Operation, ...]) -> None:
    for values in product((False, True), repeat=len(FLAGS)):
        answers = dict(zip(FLAGS, values, strict=True))
        expected = touched(program, answers)
        held = [(answer_with(answers, operation.guard), operation) for operation in operations]
        assert all(holds is not None for holds, _ in held), held
        found = [str(one.name) for holds, one in held if holds and isinstance(one, Touch)]
        assert found == expected, (answers, program)


SEEDS = [code for _, code, _ in test_flow.FLOWS] + [
    code for _, code in (*test_effects.OPAQUE, *test_effects.HARMLESS)
]
PIECES = [
    "op",
    "fw.touch(",
    ")",
    "(",
    "[",
    "]",
    "*",
    "**",
    ":",
    "\n",
    "    ",
    "if ",
    "for x in ",
    "lambda: ",
    "return ",
    "yield ",
    "unknown()",
    "connection()",
    "f'{",
    "}'",
    "= ",
    "@",
    "class A(",
    "def f(",
    "global x\n",
    "del x\n",
    "1 << 99 ** 9",
    "dialect()",
    "'%s' % ",
    ".append(",
    ".format(",
    "while True: ",
    "try:\n",
    "except E:\n",
    "with ",
    "match x:\n",
    "case _:",
    "async ",
    "await ",
    "x",
    "0",
    "None",
    "not ",
    " and ",
    " if ",
    " else ",
    ",",
    ".",
    "is ",
    "in ",
    "raise ",
    "nonlocal x\n",
    "é",
    "\\",
    "\x0c",
]


def mutated(seed: int) -> str:
    """Returns a source made of a few cases of other tests, cut and mixed; the same for the same seed."""
    chance = random.Random(seed)
    lines = "\n".join(chance.choice(SEEDS) for _ in range(chance.randint(1, 3))).split("\n")
    text = "def upgrade():\n" + "".join(f"    {line}\n" for line in lines)
    for _ in range(chance.randint(0, 3)):
        place = chance.randrange(len(text))
        change = chance.randrange(3)
        if change == 0:
            text = text[:place] + chance.choice(PIECES) + text[place:]
        elif change == 1:
            text = text[:place] + text[place + chance.randint(1, 5) :]
        else:
            words = text.split(" ")
            words[chance.randrange(len(words))] = chance.choice(words)
            text = " ".join(words)
    return text


@pytest.mark.parametrize("batch", range(10))
def test_mutated_sources_never_raise_and_end(batch: int) -> None:
    began = time.perf_counter()
    for seed in range(batch * 300, (batch + 1) * 300):
        source = mutated(seed)
        try:
            one = run(source).evaluator
            one.run("downgrade", "downgrade")
            one.run("f", "downgrade", (NotKnown("x"),))
        except SourceError:
            pass
        except Exception as error:
            raise AssertionError(source) from error
    assert time.perf_counter() - began < 120


@settings(SLOW, max_examples=200)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=80))
def test_any_text_gives_operations_or_a_source_error(text: str) -> None:
    try:
        evaluator(text).run("upgrade", "upgrade")
    except SourceError as error:
        assert "\n" not in str(error)


NUMBERS = st.recursive(
    st.sampled_from(
        (
            "0",
            "1",
            "2",
            "-3",
            "'a'",
            "'bc'",
            "[]",
            "[1, 'x']",
            "(1,)",
            "{'k': 2}",
            "None",
            "True",
            "{1}",
            "1.5",
        )
    ),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+ - * / // % < == != in and or is".split()), inner).map(
            lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"
        ),
        st.tuples(inner, inner).map(lambda parts: f"({parts[0]})[{parts[1]}]"),
        st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]}) if ({parts[1]}) else ({parts[2]})"),
        inner.map(lambda part: f"[x for x in [{part}] if x]"),
        inner.map(lambda part: f"'<{{!r}}>'.format(({part}))"),
        inner.map(lambda part: f"str({part})"),
        inner.map(lambda part: f"len({part})"),
        inner.map(lambda part: f"not ({part})"),
        inner.map(lambda part: f"sorted(({part}))"),
        st.tuples(inner, inner).map(lambda parts: f"[*({parts[0]}), {parts[1]}]"),
        st.tuples(inner, inner).map(lambda parts: f"isinstance(({parts[0]}), type(({parts[1]})))"),
    ),
    max_leaves=6,
)


@settings(SLOW, max_examples=400)
@given(NUMBERS)
@example("'<{!r}>'.format(isinstance({1}, type(0))) is '<{!r}>'.format(isinstance({1}, type(0)))")
def test_expressions_are_what_python_computes(expression: str) -> None:
    import warnings

    one = evaluator(f"result = ({expression})\n")
    found = one.module().get("result", one)
    if any(kind in repr(found) for kind in ("NotKnown", "Condition", "Choice")):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            expected = eval(expression)
        except (TypeError, ValueError, LookupError, ArithmeticError):
            return
    assert found == expected
    assert type(found) is type(expected)
