"""One shape of table: how it is made, and what its rows must show beside being there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """`sql`: statements that make it, separated by blank lines. `tables`: those that must get rows, "" the last.

    `never_null`, `always_null`: columns (`table.column`) that the schema keeps from being both NULL and not.
    `asks`: queries that must give true after filling. `rows`: the least number of rows per table.
    `unseeded`: a word of the reason why it cannot be filled. `note`: why something is expected so.
    """

    name: str
    sql: str
    asks: tuple[str, ...] = ()
    never_null: tuple[str, ...] = ()
    rows: int = 3
    unseeded: str = ""
    short: tuple[str, ...] = ()
    note: str = ""

    @property
    def statements(self) -> list[str]:
        return [part.strip() for part in self.sql.split(";;") if part.strip()]
