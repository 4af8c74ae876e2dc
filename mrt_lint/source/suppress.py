"""Suppression comments: `noqa` with or without a list of codes, and `mrt: ignore`.

A list of well-formed codes counts whoever they belong to: rules of plugins have codes of their own.
Only lists that hold an MRT code can be malformed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from mrt_lint.classes import dataclass
from mrt_lint.lowered import Suppression


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment. `line` and `column` count from 1, `column` is that of its `#`."""

    line: int
    column: int
    text: str


_DIRECTIVE: Final = re.compile(
    r"#\s*(?:(?P<noqa>noqa)(?![\w-])|(?P<mrt>mrt)\s*:\s*(?P<rest>[^#]*))", re.IGNORECASE
)
_CODES: Final = re.compile(r"\s*:(?P<list>[^#]*)")
_REASON: Final = re.compile(r"(?:^|\s)--(?:\s|$)")
_OURS: Final = re.compile(r"MRT[0-9O]", re.IGNORECASE)
_CODE: Final = re.compile(r"[A-Z]+[0-9]+", re.IGNORECASE)
_MRT_CODE: Final = re.compile(r"MRT[0-9]{3}", re.IGNORECASE)
_IGNORE: Final = re.compile(
    r"ignore(?P<file>-file)?(?!\w)\s*(?:\[(?P<list>[^\]]*)\])?\s*(?P<tail>.*)", re.IGNORECASE | re.DOTALL
)


def suppressions_in(comments: Iterable[Comment]) -> tuple[Suppression, ...]:
    """Returns the suppressions in these comments, in their order."""
    return tuple(found for comment in comments for found in _in_comment(comment))


def mentions(text: str) -> bool:
    """Returns whether a text can hold a suppression at all; cheap, so that few files are tokenized."""
    lowered = text.lower()
    return "noqa" in lowered or "mrt" in lowered


def _in_comment(comment: Comment) -> list[Suppression]:
    found: list[Suppression] = []
    position = 0
    while True:
        match = _DIRECTIVE.search(comment.text, position)
        if match is None:
            return found
        if match["noqa"]:
            one, position = _noqa(comment, match)
        else:
            one, position = _ignore(comment, match)
        if one is not None:
            found.append(one)


def _noqa(comment: Comment, match: re.Match[str]) -> tuple[Suppression | None, int]:
    """Reads what follows `noqa`. A list with an MRT code must be a list of codes and nothing else."""
    text = comment.text
    listed = _CODES.match(text, match.end())
    if listed is None:
        tail = text[match.end() :].partition("#")[0]
        named = [word for word in _words(_split_reason(tail)[0]) if _OURS.match(word)]
        reason = _split_reason(tail)[1]
        end = match.end() if not named else match.end() + len(tail.rstrip())
        malformed = f"{' '.join(named)} without a colon after noqa" if named else ""
        return _made(comment, match, end, (), reason, malformed=malformed), match.end()
    content, reason, end = _until_reason(text, listed.start("list"), listed.end("list"))
    words = _words(content)
    strange = [word for word in words if not _well_formed(word)]
    if not words or (strange and not any(_OURS.match(word) for word in words)):
        return None, max(end, match.end())
    codes = () if strange else tuple(word.upper() for word in words)
    return _made(comment, match, end, codes, reason, malformed=" ".join(strange)), end


def _ignore(comment: Comment, match: re.Match[str]) -> tuple[Suppression | None, int]:
    content, reason, end = _until_reason(comment.text, match.start("rest"), match.end("rest"))
    stripped = content.strip()
    parsed = _IGNORE.fullmatch(stripped)
    if parsed is None:
        return _made(comment, match, end, (), reason, malformed=stripped or "mrt:"), end
    malformed = parsed["tail"]
    codes: tuple[str, ...] = ()
    if parsed["list"] is not None:
        words = [word.strip() for word in parsed["list"].split(",")]
        strange = [word for word in words if not _CODE.fullmatch(word)]
        codes = tuple(word.upper() for word in words)
        if strange and not malformed:
            malformed = ", ".join(strange) or "[]"
    if malformed:
        codes = ()
    whole = bool(parsed["file"])
    return _made(comment, match, end, codes, reason, file=whole, malformed=malformed, ours=True), end


def _made(
    comment: Comment,
    match: re.Match[str],
    end: int,
    codes: tuple[str, ...],
    reason: str,
    *,
    file: bool = False,
    malformed: str = "",
    ours: bool = False,
) -> Suppression:
    start = comment.column + match.start()
    return Suppression(comment.line, start, comment.column + end, codes, reason, file, malformed, ours)


def _until_reason(text: str, start: int, end: int) -> tuple[str, str, int]:
    """Returns the list, the reason after `--` (which may hold a `#`), and where the directive ends."""
    content, reason = _split_reason(text[start:end])
    if len(content) < end - start:
        rest = _split_reason(text[start:])[1]
        return content, rest, len(text.rstrip())
    return content, reason, start + len(content.rstrip())


def _split_reason(text: str) -> tuple[str, str]:
    found = _REASON.search(text)
    if found is None:
        return text, ""
    return text[: found.start()], text[found.end() :].strip()


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,]+", text) if word]


def _well_formed(word: str) -> bool:
    return bool(_MRT_CODE.fullmatch(word) if _OURS.match(word) else _CODE.fullmatch(word))
