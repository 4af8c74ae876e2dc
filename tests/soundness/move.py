"""One move: a change of the schema or the data, its right reversal, and ways to get it wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.soundness.schema import Schema

Lines = tuple[str, ...]
"""Statements, each a line or a block of Python source."""


@dataclass(frozen=True)
class Damage:
    """A wrong version of a move. `kind`: what is wrong with it, the name under which it is counted."""

    kind: str
    up: Lines
    down: Lines


@dataclass(frozen=True)
class Move:
    """`up` and `down` bring every object and row back; `schema`: what is there in between.

    `relaxes`: in between rows are allowed that the downgrade refuses, so the honest verdict is `fragile`.
    """

    kind: str
    up: Lines
    down: Lines
    schema: Schema
    damages: tuple[Damage, ...] = ()
    relaxes: bool = False


Maker = Callable[[Random, Schema], Move | None]
"""Returns a move that the schema allows, None when it has nothing for it."""


def sql(text: str) -> str:
    """Returns the statement that executes SQL."""
    return f"op.execute({text!r})"


def batch(table: str, *calls: str) -> str:
    """Returns a batch on a table with these calls."""
    body = "\n".join(f"    batch_op.{call}" for call in calls)
    return f'with op.batch_alter_table("{table}") as batch_op:\n{body}'


def spelled(random: Random, *ways: str) -> str:
    """Returns one of several spellings of the same statement."""
    return random.choice(ways)
