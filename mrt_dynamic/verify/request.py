"""What the caller asks of one verification besides the settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Request:
    """`revisions`: test these alone (none: all), as the user names them. `since`: only what comes after.

    `cwd`: the folder to which reported paths are relative.
    """

    revisions: tuple[str, ...] = ()
    since: str | None = None
    cwd: Path = field(default_factory=Path.cwd)
