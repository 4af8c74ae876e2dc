"""Values made of values: arrays, composites, ranges and multiranges, as PostgreSQL writes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from mrt_dynamic.seeding.values import Maker, mixed
from mrt_dynamic.seeding.written import text_of


class Array(Maker):
    """Arrays as tuples. Their elements may be NULL, and one of the edges has two dimensions."""

    def __init__(self, element: Maker) -> None:
        self.element = element

    def regular(self, key: int, number: int) -> tuple[Any, ...]:
        """Returns one to three elements."""
        size = 1 + (key + number) % 3
        return tuple(self.element.regular(key + 1, number * 3 + place) for place in range(size))

    def edges(self, key: int) -> Sequence[tuple[Any, ...]]:
        """Returns the empty array, one with NULL, one of two dimensions, one with the element's edges."""
        first, second = self.element.regular(key, 900), self.element.regular(key, 901)
        edges = tuple(self.element.edges(key))
        found = [(), (first, None), ((first, second), (second, first))]
        return [*found, edges] if edges else found

    def sized(self, size: int, key: int, number: int) -> tuple[Any, ...] | None:
        """Returns so many elements."""
        if not 0 <= size <= 1000:
            return None
        return tuple(self.element.regular(key, number + place) for place in range(size))

    def around(self, constant: Any, number: int) -> Iterable[tuple[Any, ...]]:
        """Yields arrays with the constant in them, and, for a number, of that length."""
        for value in self.element.around(constant, number):
            yield (value,)
            yield (value, self.element.regular(number, number))
        if isinstance(constant, int):
            for size in (constant, constant + 1, constant - 1):
                found = self.sized(size, number, number)
                if found is not None:
                    yield found

    def parse(self, text: str) -> Any:
        """Returns the elements of an array of one dimension without quotes; other ones stay text."""
        inner = text[1:-1]
        if not text.startswith("{") or '"' in inner or "{" in inner:
            return text
        return tuple(
            None if part == "NULL" else self.element.parse(part) for part in inner.split(",") if part
        )

    def fits(self, value: Any) -> bool:
        """Returns whether it is an array."""
        return isinstance(value, tuple | str)


class Composite(Maker):
    """Values of a composite type as text."""

    def __init__(self, fields: Sequence[Maker]) -> None:
        self.fields = tuple(fields)

    def _written(self, values: Sequence[Any]) -> str:
        return "(" + ",".join("" if value is None else quoted(text_of(value)) for value in values) + ")"

    def regular(self, key: int, number: int) -> str:
        """Returns a value for each field."""
        return self._written([field.regular(key + place, number) for place, field in enumerate(self.fields)])

    def edges(self, key: int) -> Sequence[str]:
        """Returns one without any field set, and one per edge of the first fields."""
        found = [self._written([None] * len(self.fields))] if self.fields else []
        for place, field in enumerate(self.fields[:3]):
            for edge in list(field.edges(key))[:2]:
                row = [other.regular(key + at, 700) for at, other in enumerate(self.fields)]
                row[place] = edge
                found.append(self._written(row))
        return found


def quoted(text: str) -> str:
    """Returns a text in double quotes, as inside of arrays, composites and ranges."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Range(Maker):
    """Ranges as text; those of one column do not overlap, so that exclusion constraints let them in.

    `whole`: of integers. `plain`: no edges that overlap others. `multi`: several ranges in one value.
    """

    def __init__(self, element: Maker, plain: bool = False, multi: bool = False, whole: bool = False) -> None:
        self.element = element
        self.plain = plain
        self.multi = multi
        self.whole = whole

    def _part(self, key: int, number: int) -> str:
        if self.whole:
            low = 1000 + (key % 5000) + number * 20
            return f"[{low},{low + 9})"
        low, high = self.element.regular(key, number * 2), self.element.regular(key, number * 2 + 1)
        low, high = (low, high) if _ordered(low, high) else (high, low)
        return f"[{quoted(text_of(low))},{quoted(text_of(high))})"

    def regular(self, key: int, number: int) -> str:
        """Returns a range of its own place."""
        if self.multi:
            parts = sorted([self._part(key, number * 2), self._part(key, number * 2 + 1)])
            return "{" + ",".join(parts) + "}"
        return self._part(key, number)

    def edges(self, key: int) -> Sequence[str]:
        """Returns the empty range, and ranges that are open to one side, to both, and with both ends in."""
        if self.multi:
            return ["{}"]
        if self.plain:
            return ["empty"]
        value = quoted(text_of(self.element.regular(key, 800)))
        return ["empty", f"[{value},)", f"(,{value}]", "(,)", f"[{value},{value}]"]


def _ordered(low: Any, high: Any) -> bool:
    return bool(low < high)


class Ordered(Maker):
    """Decimal numbers that grow with the row, for ranges."""

    def regular(self, key: int, number: int) -> Decimal:
        """Returns a number larger than that of the row before."""
        return Decimal(1 + key % 1000 + number) + Decimal(mixed(key, number) % 100) / 100
