"""GRANT and REVOKE: one object per privilege, object and grantee, so that one undoes the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mrt_lint.ops.base import Operation
from mrt_lint.ops.objects import AlterObject, CreateObject, DropObject
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import SchemaObject
from mrt_lint.sql.statement import Handlers, Statement
from mrt_lint.sql.tokens import TokenReader

_KINDS: Final = (
    "ALL TABLES IN SCHEMA",
    "ALL SEQUENCES IN SCHEMA",
    "ALL FUNCTIONS IN SCHEMA",
    "ALL PROCEDURES IN SCHEMA",
    "ALL ROUTINES IN SCHEMA",
    "FOREIGN DATA WRAPPER",
    "FOREIGN SERVER",
    "LARGE OBJECT",
    "TABLE",
    "SEQUENCE",
    "DATABASE",
    "DOMAIN",
    "FUNCTION",
    "PROCEDURE",
    "ROUTINE",
    "LANGUAGE",
    "PARAMETER",
    "SCHEMA",
    "TABLESPACE",
    "TYPE",
)


def grant(statement: Statement) -> Iterator[Operation]:
    """GRANT privileges ON objects TO roles, and GRANT role TO role."""
    for name, table in _grants(statement.reader, "TO"):
        found = SchemaObject("grant", Name(name), definition="", table=table)
        yield statement.make(CreateObject, object=found, replace=True)


def revoke(statement: Statement) -> Iterator[Operation]:
    """REVOKE, word by word what GRANT said; what was not granted may be revoked."""
    reader = statement.reader
    reader.take("GRANT OPTION FOR", "ADMIN OPTION FOR")
    for name, table in _grants(reader, "FROM"):
        yield statement.make(DropObject, kind="grant", name=Name(name), table=table, conditional=True)


def _grants(reader: TokenReader, towards: str) -> Iterator[tuple[str, Name | None]]:
    privileges = [part.text() for part in reader.until("ON", towards).split()]
    kind = ""
    targets: list[tuple[str, Name | None]] = [("", None)]
    if reader.take("ON"):
        kind = reader.take(*_KINDS) or ""
        targets = [_target(part, kind) for part in reader.until(towards).split()]
    reader.expect(towards)
    roles = [part.text() for part in reader.until("WITH", "GRANTED BY", "CASCADE", "RESTRICT").split()]
    reader.rest()
    for privilege in privileges:
        for target, table in targets:
            for role in roles:
                where = f" on {target}" if target else ""
                yield f"{_plain(privilege)}{where} to {role}".lower(), table


def _plain(privilege: str) -> str:
    return "ALL" if privilege.upper() == "ALL PRIVILEGES" else privilege


def _target(part: TokenReader, kind: str) -> tuple[str, Name | None]:
    if kind in ("", "TABLE") and "*" not in [item.text for item in part.items]:
        name = part.name()
        if part.done:
            return str(name), name
    part.position = 0
    return f"{kind.lower()} {part.text()}", None


def alter_default_privileges(statement: Statement) -> Iterator[Operation]:
    """ALTER DEFAULT PRIVILEGES."""
    text = statement.reader.rest().text()
    yield statement.make(AlterObject, kind="grant", name=Name("default privileges"), change=text)


HANDLERS: Final[Handlers] = {
    "GRANT": grant,
    "REVOKE": revoke,
    "ALTER DEFAULT PRIVILEGES": alter_default_privileges,
}
