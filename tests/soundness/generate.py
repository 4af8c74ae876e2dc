"""Random cases: a history of a few revisions, a migration of a few moves, its downgrade right or damaged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tests.soundness import moves_columns, moves_objects, moves_rows
from tests.soundness.damage import DAMAGES, UPGRADE_DAMAGES
from tests.soundness.move import Damage, Lines, Maker, Move
from tests.soundness.schema import Schema, random_schema
from tests.truth.case import SQLITE, Case

MAKERS: tuple[Maker, ...] = (
    moves_columns.add_column,
    moves_columns.backfill,
    moves_columns.rename_column,
    moves_columns.set_aside,
    moves_columns.move_contents,
    moves_columns.not_null,
    moves_columns.widen,
    moves_columns.change_default,
    moves_objects.create_table,
    moves_objects.rename_table,
    moves_objects.set_table_aside,
    moves_objects.create_index,
    moves_objects.drop_index,
    moves_objects.unique,
    moves_objects.check,
    moves_objects.foreign_key,
    moves_objects.view,
    moves_objects.trigger,
    moves_rows.insert,
    moves_rows.delete,
    moves_rows.change,
)


@dataclass(frozen=True)
class Generated:
    """A case and what was done to it. `damage`: the kind, "" when the downgrade is right; `relaxes`: see Move."""

    case: Case
    moves: tuple[str, ...]
    damage: str = ""
    relaxes: bool = False


def generate(random: Random) -> Generated:
    """Returns a random case; about two of five have a right downgrade."""
    schema = random_schema(random)
    makers = random.sample(MAKERS, len(MAKERS))
    first, earlier = _body(schema.create), []
    for _ in range(random.choice((0, 0, 1, 2))):
        move = _next(random, schema, makers)
        if move is not None:
            earlier.append(_body(move.up))
            schema = move.schema
    rows = [line for table in schema.tables if table.name != "audit" for line in table.inserts()]
    moves = []
    between = schema
    for _ in range(random.choice((1, 1, 2, 3))):
        move = _next(random, between, makers)
        if move is not None:
            moves.append(move)
            between = move.schema
    damage = _damage(random, schema, moves) if random.random() < 0.6 else None
    up = damage.up if damage else _joined([move.up for move in moves])
    down = damage.down if damage else _joined([move.down for move in reversed(moves)])
    bodies = [first, *earlier]
    case = Case(
        name="generated",
        given=bodies[-1],
        earlier=tuple(bodies[:-1]),
        upgrade=_body(up),
        downgrade=_body(down),
        truth="reversible",
        rows=rows,
        databases=(SQLITE,),
    )
    return Generated(
        case,
        tuple(move.kind for move in moves),
        damage.kind if damage else "",
        any(move.relaxes for move in moves),
    )


def _next(random: Random, schema: Schema, makers: list[Maker]) -> Move | None:
    """Returns a move of a kind that was not made yet, None when none of the rest fits."""
    while makers:
        move = makers.pop()(random, schema)
        if move is not None:
            return move
    return None


def _damage(random: Random, schema: Schema, moves: Sequence[Move]) -> Damage | None:
    """Returns a damaged version of all moves together."""
    up = _joined([move.up for move in moves])
    down = _joined([move.down for move in reversed(moves)])
    own = [(place, each) for place, move in enumerate(moves) for each in move.damages]
    if own and random.random() < 0.5:
        place, chosen = random.choice(own)
        ups = [chosen.up if number == place else move.up for number, move in enumerate(moves)]
        downs = [chosen.down if number == place else move.down for number, move in enumerate(moves)]
        return Damage(chosen.kind, _joined(ups), _joined(downs[::-1]))
    for kind in random.sample([*DAMAGES, *UPGRADE_DAMAGES], 12):
        if kind in UPGRADE_DAMAGES:
            spoiled = UPGRADE_DAMAGES[kind](random, moves[-1].schema if moves else schema, up)
            if spoiled is not None:
                return Damage(kind, spoiled, down)
        else:
            spoiled = DAMAGES[kind](random, schema, down)
            if spoiled is not None:
                return Damage(kind, up, spoiled)
    return None


def _joined(parts: Sequence[Lines]) -> Lines:
    return tuple(line for part in parts for line in part)


def _body(lines: Sequence[str]) -> str:
    return "\n".join(lines) or "pass"
