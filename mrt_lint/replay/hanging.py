"""Harm that is done on some of the ways of an upgrade alone: told with the condition on which it hangs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from mrt_lint.ops.base import Operation
from mrt_lint.ops.guard import DialectIs, Exists, Undecided, tests_of
from mrt_lint.replay.courses import Course, Weight, is_bad
from mrt_lint.replay.fusing import LUCK
from mrt_lint.replay.scenario import ENTRY, SCHEMA, SETTING, Outcome, describe
from mrt_lint.roundtrip import Harm, Reason


def hanging(told: Iterable[Reason], weights: Sequence[Weight]) -> tuple[Reason, ...]:
    """Returns the reasons; harm that another way does not do names its condition (`Reason.condition`).

    `weights`: the worlds in which things are likely to go. What an operation of the upgrade harms under a
    condition is harmed for sure where it runs. It hangs on the condition
    - where the upgrade leaves out a part that another way carries out, and that one is not harmed: the
      downgrade undoes what was not done (`if not wanted: return`), or the part is what makes up for the harm;
    - where an object is made on some ways only, and is left: the condition may ask whether it is there;
    - where a sequence that no migration made is changed on some ways only, and is lost: so it may there.
    The verdict stays what it is.
    """
    ways = [way for weight in weights for way in weight.ways]
    found = []
    for reason in told:
        key = _hangs_on(reason, weights, ways) if is_bad(reason) else ""
        found.append(replace(reason, condition=key) if key else reason)
    return tuple(found)


def _hangs_on(reason: Reason, weights: Sequence[Weight], ways: Sequence[Course]) -> str:
    """Returns the key of a condition on which it hangs whether a reason holds; empty: it holds for sure.

    Of the worlds that harm, the one tells it that differs in the fewest conditions from one that does not.
    """
    found: list[str] = []
    for weight in weights:
        own = _telling(reason, weight.course)
        if own is None or (own.harm is Harm.ROWS_LOST and reason.harm is Harm.COLUMN_DATA_LOST):
            continue  # Rows that go there are told by themselves; what is in the others may come back.
        others = (_apart(own, weight, way) for way in ways if _telling(reason, way) is None)
        nearest = min((keys for keys in others if keys), key=len, default=[])
        if not nearest:
            return ""
        found = nearest if not found or len(nearest) < len(found) else found
    return found[0] if found else ""


def _telling(reason: Reason, course: Course) -> Reason | None:
    """Returns the reason by which a course tells of the same harm, or of the same step that fails.

    An object that is harmed in one way or the other is harmed; a downgrade that fails is a thing of its own.
    A way that loses the table or its rows need not speak of each column.
    """
    fails = reason.harm is Harm.CANNOT_RUN
    for other in course.reasons:
        if not is_bad(other) or (other.harm is Harm.CANNOT_RUN) is not fails:
            continue
        if other.subject == reason.subject or (fails and other.reverse is reason.reverse):
            return other
        whole = other.harm in (Harm.ROWS_LOST, Harm.OBJECT_LOST) and other.part is None
        if whole and other.table is not None and other.table == reason.table and not fails:
            return other
    return None


def _apart(reason: Reason, weight: Weight, other: Course) -> list[str]:
    """Returns the conditions for which the other course does no such harm; none if that excuses nothing."""
    if other.up.refused is not None:
        return []
    up = weight.course.up
    own, others = _done(up), _done(other.up)
    keys = _deciding(up, other.up)
    runs = reason.cause is not None and id(reason.cause) in own
    if own < others:
        # What is in doubt here too hides no harm there.
        doubts = (one for one in other.reasons if one not in weight.course.reasons)
        return [] if runs and any(_is_in_doubt(reason, one) for one in doubts) else keys
    alone = runs and id(reason.cause) not in others
    if reason.harm in (Harm.OBJECT_LOST, Harm.ROWS_LOST) and _is_presupposed(reason, weight.course):
        instead = alone and not others <= own  # There the upgrade does something else: it makes it, perhaps.
        return [key for key in keys if key in _asked_by(reason.cause)] if instead else []
    made = reason.harm is Harm.OBJECT_LEFT and alone
    asking = [key for key in keys if _may_ask_for_it(key, up, weight.meant)] if made else []
    return [key for key in asking if _decides(key, reason.cause)]


def _is_presupposed(reason: Reason, course: Course) -> bool:
    """Returns whether nothing but a step of the migration says that there was a lost object."""
    found = (
        course.before.get(reason.kind, reason.table) if reason.kind == "sequence" and reason.table else None
    )
    return found is not None and found.assumed


def _is_in_doubt(reason: Reason, other: Reason) -> bool:
    """Returns whether a reason says that the same object, its table, or all of it is not understood."""
    if other.harm is not Harm.NOT_UNDERSTOOD:
        return False
    if other.table is None:
        return other.cause is not None  # Code that may do anything; a condition has no cause.
    whole = other.part is None and other.table == reason.table
    return whole or other.subject == reason.subject


def _done(up: Outcome) -> frozenset[int]:
    """Returns which operations of an upgrade have an effect, failing ones left out."""
    failed = {id(fault.operation) for fault in up.state.faults if fault.sure}
    return frozenset(id(step) for _, step in up.steps if step.has_effect and id(step) not in failed)


def _deciding(one: Outcome, other: Outcome) -> list[str]:
    """Returns the conditions that turn out otherwise in two outcomes, real questions first."""
    keys = [key for key, value in one.decisions.items() if other.decisions.get(key, value) != value]
    return sorted(keys, key=lambda key: key.startswith(LUCK))


def _decides(key: str, cause: Operation | None) -> bool:
    """Returns whether an operation stands under a condition, as far as its guard says."""
    predicates = [test.predicate for test in tests_of(cause.guard)] if cause is not None else []
    if not all(isinstance(one, DialectIs | Exists | Undecided) for one in predicates):
        return True
    schema = (f"{SCHEMA}{describe(one)}" for one in predicates if isinstance(one, Exists))
    return key in _asked_by(cause) or key in schema


def _asked_by(cause: Operation | None) -> frozenset[str]:
    """Returns the conditions of the run under which an operation stands."""
    tests = (test.predicate for test in tests_of(cause.guard)) if cause is not None else ()
    undecided = [one for one in tests if isinstance(one, Undecided) and not one.attempt]
    return frozenset(SETTING + one.key if one.setting else one.key for one in undecided)


def _may_ask_for_it(key: str, up: Outcome, meant: bool) -> bool:
    """Returns whether a condition may have asked for an object before it was made, and found none.

    `meant`: the way is the one that the migration is there for, so its questions to the schema are answered.
    """
    if key.startswith((SCHEMA, ENTRY)):
        return not up.decisions[key] and not (meant and key.startswith(SCHEMA))
    return not key.startswith(LUCK)
