"""Every way in which an upgrade can run: worlds of run-time conditions, and in each what the schema may hold.

What the history does not tell of the schema is supposed once and put into the state before, so that
the upgrade, the downgrade and what comes later find one and the same answer to the question.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import field, replace

from mrt_lint.classes import dataclass
from mrt_lint.ops.control import TransactionControl
from mrt_lint.ops.guard import Exists, Guard, Not, Test, parts_of, tests_of
from mrt_lint.replay.attempts import is_attempt, key_of
from mrt_lint.replay.fusing import LUCK
from mrt_lint.replay.scenario import MOST, SCHEMA, Outcome, Prepared, busiest, flips, run, weighing
from mrt_lint.replay.supposed import supposing
from mrt_lint.schema.state import State

_FEW = 3
"""Answers to the schema explored in every world but the first."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which the upgrade can run, and the state before in which it does."""

    before: State
    up: Outcome


@dataclass(slots=True)
class Ways:
    """The worlds, each with its ways, the one that does most first.

    `too_many`: there are more worlds. `unasked`: questions to the schema that were not put in every way.
    """

    worlds: list[list[Way]] = field(default_factory=list)
    too_many: bool = False
    unasked: set[str] = field(default_factory=set)

    @property
    def ups(self) -> list[Outcome]:
        """Returns the outcomes of all ways."""
        return [way.up for world in self.worlds for way in world]

    def keep(self, wanted: Callable[[Outcome], bool]) -> None:
        """Leaves out the ways that are not wanted, if any is left."""
        left = [[way for way in world if wanted(way.up)] for world in self.worlds]
        self.worlds = [world for world in left if world] or self.worlds


def ways(before: State, operations: Prepared, unmade: Container[Exists] = ()) -> Ways:
    """Returns the ways that differ in what is done, of those that raise only where all do.

    `unmade`: questions of which the history says no as far as it is understood.
    """
    found = Ways()
    seen: set[tuple[object, ...]] = set()
    waiting: list[dict[str, bool]] = [{}]
    tried = refused = 0
    while waiting and len(found.worlds) - refused < MOST and tried < MOST * MOST:
        given = waiting.pop(0)
        tried += 1
        world, unasked = _world(before, operations, given, MOST if not found.worlds else _FEW, unmade)
        found.unasked |= unasked
        course = tuple((way.up.course, frozenset(_answers(way.up).items())) for way in world)
        if course not in seen:
            seen.add(course)
            found.worlds.append(world)
            # Checks that raise come one after the other; each way that ends in one says little.
            refused += all(way.up.refused is not None for way in world)
        decisions = {key: value for way in world for key, value in way.up.decisions.items()}
        waiting += flips(given, {key: value for key, value in decisions.items() if not _is_answer(key)})
    found.too_many = bool(waiting)
    return found


def _world(
    before: State, operations: Prepared, given: Mapping[str, bool], most: int, unmade: Container[Exists]
) -> tuple[list[Way], set[str]]:
    """Returns the ways of one world, and the questions of which not every answer is among them."""
    meant = busiest(before, operations, run(before, operations, given), unmade)
    found = [_supposed(before, operations, given, meant)]
    answers = {tuple(_answers(meant).items())}
    waiting = flips(given, _answers(meant))
    while waiting and len(found) < most:
        outcome = weighing(run(before, operations, waiting.pop(0)), unmade)
        taken = _answers(outcome)
        if tuple(taken.items()) not in answers:
            answers.add(tuple(taken.items()))
            found.append(_supposed(before, operations, given, outcome))
    return found, {key for other in waiting for key in other if _is_answer(key)}


def _supposed(before: State, operations: Prepared, given: Mapping[str, bool], outcome: Outcome) -> Way:
    """Returns the way with its answers put into the state before, unless the upgrade brings them about."""
    state = before
    for key, question in outcome.questions.items():
        state = supposing(state, question, outcome.decisions[key]) or state
    if state is before:
        return Way(before, outcome)
    answers = _answers(outcome)
    again = run(state, operations, {**given, **answers})
    if any(again.answers.get(test, value) != value for test, value in outcome.answers.items()):
        return Way(before, outcome)
    return Way(state, replace(again, decisions={**answers, **again.decisions}, against=outcome.against))


def _answers(outcome: Outcome) -> dict[str, bool]:
    return {key: value for key, value in outcome.decisions.items() if _is_answer(key)}


def _is_answer(key: str) -> bool:
    return key.startswith(SCHEMA)


def unlikely(found: Ways, operations: Prepared) -> list[list[Way]]:
    """Returns the worlds that no migration is written for, where there are others.

    In some a `try` fails though nothing that is known gives a cause: none of its operations hangs on rows
    or on what is not known, and nothing is done where it fails, so only other code in it can raise. On
    PostgreSQL a statement that fails ends the transaction, whatever catches the error (manual,
    Transactions), so that an upgrade that runs to its end has met none. In some it raises with the answers
    of the schema with which it does most elsewhere, so that only others are left.
    """
    doubted = {key for up in found.ups for key in up.doubted}
    handled = {key_of(test) for _, guard in operations for test in _refuted(guard)}

    alone = any(step.transaction.autocommit or isinstance(step, TransactionControl) for step, _ in operations)
    ends_all = found.worlds[0][0].before.dialect == "postgresql" and not alone

    def fails(key: str, value: bool) -> bool:
        never = ends_all or key not in doubted
        return not value and key.startswith(LUCK[0]) and never and key not in handled

    best = max(found.ups, key=lambda up: up.meant)
    meant = _answers(best)

    def is_rare(world: list[Way]) -> bool:
        answers = (_answers(way.up).items() for way in world)
        likely = any(all(meant.get(key, value) == value for key, value in items) for items in answers)
        return not likely or any(fails(*decision) for decision in world[0].up.decisions.items())

    rare = [world for world in found.worlds if is_rare(world)]
    return rare if len(rare) < len(found.worlds) else []


def _refuted(guard: Guard) -> Iterator[Test]:
    """Yields every test of the course of a `try` of which the guard says that it does not hold."""
    for part in parts_of(guard):
        if isinstance(part, Not):
            yield from (test for test in tests_of(part) if is_attempt(test))
