"""Attributes of values."""

from __future__ import annotations

import ast
from functools import partial
from typing import TYPE_CHECKING, Any

from mrt_lint.evaluate.abstract import abstract_methods
from mrt_lint.evaluate.call import Call
from mrt_lint.evaluate.iteration import tainted
from mrt_lint.evaluate.journal import UNSET
from mrt_lint.evaluate.modules import Module
from mrt_lint.evaluate.names import names
from mrt_lint.evaluate.objects import (
    CONTAINERS,
    BuiltinMethod,
    EnumMember,
    Instance,
    Stack,
    StackMethod,
    Super,
    bind,
    enum_members,
)
from mrt_lint.evaluate.startup import set_at_start
from mrt_lint.evaluate.values import Choice, Class, FrameworkValue, Function, NotKnown, Symbol, Text, Value

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator

_TEXTS = (str, bytes, int, float, Text)


def attribute(ev: Evaluator, owner: Value, name: str, place: ast.AST | Call) -> Value:
    """Returns `owner.name`; `place` is the expression, for reasons and spans."""
    if isinstance(owner, Symbol):
        return ev.modules.resolve(f"{owner.path}.{name}")
    if isinstance(owner, FrameworkValue):
        call = place if isinstance(place, Call) else ev.new_call(place, ev.text(place), (), {})
        return ev.explain(f"{type(owner).__name__}.attribute", lambda: owner.attribute(name, call))
    if isinstance(owner, (*_TEXTS, *CONTAINERS)) and owner is not True and owner is not False:
        return BuiltinMethod(owner, name)
    if isinstance(owner, Instance):
        return _of_instance(ev, owner, name, place)
    if isinstance(owner, Class):
        return _of_class(ev, owner, name, place)
    if isinstance(owner, Module):
        return ev.modules.attribute(owner, name)
    if isinstance(owner, Choice):
        return ev.each_option(owner.options, lambda option: attribute(ev, option, name, place))
    if isinstance(owner, EnumMember):
        return _of_member(ev, owner, name, place)
    if isinstance(owner, Stack):
        return StackMethod(owner, name)
    if isinstance(owner, Super):
        return _of_super(ev, owner, name, place)
    if isinstance(owner, Function) and name in ("__name__", "__qualname__"):
        return owner.name
    if isinstance(owner, NotKnown):
        return NotKnown(_spelled(ev, place, owner.reason), owner.line, owner.reach)
    return tainted(
        ev, NotKnown(_spelled(ev, place, f"{name} of a value"), getattr(place, "lineno", 0)), [owner]
    )


def _spelled(ev: Evaluator, place: ast.AST | Call, otherwise: str) -> str:
    if isinstance(place, Call):
        return f"{place.spelling} is known only at run time"
    return f"`{ev.text(place)}` is known only at run time" if isinstance(place, ast.expr) else otherwise


def class_attribute(ev: Evaluator, cls: Class, name: str, place: ast.AST | Call) -> Value:
    """Returns what a class or its bases bind a name to, UNSET if none does, NotKnown if a base is unknown."""
    return _in_bases(ev, [cls], name, place)


def _in_bases(
    ev: Evaluator, classes: list[Value], name: str, place: ast.AST | Call, depth: int = 20
) -> Value:
    unread: NotKnown | None = None
    for cls in classes:
        if isinstance(cls, Class):
            if name in cls.attributes:
                return cls.attributes[name]
            found = _in_bases(ev, list(cls.bases), name, place, depth - 1) if depth else UNSET
        elif isinstance(cls, FrameworkValue):
            call = place if isinstance(place, Call) else ev.new_call(place, ev.text(place), (), {})
            found = ev.explain(f"{type(cls).__name__}.attribute", partial(cls.attribute, name, call))
        else:
            found = UNSET
            if not (isinstance(cls, Symbol) and cls.path in _EMPTY_BASES):
                reach: Any = "database" if ev.reaches(cls) else "code"
                unread = NotKnown(f"{name!r} may come from a base class that is not read", reach=reach)
        if found is not UNSET and not (isinstance(found, NotKnown) and isinstance(cls, Class)):
            return found
        if isinstance(found, NotKnown):
            unread = found
    return UNSET if unread is None else unread


_EMPTY_BASES = names(
    "abc.ABC typing.Generic typing.Protocol typing.NamedTuple enum.Enum enum.IntEnum enum.StrEnum "
    "enum.Flag enum.IntFlag builtins.object builtins.str builtins.int builtins.Exception builtins.dict "
    "builtins.list"
)


def _of_instance(ev: Evaluator, owner: Instance, name: str, place: ast.AST | Call) -> Value:
    if name == "__class__":
        return owner.cls
    value = owner.attributes.get(name, UNSET)
    if value is UNSET:
        value = class_attribute(ev, owner.cls, name, place)
    later = set_at_start(ev, owner, name, value)
    if later is not None:
        return later
    if name in owner.attributes:
        return value
    if value is UNSET:
        return tainted(
            ev,
            NotKnown(_spelled(ev, place, f"an attribute {name!r} that is set nowhere"), reach="code"),
            [owner],
        )
    return _bound(ev, value, owner, owner.cls, place)


def _bound(ev: Evaluator, value: Value, receiver: Value, cls: Class, place: ast.AST | Call) -> Value:
    if not isinstance(value, Function):
        return value
    if value.kind == "staticmethod":
        return value
    if value.kind == "classmethod":
        return bind(value, cls)
    if value.kind == "property":
        from mrt_lint.evaluate.calls import call_value

        call = place if isinstance(place, Call) else ev.new_call(place, ev.text(place), (), {})
        return call_value(
            ev, bind(value, receiver), Call(ev, call.spelling, (), {}, call.span, call.statement, call.source)
        )
    return bind(value, receiver)


def _of_class(ev: Evaluator, owner: Class, name: str, place: ast.AST | Call) -> Value:
    if name in ("__name__", "__qualname__"):
        return owner.name
    if name == "__members__":
        members = enum_members(owner)
        if members is not None:
            return {member.name: member for member in members}
    value = abstract_methods(owner) if name == "__abstractmethods__" else UNSET
    if value is UNSET:
        value = class_attribute(ev, owner, name, place)
    if value is UNSET:
        return NotKnown(_spelled(ev, place, f"an attribute {name!r} that is set nowhere"), reach="code")
    if isinstance(value, Function) and value.kind == "classmethod":
        return bind(value, owner)
    return set_at_start(ev, owner, name, value) or value


def _of_member(ev: Evaluator, owner: EnumMember, name: str, place: ast.AST | Call) -> Value:
    if name in ("value", "_value_"):
        return owner.value
    if name in ("name", "_name_"):
        return owner.name
    value = class_attribute(ev, owner.cls, name, place)
    if isinstance(value, Function):
        return _bound(ev, value, owner, owner.cls, place)
    if owner.plain and isinstance(owner.value, (str, int)):
        return BuiltinMethod(owner.value, name)
    return NotKnown(_spelled(ev, place, f"an attribute {name!r}"), reach="") if value is UNSET else value


def _of_super(ev: Evaluator, owner: Super, name: str, place: ast.AST | Call) -> Value:
    value = _in_bases(ev, list(owner.cls.bases), name, place)
    if value is UNSET:
        return BuiltinMethod(None, name)
    return _bound(ev, value, owner.instance, owner.cls, place)
