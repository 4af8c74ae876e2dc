"""Which database a verification runs on: where a URL says, else the best that this machine has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from mrt_dynamic.errors import ConnectError, MissingExtraError
from mrt_dynamic.scratch import urls
from mrt_dynamic.scratch.hosts import require_allowed
from mrt_dynamic.scratch.in_place import in_place_on
from mrt_dynamic.scratch.libpq import with_defaults
from mrt_dynamic.scratch.local import LocalScratch
from mrt_dynamic.scratch.mysql import MySQLScratch
from mrt_dynamic.scratch.postgresql import PostgresScratch
from mrt_dynamic.scratch.processes import installed_binaries, packaged_binaries
from mrt_dynamic.scratch.sqlite import SQLiteScratch
from mrt_lint.errors import ConfigError
from mrt_lint.schema.dialects import Dialect, titles

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

    from mrt_dynamic.scratch.base import Scratch

_HOW: Final = 'set db-url (or MRT_DATABASE_URL) to a server, or pip install "mrt-lint[postgres]"'


@dataclass(frozen=True, slots=True)
class Choice:
    """How scratch databases are made. `make`: one more of them; raises ConnectError, RefusedError.

    `notes`: sentences for the user about why it is this one; complete once `make` was called.
    """

    make: Callable[[], Scratch]
    notes: list[str] = field(default_factory=list)


def choose(
    url: str | None,
    target: Dialect | None,
    *,
    environ: Mapping[str, str],
    allow_hosts: Sequence[str] = (),
    in_place: bool = False,
    legacy: Any = None,
) -> Choice:
    """Returns how to make scratch databases; nothing is connected to or started yet.

    `url`: as configured, with its `${NAME}`; else that of the environment counts. `target`: the database
    that the project is written for, None when it is not known. `legacy`: what a process said of the
    database (Scratch.legacy) that was killed while it worked in place.
    Raises ConfigError, MissingExtraError, RefusedError, ConnectError.
    """
    text = urls.expand(url, environ) if url else urls.from_environment(environ)
    if text:
        return _named(text, environ, allow_hosts, in_place, legacy)
    if in_place:
        raise ConfigError('isolation = "in-place" needs a db-url that names an empty database')
    return _embedded(target)


def _named(
    text: str, environ: Mapping[str, str], allow_hosts: Sequence[str], in_place: bool, legacy: Any
) -> Choice:
    url = with_defaults(urls.parse(text), environ)
    urls.synchronous(url)  # its driver is missed now rather than later
    require_allowed(url, allow_hosts)
    if in_place:
        return Choice(lambda: in_place_on(url, legacy))
    return Choice(lambda: scratch_on(url))


def scratch_on(url: URL) -> Scratch:
    """Returns a new scratch database where the URL says. Raises ConnectError."""
    backend = url.get_backend_name()
    if backend == "sqlite":
        return SQLiteScratch(url)
    if backend == "postgresql":
        return PostgresScratch(url)
    if backend in ("mysql", "mariadb"):
        return MySQLScratch(url)
    if backend == "oracle":
        from mrt_dynamic.scratch.oracle import OracleScratch

        return OracleScratch(url)
    from mrt_dynamic.scratch.mssql import SqlServerScratch

    return SqlServerScratch(url)


def _embedded(target: Dialect | None) -> Choice:
    sqlite = urls.parse("sqlite://")
    notes: list[str] = []
    if target == "sqlite":
        return Choice(lambda: SQLiteScratch(sqlite), notes)
    if target not in (None, "postgresql"):
        name = titles((target,))
        notes.append(
            f"The project is for {name}, but no db-url says where a {name} server is: verified on SQLite "
            "instead, which differs in types, constraints and transactions."
        )
        return Choice(lambda: SQLiteScratch(sqlite), notes)

    def make() -> Scratch:
        notes.clear()
        for binaries in filter(None, (installed_binaries(), packaged_binaries())):
            try:
                return LocalScratch(binaries)
            except (ConnectError, MissingExtraError) as error:
                said = f"{str(error)[:1].upper()}{str(error)[1:]}."
                if said not in notes:
                    notes.append(said)
        what = "The project is for PostgreSQL" if target else "No database is named"
        notes.append(
            f"{what}, and no PostgreSQL server can be started here: verified on SQLite instead; {_HOW}."
        )
        return SQLiteScratch(sqlite)

    return Choice(make, notes)
