"""Environment variables that say where a database is point to the scratch database during a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from mrt_lint.schema.dialects import dialect_named

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

    from mrt_dynamic.scratch.base import Scratch

ALWAYS: Final = ("DATABASE_URL", "SQLALCHEMY_DATABASE_URI")
"""Set even where nothing was inherited: env.py asks for them, and a .env file then changes nothing."""

NOWHERE: Final = "mrt.invalid"
"""A host that does not exist, for parts of an address of another kind of database.
Source: https://www.rfc-editor.org/rfc/rfc6761#section-6.4
"""

_LIBPQ: Final = {
    "PGHOST": "host",
    "PGPORT": "port",
    "PGUSER": "username",
    "PGPASSWORD": "password",
    "PGDATABASE": "database",
}
_LIBPQ_OTHERS: Final = ("PGHOSTADDR", "PGSERVICE", "PGSERVICEFILE", "PGSYSCONFDIR")
"""What else leads libpq to a server. Source: https://www.postgresql.org/docs/current/libpq-envars.html"""

_PREFIXES: Final = {
    "MYSQL_": "mysql",
    "MARIADB_": "mysql",
    "POSTGRES_": "postgresql",
    "POSTGRESQL_": "postgresql",
    "PG_": "postgresql",
    "DB_": "",
    "DATABASE_": "",
    "SQL_": "",
}
_PARTS: Final = {
    "HOST": "host",
    "HOSTNAME": "host",
    "SERVER": "host",
    "PORT": "port",
    "TCP_PORT": "port",
    "USER": "username",
    "USERNAME": "username",
    "PASSWORD": "password",
    "PASS": "password",
    "PWD": "password",
    "DATABASE": "database",
    "DB": "database",
    "DBNAME": "database",
    "NAME": "database",
    "UNIX_PORT": "",
    "UNIX_SOCKET": "",
    "SOCKET": "",
}


@contextmanager
def redirected(scratch: Scratch, environ: MutableMapping[str, str]) -> Iterator[None]:
    """Points every inherited variable that names a database to the scratch database, and puts them back.

    Those are `DATABASE_URL` and the like, libpq's `PG*`, parts of an address (`MYSQL_HOST`, `DB_NAME`,
    ...) and whatever holds the URL of a database.
    """
    changes = replacements(scratch.url, environ)
    before = {name: environ.get(name) for name in changes}
    _apply(environ, changes)
    try:
        yield
    finally:
        _apply(environ, before)


def replacements(url: URL, environ: Mapping[str, str]) -> dict[str, str | None]:
    """Returns the variables to change: new values, None for those to be removed."""
    found: dict[str, str | None] = {}
    family = _family(url.get_backend_name())
    for name, part in _LIBPQ.items():
        found[name] = _part(url, part) or None if family == "postgresql" else None
    found |= dict.fromkeys(_LIBPQ_OTHERS)
    for name, value in environ.items():
        if name in found:
            continue
        if (instead := _instead_of(value, url)) is not None:
            found[name] = instead
        elif (meaning := _named_part(name)) is not None:
            kind, what = meaning
            if kind in ("", family):
                found[name] = _part(url, what)
            else:
                found[name] = {"host": NOWHERE, "database": str(url.database)}.get(what, "")
    for name in ALWAYS:
        found.setdefault(name, url.render_as_string(hide_password=False))
    return {name: value for name, value in found.items() if value is not None or name in environ}


def _apply(environ: MutableMapping[str, str], values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            environ.pop(name, None)
        else:
            environ[name] = value


def _instead_of(value: str, url: URL) -> str | None:
    """Returns the scratch database's URL in the place of another one, None for what is no database URL.

    The driver stays where it is one for the same kind of database: the project's engine needs it.
    """
    scheme, found, _ = value.partition("://")
    if not found:
        return None
    theirs = dialect_named(scheme)
    if theirs is None:
        return None
    same = _family(theirs) == _family(url.get_backend_name())
    return url.set(drivername=scheme if same else url.drivername).render_as_string(hide_password=False)


def _named_part(name: str) -> tuple[str, str] | None:
    """Returns the kind of database that a variable is about (empty: any) and the part of its address."""
    upper = name.upper()
    for prefix, kind in _PREFIXES.items():
        if upper.startswith(prefix) and (part := _PARTS.get(upper.removeprefix(prefix))) is not None:
            return kind, part
    return None


def _part(url: URL, part: str) -> str:
    value = getattr(url, part) if part else None
    if value is None and part == "host":
        query = url.query.get("host", "")
        return query if isinstance(query, str) else ",".join(query)
    return "" if value is None else str(value)


def _family(dialect: str) -> str:
    return "mysql" if dialect == "mariadb" else dialect
