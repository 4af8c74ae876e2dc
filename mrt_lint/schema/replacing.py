"""`replace` of dataclasses for values of which many copies are made: the same, in less than half the time."""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import replace as replace
else:
    _MAKERS: dict[type, tuple[attrgetter, dict[str, int], tuple[str, ...]]] = {}
    """By class: what reads all its fields, where each stands, and the names of those given by keyword."""

    def replace(value: Any, /, **changes: Any) -> Any:
        """Returns a copy with some fields replaced. Raises TypeError for a field that there is none of."""
        made = _MAKERS.get(type(value))
        if made is None:
            made = _MAKERS[type(value)] = _of(type(value))
        read, places, by_keyword = made
        values = list(read(value))
        try:
            for name, new in changes.items():
                values[places[name]] = new
        except KeyError as error:
            raise TypeError(f"{type(value).__name__} has no field {error} to replace") from None
        if not by_keyword:
            return type(value)(*values)
        first = len(values) - len(by_keyword)
        return type(value)(*values[:first], **dict(zip(by_keyword, values[first:], strict=True)))

    def _of(cls: type) -> tuple[attrgetter, dict[str, int], tuple[str, ...]]:
        given = [field for field in fields(cls) if field.init]
        ordered = [field.name for field in given if not field.kw_only]
        by_keyword = tuple(field.name for field in given if field.kw_only)
        names = [*ordered, *by_keyword]
        # One name alone would be read without a tuple around it.
        read = attrgetter(*names) if len(names) > 1 else lambda value: [getattr(value, one) for one in names]
        return read, {name: place for place, name in enumerate(names)}, by_keyword
