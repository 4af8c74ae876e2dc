"""What an error says otherwise in each run: our random names, those that a server makes up, addresses."""

from __future__ import annotations

import re
from typing import Final

from mrt_dynamic.scratch.names import original

_NAMED: Final = re.compile(r"`?(mrt_[0-9a-f]{20}(?:_\d+)?)`?(\.(?!db\b))?")
_ADDRESS: Final = re.compile(r" at 0x[0-9A-Fa-f]+")
_PASSING: Final = re.compile(r"#sql[\w-]*")
"""MariaDB's name for a table that it is about to change; another each time."""


def steady(text: str) -> str:
    """Returns the text of an error without what differs from run to run.

    A scratch database goes where it only says in which database a table is.

    >>> steady("<Table object at 0x7f90> of `#sql-alter-e93-923`")
    '<Table object> of `#sql`'
    """
    return _PASSING.sub("#sql", _ADDRESS.sub("", _NAMED.sub(_plain, text)))


def _plain(found: re.Match[str]) -> str:
    if original(found[1]) is None:
        return found[0]
    return "" if found[2] else "mrt_scratch"
