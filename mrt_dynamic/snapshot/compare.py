"""Turns the difference between two moments of a live database into failures.

Schemas are compared by the one comparison that judges the replay as well; rows as multisets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from mrt_dynamic.results import Failure, Kind
from mrt_dynamic.snapshot.reading import OF
from mrt_dynamic.snapshot.wording import (
    DOWNGRADE,
    REUPGRADE,
    Moments,
    changed,
    definition_of,
    subject_of,
)
from mrt_lint.replay.differences import Difference, differences
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Constraint, Index, SchemaObject, Table
from mrt_lint.schema.state import State

_KINDS: Final = {"lost": Kind.SCHEMA_MISSING, "left": Kind.SCHEMA_EXTRA}
_HELP: Final = {
    Kind.SCHEMA_MISSING: "create it again in the downgrade, as it was before the upgrade",
    Kind.SCHEMA_EXTRA: "drop it in the downgrade: the upgrade made it",
    Kind.SCHEMA_CHANGED: "give it back in the downgrade what it was before the upgrade",
    Kind.REUPGRADE_FAILED: "what the upgrade does hangs on what the downgrade leaves behind: undo all of it",
}
_FACTS: Final = ("options", "details")
"""Fields that are lists of facts: each fact is told by itself."""


def schema_failures(before: State, after: State) -> tuple[Failure, ...]:
    """Returns what of the schema before an upgrade is missing, left over or another after the downgrade.

    Sorted by object. The order of columns and names that the database gave by itself do not count. A
    table or column that is gone or left is told once, without everything that belongs to it.
    """
    return tuple(_Comparison(before, after, DOWNGRADE).failures())


def reupgrade_failures(first: State, second: State) -> tuple[Failure, ...]:
    """Returns in what the schema after the second upgrade differs from that after the first."""
    found = _Comparison(first, second, REUPGRADE).failures()
    return tuple(
        replace(failure, kind=Kind.REUPGRADE_FAILED, help=_HELP[Kind.REUPGRADE_FAILED]) for failure in found
    )


class _Comparison:
    def __init__(self, before: State, after: State, moments: Moments) -> None:
        self.before, self.after, self.moments = before, after, moments
        self.all = list(differences(before, after))
        whole = [one for one in self.all if one.part is None and one.how in _KINDS]
        self.whole = {(one.how, one.table) for one in whole if self._owner(one) is None}
        self.columns = {
            (one.table, one.part) for one in self.all if one.kind == "column" and one.how in _KINDS
        }

    def failures(self) -> Iterator[Failure]:
        """Yields a failure for each difference that stands for itself."""
        for one in self.all:
            if not self._told_already(one) and not self._given_name(one):
                yield from self._failure(one)

    def _owner(self, one: Difference) -> Name | None:
        owner = one.new if one.part is None and one.how in _KINDS else None
        return owner if isinstance(owner, Name) else None

    def _told_already(self, one: Difference) -> bool:
        """Returns whether it only follows from a table or column that is gone, or left, as a whole."""
        owner = self._owner(one)
        if owner is not None and (one.how, owner) in self.whole:
            return True
        if one.kind == "sequence" and one.how in _KINDS and owner is not None and one.table is not None:
            return self._column_counts_on(one, owner, one.table)
        part = one.old if one.how == "lost" else one.new
        if isinstance(part, Constraint | Index):
            names = part.columns or ()
            return any((one.table, name.partition(" ")[0]) in self.columns for name in names)
        return False

    def _column_counts_on(self, one: Difference, owner: Name, name: Name) -> bool:
        """Returns whether the sequence of a column went or came with it, or only got another number."""
        state, other = (self.before, self.after) if one.how == "lost" else (self.after, self.before)
        own = state.get("sequence", name)
        if not isinstance(own, SchemaObject):
            return False
        column = dict(own.details).get("owner", "").rpartition(".")[2]
        if (owner, column) in self.columns:
            return True
        automatic = re.compile(rf".*{re.escape(column)}_seq[0-9]*")
        return automatic.fullmatch(name.name) is not None and any(
            isinstance(twin, SchemaObject)
            and automatic.fullmatch(twin.name.name) is not None
            and replace(twin, name=own.name) == own
            for twin in other.all("sequence")
        )

    def _given_name(self, one: Difference) -> bool:
        """Returns whether only a name differs that the database gave by itself both times."""
        if one.field != "name" or one.table is None or one.part is None:
            return False
        return all(
            _is_automatic(state.table(one.table), str(name))
            for state, name in ((self.before, one.old), (self.after, one.new))
        )

    def _failure(self, one: Difference) -> Iterator[Failure]:
        table = self._table_of(one)
        column = one.part if one.kind == "column" else None
        if one.how in _KINDS:
            kind, subject = _KINDS[one.how], subject_of(one)
            text = f"{subject} is gone {self.moments.now}"
            text = text if one.how == "lost" else f"{subject} {self.moments.left}"
            said = definition_of(one.old if one.how == "lost" else one.new)
            help_ = _HELP[kind] + (f": {said}" if said and one.how == "lost" else "")
            yield Failure(kind, text, table, column, help_)
        elif one.field in _FACTS:
            yield from self._facts(one, table)
        else:
            text = changed(subject_of(one), one.field, one.old, one.new, self.moments)
            yield Failure(Kind.SCHEMA_CHANGED, text, table, column, _HELP[Kind.SCHEMA_CHANGED])

    def _table_of(self, one: Difference) -> str | None:
        if one.part is not None or one.kind == "table":
            return str(one.table)
        owner = self._owner(one)
        if owner is None and one.table is not None:
            found = self.before.get(one.kind, one.table)  # type: ignore[arg-type]
            owner = found.table if isinstance(found, SchemaObject) else None
        return None if owner is None else str(owner)

    def _facts(self, one: Difference, table: str | None) -> Iterator[Failure]:
        old, new = dict(one.old or ()), dict(one.new or ())
        for fact in sorted({*old, *new}):
            if old.get(fact) == new.get(fact):
                continue
            what, _, part = fact.partition(OF)
            kind, _, name = part.removeprefix("primary ").partition(" ")
            subject, column = subject_of(one), None
            if kind == "column":
                if (one.table, name) in self.columns:
                    continue
                subject, column = f"{one.table}.{name}", name
            elif kind:
                if not self._in_both(one.table, name):
                    continue
                subject = f"{part} on {one.table}"
            text = changed(subject, what, old.get(fact), new.get(fact), self.moments)
            yield Failure(Kind.SCHEMA_CHANGED, text, table, column, _HELP[Kind.SCHEMA_CHANGED])

    def _in_both(self, table: Name | None, name: str) -> bool:
        """Returns whether both moments have the constraint; one that has not is told by itself.

        On SQLite, where it may have no name, it goes by its columns.
        """
        if table is None:
            return True
        if any(one.table == table and f"({one.part})" == name and one.how in _KINDS for one in self.all):
            return False
        both = (self.before.table(table), self.after.table(table))
        named = [{one.name for one in found.constraints} if found else set() for found in both]
        return (name in named[0]) == (name in named[1])


def _is_automatic(table: Table | None, name: str) -> bool:
    if table is None:
        return False
    parts: list[Constraint | Index] = [*table.constraints, *table.indexes.values()]
    return any(part.name == name and part.automatic for part in parts)
