"""Conditions of the database as small trees: what a CHECK, a partial index or a WHERE asks of a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Const:
    """A constant: None, bool, int, Decimal or str."""

    value: Any


@dataclass(frozen=True, slots=True)
class Ref:
    """A column by its folded name. `table`: its qualifier, folded, "" without one."""

    name: str
    table: str = ""


@dataclass(frozen=True, slots=True)
class Op:
    """An operator or function by its lower-case name with its arguments.

    Operators: and or not = <> < <= > >= is in between like ilike regex iregex glob + - * / % || neg
    case any all tuple array cast (its second argument is the type) distinct -> ->> @> <@ && ?.
    Everything else is a function's name; "??" is what was not understood.
    """

    name: str
    args: tuple[Node, ...] = ()


Node = Const | Ref | Op

UNREAD = Op("??")


def walk(node: Node) -> Iterator[Node]:
    """Yields the node and everything below it."""
    yield node
    if isinstance(node, Op):
        for arg in node.args:
            yield from walk(arg)


def columns_of(node: Node) -> tuple[str, ...]:
    """Returns the folded names of the columns it reads, in the order they are named, each once."""
    return tuple(dict.fromkeys(part.name for part in walk(node) if isinstance(part, Ref)))


def conjuncts(node: Node) -> tuple[Node, ...]:
    """Returns the parts that AND joins.

    >>> conjuncts(Op("and", (Ref("a"), Op("and", (Ref("b"), Ref("c"))))))
    (Ref(name='a', table=''), Ref(name='b', table=''), Ref(name='c', table=''))
    """
    if isinstance(node, Op) and node.name == "and":
        return tuple(part for arg in node.args for part in conjuncts(arg))
    return (node,)


def atoms(node: Node) -> Iterator[Node]:
    """Yields the comparisons that AND, OR and NOT put together."""
    if isinstance(node, Op) and node.name in ("and", "or", "not"):
        for arg in node.args:
            yield from atoms(arg)
    else:
        yield node


def replaced(node: Node, names: dict[str, str]) -> Node:
    """Returns the tree with columns under other names (`value` of a domain becomes the column)."""
    if isinstance(node, Ref):
        return Ref(names.get(node.name, node.name), node.table)
    if isinstance(node, Op):
        return Op(node.name, tuple(replaced(arg, names) for arg in node.args))
    return node
