"""Upgrades that surely fail on the schema that the history builds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from mrt_lint.history import History
from mrt_lint.ops import CreateTable, CreateTableAs, Opaque, Operation
from mrt_lint.ops.guard import DialectIs, tests_of
from mrt_lint.ops.span import Span
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.state import Fault

if TYPE_CHECKING:
    from mrt_lint.replay import Judgement

PROBLEMS: Final = ("missing", "exists", "taken", "invalid", "unsupported")
"""Problems that do not hang on rows or on the transaction, which other rules speak of."""

PARTS: Final = ("column", "index", "constraint", "enum label")
"""Kinds of what belongs to an object that the history has made, or knows."""


def upgrade_faults(trip: RoundTrip, history: History, judgements: Mapping[str, Judgement]) -> Iterator[Fault]:
    """Yields the faults of an upgrade that nothing unknown can explain.

    Not those on some of several possible databases alone: the project is then not for these (a type
    that only PostgreSQL has apart). Not after a migration that cannot run itself, or was not
    understood: the history is not what the database went through.
    """
    faults = list(_sure(trip))
    if faults and not _began_empty(trip, history):
        faults = [fault for fault in faults if fault.problem != "missing" or fault.kind in PARTS]
    if not faults or _contradicted(trip, history, judgements):
        return
    judgement = judgements.get(trip.migration.id)
    others = [] if judgement is None else list(judgement.roundtrips.values())
    told: set[Span] = set()
    for fault in faults:
        everywhere = all(any(_same(fault, other) for other in _sure(each)) for each in others)
        # What a statement fails by first is enough (also in a loop): the rest is not reached.
        if (everywhere or fault.kind == "type") and fault.operation.span not in told:
            told.add(fault.operation.span)
            yield fault


def fails_here_alone(trip: RoundTrip, judgements: Mapping[str, Judgement]) -> Fault | None:
    """Returns what the upgrade surely fails by on this database and not on another of the project's.

    The project is then hardly for this one. Only what is there already is taken for sure: what is missing may
    have been made by hand. Not a type: PostgreSQL alone has such.
    """
    judgement = judgements.get(trip.migration.id)
    others = [] if judgement is None else [one for one in judgement.roundtrips.values() if one is not trip]
    if any(_not_understood(step) or _hangs_on_the_run(step) for _, step in trip.upgrade_steps):
        return None
    for fault in trip.upgrade_faults:
        if fault.sure and fault.problem in ("exists", "taken") and fault.kind != "type":
            return fault if any(not other.upgrade_faults for other in others) else None
    return None


def _sure(trip: RoundTrip) -> Iterator[Fault]:
    # What is not understood may make way also where the path of this run leaves it out.
    if any(_hangs_on_the_run(op) for _, op in trip.upgrade_steps) or any(
        map(_not_understood, trip.migration.upgrade or ())
    ):
        return
    for fault in trip.upgrade_faults:
        if fault.sure and fault.problem in PROBLEMS:
            yield fault


def _began_empty(trip: RoundTrip, history: History) -> bool:
    """Returns whether the history has made a table before: then it began with an empty database.

    One that acts on a table before it has made any began on a database that had some; so did one whose
    first tables refer to a table that no migration makes.
    """
    before = [
        operation for name in history.ancestors(trip.migration.id) for operation in _made(history, name)
    ]
    if not before:
        return False
    fold = trip.before.fold
    named = {fold(operation.table.name) for operation in before}
    first = (operation for operation in before if isinstance(operation, CreateTable))
    return all(
        key.ref_table is None or fold(key.ref_table.name) in named
        for operation in first
        for key in operation.constraints
    )


def _made(history: History, name: str) -> list[CreateTable | CreateTableAs]:
    """Returns the tables that a migration makes."""
    steps = history.by_id[name].upgrade or ()
    return [step for step in steps if isinstance(step, CreateTable | CreateTableAs)]


def _hangs_on_the_run(operation: Operation) -> bool:
    """Returns whether it is known at run time only whether the operation runs."""
    return any(not isinstance(test.predicate, DialectIs) for test in tests_of(operation.guard))


def _not_understood(operation: Operation) -> bool:
    return isinstance(operation, Opaque) and not operation.data_only


def _same(one: Fault, other: Fault) -> bool:
    return (one.problem, one.subject, one.operation.span) == (
        other.problem,
        other.subject,
        other.operation.span,
    )


def _contradicted(trip: RoundTrip, history: History, judgements: Mapping[str, Judgement]) -> bool:
    for name in history.ancestors(trip.migration.id):
        earlier = judgements.get(name)
        own = earlier.roundtrips.get(trip.dialect) if earlier is not None else None
        if own is None or any(fault.sure for fault in own.upgrade_faults):
            return True
        if any(_not_understood(operation) for operation in own.migration.upgrade or ()):
            return True
    return False
