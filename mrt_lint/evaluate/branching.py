"""Branches: running cases on parts of the path, and merging what they wrote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mrt_lint.evaluate.choices import join, simplified
from mrt_lint.evaluate.journal import Changes, holders_of, inside, refill
from mrt_lint.evaluate.limits import MAX_FORKS, TooManyConditionsError
from mrt_lint.evaluate.paths import along, is_long, minus, relative
from mrt_lint.evaluate.scopes import Scope
from mrt_lint.evaluate.values import Choice, NotKnown, Value
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
    if is_long(ev.path):
        _summarise(ev)
    before, mark = ev.path, len(ev.ended)
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
            begin(ev)
            results.append((guard, work()))
            written.append((guard, take_back(ev)))
    places, versions = _merged(ev, written)
    if written:
        results = [
            (guard, _version(value, known)) for (guard, value), known in zip(results, versions, strict=True)
        ]
    ev.path = minus(before, [end.guard for end in ev.ended[mark:]])
    return results, places


def _summarise(ev: Evaluator) -> None:
    """Replaces a path of too many conditions by one new test, which may hold whatever the others do."""
    ev.path = ev.undecided(ev.current_statement, f"all that leads to `{ev.text(ev.current_statement, 40)}`")


def begin(ev: Evaluator) -> None:
    """Opens a branch: what is written from here on can be taken back."""
    ev.journal.begin(len(ev.frame.returns))


def take_back(ev: Evaluator) -> Changes:
    """Closes the branch and returns what it wrote.

    A container that was changed where something was returned becomes unknown: the result may be it.
    """
    changes = ev.journal.take_back(len(ev.frame.returns))
    if changes.returned:
        for container, _old, _new in list(changes.contents.values()):
            if _is_held(ev, container):
                poison(ev, container, "a collection that is changed under a condition")
    return changes


def _is_held(ev: Evaluator, container: Any) -> bool:
    holders = holders_of(container, [scope.names for scope in _scopes_in_use(ev)])
    return bool(holders.direct) or holders.nested


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
    begin(ev)
    work()
    merge(ev, [(guard, take_back(ev)), (negate(guard), Changes({}, {}))])


def merge(ev: Evaluator, written: Sequence[tuple[Guard, Changes]]) -> list[Binding]:
    """Writes what several branches wrote, each under its guard; returns the bindings concerned."""
    return _merged(ev, written)[0]


def _merged(
    ev: Evaluator, written: Sequence[tuple[Guard, Changes]]
) -> tuple[list[Binding], list[dict[int, Any]]]:
    places: dict[tuple[int, Any], tuple[dict[Any, Value], Any, Value]] = {}
    for _, changes in written:
        places.update({place: binding[:3] for place, binding in changes.bindings.items()})
    versions = _merge_contents(ev, written, places)
    for place, (names, key, old) in places.items():
        options: list[tuple[Guard, Value]] = []
        for (guard, changes), known in zip(written, versions, strict=True):
            value = changes.bindings[place][3] if place in changes.bindings else old
            options.append((guard, _version(value, known)))
        value = join(options, f"`{key}` differs under too many conditions")
        ev.journal.bind(names, key, simplified(value, ev.answers))
    return [(names, key) for names, key, _ in places.values()], versions


def _version(value: Value, known: dict[int, Any]) -> Value:
    """Returns what a value is in a branch that changed these containers."""
    if not known:
        return value
    if isinstance(value, Choice):
        return Choice(tuple((guard, known.get(id(option), option)) for guard, option in value.options))
    return known.get(id(value), value)


def _keeps_inside(changes: Changes, container: Any) -> bool:
    """Returns whether a branch put a container into another value, where its version cannot be seen."""
    values: list[Value] = []
    for _names, _key, _old, new in changes.bindings.values():
        values.extend([option for _, option in new.options] if isinstance(new, Choice) else [new])
    values.extend(
        item for _, _, new in changes.contents.values() if new is not container for item in inside(new)
    )
    return any(one is not container and holders_of(container, [{0: one}]).nested for one in values) or any(
        item is container for _, _, new in changes.contents.values() for item in inside(new)
    )


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
        elif (
            holders.nested
            or not holders.direct
            or any(_keeps_inside(changes, container) for _, changes in written)
        ):
            poison(ev, container, "a collection that is changed under a condition")
        else:
            for names, key in holders.direct:
                places.setdefault((id(names), key), (names, key, names[key]))
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
