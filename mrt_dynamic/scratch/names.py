"""Names of scratch databases: random, and recognisable as ours, so that nothing else is ever dropped."""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import Final

PREFIX: Final = "mrt_"

_RANDOM = 12
_CHECK = 8


def new_name() -> str:
    """Returns a new name: `mrt_`, 12 random hexadecimal digits and 8 that are computed from them.

    The token is the name itself: a database that exists is recognisable from its first moment on, also
    when the run is killed before it can write down anything else (MySQL has no place for a comment).
    """
    token = secrets.token_hex(_RANDOM // 2)
    return f"{PREFIX}{token}{_check(token)}"


def copy_name(name: str, number: int) -> str:
    """Returns the name of a copy of a scratch database."""
    return f"{name}_{number}"


def original(name: str) -> str | None:
    """Returns the scratch database that a database is, or is a copy of; None when it is not one of ours.

    >>> original("mrt_0123456789abcdef0123") is None
    True
    >>> name = new_name()
    >>> original(copy_name(name, 3)) == name
    True
    """
    head, _, number = name.removeprefix(PREFIX).partition("_")
    if not name.startswith(PREFIX) or len(head) != _RANDOM + _CHECK:
        return None
    if head[_RANDOM:] != _check(head[:_RANDOM]):
        return None
    if name != PREFIX + head and not (number.isascii() and number.isdigit()):
        return None
    return PREFIX + head


def lock_key(name: str) -> int:
    """Returns the number that stands for a scratch database in an advisory lock: signed, 64 bits."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True)


def _check(token: str) -> str:
    return sha256(f"mrt-lint scratch {token}".encode()).hexdigest()[:_CHECK]
