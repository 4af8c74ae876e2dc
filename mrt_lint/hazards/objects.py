"""Views that are dropped for good, triggers left behind, sequences that are not what they were."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.classes import dataclass
from mrt_lint.hazards.about import about
from mrt_lint.hazards.common import declared, no_way_back
from mrt_lint.ops import AlterSequence, CreateSequence, CreateTrigger, CreateView, DropView
from mrt_lint.ops.dependents import vanished
from mrt_lint.ops.triggers import trigger_key
from mrt_lint.roundtrip import Harm, Reason, RoundTrip
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import SchemaObject
from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True)
class LostView:
    """A view that existed before and is dropped. `fate`: what the downgrade does about it, in words.

    `along`: it goes with another one, by CASCADE. `subject` as reasons name it, or with the field of its
    definition that does not come back.
    """

    view: SchemaObject
    fate: str
    along: bool
    subject: str

    @property
    def words(self) -> str:
        """Returns the view with its kind."""
        kind = "materialized view" if ("materialized", "yes") in self.view.details else "view"
        return f"{kind} {self.view.name}"


def lost_views(drop: DropView, state: State, trip: RoundTrip) -> Iterator[LostView]:
    """Yields the views that this drop takes away and that the downgrade does not restore.

    A view that the upgrade creates again otherwise, and the downgrade leaves alone, is not restored
    either. A downgrade that raises on purpose restores nothing: then it counts what the upgrade leaves.
    """
    own = state.key("view", drop.view)
    for view in vanished(state, drop.apply(state)):
        if not isinstance(view, SchemaObject) or view.kind != "view":
            continue
        if trip.before.get("view", view.name) is None:
            continue
        along = state.key("view", view.name) != own
        subject = str(view.name)
        if declared(trip):
            if trip.between.get("view", view.name) is None:
                yield LostView(view, no_way_back(trip) or "", along, subject)
            continue
        if any(about(trip, view.name, None, ("view",), Harm.OBJECT_LOST)):
            fate = no_way_back(trip) or "the downgrade does not create it again"
            yield LostView(view, fate, along, subject)
            continue
        for reason in about(trip, view.name, None, ("view",), Harm.DEFINITION_CHANGED):
            if not _created(trip, view.name):
                fate = no_way_back(trip) or "the downgrade leaves the one that the upgrade puts in its place"
                yield LostView(view, fate, along, reason.aspect)
                break


def _created(trip: RoundTrip, view: Name) -> bool:
    """Returns whether the downgrade creates a view of this name."""
    return any(
        isinstance(operation, CreateView) and state.key("view", operation.view) == state.key("view", view)
        for state, operation in trip.downgrade_steps
    )


def left_trigger(create: CreateTrigger, state: State, trip: RoundTrip) -> Name | None:
    """Returns the key of a trigger that was not there before and is there after the downgrade.

    It follows its table through renames: after the downgrade it belongs to the table of the old name.
    """
    if declared(trip):
        return None
    table = state.table(create.table)
    owners = [create.table, *([state.base_name(table)] if table is not None else [])]
    for owner in owners:
        name = trigger_key(trip.after, Name(create.trigger, owner.schema), owner)
        if any(about(trip, name, None, ("trigger",), Harm.OBJECT_LEFT)):
            return name
    return None


def sequence_not_restored(operation: AlterSequence | CreateSequence, trip: RoundTrip) -> Reason | None:
    """Returns why a sequence is not after the downgrade what it was before, None if it surely is."""
    if declared(trip):
        return None
    harms = (
        (Harm.OBJECT_LEFT,)
        if isinstance(operation, CreateSequence)
        else (Harm.ROWS_LOST, Harm.DEFINITION_CHANGED)
    )
    return next(about(trip, operation.sequence, None, ("sequence",), *harms), None)
