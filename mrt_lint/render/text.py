"""Text for terminals: what is safe to print, how wide it is, where to break it; styled or plain."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from textwrap import TextWrapper
from typing import Final

from mrt_lint.render.style import Style

Piece = tuple[str, str]
"""A piece of a line and the name of its style (a key of STYLES)."""

Line = Sequence[Piece]

STYLES: Final[dict[str, str]] = {
    "": "",
    "error": "bold red",
    "warning": "bold magenta",
    "info": "bold cyan",
    "good": "bold green",
    "strong": "bold",
    "path": "bold",
    "faint": "dim",
    "caret": "bold red",
}
"""Styles in rich's words: bold and the eight basic colours that show on light and dark grounds."""


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
    return sum(_cells(character) for character in text)


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


def _coloured(lines: Iterable[Line]) -> Iterator[str]:
    from rich.console import Console
    from rich.text import Text

    out = StringIO()
    console = Console(
        file=out,
        force_terminal=True,
        color_system="standard",
        no_color=False,
        width=10_000,
        highlight=False,
        legacy_windows=False,
    )
    for line in lines:
        text = Text.assemble(*((part, STYLES[name]) for part, name in line))
        text.rstrip()
        console.print(text, soft_wrap=True)
    yield out.getvalue()
