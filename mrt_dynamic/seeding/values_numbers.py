"""Numbers: integers, decimals, floats, years, money."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Context, Decimal, InvalidOperation
from typing import Any, Final

from mrt_dynamic.seeding.values import Maker, mixed

_EXACT: Final = Context(prec=1100)
"""PostgreSQL's numeric has up to 1000 digits with a declared precision (manual, 8.1.2)."""


def _constant(constant: Any) -> Decimal | None:
    try:
        found = Decimal(str(constant).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


class Integer(Maker):
    """Whole numbers in [minimum, maximum]."""

    def __init__(self, minimum: int, maximum: int, extremes: bool = True) -> None:
        self.minimum = minimum
        self.maximum = maximum
        self.extremes = extremes

    def regular(self, key: int, number: int) -> int:
        """Returns a positive number; those of one column follow each other at a distance of their own."""
        low = max(self.minimum, 0)
        if self.maximum < 1000:
            return low + (key + number) % max(1, self.maximum - low + 1)
        # Small enough that a migration may multiply two of them.
        value = low + 11 + key % 900 + number * (1 + (key >> 32) % 7)
        return low + value % (self.maximum - low) if value > self.maximum else value

    def edges(self, key: int) -> Sequence[int]:
        """Returns both ends of the type, zero and a negative number."""
        plain = [0, -(1 + key % 50)] if self.minimum < 0 else [0]
        found = [self.maximum, self.minimum, *plain] if self.extremes else plain
        return [value for value in dict.fromkeys(found) if self.minimum <= value <= self.maximum]

    def parse(self, text: str) -> int:
        """Returns the whole number."""
        return int(text)

    def around(self, constant: Any, number: int) -> Iterable[int]:
        """Yields the constant, its neighbours, then numbers further off, by the row, and multiples."""
        found = _constant(constant)
        if found is None:
            return
        base = int(found)
        step = number + 2
        for value in (base, base + 1, base - 1, base + step, base - step, base * step, base // 2, step):
            if self.fits(value):
                yield value

    def fits(self, value: Any) -> bool:
        """Returns whether it is in range."""
        return (
            isinstance(value, int) and not isinstance(value, bool) and self.minimum <= value <= self.maximum
        )


class Fixed(Maker):
    """Decimal numbers of a precision and scale; `precision` None: as many digits as one likes."""

    def __init__(
        self,
        precision: int | None,
        scale: int,
        signed: bool = True,
        nan: bool = False,
        infinite: bool = False,
        extremes: bool = True,
        limit: Decimal | None = None,
    ) -> None:
        self.scale = scale
        self.step = Decimal(1).scaleb(-scale)
        digits = max(0, 30 if precision is None else precision)
        self.maximum = _EXACT.multiply(Decimal("9" * digits or "0"), self.step)
        if limit is not None:
            self.maximum = min(self.maximum, limit)
        self.signed = signed
        self.special = [Decimal("NaN")] * nan + [Decimal("Infinity"), Decimal("-Infinity")] * infinite
        self.extremes = extremes

    def regular(self, key: int, number: int) -> Decimal:
        """Returns a positive number whose last decimal place is in use."""
        if self.scale <= 0:
            top = max(2, min(int(self.maximum / self.step), 1_000_000))
            return _EXACT.multiply(Decimal(1 + key % (top // 2) + number % (top - top // 2)), self.step)
        units = int(self.maximum / self.step)
        if units < 10_000:
            return self._ending((key + number * 7) % max(1, units))
        whole = min(int(self.maximum), 900)
        return self._ending(
            int(Decimal((key + number) % (whole + 1)) / self.step) + mixed(key, number) % 10**self.scale
        )

    def _ending(self, units: int) -> Decimal:
        value = _EXACT.multiply(Decimal(units), self.step)
        if units % 10 == 0 and value + self.step <= self.maximum:
            value += self.step
        return min(value, self.maximum)

    def edges(self, key: int) -> Sequence[Decimal]:
        """Returns both ends, zero, the smallest step, a negative number, and NaN where the type has it."""
        found = [Decimal(0), self.step]
        if self.signed:
            found.append(self.regular(key, 3).copy_negate())
        if self.extremes:
            found = [
                self.maximum,
                *([self.maximum.copy_negate()] if self.signed else []),
                *found,
                *self.special,
            ]
        return found

    def parse(self, text: str) -> Decimal:
        """Returns the number."""
        try:
            return Decimal(text.strip())
        except InvalidOperation as error:
            raise ValueError(text) from error

    def around(self, constant: Any, number: int) -> Iterable[Decimal]:
        """Yields the constant, one step to either side, and numbers further off by the row's number."""
        base = _constant(constant)
        if base is None:
            return
        shift = Decimal(number + 2)
        for value in (
            base,
            base + self.step,
            base - self.step,
            base + shift,
            base - shift,
            base / 2,
            base + self.step * (number + 2),
            base - self.step * (number + 2),
        ):
            if self.fits(value):
                yield _EXACT.quantize(value, self.step) if self.scale >= 0 else value

    def fits(self, value: Any) -> bool:
        """Returns whether it is in range."""
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return False
        number = Decimal(value)
        return (
            number in self.special
            if not number.is_finite()
            else ((self.signed or number >= 0) and abs(number) <= self.maximum)
        )


class Float(Maker):
    """Floating point numbers; `single`: of 32 bits. `special`: whether NaN and the infinities are stored."""

    def __init__(
        self,
        single: bool,
        special: bool,
        signed: bool = True,
        extremes: bool = True,
        limit: float | None = None,
    ) -> None:
        self.single = single
        self.special = special
        self.signed = signed
        self.extremes = extremes
        self.limit = limit

    def regular(self, key: int, number: int) -> float:
        """Returns a number with a fraction that binary numbers hold exactly."""
        top = 5000 if self.limit is None else max(1, int(self.limit) - 1)
        return (key + number) % top + 0.5 + (mixed(key, number) % 4) / 16

    def edges(self, key: int) -> Sequence[float]:
        """Returns the largest and the smallest numbers, one of many digits, zero, NaN and the infinities."""
        top = 3.4e38 if self.single else 1.7976931348623157e308
        small = 1.2e-38 if self.single else 2.2250738585072014e-308
        top = top if self.limit is None else self.limit
        many = 0.1 if self.single else 0.1 + 0.2
        found = [0.0, many, *([-self.regular(key, 3)] if self.signed else [])]
        if self.extremes:
            found += [top, small, *([-top] if self.signed else [])]
            found += [math.nan, math.inf, -math.inf] if self.special else []
        return found

    def parse(self, text: str) -> float:
        """Returns the number."""
        return float(text)

    def around(self, constant: Any, number: int) -> Iterable[float]:
        """Yields the constant and numbers to either side of it."""
        found = _constant(constant)
        if found is not None:
            base = float(found)
            for value in (base, base + 0.25, base - 0.25, base + 1, base - 1, base + number + 2, base / 2):
                if self.signed or value >= 0:
                    yield value

    def fits(self, value: Any) -> bool:
        """Returns whether it is a number of this kind."""
        return isinstance(value, float | int | Decimal) and not isinstance(value, bool)


class Money(Fixed):
    """PostgreSQL's money: two decimals, 64 bits of them (manual, 8.2)."""

    def __init__(self, extremes: bool = True) -> None:
        super().__init__(18, 2, extremes=extremes, limit=Decimal("92233720368547758.07"))

    def parse(self, text: str) -> Decimal:
        """Returns the amount without its currency."""
        return super().parse(text.replace("$", "").replace(",", ""))
