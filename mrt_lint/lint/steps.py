"""Steps: every operation that may run in a round trip, with the state it meets, for the rules to see.

A RoundTrip holds the steps of its worst course. What stands under a condition that is known only at
run time and turned out otherwise there may run all the same; it is shown to rules in the state that
the operations before it leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from mrt_lint.ops.base import Operation
from mrt_lint.ops.control import Probe, Refuse
from mrt_lint.ops.guard import ALWAYS, DialectIs, EntryIs, Guard, Test, Undecided, implies, resolve
from mrt_lint.ops.indexes import DropIndex
from mrt_lint.ops.listed import DropListed
from mrt_lint.ops.tables import CreateTable
from mrt_lint.replay.scenario import exists
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.state import State

Step = tuple[State, Operation]


def steps(trip: RoundTrip) -> Iterator[Step]:
    """Yields (state before, operation) for the upgrade, then for the downgrade, in source order."""
    yield from _of(trip.migration.upgrade or (), trip.upgrade_steps, trip.before)
    yield from _of(trip.migration.downgrade or (), trip.downgrade_steps, trip.between)


def _of(operations: Sequence[Operation], taken: Sequence[Step], state: State) -> Iterator[Step]:
    if sum(not isinstance(operation, Probe) for operation in operations) == len(taken):
        yield from taken
        return
    rest = list(taken)
    answers: dict[str, bool | None] = {}
    apart: list[CreateTable] = []

    def answer(test: Test) -> bool | None:
        if isinstance(test.predicate, DialectIs):
            return test.predicate.holds(state.dialect)
        if isinstance(test.predicate, Undecided | EntryIs):
            return None
        return answers.setdefault(test.id or repr(test.predicate), exists(state, test.predicate))

    for operation in operations:
        if isinstance(operation, Probe):
            answer(operation.test)
        elif isinstance(operation, DropListed) and rest and rest[0][1].span == operation.span:
            while rest and rest[0][1].span == operation.span:
                state, drop = rest.pop(0)
                yield state, drop
                state = drop.apply(state)
        elif rest and _same(rest[0][1], operation):
            before, taken_operation = rest.pop(0)
            yield before, taken_operation
            state = rest[0][0] if rest else taken_operation.apply(before)
        elif resolve(operation.guard, answer) is not False:
            yield _with_made(state, operation.guard, apart), operation
            if isinstance(operation, CreateTable) and operation.guard != ALWAYS:
                apart.append(operation)
        if isinstance(operation, Refuse) and operation.guard == ALWAYS:
            break
    yield from rest


def _with_made(state: State, guard: Guard, made: Iterable[CreateTable]) -> State:
    """Returns the state with the tables that surely were made anew wherever the guard holds."""
    for create in made:
        if implies(guard, create.guard):
            state = create.apply(state.drop("table", create.table))
    return state


def _same(taken: Operation, written: Operation) -> bool:
    """Returns whether a step is this operation; the replay may have filled in the table of a DROP INDEX."""
    if isinstance(taken, DropIndex) and isinstance(written, DropIndex) and written.table is None:
        return replace(taken, table=None) == written
    return taken is written or taken == written
