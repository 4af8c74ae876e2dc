"""A scratch database from its making to its end: empty, its own, copied, emptied, gone."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from mrt_dynamic.errors import ConnectError
from mrt_dynamic.scratch.base import Scratch
from mrt_dynamic.scratch.choose import scratch_on
from mrt_dynamic.scratch.names import original
from tests.backends import server_url
from tests.dynamic.conftest import MakeScratch
from tests.dynamic.watching import ROWS, databases, eventually, everything, fill, on, populated

PRODUCTS = {"sqlite": "SQLite 3.", "postgresql": "PostgreSQL 1", "mariadb": "MariaDB 1"}
ENDLESS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(600)",
    "mariadb": "SELECT count(*) FROM information_schema.collations a, information_schema.collations b,"
    " information_schema.collations c, information_schema.collations d",
}


def test_it_is_new_and_empty(scratch: Scratch, database: str, tmp_path: Path) -> None:
    assert original(scratch.marker) == scratch.marker
    assert scratch.marker in databases(database, tmp_path / "scratch")
    assert everything(scratch.engine()) == {}
    assert scratch.dialect == database
    assert scratch.title.startswith(PRODUCTS[database])


def test_it_owns_its_connections_only(scratch: Scratch, database: str, tmp_path: Path) -> None:
    with on(scratch.url).connect() as ours:
        assert scratch.owns(ours)
        assert not ours.in_transaction()
    with populated(database, tmp_path) as engine, engine.connect() as theirs:
        assert not scratch.owns(theirs)


def test_two_are_two(database: str, make_scratch: MakeScratch) -> None:
    one, two = make_scratch(database), make_scratch(database)
    fill(one.engine())
    assert everything(two.engine()) == {}
    with one.engine().connect() as connection:
        assert not two.owns(connection)


def test_asking_leaves_an_open_transaction_alone(scratch: Scratch) -> None:
    fill(scratch.engine())
    with scratch.engine().connect() as connection:
        connection.exec_driver_sql("INSERT INTO people VALUES (9, 'new', NULL)")
        assert scratch.owns(connection)
        connection.commit()
    assert len(everything(scratch.engine())["people"]) == len(ROWS["people"]) + 1


def test_clear_empties_it(scratch: Scratch) -> None:
    fill(scratch.engine())
    scratch.clear()
    assert everything(scratch.engine()) == {}
    fill(scratch.engine())
    assert len(everything(scratch.engine())) == 2


def test_clear_does_not_wait_for_an_open_transaction(scratch: Scratch) -> None:
    fill(scratch.engine())
    with scratch.engine().connect() as connection:
        connection.exec_driver_sql("UPDATE people SET name = 'x'")
        scratch.clear()
        assert everything(scratch.engine()) == {}
        with suppress(sa.exc.DBAPIError):
            connection.rollback()
        connection.invalidate()


def test_a_copy_brings_schema_and_rows_back(scratch: Scratch, database: str) -> None:
    fill(scratch.engine())
    before = everything(scratch.engine())
    if not scratch.save("one"):
        assert database == "mariadb"
        with pytest.raises(KeyError):
            scratch.restore("one")
        return
    with scratch.engine().begin() as connection:
        connection.exec_driver_sql("DELETE FROM orders")
        connection.exec_driver_sql("ALTER TABLE people ADD COLUMN more INTEGER")
    assert scratch.save("two")
    after = everything(scratch.engine())
    assert after != before
    scratch.restore("one")
    assert everything(scratch.engine()) == before
    scratch.restore("two")
    assert everything(scratch.engine()) == after
    assert scratch.save("two"), "a name can be used again"
    scratch.restore("two")
    assert everything(scratch.engine()) == after
    with scratch.engine().connect() as connection:
        assert scratch.owns(connection)


def test_drop_leaves_nothing_and_is_safe_twice(scratch: Scratch, database: str, tmp_path: Path) -> None:
    fill(scratch.engine())
    scratch.save("one")
    scratch.save("two")
    with scratch.engine().connect() as connection:
        connection.exec_driver_sql("UPDATE people SET name = 'x'")
        scratch.drop()
        connection.invalidate()
    scratch.drop()
    folder = tmp_path / "scratch"
    assert not any(name.startswith(scratch.marker) for name in databases(database, folder))
    assert database != "sqlite" or list(folder.iterdir()) == []


def test_cancel_ends_what_runs(scratch: Scratch, database: str) -> None:
    raised: list[BaseException] = []

    def work() -> None:
        try:
            with scratch.engine().connect() as connection:
                connection.exec_driver_sql(ENDLESS[database]).all()
        except sa.exc.DBAPIError as error:
            raised.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()

    def ended() -> bool:
        scratch.cancel()
        return not thread.is_alive()

    assert eventually(ended)
    assert raised
    assert everything(scratch.engine()) == {}


def test_settings_of_the_database_come_back_with_a_copy(make_scratch: MakeScratch) -> None:
    scratch = make_scratch("postgresql")
    with scratch.engine().begin() as connection:
        connection.exec_driver_sql(f'ALTER DATABASE {scratch.marker} SET search_path TO app, "$user"')
        connection.exec_driver_sql(f"ALTER DATABASE {scratch.marker} SET application_name TO 'it''s'")
    scratch.save("one")
    scratch.clear()
    scratch.restore("one")
    with scratch.engine().connect() as connection:
        assert connection.exec_driver_sql("SHOW search_path").scalar() == 'app, "$user"'
        assert connection.exec_driver_sql("SHOW application_name").scalar() == "it's"


def _end_every_session(database: str, scratch: Scratch) -> None:
    """Ends the connections to the scratch database, and that which holds its lock."""
    engine = sa.create_engine(server_url(database), isolation_level="AUTOCOMMIT")
    number = "pg_backend_pid()" if database == "postgresql" else "CONNECTION_ID()"
    keeper: Any = scratch.__dict__["_keeper"].value(f"SELECT {number}")
    with engine.connect() as connection:
        kill = f"SELECT pg_terminate_backend({keeper})" if database == "postgresql" else f"KILL {keeper}"
        connection.exec_driver_sql(kill)
    engine.dispose()


def test_ended_server_connections_are_opened_again(
    server: str, make_scratch: MakeScratch, tmp_path: Path
) -> None:
    scratch = make_scratch(server)
    fill(scratch.engine())
    _end_every_session(server, scratch)
    scratch.clear()
    assert everything(scratch.engine()) == {}
    other = make_scratch(server)
    assert {scratch.marker, other.marker} <= databases(server, tmp_path), "it is known to live again"
    _end_every_session(server, scratch)
    scratch.drop()
    assert scratch.marker not in databases(server, tmp_path)


class _Relay:
    """Forwards a port to a server until it is closed: the server's end, as a client sees it."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(self._target)
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._copy, args=(one, other), daemon=True).start()

    @staticmethod
    def _copy(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
            other.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        for found in [self._listener, *self._open]:
            with suppress(OSError):
                found.shutdown(socket.SHUT_RDWR)
            found.close()


@pytest.fixture
def relay(server: str) -> Iterator[_Relay]:
    url = server_url(server)
    relay = _Relay(url.host or "127.0.0.1", url.port or {"postgresql": 5432, "mariadb": 3306}[server])
    yield relay
    relay.stop()


def test_drop_survives_a_stopped_server(
    server: str, relay: _Relay, make_scratch: MakeScratch, tmp_path: Path
) -> None:
    scratch = scratch_on(server_url(server).set(host="127.0.0.1", port=relay.port))
    scratch.save("copy")
    relay.stop()
    for action in (scratch.clear, scratch.cancel):
        with pytest.raises(ConnectError) as caught:
            action()
        assert "\n" not in str(caught.value)
    scratch.drop()
    scratch.drop()

    def gone() -> bool:
        make_scratch(server).drop()
        return not any(name.startswith(scratch.marker) for name in databases(server, tmp_path))

    assert eventually(gone), "the next start removes what could not be dropped"
