"""Globs over paths: `*` stays within a folder, `**` does not, a folder means all that is in it."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import PurePosixPath


def matches(path: str, glob: str) -> bool:
    """Returns whether a relative POSIX path matches a glob.

    A glob without a slash matches the name of the file or of any folder above it.

    >>> matches("migrations/old/0001.py", "old"), matches("migrations/0001.py", "migrations/*.py")
    (True, True)
    """
    glob = glob.replace("\\", "/").removeprefix("./").rstrip("/")
    if "/" not in glob:
        return any(_regex(glob).fullmatch(part) for part in PurePosixPath(path).parts)
    above = [path, *(parent.as_posix() for parent in PurePosixPath(path).parents)]
    return any(_regex(glob).fullmatch(each) for each in above)


@lru_cache(maxsize=256)
def _regex(glob: str) -> re.Pattern[str]:
    parts = []
    position = 0
    while position < len(glob):
        rest = glob[position:]
        if rest.startswith("**/"):
            parts.append("(?:[^/]+/)*")
            position += 3
        elif rest.startswith("**"):
            parts.append(".*")
            position += 2
        elif (found := re.match(r"\[!?[^/\]]+\]", rest)) is not None:
            parts.append(found[0].replace("[!", "[^", 1).replace("\\", "\\\\"))
            position += found.end()
        else:
            parts.append({"*": "[^/]*", "?": "[^/]"}.get(rest[0]) or re.escape(rest[0]))
            position += 1
    try:
        return re.compile("".join(parts))
    except re.error:
        return re.compile(re.escape(glob))
