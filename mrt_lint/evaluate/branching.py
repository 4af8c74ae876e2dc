"""Branches: running cases on parts of the path, and merging what they wrote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mrt_lint.evaluate.choices import join
from mrt_lint.evaluate.journal import Changes, holders_of, refill
from mrt_lint.evaluate.limits import MAX_FORKS, TooManyConditionsError
from mrt_lint.evaluate.paths import MOST_PARTS, along, minus, parts_of, relative
from mrt_lint.evaluate.scopes import Scope
from mrt_lint.evaluate.values import NotKnown, Value
from mrt_lint.ops.guard import ALWAYS, NEVER, Guard, negate

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


def run_in_turn(ev: Evaluator, steps: Sequence[Callable[[], object]]) -> None:
    """Runs steps one after the other, as long as there is a path to the next.

    Once a part of the path has returned, or left a loop, the further steps run on the rest of it
    only, and so do their writes.
    """
    start, mark = ev.path, len(ev.ended)
    for index, step in enumerate(steps):
        if ev.path == NEVER:
            return
        step()
        if ev.path != start and ev.path != NEVER and index + 1 < len(steps):
            if ev.handling or any(end.kind != "raise" for end in ev.ended[mark:]):
                run_on_rest(ev, start, lambda rest=steps[index + 1 :]: run_in_turn(ev, rest))  # type: ignore[misc]
                return
            start, mark = ev.path, len(ev.ended)


def run_on_rest(ev: Evaluator, start: Guard, work: Callable[[], object]) -> None:
    """Does the work on what is left of the path since `start`; its writes are merged under that condition."""
    guard = relative(ev.path, start)
    if guard == ALWAYS:
        work()
        return
    ev.journal.begin()
    work()
    merge(ev, [(guard, ev.journal.take_back()), (negate(guard), Changes({}, {}))])


def merge(ev: Evaluator, written: Sequence[tuple[Guard, Changes]]) -> list[Binding]:
    """Writes what several branches wrote, each under its guard; returns the bindings concerned."""
    places: dict[tuple[int, Any], tuple[dict[Any, Value], Any, Value]] = {}
    for _, changes in written:
        places.update({place: binding[:3] for place, binding in changes.bindings.items()})
    versions = _merge_contents(ev, written, places)
    for place, (names, key, old) in places.items():
        options: list[tuple[Guard, Value]] = []
        for (guard, changes), changed in zip(written, versions, strict=True):
            value = changes.bindings[place][3] if place in changes.bindings else old
            options.append((guard, changed.get(id(value), value)))
        ev.journal.bind(names, key, join(options, f"`{key}` differs under too many conditions"))
    return [(names, key) for names, key, _ in places.values()]


def _merge_contents(
    ev: Evaluator,
    written: Sequence[tuple[Guard, Changes]],
    places: dict[tuple[int, Any], tuple[dict[Any, Value], Any, Value]],
) -> list[dict[int, Any]]:
    """Returns, for each branch, the version of each container that it changed in place.

    A container that nothing held before was made in one of the branches and just keeps its contents.
    Names that hold one get a choice between its versions (`places` grows by them); a container held
    in another way becomes unknown.
    """
    versions: list[dict[int, Any]] = [{} for _ in written]
    containers = {
        identity: content[0] for _, changes in written for identity, content in changes.contents.items()
    }
    scopes = [scope.names for scope in _scopes_in_use(ev)] if containers else []
    for identity, container in containers.items():
        holders = holders_of(container, scopes)
        changed = [changes.contents[identity][2] for _, changes in written if identity in changes.contents]
        if not holders.direct and not holders.nested and len(changed) == 1:
            ev.journal.touch(container)
            refill(container, changed[0])
        elif holders.nested or not holders.direct:
            poison(ev, container, "a collection that is changed under a condition")
        else:
            for names, key in holders.direct:
                places.setdefault((id(names), key), (names, key, container))
            for (_, changes), known in zip(written, versions, strict=True):
                if identity in changes.contents:
                    known[identity] = changes.contents[identity][2]
    return versions


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
