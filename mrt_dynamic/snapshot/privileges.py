"""PostgreSQL's access control lists in words (manual 5.8, "Privileges")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

_WORDS: Final = {
    "r": "SELECT",
    "a": "INSERT",
    "w": "UPDATE",
    "d": "DELETE",
    "D": "TRUNCATE",
    "x": "REFERENCES",
    "t": "TRIGGER",
    "X": "EXECUTE",
    "U": "USAGE",
    "C": "CREATE",
    "c": "CONNECT",
    "T": "TEMPORARY",
    "s": "SET",
    "A": "ALTER SYSTEM",
    "m": "MAINTAIN",
    "*": "(with grant option)",
}


def privileges(acl: Sequence[str] | None, usual: Sequence[str] | None) -> Iterator[tuple[str, str]]:
    """Yields (grantee, privileges in words) where they are not the usual ones.

    `acl`: the list, None when nothing was ever granted or revoked; `usual`: what holds then.

    >>> list(privileges(["app=X/owner", "owner=X/owner"], ["=X/owner", "owner=X/owner"]))
    [('PUBLIC', 'none'), ('app', 'EXECUTE')]
    """
    if acl is None:
        return
    granted, before = _by_grantee(acl), _by_grantee(usual or ())
    for grantee in sorted({*granted, *before}):
        letters = granted.get(grantee, "")
        if letters != before.get(grantee, ""):
            yield grantee or "PUBLIC", ", ".join(_WORDS.get(one, one) for one in letters) or "none"


def _by_grantee(acl: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in acl:
        grantee, _, letters = item.rpartition("/")[0].rpartition("=")
        found[grantee] = found.get(grantee, "") + letters
    return found
