"""What database drivers raise, as one clear line with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from mrt_dynamic.errors import ConnectError
from mrt_dynamic.scratch.masking import masked

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

_DENIED: Final = {"42501", "1044", "1227", "1410", "ORA-01031"}
"""SQLSTATE (PostgreSQL) and error numbers (MySQL, MariaDB, Oracle) of a missing right.
Sources: https://www.postgresql.org/docs/current/errcodes-appendix.html,
https://mariadb.com/kb/en/mariadb-error-codes/, https://docs.oracle.com/error-help/db/ora-01031/
"""
_DENIED_MSSQL: Final = "(262)"
"""ODBC gives SQL Server's own number in the text only.
Source: https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors
"""
_FULL: Final = {"53100", "1021", "SQLITE_FULL"}
"""The disk is full. SQLite: https://www.sqlite.org/rescode.html#full"""


def codes(error: BaseException) -> set[str]:
    """Returns what the driver says in code: SQLSTATE, the server's error number, SQLite's name."""
    found = {getattr(error, name, None) for name in ("sqlstate", "pgcode", "errno", "sqlite_errorname")}
    if error.args and isinstance(error.args[0], int):
        found.add(error.args[0])
    if error.args and isinstance(error.args[0], dict):  # pg8000
        found.add(error.args[0].get("C"))
    if error.args:
        found.add(getattr(error.args[0], "full_code", None))  # oracledb
    return {str(code) for code in found if code is not None}


def is_denied(error: BaseException) -> bool:
    """Returns whether a right is missing."""
    return bool(codes(error) & _DENIED) or _DENIED_MSSQL in str(error)


def is_full(error: BaseException) -> bool:
    """Returns whether the disk (or a limit on the file) is full.

    Python 3.10 gives SQLite's errors no code; the text is SQLite's own, never translated. A limit on the
    size of files (RLIMIT_FSIZE, a quota) comes as an I/O error on writing.
    """
    text = str(error)
    return (
        bool(codes(error) & _FULL)
        or "database or disk is full" in text
        or ("disk I/O error" in text and "SQLITE_IOERR_WRITE" in codes(error))
    )


def first_line(error: BaseException) -> str:
    """Returns what an error says in one line, passwords masked."""
    parts = error.args[1:] if error.args and isinstance(error.args[0], int) else ()
    text = str(parts[0]) if parts else str(error)
    lines = [line.strip() for line in masked(text).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def cannot_connect(url: URL, error: BaseException) -> ConnectError:
    """Returns the error of a server that does not answer or does not let us in."""
    return ConnectError(f"cannot connect to {masked(shown(url))}: {first_line(error)}")


def cannot_create(url: URL, error: BaseException, grant: str) -> ConnectError:
    """Returns the error of a server that lets us make no database. `grant`: the statement that would help."""
    if is_full(error):
        return no_space(shown(url))
    if not is_denied(error):
        return ConnectError(f"cannot make a scratch database at {masked(shown(url))}: {first_line(error)}")
    return ConnectError(
        f"{url.username or 'the user'} may not create databases at {masked(shown(url))}: {grant}, "
        'or set isolation = "in-place" with a db-url that names an empty database'
    )


@contextmanager
def told(place: str, errors: type[Exception]) -> Iterator[None]:
    """Turns the driver's errors into one line: the server at `place` did not do what was asked."""
    try:
        yield
    except errors as error:
        raise (
            no_space(place) if is_full(error) else ConnectError(f"{place}: {first_line(error)}")
        ) from error


def no_space(place: str) -> ConnectError:
    """Returns the error of a full disk. `place`: a folder or a server."""
    return ConnectError(
        f"no space left for the scratch database in {place}: free some, or name another place"
    )


def shown(url: URL) -> str:
    """Returns a URL with its passwords masked."""
    return masked(url.render_as_string(hide_password=True))
