"""JSON, XML and the texts of other types that hold a small document."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from mrt_dynamic.seeding.values import Maker, mixed


class Json(Maker):
    """JSON documents as text. `binary`: PostgreSQL's jsonb (keys are sorted, numbers exact)."""

    def __init__(self, binary: bool = False, charset: str = "all") -> None:
        self.binary = binary
        self.charset = charset

    def regular(self, key: int, number: int) -> str:
        """Returns an object that differs by row and nests another one."""
        token = mixed(key, number) % 10_000
        return json.dumps(
            {"id": number + 1, "tag": f"t{token}", "more": {"on": number % 2 == 0, "list": [1, "b"]}}
        )

    def edges(self, key: int) -> Sequence[str]:
        """Returns empty containers, an array, null, a text with other characters, a large number."""
        odd = "é \U0001f600 \\ \" '" if self.charset == "all" else "x \\ \" '"
        return [
            "{}",
            "[]",
            json.dumps([1, None, {"a": []}]),
            "null",
            json.dumps({"text": odd, "empty": "", "none": None}, ensure_ascii=False),
            '{"big": 12345678901234567890, "small": 0.1}',
        ]

    def around(self, constant: Any, number: int) -> Iterable[str]:
        """Yields documents of each kind, and objects that have the constant as a key or as a value."""
        yield json.dumps({"id": number})
        yield json.dumps([number])
        yield json.dumps(f"s{number}")
        yield json.dumps(number)
        yield "true"
        name = str(constant).removeprefix("$.")
        for value in (f"v{number}", number, {"id": number}, [number], True, None):
            yield json.dumps({name: value})

    def fits(self, value: Any) -> bool:
        """Returns whether the text is JSON."""
        try:
            json.loads(value)
        except (TypeError, ValueError):
            return False
        return True


class Xml(Maker):
    """XML documents as text."""

    def regular(self, key: int, number: int) -> str:
        """Returns an element that differs by row."""
        return f'<item id="{number + 1}"><tag>t{mixed(key, number) % 10_000}</tag></item>'

    def edges(self, key: int) -> Sequence[str]:
        """Returns an empty element and one with entities."""
        return ["<empty/>", "<a>&lt;&amp;é</a>"]


class Formed(Maker):
    """Texts of one form for types with a notation of their own. `form`: see `regular` for its fields."""

    def __init__(self, form: str, *extra: str) -> None:
        self.form = form
        self.extra = extra

    def regular(self, key: int, number: int) -> str:
        """Returns the form, filled."""
        token = (mixed(key, 0) + number) % 10_000
        return self.form.format(
            n=number + 1,
            t=token,
            b=token % 250 + 1,
            c=(token // 250 + number) % 250,
            x=f"{mixed(key, number) % 256**3:06x}",
            h=f"{mixed(key, number):016x}",
        )

    def edges(self, key: int) -> Sequence[str]:
        """Returns the odd ones of the type."""
        return self.extra


class Mac(Maker):
    """Hardware addresses of 6 or 8 bytes."""

    def __init__(self, size: int) -> None:
        self.size = size

    def regular(self, key: int, number: int) -> str:
        """Returns an address."""
        raw = (mixed(key, 0) + number) % 256**self.size
        return ":".join(f"{byte:02x}" for byte in raw.to_bytes(self.size, "big"))

    def edges(self, key: int) -> Sequence[str]:
        """Returns the lowest and the highest."""
        return [":".join(["00"] * self.size), ":".join(["ff"] * self.size)]
