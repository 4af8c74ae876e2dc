"""Names and values as SQL text, written the way SQLAlchemy's compilers write them."""

from __future__ import annotations

import re
from typing import Final

from mrt_lint.schema.dialects import MYSQL, Dialect
from mrt_lint.schema.names import Name

_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*")

_RESERVED: Final = frozenset(
    [
        "all",
        "analyse",
        "analyze",
        "and",
        "any",
        "array",
        "as",
        "asc",
        "asymmetric",
        "between",
        "both",
        "by",
        "case",
        "cast",
        "check",
        "collate",
        "column",
        "columns",
        "condition",
        "constraint",
        "create",
        "cross",
        "current_catalog",
        "current_date",
        "current_role",
        "current_time",
        "current_timestamp",
        "current_user",
        "database",
        "databases",
        "dec",
        "default",
        "deferrable",
        "delete",
        "desc",
        "describe",
        "distinct",
        "div",
        "do",
        "drop",
        "each",
        "else",
        "elseif",
        "end",
        "except",
        "exists",
        "explain",
        "false",
        "fetch",
        "float",
        "for",
        "force",
        "foreign",
        "from",
        "full",
        "fulltext",
        "function",
        "generated",
        "grant",
        "group",
        "groups",
        "having",
        "if",
        "in",
        "index",
        "initially",
        "inner",
        "inout",
        "insert",
        "int",
        "intersect",
        "interval",
        "into",
        "is",
        "iterate",
        "join",
        "key",
        "keys",
        "kill",
        "lateral",
        "lead",
        "leading",
        "leave",
        "left",
        "like",
        "limit",
        "lines",
        "load",
        "localtime",
        "localtimestamp",
        "lock",
        "long",
        "loop",
        "match",
        "merge",
        "mod",
        "natural",
        "not",
        "null",
        "numeric",
        "of",
        "offset",
        "on",
        "only",
        "optimize",
        "option",
        "or",
        "order",
        "out",
        "outer",
        "over",
        "overlaps",
        "partition",
        "percent",
        "placing",
        "plan",
        "precision",
        "primary",
        "procedure",
        "public",
        "range",
        "rank",
        "read",
        "real",
        "recursive",
        "references",
        "release",
        "rename",
        "repeat",
        "replace",
        "require",
        "restrict",
        "return",
        "returning",
        "revoke",
        "right",
        "row",
        "row_number",
        "rows",
        "schema",
        "schemas",
        "select",
        "session_user",
        "set",
        "show",
        "similar",
        "some",
        "sql",
        "starting",
        "symmetric",
        "system",
        "table",
        "tables",
        "then",
        "to",
        "trailing",
        "trigger",
        "true",
        "union",
        "unique",
        "unlock",
        "unsigned",
        "update",
        "usage",
        "use",
        "user",
        "using",
        "values",
        "varchar",
        "varying",
        "virtual",
        "when",
        "where",
        "while",
        "window",
        "with",
        "write",
    ]
)
"""Words that SQLAlchemy quotes on at least one database; quoting more than needed changes nothing."""


def quoted(name: str, dialect: Dialect) -> str:
    """Returns an identifier, quoted where it must be.

    >>> quoted("userId", "postgresql"), quoted("order", "mysql"), quoted("id", "sqlite")
    ('"userId"', '`order`', 'id')
    """
    if _PLAIN.fullmatch(name) and name not in _RESERVED:
        return name
    if dialect in MYSQL:
        return "`" + name.replace("`", "``") + "`"
    if dialect == "mssql":
        return "[" + name.replace("]", "]]") + "]"
    return '"' + name.replace('"', '""') + '"'


def quoted_name(name: Name, dialect: Dialect) -> str:
    """Returns a possibly schema-qualified name."""
    last = quoted(name.name, dialect)
    if not name.schema:
        return last
    return ".".join([*(quoted(part, dialect) for part in name.schema.split(".")), last])


def literal(value: str | int | float | bool | None, dialect: Dialect) -> str:
    """Returns a constant as SQL text.

    >>> literal("it's", "postgresql"), literal(None, "sqlite"), literal(True, "mssql")
    ("'it''s'", 'NULL', '1')
    """
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        if dialect in ("postgresql", "mysql", "mariadb"):
            return "true" if value else "false"
        return "1" if value else "0"
    if isinstance(value, str):
        text = value.replace("'", "''")
        if dialect in MYSQL:
            text = text.replace("\\", "\\\\")
        return f"'{text}'"
    return repr(value)


def is_literal(value: object) -> bool:
    """Returns whether `literal` can write the value."""
    return (
        value is None or isinstance(value, (str, int, bool)) or (isinstance(value, float) and value == value)
    )
