"""Files on disk as the frontends look for them: the files of a folder, and how one begins."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

LIMIT: Final = 1_000_000
"""Bytes of a file that are looked at for the signs of a migration."""


def files_in(folder: Path, wanted: Callable[[str], bool]) -> Iterator[Path]:
    """Yields the files of a folder whose names are wanted, in the order of their paths; none if it has none.

    Listed at once: asking the system about every file by itself takes a third of the search.
    """
    try:
        with os.scandir(folder) as entries:
            found = sorted((entry for entry in entries if wanted(entry.name)), key=_order)
    except OSError:
        return
    for entry in found:
        if _is_file(entry):
            yield folder / entry.name


def _order(entry: os.DirEntry[str]) -> str:
    return os.path.normcase(entry.name)


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link that leads in a circle
        return False


def beginning(file: Path) -> bytes:
    """Returns a file up to the limit, nothing if it cannot be read."""
    try:
        with file.open("rb") as opened:
            # Room is made for as much as is asked for: not a megabyte for each of a thousand small files.
            return opened.read(min(LIMIT, os.fstat(opened.fileno()).st_size or LIMIT))
    except OSError:
        return b""
