"""Which cases a usual run tries: a fixed eighth of them on servers, or all with MRT_EVERY_CASE=1.

SQLite, which costs little, tries every case in every run; what is said of a case is held against the
truth again, once it was, for a fourth of them.
"""

from __future__ import annotations

import os
from zlib import crc32

EVERY = bool(os.environ.get("MRT_EVERY_CASE"))
PARTS, AGAIN = (1, 1) if EVERY else (8, 4)


def in_share(name: str, database: str) -> bool:
    """Returns whether a case is tried on a database in this run, the same in every run."""
    return database == "sqlite" or crc32(f"{name} on {database}".encode()) % PARTS == 0


def is_checked_again(name: str) -> bool:
    """Returns whether the truth of a case is looked up once more in this run."""
    return crc32(name.encode()) % AGAIN == 0
