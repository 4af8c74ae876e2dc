"""The names that Django gives to tables, indexes and constraints (measured with 4.2 and 5.2)."""

from __future__ import annotations

from hashlib import md5
from typing import Final

from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name

_LONGEST: Final[dict[Dialect, int]] = {"postgresql": 63, "mysql": 64, "mariadb": 64, "oracle": 30}
_INDEX_LONGEST: Final = 200


def table_name(text: str, dialect: Dialect) -> Name:
    """Returns a db_table as a name: quotes mean that it is used as it stands, `"a"."b"` names a schema.

    >>> table_name('"auth"."users"', "postgresql")
    Name(name='users', schema='auth')
    """
    if text[:1] == text[-1:] == '"' and len(text) > 1:
        schema, dot, name = text.strip('"').partition('"."')
        return Name(name, schema) if dot else Name(schema)
    return Name(shortened(text, dialect))


def shortened(text: str, dialect: Dialect) -> str:
    """Returns a table's or column's name as long as the database allows, four digits of a hash at its end."""
    longest = _LONGEST.get(dialect)
    if longest is None or len(text) <= longest:
        return text
    return text[: longest - 4] + _digest(4, text)


def part_name(table: Name, columns: tuple[str, ...], suffix: str, dialect: Dialect) -> str:
    """Returns the name of an index or constraint: table, columns, a hash of both, and the suffix.

    >>> part_name(Name("shop_order"), ("customer_id",), "", "postgresql")
    'shop_order_customer_id_f638df0b'
    """
    tail = _digest(8, table.name, *columns) + suffix
    longest = _LONGEST.get(dialect, _INDEX_LONGEST)
    joined = "_".join(columns)
    name = f"{table.name}_{joined}_{tail}"
    if len(name) <= longest:
        return name
    tail = tail[: longest // 3]
    room = (longest - len(tail)) // 2 - 1
    name = f"{table.name[:room]}_{joined[:room]}_{tail}"
    return f"D{name[:-1]}" if name[0] == "_" or name[0].isdigit() else name


def _digest(length: int, *texts: str) -> str:
    found = md5(usedforsecurity=False)
    for text in texts:
        found.update(text.encode())
    return found.hexdigest()[:length]
