"""Texts: of any length and character set, with the edges at which conversions lose something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

from mrt_dynamic.seeding.values import Maker, mixed

LONG: Final = 3000
"""Characters of the longest text where the type sets no limit."""

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"

UNICODE: Final = {
    "all": "Ünï\u00e7ødé \U0001d518\U0001f600 e\u0301 \u4e2d\u0416",
    "basic": "Ünï\u00e7ødé e\u0301 \u4e2d\u0416",
    "latin1": "Ünï\u00e7ødé ß",
    "ascii": "",
}
"""What the character sets take: everything, the basic plane (MySQL's utf8mb3), Latin-1, ASCII."""


def base36(number: int) -> str:
    """Returns a number in digits and small letters."""
    text = ""
    while True:
        number, rest = divmod(number, 36)
        text = _DIGITS[rest] + text
        if not number:
            return text


class Text(Maker):
    """Texts of at most `length` characters (`exact`: of that many, blanks do not count at the end).

    `hint`: the column's name, which shows in the values and gives those of some columns their usual
    look (a migration may take an address apart). `charset`: a key of UNICODE. `longest`: how long
    the longest one is to be. `empty` False: the database takes '' for NULL (Oracle).
    """

    def __init__(
        self,
        length: int | None,
        hint: str = "",
        charset: str = "all",
        longest: int | None = None,
        empty: bool = True,
    ) -> None:
        self.length = length
        self.hint = hint
        self.charset = charset
        self.longest = min(LONG if length is None else length, longest or 1_000_000)
        self.empty = empty

    def regular(self, key: int, number: int) -> str:
        """Returns a short text with the column's name and the row's number, as far as they fit."""
        token = base36(mixed(key, number) % 36**4)
        length = self.length
        if length is not None and length < 12:
            return self._short(key, number, length)
        text = f"{self.hint[: 20 if length is None or length > 40 else 5]} {number + 1} {token}"
        for look in _looks(self.hint, number + 1, token):
            if length is None or len(look) <= length:
                text = look
        return text

    def _short(self, key: int, number: int, length: int) -> str:
        """Returns a text of few characters: the numbers of base 36 from a place of the column's own."""
        if length <= 0:
            return ""
        size = min(length, 5)
        space = int(36**size)
        return base36((key + number * 37) % space).rjust(size, "0")

    def edges(self, key: int) -> Sequence[str]:
        """Returns the longest text, the empty one, and texts that careless conversions change."""
        token = base36(mixed(key, 1 << 40) % 36**3)
        found = [self.sized(self.longest, key, 1 << 41) or ""] if self.longest else []
        found += [""] if self.empty else []
        limit = self.longest
        if limit > 1:
            found.append(
                (token + UNICODE[self.charset])[:limit] if limit > 5 else UNICODE[self.charset][:limit]
            )
            found.append(f"  {token[: max(0, limit - 3)]} "[:limit])
        if limit >= 8:
            found.append(f"O'N\"{token[:1]}\\%_"[:limit] + ";--\n\tMiXeD {} ?:x %s"[: max(0, limit - 8)])
        return [text for text in dict.fromkeys(found) if text or self.empty]

    def sized(self, size: int, key: int, number: int) -> str | None:
        """Returns a text of exactly so many characters that neither begins nor ends with a blank."""
        if size < 0 or (self.length is not None and size > self.length):
            return None
        if size <= 5:
            return base36((key + number * 37) % 36**size).rjust(size, "0") if size else ""
        start = f"{base36(mixed(key, number) % 36**4)}{number % 1000}"
        text = (start + "abcdefghij klmnopqrs" * (size // 20 + 1))[:size]
        return text[:-1] + "z"

    def around(self, constant: Any, number: int) -> Iterable[str]:
        """Yields the constant, then texts that begin with it and come before and after it."""
        text = str(constant)
        found = [text, f"{text}{number}", f"{text[:-1]}", text.upper(), text.lower(), f"x{text}"]
        yield from (value for value in dict.fromkeys(found) if self.fits(value))

    def fits(self, value: Any) -> bool:
        """Returns whether it is a text that is not too long."""
        return isinstance(value, str) and (self.length is None or len(value) <= self.length)


_FIRST: Final = ("Ada", "Grace", "Linus", "Mary", "Alan", "Edith", "Niklas", "Sofie")
_LOOKS: Final = (
    (("email", "e_mail", "mail"), "{t}.{n}@example.org"),
    (("url", "uri", "website", "link", "href"), "https://example.org/{t}/{n}"),
    (("phone", "mobile", "fax"), "+49 30 55{n:04d}{d}"),
    (("ip", "ip_address", "host_ip"), "192.0.2.{n}"),
    (("slug",), "{t}-item-{n}"),
    (("json",), '{{"{t}": {n}}}'),
    (("first_name", "last_name", "full_name", "username", "name"), "{f} {t}{n}"),
)
"""Endings of column names and the look of their values."""


def _looks(hint: str, number: int, token: str) -> Iterable[str]:
    form = _form(hint)
    if form:
        first = _FIRST[number % len(_FIRST)]
        yield form.format(n=number, t=token, f=first, d=sum(map(ord, token)) % 90 + 10)


@lru_cache(maxsize=4096)
def _form(hint: str) -> str:
    name = hint.lower()
    for endings, form in _LOOKS:
        if any(name == ending or name.endswith("_" + ending) for ending in endings):
            return form
    return ""


class Hexadecimal(Maker):
    """Texts that hold a UUID, of 32 or, `dashed`, 36 characters: CHAR(32) is how SQLAlchemy stores one."""

    def __init__(self, dashed: bool) -> None:
        self.dashed = dashed

    def _written(self, number: int) -> str:
        text = f"{number:032x}"
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:])) if self.dashed else text

    def regular(self, key: int, number: int) -> str:
        """Returns a UUID of version 4."""
        number = (mixed(key, number) << 64) | mixed(key ^ 0x5A5A, number)
        number = (number & ~(0xF << 76)) | (0x4 << 76)
        return self._written((number & ~(0x3 << 62)) | (0x2 << 62))

    def edges(self, key: int) -> Sequence[str]:
        """Returns the lowest and the highest."""
        return [self._written(0), self._written((1 << 128) - 1)]

    def fits(self, value: Any) -> bool:
        """Returns whether it is short enough."""
        return isinstance(value, str) and len(value) <= (36 if self.dashed else 32)


class Choice(Maker):
    """The labels of an enum, all of them in turn."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)

    def regular(self, key: int, number: int) -> str:
        """Returns a label; as many rows as there are labels have each one once."""
        return self.labels[(key + number) % len(self.labels)]

    def parse(self, text: str) -> str:
        """Returns the label."""
        if text not in self.labels:
            raise ValueError(text)
        return text

    def fits(self, value: Any) -> bool:
        """Returns whether it is a label."""
        return value in self.labels


class Choices(Choice):
    """MySQL's SET: any of the labels, joined by commas in the order of the definition."""

    def edges(self, key: int) -> Sequence[str]:
        """Returns none and all of them, and two."""
        return ["", ",".join(self.labels), ",".join(self.labels[:2])]

    def fits(self, value: Any) -> bool:
        """Returns whether every part is a label."""
        return isinstance(value, str) and (not value or set(value.split(",")) <= set(self.labels))
