"""Classes of the file: their bodies, instances, enums and records (dataclasses, named tuples)."""

from __future__ import annotations

import ast
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from mrt_lint.evaluate.abstract import is_abstract_mark
from mrt_lint.evaluate.attribute_dicts import attribute_dict
from mrt_lint.evaluate.attributes import class_attribute
from mrt_lint.evaluate.call import Call
from mrt_lint.evaluate.functions import call_function
from mrt_lint.evaluate.iteration import tainted
from mrt_lint.evaluate.journal import UNSET
from mrt_lint.evaluate.objects import Builtin, EnumMember, Instance, bind, enum_members
from mrt_lint.evaluate.scopes import Scope
from mrt_lint.evaluate.values import Class, FrameworkValue, Function, NotKnown, Symbol, Value

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator

_ENUMS: Final = frozenset(("enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag"))
_PLAIN_BASES: Final = frozenset(
    ("builtins.str", "builtins.int", "enum.IntEnum", "enum.StrEnum", "enum.IntFlag")
)
_RECORDS: Final = frozenset(("dataclasses.dataclass", "typing.NamedTuple"))
_CLASS_DECORATORS: Final = frozenset(
    (
        "dataclasses.dataclass",
        "enum.unique",
        "functools.total_ordering",
        "typing.final",
        "typing.runtime_checkable",
    )
)


def make_class(ev: Evaluator, node: ast.ClassDef) -> Value:
    """Returns the value of a class statement: a Class, or what a framework base makes of it."""
    bases = tuple(ev.eval(base.value if isinstance(base, ast.Starred) else base) for base in node.bases)
    cls = Class(node, ev.scope.module, node.name, bases)
    scope = Scope(ev.scope.module, ev.scope, "class")
    outer = ev.scope
    ev.scope = scope
    ev.live.append(scope)
    try:
        ev.execute(node.body)
    finally:
        ev.live.pop()
        ev.scope = outer
    for value in scope.names.values():
        if (
            isinstance(value, Function)
            and value.owner is None
            and any(value.node is one for one in node.body)
        ):
            value.owner = cls
    cls.attributes.update(scope.names)
    if _is_enum(bases):
        _make_members(ev, cls)
    return _framework(ev, _decorated(ev, cls, node), node)


def _decorated(ev: Evaluator, made: Class, node: ast.ClassDef) -> Value:
    cls = made
    for decorator in reversed(node.decorator_list):
        value = ev.eval(decorator.func if isinstance(decorator, ast.Call) else decorator)
        path = value.path if isinstance(value, (Symbol, Builtin)) else ""
        if path == "dataclasses.dataclass":
            cls.bases = (*cls.bases, Symbol(path))
        elif path not in _CLASS_DECORATORS and not is_abstract_mark(ev, decorator):
            found = _made_by(ev, value, cls, decorator)
            if not isinstance(found, Class):
                return found
            cls = found
    return cls


def _made_by(ev: Evaluator, decorator: Value, cls: Class, node: ast.expr) -> Value:
    """Returns what a decorator of the project makes of a class; what makes no other class is not known."""
    if isinstance(decorator, Function) and not isinstance(node, ast.Call):
        found = call_function(ev, decorator, ev.new_call(node, ev.text(node), (cls,), {}))
        if isinstance(found, Class) and found is not cls:
            return found
    reach: Any = "database" if ev.reaches(cls) or ev.reaches(decorator) else "code"
    return NotKnown(f"the decorator `{ev.text(node)}` is not understood", node.lineno, reach)


def _framework(ev: Evaluator, cls: Value, node: ast.ClassDef) -> Value:
    """Lets the framework value among the bases, near or far, make something of the class."""
    if not isinstance(cls, Class):
        return cls
    waiting, depth = list(cls.bases), 0
    while waiting and depth < 100:
        base = waiting.pop(0)
        depth += 1
        if isinstance(base, FrameworkValue):
            call = ev.new_call(
                ast.Name(node.name, lineno=node.lineno, col_offset=node.col_offset), node.name, (), {}
            )
            call.span = ev.source.span(node) if ev.scope.module.main else call.span
            return ev.explain(f"{type(base).__name__}.subclass", partial(base.subclass, cls, call))
        if isinstance(base, Class):
            waiting.extend(base.bases)
    return cls


def _is_enum(bases: tuple[Value, ...]) -> bool:
    return any(
        (isinstance(base, Symbol) and base.path in _ENUMS)
        or (isinstance(base, Class) and _is_enum(base.bases))
        for base in bases
    )


def _has_base(cls: Class, paths: frozenset[str]) -> bool:
    return any(
        (isinstance(base, (Symbol, Builtin)) and base.path in paths)
        or (isinstance(base, Class) and _has_base(base, paths))
        for base in cls.bases
    )


def _make_members(ev: Evaluator, cls: Class) -> None:
    """Turns the plain names of an Enum's body into members, in their order."""
    plain = _has_base(cls, _PLAIN_BASES)
    last: Value = 0
    for name, value in list(cls.attributes.items()):
        if name.startswith("_") or isinstance(value, (Function, Class)):
            continue
        if isinstance(value, NotKnown) and value.reason == _AUTO:
            string = _has_base(cls, frozenset(("enum.StrEnum",)))
            value = name.lower() if string else last + 1 if isinstance(last, int) else value
        last = value
        cls.attributes[name] = EnumMember(cls, name, value, plain)


_AUTO: Final = "enum.auto()"


def enum_auto(ev: Evaluator, call: Call) -> Value:
    """Returns the mark that an Enum's body replaces by the next number."""
    return NotKnown(_AUTO)


def instantiate(ev: Evaluator, cls: Class, call: Call) -> Value:
    """Returns `cls(...)`: an Instance with what its `__init__` sets, or a member of an Enum."""
    items = attribute_dict(ev, cls, call)
    if items is not None:
        return items
    members = enum_members(cls)
    if members is not None and len(call.args) == 1:
        from mrt_lint.evaluate.operators import equals

        for member in members:
            if member is call.args[0] or equals(member.value, call.args[0]):
                return member
        return NotKnown(f"`{call.source}` is known only at run time", call.span.line)
    maker = class_attribute(ev, cls, "__new__", call)
    instance = Instance(cls, imported=ev.importing > 0)
    init = class_attribute(ev, cls, "__init__", call)
    if isinstance(init, Function):
        call_function(ev, bind(init, instance), call)
        return instance
    if _has_base(cls, _RECORDS):
        _fill_record(ev, cls, instance, call)
        return instance
    for value in (init, maker):
        if value is not UNSET and not isinstance(value, Function):
            return _of_unread_base(ev, cls, call)
    if init is UNSET and (call.args or call.kwargs):
        instance.attributes.update(
            {name: value for name, value in call.kwargs.items() if isinstance(name, str)}
        )
    return instance


def _of_unread_base(ev: Evaluator, cls: Class, call: Call) -> Value:
    """Returns an instance of a class whose base is not read: its constructor may do what it is handed."""
    from mrt_lint.evaluate.effects import unknown_call

    held = [*call.args, *call.kwargs.values()]
    if any(ev.reaches(one) for one in held) or call.extra.get("for_effect"):
        return unknown_call(ev, NotKnown(cls.name, reach="code"), call)
    return Instance(cls, dict(call.kwargs), ev.importing > 0)


def _fill_record(ev: Evaluator, cls: Class, instance: Instance, call: Call) -> None:
    fields = _fields(cls)
    for index, name in enumerate(fields):
        if index < len(call.args):
            instance.attributes[name] = call.args[index]
        elif name in call.kwargs:
            instance.attributes[name] = call.kwargs[name]
        elif call.starred or name not in cls.attributes:
            instance.attributes[name] = tainted(
                ev, NotKnown(f"{name!r} of {cls.name} is not given"), call.extra.get("starred", ())
            )


def _fields(cls: Class) -> list[str]:
    found: list[str] = []
    for base in reversed(cls.bases):
        if isinstance(base, Class):
            found.extend(name for name in _fields(base) if name not in found)
    for statement in cls.node.body:
        if (
            isinstance(statement, ast.AnnAssign)
            and isinstance(statement.target, ast.Name)
            and statement.target.id not in found
        ):
            found.append(statement.target.id)
    return found
