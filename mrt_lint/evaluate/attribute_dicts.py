"""Dicts whose items are attributes too: `class Record(dict)` with `self.__dict__ = self` or its like."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from mrt_lint.evaluate.objects import Builtin
from mrt_lint.evaluate.values import Class, FrameworkValue, NotKnown, Symbol, Value

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call
    from mrt_lint.evaluate.evaluator import Evaluator

_DICT: Final = "builtins.dict"


@dataclass(frozen=True, eq=False)
class AttributeDict(FrameworkValue):
    """A copy of a mapping that a framework explains; `record["name"]` is `record.name`.

    `own`: the names that the class itself defines, which need not be items.
    """

    mapping: FrameworkValue
    own: frozenset[str]

    def attribute(self, name: str, call: Call) -> Value:
        """Returns the item of that name, not known for what a dict or the class has of its own."""
        if name in self.own or hasattr(dict, name):
            reach = "database" if self.carries_effects else ""
            return NotKnown(f"`{call.source}` is known only at run time", call.span.line, reach)  # type: ignore[arg-type]
        return self.mapping.item(name, call)

    def item(self, key: Value, call: Call) -> Value:
        """Returns the item of the mapping."""
        return self.mapping.item(key, call)

    def contains(self, item: Value, call: Call) -> Value:
        """Returns what the mapping answers."""
        return self.mapping.contains(item, call)


@dataclass(frozen=True, eq=False)
class _Reaching(AttributeDict):
    """The same of a mapping through which operations can be emitted."""

    carries_effects: ClassVar[bool] = True


def attribute_dict(ev: Evaluator, cls: Class, call: Call) -> Value | None:
    """Returns `cls(mapping)` where the class shows the items of a dict as attributes; None for any other.

    Only over a mapping that a framework explains: what the project puts into its own dicts is followed
    as it is.
    """
    if call.starred or call.kwargs or len(call.args) != 1 or not isinstance(call.args[0], FrameworkValue):
        return None
    if [base.path if isinstance(base, (Builtin, Symbol)) else "" for base in cls.bases] != [_DICT]:
        return None
    if not _shows_items(cls.node):
        return None
    mapping = call.args[0]
    kind = _Reaching if ev.reaches(mapping) else AttributeDict
    return kind(mapping, frozenset(cls.attributes))


def _shows_items(node: ast.ClassDef) -> bool:
    """Returns whether the class makes its items attributes, and its constructor does nothing else."""
    shows = False
    for statement in node.body:
        if not isinstance(statement, ast.FunctionDef):
            continue
        if statement.name in ("__new__", "__getattribute__", "__getitem__", "__missing__"):
            return False
        if statement.name == "__getattr__":
            shows = shows or _looks_up(statement)
        elif statement.name == "__init__":
            for step in statement.body:
                if _is_own_dict(step):
                    shows = True
                elif not _is_plain(step):
                    return False
    return shows


def _looks_up(function: ast.FunctionDef) -> bool:
    """Returns whether a function returns nothing but `self[name]`."""
    returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
    return bool(returned) and all(
        isinstance(value, ast.Subscript)
        and isinstance(value.value, ast.Name)
        and isinstance(value.slice, ast.Name)
        and [value.value.id, value.slice.id] == [one.arg for one in function.args.args]
        for value in returned
    )


def _is_own_dict(step: ast.stmt) -> bool:
    """Returns whether a statement is `self.__dict__ = self`."""
    return (
        isinstance(step, ast.Assign)
        and len(step.targets) == 1
        and isinstance(step.targets[0], ast.Attribute)
        and step.targets[0].attr == "__dict__"
        and isinstance(step.targets[0].value, ast.Name)
        and isinstance(step.value, ast.Name)
        and step.value.id == step.targets[0].value.id
    )


def _is_plain(step: ast.stmt) -> bool:
    """Returns whether a statement is a docstring, or hands the arguments on to dict as they are."""
    if not isinstance(step, ast.Expr):
        return False
    if isinstance(step.value, ast.Constant):
        return True
    call = step.value
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return False
    inner = call.func.value
    through = isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "super"
    return call.func.attr == "__init__" and (through or ast.unparse(inner) == "dict")
