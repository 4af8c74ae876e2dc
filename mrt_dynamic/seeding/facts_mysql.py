"""MySQL's and MariaDB's character sets, engines and partitions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy.engine import Connection

from mrt_dynamic.seeding.facts import Facts
from mrt_dynamic.seeding.running import rows_of
from mrt_dynamic.seeding.written import literal
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Key
from mrt_lint.schema.objects import Table

_CHARSETS: Final = {
    "utf8mb4": "all",
    "utf8mb3": "basic",
    "utf8": "basic",
    "ucs2": "basic",
    "latin1": "latin1",
}
_WIDE: Final = frozenset({"utf16", "utf32"})


def read(connection: Connection, dialect: Dialect, tables: Sequence[Table]) -> Facts:
    """Returns what the tables need; information_schema is asked about these tables alone."""
    names = sorted({table.name.name for table in tables})
    if not names:
        return Facts()
    listed = ", ".join(literal(name, dialect) for name in names)
    where = f"table_schema = DATABASE() AND table_name IN ({listed})"
    charsets = {}
    for row in rows_of(
        connection,
        "SELECT table_name AS t, column_name AS c, character_set_name AS s FROM information_schema.columns"
        f" WHERE {where} AND character_set_name IS NOT NULL AND character_set_name <> 'utf8mb4'",
    ):
        known = "all" if row["s"] in _WIDE else _CHARSETS.get(row["s"], "ascii")
        charsets[row["t"].lower(), row["c"].lower()] = known
    loose = set()
    partitioned = False
    for row in rows_of(
        connection,
        "SELECT table_name AS t, engine AS e, create_options AS o FROM information_schema.tables"
        f" WHERE {where} AND (engine <> 'InnoDB' OR create_options LIKE '%partitioned%')",
    ):
        if (row["e"] or "").lower() != "innodb":
            loose.add(Key("table", "", row["t"].lower()))
        partitioned = partitioned or "partitioned" in (row["o"] or "")
    bounds = _bounds(connection, where) if partitioned else {}
    return Facts(charsets=charsets, loose=frozenset(loose), bounds=bounds)


def _bounds(connection: Connection, where: str) -> dict[Key, tuple[str, ...]]:
    """Returns the condition of each partition as text; none for those by hash or key."""
    found: dict[Key, list[str]] = {}
    before: dict[Key, str] = {}
    rows: list[dict[str, Any]] = rows_of(
        connection,
        "SELECT table_name AS t, partition_method AS m, partition_expression AS e,"
        f" partition_description AS d FROM information_schema.partitions WHERE {where}"
        " AND partition_name IS NOT NULL ORDER BY table_name, partition_ordinal_position",
    )
    for row in rows:
        key = Key("table", "", row["t"].lower())
        method, expression, limit = row["m"] or "", row["e"] or "", row["d"] or ""
        leaves = found.setdefault(key, [])
        if "," in expression or not method.startswith(("RANGE", "LIST")):
            leaves.append("")
        elif method.startswith("RANGE"):
            parts = [f"{expression} >= {before[key]}"] if key in before else []
            parts += [] if limit == "MAXVALUE" else [f"{expression} < {limit}"]
            before[key] = limit
            leaves.append(" AND ".join([f"{expression} IS NOT NULL", *parts]))
        else:
            leaves.append(f"{expression} IN ({limit})")
    return {key: tuple(leaves) for key, leaves in found.items()}
