"""Replays a history on one database and makes the round trip of every migration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from mrt_lint.history import History
from mrt_lint.lowered import Migration
from mrt_lint.ops.base import Operation
from mrt_lint.ops.control import Opaque
from mrt_lint.ops.indexes import CreateIndex, DropIndex
from mrt_lint.replay.causes import Mentions
from mrt_lint.replay.courses import Course, Weight, verdict_of, weighed
from mrt_lint.replay.forward import forward
from mrt_lint.replay.reasons import reasons
from mrt_lint.replay.scenario import SCHEMA, Outcome, Prepared, explore, prepared, questions
from mrt_lint.roundtrip import Harm, Reason, RoundTrip
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.objects import Column, Constraint, Index
from mrt_lint.schema.state import Assumption, Fault, State, assumed_table

_PASSES = 5
"""How often a round trip is repeated with more assumptions before the rest is taken as it is."""


@dataclass(frozen=True, slots=True)
class Replay:
    """A replayed history: the round trip of every revision, and the state after each upgrade."""

    dialect: Dialect
    roundtrips: dict[str, RoundTrip]
    after: dict[str, State]


def replay(history: History, dialect: Dialect) -> Replay:
    """Returns the history replayed on one database; every migration gets a round trip."""
    after: dict[str, State] = {}
    roundtrips: dict[str, RoundTrip] = {}
    for migration in history.order:
        before = _before(history, migration, after, roundtrips, dialect)
        trip, state = round_trip(migration, before)
        roundtrips[migration.id] = trip
        after[migration.id] = state
    return Replay(dialect, roundtrips, after)


def _before(
    history: History,
    migration: Migration,
    after: dict[str, State],
    trips: dict[str, RoundTrip],
    dialect: Dialect,
) -> State:
    """Returns the state in which a migration finds the database: after all that it needs."""
    needs = [name for name in history.needs(migration) if name in after]
    complete = len(needs) == len(history.needs(migration))
    if not needs:
        return State(dialect, complete=complete, names_known=history.project.naming_known)
    state = after[needs[0]]
    applied = {needs[0], *history.ancestors(needs[0])} if len(needs) > 1 else set()
    for name in needs[1:]:
        missing = ({name} | history.ancestors(name)) - applied
        for other in history.order:
            if other.id in missing and other.id in trips:
                start = state
                outcomes, _ = explore(state, prepared(state, _located(other.upgrade or (), other)))
                state = outcomes[0].state.settled(start)
        applied |= missing
    return state if complete else replace(state, complete=False)


def round_trip(migration: Migration, before: State) -> tuple[RoundTrip, State]:
    """Returns a migration's round trip from a state, and the state that its upgrade leaves behind.

    When operations presuppose objects that an open state does not show, these are added to the
    state before and the trip is made again.
    """
    upgrade = prepared(before, _located(migration.upgrade or (), migration))
    downgrade = prepared(before, _located(migration.downgrade or (), migration))
    faults: tuple[Fault, ...] | None = None
    likely: set[str] = set()
    for _ in range(_PASSES):
        before = before.fresh()
        trip, state, needs = _trip(migration, before, upgrade, downgrade)
        faults = trip.upgrade_faults if faults is None else faults
        likely |= needs.likely
        enriched = before
        for assumption in needs.assumptions:
            enriched = _presuppose(enriched, assumption)
        if enriched is before:
            break
        before = enriched
    doubts = tuple(_hangs_on(key, Harm.UNPROVEN) for key in sorted(likely))
    found = (*trip.reasons, *doubts)
    return replace(trip, reasons=found, verdict=verdict_of(found), upgrade_faults=faults or ()), state


def _located(operations: Sequence[Operation], migration: Migration) -> tuple[Operation, ...]:
    """Returns the operations; a DROP INDEX without a table gets it from a CREATE INDEX of the same name."""
    if not any(isinstance(op, DropIndex) and op.table is None for op in operations):
        return tuple(operations)
    tables = {
        op.index.name: op.table
        for op in [*(migration.upgrade or ()), *(migration.downgrade or ())]
        if isinstance(op, CreateIndex) and op.index.name
    }
    return tuple(
        replace(op, table=tables.get(op.name.name)) if isinstance(op, DropIndex) and op.table is None else op
        for op in operations
    )


def _presuppose(state: State, assumption: Assumption) -> State:
    """Returns the state with an assumed object put where the assumption says it was."""
    if assumption.kind == "object":
        value = assumption.value
        present = state.get(value.kind, value.name) is not None
        return state if present else state.put(value)
    table = state.table(assumption.table)
    if table is None:
        table = assumed_table(assumption.table, state.epoch)
        state = replace(state, complete=False).put(table)
    value = assumption.value
    if isinstance(value, Column):
        known = table.columns.get(state.fold(value.name))
        if known is None or (known.assumed and known != value):
            merged = value if known is None else _merged(known, value)
            if merged == known:
                return state
            state = state.put(replace(table, columns={**table.columns, state.fold(value.name): merged}))
    elif isinstance(value, Index) and state.fold(value.name or "") not in table.indexes:
        state = state.put(replace(table, indexes={**table.indexes, state.fold(value.name or ""): value}))
    elif isinstance(value, Constraint) and not any(c.name == value.name for c in table.constraints):
        from mrt_lint.ops.editing import sorted_constraints

        state = state.put(replace(table, constraints=sorted_constraints((*table.constraints, value))))
    return state


def _merged(known: Column, said: Column) -> Column:
    """Returns an assumed column with what an operation says of its past (`existing_type=`)."""
    from mrt_lint.schema.names import Unknown

    return replace(known, type=said.type) if isinstance(known.type, Unknown) else known


def _trip(
    migration: Migration, before: State, upgrade: Prepared, downgrade: Prepared
) -> tuple[RoundTrip, State, _Needs]:
    ups, too_many = explore(before, upgrade)
    # An upgrade that raises changes nothing: what comes after it is no question of rollback.
    ups = tuple(up for up in ups if up.refused is None) or ups
    ups = _running(ups)
    mentions = Mentions(before)
    worlds: dict[frozenset[tuple[str, bool]], list[list[Course]]] = {}
    for up in ups:
        downs, more = explore(up.state, downgrade, up.settings)
        too_many = too_many or more
        # A check that may raise is a condition like any other; only one that must raise declares.
        downs = tuple(down for down in downs if down.refused is None) or downs
        courses = [Course(reasons(migration, before, up, down, mentions), up, down) for down in downs]
        worlds.setdefault(up.world, []).append(courses)
    weights = [weighed(world) for world in worlds.values()]
    worst = min((weight.course for weight in weights), key=lambda course: course.verdict.rank)
    found = _joined(worst.reasons, [weight.course.reasons for weight in weights])
    needs = _Needs()
    for weight in weights:
        needs.add(weight, before)
    if too_many:
        text = "too many conditions that are known only at run time"
        found = (*found, Reason(Harm.NOT_UNDERSTOOD, "migration", None, None, text))
    found = (*found, *(_hangs_on(key, Harm.NOT_UNDERSTOOD) for key in sorted(needs.hanging)))
    up, down = worst.up, worst.down
    trip = RoundTrip(
        migration,
        before.dialect,
        verdict_of(found),
        found,
        before,
        up.state,
        down.state,
        up.steps,
        down.steps,
        up.state.faults,
        down.state.faults[len(up.state.faults) :],
    )
    return trip, forward(before, ups), needs


def _running(ups: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
    """Returns the outcomes without those that fail where others go as far and do not."""
    most = max((len(up.steps) for up in ups if not _fails(up)), default=-1)
    return tuple(up for up in ups if not _fails(up) or len(up.steps) > most)


def _fails(up: Outcome) -> bool:
    return any(fault.sure for fault in up.state.faults)


@dataclass(slots=True)
class _Needs:
    """What a round trip presupposes of the state before.

    `hanging`: questions whose answer decides whether an object was there at all; `likely`: those that
    the upgrade itself answers, since it would do nothing otherwise.
    """

    assumptions: list[Assumption] = field(default_factory=list)
    hanging: set[str] = field(default_factory=set)
    likely: set[str] = field(default_factory=set)

    def add(self, weight: Weight, before: State) -> None:
        """Notes what the courses that count presuppose, and the questions on which the others differ."""
        for course in weight.counting:
            for one, asked in _presupposed(course, before):
                if asked and not weight.meant:
                    self.hanging.update(asked)
                else:
                    self.likely.update(asked)
                    self.assumptions.append(one)
        for course in weight.others:
            for _, asked in _presupposed(course, before):
                self.likely.update(asked)


def _presupposed(course: Course, before: State) -> Iterator[tuple[Assumption, list[str]]]:
    """Yields what a course presupposes, with the questions that were answered yes for it."""
    answers = {**course.up.decisions, **course.down.decisions}
    for one in course.down.state.assumptions:
        if not _may_be_made(one, before, course.up):
            yield one, [key for key in questions(one) if answers.get(key)]


def _hangs_on(key: str, harm: Harm) -> Reason:
    """Returns the doubt about an object that was there before only if a question was answered so."""
    text = f"what the round trip does hangs on `{key.removeprefix(SCHEMA)}`, known only at run time"
    return Reason(harm, "migration", None, None, text, condition=key)


def _may_be_made(assumption: Assumption, before: State, up: Outcome) -> bool:
    """Returns whether what the downgrade presupposes may come from what is not understood in the upgrade."""
    if assumption in up.state.assumptions:
        return False
    key = before.key("table", assumption.table)
    return any(
        isinstance(step, Opaque)
        and not step.data_only
        and (step.tables is None or key in {before.key("table", table) for table in step.tables})
        for _, step in up.steps
    )


def _joined(first: tuple[Reason, ...], rest: list[tuple[Reason, ...]]) -> tuple[Reason, ...]:
    """Returns the reasons of every way in which the upgrade can run, without repeats, the worst way first."""
    found = list(first)
    seen = {(reason.harm, reason.subject, reason.field) for reason in found}
    for others in rest:
        for reason in others:
            if (reason.harm, reason.subject, reason.field) not in seen:
                seen.add((reason.harm, reason.subject, reason.field))
                found.append(reason)
    return tuple(found)
