"""Constraints inside CREATE TABLE, ALTER TABLE and column definitions."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.objects import Constraint, Index
from mrt_lint.sql.canonical import canonical_of
from mrt_lint.sql.indexes import index_tail, is_plain, read_parts
from mrt_lint.sql.tokens import TokenReader

_ACTIONS: Final = ("NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT")

STARTS: Final = ("CONSTRAINT", "PRIMARY KEY", "FOREIGN KEY", "CHECK", "EXCLUDE", "UNIQUE")
MYSQL_STARTS: Final = ("KEY", "INDEX", "FULLTEXT", "SPATIAL")


def starts_constraint(reader: TokenReader) -> bool:
    """Returns whether a table constraint (or MySQL's index clause) stands here, not a column."""
    if reader.at(*STARTS):
        return True
    if reader.dialect in MYSQL and reader.at(*MYSQL_STARTS):
        return True
    return reader.dialect == "mssql" and reader.at("INDEX") is not None


def read_constraint(reader: TokenReader) -> Constraint | Index:
    """Reads one table constraint to the reader's end; MySQL's KEY comes back as an Index."""
    name = None
    if reader.take("CONSTRAINT") and not reader.at(*STARTS[1:]):
        name = reader.identifier()
    if reader.take("PRIMARY KEY"):
        return _key(reader, Constraint("primary", name))
    if reader.at("UNIQUE"):
        return _unique(reader, name)
    if reader.take("FOREIGN KEY"):
        if not reader.at("("):
            written = reader.identifier()  # MySQL's name for the index behind it.
            name = name or written
        found = Constraint("foreign", name, reader.listed())
        reader.expect("REFERENCES")
        return read_reference(reader, found)
    if reader.take("CHECK"):
        reader.take("NOT FOR REPLICATION")
        found = Constraint("check", name, expression=canonical_of(reader.parens()))
        return read_tail(reader, found)
    if reader.take("EXCLUDE"):
        return _exclusion(reader, name)
    if reader.dialect in MYSQL or reader.dialect == "mssql":
        return _inline_index(reader, name)
    raise reader.trouble("a constraint expected")


def _key(reader: TokenReader, found: Constraint) -> Constraint:
    """Reads the columns of a primary key, or USING INDEX."""
    if reader.take("USING INDEX"):
        return read_tail(reader, replace(found, index=reader.identifier()))
    reader.take("CLUSTERED", "NONCLUSTERED")
    _method(reader)
    if not reader.at("(") and reader.dialect in MYSQL:
        reader.identifier()  # MySQL takes a name for the primary key and ignores it.
        _method(reader)
    parts = tuple(_column_only(part) for part in read_parts(reader.parens()))
    return read_tail(reader, replace(found, columns=parts))


def _column_only(part: str) -> str:
    return part.removesuffix(" DESC")


def _method(reader: TokenReader) -> str | None:
    return reader.identifier().lower() if reader.take("USING") else None


def _unique(reader: TokenReader, name: str | None) -> Constraint | Index:
    reader.expect("UNIQUE")
    found = Constraint("unique", name)
    if reader.take("NULLS NOT DISTINCT"):
        found = replace(found, nulls_not_distinct=True)
    reader.take("NULLS DISTINCT")
    if reader.take("USING INDEX"):
        return read_tail(reader, replace(found, index=reader.identifier()))
    reader.take("KEY", "INDEX")
    reader.take("CLUSTERED", "NONCLUSTERED")
    if not reader.at("(", "USING"):
        written = reader.identifier()
        found = found if found.name else replace(found, name=written)
    _method(reader)
    parts = read_parts(reader.parens())
    if all(is_plain(part) for part in parts):
        return read_tail(reader, replace(found, columns=tuple(_column_only(part) for part in parts)))
    index = index_tail(reader, Index(found.name, parts, unique=True))
    reader.end()
    return index


def _exclusion(reader: TokenReader, name: str | None) -> Constraint:
    method = "gist"
    if reader.take("USING"):
        method = reader.identifier()
    elements = []
    for element in reader.parens().split():
        expression = element.until("WITH")
        element.expect("WITH")
        operator = element.rest().text()
        if len(parts := read_parts(expression)) != 1:
            raise element.trouble("an element expected")
        elements.append(f"{parts[0]} WITH {operator}")
    text = f"USING {method} ({', '.join(elements)})"
    found = Constraint("exclude", name, expression=text)
    _storage(reader)
    if reader.take("WHERE"):
        found = replace(found, expression=f"{text} WHERE ({canonical_of(reader.parens())})")
    return read_tail(reader, found)


def _inline_index(reader: TokenReader, name: str | None) -> Index:
    kind = reader.take("FULLTEXT", "SPATIAL")
    reader.take("INDEX", "KEY")
    if reader.take("IF NOT EXISTS"):
        pass
    unique = bool(reader.take("UNIQUE"))
    reader.take("CLUSTERED", "NONCLUSTERED")
    if not reader.at("(", "USING"):
        name = reader.identifier()
    method = kind.lower() if kind else _method(reader)
    parts = read_parts(reader.parens())
    index = index_tail(
        reader, Index(name, parts, unique=unique, method=None if method == "btree" else method)
    )
    reader.end()
    return index


def read_reference(reader: TokenReader, found: Constraint) -> Constraint:
    """Reads what follows REFERENCES."""
    found = replace(found, kind="foreign", ref_table=reader.name())
    if reader.at("("):
        found = replace(found, ref_columns=reader.listed())
    return read_tail(reader, found)


def read_tail(reader: TokenReader, found: Constraint) -> Constraint:
    """Reads the attributes behind a constraint; what means nothing here is passed over."""
    while True:
        if reader.take("ON DELETE"):
            found = replace(found, ondelete=_action(reader))
        elif reader.take("ON UPDATE"):
            found = replace(found, onupdate=_action(reader))
        elif reader.take("MATCH"):
            match = reader.expect("FULL", "PARTIAL", "SIMPLE")
            found = replace(found, match=None if match == "SIMPLE" else match)
        elif reader.take("NOT DEFERRABLE"):
            found = replace(found, deferrable=False)
        elif reader.take("DEFERRABLE"):
            found = replace(found, deferrable=True)
        elif reader.take("INITIALLY DEFERRED"):
            found = replace(found, deferrable=True, initially="DEFERRED")
        elif reader.take("NOT VALID", "NOT ENFORCED") or reader.take(
            "ENABLE NOVALIDATE", "DISABLE", "NOVALIDATE"
        ):
            found = replace(found, validated=False)
        elif not _meaningless(reader):
            return found


def _meaningless(reader: TokenReader) -> bool:
    """Moves past one attribute that changes neither what is enforced nor what is stored."""
    if reader.take(
        "INITIALLY IMMEDIATE",
        "NO INHERIT",
        "ENFORCED",
        "ENABLE",
        "VALIDATE",
        "RELY",
        "NORELY",
        "NULLS DISTINCT",
        "NOT FOR REPLICATION",
        "ASC",
        "AUTOINCREMENT",
    ):
        return True
    if reader.take("ON CONFLICT", "KEY_BLOCK_SIZE =", "KEY_BLOCK_SIZE", "USING INDEX TABLESPACE", "COMMENT"):
        reader.next()
        return True
    if reader.at("USING BTREE", "USING HASH"):
        reader.next()
        reader.next()
        return True
    if reader.take("INCLUDE"):
        reader.parens()
        return True
    if reader.take("USING INDEX"):
        return True
    if reader.dialect == "mssql" and reader.take("ON"):
        reader.identifier()
        return True
    return _storage(reader)


def _storage(reader: TokenReader) -> bool:
    if reader.at("WITH ("):
        reader.next()
        reader.parens()
        return True
    return False


def _action(reader: TokenReader) -> str | None:
    """Reads a referential action; NO ACTION is the default and reads as None."""
    action = reader.expect(*_ACTIONS)
    if action.startswith("SET ") and reader.at("("):
        action += " (" + ", ".join(reader.listed()) + ")"
    return None if action == "NO ACTION" else action
