"""The SQL of a RunSQL or of a cursor, with its parameters put in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mrt_lint.evaluate.values import NotKnown, Text, Value
from mrt_lint.ops.base import Operation
from mrt_lint.ops.control import Opaque
from mrt_lint.schema.dialects import Dialect
from mrt_lint.sql import HOLE_PREFIX, lower_sql


def statements(
    value: Value, dialects: tuple[Dialect, ...], facts: Mapping[str, Any]
) -> tuple[Operation, ...]:
    """Returns what a text, or a list of texts and of (text, parameters), does."""
    if isinstance(value, (list, tuple)):
        found: list[Operation] = []
        for item in value:
            if isinstance(item, (list, tuple)) and 1 <= len(item) <= 2:
                parameters = item[1] if len(item) == 2 else None
                found += one_statement(item[0], parameters, dialects, facts)
            else:
                found += one_statement(item, None, dialects, facts)
        return tuple(found)
    return one_statement(value, None, dialects, facts)


def one_statement(
    value: Value, parameters: Value, dialects: tuple[Dialect, ...], facts: Mapping[str, Any]
) -> tuple[Operation, ...]:
    """Returns what one text does; `parameters`: those of the cursor, None for none."""
    interpolated: list[str] = []
    if isinstance(value, Text):
        text = ""
        for part in value.parts:
            if isinstance(part, str):
                text += part
            else:
                text += f"{HOLE_PREFIX}{facts['span'].line}_{len(interpolated)}"
                interpolated.append(part.reason)
    elif isinstance(value, str):
        text = str(value)
    else:
        why = f": {value.reason}" if isinstance(value, NotKnown) else ""
        return (Opaque(**{**facts, "sql": True}, reason=f"the SQL is known only at run time{why}"),)
    if parameters is not None:
        text = _bound(text, parameters)
    if not text.strip():
        return ()
    return lower_sql(text, dialects, {**facts, "interpolated": tuple(interpolated)})


def _bound(text: str, parameters: Value) -> str:
    """Returns the text with literals in the place of `%s`; what is not known is a bound parameter."""
    if isinstance(parameters, dict):
        for key, value in parameters.items():
            text = text.replace(f"%({key})s", literal(value))
        return text.replace("%%", "%")
    values = list(parameters) if isinstance(parameters, (list, tuple)) else []
    pieces = text.split("%s")
    out = pieces[0]
    for number, piece in enumerate(pieces[1:]):
        out += (literal(values[number]) if number < len(values) else _UNKNOWN) + piece
    return out.replace("%%", "%")


_UNKNOWN = f"{HOLE_PREFIX}parameter"


def literal(value: Value) -> str:
    """Returns a constant as SQL."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return _UNKNOWN
