"""Database URLs: where they come from, which installed driver they take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from mrt_dynamic.errors import ConnectError, MissingExtraError
from mrt_dynamic.scratch.masking import masked, remember
from mrt_lint.errors import ConfigError
from mrt_lint.schema.dialects import Dialect, dialect_named, titles

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

VARIABLES: Final = ("MRT_DATABASE_URL", "TEST_DATABASE_URL")
"""The environment variables that say where a scratch database may be made; the first that is set counts."""


@dataclass(frozen=True, slots=True)
class _Driver:
    """One DBAPI driver as SQLAlchemy calls it. `twin`: of an asynchronous one, what is synchronous and
    takes the same URL; an empty string stands for whichever is installed.
    """

    module: str
    twin: str | None = None


_DRIVERS: Final[dict[str, dict[str, _Driver]]] = {
    "postgresql": {
        "psycopg": _Driver("psycopg"),
        "psycopg2": _Driver("psycopg2"),
        "pg8000": _Driver("pg8000"),
        "psycopg2cffi": _Driver("psycopg2cffi"),
        "psycopg_async": _Driver("psycopg", "psycopg"),
        "asyncpg": _Driver("asyncpg", ""),
    },
    "mysql": {
        "pymysql": _Driver("pymysql"),
        "mysqldb": _Driver("MySQLdb"),
        "mariadbconnector": _Driver("mariadb"),
        "mysqlconnector": _Driver("mysql.connector"),
        "cymysql": _Driver("cymysql"),
        "aiomysql": _Driver("aiomysql", "pymysql"),
        "asyncmy": _Driver("asyncmy", ""),
    },
    "sqlite": {
        "pysqlite": _Driver("sqlite3"),
        "aiosqlite": _Driver("aiosqlite", "pysqlite"),
    },
    "oracle": {
        "oracledb": _Driver("oracledb"),
        "cx_oracle": _Driver("cx_Oracle"),
        "oracledb_async": _Driver("oracledb", "oracledb"),
    },
    "mssql": {
        "pyodbc": _Driver("pyodbc"),
        "pymssql": _Driver("pymssql"),
        "aioodbc": _Driver("aioodbc", "pyodbc"),
    },
}
_EXTRAS: Final = {
    "postgresql": "postgres",
    "mysql": "mysql",
    "oracle": "oracle",
    "mssql": "mssql",
    "sqlite": "sqlite",
}
_ASYNC_ONLY: Final = {
    "asyncpg": (
        "async_fallback",
        "command_timeout",
        "max_cacheable_statement_size",
        "max_cached_statement_lifetime",
        "prepared_statement_cache_size",
        "prepared_statement_name_func",
        "statement_cache_size",
        "timeout",
    )
}


def expand(text: str, environ: Mapping[str, str]) -> str:
    """Returns the text with each `${NAME}` replaced by that environment variable, `$$` by `$`.

    `${NAME:-text}`: the text where the variable is not set or empty, as in a shell. Raises ConfigError for
    one that is not set otherwise.

    >>> expand("postgresql://${WHO}@${HOST:-localhost}/app", {"WHO": "me"})
    'postgresql://me@localhost/app'
    """

    def value(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        name, otherwise = match[1], match[2]
        if otherwise is not None and not environ.get(name):
            return otherwise
        if name not in environ:
            raise ConfigError(f"db-url asks for the environment variable {name}, which is not set")
        return environ[name]

    return re.sub(r"\$\$|\$\{([^}:]*)(?::-([^}]*))?\}", value, text)


def from_environment(environ: Mapping[str, str]) -> str | None:
    """Returns the URL that the environment names, if any."""
    return next((environ[name] for name in VARIABLES if environ.get(name)), None)


def parse(text: str) -> URL:
    """Returns a URL with an installed driver named; its passwords are masked from now on.

    Raises ConfigError when it is no URL, ConnectError for a database that is not supported,
    MissingExtraError when no driver is installed.
    """
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError) as error:
        raise ConfigError(f"db-url is no database URL: {masked(text)}") from error
    remember(url)
    backend, _, driver = url.drivername.partition("+")
    known = dialect_named(backend)
    if known is None or backend.startswith("cockroach"):
        known_ones = titles(("sqlite", "postgresql", "mysql", "mariadb", "oracle", "mssql"))
        raise ConnectError(f"{backend} is not supported: verify runs on {known_ones}")
    name = known if backend not in ("mysql", "mariadb") else backend
    if driver and driver in _DRIVERS[_family(known)]:
        _require(known, driver)
        return url.set(drivername=f"{name}+{driver}")
    if driver:
        raise ConnectError(f"the driver {driver} of {masked(text)} is not known")
    return url.set(drivername=f"{name}+{installed(known)}")


def installed(dialect: Dialect) -> str:
    """Returns the first installed synchronous driver of a database, as SQLAlchemy calls it.

    Raises MissingExtraError when there is none.
    """
    family = _family(dialect)
    for name, driver in _DRIVERS[family].items():
        if driver.twin is None and _is_installed(driver.module):
            return name
    raise MissingExtraError(f"no driver of {titles((dialect,))} is installed: {_advice(family)}")


def synchronous(url: URL) -> URL:
    """Returns the URL for our own connections: that of an asynchronous driver with its synchronous twin."""
    backend, _, driver = url.drivername.partition("+")
    known = dialect_named(backend)
    if known is None or (twin := _DRIVERS[_family(known)][driver].twin) is None:
        return url
    if not twin:
        try:
            twin = installed(known)
        except MissingExtraError as error:
            raise MissingExtraError(
                f"{driver} is asynchronous, mrt-lint needs a synchronous driver besides: "
                f"{_advice(_family(known))}"
            ) from error
    else:
        _require(known, twin)
    query = {key: value for key, value in url.query.items() if key not in _ASYNC_ONLY.get(driver, ())}
    if driver == "asyncpg" and "ssl" in query:
        query["sslmode"] = query.pop("ssl")
    return url.set(drivername=f"{backend}+{twin}", query=query)


def asynchronous(url: URL) -> URL:
    """Returns the URL with an installed asynchronous driver, for an env.py that needs one.

    Raises MissingExtraError when there is none.
    """
    backend, _, driver = url.drivername.partition("+")
    family = _family(dialect_named(backend) or "sqlite")
    drivers = _DRIVERS[family]
    if driver == "psycopg" or (driver in drivers and drivers[driver].twin is not None):
        return url
    for name, known in drivers.items():
        if known.twin is not None and _is_installed(known.module):
            return url.set(drivername=f"{backend}+{name}")
    names = " or ".join(dict.fromkeys(known.module for known in drivers.values() if known.twin is not None))
    raise MissingExtraError(
        f"env.py is asynchronous, and no asynchronous driver is installed: install {names}"
    )


def _family(dialect: Dialect) -> str:
    return "mysql" if dialect == "mariadb" else dialect


def _require(dialect: Dialect, driver: str) -> None:
    family = _family(dialect)
    module = _DRIVERS[family][driver].module
    if not _is_installed(module):
        raise MissingExtraError(f"the driver {module} is not installed: {_advice(family, module)}")


def _advice(family: str, module: str = "") -> str:
    other = f" (or pip install {module})" if module else ""
    return f"pip install 'mrt-lint[{_EXTRAS[family]}]'{other}"


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
