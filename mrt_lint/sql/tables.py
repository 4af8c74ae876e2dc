"""CREATE TABLE, DROP TABLE, RENAME TABLE and COMMENT ON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, replace
from typing import Final

from mrt_lint.classes import dataclass
from mrt_lint.ops.alter import SetColumnComment
from mrt_lint.ops.base import Operation
from mrt_lint.ops.copied_tables import CreateTableAs
from mrt_lint.ops.data import Query
from mrt_lint.ops.tables import CreateTable, DropTable, RenameTable, SetTableComment
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Constraint, Index
from mrt_lint.sql.columns import read_column
from mrt_lint.sql.constraints import read_constraint, starts_constraint
from mrt_lint.sql.queries import table_from_query
from mrt_lint.sql.statement import Handlers, Statement
from mrt_lint.sql.tokens import TokenReader


@dataclass
class Contents:
    """What is collected while a CREATE TABLE is read."""

    columns: list[Column] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    comment: str | None = None
    complete: bool = True

    def read(self, part: TokenReader) -> None:
        """Reads one item between the brackets."""
        if starts_constraint(part):
            found = read_constraint(part)
            part.end()
            if isinstance(found, Index):
                self.indexes.append(found)
            else:
                self.constraints.append(replace(found, inline=""))
        elif part.at("LIKE", "PERIOD FOR"):
            self.options.append(("like" if part.at("LIKE") else "part", part.text()))
            self.complete = False
        else:
            found_column = read_column(part)
            self.columns.append(found_column.column)
            name = found_column.column.name
            self.constraints += [replace(one, inline=name) for one in found_column.constraints]
            self.indexes += found_column.indexes

    def settle(self, dialect: str) -> None:
        """Makes the columns of a table-level primary key NOT NULL, as databases do."""
        keys = {
            column.lower()
            for constraint in self.constraints
            if constraint.kind == "primary"
            for column in constraint.columns
        }
        without_rowid = ("without rowid", "true") in self.options
        for position, column in enumerate(self.columns):
            if column.name.lower() not in keys:
                continue
            if dialect != "sqlite" or without_rowid:
                self.columns[position] = replace(column, nullable=False)
            elif len(keys) == 1 and getattr(column.type, "name", "") == "integer":
                self.columns[position] = replace(column, nullable=False, autoincrement=True)


def create_table(statement: Statement) -> Iterator[Operation]:
    """CREATE TABLE in all its forms."""
    reader = statement.reader
    conditional = reader.conditional()
    table = reader.name()
    temporary = bool(statement.modifiers & {"TEMPORARY", "TEMP"}) and not statement.modifiers & {"GLOBAL"}
    temporary = temporary or table.name.startswith("#")
    facts = {"table": table, "temporary": temporary, "conditional": conditional}
    replaced = (
        [statement.make(DropTable, table=table, conditional=True)]
        if "OR REPLACE" in statement.modifiers
        else []
    )
    contents = Contents()
    if "UNLOGGED" in statement.modifiers:
        contents.options.append(("unlogged", "true"))
    if reader.take("LIKE") or (reader.at("( LIKE") and _only_like(reader)):
        yield from replaced
        yield _create_like(statement, facts)
        return
    if reader.take("PARTITION OF"):
        contents.options.append(("partition_of", str(reader.name())))
        contents.complete = False
    elif reader.take("OF"):
        contents.options.append(("of", str(reader.name())))
        contents.complete = False
    elif not reader.at("(") and not _at_query(reader):
        raise reader.trouble("( expected")
    names: tuple[str, ...] | None = None
    if reader.at("("):
        inside = reader.parens()
        if _names_only(inside) and _has_query(reader):
            names = tuple(part.identifier() for part in inside.split())
        elif not inside.at("SELECT", "WITH"):
            for part in inside.split():
                contents.read(part)
        else:
            reader.position -= len(inside.items) + 2
    _options(reader, contents)
    yield from replaced
    if _at_query(reader):
        if contents.columns or contents.options:
            raise statement.opaque("CREATE TABLE with columns and a query", (table,))
        reader.take("AS")
        body = reader.until("WITH NO DATA", "WITH DATA")
        empty = reader.take("WITH NO DATA", "WITH DATA") == "WITH NO DATA"
        reader.end()
        fields = table_from_query(body, names)
        if empty:
            fields["with_rows"] = False
        yield statement.make(CreateTableAs, **facts, **fields)
        return
    reader.end()
    contents.settle(statement.dialect)
    yield statement.make(
        CreateTable,
        **facts,
        columns=tuple(contents.columns),
        constraints=tuple(contents.constraints),
        indexes=tuple(contents.indexes),
        options=tuple(contents.options),
        comment=contents.comment,
        complete=contents.complete,
    )


def _only_like(reader: TokenReader) -> bool:
    """Returns whether the brackets hold one LIKE and nothing else, and moves inside them if so."""
    start = reader.position
    inside = reader.parens()
    if len(inside.split()) == 1 and reader.done:
        reader.position = start + 2
        return True
    reader.position = start
    return False


def _create_like(statement: Statement, facts: dict[str, object]) -> Operation:
    reader = statement.reader
    source = reader.name()
    query = "LIKE " + reader.rest().text().removesuffix(")").strip()
    return statement.make(
        CreateTableAs, **facts, source=source, with_rows=False, query="" if query == "LIKE " else query
    )


def _names_only(inside: TokenReader) -> bool:
    start = inside.position
    parts = inside.split()
    inside.position = start
    return bool(parts) and all(
        len(part.items) == 1 and part.items[0].kind in ("word", "name") for part in parts
    )


def _at_query(reader: TokenReader) -> bool:
    return reader.at("AS", "SELECT", "WITH", "( SELECT", "( WITH", "VALUES", "IGNORE", "REPLACE") is not None


def _has_query(reader: TokenReader) -> bool:
    start = reader.position
    reader.until("AS", "SELECT")
    found = reader.at("AS", "SELECT") is not None
    reader.position = start
    return found


_FLAGS: Final = ("WITHOUT ROWID", "STRICT", "WITHOUT OIDS", "WITH OIDS", "NOLOGGING", "LOGGING", "PARALLEL")
_PHRASED: Final = {
    "INHERITS": "inherits",
    "TABLESPACE": "tablespace",
    "USING": "using",
    "ON COMMIT": "on commit",
    "SERVER": "server",
}


def _options(reader: TokenReader, contents: Contents) -> None:
    """Reads what stands behind the brackets; raises NotUnderstoodError for what no database knows there."""
    while not reader.done:
        reader.take(",")
        if flag := reader.take(*_FLAGS):
            if flag in ("WITHOUT ROWID", "STRICT"):
                contents.options.append((flag.lower(), "true"))
        elif reader.take("PARTITION BY"):
            contents.options.append(
                ("partition_by", reader.until("USING", "WITH (", "TABLESPACE", "AS").text())
            )
        elif reader.take("FOR VALUES"):
            contents.options.append(
                ("bounds", reader.until("PARTITION BY", "USING", "WITH (", "TABLESPACE").text())
            )
        elif reader.take("DEFAULT CHARACTER SET", "DEFAULT CHARSET", "DEFAULT COLLATE"):
            reader.position -= 1
            _assignment(reader, contents)
        elif reader.at("DEFAULT") and ("partition_of" in dict(contents.options)):
            reader.next()
            contents.options.append(("bounds", "DEFAULT"))
        elif reader.at("WITH ("):
            reader.next()
            for part in reader.parens().split():
                name = part.until("=").text()
                contents.options.append((name, part.rest().text() if part.take("=") else "true"))
        elif phrase := reader.take(*_PHRASED):
            if phrase == "INHERITS":
                contents.complete = False
                contents.options.append(
                    (_PHRASED[phrase], ", ".join(reader.listed(lambda part: str(part.name()))))
                )
            elif phrase == "ON COMMIT":
                contents.options.append(
                    (_PHRASED[phrase], reader.take("PRESERVE ROWS", "DELETE ROWS", "DROP") or "")
                )
            else:
                contents.options.append((_PHRASED[phrase], reader.identifier()))
        elif reader.dialect == "mssql" and reader.take("ON", "TEXTIMAGE_ON"):
            reader.identifier()
        elif _at_query(reader):
            return
        elif reader.dialect in MYSQL and not reader.done:
            _assignment(reader, contents)
        else:
            raise reader.trouble("not understood")


def _assignment(reader: TokenReader, contents: Contents) -> None:
    """Reads MySQL's `NAME [=] value`."""
    if reader.take("CHARACTER SET", "CHARSET"):
        name = "charset"
    else:
        name = reader.word().lower()
        if name in ("data", "index"):
            name += " " + reader.word().lower()
    reader.take("=")
    value = reader.parens().text() if reader.at("(") else reader.next().text
    if name == "comment":
        contents.comment = value
    elif name != "auto_increment":
        contents.options.append((name, value.lower() if name in ("charset", "collate", "engine") else value))


def create_virtual_table(statement: Statement) -> Iterator[Operation]:
    """SQLite's CREATE VIRTUAL TABLE: its columns are the module's affair."""
    reader = statement.reader
    if "VIRTUAL" not in statement.modifiers:
        yield from create_table(statement)
        return
    conditional = reader.conditional()
    table = reader.name()
    options = (("virtual", reader.rest().text()),)
    yield statement.make(CreateTable, table=table, options=options, complete=False, conditional=conditional)


def drop_table(statement: Statement) -> Iterator[Operation]:
    """DROP TABLE a, b [CASCADE]."""
    reader = statement.reader
    conditional = reader.conditional()
    names = [reader.name()]
    while reader.take(","):
        names.append(reader.name())
    cascade = (reader.take("CASCADE CONSTRAINTS", "CASCADE", "RESTRICT") or "").startswith("CASCADE")
    reader.take("PURGE")
    reader.end()
    along = tuple(names) if len(names) > 1 else ()
    for name in names:
        yield statement.make(DropTable, table=name, cascade=cascade, conditional=conditional, along=along)


def rename_table(statement: Statement) -> Iterator[Operation]:
    """MySQL's RENAME TABLE a TO b, c TO d; Oracle's RENAME a TO b."""
    reader = statement.reader
    conditional = reader.conditional()
    for part in reader.split():
        table = part.name()
        part.expect("TO")
        new = part.name()
        part.end()
        if new.schema is None and table.schema is not None:
            new = Name(new.name, table.schema)
        yield statement.make(RenameTable, table=table, new=new, conditional=conditional)


def comment_on(statement: Statement) -> Iterator[Operation]:
    """COMMENT ON TABLE and COLUMN; a comment on any other object changes nothing that is compared."""
    reader = statement.reader
    text = reader.original()
    kind = reader.word()
    if kind not in ("TABLE", "COLUMN"):
        body = reader.until("IS")
        reader.expect("IS")
        reader.next()
        reader.end()
        yield statement.make(Query, query=f"COMMENT ON {kind} {body.text()}")
        return
    path = reader.path()
    reader.expect("IS")
    comment = None if reader.take("NULL") else reader.string()
    reader.end()
    if kind == "TABLE":
        yield statement.make(SetTableComment, table=_named(path), comment=comment or None)
    elif len(path) < 2:
        raise statement.opaque(f"COMMENT ON COLUMN without a table: {text[:60]}")
    else:
        yield statement.make(
            SetColumnComment, table=_named(path[:-1]), name=path[-1], comment=comment or None
        )


def _named(path: tuple[str, ...]) -> Name:
    return Name(path[-1], path[-2] if len(path) > 1 else None)


HANDLERS: Final[Handlers] = {
    "CREATE TABLE": create_virtual_table,
    "DROP TABLE": drop_table,
    "DROP TEMPORARY TABLE": drop_table,
    "RENAME TABLE": rename_table,
    "RENAME TABLES": rename_table,
    "RENAME": rename_table,
    "COMMENT ON": comment_on,
}
