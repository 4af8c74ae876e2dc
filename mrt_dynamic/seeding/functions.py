"""What SQL's operators and functions make of values, by the names that `conditions.Op` gives them."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, Final

from mrt_dynamic.seeding.comparing import UNSURE, compare, moment
from mrt_dynamic.seeding.patterns import like_regex, python_regex


def _is(args: Sequence[Any]) -> bool:
    value, asked = args
    return value is None if asked is None else value is not None and bool(value) is bool(asked)


def _same(args: Sequence[Any]) -> bool:
    if None in args:
        return args[0] is None and args[1] is None
    return compare(args[0], args[1]) == 0


NULL_SAFE: Final[dict[str, Callable[[Sequence[Any]], Any]]] = {
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


STRICT: Final[dict[str, Callable[..., Any]]] = {
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
