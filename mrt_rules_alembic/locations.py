"""The folders that Alembic's settings name: as Alembic finds them, and where they are on another machine."""

from __future__ import annotations

import os.path
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

from mrt_rules_alembic.packages import package_folders


def normal(path: Path) -> Path:
    """Returns the path without `.` and `..`; links are kept, since findings name what the user sees."""
    return Path(os.path.normpath(path))


def resolve(text: str, here: Path, roots: Sequence[Path]) -> Path | None:
    """Returns the folder that a setting names, None if there is none.

    Alembic takes relative names from the working directory, which is usually the ini file's
    folder or one above it. `package:folder` is found under the import roots, else where it is installed.
    """
    if not text:
        return None
    above = [here, Path.cwd(), *here.parents]
    if ":" in text and not Path(text).is_absolute():
        package, *rest = text.split(":")
        relative = Path(*package.split("."), *rest)
        above = [*roots, *(place / "src" for place in (here, Path.cwd())), *above]
    else:
        relative = Path(text)
    for place in above:
        found = normal(place / relative)
        if found.is_dir():
            return found
    if ":" in text and not Path(text).is_absolute():
        installed = (place.joinpath(*rest) for place in package_folders(package))
        return next((place for place in installed if place.is_dir()), None)
    return None


def script_directory_elsewhere(text: str, here: Path) -> Path | None:
    """Returns the script directory whose path ends like an absolute one that is not on this machine.

    Such a setting names a folder of a container or of another checkout. As much of its end as possible
    must be found beside the ini file or above it, and the folder must have an env.py.
    """
    kinds: tuple[type[PurePath], ...] = (PurePosixPath, PureWindowsPath)
    path = next((kind(text) for kind in kinds if kind(text).is_absolute()), None)
    if path is None:
        return None
    parts = path.relative_to(path.anchor).parts
    for start in range(len(parts)):
        for place in _in_repository(here):
            found = place.joinpath(*parts[start:])
            if (found / "env.py").is_file():
                return found
    return None


def _in_repository(folder: Path) -> Iterator[Path]:
    """Yields a folder and those above it, up to the root of its repository."""
    for place in (folder, *folder.parents):
        yield place
        if (place / ".git").exists() or (place / ".hg").exists():
            return
