"""Columns whose values are chosen together: one plain column, or the columns of foreign keys that overlap."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mrt_dynamic.seeding.hints import Hint
from mrt_dynamic.seeding.values import Maker
from mrt_dynamic.seeding.values_text import Text


@dataclass(frozen=True, slots=True)
class Slot:
    """A column that is written. `name` as the database spells it, `column` folded.

    `key`: what its values are made from. `override`: the user's own value, or a function of the
    row's number (1, 2, ...) that makes it. `extra`: one more edge, the column's constant default.
    """

    name: str
    column: str
    maker: Maker
    nullable: bool
    key: int
    extra: tuple[Any, ...] = ()
    overridden: bool = False
    override: Any = None

    def own(self, number: int) -> Any:
        """Returns the user's value for a row."""
        return self.override(number + 1) if callable(self.override) else self.override


class Unit(ABC):
    """Columns that get their values together. `columns`: folded names."""

    columns: tuple[str, ...]

    @abstractmethod
    def regular(self, number: int, row: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Returns the usual values of row `number`, None if there are none."""

    @abstractmethod
    def candidates(
        self, number: int, row: Mapping[str, Any], near: Sequence[Any], hints: Sequence[Hint] = ()
    ) -> Iterator[tuple[Any, ...]]:
        """Yields other values to try.

        `near`: values of other columns that it may have to go with; `hints`: what conditions say of it.
        """

    def nulls(self, row: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Returns the values with NULL wherever it may stand, None if it may stand nowhere."""
        return None

    def edges(self) -> Sequence[tuple[Any, ...]]:
        """Returns values at the limits."""
        return ()


class Plain(Unit):
    """One column."""

    def __init__(self, slot: Slot) -> None:
        self.slot = slot
        self.columns = (slot.column,)

    def regular(self, number: int, row: Mapping[str, Any]) -> tuple[Any, ...]:
        """Returns the value that its maker makes."""
        slot = self.slot
        return (slot.own(number) if slot.overridden else slot.maker.regular(slot.key, number),)

    def candidates(
        self, number: int, row: Mapping[str, Any], near: Sequence[Any], hints: Sequence[Hint] = ()
    ) -> Iterator[tuple[Any, ...]]:
        """Yields what conditions hint at, then other usual values, edges, NULL."""
        slot = self.slot
        if slot.overridden:
            return
        maker = slot.maker
        tried: set[Any] = set()
        for value in self._all(maker, number, row, near, hints):
            mark = (type(value), value)
            if mark not in tried and maker.fits(value):
                tried.add(mark)
                yield (value,)
        if slot.nullable:
            yield (None,)

    def _all(
        self, maker: Maker, number: int, row: Mapping[str, Any], near: Sequence[Any], hints: Sequence[Hint]
    ) -> Iterator[Any]:
        slot = self.slot
        yield maker.regular(slot.key, number)
        turn = number % len(hints) if hints else 0  # Each of the values of an IN has its turn.
        for hint in (*hints[turn:], *hints[:turn]):
            yield from hint.values(maker, slot.key, number)
        for value in near:
            yield value
            yield from maker.around(value, number)
        value = row.get(slot.column)
        if isinstance(value, int) and not isinstance(value, bool):
            yield from maker.around(value, number)
        if isinstance(maker, Text) and isinstance(value, str):
            yield from (value.upper(), value.lower(), value.strip(), value.strip().lower())
            usual = maker.regular(slot.key, number)
            yield from (usual.upper(), usual.replace(" ", "-"), usual.capitalize())
        for step in (1, 2, 3, 5, 8, 13, 21, 34):
            yield maker.regular(slot.key, number + 40 * step)
        for more in range(1, 40):
            yield maker.regular(slot.key, number + more)
        yield from maker.edges(slot.key)
        for constant in (1, 0, 2, 10):
            yield from maker.around(constant, number)

    def nulls(self, row: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Returns NULL where the column admits it."""
        return (None,) if self.slot.nullable and not self.slot.overridden else None

    def edges(self) -> Sequence[tuple[Any, ...]]:
        """Returns its maker's edges."""
        if self.slot.overridden:
            return ()
        return [(value,) for value in (*self.slot.extra, *self.slot.maker.edges(self.slot.key))]


@dataclass(slots=True)
class Link(Unit):
    """The columns of foreign keys that share columns; `choices` are rows of values that satisfy all of them.

    `nullable`: the columns that are NULL in a row that leaves the keys open. `own`: for a key to the
    table itself, gives the values of rows made so far, and of the row itself.
    """

    columns: tuple[str, ...]
    choices: Sequence[tuple[Any, ...]]
    nullable: frozenset[str]
    start: int
    own: Callable[[Mapping[str, Any]], Sequence[tuple[Any, ...]]] | None = field(default=None)

    def _pool(self, row: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        return self.own(row) if self.own is not None else self.choices

    def regular(self, number: int, row: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Returns the parent whose turn it is; NULL when there is none and NULL may stand."""
        pool = self._pool(row)
        if not pool or (self.own is not None and number == 0 and self.nullable):
            return self.nulls(row)
        return pool[(self.start + number) % len(pool)]

    def candidates(
        self, number: int, row: Mapping[str, Any], near: Sequence[Any], hints: Sequence[Hint] = ()
    ) -> Iterator[tuple[Any, ...]]:
        """Yields all parents, then NULL."""
        pool = self._pool(row)
        for place in range(len(pool)):
            yield pool[(self.start + number + place) % len(pool)]
        found = self.nulls(row)
        if found is not None:
            yield found

    def nulls(self, row: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Returns the values with NULL in the columns that admit it; the others keep to a parent's."""
        if not self.nullable:
            return None
        pool = self._pool(row)
        if len(self.nullable) < len(self.columns) and not pool:
            return None
        base = pool[self.start % len(pool)] if pool else (None,) * len(self.columns)
        return tuple(
            None if name in self.nullable else value for name, value in zip(self.columns, base, strict=True)
        )
