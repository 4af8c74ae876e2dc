"""Judges a history over every database it may run on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mrt_lint.classes import dataclass
from mrt_lint.history import History
from mrt_lint.ops.indexes import RenameIndex
from mrt_lint.replay.courses import verdict_of
from mrt_lint.replay.databases import dead_databases, refuses
from mrt_lint.replay.replaying import replay
from mrt_lint.roundtrip import GIVEN_NAME, HELPER, Harm, Reason, RoundTrip
from mrt_lint.schema.dialects import Dialect
from mrt_lint.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one migration over all its target databases: the worst of its round trips.

    `reasons` of all of them without repeats. `dialects`: for each reason, the databases it holds
    for. A database to which the history cannot be applied is left out of `roundtrips`.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    dialects: tuple[tuple[Dialect, ...], ...]
    roundtrips: dict[Dialect, RoundTrip]

    @property
    def losses(self) -> tuple[Reason, ...]:
        """Returns the reasons that tell of data or objects that do not come back."""
        harms = {Harm.COLUMN_DATA_LOST, Harm.ROWS_LOST, Harm.OBJECT_LOST}
        return tuple(reason for reason in self.reasons if reason.harm in harms)

    @property
    def unknown(self) -> tuple[Reason, ...]:
        """Returns the reasons that tell what could not be understood."""
        return tuple(reason for reason in self.reasons if reason.harm is Harm.NOT_UNDERSTOOD)


def judge(history: History, dialects: Sequence[Dialect], *, chosen: bool = False) -> dict[str, Judgement]:
    """Returns the judgement of every migration by id, in the order of the history.

    `chosen`: the databases were named by the user or the project, so that an upgrade that cannot
    run on one is no sign that the project never runs there.
    """
    replays = {dialect: replay(history, dialect) for dialect in dialects}
    every = {
        migration.id: {dialect: found.roundtrips[migration.id] for dialect, found in replays.items()}
        for migration in history.order
    }
    dead = set() if chosen else dead_databases(list(every.values()))
    judgements: dict[str, Judgement] = {}
    for name, trips in every.items():
        alive = {dialect: trip for dialect, trip in trips.items() if dialect not in dead} or trips
        if not chosen:
            alive = {dialect: trip for dialect, trip in alive.items() if not refuses(trip)} or alive
        if history.project.finds_by_columns:
            alive = {dialect: _without_names(trip) for dialect, trip in alive.items()}
        if not chosen and len(alive) > 1:
            alive = {dialect: _without_helpers(trip) for dialect, trip in alive.items()}
        judgements[name] = _merged(alive)
    return judgements


def _without_names(trip: RoundTrip) -> RoundTrip:
    """Returns the trip without what differs in the names of constraints and indexes alone.

    The framework finds these by their columns; where one is dropped by its name, the missing name is a
    fault of its own.
    """
    renamed = {
        f"index {name}"
        for _, step in trip.upgrade_steps
        if isinstance(step, RenameIndex)
        for name in (step.name.name, step.new)
    }
    kept = tuple(
        reason
        for reason in trip.reasons
        if reason.field not in ("name", GIVEN_NAME)
        and not (reason.kind == "other" and reason.table is not None and reason.table.name in renamed)
    )
    return trip if len(kept) == len(trip.reasons) else replace(trip, reasons=kept, verdict=verdict_of(kept))


def _without_helpers(trip: RoundTrip) -> RoundTrip:
    """Returns the trip without what is so on one database only, and harms nothing.

    The indexes that MySQL made for a foreign key and keeps when it goes (MySQL manual, FOREIGN KEY
    Constraints, "Dropping Foreign Key Constraints"), and the names that every database gives otherwise:
    a project that may never run there need not hear of them.
    """
    kept = tuple(reason for reason in trip.reasons if not _is_helper(reason, trip))
    return trip if len(kept) == len(trip.reasons) else replace(trip, reasons=kept, verdict=verdict_of(kept))


def _is_helper(reason: Reason, trip: RoundTrip) -> bool:
    if reason.field in (HELPER, GIVEN_NAME):
        return True
    there = {Harm.OBJECT_LEFT: trip.after, Harm.OBJECT_LOST: trip.before}.get(reason.harm)
    if there is None or reason.kind != "index" or reason.table is None:
        return False
    table = there.table(reason.table)
    index = table.indexes.get(there.fold(reason.part or "")) if table is not None else None
    return index is not None and index.implied


def _merged(trips: dict[Dialect, RoundTrip]) -> Judgement:
    reasons: dict[tuple[object, ...], Reason] = {}
    where: dict[tuple[object, ...], list[Dialect]] = {}
    for dialect, trip in trips.items():
        for reason in trip.reasons:
            identity = (
                reason.harm,
                reason.subject,
                reason.field,
                reason.message if reason.table is None else "",
            )
            reasons.setdefault(identity, reason)
            where.setdefault(identity, [])
            if dialect not in where[identity]:
                where[identity].append(dialect)
    verdict = min((trip.verdict for trip in trips.values()), key=lambda found: found.rank)
    return Judgement(verdict, tuple(reasons.values()), tuple(tuple(item) for item in where.values()), trips)
