"""Settles operations in which part of the text is not known: what can be said of them, and what cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

from mrt_lint.ops.base import Operation
from mrt_lint.ops.control import Opaque
from mrt_lint.ops.data import Insert, Merge
from mrt_lint.ops.deletes import Delete, Truncate
from mrt_lint.ops.guard import Not, Test
from mrt_lint.ops.partly import CreatePartly
from mrt_lint.ops.tables import CreateTable
from mrt_lint.ops.updates import Update
from mrt_lint.schema.names import UNKNOWN, Name
from mrt_lint.schema.types import SqlType
from mrt_lint.sql.holes import is_hole

_BASE: Final = frozenset(field.name for field in fields(Operation))

_HARMLESS: Final = frozenset(
    {
        ("Update", "where"),
        ("Delete", "where"),
        ("Insert", "where"),
        ("Insert", "query"),
        ("Merge", "query"),
        ("Query", "query"),
        ("Expression", "sql"),
        ("CreateTableAs", "where"),
        ("CreateTableAs", "query"),
        ("AlterColumnType", "using"),
        ("AlterSequence", "change"),
        ("SetVariable", "value"),
        ("CreateTable", "comment"),
        ("SetTableComment", "comment"),
        ("Probe", "test"),
        ("Refuse", "message"),
        ("Opaque", "reason"),
        ("Opaque", "source"),
    }
)
"""Fields that are values or conditions: not knowing part of them changes neither names nor kinds."""

_READ_ONLY: Final = frozenset(
    {
        ("Update", "sources"),
        ("Delete", "sources"),
        ("Maintain", "target"),
        ("TransactionControl", "tables"),
    }
)
"""Fields that name tables which are only read, or locked."""

_TO_UNKNOWN: Final = frozenset(
    {
        ("Column", "default"),
        ("Column", "comment"),
        ("SetDefault", "default"),
        ("SetColumnComment", "comment"),
        ("CreateView", "query"),
        ("CreateView", "reads"),
        ("CreateView", "columns"),
        ("CreateFunction", "definition"),
        ("CreateTrigger", "definition"),
        ("SchemaObject", "definition"),
        ("CreateType", "labels"),
    }
)
"""Fields that may say that they are not known."""

_DATA: Final = (Insert, Update, Delete, Merge, Truncate)


class _Unsettled(Exception):  # noqa: N818
    """A part that must be known is not."""


def settle(operation: Operation) -> Operation:
    """Returns the operation with unknown parts marked as such, or an Opaque when they are essential.

    Of a table whose columns are not all known what is known is made nevertheless. What is not understood
    anyway says why in its own words; it may then be about any table.
    """
    if not _holed(operation):
        return operation
    if isinstance(operation, Opaque) and _holed(operation.tables):
        return replace(operation, tables=None)
    try:
        settled: Operation = _settled(operation)
    except _Unsettled as error:
        table = getattr(operation, "table", None)
        known = isinstance(table, Name) and not is_hole(table.name) and not is_hole(table.schema or "")
        base = {name: getattr(operation, name) for name in _BASE}
        facts = {
            **base,
            "conditional": False,
            "reason": f"{_kind(operation)} with {error} known only at run time",
            "tables": (table,) if known and isinstance(table, Name) else None,
            "data_only": isinstance(operation, _DATA),
        }
        if known and isinstance(operation, CreateTable):
            return CreatePartly(**facts, known=_known_part(operation))
        return Opaque(**facts)
    return settled


def _known_part(table: CreateTable) -> CreateTable:
    """Returns the CREATE TABLE with what is known of it."""
    return replace(
        table,
        columns=tuple(_those_known(table.columns)),
        constraints=tuple(_those_known(table.constraints)),
        indexes=tuple(_those_known(table.indexes)),
        comment=None,
        options=tuple(option for option in table.options if not _holed(option)),
        complete=False,
    )


def _those_known(parts: Iterable[Any]) -> Iterator[Any]:
    for part in parts:
        try:
            yield _settled(part)
        except _Unsettled:
            continue


def _kind(operation: Operation) -> str:
    """Returns the class name in words: `drop column`."""
    name = type(operation).__name__
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()


def _holed(value: Any) -> bool:
    """Returns whether a hole stands anywhere in a value."""
    if isinstance(value, str):
        return is_hole(value)
    if isinstance(value, (tuple, list)):
        return any(_holed(part) for part in value)
    if is_dataclass(value) and not isinstance(value, (type, Test, Not)):
        return any(_holed(getattr(value, field.name)) for field in fields(value) if field.name != "guard")
    return False


def _settled(value: Any) -> Any:
    changes: dict[str, Any] = {}
    kind = type(value).__name__
    for field in fields(value):
        if field.name in _BASE and isinstance(value, Operation):
            continue
        part = getattr(value, field.name)
        if not _holed(part) or (kind, field.name) in _HARMLESS or (kind, field.name) in _READ_ONLY:
            continue
        if (kind, field.name) in _TO_UNKNOWN:
            changes[field.name] = UNKNOWN
        elif isinstance(part, SqlType):
            changes[field.name] = _type(part)
        else:
            changes[field.name] = _inside(part, field.name)
    if kind == "Column" and changes.get("type") is UNKNOWN:
        # What stands where a type should be may well be the rest of the definition.
        changes.update(nullable=UNKNOWN, default=UNKNOWN)
    return replace(value, **changes) if changes else value


def _inside(part: Any, name: str) -> Any:
    """Returns a nested value settled; raises when it is a bare name or text that must be known."""
    if isinstance(part, tuple):
        return tuple(_inside(item, name) if _holed(item) else item for item in part)
    if is_dataclass(part) and not isinstance(part, (type, Name)):
        return _settled(part)
    raise _Unsettled(_WORDS.get(name, f"a {name}"))


_WORDS: Final = {"table": "a table name", "name": "a name", "new": "a new name", "columns": "column names"}


def _type(found: SqlType) -> Any:
    if is_hole(found.name) or is_hole(found.schema or ""):
        return UNKNOWN
    change: Callable[..., SqlType] = replace
    element = _type(found.element) if found.element is not None and _holed(found.element) else found.element
    if element is UNKNOWN:
        return UNKNOWN
    args = () if _holed(found.args) else found.args
    labels = () if _holed(found.labels) else found.labels
    collation = None if _holed(found.collation) else found.collation
    known = element == found.element and labels == found.labels and collation == found.collation
    return change(
        found, args=args, labels=labels, collation=collation, element=element, exact=False, sized=not known
    )
