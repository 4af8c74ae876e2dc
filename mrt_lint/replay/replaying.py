"""Replays a history on one database and makes the round trip of every migration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field

from mrt_lint.classes import dataclass
from mrt_lint.history import History
from mrt_lint.lowered import Migration
from mrt_lint.ops.base import Operation
from mrt_lint.ops.control import Opaque, Refuse
from mrt_lint.ops.indexes import CreateIndex, DropIndex
from mrt_lint.replay.causes import Mentions
from mrt_lint.replay.courses import Course, Weight, hangs_on, verdict_of, weighed
from mrt_lint.replay.forward import forward
from mrt_lint.replay.hanging import hanging
from mrt_lint.replay.leftovers import is_leftover, may_have_been
from mrt_lint.replay.mildest import mildest, near
from mrt_lint.replay.others import made_by_others
from mrt_lint.replay.reasons import reasons
from mrt_lint.replay.scenario import Outcome, Prepared, explore, prepared, questions
from mrt_lint.replay.unmade import Unmade
from mrt_lint.replay.ways import Way, unlikely, ways
from mrt_lint.roundtrip import Harm, Reason, RoundTrip
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Unknown
from mrt_lint.schema.objects import Column, Constraint, Index
from mrt_lint.schema.replacing import replace
from mrt_lint.schema.state import Assumption, Fault, State, assumed_table
from mrt_lint.verdict import Verdict

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
    rooted: dict[str, bool] = {}
    line: State | None = None
    for migration in history.order:
        beside = history.stands_beside(migration)
        in_line = history.project.one_line and not beside
        if in_line and line is not None:
            before = line
        elif beside and migration.replaces:
            before = _without_originals(history, migration, roundtrips, dialect)
        else:
            before = _before(history, migration, after, roundtrips, dialect)
        before = _with_presupposed(before, migration)
        rooted[migration.id] = not migration.depends_on_more and all(
            rooted.get(name, False) for name in history.needs(migration)
        )
        trip, state = round_trip(migration, before, rooted[migration.id])
        roundtrips[migration.id] = trip
        after[migration.id] = state
        line = state if in_line else line
    return Replay(dialect, roundtrips, after)


def _without_originals(
    history: History, migration: Migration, trips: dict[str, RoundTrip], dialect: Dialect
) -> State:
    """Returns the state that a squashed migration finds on a new database: its originals did not run."""
    state = _first(history, dialect)
    wanted = history.ancestors(migration.id)
    originals = {*migration.replaces}
    for other in history.order:
        if (
            other.id in wanted
            and other.id in trips
            and not originals & {other.id, *history.ancestors(other.id)}
        ):
            start = _with_presupposed(state, other)
            outcomes, _ = explore(start, prepared(start, _located(other.upgrade or (), other)))
            state = outcomes[0].state.settled(start)
    return state


def _first(history: History, dialect: Dialect) -> State:
    """Returns the state of an empty database, with what is known of the project."""
    project = history.project
    return State(
        dialect,
        names_known=project.naming_known,
        names_hidden=project.naming_hidden and not project.naming_known,
        enforces_keys=project.enforces_keys,
        others=made_by_others(history),
    )


def _with_presupposed(state: State, migration: Migration) -> State:
    """Returns the state with the tables that migrations outside of the project made."""
    for name in migration.presupposes:
        if state.objects.get(state.key("table", name)) is None and state.get("view", name) is None:
            state = state.put(assumed_table(name, state.epoch))
    return state


def _before(
    history: History,
    migration: Migration,
    after: dict[str, State],
    trips: dict[str, RoundTrip],
    dialect: Dialect,
) -> State:
    """Returns the state in which a migration finds the database: after all that it needs."""
    needs = [name for name in history.needs(migration) if name in after]
    complete = len(needs) == len(history.needs(migration)) and not migration.depends_on_more
    if not needs:
        return replace(_first(history, dialect), complete=complete)
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


def round_trip(migration: Migration, before: State, rooted: bool = False) -> tuple[RoundTrip, State]:
    """Returns a migration's round trip from a state, and the state that its upgrade leaves behind.

    When operations presuppose objects that an open state does not show, these are added to the
    state before and the trip is made again. `rooted`: every migration that came before is known.
    """
    if migration.upgrade == () and migration.downgrade == ():
        before = before.fresh()
        return RoundTrip(migration, before.dialect, Verdict.REVERSIBLE, (), before, before, before), before
    upgrade = prepared(before, _located(migration.upgrade or (), migration))
    downgrade = prepared(before, _located(migration.downgrade or (), migration))
    faults: tuple[Fault, ...] | None = None
    likely: set[str] = set()
    leftovers: dict[str, Reason] = {}
    cleared = Unmade(migration, before, rooted and before.knows_a_table())
    for _ in range(_PASSES):
        before = before.fresh()
        trip, state, needs = _trip(migration, before, upgrade, downgrade, cleared)
        faults = trip.upgrade_faults if faults is None else faults
        likely |= needs.likely
        enriched = before
        for assumption in needs.assumptions:
            if is_leftover(assumption, migration, before, cleared):
                doubt = may_have_been(assumption, cleared)
                leftovers.setdefault(doubt.message, doubt)
            else:
                enriched = _presuppose(enriched, assumption)
        if enriched is before:
            break
        before = enriched
    doubts = tuple(hangs_on(key, Harm.UNPROVEN) for key in sorted(likely))
    found = (*trip.reasons, *doubts, *leftovers.values())
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
        if known is None or (known != value and (known.assumed or isinstance(known.type, Unknown))):
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
    """Returns a column with what an operation says of its past (`existing_type=`)."""
    return replace(known, type=said.type) if isinstance(known.type, Unknown) else known


def _trip(
    migration: Migration, before: State, upgrade: Prepared, downgrade: Prepared, cleared: Unmade
) -> tuple[RoundTrip, State, _Needs]:
    found = ways(before, upgrade, cleared)
    # An upgrade that raises changes nothing: what comes after it is no question of rollback.
    found.keep(lambda up: up.refused is None)
    most = max((len(up.steps) for up in found.ups if not _fails(up)), default=-1)
    # Nor is one that fails where another goes as far and does not.
    found.keep(lambda up: not _fails(up) or len(up.steps) > most)
    too_many = found.too_many
    mentions = Mentions(before)
    rare = unlikely(found, upgrade)
    weights = []
    for world in found.worlds:
        courses = []
        for way in world:
            downs, more = explore(way.up.state, downgrade, way.up.settings)
            too_many = too_many or more
            own = _courses(migration, way, downs, mentions)
            courses.append([*own, *_near(migration, way, own, downgrade, mentions)] if more else own)
        weights.append(weighed(courses))
    likely = [weight for weight, world in zip(weights, found.worlds, strict=True) if world not in rare]
    weights = [
        weight.as_doubt if world in rare else weight
        for weight, world in zip(weights, found.worlds, strict=True)
    ]
    worst = min((weight.course for weight in likely), key=lambda course: course.verdict.rank)
    told = hanging(_joined(worst.reasons, [weight.course.reasons for weight in weights]), likely)
    needs = _Needs(likely=set(found.unasked))
    for weight in weights:
        needs.add(weight)
    if too_many:
        text = "too many conditions that are known only at run time"
        told = (*told, Reason(Harm.NOT_UNDERSTOOD, "migration", None, None, text))
    told = (*told, *(hangs_on(key, Harm.NOT_UNDERSTOOD) for key in sorted(needs.hanging)))
    up, down = worst.up, worst.down
    if up.refused is not None and up.refused.elsewhere:
        told = (_never_runs(up.refused),)
    trip = RoundTrip(
        migration,
        before.dialect,
        verdict_of(told),
        told,
        worst.before,
        up.state,
        down.state,
        up.steps,
        down.steps,
        up.state.faults,
        down.state.faults[len(up.state.faults) :],
    )
    return trip, forward(before, found.ups), needs


def _never_runs(refused: Refuse) -> Reason:
    """Returns the doubt about an upgrade of which all that is read raises, in code of another module."""
    text = f"the upgrade calls code of the project that raises {refused.exception}, as far as it is read"
    return Reason(Harm.NOT_UNDERSTOOD, "migration", None, None, text, refused, refused)


def _courses(migration: Migration, way: Way, downs: Sequence[Outcome], mentions: Mentions) -> list[Course]:
    """Returns the courses of one way up; a check of the downgrade that need not raise is a condition."""
    running = [down for down in downs if down.refused is None or down.refused.mistaken] or downs
    return [_course(migration, way, down, mentions) for down in running]


def _near(
    migration: Migration, way: Way, found: list[Course], downgrade: Prepared, mentions: Mentions
) -> Iterator[Course]:
    """Yields more courses near the mildest, where the downgrade has more ways than are explored."""
    best = mildest(found)
    if best.down.refused is None:
        yield from near(best, downgrade, lambda down: _course(migration, way, down, mentions))


def _course(migration: Migration, way: Way, down: Outcome, mentions: Mentions) -> Course:
    return Course(reasons(migration, way.before, way.up, down, mentions), way.before, way.up, down)


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

    def add(self, weight: Weight) -> None:
        """Notes what the courses that count presuppose, and the questions on which the others differ."""
        for course in weight.counting:
            for one, asked in _presupposed(course):
                if asked and not weight.meant:
                    self.hanging.update(asked)
                else:
                    self.likely.update(asked)
                    self.assumptions.append(one)
        for course in weight.others:
            for _, asked in _presupposed(course):
                self.likely.update(asked)


def _presupposed(course: Course) -> Iterator[tuple[Assumption, list[str]]]:
    """Yields what a course presupposes, with the questions that were answered yes for it."""
    answers = {**course.up.decisions, **course.down.decisions}
    for one in course.down.state.assumptions:
        if not _may_be_made(one, course.before, course.up):
            yield one, [key for key in questions(one) if answers.get(key)]


def _may_be_made(assumption: Assumption, before: State, up: Outcome) -> bool:
    """Returns whether what the downgrade presupposes may come from what is not understood in the upgrade."""
    if assumption in up.state.assumptions:
        return False
    return any(isinstance(step, Opaque) and step.may_change(before, assumption.table) for _, step in up.steps)


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
