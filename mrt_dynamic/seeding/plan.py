"""The order in which tables are filled: parents first, cycles cut where a key may stay open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mrt_dynamic.seeding.foreign import Foreign
from mrt_lint.schema.names import Key


@dataclass(frozen=True, slots=True)
class Step:
    """One table's turn. `later`: keys that are left open and set by an UPDATE once their parents are there.

    `ahead`: keys to tables that come later and cannot be left open: the parents' keys are chosen
    beforehand.
    """

    table: Key
    later: tuple[Foreign, ...] = ()
    ahead: tuple[Foreign, ...] = ()


Edges = Mapping[Key, Sequence[tuple[Key, Foreign, bool]]]
"""Of each table: its keys to other tables, and whether each may stay open (NULL)."""


def ordered(edges: Edges) -> list[Step]:
    """Returns every table once, in an order that depends on names alone.

    >>> ordered({})
    []
    """
    steps: list[Step] = []
    for group in _components(edges):
        steps += _cut(group, edges)
    return steps


def _cut(group: Sequence[Key], edges: Edges) -> list[Step]:
    """Returns the order inside of a cycle: first those tables that need least of the others."""
    left = sorted(group)
    steps = []
    while left:
        rated = []
        for place, table in enumerate(left):
            waiting = [edge for edge in edges[table] if edge[0] in left and edge[0] != table]
            hard = sum(not may_open for _, _, may_open in waiting)
            rated.append((hard, len(waiting), place))
        table = left.pop(min(rated)[2])
        waiting = [edge for edge in edges[table] if edge[0] in left]
        steps.append(
            Step(
                table,
                tuple(foreign for _, foreign, may_open in waiting if may_open),
                tuple(foreign for _, foreign, may_open in waiting if not may_open),
            )
        )
    return steps


def _components(edges: Edges) -> list[list[Key]]:
    """Returns the strongly connected groups, those that are referred to first (Tarjan, without recursion)."""
    index: dict[Key, int] = {}
    low: dict[Key, int] = {}
    stack: list[Key] = []
    on_stack: set[Key] = set()
    groups: list[list[Key]] = []
    for root in sorted(edges):
        if root in index:
            continue
        work: list[tuple[Key, int]] = [(root, 0)]
        while work:
            node, place = work.pop()
            if place == 0:
                index[node] = low[node] = len(index)
                stack.append(node)
                on_stack.add(node)
            targets = sorted({target for target, _, _ in edges[node] if target in edges})
            for step in range(place, len(targets)):
                target = targets[step]
                if target not in index:
                    work += [(node, step + 1), (target, 0)]
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                if low[node] == index[node]:
                    group = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        group.append(member)
                        if member == node:
                            break
                    groups.append(group)
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[node])
    return groups
