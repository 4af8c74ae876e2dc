"""Objects of a library that is not read: what their methods do is not known, however one gets hold of them."""

from __future__ import annotations

import pytest

from mrt_lint.ops import Opaque
from tests.alembic.making import lower

MODEL = """
from boatyard import Field, Record

class Boat(Record):
    name = Field()

def each(cls):
    while True:
        some = False
        for boat in list(cls.select().limit(10)):
            some = True
            yield boat
        if not some:
            break
"""
WAYS = [
    "for boat in Boat.select():\n    boat.save()",
    "for boat in list(Boat.select()):\n    boat.name = 'x'\n    boat.save()",
    "for boat in each(Boat):\n    boat.save()",
    "boats = list(Boat.select())\nboats[0].save()",
    "boats = [boat for boat in Boat.select()]\nboats[0].save()",
    "for place, boat in enumerate(sorted(Boat.select())):\n    boat.save()",
    "next(iter(Boat.select())).save()",
    "dict(Boat.select())['x'].save()",
]


@pytest.mark.parametrize("body", WAYS)
def test_a_method_called_for_its_effect(body: str) -> None:
    (found,) = lower(body, before=MODEL)
    assert isinstance(found, Opaque)
    assert "save() is not understood; what it does is not in the project's files" in found.reason


def test_what_is_only_asked_does_nothing() -> None:
    assert lower("names = [str(boat.name).strip() for boat in list(Boat.select())]", before=MODEL) == ()
