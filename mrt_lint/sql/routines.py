"""Triggers, functions and procedures; what is in their bodies is not executed by the migration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mrt_lint.ops.base import Operation
from mrt_lint.ops.control import Opaque
from mrt_lint.ops.functions import CreateFunction, DropFunction
from mrt_lint.ops.objects import AlterObject, RenameObject
from mrt_lint.ops.triggers import CreateTrigger, DropTrigger
from mrt_lint.schema.names import Name
from mrt_lint.sql.bodies import is_harmless
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.statement import Handler, Handlers, Statement
from mrt_lint.sql.tokens import TokenReader
from mrt_lint.sql.types import read_type


def create_trigger(statement: Statement) -> Iterator[Operation]:
    """CREATE TRIGGER in all dialects: name, table, function if there is one, the rest as text."""
    reader = statement.reader
    conditional = reader.conditional()
    name = reader.name()
    start = reader.position
    reader.until("ON")
    reader.expect("ON")
    if reader.at("DATABASE", "ALL SERVER"):
        raise statement.opaque("a trigger on a database")
    table = reader.name()
    function: Name | None = None
    reader.until("EXECUTE FUNCTION", "EXECUTE PROCEDURE")
    calls_function = reader.at("EXECUTE FUNCTION")
    if statement.dialect == "postgresql" and reader.take("EXECUTE FUNCTION", "EXECUTE PROCEDURE"):
        function = reader.name()
        reader.parens()
        reader.end()
    reader.position = start
    body = reader.rest()
    definition = body.text().replace("execute procedure", "execute function")
    if "CONSTRAINT" in statement.modifiers:
        definition = "constraint " + definition
    if name.schema is not None and table.schema is None and statement.dialect != "postgresql":
        table = Name(table.name, name.schema)
    yield statement.make(
        CreateTrigger,
        trigger=name.name,
        table=table,
        definition=definition,
        function=function,
        replace=bool(statement.modifiers & {"OR REPLACE", "OR ALTER"}),
        conditional=conditional,
        calls_function=calls_function,
    )


def drop_trigger(statement: Statement) -> Iterator[Operation]:
    """DROP TRIGGER t [ON table]."""
    reader = statement.reader
    conditional = reader.conditional()
    names = [reader.name()]
    while reader.take(","):
        names.append(reader.name())
    table = reader.name() if reader.take("ON") else None
    cascade = reader.take("CASCADE", "RESTRICT") == "CASCADE"
    reader.end()
    for name in names:
        yield statement.make(DropTrigger, trigger=name, table=table, cascade=cascade, conditional=conditional)


def alter_trigger(statement: Statement) -> Iterator[Operation]:
    """ALTER TRIGGER t ON table RENAME TO n; Oracle's ENABLE and DISABLE."""
    reader = statement.reader
    if statement.modifiers or statement.dialect == "mssql":
        raise statement.opaque("ALTER TRIGGER is not understood")
    name = reader.name()
    table = reader.name() if reader.take("ON") else None
    if reader.take("RENAME TO"):
        new = Name(reader.identifier())
        reader.end()
        yield statement.make(RenameObject, kind="trigger", name=name, new=new, table=table)
    else:
        change = reader.rest().text()
        yield statement.make(AlterObject, kind="trigger", name=name, table=table, change=change)


def create_procedure(statement: Statement) -> Iterator[Operation]:
    """CREATE [OR REPLACE] PROCEDURE."""
    return create_function(statement, procedure=True)


def create_function(statement: Statement, *, procedure: bool = False) -> Iterator[Operation]:
    """CREATE [OR REPLACE] FUNCTION, PACKAGE, ... or a procedure."""
    reader = statement.reader
    conditional = reader.conditional()
    name = reader.name()
    arguments: str | None = None
    start = reader.position
    if reader.at("("):
        arguments = argument_types(reader.parens())
    reader.position = start
    body = reader.rest()
    if not body.items:
        raise reader.trouble("a body expected")
    yield statement.make(
        CreateFunction,
        function=name,
        arguments=arguments,
        definition=body.text(),
        replace=bool(statement.modifiers & {"OR REPLACE", "OR ALTER"}),
        conditional=conditional,
        harmless=is_harmless(body.items, statement.dialect),
        procedure=procedure,
    )


def drop_function(statement: Statement) -> Iterator[Operation]:
    """DROP FUNCTION f(int), g [CASCADE]."""
    reader = statement.reader
    conditional = reader.conditional()
    found: list[tuple[Name, str | None]] = []
    while True:
        name = reader.name()
        found.append((name, argument_types(reader.parens()) if reader.at("(") else None))
        if not reader.take(","):
            break
    cascade = reader.take("CASCADE", "RESTRICT") == "CASCADE"
    reader.end()
    for name, arguments in found:
        yield statement.make(
            DropFunction, function=name, arguments=arguments, cascade=cascade, conditional=conditional
        )


_MODES: Final = ("IN OUT", "INOUT", "IN", "OUT", "VARIADIC", "TABLE")


def argument_types(reader: TokenReader) -> str | None:
    """Returns the types of the arguments that identify a function, canonical; None if not read.

    OUT arguments do not count, nor do names and defaults.
    """
    types: list[str] = []
    for part in reader.split():
        argument = part.until("DEFAULT", "=", ":=")
        mode = argument.take(*_MODES)
        found = _argument_type(argument)
        if found is None:
            return None
        if mode not in ("OUT", "TABLE"):
            types.append(found)
    return ", ".join(types)


def _argument_type(argument: TokenReader) -> str | None:
    """Reads `type` or `name type`; the shorter reading wins if it uses up everything."""
    start = argument.position
    for named in (False, True):
        argument.position = start
        try:
            if named:
                argument.identifier()
                argument.take(*_MODES)
            found = read_type(argument)
        except NotUnderstoodError:
            continue
        if argument.take("%"):
            argument.take("TYPE", "ROWTYPE")
        if argument.done:
            return str(found).lower()
    return None


def alter_function(statement: Statement) -> Iterator[Operation]:
    """ALTER FUNCTION f(int) RENAME TO g, SET SCHEMA s, or any change."""
    reader = statement.reader
    name = reader.name()
    fields: dict[str, Any] = {"kind": "function", "name": name}
    signature = ""
    if reader.at("("):
        signature = f"({argument_types(reader.parens()) or ''}) "
    if reader.take("RENAME TO"):
        new = name.renamed(reader.identifier())
        reader.end()
        yield statement.make(RenameObject, new=new, **fields)
    elif reader.take("SET SCHEMA"):
        new = Name(name.name, reader.identifier())
        reader.end()
        yield statement.make(RenameObject, new=new, **fields)
    elif statement.dialect == "mssql":
        body = reader.rest().text()
        yield statement.make(
            CreateFunction, function=name, definition=(signature + body).strip(), replace=True
        )
    else:
        yield statement.make(AlterObject, change=signature + reader.rest().text(), **fields)


def _refuse(reason: str) -> Handler:
    def lower(statement: Statement) -> Iterator[Operation]:
        yield statement.make(Opaque, reason=reason, source=statement.reader.source.strip()[:200])

    return lower


_FUNCTIONS: Final = ("FUNCTION", "PROCEDURE", "PROC", "AGGREGATE", "PACKAGE", "PACKAGE BODY", "ROUTINE")

HANDLERS: Final[Handlers] = {
    "CREATE TRIGGER": create_trigger,
    "DROP TRIGGER": drop_trigger,
    "ALTER TRIGGER": alter_trigger,
    **{f"CREATE {word}": create_function for word in _FUNCTIONS},
    "CREATE PROCEDURE": create_procedure,
    **{f"DROP {word}": drop_function for word in _FUNCTIONS},
    **{f"ALTER {word}": alter_function for word in _FUNCTIONS},
    "CREATE CAST": _refuse("CREATE CAST is not followed"),
    "CREATE OPERATOR": _refuse("CREATE OPERATOR is not followed"),
}
