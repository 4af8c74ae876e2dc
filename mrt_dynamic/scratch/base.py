"""The contract of scratch databases, which the engine, the snapshots and the seeding rely on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mrt_lint.schema.dialects import Dialect

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from sqlalchemy.engine import URL, Connection, Engine
    from typing_extensions import Self


class Scratch(ABC):
    """One database that the verifier made for itself, empty at first; a context manager that drops it.

    `dialect`: ours, MariaDB told apart from MySQL. `url`: the database itself with the password, for
    env.py: an asynchronous driver stays what it was. `marker`: a random token that only this database
    answers with. `title`: product and version. `place`: the server or folder, to be shown.
    `private_server`: the whole server is thrown away with it, so that what a migration changes outside of
    its database (roles, settings) harms nobody. `neighbours`: the other databases on the server, in lower
    case, where a statement can name them.
    """

    dialect: Dialect
    url: URL
    marker: str
    title: str
    place: str
    private_server: bool = False
    neighbours: frozenset[str] = frozenset()

    @abstractmethod
    def engine(self) -> Engine:
        """Returns our own engine on it (synchronous, no pool); the caller disposes of it."""

    @cached_property
    def own(self) -> Engine:
        """Returns the engine of our connections beside env.py's, the same one each time.

        SQLAlchemy keeps with it what it asked at its first connection, and what it has compiled.
        """
        return self.engine()

    @abstractmethod
    def holds(self, raw: Any) -> bool:
        """Returns whether a DBAPI connection that somebody else opened is on this very database.

        Asks the server. May begin the driver's implicit transaction; the caller ends it.
        """

    def owns(self, connection: Connection) -> bool:
        """Returns whether a connection that somebody else opened is on this very database.

        A connection outside of a transaction is outside of one afterwards.
        """
        raw = connection.connection.dbapi_connection
        begun = connection.in_transaction()
        try:
            return self.holds(raw)
        finally:
            if not begun and raw is not None:
                raw.rollback()

    def adopt(self, raw: Any, record: Any) -> None:  # noqa: B027 -- most need nothing
        """Readies a new DBAPI connection to it, which nothing has run on: quick, known to `cancel`.

        `record`: SQLAlchemy's entry in the pool, weakly referable.
        """

    def is_file(self, file: Path) -> bool:
        """Returns whether a file is this very database; of a server's database no file is."""
        return False

    @abstractmethod
    def clear(self) -> None:
        """Makes it empty again, as it was when it was made; may end every other connection to it."""

    @abstractmethod
    def save(self, name: str) -> bool:
        """Keeps a copy of schema and rows under a name; False where the database cannot copy.

        May end every other connection to it: PostgreSQL copies no database that is in use.
        """

    @abstractmethod
    def restore(self, name: str) -> None:
        """Puts back what was kept under a name; may end every other connection to it."""

    @abstractmethod
    def cancel(self) -> None:
        """Ends whatever runs in it right now, from another connection; may be called from any thread."""

    def legacy(self) -> Any:
        """Returns what another process needs to put it back as it was, when this one is killed.

        Plain values; None where the next start removes it by itself.
        """
        return None

    @abstractmethod
    def drop(self) -> None:
        """Removes it with every copy. Safe to call twice, and after the server went away."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.drop()
