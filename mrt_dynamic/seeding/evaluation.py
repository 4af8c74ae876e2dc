"""What a condition says of one row, in the three-valued logic of SQL; what is not known is UNSURE.

Values are those that `values*.py` make. An answer need not be exact in every corner (collations,
rounding): the database has the last word on each row. It must be right often enough to spare tries.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import Enum
from functools import lru_cache
from typing import Any, Final

from mrt_dynamic.seeding.conditions import Const, Node, Op, Ref
from mrt_dynamic.seeding.patterns import like_regex, python_regex


class Unsure(Enum):
    """The type of `UNSURE`: an answer that only the database can give."""

    UNSURE = "unsure"

    def __bool__(self) -> bool:
        raise TypeError("UNSURE is no truth value")


UNSURE: Final = Unsure.UNSURE

NOW: Final = dt.datetime(2500, 1, 1)
"""Stands for the present: nothing that depends on the clock may change a row. The values made here are
either long before today or after this date, so that comparisons come out as in the database."""


def evaluate(node: Node, row: Mapping[str, Any]) -> Any:
    """Returns the value of an expression for a row (folded column names to values), UNSURE if not known."""
    try:
        return _value(node, row)
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, re.error):
        return UNSURE


def satisfied(node: Node, row: Mapping[str, Any]) -> bool | None:
    """Returns whether a CHECK lets the row in (NULL does too); None if only the database can tell."""
    found = evaluate(node, row)
    if found is UNSURE:
        return None
    return found is None or bool(found)


def met(node: Node, row: Mapping[str, Any]) -> bool | None:
    """Returns whether a WHERE picks the row (NULL does not); None if only the database can tell."""
    found = evaluate(node, row)
    return None if found is UNSURE else bool(found)


def _value(node: Node, row: Mapping[str, Any]) -> Any:
    if isinstance(node, Const):
        return node.value
    if isinstance(node, Ref):
        return row.get(node.name, UNSURE)
    if node.name in ("and", "or"):
        return _logic(node, row)
    if node.name == "case":
        return _case(node, row)
    if node.name == "coalesce":
        for arg in node.args:
            found = _value(arg, row)
            if found is not None:
                return found
        return None
    if node.name in ("=", "<>") and isinstance(node.args[1], Op) and node.args[1].name in ("any", "all"):
        return _quantified(node, node.args[1], row)
    if node.name == "now":
        return NOW
    args = [_value(arg, row) for arg in node.args]
    if node.name == "in":
        return _among(args[0], args[1:])
    if UNSURE in args:
        return UNSURE
    if node.name in _NULL_SAFE:
        return _NULL_SAFE[node.name](args)
    function = _STRICT.get(node.name)
    if function is None:
        return UNSURE
    return None if None in args else function(*args)


def _logic(node: Op, row: Mapping[str, Any]) -> Any:
    """Returns AND and OR: one side may decide whatever the other one is."""
    decisive = node.name == "or"
    found = [evaluate(arg, row) for arg in node.args]
    if any(value is not UNSURE and value is not None and bool(value) is decisive for value in found):
        return decisive
    if UNSURE in found:
        return UNSURE
    return None if None in found else not decisive


def _case(node: Op, row: Mapping[str, Any]) -> Any:
    parts = list(node.args)
    for test, value in zip(parts[:-1:2], parts[1::2], strict=True):
        found = _value(test, row)
        if found is UNSURE:
            return UNSURE
        if found:
            return _value(value, row)
    return _value(parts[-1], row)


def _quantified(node: Op, group: Op, row: Mapping[str, Any]) -> Any:
    left, items = _value(node.args[0], row), _value(group.args[0], row)
    if left is UNSURE or items is UNSURE:
        return UNSURE
    if left is None or items is None:
        return None
    tests = [compare(left, item) == 0 for item in items]
    if node.name == "<>":
        tests = [not test for test in tests]
    return any(tests) if group.name == "any" else all(tests)


def _among(value: Any, items: Sequence[Any]) -> Any:
    if value is UNSURE or UNSURE in items:
        return UNSURE
    if value is None:
        return None
    if any(item is not None and compare(value, item) == 0 for item in items):
        return True
    return None if None in items else False


def compare(left: Any, right: Any) -> int:
    """Returns -1, 0 or 1; constants written as text are read as what they are compared with.

    Raises TypeError or ValueError for what cannot be compared.
    """
    left, right = _alike(left, right), _alike(right, left)
    if isinstance(left, tuple) and isinstance(right, tuple):
        for one, other in zip(left, right, strict=False):
            found = compare(one, other)
            if found:
                return found
        return (len(left) > len(right)) - (len(left) < len(right))
    return int(left > right) - int(left < right)


def _alike(value: Any, other: Any) -> Any:
    """Returns a value in the type of the other one where SQL would convert it."""
    if isinstance(value, str) and not isinstance(other, str):
        return from_text(value, other)
    if isinstance(value, float) and isinstance(other, Decimal):
        return Decimal(value)
    if isinstance(other, dt.datetime) and type(value) is dt.date:
        return dt.datetime(value.year, value.month, value.day)
    return value


def from_text(text: str, like: Any) -> Any:
    """Returns what a text stands for where a value like `like` is meant; raises ValueError if nothing."""
    if isinstance(like, bool):
        return text.strip().lower() in ("t", "true", "1", "yes", "on", "y")
    if isinstance(like, int | Decimal | float):
        try:
            return Decimal(text.strip())
        except InvalidOperation as error:
            raise ValueError(text) from error
    if isinstance(like, dt.datetime):
        return moment(text)
    if isinstance(like, dt.date):
        found = moment(text)
        return found.date() if found.time() == dt.time() else found
    if isinstance(like, dt.time):
        return dt.time.fromisoformat(text.strip())
    if isinstance(like, bytes):
        return text.encode()
    raise ValueError(text)


def moment(text: str) -> dt.datetime:
    """Returns a date or timestamp written in ISO form, in UTC without a zone; raises ValueError."""
    word = text.strip().replace("T", " ")
    match = re.fullmatch(r"(.*?\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[+-]\d\d(?::?\d\d)?)", word)
    shift = dt.timedelta()
    if match and match[2] != "Z":
        hours, minutes = int(match[2][1:3]), int(match[2][3:].lstrip(":") or 0)
        shift = dt.timedelta(hours=hours, minutes=minutes) * (-1 if match[2][0] == "-" else 1)
    word = match[1] if match else word
    whole, _, fraction = word.partition(".")
    form = {10: "%Y-%m-%d", 16: "%Y-%m-%d %H:%M", 19: "%Y-%m-%d %H:%M:%S"}[len(whole)]
    found = dt.datetime.strptime(whole, form)
    return found.replace(microsecond=int(fraction.ljust(6, "0")[:6] or 0)) - shift


def _is(args: Sequence[Any]) -> bool:
    value, asked = args
    return value is None if asked is None else value is not None and bool(value) is bool(asked)


def _same(args: Sequence[Any]) -> bool:
    if None in args:
        return args[0] is None and args[1] is None
    return compare(args[0], args[1]) == 0


_NULL_SAFE: Final[dict[str, Callable[[Sequence[Any]], Any]]] = {
    "is": _is,
    "isnull": lambda args: args[0] is None,
    "same": _same,
    "distinct": lambda args: not _same(args),
    "num_nonnulls": lambda args: sum(arg is not None for arg in args),
    "num_nulls": lambda args: sum(arg is None for arg in args),
    "array": tuple,
    "tuple": tuple,
    # With NULL the databases differ: PostgreSQL ignores it, MySQL gives NULL.
    "greatest": lambda args: UNSURE if None in args else max(args),
    "least": lambda args: UNSURE if None in args else min(args),
    # SQLite before 3.45 takes NULL for no JSON, later versions give NULL.
    "json_valid": lambda args: UNSURE if args[0] is None else _json_ok(args[0]),
    "typeof": lambda args: _storage(args[0]),
    "concat": lambda args: "".join(str(arg) for arg in args if arg is not None),
    "ifnull": lambda args: args[1] if args[0] is None else args[0],
}


def _storage(value: Any) -> Any:
    """Returns SQLite's storage class of a value that fits its column."""
    if value is None:
        return "null"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, bytes):
        return "blob"
    return "real" if isinstance(value, float | Decimal) else "text"


def _cast(value: Any, type: str) -> Any:
    name = type.partition("(")[0].strip()
    if name in ("text", "varchar", "char", "citext", "bpchar", "character varying", "name"):
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else str(value)
    if name in ("int", "integer", "bigint", "smallint", "signed", "unsigned"):
        return int(value)
    if name in ("numeric", "decimal", "double precision", "double", "real", "float"):
        return value if isinstance(value, int | Decimal | float) else Decimal(str(value))
    if name == "date":
        return moment(value).date() if isinstance(value, str) else dt.date(value.year, value.month, value.day)
    if name.startswith(("timestamp", "datetime")):
        return moment(value) if isinstance(value, str) else value
    if name == "boolean":
        return bool(value)
    return value if isinstance(value, str) else UNSURE


def _number(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        return Decimal(value)
    return Decimal(str(value)) if isinstance(value, float) else value


def _part(name: str, value: Any) -> Any:
    value = moment(value) if isinstance(value, str) else value
    if name == "dow":
        return value.isoweekday() % 7
    if name == "isodow":
        return value.isoweekday()
    if name == "quarter":
        return (value.month + 2) // 3
    if name == "epoch":
        return int((value - dt.datetime(1970, 1, 1)).total_seconds())
    found: Any = getattr(value, name)
    return found


def _length(value: Any) -> int:
    return len(value)


def _bytes(value: Any) -> int:
    return len(value.encode() if isinstance(value, str) else value)


def _between(value: Any, low: Any, high: Any) -> bool:
    return compare(value, low) >= 0 and compare(value, high) <= 0


def _regex(value: str, pattern: str, flags: int = 0) -> bool:
    return re.search(python_regex(pattern), value, flags) is not None


@lru_cache(maxsize=1024)
def _like_pattern(pattern: str, flags: int) -> re.Pattern[str]:
    return re.compile(like_regex(pattern), flags | re.DOTALL)


def _like(value: str, pattern: str, flags: int = 0) -> bool:
    return _like_pattern(pattern, flags).fullmatch(value) is not None


def _glob(value: str, pattern: str) -> bool:
    parts = re.sub(r"\[\^", "[^", pattern)
    regex = "".join(
        piece if piece.startswith("[") else re.escape(piece).replace(r"\*", ".*").replace(r"\?", ".")
        for piece in re.split(r"(\[\^?\]?[^\]]*\])", parts)
    )
    return re.fullmatch(regex, value, re.DOTALL) is not None


def _json_kind(text: str, *path: Any) -> Any:
    if path:
        return UNSURE
    value = json.loads(text)
    if isinstance(value, bool):
        return "boolean"
    if value is None:
        return "null"
    for kind, name in (
        (dict, "object"),
        (list, "array"),
        (str, "string"),
        (int, "number"),
        (float, "number"),
    ):
        if isinstance(value, kind):
            return name
    return UNSURE


def _json_item(text: str, key: Any) -> Any:
    value = json.loads(text)
    if isinstance(key, str):
        for part in key.removeprefix("$").strip(".").split(".") if key.startswith("$") else [key]:
            if not isinstance(value, dict) or part not in value:
                return None
            value = value[part]
    else:
        value = value[key]
    return value


def _json_text(text: str, key: Any) -> Any:
    found = _json_item(text, key)
    return found if found is None or isinstance(found, str) else json.dumps(found)


def _json_ok(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _has_key(text: str, key: str) -> bool:
    value = json.loads(text)
    return isinstance(value, dict | list) and key in value


def _overlap(left: Any, right: Any) -> Any:
    (low, high), (other_low, other_high) = left, right
    return (other_high is None or low is None or compare(low, other_high) < 0) and (
        high is None or other_low is None or compare(other_low, high) < 0
    )


def span(low: Any, high: Any, _bounds: str = "[)") -> Any:
    """Returns a range as its two ends. Raises ValueError where the database would, too."""
    if compare(low, high) > 0:
        raise ValueError("range ends before it starts")
    return (low, high)


_STRICT: Final[dict[str, Callable[..., Any]]] = {
    "=": lambda a, b: compare(a, b) == 0,
    "<>": lambda a, b: compare(a, b) != 0,
    "<": lambda a, b: compare(a, b) < 0,
    "<=": lambda a, b: compare(a, b) <= 0,
    ">": lambda a, b: compare(a, b) > 0,
    ">=": lambda a, b: compare(a, b) >= 0,
    "between": _between,
    "not": lambda a: not a,
    "xor": lambda a, b: bool(a) is not bool(b),
    "neg": lambda a: -a,
    "+": lambda a, b: a + b if isinstance(a, dt.date) else _number(a) + _number(b),
    "-": lambda a, b: a - b if isinstance(a, dt.date) else _number(a) - _number(b),
    "*": lambda a, b: _number(a) * _number(b),
    "/": lambda a, b: UNSURE if isinstance(a, int) and isinstance(b, int) else _number(a) / _number(b),
    "%": lambda a, b: _number(a) % _number(b) if _number(a) >= 0 else -(-_number(a) % abs(_number(b))),
    "mod": lambda a, b: _number(a) % _number(b) if _number(a) >= 0 else -(-_number(a) % abs(_number(b))),
    "||": lambda a, b: str(a) + str(b),
    "like": _like,
    "ilike": lambda a, b: _like(a, b, re.IGNORECASE),
    "regex": _regex,
    "iregex": lambda a, b: _regex(a, b, re.IGNORECASE),
    "glob": _glob,
    "cast": _cast,
    "length": _length,
    "char_length": _length,
    "character_length": _length,
    "len": _length,
    "octet_length": _bytes,
    "lower": lambda a: a.lower() if isinstance(a, str) else a[0],
    "upper": lambda a: a.upper() if isinstance(a, str) else a[1],
    "lcase": lambda a: a.lower(),
    "ucase": lambda a: a.upper(),
    "trim": lambda a, chars=" ": a.strip(chars),
    "btrim": lambda a, chars=" ": a.strip(chars),
    "ltrim": lambda a, chars=" ": a.lstrip(chars),
    "rtrim": lambda a, chars=" ": a.rstrip(chars),
    "abs": lambda a: abs(_number(a)),
    "sign": lambda a: (a > 0) - (a < 0),
    "round": lambda a, digits=0: Decimal(_number(a)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP),
    "floor": lambda a: math.floor(_number(a)),
    "ceil": lambda a: math.ceil(_number(a)),
    "nullif": lambda a, b: None if compare(a, b) == 0 else a,
    "substring": lambda a, start, size=None: a[start - 1 : None if size is None else start - 1 + size],
    "substr": lambda a, start, size=None: a[start - 1 : None if size is None else start - 1 + size],
    "left": lambda a, size: a[:size],
    "right": lambda a, size: a[-size:] if size else "",
    "replace": lambda a, old, new: a.replace(old, new),
    "str_position": lambda a, part: a.find(part) + 1,
    "strpos": lambda a, part: a.find(part) + 1,
    "instr": lambda a, part: a.find(part) + 1,
    "starts_with": lambda a, part: a.startswith(part),
    "extract": _part,
    "date_part": _part,
    "year": lambda a: _part("year", a),
    "month": lambda a: _part("month", a),
    "day": lambda a: _part("day", a),
    "to_days": lambda a: a.toordinal() + 365,
    "ts_or_ds_to_date": lambda a: a,
    "date": lambda a: _cast(a, "date"),
    "json_type": lambda a, *path: _json_kind(a, *path),
    "json_typeof": _json_kind,
    "jsonb_typeof": _json_kind,
    "json_extract": _json_item,
    "->": lambda a, key: json.dumps(found) if (found := _json_item(a, key)) is not None else None,
    "->>": _json_text,
    "?": _has_key,
    "j_s_o_n_b_contains_top_key": _has_key,
    "cardinality": _length,
    "array_length": lambda a, _dimension=1: len(a) or None,
    "array_size": lambda a, _dimension=1: len(a) or None,
    "&&": _overlap,
    "tsrange": span,
    "tstzrange": span,
    "daterange": span,
    "int4range": span,
    "int8range": span,
    "numrange": span,
}
