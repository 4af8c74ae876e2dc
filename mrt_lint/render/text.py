"""Text for terminals: what is safe to print, how wide it is, where to break it; styled or plain."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from textwrap import TextWrapper
from typing import TYPE_CHECKING, Final, Literal, TextIO

from mrt_lint.render.style import Style

if TYPE_CHECKING:
    from rich.console import Console

Piece = tuple[str, str]
"""A piece of a line and the name of its style (a key of STYLES)."""

Line = Sequence[Piece]

STYLES: Final[dict[str, str]] = {
    "": "",
    "error": "bold color(160)",
    "warning": "bold color(164)",
    "info": "bold color(30)",
    "good": "color(28)",
    "strong": "bold",
    "path": "bold",
    "faint": "dim",
    "caret": "bold color(160)",
}
"""Styles in rich's words. The colours (of the 256) have a contrast of about 4:1 on black and on white.

Nothing is told by `faint` or by colour alone: it is for the ruler beside a code frame.
"""


def printable(text: str) -> str:
    r"""Returns the text with control characters made visible, so that no source can steer a terminal.

    >>> printable("a\x1b[2Jb")
    'a\\x1b[2Jb'
    """
    return "".join(
        character
        if character.isprintable() or character == " "
        else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def flat(text: str) -> str:
    """Returns the text on one line, safe to print."""
    return printable(" ".join(text.split()))


def cells(text: str) -> int:
    """Returns how many columns a terminal uses for a text.

    >>> cells("naïve"), cells("名前")
    (5, 4)
    """
    return len(text) if text.isascii() else sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrapped(text: str, width: int, indent: str = "", first: str | None = None) -> list[str]:
    """Returns the text broken into lines of at most `width` columns; its own line breaks are kept."""
    wrapper = TextWrapper(
        width=max(width, 20),
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    lines: list[str] = []
    for number, paragraph in enumerate(text.splitlines() or [""]):
        if number:
            wrapper.initial_indent = indent
        lines += wrapper.wrap(printable(paragraph)) or [""]
    return lines


def joined(lines: Iterable[Line], style: Style) -> str:
    """Returns the lines as one text; colours only if the style asks for them."""
    if not style.color:
        return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in lines)
    return "".join(_coloured(lines))


def console(out: TextIO, color: bool, width: int) -> Console:
    """Returns rich's console for text that is printed later; markup, emoji and guesses are off."""
    from rich.console import Console

    return Console(
        file=out,
        force_terminal=color,
        color_system=_color_system() if color else None,
        no_color=not color,
        width=width,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )


def _color_system() -> Literal["standard", "256"]:
    """Returns how many colours the terminal has; of 16, rich takes the nearest."""
    rich_enough = "256" in os.environ.get("TERM", "") or os.environ.get("COLORTERM")
    return "256" if rich_enough or os.name == "nt" else "standard"


def _coloured(lines: Iterable[Line]) -> Iterator[str]:
    from rich.text import Text

    out = StringIO()
    shown = console(out, True, 10_000)
    for line in lines:
        text = Text.assemble(*((part, STYLES[name]) for part, name in line))
        text.rstrip()
        shown.print(text, soft_wrap=True)
    yield out.getvalue()
