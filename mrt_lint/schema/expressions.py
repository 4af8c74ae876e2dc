"""Identifiers inside canonical SQL text: which it mentions, and the text after a rename.

Canonical text is written by our own generator, so a small scanner that knows strings and quoted
names is exact here; it is never used on SQL as users write it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yields (kind, text) pieces that add up to the text; kind is "name", "string" or "other"."""
    at = 0
    while at < len(text):
        char = text[at]
        end = at + 1
        if char in "'\"`":
            while end < len(text):
                if text[end] == char:
                    if text[end + 1 : end + 2] != char:
                        break
                    end += 1
                end += 1
            end += 1
            yield ("string" if char == "'" else "name"), text[at:end]
        elif char.isalpha() or char == "_":
            while end < len(text) and (text[end].isalnum() or text[end] in "_$"):
                end += 1
            yield "name", text[at:end]
        else:
            yield "other", char
        at = end


def _bare(name: str) -> str:
    return name[1:-1].replace(name[0] * 2, name[0]) if name[:1] in ('"', "`") else name


def identifiers(text: str) -> set[str]:
    """Returns every word of canonical SQL that may be a name, without quotes.

    >>> sorted(identifiers("lower(email) = 'x y'"))
    ['email', 'lower']
    """
    return set(_identifiers(text))


@lru_cache(maxsize=4096)
def _identifiers(text: str) -> tuple[str, ...]:
    return tuple({_bare(piece) for kind, piece in _pieces(text) if kind == "name"})


def qualified(text: str) -> set[tuple[str, str]]:
    """Returns the names of canonical SQL that stand behind another and a point, each with that other.

    >>> qualified("NEW.age > users.age")  == {("NEW", "age"), ("users", "age")}
    True
    """
    pieces = list(_pieces(text))
    return {
        (_bare(before), _bare(name))
        for (kind, before), (_, point), (what, name) in zip(pieces, pieces[1:], pieces[2:], strict=False)
        if kind == "name" and point == "." and what == "name"
    }


def renamed(text: str, old: str, new: str) -> str:
    """Returns canonical SQL in which the name `old` is `new`.

    >>> renamed("age > 0 AND note <> 'age'", "age", "years")
    "years > 0 AND note <> 'age'"
    """

    def swap(kind: str, piece: str) -> str:
        if kind != "name" or _bare(piece) != old:
            return piece
        return f"{piece[0]}{new}{piece[0]}" if piece[0] in '"`' else new

    return "".join(swap(kind, piece) for kind, piece in _pieces(text))


def folded(text: str, fold: Callable[[str], str]) -> str:
    """Returns canonical SQL with its words as they compare where names fold; strings and quoted names stay.

    A text with signs of strings that the scanner does not know stays as it is.

    >>> folded("STATE = 'Q'", str.lower)
    "state = 'Q'"
    """
    if "\\" in text or "$" in text:
        return text
    return "".join(
        fold(piece) if kind == "name" and piece[0] not in '"`' else piece for kind, piece in _pieces(text)
    )


def calls(text: str) -> set[str]:
    """Returns the names of the functions that canonical SQL calls, in lower case, without schemas.

    >>> sorted(calls("twice(age) + abs (1)"))
    ['abs', 'twice']
    """
    pieces = [piece for piece in _pieces(text) if piece[1] != " "]
    return {
        _bare(name).lower() for (kind, name), (_, sign) in pairwise(pieces) if kind == "name" and sign == "("
    }


def calls_with_text(text: str, function: str) -> list[str]:
    """Returns the strings with which canonical SQL calls a function, as its first argument.

    >>> calls_with_text("nextval('numbers') + 1", "nextval")
    ['numbers']
    """
    pieces = [piece for piece in _pieces(text) if piece[1] != " "]
    return [
        string[1:-1].replace("''", "'")
        for (kind, name), (_, bracket), (what, string) in zip(pieces, pieces[1:], pieces[2:], strict=False)
        if kind == "name" and _bare(name).lower() == function and bracket == "(" and what == "string"
    ]
