"""The base of all makers of values, and where their choices come from: never from chance or the clock."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from decimal import Decimal
from hashlib import blake2b
from typing import Any

MASK = (1 << 64) - 1


def column_key(seed: int, schema: str, table: str, column: str) -> int:
    """Returns the number that all values of one column are made from; it depends on these names alone."""
    text = "\0".join((str(seed), schema, table, column))
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def mixed(key: int, number: int) -> int:
    """Returns 64 well-mixed bits for one value (the finalizer of SplitMix64)."""
    z = (key + (number + 1) * 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


class Maker(ABC):
    """Makes the values of one column; immutable, the same for all columns of one type.

    Values are plain Python ones: int, Decimal, float, bool, str, bytes, date, time, datetime (naive,
    in UTC), tuples for arrays and composites. Whatever has no such form is the text that the database reads.
    """

    @abstractmethod
    def regular(self, key: int, number: int) -> Any:
        """Returns the usual value of row `number` (0, 1, ...): another one for each where the type can."""

    def edges(self, key: int) -> Sequence[Any]:
        """Returns the values at the limits of the type."""
        return ()

    def parse(self, text: str) -> Any:
        """Returns the value that a text stands for. Raises ValueError if it stands for none."""
        return text

    def around(self, constant: Any, number: int) -> Iterable[Any]:
        """Yields values at and next to a constant of a condition, then others on either side of it."""
        try:
            yield self.parse(str(constant))
        except ValueError:
            return

    def sized(self, size: int, key: int, number: int) -> Any:
        """Returns a value of this length, None if the type has no length or not this one."""
        return None

    def fits(self, value: Any) -> bool:
        """Returns whether the column can take the value."""
        return True


class Listed(Maker):
    """Takes turns with given values. `extra`: edges besides them."""

    def __init__(self, values: Sequence[Any], extra: Sequence[Any] = ()) -> None:
        self.values = tuple(values)
        self.extra = tuple(extra)

    def regular(self, key: int, number: int) -> Any:
        """Returns one of the values, all of them in turn."""
        return self.values[(key + number) % len(self.values)]

    def edges(self, key: int) -> Sequence[Any]:
        """Returns the extra ones."""
        return self.extra

    def fits(self, value: Any) -> bool:
        """Returns whether it is one of them."""
        return value in self.values or value in self.extra

    def parse(self, text: str) -> Any:
        """Returns the one that reads so."""
        for value in (*self.values, *self.extra):
            if str(value) == text:
                return value
        raise ValueError(text)


class Boolean(Maker):
    """true and false in turn, in a pattern that differs between columns."""

    def regular(self, key: int, number: int) -> bool:
        """Returns a bit; any two neighbouring rows from an even number on have both."""
        pair, second = divmod(number, 2)
        return bool((mixed(key, pair) & 1) ^ second)

    def parse(self, text: str) -> bool:
        """Returns the truth value that a database prints or reads."""
        word = text.strip().lower()
        if word in ("t", "true", "1", "b'1'", "yes", "on"):
            return True
        if word in ("f", "false", "0", "b'0'", "no", "off"):
            return False
        raise ValueError(text)

    def around(self, constant: Any, number: int) -> Iterable[bool]:
        """Yields both."""
        yield from (True, False)

    def fits(self, value: Any) -> bool:
        """Returns whether it is a truth value."""
        return isinstance(value, bool)


class AsText(Maker):
    """Values of another type written as text: the column is about to become that type."""

    def __init__(self, inner: Maker, length: int | None) -> None:
        self.inner = inner
        self.length = length

    def _written(self, value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        return format(value, "f") if isinstance(value, Decimal) else str(value)

    def regular(self, key: int, number: int) -> str:
        """Returns the other type's value as text."""
        return self._written(self.inner.regular(key, number))

    def edges(self, key: int) -> Sequence[str]:
        """Returns the other type's edges that fit."""
        return [text for value in self.inner.edges(key) if self.fits(text := self._written(value))]

    def fits(self, value: Any) -> bool:
        """Returns whether the text is short enough and readable as the other type."""
        if not isinstance(value, str) or len(value) > (self.length or len(value)):
            return False
        try:
            return self.inner.fits(self.inner.parse(value))
        except ValueError:
            return False
