"""Which pairs of types a usual run tries: a fixed fourth of them, or all with MRT_EVERY_PAIR=1."""

from __future__ import annotations

import os
from zlib import crc32

PARTS = 1 if os.environ.get("MRT_EVERY_PAIR") else 4


def tried(old: str, new: str) -> bool:
    """Returns whether the change from one type to another is tried in this run, the same in every run."""
    return crc32(f"{old} -> {new}".encode()) % PARTS == 0
