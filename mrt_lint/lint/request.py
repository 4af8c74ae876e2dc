"""Request: what one run is asked for besides its paths and its configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mrt_lint.classes import dataclass


@dataclass(frozen=True, slots=True)
class Unsaved:
    """The text of a file as an editor holds it; `path` is its real path, and need not exist."""

    path: Path
    data: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """`since`: report only what comes after this revision; `changed`: only what differs from this commit.

    `unsaved`: read this instead of the file. `write_baseline`: record the findings instead of reporting
    them. `jobs`: how many processes may read the files; the report is the same for any number.
    """

    since: str | None = None
    changed: str | None = None
    unsaved: Unsaved | None = None
    write_baseline: bool = False
    jobs: int = 1


PLAIN: Final = Request()
"""Nothing besides paths and configuration."""
