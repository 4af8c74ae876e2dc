"""Which files Alembic takes for migrations."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from mrt_lint.source.listing import beginning, files_in

REVISION_FILE: Final = re.compile(r"(?!\.\#|__init__)(.*\.py)$")
"""Files of a version location that Alembic loads (`alembic.script.base._only_source_rev_file`)."""

LEGACY_NAME: Final = re.compile(r"([a-f0-9]+)\.py$")
"""File names that stand for a revision without the variable (`alembic.script.base._legacy_rev`)."""


def legacy_revision(name: str) -> str | None:
    """Returns the revision that a file name of Alembic 0.1 stands for.

    >>> legacy_revision("3fa1b2.py"), legacy_revision("3fa1b2_add_users.py")
    ('3fa1b2', None)
    """
    match = LEGACY_NAME.match(name)
    return match.group(1) if match else None


def revision_files(location: Path, recursive: bool) -> list[Path]:
    """Returns the files of a version location that Alembic loads, sorted."""
    folders = walk(location) if recursive else [location]
    found: list[Path] = []
    for folder in folders:
        found.extend(files_in(folder, lambda name: REVISION_FILE.match(name) is not None))
    return found


def walk(top: Path) -> Iterator[Path]:
    """Yields a folder and all below it in order; hidden ones and other people's packages are left out."""
    for root, names, _ in os.walk(top):
        folder = Path(root)
        names[:] = sorted(name for name in names if not _is_skipped(folder, name))
        yield folder


def _is_skipped(folder: Path, name: str) -> bool:
    if name.startswith(".") or name == "node_modules" or name == "__pycache__" or name == "site-packages":
        return True
    return (folder / name / "pyvenv.cfg").is_file()


_REVISION: Final = re.compile(rb"^revision\s*(?::[^=\n]+)?=\s*['\"]([^'\"\n]+)['\"]", re.MULTILINE)


def share_revisions(folders: Mapping[Path, Iterable[Path]]) -> bool:
    """Returns whether files of two folders have the same revision: then these are histories of their own."""
    owners: dict[bytes, Path] = {}
    for folder, files in folders.items():
        for file in files:
            match = _REVISION.search(beginning(file))
            if match is not None and owners.setdefault(match.group(1), folder) != folder:
                return True
    return False


def locations_set_by_code(root: Path) -> bool:
    """Returns whether code in the script directory or beside it speaks of version locations.

    Such an application gives Alembic folders that no ini file names.
    """
    files = (
        file for folder in (root, root.parent) for file in files_in(folder, lambda name: name.endswith(".py"))
    )
    return any(b"version_locations" in beginning(file) for file in files)


_PARENTS: Final = re.compile(rb"^down_revision\s*(?::[^=\n]+)?=\s*([^\n]+)", re.MULTILINE)
_TEXT: Final = re.compile(rb"['\"]([^'\"\n]+)['\"]")


def continues(history: Iterable[Path], files: Iterable[Path]) -> bool:
    """Returns whether files carry a history on: one has a revision of it for a parent, none its revision.

    Old migrations that were put aside do not: theirs is the beginning, if it is read at all.
    """
    known = {match.group(1) for file in history if (match := _REVISION.search(beginning(file)))}
    parents: set[bytes] = set()
    for file in files:
        data = beginning(file)
        own, found = _REVISION.search(data), _PARENTS.search(data)
        if own is not None and own.group(1) in known:
            return False
        parents.update(_TEXT.findall(found.group(1)) if found is not None else ())
    return not known.isdisjoint(parents)


def looks_like_migration(path: Path) -> bool:
    """Returns whether a file shows the signs of a migration, for folders that no configuration names."""
    if not REVISION_FILE.match(path.name) or path.name in ("env.py", "conftest.py", "setup.py"):
        return False
    data = beginning(path)
    return b"revision" in data and (b"def upgrade" in data or b"def downgrade" in data or b"alembic" in data)
