"""Identifiers: how the databases fold them, and when they need quotes."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from sqlglot import exp

from mrt_lint.schema.dialects import MYSQL, Dialect
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.parsing import parse_expression, tokenize
from mrt_lint.sql.words import words


def fold(word: str, dialect: Dialect) -> str:
    """Returns an unquoted identifier as the database keeps it."""
    if dialect == "postgresql":
        return word.lower()
    return word.upper() if dialect == "oracle" else word


def quoted(name: str, dialect: Dialect) -> str:
    """Returns a name in the quotes of the database."""
    sign = "`" if dialect in MYSQL else '"'
    return sign + name.replace(sign, sign * 2) + sign


_RESERVED: Final = words(
    """
    ADD ALL ALTER AND AS ASC BETWEEN CASE CHECK COLUMN CONSTRAINT CREATE DEFAULT DELETE DESC DISTINCT DROP
    ELSE EXISTS FOREIGN FROM GROUP HAVING IN INDEX INSERT INTO IS JOIN LIKE NOT NULL ON OR ORDER PRIMARY
    REFERENCES SELECT SET TABLE THEN TO UNION UNIQUE UPDATE VALUES WHEN WHERE WITH
    """
)
_RESERVED_POSTGRESQL: Final = words(
    """
    ALL ANALYSE ANALYZE AND ANY ARRAY AS ASC ASYMMETRIC BOTH CASE CAST CHECK COLLATE COLUMN CONSTRAINT CREATE
    CURRENT_CATALOG CURRENT_DATE CURRENT_ROLE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DEFAULT DEFERRABLE
    DESC DISTINCT DO ELSE END EXCEPT FALSE FETCH FOR FOREIGN FROM GRANT GROUP HAVING IN INITIALLY INTERSECT
    INTO LATERAL LEADING LIMIT LOCALTIME LOCALTIMESTAMP NOT NULL OFFSET ON ONLY OR ORDER PLACING PRIMARY
    REFERENCES RETURNING SELECT SESSION_USER SOME SYMMETRIC TABLE THEN TO TRAILING TRUE UNION UNIQUE USER
    USING VARIADIC WHEN WHERE WINDOW WITH
    """
)
"""Manual, appendix C; `user` is a function there, "user" a column."""


def is_reserved(name: str, dialect: Dialect) -> bool:
    """Returns whether a quoted name would mean something else, or nothing, without its quotes."""
    return name.upper() in (_RESERVED_POSTGRESQL if dialect == "postgresql" else _RESERVED)


@lru_cache(maxsize=4096)
def needs_quotes(name: str, dialect: Dialect) -> bool:
    """Returns whether an identifier must be quoted to be read back as this very name."""
    plain = name.replace("_", "a").replace("$", "a")
    if not (plain.isascii() and plain.isalnum() and not name[:1].isdigit() and name[:1] != "$"):
        return True
    if fold(name, dialect) != name:
        return True
    try:
        tree = parse_expression(tokenize(f"{name} IS NULL OR x.{name} > {name}", dialect), dialect)
    except NotUnderstoodError:
        return True
    columns = [node for node in tree.walk() if isinstance(node, exp.Column)]
    return len(columns) != 3 or any(column.name != name for column in columns)
