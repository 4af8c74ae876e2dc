"""Makers for a column that is about to get another type: values that both the old and the new one take."""

from __future__ import annotations

from mrt_dynamic.seeding.values import AsText, Maker
from mrt_dynamic.seeding.values_binary import Bytes
from mrt_dynamic.seeding.values_numbers import Fixed, Float, Integer
from mrt_dynamic.seeding.values_text import Choice, Hexadecimal, Text


def narrowed(now: Maker, later: Maker | None) -> Maker:
    """Returns a maker of values that survive the change of type; `now` when there is no telling."""
    if later is None:
        return now
    if isinstance(now, Choice) and isinstance(later, Choice):
        common = [label for label in now.labels if label in later.labels]
        return Choice(common) if common else now
    if isinstance(now, Text):
        return _text(now, later)
    if isinstance(now, Bytes) and isinstance(later, Bytes):
        length = min((each for each in (now.length, later.length) if each is not None), default=None)
        return Bytes(length, now.exact and length == now.length, min(now.longest, later.longest))
    if isinstance(now, Integer | Fixed | Float) and isinstance(later, Integer | Fixed | Float):
        return _number(now, later)
    return now


def _text(now: Text, later: Maker) -> Maker:
    if isinstance(later, Text):
        lengths = [length for length in (now.length, later.length) if length is not None]
        charset = now.charset if later.charset == "all" else later.charset
        longest = min(now.longest, later.longest)
        return Text(min(lengths, default=None), now.hint, charset, longest, now.empty and later.empty)
    if isinstance(later, Choice):
        fitting = [label for label in later.labels if now.fits(label)]
        return Choice(fitting) if fitting else now
    if isinstance(later, Hexadecimal) and (now.length or 36) >= (36 if later.dashed else 32):
        return later
    return AsText(later, now.length)


def _number(now: Integer | Fixed | Float, later: Integer | Fixed | Float) -> Maker:
    limits = _limits(later)
    if limits is None:
        return now
    low, high = limits
    if isinstance(now, Integer):
        return Integer(max(now.minimum, low), min(now.maximum, high), now.extremes)
    signed = now.signed and low < 0
    if isinstance(now, Fixed):
        return Fixed(None, now.scale, signed, extremes=now.extremes, limit=min(now.maximum, high - now.step))
    return Float(now.single, False, signed, now.extremes, float(min(high, 10**15)))


def _limits(maker: Integer | Fixed | Float) -> tuple[int, int] | None:
    """Returns the whole numbers between which the type's values lie."""
    if isinstance(maker, Integer):
        return maker.minimum, maker.maximum
    if isinstance(maker, Fixed):
        top = int(maker.maximum)
        return (-top if maker.signed else 0), top
    return None
