"""What is said about a connection that leads elsewhere, and what a connection says about where it leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mrt_dynamic.errors import RefusedError
from mrt_dynamic.scratch.masking import masked
from mrt_dynamic.scratch.trouble import shown

if TYPE_CHECKING:
    from mrt_dynamic.scratch.base import Scratch

_MODULES: Final = {
    "sqlite3": "sqlite",
    "psycopg": "postgresql",
    "psycopg2": "postgresql",
    "psycopg2cffi": "postgresql",
    "pg8000": "postgresql",
    "asyncpg": "postgresql",
    "pymysql": "mysql",
    "MySQLdb": "mysql",
    "mariadb": "mysql",
    "mysql": "mysql",
    "cymysql": "mysql",
    "oracledb": "oracle",
    "cx_Oracle": "oracle",
    "pyodbc": "mssql",
    "pymssql": "mssql",
}
_DATABASE: Final = ("dbname", "database", "db")


def wrong_database(found: str, scratch: Scratch) -> RefusedError:
    """Returns the refusal to run anything on `found` instead of the scratch database."""
    return RefusedError(
        f"env.py connects to {masked(found)}, not to the scratch database {shown(scratch.url)}; nothing was "
        'run there: let env.py take the URL from the configuration, config.get_main_option("sqlalchemy.url");'
        " where it takes it from an environment variable, set that to any URL: it is replaced during the run"
    )


def family_of(raw: Any) -> str:
    """Returns which kind of database a DBAPI connection speaks to, by its module; empty when unknown.

    MariaDB counts as `mysql`.
    """
    for kind in type(raw).__mro__:
        parts = kind.__module__.split(".")
        if parts[:2] == ["sqlalchemy", "dialects"]:  # the adapters of asynchronous drivers
            return parts[2]
        if parts[0] in _MODULES:
            return _MODULES[parts[0]]
    return ""


def database_in(named: Mapping[str, Any]) -> str | None:
    """Returns the database that a driver is asked to connect to, None when it is not said plainly."""
    return next((str(named[key]) for key in _DATABASE if named.get(key)), None)


def described(dialect: str, positional: Sequence[Any], named: Mapping[str, Any]) -> str:
    """Returns where a driver is asked to connect to, without the password."""
    if dialect == "sqlite":
        return f"sqlite:///{positional[0] if positional else named.get('database', '')}"
    user = named.get("user")
    host = named.get("host") or named.get("unix_socket") or named.get("dsn") or ""
    port = f":{named['port']}" if named.get("port") else ""
    who = f"{user}@" if user else ""
    return f"{dialect}://{who}{host}{port}/{database_in(named) or ''}"


def sqlite_file(positional: Sequence[Any], named: Mapping[str, Any]) -> Path | None:
    """Returns the file that SQLite is asked to open; None for a database in memory."""
    name = str(positional[0] if positional else named.get("database", ""))
    if name.startswith("file:"):
        name, _, query = name.removeprefix("file:").partition("?")
        if "mode=memory" in query.split("&"):
            return None
        if name.startswith("//"):
            name = "/" + name.lstrip("/").partition("/")[2] if not name.startswith("///") else name[2:]
    return None if name in ("", ":memory:") else Path(name)
