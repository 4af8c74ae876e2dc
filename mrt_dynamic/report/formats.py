"""The table of output formats: `mrt-lint verify --format` offers what stands here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mrt_dynamic.report.evidence import Evidence
    from mrt_dynamic.results import Verification
    from mrt_lint.render.style import Style

    Renderer = Callable[[Verification, Style, Evidence], str]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: the function `render` of the module of its name.

    `doc`: what it is for. `argues`: it shows what the static half knows of revisions that fail.
    """

    doc: str
    argues: bool = True


FORMATS: Final[Mapping[str, Format]] = {
    "table": Format("for reading (default)"),
    "json": Format("for programs, stable, with a JSON Schema", argues=False),
    "junit": Format("JUnit XML, which CI systems show as tests"),
    "html": Format("one page by itself, to keep or to send"),
}


def renderer(name: str) -> Renderer:
    """Returns the renderer of a format."""
    function: Renderer = import_module(f"mrt_dynamic.report.{name}").render
    return function
