"""The table of output formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Final

from mrt_lint.errors import PluginError, UsageError, nearest
from mrt_lint.lint.report import Report
from mrt_lint.render.style import Style

Renderer = Callable[[Report, Style], str]

FORMATS: Final[dict[str, str]] = {
    "full": "each finding with its code, for reading",
    "concise": "one line for each finding",
    "table": "a table for each file",
    "github": "annotations for GitHub Actions",
    "json": "for programs; stable, with a JSON Schema",
}
"""Our own formats and what they are for. Each is the function `render` of the module of its name."""


def renderer(name: str, added: Mapping[str, Renderer]) -> Renderer:
    """Returns the renderer of a format, ours or a plugin's. Raises UsageError with the nearest."""
    for known in added:
        if known in FORMATS:
            raise PluginError(f"a plugin adds the format {known!r}, which mrt-lint itself has")
    if name in added:
        return added[name]
    if name not in FORMATS:
        known_names = [*FORMATS, *added]
        raise UsageError(
            f"unknown format {name!r}{nearest(name, known_names)} (formats: {', '.join(known_names)})"
        )
    function: Renderer = import_module(f"mrt_lint.render.{name}").render
    return function
