"""Writes and reads Lowered values as plain JSON data, for the cache and for other processes.

Every frozen dataclass becomes `{"@": "ClassName", field: value, ...}` without the fields that hold
their default; tuples become lists; the few other types have a tag of their own.
"""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any

from mrt_lint import lowered as _lowered
from mrt_lint import ops
from mrt_lint.lowered import Lowered
from mrt_lint.ops import guard, span
from mrt_lint.schema import names, objects, origin, types
from mrt_lint.schema.names import UNKNOWN

FORMAT = 1
"""Raised whenever the meaning of the data changes; readers refuse another number."""

_MODULES = (_lowered, ops, guard, span, names, objects, origin, types)


@cache
def _classes() -> dict[str, type]:
    return {
        name: value
        for module in _MODULES
        for name, value in vars(module).items()
        if isinstance(value, type) and dataclasses.is_dataclass(value)
    }


@cache
def _fields(cls: type) -> tuple[tuple[str, Any], ...]:
    found = []
    for field in dataclasses.fields(cls):
        default = field.default if field.default_factory is dataclasses.MISSING else field.default_factory()
        found.append((field.name, default))
    return tuple(found)


def to_data(value: Any) -> Any:
    """Returns plain JSON data for a value made of our dataclasses, tuples, strings, numbers and UNKNOWN.

    Raises `TypeError` for anything else: what cannot be written must not get into a Lowered.
    """
    if value is None or isinstance(value, str | int | float):
        return value
    if value is UNKNOWN:
        return {"@": "UNKNOWN"}
    if isinstance(value, tuple):
        return [to_data(item) for item in value]
    if isinstance(value, dict):
        return {"@": "dict", "items": [[to_data(key), to_data(item)] for key, item in value.items()]}
    if isinstance(value, frozenset):
        return {"@": "set", "items": sorted((to_data(item) for item in value), key=repr)}
    if (
        dataclasses.is_dataclass(value)
        and not isinstance(value, type)
        and _classes().get(type(value).__name__) is type(value)
    ):
        data: dict[str, Any] = {"@": type(value).__name__}
        for name, default in _fields(type(value)):
            item = getattr(value, name)
            if item is not default and item != default:
                data[name] = to_data(item)
        return data
    raise TypeError(f"{type(value).__name__} cannot be written")


def from_data(data: Any) -> Any:
    """Returns the value that `to_data` was given. Raises `ValueError` for data it did not write."""
    if isinstance(data, list):
        return tuple(from_data(item) for item in data)
    if not isinstance(data, dict):
        return data
    tag = data.get("@")
    if tag == "UNKNOWN":
        return UNKNOWN
    if tag == "dict":
        return {from_data(key): from_data(item) for key, item in data["items"]}
    if tag == "set":
        return frozenset(from_data(item) for item in data["items"])
    cls = _classes().get(str(tag))
    if cls is None:
        raise ValueError(f"unknown class {tag!r}")
    try:
        return cls(**{name: from_data(item) for name, item in data.items() if name != "@"})
    except TypeError as error:
        raise ValueError(f"{tag}: {error}") from error


def dump_lowered(value: Lowered) -> dict[str, Any]:
    """Returns a Lowered as plain JSON data with its format number."""
    return {"format": FORMAT, "lowered": to_data(value)}


def load_lowered(data: dict[str, Any]) -> Lowered:
    """Returns the Lowered written by `dump_lowered`. Raises `ValueError` for another format."""
    if data.get("format") != FORMAT:
        raise ValueError(f"format {data.get('format')!r} is not {FORMAT}")
    value = from_data(data["lowered"])
    if not isinstance(value, Lowered):
        raise ValueError("not a Lowered")
    return value
