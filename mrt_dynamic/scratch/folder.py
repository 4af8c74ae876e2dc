"""The folder of this user's scratch files: found, locked, freed of what crashed runs left."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from mrt_dynamic.scratch.lockfile import LockFile
from mrt_dynamic.scratch.names import PREFIX, new_name, original
from mrt_dynamic.scratch.processes import stop_server

LOCK: Final = ".lock"
DATABASE: Final = ".db"
SERVER: Final = ".pg"
SHARE: Final = ".share"
"""Endings: `mrt_<random>.lock` is locked while the run lives that owns all that has its name."""


def own_folder() -> Path:
    """Returns the folder, made if need be: below the system's temporary directory, nobody else's.

    Anybody may write there, so one that somebody else owns is not used. Raises OSError.
    """
    who = str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    folder = Path(tempfile.gettempdir()) / f"mrt-lint-{who}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or (hasattr(os, "getuid") and found.st_uid != os.getuid()):
        raise OSError(f"{folder} is not a folder of this user: remove it, or set TMPDIR")
    if who == "0":  # the superuser's server runs as somebody else, who must be able to pass through
        folder.chmod(0o711)
    return folder


def claim(folder: Path) -> tuple[str, LockFile]:
    """Returns a new name in the folder, and the lock that says that this run lives. Raises OSError."""
    remove_stale(folder)
    while True:
        name = new_name()
        lock = LockFile.take(folder / f"{name}{LOCK}")
        if lock is not None:
            return name, lock


def remove_stale(folder: Path) -> None:
    """Removes what crashed runs left: everything with a name of ours whose lock is free."""
    for name in sorted({name for _, name in _ours(folder)}):
        lock = LockFile.take(folder / f"{name}{LOCK}")
        if lock is None:
            continue
        for path, owner in list(_ours(folder)):
            if owner == name and path != lock.path:
                remove(path)
        lock.release()


def remove(path: Path) -> None:
    """Removes a database file with its journals, or a folder, its server stopped before; never fails."""
    if path.suffix == SERVER:
        stop_server(path)
    if path.suffix in (SERVER, SHARE):
        shutil.rmtree(path, ignore_errors=True)
        return
    for ending in ("", "-journal", "-wal", "-shm"):
        with suppress(OSError):
            path.with_name(path.name + ending).unlink()


def _ours(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in folder.glob(f"{PREFIX}*"):
        name = original(path.name.partition(".")[0])
        if name is not None:
            yield path, name
