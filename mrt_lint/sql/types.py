"""Column types: from SQL text to the canonical SqlType."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mrt_lint.schema.dialects import MYSQL, Dialect
from mrt_lint.schema.types import SqlType, sql_type
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.parsing import tokenize
from mrt_lint.sql.tokens import TokenReader, items
from mrt_lint.sql.words import words

_SERIALS: Final = {"serial": "integer", "bigserial": "bigint", "smallserial": "smallint"}

_PHRASES: Final[dict[str, str]] = {
    "DOUBLE PRECISION": "double",
    "NATIONAL CHARACTER VARYING": "varchar",
    "NATIONAL CHAR VARYING": "varchar",
    "NATIONAL VARCHAR": "varchar",
    "NATIONAL CHARACTER": "char",
    "NATIONAL CHAR": "char",
    "NCHAR VARYING": "varchar",
    "CHARACTER VARYING": "varchar",
    "CHAR VARYING": "varchar",
    "CHARACTER LARGE OBJECT": "clob",
    "BINARY LARGE OBJECT": "blob",
    "BINARY VARYING": "varbinary",
    "CHAR BYTE": "binary",
    "BIT VARYING": "varbit",
    "LONG VARCHAR": "mediumtext",
    "LONG VARBINARY": "mediumblob",
    "LONG RAW": "long raw",
    "UNSIGNED BIG INT": "unsigned big int",
    "NATIVE CHARACTER": "native character",
    "VARYING CHARACTER": "varchar",
}
"""Types of several words."""

_OWN_NAMES: Final[dict[str, dict[str, str]]] = {
    "postgresql": {"float": "double", "time": "time", "decimal": "numeric"},
    "mysql": {
        "real": "double",
        "fixed": "numeric",
        "int1": "tinyint",
        "int3": "mediumint",
        "middleint": "mediumint",
        "float4": "float",
    },
    "oracle": {"varchar2": "varchar", "nvarchar2": "varchar", "number": "numeric"},
    "mssql": {"rowversion": "rowversion", "float": "float"},
    "sqlite": {},
}
"""Names that mean another type in one database only."""

_INTEGERS: Final = frozenset({"tinyint", "smallint", "mediumint", "integer", "bigint"})
_WITH_ZONE: Final = {"timestamp": "timestamptz", "time": "timetz"}
_SQLITE_STOPS: Final = words(
    """
    CONSTRAINT PRIMARY NOT NULL UNIQUE CHECK DEFAULT COLLATE REFERENCES GENERATED AS ON
    """
)
_INTERVAL_FIELDS: Final = ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")


def type_from_sql(text: str, dialect: Dialect) -> SqlType | None:
    """Returns the type that `text` spells, None if it is no type of `dialect`."""
    try:
        reader = TokenReader(items(tokenize(text, dialect)), dialect, text)
        found = read_type(reader)
        reader.end()
    except NotUnderstoodError:
        return None
    return found


def is_serial(written: SqlType) -> bool:
    """Returns whether a type as read by `read_type` is one of PostgreSQL's SERIAL pseudo-types."""
    return written.name in _SERIALS


def serial_base(written: SqlType) -> SqlType:
    """Returns the integer type behind a SERIAL pseudo-type."""
    return replace(written, name=_SERIALS[written.name])


def read_type(reader: TokenReader) -> SqlType:
    """Reads one type with its length, sign, character set, collation and array brackets.

    SERIAL types come back under their own name. Raises NotUnderstoodError if no type stands here.
    """
    reader.take("SETOF")
    found = _base(reader)
    while True:
        if reader.at("["):
            reader.parens()
            found = _array(found)
        elif reader.take("ARRAY"):
            if reader.at("["):
                reader.parens()
            found = _array(found)
        elif reader.at("COLLATE"):
            reader.next()
            found = replace(found, collation=".".join(reader.path()))
        else:
            return found


def _array(element: SqlType) -> SqlType:
    if element.element is not None:
        return element  # PostgreSQL does not tell the number of dimensions apart.
    return SqlType(element.name, element=element)


def _base(reader: TokenReader) -> SqlType:
    dialect = reader.dialect
    item = reader.peek()
    if item is None or item.kind not in ("word", "name"):
        raise reader.trouble("a type expected")
    if dialect == "sqlite":
        return _sqlite(reader)
    phrase = reader.take(*_PHRASES)
    if phrase:
        name, schema = _PHRASES[phrase], None
    elif reader.at("INTERVAL"):
        return _interval(reader)
    else:
        name, schema = _named(reader)
    if name in ("enum", "set") and reader.at("(") and dialect in MYSQL:
        return _finished(reader, SqlType(name, labels=_labels(reader)))
    args = _arguments(reader) if reader.at("(") else ()
    if name in _WITH_ZONE and schema is None:
        if reader.take("WITH TIME ZONE"):
            name = _WITH_ZONE[name]
        elif reader.take("WITH LOCAL TIME ZONE"):
            name = "timestamp with local time zone"
        else:
            reader.take("WITHOUT TIME ZONE")
    return _finished(reader, _known(name, args, schema, dialect))


def _named(reader: TokenReader) -> tuple[str, str | None]:
    first = reader.peek()
    quoted = first is not None and first.kind == "name"
    parts = reader.path()
    if len(parts) == 1 and parts[0].startswith("_") and reader.dialect == "postgresql" and not quoted:
        return parts[0], None
    if len(parts) > 1:
        if parts[-2] == "pg_catalog":
            return parts[-1], None
        return parts[-1], parts[-2]
    name = parts[0]
    if reader.dialect != "postgresql" or not quoted:
        name = name.lower()
    elif name == "char":
        name = '"char"'  # PostgreSQL's one-byte type is told from char by its quotes only.
    return name, None


def _known(name: str, args: tuple[int | str, ...], schema: str | None, dialect: Dialect) -> SqlType:
    """Returns a type under its canonical name, with arguments that mean nothing dropped."""
    if schema is not None:
        return SqlType(name, args, schema)
    own = _OWN_NAMES.get("mysql" if dialect in MYSQL else dialect, {})
    found = sql_type(own.get(name, name), *args)
    if dialect == "postgresql":
        if name == "float" and args:
            return SqlType("real" if isinstance(args[0], int) and args[0] <= 24 else "double")
        if name.startswith("_") and (element := sql_type(name[1:])).name in _ARRAY_ELEMENTS:
            return _array(element)
    if dialect in MYSQL:
        if found.name == "tinyint" and args == (1,):
            return SqlType("boolean")
        if found.name in _INTEGERS:
            return replace(found, args=())
        if name == "float" and len(args) == 1:
            return SqlType("float" if isinstance(args[0], int) and args[0] <= 24 else "double")
        if name == "year":
            return SqlType("year")
    return found


_ARRAY_ELEMENTS: Final = words(
    """
    integer bigint smallint text varchar char boolean numeric real double date timestamp timestamptz
    uuid json jsonb bytea inet
    """
)


def _arguments(reader: TokenReader) -> tuple[int | str, ...]:
    """Reads (length), (precision, scale), (max), (20 CHAR), (Point, 4326)."""
    result: list[int | str] = []
    for part in reader.parens().split():
        sign = -1 if part.take("-") else 1
        item = part.next()
        if item.kind == "number" and item.text.isdigit():
            result.append(sign * int(item.text))
            part.take("CHAR", "BYTE")
        else:
            result.append(item.text if item.kind == "string" else item.text.lower())
        part.end()
    return tuple(result)


def _labels(reader: TokenReader) -> tuple[str, ...]:
    return reader.listed(lambda part: part.string())


def _finished(reader: TokenReader, found: SqlType) -> SqlType:
    """Reads what MySQL allows behind a type."""
    if reader.dialect not in MYSQL:
        return found
    while True:
        if reader.take("UNSIGNED") or reader.take("ZEROFILL"):
            found = replace(found, unsigned=True)
        elif reader.take("SIGNED", "BINARY", "ASCII", "UNICODE"):
            continue
        elif reader.take("CHARACTER SET", "CHARSET", "CHAR SET"):
            charset = reader.next().text.lower()
            found = found if found.collation else replace(found, collation=charset)
        elif reader.take("COLLATE"):
            found = replace(found, collation=reader.next().text.lower())
        else:
            return found


def _interval(reader: TokenReader) -> SqlType:
    reader.expect("INTERVAL")
    args: list[int | str] = []
    if first := reader.take(*_INTERVAL_FIELDS):
        field = first.lower()
        if reader.at("("):
            reader.parens()
        if reader.take("TO"):
            field += " to " + reader.expect(*_INTERVAL_FIELDS).lower()
        args.append(field)
    if reader.at("("):
        args += _arguments(reader)
    return SqlType("interval", tuple(args))


def _sqlite(reader: TokenReader) -> SqlType:
    """Reads SQLite's free-form type: any words, then numbers in brackets."""
    words: list[str] = []
    while (item := reader.peek()) is not None and item.kind in ("word", "name"):
        if item.kind == "word" and item.upper in _SQLITE_STOPS:
            break
        words.append(reader.next().text.lower())
    if not words:
        raise reader.trouble("a type expected")
    args = _arguments(reader) if reader.at("(") else ()
    name = " ".join(words)
    return sql_type(_PHRASES.get(name.upper(), name), *args)
