"""What a type change does to values in SQLite, where only a new table can have another type.

Alembic's batch fills it with CAST(column AS type), but without CAST between two types of one family of
SQLAlchemy and to JSON (`alembic/ddl/sqlite.py`, cast_for_batch_migrate). A copy written in SQL only stores
the value, to which the affinity of the new column applies. Facts: SQLite, "Datatypes" section 3 and
"CAST expressions".
"""

from __future__ import annotations

from typing import Final, Literal

from mrt_lint.schema.effects import BINARIES, DATES, INTEGERS, Effect, digits
from mrt_lint.schema.types import SqlType

Form = Literal["small", "integer", "decimal", "real", "text", "moment", "json", "blob"]
"""What the values of a column are: `moment` is a date or time in ISO 8601, `small` has at most 32 bits."""

_EXACT: Final = 15
"""Digits of a number that pass through a float, and that SQLite writes of one."""


def affinity(kind: SqlType) -> str:
    """Returns SQLite's affinity of a declared type ("Datatypes in SQLite", section 3.1)."""
    name = kind.name.upper()
    if "INT" in name:
        return "INTEGER"
    if any(word in name for word in ("CHAR", "CLOB", "TEXT")):
        return "TEXT"
    if "BLOB" in name or not name:
        return "BLOB"
    if any(word in name for word in ("REAL", "FLOA", "DOUB")):
        return "REAL"
    return "NUMERIC"


def sqlite(old: SqlType, new: SqlType, copied: bool | None) -> Effect:
    """Returns the effect of a change there and back; `copied`: by storing alone, None: one way only."""
    form = _form(old)
    if form is None:
        return Effect.LOSSLESS if _family(old) == _family(new) is not None else Effect.UNKNOWN
    if _family(old) == _family(new) and affinity(old) == affinity(new):
        return Effect.LOSSLESS
    if copied is None and "BLOB" in (affinity(old), affinity(new)):
        return Effect.UNKNOWN  # a blob made by CAST stays one where it is stored
    return (_stored if copied else _cast)(form, old, new)


def _form(kind: SqlType) -> Form | None:
    """Returns what values of the type are, None where they can be anything."""
    named: dict[str, Form] = {"boolean": "small", "numeric": "decimal", "json": "json"}
    if kind.name in DATES:
        return "moment"
    if kind.name in named:
        return named[kind.name]
    if kind.name in BINARIES:
        return "blob" if affinity(kind) in {"BLOB", "NUMERIC"} else None
    if kind.name in INTEGERS:
        return "small" if INTEGERS[kind.name] < INTEGERS["integer"] else "integer"
    forms: dict[str, Form] = {"INTEGER": "integer", "TEXT": "text", "REAL": "real"}
    return forms.get(affinity(kind))


def _family(kind: SqlType) -> str | None:
    """Returns SQLAlchemy's family of the type, None if the name tells none."""
    if kind.name in DATES:
        return "datetime" if kind.name in {"datetime", "timestamp", "timestamptz"} else kind.name
    if kind.name in {"boolean", "numeric", "json"}:
        return kind.name
    if kind.name in BINARIES:
        return "binary"
    return {"INTEGER": "integer", "TEXT": "string", "REAL": "float"}.get(affinity(kind))


def _cast(form: Form, old: SqlType, new: SqlType) -> Effect:
    """CAST there and CAST back; only text can be changed by the way back, a moment always is."""
    target = affinity(new)
    if form in {"small", "integer", "decimal", "real"}:
        return _number(form, old, target, whole=target == "INTEGER")
    if form == "text" or (form == "blob" and target == "TEXT"):
        if new.name == "json":  # stored without CAST
            return Effect.UNKNOWN
        return Effect.LOSSLESS if target in {"TEXT", "BLOB"} else Effect.LOSSY
    if form == "blob":
        return Effect.LOSSLESS if new.name == "json" or target == "BLOB" else Effect.LOSSY
    if form == "json" and target == "TEXT":
        # A number alone at the top is a float, of which 15 digits are written.
        return Effect.UNKNOWN
    return Effect.LOSSY


def _stored(form: Form, old: SqlType, new: SqlType) -> Effect:
    """Storing there and back: a text that looks like a number becomes one, a number may become text."""
    target = affinity(new)
    if target == "BLOB" or form in {"moment", "blob"}:
        return Effect.LOSSLESS
    if form in {"small", "integer", "decimal", "real"}:
        return _number(form, old, target, whole=False)
    if form == "json":
        return Effect.UNKNOWN if target in {"TEXT", "REAL"} else Effect.LOSSLESS
    if new.name == "json":
        return Effect.UNKNOWN
    return Effect.LOSSLESS if target == "TEXT" else Effect.LOSSY


def _number(form: Form, old: SqlType, target: str, whole: bool) -> Effect:
    """Returns what a number loses; `whole`: the part behind the point is cut off."""
    size = digits(old, "sqlite") if form == "decimal" else None
    short = size is not None and sum(size) <= _EXACT
    if form == "small" or target == "NUMERIC":
        return Effect.LOSSLESS
    if form == "integer":
        return Effect.LOSSY if target == "REAL" else Effect.LOSSLESS
    if whole:
        return Effect.LOSSLESS if short and size is not None and size[1] == 0 else Effect.LOSSY
    if form == "decimal":
        return Effect.LOSSLESS if short or target == "INTEGER" else Effect.LOSSY
    return Effect.LOSSY if target in {"TEXT", "BLOB"} else Effect.LOSSLESS
