"""Types, sequences, schemas, extensions and other objects: created, altered, dropped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mrt_lint.ops.base import Operation
from mrt_lint.ops.enums import AddEnumValue, CreateType, DropType, RenameEnumValue
from mrt_lint.ops.objects import AlterObject, CreateObject, DropObject, RenameObject
from mrt_lint.ops.sequences import AlterSequence, CreateSequence, DropSequence
from mrt_lint.schema.names import UNKNOWN, Kind, Name
from mrt_lint.schema.objects import SchemaObject
from mrt_lint.sql.canonical import canonical_of
from mrt_lint.sql.holes import is_hole
from mrt_lint.sql.statement import Handler, Handlers, Statement
from mrt_lint.sql.tokens import TokenReader

# Types


def create_type(statement: Statement) -> Iterator[Operation]:
    """CREATE TYPE: an enum with its labels, anything else by its definition."""
    reader = statement.reader
    conditional = reader.conditional()
    name = reader.name()
    if reader.take("AS ENUM"):
        labels = tuple(map(_label, reader.parens().split()))
        reader.end()
        known = UNKNOWN if None in labels else labels
        yield statement.make(CreateType, type=name, labels=known, conditional=conditional)
        return
    yield statement.make(CreateType, type=name, definition=reader.rest().text(), conditional=conditional)


def _label(reader: TokenReader) -> str | None:
    """Returns a label of an enum, None where one or more are put in when it runs."""
    item = reader.peek()
    known = item is None or item.kind != "word" or not is_hole(item.text)
    label = reader.string() if known else reader.next().text
    reader.end()
    return label if known else None


def create_domain(statement: Statement) -> Iterator[Operation]:
    """CREATE DOMAIN."""
    reader = statement.reader
    name = reader.name()
    rest = reader.rest()
    yield statement.make(CreateType, type=name, definition="DOMAIN " + rest.text(), **_parts_of_domain(rest))


def _parts_of_domain(reader: TokenReader) -> dict[str, Any]:
    """Returns the default of a domain and the type under it, as far as they are there."""
    parts: dict[str, Any] = {}
    parts_reader = reader.sub(0, len(reader.items))
    parts_reader.take("AS")
    base = parts_reader.until("DEFAULT", "CHECK", "NOT NULL", "NULL", "CONSTRAINT", "COLLATE")
    if len(base.items) in (1, 3):  # `name` or `schema.name`; a type of more words is no domain.
        parts["base"] = base.name()
    parts_reader.until("DEFAULT")
    if parts_reader.take("DEFAULT"):
        # Some value stands there, if only NULL, before a constraint can.
        default = parts_reader.until("CHECK", "NOT NULL", "NULL", "CONSTRAINT", at_least=1).text()
        parts["default"] = None if default.upper() == "NULL" else default
    return parts


def alter_type(statement: Statement) -> Iterator[Operation]:
    """ALTER TYPE: values of an enum, names, attributes."""
    reader = statement.reader
    name = reader.name()
    if reader.take("ADD VALUE"):
        conditional = reader.conditional()
        label = reader.string()
        where = reader.take("BEFORE", "AFTER")
        fields = {where.lower(): reader.string()} if where else {}
        reader.end()
        yield statement.make(AddEnumValue, type=name, label=label, conditional=conditional, **fields)
    elif reader.take("RENAME VALUE"):
        label = reader.string()
        reader.expect("TO")
        new = reader.string()
        reader.end()
        yield statement.make(RenameEnumValue, type=name, label=label, new=new)
    else:
        yield altered(statement, "type", name, False)


# Sequences


def create_sequence(statement: Statement) -> Iterator[Operation]:
    """CREATE SEQUENCE; options that say the default are dropped by nobody: the text is compared."""
    reader = statement.reader
    conditional = reader.conditional()
    name = reader.name()
    yield statement.make(
        CreateSequence, sequence=name, definition=reader.rest().text(), conditional=conditional
    )


def alter_sequence(statement: Statement) -> Iterator[Operation]:
    """ALTER SEQUENCE; RESTART alone only moves it."""
    reader = statement.reader
    conditional = reader.conditional()
    name = reader.name()
    if reader.at("RENAME", "SET SCHEMA", "OWNER TO", "SET LOGGED", "SET UNLOGGED"):
        yield altered(statement, "sequence", name, conditional)
        return
    start = reader.position
    position = False
    if reader.take("RESTART WITH", "RESTART"):
        if not reader.done:
            reader.take("-")
            reader.next()
        position = reader.done
    reader.position = start
    change = reader.rest().text()
    yield statement.make(
        AlterSequence, sequence=name, change=change, position=position, conditional=conditional
    )


# What many kinds share


def _drop(kind: Kind, prefix: str = "") -> Handler:
    """Returns a handler for DROP <kind> a, b [CASCADE]."""

    def lower(statement: Statement) -> Iterator[Operation]:
        for name, cascade, conditional in _names(statement):
            named = name if not prefix else Name(f"{prefix} {name.name}", name.schema)
            yield statement.make(DropObject, kind=kind, name=named, cascade=cascade, conditional=conditional)

    return lower


def dropping(operation: Any, field: str, **fields: Any) -> Handler:
    """Returns a handler for DROP of a kind with an operation of its own."""

    def lower(statement: Statement) -> Iterator[Operation]:
        found = list(_names(statement))
        together = {"along": tuple(name for name, _, _ in found)} if field == "view" and found[1:] else {}
        for name, cascade, conditional in found:
            made = {field: name, "cascade": cascade, "conditional": conditional, **fields, **together}
            yield statement.make(operation, **made)

    return lower


def _names(statement: Statement) -> Iterator[tuple[Name, bool, bool]]:
    reader = statement.reader
    conditional = reader.conditional()
    names = [reader.name()]
    while reader.take(","):
        names.append(reader.name())
    cascade = (reader.take("CASCADE CONSTRAINTS", "CASCADE", "RESTRICT", "FORCE") or "").startswith("CASCADE")
    reader.end()
    for name in names:
        yield name, cascade, conditional


def alter(kind: Kind, prefix: str = "") -> Handler:
    """Returns a handler for ALTER <kind>: renaming, SET SCHEMA, and anything else as text."""

    def lower(statement: Statement) -> Iterator[Operation]:
        conditional = statement.reader.conditional()
        name = statement.reader.name()
        if prefix:
            name = Name(f"{prefix} {name.name}", name.schema)
        yield altered(statement, kind, name, conditional)

    return lower


def altered(statement: Statement, kind: Kind, name: Name, conditional: bool) -> Operation:
    """Returns what an ALTER of any kind of object does, read from behind the name."""
    reader = statement.reader
    fields: dict[str, Any] = {"kind": kind, "name": name, "conditional": conditional}
    new: Name | None = None
    if reader.take("RENAME TO"):
        new = name.renamed(_prefixed(name, reader.identifier()))
    elif reader.take("SET SCHEMA"):
        new = Name(name.name, reader.identifier())
    if new is not None:
        reader.end()
        return statement.make(RenameObject, new=new, **fields)
    if reader.done:
        raise reader.trouble("a change expected")
    return statement.make(AlterObject, change=reader.rest().text(), **fields)


def _prefixed(old: Name, new: str) -> str:
    """Returns a new name with the kind that stands before the old one (`rule x`)."""
    kind, space, _ = old.name.rpartition(" ")
    return f"{kind}{space}{new}" if kind in _OTHER_KINDS.values() else new


def create_schema(statement: Statement) -> Iterator[Operation]:
    """CREATE SCHEMA, without the objects that the standard allows inside it."""
    reader = statement.reader
    conditional = reader.conditional()
    name: str | None = None
    if not reader.at("AUTHORIZATION"):
        name = reader.identifier()
    if reader.take("AUTHORIZATION"):
        owner = reader.identifier()
        name = name or owner
    reader.end()
    found = SchemaObject("schema", Name(name or ""), definition="")
    yield statement.make(CreateObject, object=found, conditional=conditional)


def create_extension(statement: Statement) -> Iterator[Operation]:
    """CREATE EXTENSION."""
    reader = statement.reader
    conditional = reader.conditional()
    found = SchemaObject("extension", Name(reader.identifier()), definition=reader.rest().text())
    yield statement.make(CreateObject, object=found, conditional=conditional)


def create_on_table(kind: Kind, prefix: str = "", before: str = "ON") -> Handler:
    """Returns a handler for objects that belong to the table named behind `before`: policies, rules."""

    def lower(statement: Statement) -> Iterator[Operation]:
        reader = statement.reader
        conditional = reader.conditional()
        name = f"{prefix}{reader.identifier()}"
        start = reader.position
        reader.until(before)
        reader.expect(before)
        table = reader.name()
        reader.position = start
        found = SchemaObject(kind, Name(name), definition=_clauses(reader), table=table)
        replace = "OR REPLACE" in statement.modifiers
        yield statement.make(CreateObject, object=found, replace=replace, conditional=conditional)

    return lower


def _clauses(reader: TokenReader) -> str:
    """Returns a definition as text, with bracketed conditions in canonical spelling."""
    parts: list[str] = []
    while not reader.done:
        before = reader.until("USING (", "WITH CHECK (")
        parts.append(before.text())
        phrase = reader.take("USING", "WITH CHECK")
        if phrase:
            parts.append(f"{phrase} ({canonical_of(reader.parens())})")
    return " ".join(part for part in parts if part)


def drop_on_table(kind: Kind, prefix: str = "") -> Handler:
    """Returns a handler for DROP POLICY p ON t."""

    def lower(statement: Statement) -> Iterator[Operation]:
        reader = statement.reader
        conditional = reader.conditional()
        name = f"{prefix}{reader.identifier()}"
        reader.expect("ON")
        table = reader.name()
        cascade = reader.take("CASCADE", "RESTRICT") == "CASCADE"
        reader.end()
        yield statement.make(
            DropObject, kind=kind, name=Name(name), table=table, cascade=cascade, conditional=conditional
        )

    return lower


def alter_on_table(kind: Kind, prefix: str = "") -> Handler:
    """Returns a handler for ALTER POLICY p ON t ...."""

    def lower(statement: Statement) -> Iterator[Operation]:
        reader = statement.reader
        conditional = reader.conditional()
        name = Name(f"{prefix}{reader.identifier()}")
        reader.expect("ON")
        fields: dict[str, Any] = {
            "kind": kind,
            "name": name,
            "table": reader.name(),
            "conditional": conditional,
        }
        if reader.take("RENAME TO"):
            new = Name(prefix + reader.identifier())
            reader.end()
            yield statement.make(RenameObject, new=new, **fields)
        else:
            yield statement.make(AlterObject, change=_clauses(reader), **fields)

    return lower


def _create_other(prefix: str) -> Handler:
    def lower(statement: Statement) -> Iterator[Operation]:
        reader = statement.reader
        conditional = reader.conditional()
        name = reader.name()
        found = SchemaObject(
            "other", Name(f"{prefix} {name.name}", name.schema), definition=reader.rest().text()
        )
        replace = "OR REPLACE" in statement.modifiers
        yield statement.make(CreateObject, object=found, replace=replace, conditional=conditional)

    return lower


_OTHER_KINDS: Final = {
    "COLLATION": "collation",
    "CONVERSION": "conversion",
    "EVENT TRIGGER": "event trigger",
    "EVENT": "event",
    "FOREIGN DATA WRAPPER": "foreign data wrapper",
    "FOREIGN TABLE": "foreign table",
    "LANGUAGE": "language",
    "PUBLICATION": "publication",
    "ROLE": "role",
    "USER": "role",
    "GROUP": "role",
    "SERVER": "server",
    "STATISTICS": "statistics",
    "SUBSCRIPTION": "subscription",
    "SYNONYM": "synonym",
    "TABLESPACE": "tablespace",
    "TEXT SEARCH CONFIGURATION": "text search configuration",
    "TEXT SEARCH DICTIONARY": "text search dictionary",
    "TEXT SEARCH PARSER": "text search parser",
    "TEXT SEARCH TEMPLATE": "text search template",
}
"""Objects of no kind of their own in State: their names carry the kind."""

HANDLERS: Final[Handlers] = {
    "CREATE TYPE": create_type,
    "CREATE DOMAIN": create_domain,
    "ALTER TYPE": alter_type,
    "ALTER DOMAIN": alter("type"),
    "DROP TYPE": dropping(DropType, "type"),
    "DROP DOMAIN": dropping(DropType, "type"),
    "CREATE SEQUENCE": create_sequence,
    "ALTER SEQUENCE": alter_sequence,
    "DROP SEQUENCE": dropping(DropSequence, "sequence"),
    "CREATE SCHEMA": create_schema,
    "ALTER SCHEMA": alter("schema"),
    "DROP SCHEMA": _drop("schema"),
    "CREATE EXTENSION": create_extension,
    "ALTER EXTENSION": alter("extension"),
    "DROP EXTENSION": _drop("extension"),
    "CREATE POLICY": create_on_table("policy"),
    "ALTER POLICY": alter_on_table("policy"),
    "DROP POLICY": drop_on_table("policy"),
    "CREATE RULE": create_on_table("other", "rule ", "TO"),
    "ALTER RULE": alter_on_table("other", "rule "),
    "DROP RULE": drop_on_table("other", "rule "),
    **{f"CREATE {words}": _create_other(prefix) for words, prefix in _OTHER_KINDS.items()},
    **{f"ALTER {words}": alter("other", prefix) for words, prefix in _OTHER_KINDS.items()},
    **{f"DROP {words}": _drop("other", prefix) for words, prefix in _OTHER_KINDS.items()},
}
