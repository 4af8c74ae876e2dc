"""What scratch databases on servers share: the connection that keeps them, and how they begin and end."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from mrt_dynamic.errors import ConnectError
from mrt_dynamic.scratch.base import Scratch
from mrt_dynamic.scratch.engines import engine_on
from mrt_dynamic.scratch.session import Session
from mrt_dynamic.scratch.trouble import cannot_create

if TYPE_CHECKING:
    from sqlalchemy.engine import URL, Engine


class ServerScratch(Scratch):
    """A scratch database on a server, which most servers cannot copy.

    `_keeper`: a connection from which it is made and removed; `_home`: where that leads.
    """

    _home: URL
    _keeper: Session
    _dropped = False

    def engine(self) -> Engine:
        """Returns our own engine on it."""
        return engine_on(self.url, self)

    def save(self, name: str) -> bool:
        """Returns False: there is no copy."""
        return False

    def restore(self, name: str) -> None:
        """Raises KeyError: nothing was saved."""
        raise KeyError(name)

    def drop(self) -> None:
        """Removes it, and lets go of the lock."""
        if self._dropped:
            return
        self._dropped = True
        with suppress(ConnectError, self._keeper.errors):
            self._remove()
        self._keeper.close()

    @contextmanager
    def _making(self, url: URL, right: str) -> Iterator[None]:
        """Leaves nothing when it cannot be made; `right`: the statement that gives what may be missing.

        Raises ConnectError.
        """
        try:
            yield
        except self._keeper.errors as error:
            self.drop()
            raise cannot_create(url, error, right) from error
        except BaseException:
            self.drop()
            raise

    def _server(self) -> Session:
        """Returns the connection that holds the lock, opened again if the server ended it."""
        try:
            self._keeper.rows("SELECT 1")
        except self._keeper.errors:
            self._keeper.close()
            self._keeper = Session(self._home)
            self._hold()
        return self._keeper

    @abstractmethod
    def _hold(self) -> None:
        """Takes the lock that says that this run lives."""

    @abstractmethod
    def _remove(self) -> None:
        """Removes it from the server. Raises ConnectError, and what the driver raises."""
