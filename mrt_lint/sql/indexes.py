"""Indexes: their parts, CREATE / DROP / ALTER INDEX."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from mrt_lint.ops.base import Operation
from mrt_lint.ops.indexes import CreateIndex, DropIndex, RenameIndex
from mrt_lint.ops.objects import Maintain
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Index
from mrt_lint.sql.canonical import canonical_of
from mrt_lint.sql.statement import Handlers, Statement
from mrt_lint.sql.tokens import TokenReader

_PART_ENDS: Final = ("ASC", "DESC", "NULLS FIRST", "NULLS LAST", "COLLATE")


def read_parts(reader: TokenReader) -> tuple[str, ...]:
    """Returns the parts of an index: column names or canonical expressions, with DESC and the like behind."""
    return tuple(_part(part) for part in reader.split())


def is_plain(part: str) -> bool:
    """Returns whether an index part as read by `read_parts` is one column, ascending or descending."""
    name = part.removesuffix(" DESC")
    return all(sign not in name for sign in " ()'\"+-*/|")


def _part(reader: TokenReader) -> str:
    """Reads one part: `a`, `lower(a) DESC`, `a COLLATE "C" text_pattern_ops`, MySQL's `a(10)`."""
    first, second = reader.peek(), reader.peek(1)
    name_only = first is not None and first.kind in ("word", "name")
    # SQLite has no operator classes: two words in a row begin an expression (`a IS NULL`).
    classes = reader.dialect != "sqlite"
    if (name_only and (second is None or second.upper in ("ASC", "DESC", "NULLS", "COLLATE"))) or (
        name_only and classes and second is not None and second.kind in ("word", "name")
    ):
        text = reader.identifier()
    elif name_only and reader.dialect in MYSQL and _is_prefix(reader):
        text = reader.identifier() + f"({reader.parens().text()})"
    else:
        body = reader.until(*_PART_ENDS)
        classed = (
            len(body.items) > 1 and body.items[-1].kind in ("word", "name") and body.items[-2].text == ")"
        )
        if classed:
            reader.position -= 1
            body = body.sub(0, len(body.items) - 1)
        text = canonical_of(body)
    if reader.take("COLLATE"):
        text += " COLLATE " + ".".join(reader.path())
    item = reader.peek()
    if item is not None and item.kind in ("word", "name") and not reader.at(*_PART_ENDS):
        text += " " + ".".join(reader.path())
        if reader.at("("):
            text += f" ({reader.parens().text()})"
    return text + _order(reader)


def _is_prefix(reader: TokenReader) -> bool:
    opening, number, closing = reader.peek(1), reader.peek(2), reader.peek(3)
    signs = opening is not None and opening.text == "(" and closing is not None and closing.text == ")"
    return signs and number is not None and number.kind == "number"


def _order(reader: TokenReader) -> str:
    """Reads ASC / DESC and NULLS FIRST / LAST; what is the default anyway is left out."""
    descending = reader.take("ASC", "DESC") == "DESC"
    text = " DESC" if descending else ""
    nulls = reader.take("NULLS FIRST", "NULLS LAST")
    if nulls and nulls != ("NULLS FIRST" if descending else "NULLS LAST"):
        text += " " + nulls
    reader.end()
    return text


def index_tail(reader: TokenReader, index: Index) -> Index:
    """Reads what may follow the parts of an index, in any of the databases."""
    options: list[tuple[str, str]] = list(index.options)
    while True:
        if reader.take("INCLUDE"):
            index = replace(index, include=reader.listed())
        elif reader.take("NULLS NOT DISTINCT"):
            options.append(("nulls_not_distinct", "true"))
        elif reader.take("NULLS DISTINCT", "VISIBLE", "ONLINE", "NOLOGGING", "COMPUTE STATISTICS"):
            continue
        elif reader.take("INVISIBLE"):
            options.append(("invisible", "true"))
        elif reader.at("WITH ("):
            reader.next()
            settings = [_setting(part) for part in reader.parens().split()]
            options += [setting for setting in settings if setting[0].upper() not in _EXECUTION]
        elif reader.take("TABLESPACE"):
            options.append(("tablespace", reader.identifier()))
        elif reader.take("USING"):
            method = reader.identifier().lower()
            index = replace(index, method=None if method == "btree" else method)
        elif reader.take("COMMENT"):
            reader.string()
        elif reader.take(
            "WITH PARSER", "KEY_BLOCK_SIZE =", "KEY_BLOCK_SIZE", "ALGORITHM =", "LOCK ="
        ) or reader.take("ALGORITHM", "LOCK"):
            reader.next()
        elif reader.take("WHERE"):
            index = replace(index, where=canonical_of(reader.until("WITH (")))
        elif reader.dialect == "mssql" and reader.take("ON"):
            options.append(("on", reader.identifier()))
        else:
            return replace(index, options=tuple(sorted(options)))


_EXECUTION: Final = frozenset({"ONLINE", "MAXDOP", "SORT_IN_TEMPDB", "DROP_EXISTING", "RESUMABLE"})
"""SQL Server's options that say how the index is built, not what it is."""


def _setting(reader: TokenReader) -> tuple[str, str]:
    name = reader.until("=").text()
    return name, reader.rest().text() if reader.take("=") else "true"


def create_index(statement: Statement) -> Iterator[Operation]:
    """CREATE [UNIQUE] INDEX, in all dialects."""
    reader = statement.reader
    concurrently = bool(reader.take("CONCURRENTLY"))
    conditional = reader.conditional()
    name: Name | None = None
    if not reader.at("ON"):
        name = reader.name()
    method = reader.identifier().lower() if reader.take("USING") else None
    reader.expect("ON")
    only = bool(reader.take("ONLY"))
    table = reader.name()
    if statement.dialect == "sqlite" and name is not None and name.schema:
        table = Name(table.name, name.schema)  # SQLite qualifies the index instead of its table.
    if reader.take("USING"):
        method = reader.identifier().lower()
    for kind in ("FULLTEXT", "SPATIAL", "BITMAP", "COLUMNSTORE"):
        method = kind.lower() if kind in statement.modifiers else method
    parts = read_parts(reader.parens())
    index = Index(
        name.name if name else None,
        parts,
        unique="UNIQUE" in statement.modifiers,
        method=None if method == "btree" else method,
        options=(("only", "true"),) if only else (),
    )
    index = index_tail(reader, index)
    reader.end()
    yield statement.make(
        CreateIndex, table=table, index=index, concurrently=concurrently, conditional=conditional
    )


def drop_index(statement: Statement) -> Iterator[Operation]:
    """DROP INDEX a, b [CASCADE]; DROP INDEX i ON t; SQL Server's DROP INDEX t.i."""
    reader = statement.reader
    concurrently = bool(reader.take("CONCURRENTLY"))
    conditional = reader.conditional()
    found: list[tuple[Name, Name | None]] = []
    while True:
        name = reader.name()
        table: Name | None = None
        if reader.take("ON"):
            table = reader.name()
        elif statement.dialect == "mssql" and name.schema:
            table = Name(name.schema)
            name = Name(name.name)
        found.append((name, table))
        if not reader.take(","):
            break
    cascade = reader.take("CASCADE", "RESTRICT") == "CASCADE"
    while reader.take("ALGORITHM =", "LOCK =", "ALGORITHM", "LOCK"):
        reader.next()
    reader.end()
    for name, table in found:
        yield statement.make(
            DropIndex,
            name=name,
            table=table,
            concurrently=concurrently,
            cascade=cascade,
            conditional=conditional,
        )


def alter_index(statement: Statement) -> Iterator[Operation]:
    """ALTER INDEX: renaming, rebuilding, storage."""
    reader = statement.reader
    conditional = reader.conditional()
    name = reader.name()
    if statement.dialect == "mssql" and reader.take("ON"):
        reader.name()
    if reader.take("RENAME TO"):
        new = reader.identifier()
        reader.end()
        yield statement.make(RenameIndex, name=name, new=new, conditional=conditional)
    elif reader.take("REBUILD", "REORGANIZE"):
        reader.rest()
        yield statement.make(Maintain, what="reindex", target=name)
    elif reader.at("SET", "RESET", "ATTACH PARTITION", "ALTER", "DEPENDS", "VISIBLE", "INVISIBLE"):
        reader.rest()  # How an index is stored or seen by the planner is not compared.
        yield statement.make(Maintain, what="optimize", target=name)
    else:
        raise reader.trouble("ALTER INDEX is not understood")


HANDLERS: Final[Handlers] = {
    "CREATE INDEX": create_index,
    "DROP INDEX": drop_index,
    "ALTER INDEX": alter_index,
}
