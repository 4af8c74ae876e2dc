"""Folders of installed packages, found without importing anything: `script_location = package:folder`."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def package_folders(package: str) -> list[Path]:
    """Returns where Python would look for a package's files, none if it is not installed.

    `package`: dotted. Only the finders of the top-most package are asked: finding an inner one would import
    those above it.
    """
    top, *rest = package.split(".")
    try:
        spec = find_spec(top)
    except (ImportError, ValueError):  # no name at all, or a module without a place
        return []
    places = spec.submodule_search_locations if spec is not None else None
    return [Path(place, *rest) for place in places or ()]
