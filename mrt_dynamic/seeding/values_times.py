"""Dates, times, timestamps, intervals, years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeVar

from mrt_dynamic.seeding.comparing import moment
from mrt_dynamic.seeding.values import Maker, mixed

_DAY: Final = dt.timedelta(days=1)
Instant = TypeVar("Instant", dt.datetime, dt.time)
_START: Final = dt.datetime(2020, 1, 1, 8, 30)


def _fraction(value: Instant, precision: int) -> Instant:
    """Returns a time with no more decimals of the second than the type keeps."""
    unit = 10 ** (6 - precision)
    return value.replace(microsecond=value.microsecond // unit * unit)


class Date(Maker):
    """Dates in [first, last]."""

    def __init__(self, first: dt.date, last: dt.date, extremes: bool = True) -> None:
        self.first = first
        self.last = last
        self.extremes = extremes

    def regular(self, key: int, number: int) -> dt.date:
        """Returns a date of 2020 to 2024, a day later for each row."""
        return _START.date() + dt.timedelta(days=key % 1500 + number)

    def edges(self, key: int) -> Sequence[dt.date]:
        """Returns the first and last date, a leap day and a day before 1970."""
        ends = [self.first, self.last] if self.extremes else []
        return [*ends, dt.date(2024, 2, 29), max(self.first, dt.date(1969, 12, 31))]

    def parse(self, text: str) -> dt.date:
        """Returns the date."""
        try:
            return moment(text).date()
        except KeyError as error:
            raise ValueError(text) from error

    def around(self, constant: Any, number: int) -> Iterable[dt.date]:
        """Yields the date, its neighbours and others further off; a number stands for a year."""
        if isinstance(constant, int) and 1000 <= constant <= 9998:
            yield dt.date(constant, 1 + number % 12, 1 + number % 28)
            return
        try:
            base = constant if type(constant) is dt.date else self.parse(str(constant))
        except ValueError:
            return
        for days in (0, 1, -1, number + 2, -number - 2):
            try:
                value = base + dt.timedelta(days=days)
            except OverflowError:
                continue
            if self.fits(value):
                yield value

    def fits(self, value: Any) -> bool:
        """Returns whether it is a date in range."""
        return type(value) is dt.date and self.first <= value <= self.last


class Timestamp(Maker):
    """Timestamps in [first, last] (naive, in UTC) with `precision` decimals of the second."""

    def __init__(
        self, first: dt.datetime, last: dt.datetime, precision: int = 6, extremes: bool = True
    ) -> None:
        self.first = first
        self.last = last
        self.precision = precision
        self.extremes = extremes

    def regular(self, key: int, number: int) -> dt.datetime:
        """Returns a time of 2020 to 2024, an hour or more later for each row, all decimals in use."""
        seconds = key % 120_000_000 + number * 3607
        micros = 111_111 + mixed(key, number) % 888_888
        return _fraction(_START + dt.timedelta(seconds=seconds, microseconds=micros | 1), self.precision)

    def edges(self, key: int) -> Sequence[dt.datetime]:
        """Returns the first and last one, the end of a day, midnight of a leap day, one before 1970."""
        ends = [self.first, self.last] if self.extremes else []
        last = dt.datetime(2021, 12, 31, 23, 59, 59, 999_999)
        found = [*ends, last, dt.datetime(2024, 2, 29), dt.datetime(1969, 12, 31, 23, 59, 59, 1)]
        return [_fraction(value, self.precision) for value in found if self.first <= value <= self.last]

    def parse(self, text: str) -> dt.datetime:
        """Returns the time, in UTC."""
        try:
            return moment(text)
        except KeyError as error:
            raise ValueError(text) from error

    def around(self, constant: Any, number: int) -> Iterable[dt.datetime]:
        """Yields the moment, the smallest step to either side of it, then hours and days off."""
        if isinstance(constant, int) and 1000 <= constant <= 9998:
            yield dt.datetime(constant, 1 + number % 12, 1 + number % 28, 12)
            return
        try:
            base = constant if isinstance(constant, dt.datetime) else self.parse(str(constant))
        except ValueError:
            return
        step = dt.timedelta(microseconds=10 ** (6 - self.precision))
        hours = dt.timedelta(hours=number + 1)
        for shift in (dt.timedelta(), step, -step, hours, -hours, (number + 1) * _DAY, -(number + 1) * _DAY):
            try:
                value = base + shift
            except OverflowError:
                continue
            if self.fits(value):
                yield value

    def fits(self, value: Any) -> bool:
        """Returns whether it is a moment in range."""
        return isinstance(value, dt.datetime) and self.first <= value <= self.last


class Time(Maker):
    """Times of the day with `precision` decimals. `zone`: an offset to write behind them (timetz)."""

    def __init__(self, precision: int = 6, zone: bool = False) -> None:
        self.precision = precision
        self.zone = zone

    def regular(self, key: int, number: int) -> Any:
        """Returns a time, some minutes later for each row."""
        seconds = (key % 80_000 + number * 127) % 86_399
        value = dt.time(
            seconds // 3600, seconds // 60 % 60, seconds % 60, 100_001 + mixed(key, number) % 800_000
        )
        return self._zoned(_fraction(value, self.precision), number)

    def _zoned(self, value: dt.time, number: int) -> Any:
        return f"{value.isoformat()}{('+00', '+02', '-05:30')[number % 3]}" if self.zone else value

    def edges(self, key: int) -> Sequence[Any]:
        """Returns the first and the last moment of the day."""
        return [self._zoned(_fraction(value, self.precision), 0) for value in (dt.time(), dt.time.max)]

    def parse(self, text: str) -> Any:
        """Returns the time."""
        return text if self.zone else dt.time.fromisoformat(text.strip())

    def around(self, constant: Any, number: int) -> Iterable[Any]:
        """Yields the time and others of an earlier and a later minute."""
        try:
            base = self.parse(str(constant))
        except ValueError:
            return
        yield base
        if isinstance(base, dt.time):
            minutes = base.hour * 60 + base.minute
            for other in (minutes + 1 + number, minutes - 1 - number):
                if 0 <= other < 1440:
                    yield dt.time(other // 60, other % 60)


class Interval(Maker):
    """PostgreSQL's intervals. `fields`: restricted to these (`year to month`), "" for all."""

    def __init__(self, fields: str = "", precision: int = 6) -> None:
        self.fields = fields
        self.precision = precision

    def regular(self, key: int, number: int) -> str:
        """Returns days, hours and a fraction of a second, or what the restriction leaves."""
        if self.fields in ("year", "month", "year to month"):
            return f"{1 + (key + number) % 90} {'years' if self.fields == 'year' else 'months'}"
        fraction = str(1 + mixed(key, number) % 899_999).rjust(6, "1")[: self.precision]
        second = f"{number % 60:02d}.{fraction}" if fraction else f"{number % 60:02d}"
        if self.fields.startswith("day") or not self.fields:
            return f"{1 + (key + number) % 300} days {(key + number) % 24:02d}:{number % 60:02d}:{second}"
        return f"{(key + number) % 24:02d}:{number % 60:02d}:{second}"

    def edges(self, key: int) -> Sequence[str]:
        """Returns nothing, a negative one, one of months and days and seconds at once."""
        return ["0", f"-{1 + key % 20} days", "1 year 2 mons 3 days 04:05:06.789"]


class Year(Maker):
    """MySQL's YEAR: 0000 and 1901 to 2155 (manual, 11.2.4)."""

    def regular(self, key: int, number: int) -> int:
        """Returns a year of this and the last century."""
        return 1950 + (key + number) % 100

    def edges(self, key: int) -> Sequence[int]:
        """Returns the first, the last and the zero year."""
        return [1901, 2155, 0]

    def parse(self, text: str) -> int:
        """Returns the year."""
        return int(text)

    def around(self, constant: Any, number: int) -> Iterable[int]:
        """Yields the year and its neighbours."""
        if isinstance(constant, int):
            yield from (year for year in (constant, constant + 1, constant - 1) if self.fits(year))

    def fits(self, value: Any) -> bool:
        """Returns whether it is a year of the type."""
        return isinstance(value, int) and (value == 0 or 1901 <= value <= 2155)
