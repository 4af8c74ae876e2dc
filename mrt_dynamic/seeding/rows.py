"""Makes the rows of one table: usual ones, such with NULL, such at the edges, until every demand is met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from mrt_dynamic.seeding.conditions import conjuncts
from mrt_dynamic.seeding.demands import Condition, Demand, Unique
from mrt_dynamic.seeding.hints import Hint
from mrt_dynamic.seeding.target import Target
from mrt_dynamic.seeding.units import Link, Plain, Unit
from mrt_dynamic.seeding.values import Boolean
from mrt_dynamic.seeding.values_text import Choice, Choices, Text

_ROUNDS: Final = 8
_TRIES: Final = (200, 400, 1000)
"""Combinations that are tried when one, two or three units of columns change together."""

MOST_EDGES: Final = 9
_FIRST_TWIN: Final = 900
"""Rows that repeat values of the first one count from here."""
_FIRST_EXTRA: Final = 500
"""Rows made for one value that is still missing count from here, apart from the usual ones."""


@dataclass(frozen=True, slots=True)
class Made:
    """One row. `number`: what its usual values are made from; `given`: the values it was made for."""

    values: dict[str, Any]
    number: int
    given: Mapping[str, Any]


class Composer:
    """Puts rows together for a target; each call takes the row up into `target.taken`."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.by_column: dict[str, list[Demand]] = {}
        for demand in target.demands:
            for name in demand.columns:
                self.by_column.setdefault(name, []).append(demand)

    # -- one row -------------------------------------------------------------------------------

    def base(self, number: int, given: Mapping[str, Any]) -> dict[str, Any] | None:
        """Returns a row of usual values, with those given; None if a column has none at all."""
        row = dict(given)
        for unit in self.target.units:
            if all(name in given for name in unit.columns):
                continue
            values = unit.regular(number, row)
            if values is None:
                return None
            for name, value in zip(unit.columns, values, strict=True):
                row.setdefault(name, value)
        return row

    def settled(
        self, row: dict[str, Any], number: int, locked: Iterable[str] = (), more: Sequence[Demand] = ()
    ) -> dict[str, Any] | None:
        """Returns the row, changed until all demands are met; None if no way was found.

        `locked`: columns that stay as they are. `more`: demands on this row alone.
        """
        demands = [*self.target.demands, *more]
        fixed = frozenset(locked)
        for _ in range(_ROUNDS):
            broken = [demand for demand in demands if demand.holds(row) is False]
            if not broken:
                return row
            changed = self._repaired(row, number, broken[0], demands, broken, fixed)
            if changed is None:
                return None
            row = changed
        return None

    def _repaired(
        self,
        row: dict[str, Any],
        number: int,
        demand: Demand,
        demands: Sequence[Demand],
        broken: Sequence[Demand],
        fixed: frozenset[str],
    ) -> dict[str, Any] | None:
        """Returns the row with as few columns changed as it takes to meet one more demand."""
        units = [
            unit
            for unit in self.target.units
            if set(unit.columns) & set(demand.columns) and not fixed & set(unit.columns)
        ]
        if not units:
            return None
        # Another column gives way in every row, so that all ways of meeting the demand occur.
        shift = number % len(units)
        units = units[shift:] + units[:shift]
        kept = [other for other in demands if other not in broken]
        fallback: dict[str, Any] | None = None
        for size, tries in enumerate(_TRIES, 1):
            for changed in self._changes(row, number, units, size, demand, tries):
                if demand.holds(changed) is False:
                    continue
                if all(other.holds(changed) is not False for other in kept):
                    return changed
                fallback = fallback or changed
            if size >= len(units):
                break
        return fallback

    def _changes(
        self, row: dict[str, Any], number: int, units: Sequence[Unit], size: int, demand: Demand, tries: int
    ) -> Iterator[dict[str, Any]]:
        """Yields the row with other values in `size` of the units."""
        if size == 1:
            for unit in units:
                for new in self._candidates(unit, number, row, demand):
                    yield row | dict(zip(unit.columns, new, strict=True))
            return
        each = int(tries ** (1 / size))
        choices = {
            id(unit): _shortened(list(self._candidates(unit, number, row, demand)), each) for unit in units
        }
        for group in _groups(units, size):
            for values in product(*(choices[id(unit)] for unit in group)):
                changed = dict(row)
                for unit, new in zip(group, values, strict=True):
                    changed.update(zip(unit.columns, new, strict=True))
                yield changed

    @staticmethod
    def _candidates(
        unit: Unit, number: int, row: Mapping[str, Any], demand: Demand
    ) -> Iterator[tuple[Any, ...]]:
        """Yields values for a unit that may help to meet a demand."""
        near = [
            row[name] for name in demand.columns if row.get(name) is not None and name not in unit.columns
        ]
        hints = [hint for name in unit.columns for hint in demand.hints.get(name, ())]
        return unit.candidates(number, row, near, hints)

    def take(self, row: dict[str, Any]) -> None:
        """Takes the row up, so that those after it keep out of its way."""
        for demand in self.target.demands:
            demand.take(row)
        self.target.taken.append(row)

    def made(
        self,
        number: int,
        given: Mapping[str, Any] | None = None,
        locked: Iterable[str] = (),
        more: Sequence[Demand] = (),
    ) -> Made | None:
        """Returns one more row with these values, taken up; None if there can be none."""
        given = given or {}
        row = self.base(number, given)
        if row is None:
            return None
        if self.target.leaves:
            more = [*more, *self._leaf(number)]
        row = self.settled(row, number, locked, more)
        if row is None:
            return None
        self.take(row)
        return Made(row, number, given)

    def variations(
        self, row: Mapping[str, Any], number: int, columns: Iterable[str]
    ) -> Iterator[dict[str, Any]]:
        """Yields the row with other values in these columns, one unit at a time, then two."""
        wanted = frozenset(columns)
        units = [unit for unit in self.target.units if set(unit.columns) & wanted]
        choices = {
            id(unit): [*unit.candidates(number, row, (), self._hints(unit)), *_samples(unit)]
            for unit in units
        }
        for size in (1, 2):
            for group in _groups(units, size):
                each = 200 if size == 1 else 12
                for values in product(*(choices[id(unit)][:each] for unit in group)):
                    changed = dict(row)
                    for unit, new in zip(group, values, strict=True):
                        changed.update(zip(unit.columns, new, strict=True))
                    if changed != row and all(d.holds(changed) is not False for d in self.target.demands):
                        yield changed

    def _leaf(self, number: int) -> list[Demand]:
        leaf = self.target.leaves[number % len(self.target.leaves)]
        return [] if leaf is None else [Condition(part) for part in conjuncts(leaf)]

    def _hints(self, unit: Unit) -> list[Hint]:
        return [
            hint
            for name in unit.columns
            for demand in self.by_column.get(name, ())
            for hint in demand.hints.get(name, ())
        ]

    @staticmethod
    def blank() -> Made:
        """Returns a row that the database makes up by itself."""
        return Made({}, 0, {})

    # -- all rows ------------------------------------------------------------------------------

    def fill(self, count: int, plain: bool = False) -> list[Made]:
        """Returns the table's rows: `count` usual ones, NULL wherever it may be, edges, labels.

        `plain`: the usual ones alone.
        """
        if self.target.reserved:
            return [
                row
                for number, given in enumerate(self.target.reserved)
                if (row := self.made(number, given, given))
            ]
        rows: list[Made] = []
        usual = max(count, len(self.target.leaves))
        for number in range(usual):
            self._add(rows, self.made(number))
        if plain:
            return rows
        number = usual
        for given in self._null_rows():
            self._add(rows, self.made(number, given, ()))
            number += 1
        for given in self.edge_rows():
            found = self.made(number, given)
            self._add(rows, found)
            number += 1
        for place, (name, value) in enumerate(self._missing(rows)):
            found = self.made(_FIRST_EXTRA + place, {name: value}, (name,))
            self._add(rows, found)
        for place, given in enumerate(self._twins(rows)):
            self._add(rows, self.made(_FIRST_TWIN + place, given, tuple(given)))
        return rows

    def _twins(self, rows: Sequence[Made]) -> Iterator[dict[str, Any]]:
        """Yields what the first row holds in half of its columns, then in the others, unless they are unique.

        Else every row would be told by each of its values, and a migration that looks rows up by the
        wrong column would find the right ones.
        """
        if not rows:
            return
        alone = {
            demand.columns[0]
            for demand in self.target.demands
            if isinstance(demand, Unique) and len(demand.columns) == 1
        }
        names = [
            unit.slot.column
            for unit in self.target.plain()
            if unit.slot.column not in alone and not unit.slot.overridden
        ]
        values = {name: rows[0].values[name] for name in names if rows[0].values.get(name) is not None}
        for half in (0, 1):
            given = {name: value for place, (name, value) in enumerate(values.items()) if place % 2 == half}
            if given:
                yield given

    @staticmethod
    def _add(rows: list[Made], row: Made | None) -> None:
        if row is not None:
            rows.append(row)

    def _null_rows(self) -> Iterator[dict[str, Any]]:
        """Yields NULL for all columns that admit it, then for one half of them and for the other."""
        found: dict[str, tuple[str, ...]] = {}
        for unit in self.target.units:
            if isinstance(unit, Plain) and unit.nulls({}) is not None:
                found[unit.columns[0]] = unit.columns
            elif isinstance(unit, Link) and unit.nullable:
                found[unit.columns[0]] = tuple(name for name in unit.columns if name in unit.nullable)
        if not found:
            return
        everything = [name for columns in found.values() for name in columns]
        yield dict.fromkeys(everything)
        if len(found) > 1:
            for half in (0, 1):
                chosen = [columns for place, columns in enumerate(found.values()) if place % 2 == half]
                yield dict.fromkeys(name for columns in chosen for name in columns)

    def edge_rows(self) -> Iterator[dict[str, Any]]:
        """Yields the edges of all columns side by side, those of each column from another row on."""
        edges = {
            unit.columns[0]: [values[0] for values in unit.edges()][:MOST_EDGES]
            for unit in self.target.plain()
        }
        most = max((len(found) for found in edges.values()), default=0)
        for number in range(most):
            given = {}
            for place, (name, found) in enumerate(edges.items()):
                index = (number + place) % most
                if index < len(found):
                    given[name] = found[index]
            if given:
                yield given

    def _missing(self, rows: Sequence[Made]) -> Iterator[tuple[str, Any]]:
        """Yields what no row has yet: NULL or a value where both may be, a label, true or false."""
        for unit in self.target.plain():
            slot = unit.slot
            if slot.overridden:
                continue
            values = [row.values.get(slot.column) for row in rows]
            if slot.nullable and rows:
                if None not in values:
                    yield slot.column, None
                if all(value is None for value in values):
                    yield slot.column, slot.maker.regular(slot.key, _FIRST_EXTRA)
            wanted: Sequence[Any] = ()
            if isinstance(slot.maker, Choice) and not isinstance(slot.maker, Choices):
                wanted = slot.maker.labels[:300]
            elif isinstance(slot.maker, Boolean):
                wanted = (True, False)
            yield from ((slot.column, value) for value in wanted if value not in values)


_WORDS: Final = (
    "A1",
    "abc",
    "ABC",
    "US",
    "en",
    "EUR",
    "a@example.org",
    "https://example.org/a",
    "12345",
    "1",
    "2024-01-31",
    "{}",
    "[]",
)
"""Texts that conditions nobody can read often ask for."""


def _samples(unit: Unit) -> list[tuple[Any, ...]]:
    if not isinstance(unit, Plain) or not isinstance(unit.slot.maker, Text):
        return []
    return [(word,) for word in _WORDS if unit.slot.maker.fits(word)]


def _shortened(choices: list[tuple[Any, ...]], size: int) -> list[tuple[Any, ...]]:
    """Returns the first few candidates, and NULL among them if it is one at all."""
    if len(choices) > size and choices[-1] == (None,) * len(choices[-1]):
        return [choices[0], choices[-1], *choices[1 : size - 1]]
    return choices[:size]


def _groups(units: Sequence[Unit], size: int) -> Iterator[tuple[Unit, ...]]:
    """Yields the groups of so many units, each once, in order."""
    if size == 1:
        yield from ((unit,) for unit in units)
        return
    for place, unit in enumerate(units):
        for rest in _groups(units[place + 1 :], size - 1):
            yield (unit, *rest)
