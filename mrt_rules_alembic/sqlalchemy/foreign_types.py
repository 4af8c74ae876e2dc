"""Types of one database's dialect for which SQLAlchemy has no word on another: to write them raises.

Source: SQLAlchemy 1.3.24, 1.4.54, 2.0.36 and 2.1.9, each type compiled with each dialect: only what raises
UnsupportedCompilationError in all of them is here (`postgresql.UUID` and `JSONB` compile for SQLite in some).
A test compiles them again with the release that is installed.
"""

from __future__ import annotations

from typing import Final

from mrt_lint.schema.dialects import MYSQL, Dialect

_OPEN: Final[tuple[Dialect, ...]] = (*MYSQL, "sqlite")
"""Databases that most of PostgreSQL's own types cannot be written for."""

_RANGES: Final = " ".join(
    f"{kind}RANGE {kind}MULTIRANGE" for kind in ("DATE", "INT4", "INT8", "NUM", "TS", "TSTZ")
)

_UNWRITTEN: Final[tuple[tuple[str, str, tuple[Dialect, ...]], ...]] = (
    ("postgresql", "ARRAY BYTEA CIDR CITEXT DOMAIN HSTORE INET INTERVAL JSONPATH", _OPEN),
    ("postgresql", "MACADDR MACADDR8 MONEY OID REGCLASS REGCONFIG TSQUERY TSVECTOR", _OPEN),
    ("postgresql", _RANGES, _OPEN),
    ("postgresql", "BIT", ("sqlite",)),
    ("postgresql", "JSONB", MYSQL),
    ("mysql", "BIT INET4 INET6 LONGBLOB LONGTEXT MEDIUMBLOB MEDIUMINT", ("postgresql", "sqlite")),
    ("mysql", "MEDIUMTEXT SET TINYBLOB TINYINT TINYTEXT YEAR", ("postgresql", "sqlite")),
    ("mysql", "ENUM", ("sqlite",)),
    ("mssql", "BIT DATETIME2 DATETIMEOFFSET IMAGE NTEXT ROWVERSION SMALLDATETIME", ("postgresql", *_OPEN)),
    ("mssql", "SMALLMONEY SQL_VARIANT UNIQUEIDENTIFIER XML", ("postgresql", *_OPEN)),
    ("mssql", "MONEY", _OPEN),
    ("mssql", "TINYINT", ("postgresql", "sqlite")),
    ("oracle", "BFILE BINARY_DOUBLE BINARY_FLOAT INTERVAL LONG NUMBER", ("postgresql", *_OPEN)),
    ("oracle", "RAW ROWID VARCHAR2", ("postgresql", *_OPEN)),
)


def not_written_for(dialect: str, name: str) -> tuple[Dialect, ...]:
    """Returns the databases for which SQLAlchemy cannot write `sqlalchemy.dialects.<dialect>.<name>`."""
    for owner, names, databases in _UNWRITTEN:
        if owner == dialect and name in names.split():
            return databases
    return ()
