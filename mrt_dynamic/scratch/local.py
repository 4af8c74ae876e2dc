"""A throwaway PostgreSQL server, started from programs that are on this machine."""

from __future__ import annotations

import secrets
import shutil
import socket
import subprocess
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mrt_dynamic.errors import ConnectError
from mrt_dynamic.scratch import urls
from mrt_dynamic.scratch.folder import SERVER, claim, own_folder, remove
from mrt_dynamic.scratch.postgresql import PostgresScratch
from mrt_dynamic.scratch.processes import run, service_user

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

_SETTINGS: Final = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "32MB",
    "max_connections": "50",
    "max_wal_size": "512MB",
    "log_destination": "stderr",
    "logging_collector": "off",
}
"""Nothing has to survive a crash of the machine; nobody but us is to connect (with a random password)."""

_TRIES: Final = 5


class LocalServer:
    """A server of our own on a free port, with its data in our folder; `stop` removes both.

    A crashed run leaves it running; the next start stops it.
    """

    def __init__(self, binaries: Path) -> None:
        """Makes and starts it. `binaries`: the folder of initdb and pg_ctl. Raises ConnectError."""
        try:
            folder = own_folder()
            name, self._lock = claim(folder)
        except OSError as error:
            raise ConnectError(f"cannot start a PostgreSQL server: {error}") from error
        self._folder = folder / f"{name}{SERVER}"
        self._binaries = binaries
        self._user = service_user()
        try:
            self.url = self._start()
        except (OSError, subprocess.SubprocessError) as error:
            self.stop()
            raise ConnectError(f"cannot start a PostgreSQL server from {binaries}: {error}") from error
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stops it and removes its data; a second time does nothing."""
        remove(self._folder)
        self._lock.release()

    def _start(self) -> URL:
        password = secrets.token_hex(16)
        secret = self._folder / "password"
        self._folder.mkdir(mode=0o700)
        secret.write_text(password, encoding="ascii")
        if self._user is not None:
            for path in (self._folder, secret):
                shutil.chown(path, self._user)
        self._run(
            "initdb",
            ["-D", str(self._data), "-U", "postgres", "-A", "scram-sha-256", "--pwfile", str(secret)]
            + ["-E", "UTF8", "--locale", "C", "--no-sync"],
        )
        for tries_left in reversed(range(_TRIES)):
            port = free_port()
            options = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
            options += f" -c unix_socket_directories= -p {port}"
            started = ["start", "-D", str(self._data), "-l", str(self._log), "-w", "-t", "60", "-o", options]
            try:
                self._run("pg_ctl", started)
                break
            except ConnectError:
                if not tries_left or "could not bind" not in self._read_log():
                    raise
        return urls.parse(f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres")

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def _log(self) -> Path:
        return self._folder / "log"

    def _run(self, program: str, arguments: list[str]) -> None:
        done = run(self._binaries / program, arguments, self._user)
        if done.returncode:
            said = (done.stderr or self._read_log()).strip().splitlines()
            raise ConnectError(
                f"cannot start a PostgreSQL server from {self._binaries}: {(said or ['?'])[-1]}"
            )

    def _read_log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""


class LocalScratch(PostgresScratch):
    """A scratch database on a server of its own, which ends with it."""

    def __init__(self, binaries: Path) -> None:
        """Starts the server. Raises ConnectError."""
        self._local = LocalServer(binaries)
        super().__init__(self._local.url, private_server=True)

    def drop(self) -> None:
        """Removes the database and the server."""
        super().drop()
        self._local.stop()


def free_port() -> int:
    """Returns a port of this machine that nothing listens on."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
