"""What came of a filling, and a custom seed to paste for a table that could not be filled."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mrt_dynamic.results import Seeding, Unseeded
from mrt_dynamic.seeding.written import Sql


@dataclass(frozen=True, slots=True)
class FilledTable:
    """One table and how many rows were written to it (or, for new columns, changed in it)."""

    table: str
    rows: int


@dataclass(frozen=True, slots=True)
class Filled:
    """What was written. `notes`: sentences on what is not as full as it might be; no failure."""

    tables: tuple[FilledTable, ...] = ()
    unseeded: tuple[Unseeded, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Returns how many rows there are in all."""
        return sum(table.rows for table in self.tables)

    @property
    def seeding(self) -> Seeding:
        """Returns it in numbers of tables."""
        failed = {found.table for found in self.unseeded}
        seeded = sum(table.rows > 0 and table.table not in failed for table in self.tables)
        return Seeding(seeded + len(failed), seeded, self.unseeded)

    def __add__(self, other: Filled) -> Filled:
        return Filled(self.tables + other.tables, self.unseeded + other.unseeded, self.notes + other.notes)


def custom_seed(table: str, row: Mapping[str, Any]) -> str:
    """Returns a row as TOML to paste into the configuration; NULL columns are left out.

    >>> print(custom_seed("users", {"id": 1, "name": "Ada"}))
    [[tool.mrt-lint.verify.custom-seeds.users]]
    id = 1
    name = "Ada"
    """
    lines = [f"[[tool.mrt-lint.verify.custom-seeds.{_key(table)}]]"]
    lines += [f"{_key(name)} = {_value(value)}" for name, value in row.items() if value is not None]
    return "\n".join(lines)


def _key(name: str) -> str:
    plain = name.replace("_", "").replace("-", "")
    return name if plain.isalnum() and name.isascii() else _text(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) < 2**63:
        return str(value)
    if isinstance(value, float) and value == value and abs(value) != float("inf"):
        return repr(value)
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, tuple):
        return "[" + ", ".join(_value(item) for item in value if item is not None) + "]"
    if isinstance(value, Decimal):
        return _text(format(value, "f"))
    if isinstance(value, bytes):
        return _text("\\x" + value.hex())
    return _text("" if isinstance(value, Sql) else str(value))


def _text(text: str) -> str:
    # A basic string of TOML has the escapes of JSON, except for characters beyond the basic plane.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
