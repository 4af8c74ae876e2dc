"""The code frame of a finding: numbered source lines with the place marked."""

from __future__ import annotations

from collections.abc import Sequence

from mrt_lint.ops.span import Span
from mrt_lint.render.text import Line, cells, printable

MOST = 7
"""Lines of one finding that are shown; of longer ones the middle is left out."""

TAB = "    "
INDENT = "  "


def frame(lines: Sequence[tuple[int, str]], span: Span, width: int) -> list[Line]:
    """Returns the numbered lines with carets under a one-line span, a bar beside a longer one."""
    lines = _without_blank_ends(lines, span)
    if not lines:
        return []
    gutter = len(str(lines[-1][0])) + len(INDENT)
    room = max(width - gutter - 6, 20)
    blank: Line = ((" " * gutter + " |", "faint"),)
    out: list[Line] = [blank]
    several = span.end_line > span.line
    last = 0
    for number, text in _shortened(lines):
        if last and number != last + 1:
            out.append(((" " * gutter + " ...", "faint"),))
        last = number
        inside = span.line <= number <= span.end_line
        shown, carets = _cropped(text, span if inside and not several else None, room)
        bar = "> " if several and inside else "  " if several else ""
        out.append(((f"{number:>{gutter}}", ""), (" | ", "faint"), (bar, "caret"), (shown, "")))
        if carets:
            out.append(((" " * gutter + " | ", "faint"), (carets, "caret")))
    return [*out, blank]


def _without_blank_ends(lines: Sequence[tuple[int, str]], span: Span) -> list[tuple[int, str]]:
    kept = list(lines)
    while kept and not kept[0][1].strip() and kept[0][0] < span.line:
        del kept[0]
    while kept and not kept[-1][1].strip() and kept[-1][0] > span.end_line:
        del kept[-1]
    return kept


def _shortened(lines: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    if len(lines) <= MOST:
        return list(lines)
    return [*lines[: MOST - 2], *lines[-2:]]


def _cropped(text: str, span: Span | None, room: int) -> tuple[str, str]:
    """Returns a line as shown and the carets below it; a long line is cut around the span."""
    start = span.column - 1 if span else 0
    end = max(span.end_column - 1, start + 1) if span else 0
    before, inside, after = (_shown(text[:start]), _shown(text[start:end]), _shown(text[end:]))
    lead = ""
    if cells(before + inside + after) > room and cells(before) > room // 3:
        before, lead = before[-(room // 3) :], "..."
    line = lead + before + inside + after
    if cells(line) > room:
        line = _fitting(line, room - 3) + "..."
    if span is None:
        return line, ""
    offset = cells(lead + before)
    return line, " " * offset + "^" * max(1, min(cells(inside), room - offset))


def _shown(text: str) -> str:
    return printable(text.rstrip("\r\n").replace("\t", TAB))


def _fitting(text: str, room: int) -> str:
    used = 0
    for position, character in enumerate(text):
        used += cells(character)
        if used > room:
            return text[:position]
    return text
