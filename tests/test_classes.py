"""`dataclass` of mrt_lint.classes makes the classes that dataclasses makes."""

from __future__ import annotations

import dataclasses
import pickle
from typing import Any

import pytest

from mrt_lint import classes

OPTIONS = [
    {},
    {"slots": True},
    {"frozen": True},
    {"frozen": True, "slots": True},
    {"frozen": True, "slots": True, "kw_only": True},
    {"frozen": True, "eq": False},
    {"frozen": True, "order": True},
]


def made(decorator: Any, options: dict[str, Any]) -> list[type]:
    """Returns classes made by a decorator: no field, one, several, and one that inherits."""

    @decorator(**options)
    class Nothing:
        """No field."""

    @decorator(**options)
    class One:
        """One field."""

        name: str = "a"

    @decorator(**options)
    class Many:
        """Fields that do not all count."""

        name: str = "a"
        number: int = 1
        silent: int = dataclasses.field(default=0, compare=False)
        hidden: int = dataclasses.field(default=0, repr=False)
        unhashed: int = dataclasses.field(default=0, hash=False)

    @decorator(**options)
    class Inherits(Many):
        """Fields of its own beside those."""

        last: int = 0

    return [Nothing, One, Many, Inherits]


def changed(cls: type) -> list[Any]:
    """Returns one value of the class with its defaults and one for every field that is another."""
    names = [field.name for field in dataclasses.fields(cls)]
    return [cls(), cls(), *(cls(**{name: 7}) for name in names)]


def hashed(value: Any) -> int | None:
    """Returns the hash of a value, None where it has none."""
    try:
        return hash(value)
    except TypeError:
        return None


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("place", range(4))
def test_the_same_as_dataclasses(options: dict[str, Any], place: int) -> None:
    ours, theirs = (
        made(decorator, options)[place] for decorator in (classes.dataclass, dataclasses.dataclass)
    )
    our, their = changed(ours), changed(theirs)
    assert [[one == two for one in our] for two in our] == [[one == two for one in their] for two in their]
    told = [repr(one).replace("classes.dataclass", "") for one in our]
    assert told == [repr(one) for one in their]
    if options.get("eq", True):
        assert [hashed(one) for one in our] == [hashed(one) for one in their]
    assert our[0] != their[0]
    assert dataclasses.asdict(our[0]) == dataclasses.asdict(their[0])
    assert getattr(ours, "__slots__", None) == getattr(theirs, "__slots__", None)


def test_a_class_keeps_its_own_methods() -> None:
    @classes.dataclass(frozen=True)
    class Folded:
        name: str

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Folded) and self.name.lower() == other.name.lower()

        def __hash__(self) -> int:
            return hash(self.name.lower())

    assert Folded("A") == Folded("a")
    assert len({Folded("A"), Folded("a")}) == 1
    assert repr(Folded("A")).endswith("Folded(name='A')")


def test_without_parentheses() -> None:
    @classes.dataclass
    class Plain:
        name: str

    assert Plain("a") == Plain("a")
    with pytest.raises(TypeError, match="unhashable"):
        hash(Plain("a"))


def test_a_frozen_one_stays_as_it_is_and_may_be_inherited_from_by_others() -> None:
    @classes.dataclass(frozen=True, slots=True)
    class Ours:
        name: str

    @dataclasses.dataclass(frozen=True, slots=True)
    class Theirs(Ours):
        number: int

    with pytest.raises(dataclasses.FrozenInstanceError):
        Ours("a").name = "b"  # type: ignore[misc]
    assert Theirs("a", 1) == Theirs("a", 1) != Theirs("a", 2)
    assert dataclasses.replace(Theirs("a", 1), number=2) == Theirs("a", 2)


def test_a_value_that_holds_itself_is_told() -> None:
    @classes.dataclass(slots=True)
    class Node:
        below: list[Any]

    node = Node([])
    node.below.append(node)
    assert repr(node).endswith("Node(below=[...])")


@classes.dataclass(frozen=True, slots=True)
class Kept:
    """A class that pickle finds by its name."""

    name: str
    numbers: tuple[int, ...] = ()


def test_pickled_and_read_again() -> None:
    assert pickle.loads(pickle.dumps(Kept("a", (1, 2)))) == Kept("a", (1, 2))
