"""Column definitions, as CREATE TABLE, ADD COLUMN, MODIFY and CHANGE have them."""

from __future__ import annotations

from dataclasses import field, replace
from typing import Final

from mrt_lint.classes import dataclass
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.names import UNKNOWN, Unknown
from mrt_lint.schema.objects import Column, Constraint, Generated, Index
from mrt_lint.schema.types import SqlType
from mrt_lint.sql.canonical import canonical_of, default_of
from mrt_lint.sql.constraints import read_reference, read_tail
from mrt_lint.sql.tokens import TokenReader
from mrt_lint.sql.types import is_serial, read_type, serial_base

_ATTRIBUTES: Final = (
    "CONSTRAINT",
    "NOT NULL",
    "NULL",
    "DEFAULT",
    "PRIMARY KEY",
    "UNIQUE",
    "CHECK",
    "REFERENCES",
    "COLLATE",
    "GENERATED",
    "AS",
    "AUTO_INCREMENT",
    "AUTOINCREMENT",
    "IDENTITY",
    "COMMENT",
    "ON UPDATE",
    "ON NULL",
    "KEY",
    "DEFERRABLE",
    "NOT DEFERRABLE",
    "INITIALLY",
    "STORAGE",
    "COMPRESSION",
    "COLUMN_FORMAT",
    "VISIBLE",
    "INVISIBLE",
    "ENABLE",
    "DISABLE",
    "NOVALIDATE",
    "FIRST",
    "AFTER",
    "VIRTUAL",
    "STORED",
    "ENFORCED",
    "NOT ENFORCED",
    "WITH VALUES",
    "SPARSE",
    "ROWGUIDCOL",
    "USING",
)
"""Words at which a column's default ends."""


@dataclass
class Definition:
    """A column with the constraints and indexes that are written with it.

    `said`: which of type, nullable, default were written (Oracle's MODIFY changes only these).
    """

    column: Column
    constraints: list[Constraint] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    said: set[str] = field(default_factory=set)

    def change(self, **fields: object) -> None:
        """Replaces fields of the column."""
        self.column = replace(self.column, **fields)  # type: ignore[arg-type]


def read_column(reader: TokenReader, name: str | None = None) -> Definition:
    """Reads a column definition to the reader's end; `name` None: it stands in front."""
    found = Definition(Column(name if name is not None else reader.identifier()))
    if not reader.done and not reader.at(*_ATTRIBUTES):
        _set_type(found, read_type(reader))
    elif reader.dialect == "sqlite":
        found.change(type=SqlType(""))  # SQLite's columns need no type.
    elif not reader.at("AS", "GENERATED") and reader.dialect != "oracle":
        raise reader.trouble("a type expected")
    label: str | None = None
    while not reader.done:
        label = _attribute(reader, found, label)
    if found.column.generated is None and any(item.kind == "primary" for item in found.constraints):
        _primary(found, reader)
    return found


def _set_type(found: Definition, written: SqlType) -> None:
    found.said.add("type")
    if is_serial(written):
        found.change(type=serial_base(written), autoincrement=True, nullable=False)
    else:
        found.change(type=written)


def _primary(found: Definition, reader: TokenReader) -> None:
    """Applies what a primary key means for its column: NOT NULL, and SQLite's rowid alias."""
    written = found.column.type
    if reader.dialect != "sqlite":
        found.change(nullable=False)
    elif isinstance(written, SqlType) and written.name == "integer":
        found.change(nullable=False, autoincrement=True)


def _attribute(reader: TokenReader, found: Definition, label: str | None) -> str | None:
    """Reads one attribute; returns the constraint name that waits for the next one."""
    name = found.column.name
    if reader.take("CONSTRAINT"):
        return reader.identifier()
    if reader.take("NOT NULL"):
        found.said.add("nullable")
        found.change(nullable=False)
        reader.take("NO INHERIT", "ENABLE", "DISABLE")
        _conflict(reader)
    elif reader.take("NULL"):
        found.said.add("nullable")
        found.change(nullable=True)
        _conflict(reader)
    elif reader.take("DEFAULT"):
        found.said.add("default")
        reader.take("ON NULL")
        found.change(default=read_default(reader, found.column.type))
    elif reader.take("PRIMARY KEY", "KEY"):
        reader.take("CLUSTERED", "NONCLUSTERED")
        reader.take("ASC", "DESC")
        _add(found, reader, Constraint("primary", label, (name,)))
        if reader.take("AUTOINCREMENT"):
            found.change(autoincrement=True)
        _conflict(reader)
    elif reader.take("UNIQUE"):
        reader.take("KEY")
        apart = bool(reader.take("NULLS NOT DISTINCT"))
        _add(found, reader, Constraint("unique", label, (name,), nulls_not_distinct=apart))
    elif reader.take("CHECK"):
        _add(found, reader, Constraint("check", label, expression=canonical_of(reader.parens())))
    elif reader.take("REFERENCES") or reader.take("FOREIGN KEY REFERENCES"):
        found.constraints.append(read_reference(reader, Constraint("foreign", label, (name,))))
    elif (
        reader.at("DEFERRABLE", "NOT DEFERRABLE", "INITIALLY", "NOT ENFORCED", "ENFORCED")
        and found.constraints
    ):
        position = reader.position
        found.constraints[-1] = read_tail(reader, found.constraints[-1])
        if reader.position == position:
            raise reader.trouble("not understood")
    elif reader.take("COLLATE"):
        collation = ".".join(reader.path())
        if isinstance(found.column.type, SqlType):
            found.change(type=replace(found.column.type, collation=collation))
    elif reader.take("COMMENT"):
        found.change(comment=reader.string())
    elif reader.take("ON UPDATE"):
        _on_update(reader, found)
    elif not (_generation(reader, found) or _physical(reader)):
        raise reader.trouble("not understood")
    return None


def _add(found: Definition, reader: TokenReader, constraint: Constraint) -> None:
    found.constraints.append(constraint)
    if not reader.at("ON UPDATE", "COMMENT", "ENABLE", "DISABLE", "ASC", "AUTOINCREMENT"):
        found.constraints[-1] = read_tail(reader, constraint)


def _conflict(reader: TokenReader) -> None:
    """Moves past SQLite's ON CONFLICT of a column constraint."""
    if reader.take("ON CONFLICT"):
        reader.next()


def read_default(reader: TokenReader, column: SqlType | Unknown) -> str | None:
    """Reads a default up to the next attribute; NULL is no default."""
    body = reader.until(*_ATTRIBUTES, at_least=1)
    if not body.items:
        raise reader.trouble("a default expected")
    text = default_of(body, column if isinstance(column, SqlType) else None)
    return None if text.upper() == "NULL" or text.upper().startswith("CAST(NULL AS ") else text


def _on_update(reader: TokenReader, found: Definition) -> None:
    """MySQL keeps ON UPDATE CURRENT_TIMESTAMP with the default, and prints it behind it."""
    text = "ON UPDATE " + default_of(reader.until(*_ATTRIBUTES, at_least=1), None)
    default = found.column.default
    found.change(default=f"{default} {text}" if isinstance(default, str) else text)


def _generation(reader: TokenReader, found: Definition) -> bool:
    """Reads identity and generated columns in all their spellings."""
    if reader.take("AUTO_INCREMENT", "AUTOINCREMENT"):
        found.change(autoincrement=True)
        return True
    if reader.take("IDENTITY"):
        if reader.at("("):
            reader.parens()
        reader.take("NOT FOR REPLICATION")
        found.change(autoincrement=True, nullable=False)
        return True
    kind = identity_kind(reader)
    if kind:
        found.change(identity=kind, nullable=False)
        return True
    if reader.take("GENERATED ALWAYS AS", "AS"):
        expression = canonical_of(reader.parens())
        kept = reader.take("STORED", "PERSISTED", "PERSISTENT", "VIRTUAL")
        default_kept = reader.dialect == "postgresql" and kept is None
        found.change(
            generated=Generated(expression, default_kept or kept in ("STORED", "PERSISTED", "PERSISTENT"))
        )
        if found.column.type is UNKNOWN and reader.dialect in ("sqlite", "mssql"):
            found.change(type=SqlType(""))
        return True
    return False


def identity_kind(reader: TokenReader) -> str | None:
    """Reads GENERATED .. AS IDENTITY [(options)]; returns "always", "by default" or None."""
    always = reader.take("GENERATED ALWAYS AS IDENTITY", "GENERATED AS IDENTITY")
    by_default = None
    if not always:
        by_default = reader.take(
            "GENERATED BY DEFAULT AS IDENTITY", "GENERATED BY DEFAULT ON NULL AS IDENTITY"
        )
    if not (always or by_default):
        return None
    if reader.at("("):
        reader.parens()
    return "always" if always else "by default"


def _physical(reader: TokenReader) -> bool:
    """Moves past one attribute about storage or display only."""
    if reader.take("STORAGE", "COMPRESSION", "COLUMN_FORMAT", "SRID"):
        reader.next()
        return True
    return bool(
        reader.take(
            "VISIBLE",
            "INVISIBLE",
            "ENABLE",
            "NOVALIDATE",
            "WITH VALUES",
            "SPARSE",
            "ROWGUIDCOL",
            "NO INHERIT",
        )
    )


def split_position(reader: TokenReader) -> TokenReader:
    """Returns a reader of a column definition without MySQL's FIRST / AFTER at its end."""
    body = reader.rest()
    last = body.items
    if body.dialect in MYSQL:
        if last and last[-1].upper == "FIRST":
            return body.sub(0, len(last) - 1)
        if len(last) > 1 and last[-2].upper == "AFTER":
            return body.sub(0, len(last) - 2)
    return body
