"""What the pytest-xdist workers of one run share: who verifies which part, what came of each revision."""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from mrt_dynamic.results import Verified

_KEY: Final = "mrt_share"
"""The entry of `workerinput`."""
_FOLDER = pytest.StashKey[Path]()

_IDLE: Final = 5.0
"""Seconds after which a part may be taken from a worker that does something else, or nothing any more."""


def announce(node: Any) -> None:
    """Tells a worker that is about to be started where the workers of this run share.

    `node`: pytest-xdist's WorkerController. With `--dist each` every worker is to verify everything itself.
    """
    config = node.config
    if config.getoption("dist", "no") != "each":
        node.workerinput[_KEY] = str(_folder(config))


def _folder(config: pytest.Config) -> Path:
    """Returns the folder of this run, removed when it ends, or by the next run if it is killed."""
    from mrt_dynamic.scratch.folder import SHARE, claim, own_folder, remove

    found = config.stash.get(_FOLDER, None)
    if found is None:
        place = own_folder()
        name, lock = claim(place)
        found = config.stash[_FOLDER] = place / f"{name}{SHARE}"
        found.mkdir(mode=0o700)

        def tidy() -> None:
            remove(found)
            lock.release()

        config.add_cleanup(tidy)
    return found


def share_of(config: pytest.Config, asking: str) -> Share | None:
    """Returns what this process shares with others: nothing, or as a worker on the same machine.

    `asking`: the built-in tests of one configuration; those of another one share nothing with them.
    """
    said = getattr(config, "workerinput", {})
    if not (place := said.get(_KEY)) or not Path(place).is_dir():
        return None
    folder = Path(place, _short(asking))
    folder.mkdir(mode=0o700, exist_ok=True)
    return Share(folder, int(said["workercount"]))


class Share:
    """The shared folder, as one worker uses it. `parts`: into how many parts the plan is divided."""

    def __init__(self, folder: Path, parts: int) -> None:
        """Prepares; nothing is written yet."""
        self.parts = parts
        self._folder = folder

    @contextmanager
    def working(self, part: int) -> Iterator[bool]:
        """Yields whether this worker may verify a part now: no other one does, nor did a moment ago."""
        from mrt_dynamic.scratch.lockfile import LockFile

        owner = self._folder / f"part-{part}.owner"
        lock = None if _is_others(owner) else LockFile.take(self._folder / f"part-{part}.lock")
        try:
            yield lock is not None
        finally:
            if lock is not None:
                owner.write_text(str(os.getpid()))
                lock.release()

    def leave(self, part: int) -> None:
        """Leaves a part to others, at once."""
        owner = self._folder / f"part-{part}.owner"
        if not _is_others(owner):
            owner.unlink(missing_ok=True)

    def want(self, revision: str) -> None:
        """Notes that a worker waits for what comes of a revision."""
        self._file(revision, "wanted").touch()

    def wanted(self, revision: str) -> bool:
        """Returns whether a worker waits, or waited, for what comes of a revision."""
        return self._file(revision, "wanted").exists()

    def begin(self, revision: str) -> None:
        """Notes that a revision is taken up."""
        self._file(revision, "begun").touch()

    def begun(self, revision: str) -> bool:
        """Returns whether a revision was taken up, by whom ever."""
        return self._file(revision, "begun").exists()

    def publish(self, verified: Verified) -> None:
        """Lets every worker know what came of a revision."""
        file = self._file(verified.revision, "result")
        new = file.with_suffix(f".{os.getpid()}")
        new.write_bytes(pickle.dumps(verified))
        new.replace(file)

    def has(self, revision: str) -> bool:
        """Returns whether some worker knows what came of a revision."""
        return self._file(revision, "result").exists()

    def published(self, revision: str) -> Verified | None:
        """Returns what came of a revision, None where no worker knows yet."""
        try:
            data = self._file(revision, "result").read_bytes()
        except FileNotFoundError:
            return None
        found: Verified = pickle.loads(data)
        return found

    def _file(self, revision: str, ending: str) -> Path:
        return self._folder / f"{_short(revision)}.{ending}"


def _short(name: str) -> str:
    """Returns a name for a file that stands for any text."""
    return sha256(name.encode()).hexdigest()[:32]


def _is_others(owner: Path) -> bool:
    """Returns whether another worker was at a part lately."""
    try:
        return int(owner.read_text() or 0) != os.getpid() and time.time() - owner.stat().st_mtime < _IDLE
    except FileNotFoundError:
        return False
