"""The options of a sequence, read from the canonical text in which CREATE and ALTER SEQUENCE are kept.

The text is written by our own lowering: words and numbers with single spaces between.
"""

from __future__ import annotations

from dataclasses import field
from typing import Final

from mrt_lint.classes import dataclass
from mrt_lint.schema.expressions import calls_with_text
from mrt_lint.schema.names import Name

_VALUED: Final = ("start", "increment", "minvalue", "maxvalue", "cache", "as")
_WITHOUT: Final = {"nominvalue": "minvalue", "nomaxvalue": "maxvalue", "nocache": "cache", "nocycle": "cycle"}
_USUAL: Final = {("increment", "1"), ("cache", "1"), ("as", "bigint")}
"""What a sequence has that says nothing (PostgreSQL manual, CREATE SEQUENCE)."""


@dataclass
class SequenceOptions:
    """What a text says: `values` of options, None for the usual one; `owner` if it says OWNED BY.

    `owner`: (table, column), None for OWNED BY NONE or not said; `owned`: it is said.
    `restarts`: RESTART, which moves the sequence.
    """

    values: dict[str, str | None] = field(default_factory=dict)
    owner: tuple[Name, str] | None = None
    owned: bool = False
    restarts: bool = False


def read_options(text: str) -> SequenceOptions | None:
    """Returns the options of a sequence, None if the text holds anything else.

    >>> read_options("start with 100 increment by 5").values
    {'start': '100', 'increment': '5'}
    """
    words = text.replace("- ", "-").split()
    found = SequenceOptions()
    while words:
        head = words.pop(0).lower()
        if head == "no" and words:
            head += words.pop(0).lower()
        if (
            words
            and words[0].lower() in ("with", "by")
            and head in ("start", "restart", "increment", "owned")
        ):
            words.pop(0)
        if head in _WITHOUT:
            found.values[_WITHOUT[head]] = None
        elif head == "cycle":
            found.values[head] = "yes"
        elif head == "restart":
            found.restarts = True
            if words and words[0].lstrip("-").isdigit():
                words.pop(0)
        elif head == "owned" and words:
            found.owned, found.owner = True, _owner(words.pop(0))
        elif head in _VALUED and words:
            value = words.pop(0).lower()
            found.values[head] = None if (head, value) in _USUAL else value
        else:
            return None
    return found


def _owner(word: str) -> tuple[Name, str] | None:
    parts = [part.strip('"') for part in word.split(".")]
    if len(parts) < 2:
        return None
    return Name(parts[-2], parts[-3] if len(parts) > 2 else None), parts[-1]


def usual_left_out(values: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Returns options, sorted, without a start at 1, where a rising sequence begins anyway."""
    rising = not values.get("increment", "").startswith("-") and "minvalue" not in values
    return tuple(sorted(item for item in values.items() if not (rising and item == ("start", "1"))))


def sequences_in(default: str) -> list[Name]:
    """Returns the sequences of which a default asks the next value.

    >>> [str(name) for name in sequences_in("nextval('audit.log_no')")]
    ['audit.log_no']
    """
    found = []
    for text in calls_with_text(default, "nextval"):
        parts = [part.strip('"') for part in text.split(".")]
        found.append(Name(parts[-1], parts[-2] if len(parts) > 1 else None))
    return found
