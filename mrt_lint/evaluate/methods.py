"""Methods of plain values: str, bytes, int, list, tuple, dict, set."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from mrt_lint.evaluate.call import Call
from mrt_lint.evaluate.choices import spread
from mrt_lint.evaluate.effects import unknown_call
from mrt_lint.evaluate.iteration import items_of, tainted
from mrt_lint.evaluate.limits import MAX_SIZE
from mrt_lint.evaluate.names import names
from mrt_lint.evaluate.objects import BuiltinMethod
from mrt_lint.evaluate.plain import fits, hashable, is_plain
from mrt_lint.evaluate.stored import MUTATORS
from mrt_lint.evaluate.strings import format_template, join_texts, text_of
from mrt_lint.evaluate.values import Choice, NotKnown, Text, Value

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator

_ERRORS: Final = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, MemoryError)
_PURE: Final[dict[type, frozenset[str]]] = {
    str: names(
        "capitalize casefold center count encode endswith expandtabs find index isalnum isalpha isascii "
        "isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper ljust lower "
        "lstrip partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip "
        "split splitlines startswith strip swapcase title translate upper zfill"
    ),
    bytes: names("decode hex startswith endswith strip split lower upper replace find"),
    int: frozenset(["bit_length", "conjugate", "as_integer_ratio", "to_bytes"]),
    float: frozenset(["is_integer", "as_integer_ratio", "hex"]),
    list: frozenset(["index", "count"]),
    tuple: frozenset(["index", "count"]),
    set: frozenset(),
    frozenset: frozenset(),
    dict: frozenset(),
}
_SET_METHODS: Final = names(
    "union intersection difference symmetric_difference issubset issuperset isdisjoint copy add discard "
    "remove update difference_update intersection_update symmetric_difference_update clear"
)


def call_builtin_method(ev: Evaluator, method: BuiltinMethod, call: Call) -> Value:
    """Returns `owner.method(...)` of a plain value; unknown arguments make the result unknown."""
    owner, name = method.owner, method.name
    if owner is None:
        return None
    if isinstance(owner, Text):
        return _of_text(ev, owner, name, call)
    if isinstance(owner, (list, dict, set)) and name in MUTATORS:
        return _change(ev, owner, name, call)
    if isinstance(owner, str) and type(owner) is not str:
        owner = str(owner)
    handler = _SPECIAL.get((type(owner), name))
    if handler is not None:
        return handler(ev, owner, call)
    if type(owner) in (set, frozenset) and name in _SET_METHODS:
        return _of_set(ev, owner, name, call)
    if name in _PURE.get(type(owner), ()):
        return _pure(ev, owner, name, call)
    return unknown_call(ev, method, call)


def _pure(ev: Evaluator, owner: Value, name: str, call: Call) -> Value:
    values: list[Value] = [owner, *call.args, *call.kwargs.values()]
    combinations = spread(values, ev.path)
    if combinations is None or call.starred:
        return _result(ev, call, "depends on too many conditions")
    count = len(call.args)

    def one(chosen: list[Value]) -> Value:
        receiver, args, rest = chosen[0], chosen[1 : count + 1], chosen[count + 1 :]
        if not is_plain(*chosen) or not _small(receiver, name, args):
            return tainted(ev, _result(ev, call), chosen)
        try:
            found = getattr(receiver, name)(*args, **dict(zip(call.kwargs, rest, strict=True)))
        except _ERRORS as error:
            return _result(ev, call, f"fails: {error}")
        return found if fits(found) else _result(ev, call, "is too large")

    return ev.each_option(combinations, one)


def _small(owner: Value, name: str, args: list[Value]) -> bool:
    """Returns whether a text method cannot make something huge of its arguments."""
    if any(isinstance(one, int) and abs(one) > MAX_SIZE for one in args):
        return False
    if name == "replace" and len(args) >= 2 and isinstance(args[1], (str, bytes)):
        return (len(owner) + 1) * (len(args[1]) + 1) <= 100 * MAX_SIZE
    return not (name == "expandtabs" and args and isinstance(args[0], int) and args[0] > 100)


def _result(ev: Evaluator, call: Call, why: str = "is known only at run time") -> NotKnown:
    text = " ".join(call.source.split()) or call.spelling
    return NotKnown(f"`{text[:60]}` {why}", call.span.line)


def _of_text(ev: Evaluator, owner: Text, name: str, call: Call) -> Value:
    """Returns what a partly known text becomes: still partly known where the unknown parts stay in place."""
    first, last = owner.parts[0], owner.parts[-1]
    if name in ("strip", "lstrip") and not call.args and isinstance(first, str):
        owner = Text((first.lstrip(), *owner.parts[1:]))
    if name in ("strip", "rstrip") and not call.args and isinstance(last, str):
        owner = Text((*owner.parts[:-1], last.rstrip()))
    if name in ("strip", "lstrip", "rstrip") and not call.args:
        return text_of(owner.parts)
    if name == "format":
        return text_of([*owner.parts, _result(ev, call)])
    if name == "startswith" and call.args and isinstance(call.args[0], str) and isinstance(first, str):
        if len(first) >= len(call.args[0]):
            return first.startswith(call.args[0])
        if not call.args[0].startswith(first):
            return False
    if name in ("replace", "lower", "upper") and is_plain(*call.args):
        try:
            return text_of(
                [getattr(part, name)(*call.args) if isinstance(part, str) else part for part in owner.parts]
            )
        except _ERRORS:
            return _result(ev, call)
    if name == "join":
        return Text((_result(ev, call),))
    return _result(ev, call)


def _change(ev: Evaluator, owner: Any, name: str, call: Call) -> Value:
    """Carries out a change in place; one that cannot be followed makes the whole container unknown."""
    ev.journal.touch(owner)
    try:
        if not call.starred:
            return _CHANGES[(type(owner), name)](ev, owner, call)
    except (_UnclearError, KeyError, IndexError, TypeError, ValueError):
        pass
    ev.poison(owner, f"`{call.source or name}` changes it in a way that is not known")
    return tainted(ev, _result(ev, call), [*call.args, owner])


class _UnclearError(Exception):
    """The change cannot be followed."""


def _items(ev: Evaluator, call: Call, index: int = 0) -> list[Value]:
    found = items_of(ev, call.args[index], _place(ev))
    if isinstance(found, NotKnown):
        raise _UnclearError
    return found


def _place(ev: Evaluator) -> ast.AST:
    return ev.here


def _key(value: Value) -> Value:
    if not hashable(value):
        raise _UnclearError
    return value


def _list_append(ev: Evaluator, owner: list[Value], call: Call) -> None:
    owner.append(call.args[0])


def _list_extend(ev: Evaluator, owner: list[Value], call: Call) -> None:
    items = _items(ev, call)
    if len(owner) + len(items) > MAX_SIZE:
        raise _UnclearError
    owner.extend(items)


def _list_insert(ev: Evaluator, owner: list[Value], call: Call) -> None:
    owner.insert(call.args[0], call.args[1])


def _list_pop(ev: Evaluator, owner: list[Value], call: Call) -> Value:
    return owner.pop(*call.args)


def _list_remove(ev: Evaluator, owner: list[Value], call: Call) -> None:
    from mrt_lint.evaluate.operators import equals

    for index, one in enumerate(owner):
        same = equals(one, call.args[0])
        if same is None:
            raise _UnclearError
        if same:
            del owner[index]
            return
    raise _UnclearError


def _list_sort(ev: Evaluator, owner: list[Value], call: Call) -> None:
    found = ordered(ev, list(owner), call)
    if found is None:
        raise _UnclearError
    owner[:] = found


def ordered(ev: Evaluator, items: list[Value], call: Call) -> list[Value] | None:
    """Returns the items sorted by `key=` and `reverse=`, None when their order is not known."""
    from mrt_lint.evaluate.calls import call_value

    key = call.kwargs.get("key")
    keys = items
    if key is not None:
        keys = [
            call_value(ev, key, Call(ev, call.spelling, (one,), {}, call.span, call.statement, call.source))
            for one in items
        ]
    reverse = call.kwargs.get("reverse", False)
    if not is_plain(*keys) or not isinstance(reverse, (bool, int)):
        return None
    try:
        order = sorted(range(len(items)), key=lambda index: keys[index], reverse=bool(reverse))
    except TypeError:
        return None
    return [items[index] for index in order]


def _list_reverse(ev: Evaluator, owner: list[Value], call: Call) -> None:
    owner.reverse()


def _clear(ev: Evaluator, owner: Any, call: Call) -> None:
    owner.clear()


def _dict_update(ev: Evaluator, owner: dict[Any, Value], call: Call) -> None:
    if call.args:
        given = call.args[0]
        if isinstance(given, dict):
            owner.update(given)
        else:
            for pair in _items(ev, call):
                key, value = pair
                owner[_key(key)] = value
    owner.update(call.kwargs)


def _dict_setdefault(ev: Evaluator, owner: dict[Any, Value], call: Call) -> Value:
    return owner.setdefault(_key(call.args[0]), call.args[1] if len(call.args) > 1 else None)


def _dict_pop(ev: Evaluator, owner: dict[Any, Value], call: Call) -> Value:
    key = _key(call.args[0])
    return owner.pop(key, call.args[1]) if len(call.args) > 1 else owner.pop(key)


def _dict_popitem(ev: Evaluator, owner: dict[Any, Value], call: Call) -> Value:
    return owner.popitem()


_SET_CHANGES: Final = names(
    "add discard remove update difference_update intersection_update symmetric_difference_update"
)


def _set_change(name: str, ev: Evaluator, owner: set[Value], call: Call) -> None:
    if name in ("add", "discard", "remove"):
        getattr(owner, name)(_key(call.args[0]))
        return
    for index in range(len(call.args)):
        getattr(owner, name)({_key(one) for one in _items(ev, call, index)})


_CHANGES: Final[dict[tuple[type, str], Callable[[Any, Any, Call], Value]]] = {
    (list, "append"): _list_append,
    (list, "extend"): _list_extend,
    (list, "insert"): _list_insert,
    (list, "pop"): _list_pop,
    (list, "remove"): _list_remove,
    (list, "sort"): _list_sort,
    (list, "reverse"): _list_reverse,
    (list, "clear"): _clear,
    (dict, "update"): _dict_update,
    (dict, "setdefault"): _dict_setdefault,
    (dict, "pop"): _dict_pop,
    (dict, "popitem"): _dict_popitem,
    (dict, "clear"): _clear,
    (set, "clear"): _clear,
    **{(set, name): partial(_set_change, name) for name in _SET_CHANGES},
}


def _str_join(ev: Evaluator, owner: str, call: Call) -> Value:
    if len(call.args) != 1:
        return _result(ev, call)
    items = items_of(ev, call.args[0], _place(ev))
    if isinstance(items, NotKnown):
        return _result(ev, call)
    return join_texts(ev, owner, items, _place(ev))


def _str_format(ev: Evaluator, owner: str, call: Call) -> Value:
    if call.starred:
        return Text((_result(ev, call),))
    return format_template(ev, owner, call.args, call.kwargs, _place(ev))


def _str_format_map(ev: Evaluator, owner: str, call: Call) -> Value:
    if len(call.args) != 1 or not isinstance(call.args[0], dict):
        return Text((_result(ev, call),))
    return format_template(
        ev, owner, (), {str(key): value for key, value in call.args[0].items()}, _place(ev)
    )


def _copy(ev: Evaluator, owner: Any, call: Call) -> Value:
    return owner.copy()


def _dict_items(ev: Evaluator, owner: dict[Any, Value], call: Call) -> Value:
    return list(owner.items())


def _dict_keys(ev: Evaluator, owner: dict[Any, Value], call: Call) -> Value:
    return list(owner)


def _dict_values(ev: Evaluator, owner: dict[Any, Value], call: Call) -> Value:
    return list(owner.values())


def _dict_get(ev: Evaluator, owner: dict[Any, Value], call: Call) -> Value:
    from mrt_lint.evaluate.operators import item

    default = call.args[1] if len(call.args) > 1 else call.kwargs.get("default")
    key = call.args[0] if call.args else None
    if isinstance(key, Choice):
        return ev.each_option(key.options, lambda option: _dict_get(ev, owner, _with_key(call, option)))
    if not hashable(key):
        return tainted(ev, _result(ev, call), [owner])
    return item(ev, owner, key, _place(ev)) if key in owner else default


def _with_key(call: Call, key: Value) -> Call:
    return Call(
        call.evaluator,
        call.spelling,
        (key, *call.args[1:]),
        call.kwargs,
        call.span,
        call.statement,
        call.source,
    )


def _of_set(ev: Evaluator, owner: Any, name: str, call: Call) -> Value:
    try:
        others = [{_key(one) for one in _items(ev, call, index)} for index in range(len(call.args))]
        return getattr(owner, name)(*others)
    except (_UnclearError, TypeError):
        return tainted(ev, _result(ev, call), [owner, *call.args])


_SPECIAL: Final[dict[tuple[type, str], Callable[[Any, Any, Call], Value]]] = {
    (str, "join"): _str_join,
    (str, "format"): _str_format,
    (str, "format_map"): _str_format_map,
    (list, "copy"): _copy,
    (dict, "copy"): _copy,
    (dict, "items"): _dict_items,
    (dict, "keys"): _dict_keys,
    (dict, "values"): _dict_values,
    (dict, "get"): _dict_get,
}


def dedent(text: Value) -> Value:
    """Returns `textwrap.dedent(text)`; a partly known text keeps its blanks, which no SQL minds."""
    return textwrap.dedent(text) if isinstance(text, str) else text


__all__ = ["call_builtin_method", "dedent", "ordered", "re"]
