"""Branches: running cases on parts of the path, and merging what they wrote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mrt_lint.evaluate.choices import join
from mrt_lint.evaluate.journal import Changes, holders_of, refill
from mrt_lint.evaluate.limits import MAX_FORKS, TooManyConditionsError
from mrt_lint.evaluate.paths import MOST_PARTS, along, minus, parts_of
from mrt_lint.evaluate.scopes import Scope
from mrt_lint.evaluate.values import NotKnown, Value
from mrt_lint.ops.guard import NEVER, Guard

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator

Case = tuple[Guard, Callable[[], Value]]
"""What runs where a guard holds."""
Binding = tuple[dict[Any, Value], Any]
"""The names of a scope (or the attributes of an object) and one of their keys."""


def run_cases(ev: Evaluator, cases: Sequence[Case]) -> tuple[list[tuple[Guard, Value]], list[Binding]]:
    """Runs each possible case on its part of the path; returns the results and the bindings written.

    Raises TooManyConditionsError when there are more branches than are worth following.
    """
    before, mark = ev.path, len(ev.ended)
    if len(parts_of(before)) > MOST_PARTS:
        raise TooManyConditionsError("it depends on too many conditions")
    open_cases = [(guard, work, path) for guard, work in cases if (path := along(before, guard)) != NEVER]
    if len(open_cases) > 1:
        ev.forks += 1
        if ev.forks > MAX_FORKS:
            raise TooManyConditionsError("it depends on too many conditions")
    results: list[tuple[Guard, Value]] = []
    written: list[tuple[Guard, Changes]] = []
    for guard, work, path in open_cases:
        ev.path = path
        if len(open_cases) == 1:
            results.append((guard, work()))
        else:
            ev.journal.begin()
            results.append((guard, work()))
            written.append((guard, ev.journal.take_back()))
    places = merge(ev, written)
    ev.path = minus(before, [end.guard for end in ev.ended[mark:]])
    return results, places


def merge(ev: Evaluator, written: Sequence[tuple[Guard, Changes]]) -> list[Binding]:
    """Writes what several branches wrote, each under its guard; returns the bindings concerned."""
    containers: dict[int, Any] = {}
    places: dict[tuple[int, Any], tuple[dict[Any, Value], Any, Value]] = {}
    for _, changes in written:
        containers.update({identity: content[0] for identity, content in changes.contents.items()})
        places.update({place: binding[:3] for place, binding in changes.bindings.items()})
    for place, (names, key, old) in places.items():
        options = [
            (guard, changes.bindings[place][3] if place in changes.bindings else old)
            for guard, changes in written
        ]
        ev.journal.bind(names, key, join(options, f"`{key}` differs under too many conditions"))
    for identity, container in containers.items():
        _merge_contents(
            ev, container, [(guard, changes.contents.get(identity)) for guard, changes in written]
        )
    return [(names, key) for names, key, _ in places.values()]


def _merge_contents(ev: Evaluator, container: Any, versions: list[tuple[Guard, Any]]) -> None:
    """Merges a container that some branches changed in place.

    One that nothing held before the branches was made in one of them and just keeps its contents.
    Names that hold it get a choice between its versions; held in another way it becomes unknown.
    """
    holders = holders_of(container, [scope.names for scope in _scopes_in_use(ev)])
    changed = [version for _, version in versions if version is not None]
    if not holders.direct and not holders.nested and len(changed) == 1:
        ev.journal.touch(container)
        refill(container, changed[0][2])
    elif holders.nested or not holders.direct:
        poison(ev, container, "a collection that is changed under a condition")
    else:
        options = [(guard, container if version is None else version[2]) for guard, version in versions]
        value = join(options, "a collection that is changed under too many conditions")
        for names, key in holders.direct:
            ev.journal.bind(names, key, value)


def _scopes_in_use(ev: Evaluator) -> list[Scope]:
    found: list[Scope] = []
    for scope in (*ev.live, *ev.loaded):
        here: Scope | None = scope
        while here is not None and here not in found:
            found.append(here)
            here = here.parent
    return found


def poison(ev: Evaluator, container: Any, reason: str) -> None:
    """Makes the contents of a list, dict or set unknown, wherever it is held."""
    value = NotKnown(reason, getattr(ev.statement, "lineno", 0), "database" if ev.reaches(container) else "")
    ev.journal.touch(container)
    contents = (
        {value: value} if isinstance(container, dict) else {value} if isinstance(container, set) else [value]
    )
    refill(container, contents)
    ev.poisoned[id(container)] = (container, value)
