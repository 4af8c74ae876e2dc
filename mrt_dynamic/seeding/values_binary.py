"""Bytes and bits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mrt_dynamic.seeding.values import Maker, mixed


class Bytes(Maker):
    """Byte strings of at most `length` bytes; `exact`: of that many."""

    def __init__(self, length: int | None, exact: bool = False, longest: int | None = None) -> None:
        self.length = length
        self.exact = exact
        self.longest = min(1000 if length is None else length, longest or 1_000_000)

    def regular(self, key: int, number: int) -> bytes:
        """Returns a few bytes, among them some that are no text."""
        size = min(6, self.length or 6)
        value = bytes([0xFF, 0x00])[: max(0, size - 4)] + mixed(key, number).to_bytes(8, "big")[:3]
        value += number.to_bytes(2, "big")[-1:]
        if size < 4:
            value = ((key + number) % 256**size).to_bytes(size, "big")
        return value.ljust(self.length or 0, b"\x01") if self.exact else value

    def edges(self, key: int) -> Sequence[bytes]:
        """Returns the longest one, the empty one, and one that ends with NUL."""
        size = self.longest
        long = (mixed(key, 1 << 41).to_bytes(8, "big") * (size // 8 + 1))[:size]
        if self.exact:
            return [b"\xff" * size, b"\x00" * size]
        return [long, b"", b"a\x00"[:size]]

    def sized(self, size: int, key: int, number: int) -> bytes | None:
        """Returns so many bytes."""
        if size < 0 or (self.length is not None and size > self.length):
            return None
        return (mixed(key, number).to_bytes(8, "big") * (size // 8 + 1))[:size]

    def parse(self, text: str) -> bytes:
        """Returns the bytes that PostgreSQL prints, or those of a text."""
        return bytes.fromhex(text[2:]) if text.startswith("\\x") else text.encode()

    def fits(self, value: Any) -> bool:
        """Returns whether they are not too many."""
        return isinstance(value, bytes) and (self.length is None or len(value) <= self.length)


class Bits(Maker):
    """Bit strings as text of 0 and 1; `varying`: also shorter ones."""

    def __init__(self, length: int | None, varying: bool) -> None:
        self.length = length
        self.varying = varying

    def regular(self, key: int, number: int) -> str:
        """Returns bits that differ by row as far as there are enough of them."""
        size = min(self.length or 12, 16) if self.varying else self.length or 1
        return format((mixed(key, 0) + number * 3) % 2 ** min(size, 60), "b").rjust(size, "0")

    def edges(self, key: int) -> Sequence[str]:
        """Returns all ones, all zeros, and the empty one where it may be."""
        size = self.length or 24
        return ["1" * size, "0" * size, *([""] if self.varying else [])]

    def sized(self, size: int, key: int, number: int) -> str | None:
        """Returns so many bits."""
        if size > (self.length or size) or (not self.varying and size != self.length):
            return None
        return format(mixed(key, number), "b").rjust(size, "1")[:size]
