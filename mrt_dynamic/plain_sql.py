"""SQL as it stands: statements sent without parameters, and names in quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_QUOTES: Final = {"mysql": ("`", "`"), "mariadb": ("`", "`"), "mssql": ("[", "]")}


def run(connection: Connection, sql: str, **options: Any) -> Any:
    """Returns the result of one statement: its text has no parameters, `%` and `:` mean nothing in it.

    A CursorResult, whose type is spelled otherwise in SQLAlchemy 2.0 and 2.1.
    """
    return connection.exec_driver_sql(sql, None, execution_options={"no_parameters": True, **options})


def quoted(name: str, dialect: Dialect) -> str:
    """Returns a name in quotes.

    SQLAlchemy's preparer doubles `%` for drivers that fill in parameters; our statements have none.
    """
    opening, closing = _QUOTES.get(dialect, ('"', '"'))
    if dialect == "oracle" and name == name.lower():
        name = name.upper()  # SQLAlchemy shows what Oracle keeps in capitals in small letters.
    return opening + name.replace(closing, closing * 2) + closing


def table_of(name: Name, dialect: Dialect) -> str:
    """Returns a table's full name; PostgreSQL's default schema is named, whatever the search path says."""
    schema = name.schema or ("public" if dialect == "postgresql" else None)
    own = quoted(name.name, dialect)
    return f"{quoted(schema, dialect)}.{own}" if schema else own
