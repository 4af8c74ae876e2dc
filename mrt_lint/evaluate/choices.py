"""Choices: joining the values of several branches, and looking at one option at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mrt_lint.evaluate.journal import UNSET
from mrt_lint.evaluate.limits import MAX_OPTIONS
from mrt_lint.evaluate.objects import BuiltinMethod, EnumMember, Instance
from mrt_lint.evaluate.paths import along, is_long, union
from mrt_lint.evaluate.values import (
    Choice,
    Condition,
    FrameworkValue,
    Function,
    Method,
    NotKnown,
    Symbol,
    Text,
    Value,
)
from mrt_lint.ops.guard import ALWAYS, NEVER, Guard, both, negate

_LISTS = (list, tuple)


def join(
    options: list[tuple[Guard, Value]], reason: str = "a value that depends on too many conditions"
) -> Value:
    """Returns one value for several, each under a guard: the value itself when all are the same."""
    merged: list[tuple[Guard, Value]] = []
    for guard, value in options:
        if guard == NEVER:
            continue
        for inner, option in value.options if isinstance(value, Choice) else ((ALWAYS, value),):
            whole = both(guard, inner)
            if whole == NEVER:
                continue
            for index, (other, known) in enumerate(merged):
                if same(known, option):
                    merged[index] = (union(other, whole), known)
                    break
            else:
                merged.append((whole, option))
    if not merged:
        return NotKnown(reason)
    if len(merged) == 1:
        return merged[0][1]
    if len(merged) > MAX_OPTIONS or any(is_long(guard) for guard, _ in merged):
        return NotKnown(reason, reach=_farthest(value for _, value in merged))
    return Choice(tuple((guard, _bound(value)) for guard, value in merged))


def simplified(value: Value, answers: Mapping[int, object]) -> Value:
    """Returns a choice with its unknown options made one: nothing is known that tells them apart.

    Those of which the truth is known (`answers`, by identity) stay as they are.
    """
    if not isinstance(value, Choice):
        return value
    unknown = [one for one in value.options if isinstance(one[1], NotKnown) and id(one[1]) not in answers]
    if len(unknown) < 2:
        return value
    guard: Guard = NEVER
    for part, _ in unknown:
        guard = union(guard, part)
    first = unknown[0][1]
    whole = NotKnown(first.reason, first.line, _farthest(option for _, option in unknown))
    rest = tuple(one for one in value.options if not any(one is other for other in unknown))
    return Choice((*rest, (guard, whole))) if rest else whole


def _bound(value: Value) -> Value:
    return NotKnown("a name that is not set under every condition") if value is UNSET else value


def _farthest(values: Iterator[Value]) -> Any:
    reaches = {reach_of(value) for value in values}
    return next((reach for reach in ("database", "code") if reach in reaches), "")


def reach_of(value: Value) -> str:
    """Returns how far a call of one value may reach, by its type alone."""
    if isinstance(value, NotKnown):
        return value.reach
    if isinstance(value, FrameworkValue):
        return "database" if value.carries_effects else ""
    if isinstance(value, Method):
        return reach_of(value.owner)
    return "database" if isinstance(value, (Function, Symbol, Instance)) else ""


def same(left: Value, right: Value) -> bool:
    """Returns whether two values surely are one and the same, so that they need no choice.

    Containers that can be changed in place count only by identity.
    """
    if left is right:
        return True
    if type(left) is not type(right):
        return False
    if isinstance(left, tuple):
        return len(left) == len(right) and len(left) <= 100 and all(map(same, left, right))
    if isinstance(left, (str, int, float, bytes, complex, Symbol, Text, EnumMember)):
        return bool(left == right)
    if isinstance(left, FrameworkValue):
        return type(left).__hash__ is not None and bool(left == right)
    if isinstance(left, Method):
        return left.name == right.name and same(left.owner, right.owner)
    if isinstance(left, BuiltinMethod):
        return left.owner is right.owner and left.name == right.name
    return False


def prune(choice: Choice, path: Guard) -> Value:
    """Returns the choice without the options that the path rules out."""
    if path == ALWAYS:
        return choice
    left = tuple((guard, value) for guard, value in choice.options if along(path, guard) != NEVER)
    if len(left) == len(choice.options):
        return choice
    if len(left) == 1:
        return left[0][1]
    return Choice(left) if left else choice


def as_choice(value: Value) -> Choice | None:
    """Returns a Choice or Condition as a Choice, None for any other value."""
    if isinstance(value, Choice):
        return value
    if isinstance(value, Condition):
        return Choice(((value.guard, True), (negate(value.guard), False)))
    return None


def first_choice(values: list[Value], depth: int = 4) -> Value:
    """Returns the first Choice or Condition among these values or inside their containers, else None."""
    for value in values:
        if isinstance(value, (Choice, Condition)):
            return value
        if depth and value and isinstance(value, (list, tuple, dict)):
            inner = value.values() if isinstance(value, dict) else value
            if len(inner) <= 500:
                found = first_choice(list(inner), depth - 1)
                if found is not None:
                    return found
    return None


def chosen(value: Value, choice: Value, option: Value, depth: int = 4) -> Value:
    """Returns the value with every occurrence of a choice replaced by one of its options."""
    if value is choice:
        return option
    if (
        depth
        and value
        and isinstance(value, (list, tuple, dict))
        and first_choice([value], depth) is not None
    ):
        if isinstance(value, dict):
            return {key: chosen(item, choice, option, depth - 1) for key, item in value.items()}
        return type(value)(chosen(item, choice, option, depth - 1) for item in value)
    return value


def spread(values: list[Value], path: Guard, deep: bool = True) -> list[tuple[Guard, list[Value]]] | None:
    """Returns every combination of options under which these values hold no choice any more.

    Guards are relative to the path; None when there are more than MAX_OPTIONS combinations.
    """
    found: list[tuple[Guard, list[Value]]] = []
    waiting: list[tuple[Guard, list[Value]]] = [(ALWAYS, values)]
    while waiting:
        guard, current = waiting.pop()
        choice = first_choice(current, 4 if deep else 0)
        if choice is None:
            found.append((guard, current))
            if len(found) > MAX_OPTIONS:
                return None
            continue
        whole = as_choice(choice)
        assert whole is not None
        for part, option in reversed(whole.options):
            longer = both(guard, part)
            if along(path, longer) != NEVER:
                waiting.append(
                    (longer, [chosen(value, choice, option, 4 if deep else 0) for value in current])
                )
    return found
