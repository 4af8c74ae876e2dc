"""Writes rows of relaxations into the live database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from mrt_dynamic.newrows.relaxations import Relaxation
from mrt_dynamic.newrows.violated import Violated
from mrt_dynamic.seeding.adding import ready
from mrt_dynamic.seeding.demands import Condition, Demand
from mrt_dynamic.seeding.evaluation import met, satisfied
from mrt_dynamic.seeding.existing import read_rows
from mrt_dynamic.seeding.foreign import foreigns_of, primary_of
from mrt_dynamic.seeding.reading import condition
from mrt_dynamic.seeding.rows import Composer
from mrt_dynamic.seeding.units import Plain

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from mrt_dynamic.seeding.filling import Filling
    from mrt_dynamic.seeding.seeder import Seeder
    from mrt_dynamic.seeding.target import Target
    from mrt_lint.schema.names import Name
    from mrt_lint.schema.objects import Table
    from mrt_lint.schema.state import State

_FIRST: Final = 6000
"""The rows made here count from this number, apart from those that the table has already."""
_TRIES: Final = 12
"""Rows that are tried for one relaxation."""
_NOWHERE: Final = 90_000
"""Values that refer to nothing are made from this number on."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A row that was written. `values`: by folded column; `key`: its primary key, empty without one."""

    relaxation: Relaxation
    values: Mapping[str, Any]
    key: Mapping[str, Any]

    @property
    def words(self) -> str:
        """Returns the row in words: what makes it what it is, with the values that tell it."""
        relaxation = self.relaxation
        shown = [*relaxation.values, *relaxation.twin, *relaxation.orphan]
        if relaxation.violates and relaxation.column:
            shown.append(relaxation.column)
        names = dict.fromkeys([*self.key, *(name for name in shown if name in self.values)])
        names |= dict.fromkeys(name.lower() for name in shown if name.lower() in self.values)
        pairs = ", ".join(f"{name} = {_short(self.values.get(name))}" for name in names)
        return f"{relaxation.what} in {relaxation.table}" + (f" ({pairs})" if pairs else "")


def _short(value: Any) -> str:
    text = "NULL" if value is None else repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else f"{text[:25]}...{text[-5:]}"


@dataclass(slots=True)
class Placer:
    """Writes the rows of one attempt. `before`, `after`: the schemas around the upgrade.

    New rows hang on new parents wherever the upgrade touched the parents' table: what the downgrade
    makes of an old row may well follow from new rows that refer to it. `touched`: those tables.
    `numbers`: tells the rows apart.
    """

    seeder: Seeder
    connection: Connection
    before: State
    after: State
    touched: Collection[Name]
    parents: dict[Name, Mapping[str, Any]] = field(default_factory=dict)
    numbers: int = 0
    _open: set[Name] = field(default_factory=set)

    def place(self, relaxation: Relaxation) -> Placed | None:
        """Returns the row that was written, None if there is none such. The caller commits."""
        table = self.after.table(relaxation.table)
        if table is None or table.name in self._open:
            return None
        self._open.add(table.name)
        try:
            links = self._links(table, relaxation)
        finally:
            self._open.discard(table.name)
        filling = self.seeder.filling(self.connection, self.after, table, self.before)
        key = primary_of(self.after, table)
        asked = {*key, *(self.after.fold(name) for name in relaxation.values)}
        self.numbers += 1
        for attempt in range(_TRIES):
            target = ready(filling, table, asked)
            if target is None:
                return None
            given = self._given(filling, table, target, relaxation, attempt)
            if given is None:
                return None
            given = {**self._usual(filling, table, target, links), **given}
            values = self._written(filling, target, relaxation, given, attempt)
            if values is not None:
                if relaxation.plain:
                    self.parents[table.name] = values
                return Placed(relaxation, values, {name: values[name] for name in key if name in values})
        return None

    def _links(self, table: Table, relaxation: Relaxation) -> dict[str, Any]:
        """Returns values of the foreign keys that make the row refer to new parents.

        Not where the key referred to another table before: a new parent may be missing there.
        """
        found: dict[str, Any] = {}
        old = self.before.table(table.name)
        known = foreigns_of(self.before, old) if old is not None else []
        for foreign in foreigns_of(self.after, table):
            name = foreign.parent.name
            elsewhere = any(each.columns == foreign.columns and each.parent.name != name for each in known)
            if elsewhere and not relaxation.orphan:
                continue
            if foreign.recursive:
                if all(table.columns[column].nullable is True for column in foreign.columns):
                    found |= dict.fromkeys(foreign.columns)
                continue
            if name not in self.parents and name in self.touched:
                self.place(Relaxation(name, "a new row", ""))
            parent = self.parents.get(name)
            if parent is None or any(column not in parent for column in foreign.ref_columns):
                continue
            pairs = zip(foreign.columns, foreign.ref_columns, strict=True)
            found |= {own: parent[theirs] for own, theirs in pairs if own not in found}
        return found

    def _usual(
        self, filling: Filling, table: Table, target: Target, links: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Returns the links, and for new columns of an old table what the upgrade itself wrote into them.

        The downgrade may read a format that no value of ours is in. Where the upgrade wrote nothing,
        NULL or the default stays.
        """
        old = self.before.table(table.name)
        new = [
            unit.slot
            for unit in target.units
            if isinstance(unit, Plain)
            and old is not None
            and unit.slot.column not in old.columns
            and not unit.slot.overridden
            and not any(unit.slot.column in demand.columns for demand in target.demands)
        ]
        found = {name: value for name, value in links.items() if name in target.slots}
        if not new:
            return found
        makers = {slot.name: slot.maker for slot in new}
        rows = read_rows(filling.connection, filling.recipe.dialect, table.name, makers)
        best = max(rows, key=lambda row: sum(value is not None for value in row), default=None)
        for place, slot in enumerate(new):
            if best is not None and best[place] is not None:
                found.setdefault(slot.column, best[place])
            elif slot.nullable:
                found.setdefault(slot.column, None)
            elif slot.extra:
                found.setdefault(slot.column, slot.extra[0])
        return found

    def _given(
        self, filling: Filling, table: Table, target: Target, relaxation: Relaxation, attempt: int
    ) -> dict[str, Any] | None:
        """Returns the values that the row must have, None if there are none such."""
        state = filling.state
        given: dict[str, Any] = {}
        for name, value in relaxation.values.items():
            column = state.fold(name)
            if column not in target.slots:
                return None
            if value is None or isinstance(value, bytes):
                given[column] = value
                continue
            try:
                given[column] = target.slots[column].maker.parse(str(value))
            except ValueError:
                given[column] = value
        if relaxation.twin:
            twin = self._twin(filling, table, relaxation, attempt)
            if twin is None:
                return None
            given |= twin
        linked = {name for foreign in foreigns_of(state, table) for name in foreign.columns}
        for name in relaxation.orphan:
            column = state.fold(name)
            if column not in target.slots:
                return None
            if column not in linked:  # else it refers elsewhere now, and a new parent there is none here
                slot = target.slots[column]
                given[column] = slot.maker.regular(slot.key, _NOWHERE + attempt)
        return given

    def _twin(
        self, filling: Filling, table: Table, relaxation: Relaxation, attempt: int
    ) -> dict[str, Any] | None:
        """Returns what a row that is there holds in the columns in which the new one is to equal it."""
        columns = [self.after.fold(name) for name in relaxation.twin]
        if not all(name in table.columns for name in columns):
            return None
        makers = {table.columns[name].name: filling.recipe.maker(table, name) for name in columns}
        dialect = filling.recipe.dialect
        meets = [condition(text, dialect) for text in relaxation.meets]
        violates = [condition(text, dialect) for text in relaxation.violates]
        found = []
        for row in read_rows(filling.connection, dialect, table.name, makers, complete=True):
            values = dict(zip(columns, row, strict=True))
            if any(met(node, values) is False for node in meets):
                continue
            if any(satisfied(node, values) is True for node in violates):
                continue
            found.append(values)
        return found[attempt % len(found)] if found and attempt < max(len(found), 3) else None

    def _written(
        self,
        filling: Filling,
        target: Target,
        relaxation: Relaxation,
        given: dict[str, Any],
        attempt: int,
    ) -> dict[str, Any] | None:
        """Returns the values of the row that went in, None if none did.

        It meets what the old schema asked for too, but for that which it is to break.
        """
        dialect = filling.recipe.dialect
        broken = [condition(text, dialect) for text in relaxation.violates]
        if not relaxation.plain:
            target.demands = [
                demand
                for demand in target.demands
                if demand.holds(given) is not False
                and not (isinstance(demand, Condition) and demand.node in broken)
            ]
        more: list[Demand] = [] if relaxation.twin else [Violated(node, target.demands) for node in broken]
        composer = Composer(target)
        number = _FIRST + self.numbers * _TRIES + attempt
        made = composer.made(number, given, tuple(given), more)
        if made is None and relaxation.plain:
            made = composer.made(number, {}, (), more)
        if made is None:
            return None
        if relaxation.plain:
            return dict(target.taken[-1]) if filling.write(target, [made], composer) else None
        if filling.writer.insert(target, [made.values]):
            return None
        filling.parents.forget(target.table)
        if target.counted:
            filling.writer.continue_counting(target)
        return made.values
