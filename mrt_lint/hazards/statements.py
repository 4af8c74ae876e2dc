"""Raw SQL whose effects nothing in the downgrade reverses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mrt_lint.classes import dataclass
from mrt_lint.hazards.caused import caused_by
from mrt_lint.hazards.common import declared
from mrt_lint.ops import Insert, Merge, Opaque, Operation, PythonCode, Update
from mrt_lint.replay.causes import places
from mrt_lint.roundtrip import Harm, RoundTrip
from mrt_lint.schema.names import Key
from mrt_lint.schema.state import State
from mrt_lint.sql.holes import readable

_EFFECTS: Final = (
    Harm.COLUMN_DATA_LOST,
    Harm.ROWS_LOST,
    Harm.ROWS_LEFT,
    Harm.OBJECT_LEFT,
    Harm.OBJECT_LOST,
    Harm.DEFINITION_CHANGED,
)

_ROWS: Final = (Harm.ROWS_LOST, Harm.ROWS_LEFT)

_WORDS_OF_CONNECTIONS: Final = ("bind", "conn", "context", "ctx", "cur", "engine", "session", "tx")


@dataclass(frozen=True, slots=True)
class Unreversed:
    """One effect of a statement that stays, told by the sentence `words`.

    `object`: what it is about; `subject`: what of that, both as reasons name it; empty when not known.
    """

    object: str
    subject: str
    words: str


def unreversed(statement: Operation, trip: RoundTrip) -> Iterator[Unreversed]:
    """Yields the effects of a raw SQL statement of the upgrade that nothing in the downgrade reverses.

    What is written to rows by INSERT, UPDATE and MERGE is left to the rules that speak of just that; a
    comment is no effect. Of a statement that is not understood it is said that it may have one, unless
    something in the downgrade could be its reverse.
    """
    if not statement.sql or declared(trip) or isinstance(statement, Insert | Merge | Update):
        return
    if isinstance(statement, Opaque):
        if not any(_could_reverse(statement, step, trip) for _, step in trip.downgrade_steps):
            text = f"{readable(statement.reason)}; it may have an effect that the downgrade does not reverse"
            yield Unreversed("", "", text)
        return
    for reason in caused_by(statement, trip, *_EFFECTS):
        # A reverse that does not restore it all is a wrong one, not a missing one.
        missing = reason.reverse is None or reason.harm in _ROWS
        if missing and reason.field != "comment":
            text = f"{reason.message}; nothing in the downgrade reverses this SQL"
            yield Unreversed(reason.subject, reason.aspect, text)


def _could_reverse(statement: Opaque, step: Operation, trip: RoundTrip) -> bool:
    """Returns whether an operation of the downgrade could undo what is not understood.

    Not one that concerns only what the understood operations of the upgrade are about.
    """
    if not step.has_effect:
        return False
    if isinstance(step, Opaque | PythonCode):
        return True
    state = trip.before
    own = {state.key("table", name).name for name in statement.tables or ()}
    known = {
        key.name
        for _, done in trip.upgrade_steps
        if not isinstance(done, Opaque)
        for key in _keys(state, done)
    }
    return any(key.name not in known or key.name in own for key in _keys(state, step))


def _keys(state: State, operation: Operation) -> list[Key]:
    return [state.key("table", name) for name in places(operation)]


def by_directive(statement: Operation) -> bool:
    """Returns whether SQL runs through Alembic's own `execute` (of `op`, or of a batch), as it is spelled.

    >>> by_directive(Operation(api="op.execute")), by_directive(Operation(api="op.get_bind().execute"))
    (True, False)
    >>> by_directive(Operation(api="b.execute", batch="auto")), by_directive(Operation(api="conn.execute"))
    (True, False)
    """
    owner, _, method = statement.api.rpartition(".")
    if method != "execute" or "(" in owner:
        return False
    last = owner.rpartition(".")[2].lower()
    if last == "op" or last.endswith(("_op", "batch", "operations")):
        return True
    return statement.batch is not None and not any(word in last for word in _WORDS_OF_CONNECTIONS)
