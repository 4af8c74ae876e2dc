"""Turns the outcome of one upgrade and downgrade into reasons: what is wrong, in words, and where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mrt_lint.lowered import Migration
from mrt_lint.ops.control import Opaque, PythonCode, SetVariable
from mrt_lint.ops.conventions import columns_of_nameless, is_within
from mrt_lint.ops.functions import DropFunction
from mrt_lint.ops.guard import database_answers, resolve
from mrt_lint.ops.triggers import DropTrigger
from mrt_lint.replay.carried import unless_carried
from mrt_lint.replay.causes import DELETING, Mentions, bare, parts, places, writing
from mrt_lint.replay.contents import Loss, losses
from mrt_lint.replay.differences import Difference, differences
from mrt_lint.replay.dropped_unnamed import stands_for_dropped
from mrt_lint.replay.moved_out import moved_out
from mrt_lint.replay.relaxed import may_be_handled, tightenings
from mrt_lint.replay.scenario import Outcome
from mrt_lint.replay.tracing import column_now, table_now
from mrt_lint.replay.uncertain import (
    cleared_part,
    doubted,
    looks_for_the_same,
    may_be_made_again,
    may_come_with_a_type,
    may_have_been_inserted,
    went_by_cascade,
)
from mrt_lint.replay.unfollowed import Blur, Mirror
from mrt_lint.replay.wording import describe
from mrt_lint.roundtrip import HELPER, Harm, Reason
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Constraint, Index, SchemaObject, Table
from mrt_lint.schema.origin import Cast, Derived, Filled, Kept
from mrt_lint.schema.replacing import replace
from mrt_lint.schema.state import Fault, State
from mrt_lint.sql.holes import readable

_HARMS = {
    "left": Harm.OBJECT_LEFT,
    "lost": Harm.OBJECT_LOST,
    "changed": Harm.DEFINITION_CHANGED,
    "unknown": Harm.UNPROVEN,
}


def reasons(
    migration: Migration, before: State, up: Outcome, down: Outcome, mentions: Mentions
) -> tuple[Reason, ...]:
    """Returns everything that speaks against the round trip, empty when schema and data surely come back."""
    refused = down.refused
    if refused is not None and refused.mistaken:
        text = f"{refused.message}: {refused.exception}"
        return (Reason(Harm.CANNOT_RUN, "statement", None, refused.api, text, reverse=refused),)
    if refused is not None:
        text = f"downgrade raises {refused.exception}"
        return (Reason(Harm.DECLARED, "migration", None, None, text, reverse=refused),)
    return tuple(_Judge(migration, before, up, down, mentions).all())


class _Judge:
    """The comparison of one upgrade with one downgrade."""

    def __init__(
        self, migration: Migration, before: State, up: Outcome, down: Outcome, mentions: Mentions
    ) -> None:
        self.mentions = mentions
        self.migration = migration
        self.before = before
        self.up, self.down = up, down
        self.upgrade = [operation for _, operation in up.steps]
        self.downgrade = [operation for _, operation in down.steps]
        self.writing = writing(up.steps, up.state), writing(down.steps, down.state)
        self.blurred = Blur(before, self.downgrade)
        self.mirrored = Mirror(before, self.upgrade, self.downgrade)
        if any(isinstance(doubt.operation, SetVariable) for doubt in down.state.doubts):
            self.blurred.everything = True  # Which objects were meant is not known (search_path).
        self.failing = [fault for fault in up.state.faults if fault.sure and _contradicts(fault)]

    def all(self) -> Iterator[Reason]:
        """Yields the reasons, without repeats."""
        seen = set()
        for reason in self._raw():
            identity = (reason.harm, reason.kind, reason.subject, reason.field, reason.message)
            if identity not in seen:
                seen.add(identity)
                yield replace(reason, message=readable(reason.message))

    def _raw(self) -> Iterator[Reason]:
        yield from self._not_understood()
        yield from self._cannot_run()
        for difference in differences(self.before, self.down.state, self.up.state):
            reason = self._difference(self._told(difference))
            if difference.how == "lost" and self._may_be_new(difference):
                reason = _unless(reason, "code that is not understood made it in the upgrade")
            if may_be_made_again(difference, reason.cause, self.before, self.upgrade):
                reason = _unless(reason, "code that is not understood makes it again in the upgrade")
            if difference.how == "lost" and self._is_implied(difference):
                reason = _unless(reason, _NEEDED, Harm.UNPROVEN)
            if difference.how == "left" and self._may_be_old(difference):
                reason = _unless(reason, "code that is not understood dropped it in the upgrade")
            if difference.how == "left" and stands_for_dropped(difference, self.before, self.upgrade):
                reason = _unless(reason, "it stands for the one that the upgrade looks up and drops")
            if difference.how == "left" and self._replaced_again(difference):
                why = "it was there before: both directions replace it"
                reason = _unless(reason, why, Harm.UNPROVEN)
            elif difference.how == "left" and (
                self._cleared_first(difference) or cleared_part(difference, self.before, self.upgrade)
            ):
                why = "it was there before: the upgrade drops it if it exists"
                reason = _unless(reason, why, Harm.UNPROVEN)
            if may_come_with_a_type(difference, self.before, self.down.state):
                reason = _unless(reason, "the type of its column makes one like it")
            if (doubt := doubted(reason, difference, self.before, self.up, self.downgrade)) is not None:
                reason = _unless(reason, *doubt)
            if not self._hangs_on_failing(reason):
                yield self._blur(reason, data=False)
        for loss in losses(self.before, self.up.state, self.down.state, self._weighed):
            if self._was_empty(loss):
                continue
            harm = Harm.UNPROVEN if self.mirrored.tells(loss) else loss.harm
            reason = self._reason(harm, loss.kind, loss.table, loss.column, loss.what)
            if self._left_alone(loss):
                reason = replace(reason, cause=None)
                if self._may_have_changed(loss.table):
                    reason = _unless(reason, "code that is not understood changed it in the upgrade")
            yield self._blur(reason, data=True)
        for new in tightenings(self.before, self.up.state, self.down.state, self.upgrade, self.downgrade):
            text = f"tightens again in the downgrade, which fails or cuts values once there are {new.what}"
            reason = self._reason(Harm.NEW_ROWS, new.kind, new.table, new.part, text)
            if may_be_handled(self.up.state, new, self.downgrade, reason.reverse):
                unseen = "code before it that is not understood handles them"
                reason = replace(reason, message=f"{reason.message}, unless {unseen}")
            yield reason

    def _weighed(self, loss: Loss) -> Loss:
        if may_have_been_inserted(loss, self.before, self.down.state, self.migration):
            what = f"{loss.what}, which the upgrade may have inserted"
            return replace(loss, harm=Harm.UNPROVEN, what=what)
        if loss.harm is Harm.ROWS_LOST and loss.kind == "table":
            place = moved_out(loss.table, self.before, self.up.state, self.down.steps, self.down.state)
            if place is not None:
                return replace(loss, what=f"{loss.what}, which has put its rows into {place}")
        return unless_carried(loss, self.before, self.up.steps, self.down.steps, self.down.state)

    def _was_empty(self, loss: Loss) -> bool:
        """Returns whether old rows or their contents are lost of a table that had none."""
        lost = loss.harm in (Harm.ROWS_LOST, Harm.COLUMN_DATA_LOST) and loss.kind != "sequence"
        return lost and self.before.key("table", loss.table) in self.up.empty

    def _may_be_new(self, difference: Difference) -> bool:
        """Returns whether the upgrade names an object after what is not understood, and nothing else does."""
        table = self.before.table(difference.table) if difference.table is not None else None
        if table is None:
            return False
        found: Table | Column | Index | Constraint | None = table
        if difference.part is not None:
            folded = self.before.fold(difference.part)
            constraint = next((c for c in table.constraints if c.name == difference.part), None)
            found = table.columns.get(folded) or table.indexes.get(folded) or constraint
        if found is None or not found.assumed:
            return False
        return self._may_have_changed(table.name)

    def _is_implied(self, difference: Difference) -> bool:
        """Returns whether a foreign key alone made an index (MySQL), so that what becomes of that is told."""
        table = self.before.table(difference.table) if difference.table is not None else None
        index = table.indexes.get(self.before.fold(difference.part or "")) if table is not None else None
        return difference.kind == "index" and index is not None and index.implied

    def _may_be_old(self, difference: Difference) -> bool:
        """Returns whether a constraint or index may be in the place of one of a table of before.

        The upgrade may drop some of that table, if only on another way, that are not known; and only the
        downgrade makes this one, or one on the same columns was there.
        """
        table = self.before.table(difference.table) if difference.table is not None else None
        middle = table_now(self.before, self.up.state, table.name) if table is not None else None
        if table is None or middle is None or difference.kind == "column" or difference.part is None:
            return False
        part = self.before.fold(difference.part)
        made = next((c for c in middle.constraints if self.before.fold(c.name or "") == part), None)
        if part in middle.indexes or (made and not any(_on_same(made, old) for old in table.constraints)):
            return False
        return next(self._changing(table.name), None) is not None

    def _replaced_again(self, difference: Difference) -> bool:
        """Returns whether the downgrade too replaces an object that may be older than the history."""
        kind, name = difference.kind, difference.table
        if difference.part is not None or name is None or self.before.absent(kind, name):  # type: ignore[arg-type]
            return False
        wanted = self.before.fold(bare(name.name))
        return any(
            getattr(step, "replace", False) is True
            and any(self.before.fold(bare(place.name)) == wanted for place in places(step))
            for step in self.downgrade
        )

    def _cleared_first(self, difference: Difference) -> bool:
        """Returns whether the upgrade drops IF EXISTS the trigger or function that it makes."""
        kind, name = difference.kind, difference.table
        if kind not in ("trigger", "function") or name is None or self.before.absent(kind, name):  # type: ignore[arg-type]
            return False
        wanted = self.before.fold(bare(name.name))
        return any(
            step.conditional
            and isinstance(step, DropFunction | DropTrigger)
            and wanted in {self.before.fold(bare(text)) for text in (*parts(step), *map(str, places(step)))}
            for step in self.upgrade
        )

    def _left_alone(self, loss: Loss) -> bool:
        """Returns whether the upgrade kept a column's data, cast at most: only the downgrade writes it."""
        if loss.kind != "column" or loss.column is None:
            return False
        middle = table_now(self.before, self.up.state, loss.table)
        new = self.down.state.column(loss.table, loss.column)
        if middle is None or new is None or not isinstance(new.origin, Derived | Filled):
            return False
        column = column_now(self.up.state, middle, loss.table, loss.column)
        origin = self.up.state.origin(middle, column) if column is not None else None
        own = Kept(loss.table, loss.column)
        return (origin.source if isinstance(origin, Cast) else origin) == own

    def _may_have_changed(self, name: Name) -> bool:
        """Returns whether the upgrade runs what is not understood and may change this table."""
        return any(isinstance(step, Opaque) and step.may_change(self.before, name) for step in self.upgrade)

    def _changing(self, name: Name) -> Iterator[Opaque]:
        """Yields what is not understood and may change this table, also off the path of this run."""
        on_target = database_answers(self.before.dialect)
        for step in self.migration.upgrade or ():
            if not isinstance(step, Opaque) or not step.may_change(self.before, name):
                continue
            if resolve(step.guard, on_target) is not False:
                yield step

    def _not_understood(self) -> Iterator[Reason]:
        for operation in [*self.upgrade, *self.downgrade]:
            if isinstance(operation, Opaque) and not self._comes_and_goes(operation):
                table = operation.tables[0] if operation.tables and len(operation.tables) == 1 else None
                yield Reason(
                    Harm.NOT_UNDERSTOOD, "migration", table, None, operation.reason, operation, operation
                )
            elif isinstance(operation, PythonCode) and not self._gone_after(operation):
                text = f"{operation.what} writes rows in a way that is not followed"
                harm = Harm.UNPROVEN if self.mirrored.covers(operation) else Harm.NOT_UNDERSTOOD
                yield Reason(harm, "migration", None, None, text, operation, operation)

        for doubt in self.down.state.doubts:
            yield Reason(
                Harm.UNPROVEN if doubt.unproven else Harm.NOT_UNDERSTOOD,
                "migration",
                None,
                None,
                doubt.message,
                doubt.operation,
                doubt.operation,
                HELPER if doubt.helper else "",
            )

        for fault in self.failing:
            text = f"the upgrade cannot run as its history stands: {fault.message}"
            yield Reason(Harm.NOT_UNDERSTOOD, "migration", None, fault.subject, text, fault.operation)

    def _hangs_on_failing(self, reason: Reason) -> bool:
        """Returns whether a reason tells of an object that the upgrade looked for in vain."""
        table, part = reason.table, reason.part
        subjects = {str(table)} if part is None else {part, f"{table}.{part}", f"{part} on {table}"}
        looked_for = [fault.subject for fault in self.failing]
        if part is not None and not self.before.names_known:
            # A convention that is not known makes the name of a check of the one that it was given.
            names = [subject.partition(" on ")[0] for subject in looked_for]
            if any(is_within(self.before, part, name) for name in names):
                return True
        return any(subject in subjects for subject in looked_for)

    def _comes_and_goes(self, code: Opaque) -> bool:
        """Returns whether it touches only tables that are there neither before nor after."""
        ends = (self.before, self.down.state)
        return bool(code.tables) and all(
            state.absent("table", name) for name in code.tables or () for state in ends
        )

    def _gone_after(self, code: PythonCode) -> bool:
        """Returns whether all that the code may write did not exist before: it cannot harm old data."""
        return code.writes is not None and all(self.before.absent("table", name) for name in code.writes)

    def _cannot_run(self) -> Iterator[Reason]:
        if self.migration.downgrade is None:
            # Even when there is nothing to undo: the runner calls the function.
            yield Reason(Harm.CANNOT_RUN, "migration", None, None, "there is no downgrade function")
        faults = self.down.state.faults[len(self.up.state.faults) :]
        for at, fault in enumerate(faults):
            if not fault.sure or any(looks_for_the_same(fault, other) for other in self.failing):
                continue
            if self.failing and went_by_cascade(fault, faults[:at], self.before):
                continue
            reason = Reason(
                Harm.CANNOT_RUN,
                fault.kind,
                None,
                fault.subject,
                fault.message,
                None,
                fault.operation,
                fault.problem,
            )
            if self._may_be_gone(fault):
                reason = _unless(reason, "code that is not understood dropped it in the upgrade")
            yield self._blur(reason, data=False)

    def _may_be_gone(self, fault: Fault) -> bool:
        """Returns whether what stands in the way is something that the upgrade may drop by a name not known.

        Also where the path of this run does not drop it: which names are found is asked of the schema.
        """
        name = getattr(fault.operation, "table", None)
        table = self.before.table(name) if isinstance(name, Name) else None
        if table is None or fault.problem != "exists" or not _has(self.before, table, fault):
            return False
        return next(self._changing(table.name), None) is not None

    def _told(self, difference: Difference) -> Difference:
        """Returns the difference, not surely a loss where only DROP IF EXISTS speaks of the object.

        An upgrade that makes the object itself (`DROP .. IF EXISTS f; CREATE f`) only clears the way; what
        the downgrade alone drops so need not be there.
        """
        if difference.how != "lost" or difference.table is None or difference.part is not None:
            return difference
        found = self.before.get(difference.kind, difference.table)  # type: ignore[arg-type]
        if not isinstance(found, SchemaObject) or not found.assumed:
            return difference
        steps = [*self.up.steps, *self.down.steps]
        states = [*(state for state, _ in steps), self.down.state]
        there = [_named(state, difference.kind, difference.table) for state in states]
        for (_, step), old, new in zip(steps, there, there[1:], strict=False):
            if old and not new and (step.direction == "downgrade" or not step.conditional):
                return replace(difference, how="unknown") if step.conditional else difference
            if new and not old:
                return replace(difference, how="unknown")
        return difference

    def _difference(self, difference: Difference) -> Reason:
        reason = self._reason(
            _HARMS[difference.how],
            difference.kind,
            difference.table,
            difference.part,
            describe(difference),
            difference.field,
        )
        state = self.down.state if difference.how == "left" else self.before
        columns = columns_of_nameless(state, difference.kind, difference.table, difference.part)
        if columns:
            named = f"index {difference.part} of {difference.table}"
            unnamed = f"index on {difference.table} ({', '.join(columns)})"
            reason = replace(reason, message=reason.message.replace(named, unnamed, 1))
        return reason

    def _reason(
        self, harm: Harm, kind: str, table: Name | None, part: str | None, what: str, field: str = ""
    ) -> Reason:
        subject = f"{table}.{part}" if part and table else part or str(table)
        if kind not in ("column", "table", "constraint") and part:
            subject = f"{kind} {part} of {table}"
        elif kind not in ("column", "constraint", "other") and not part:
            subject = f"{kind} {table}"
        data = harm in (Harm.COLUMN_DATA_LOST, Harm.UNPROVEN)
        upgrade, downgrade = self.writing if data else (self.upgrade, self.downgrade)
        up, names_up = self.mentions.cause(upgrade, table, part, harm)
        down, names_down = self.mentions.cause(downgrade, table, part, harm)
        if names_up != names_down:
            up, down = (up, None) if names_up else (None, down)
        if harm is Harm.ROWS_LOST and isinstance(down, DELETING) and not isinstance(up, DELETING):
            up = None
        told = f"{subject}: {what}" if harm is Harm.NOT_UNDERSTOOD else f"{subject} {what}"
        return Reason(harm, kind, table, part, told, up, down, field)

    def _blur(self, reason: Reason, data: bool) -> Reason:
        """Returns the reason, or a doubt in its place when code that is not understood may make up for it."""
        if reason.harm.verdict.value not in ("broken", "lossy"):
            return reason
        if not self.blurred.covers(reason.table, data):
            return reason
        return _unless(reason, "code that is not understood makes up for it")


_NEEDED: Final = "its foreign key still needs it: MySQL then refuses to drop the last one that serves it"


def _on_same(one: Constraint, other: Constraint) -> bool:
    return bool(one.columns) and (one.kind, one.columns) == (other.kind, other.columns)


def _contradicts(fault: Fault) -> bool:
    """Returns whether an upgrade that ran tells that the schema was not what the history says."""
    return fault.problem == "missing" or (fault.problem, fault.kind) == ("exists", "column")


def _unless(reason: Reason, why: str, harm: Harm = Harm.NOT_UNDERSTOOD) -> Reason:
    """Returns the doubt in place of a reason that need not hold."""
    return replace(reason, harm=harm, message=f"{reason.message}, unless {why}")


def _named(state: State, kind: str, name: Name) -> bool:
    """Returns whether there is an object of that kind and name, whatever its arguments."""
    wanted = state.fold(name.name.partition("(")[0])
    return any(
        state.fold(item.name.name.partition("(")[0]) == wanted
        for item in state.all(kind)  # type: ignore[arg-type]
    )


def _has(state: State, table: Table, fault: Fault) -> bool:
    """Returns whether it is the table, or a part of it, of which a fault says that it exists already."""
    if fault.kind == "table":
        return str(table.name) == fault.subject
    if fault.kind == "column":
        return any(f"{table.name}.{column.name}" == fault.subject for column in table.columns.values())
    if fault.kind not in ("constraint", "index"):
        return False
    names = [constraint.name for constraint in table.constraints]
    names += [index.name for index in table.indexes.values()]
    return any(name is not None and state.fold(name) == state.fold(fault.subject) for name in names)
