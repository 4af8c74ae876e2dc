"""Abstract classes, and classes made by a call: `cls.__abstractmethods__`, `type(name, bases, names)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from mrt_lint.evaluate.journal import UNSET
from mrt_lint.evaluate.values import Class, NotKnown, Symbol, Value

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call
    from mrt_lint.evaluate.evaluator import Evaluator

_ABSTRACT: Final = frozenset(
    ("abstractmethod", "abstractproperty", "abstractclassmethod", "abstractstaticmethod")
)
_META: Final = "ABCMeta"
_PLAIN: Final = frozenset(("abc.ABC", "builtins.object"))


def is_abstract_mark(ev: Evaluator, decorator: ast.expr) -> bool:
    """Returns whether a decorator of a class does what `metaclass=ABCMeta` does: `@six.add_metaclass`."""
    if not isinstance(decorator, ast.Call) or len(decorator.args) != 1 or decorator.keywords:
        return False
    function, given = ev.eval(decorator.func), ev.eval(decorator.args[0])
    return (
        isinstance(function, Symbol)
        and function.path.rpartition(".")[2] == "add_metaclass"
        and isinstance(given, Symbol)
        and given.path == f"abc.{_META}"
    )


def abstract_methods(cls: Class) -> Value:
    """Returns `cls.__abstractmethods__`; UNSET where a base is not read or the class is no abstract one.

    The rule of Python's `abc`: what is marked in its body, and what a base marks and nothing nearer replaces.
    """
    line = list(_line(cls))
    if any(isinstance(base, NotKnown) for base in line) or not any(_has_meta(one) for one in line):
        return UNSET
    classes = [one for one in line if isinstance(one, Class)]
    found: dict[str, bool] = {}
    for one in classes:
        for name in one.attributes:
            found.setdefault(name, name in _marked(one))
    return frozenset(name for name, abstract in found.items() if abstract)


def _line(cls: Class, depth: int = 20) -> Iterator[Value]:
    """Yields the class and what it derives from, in the order in which names are looked up."""
    yield cls
    for base in cls.bases:
        if isinstance(base, Class) and depth:
            yield from _line(base, depth - 1)
        elif isinstance(base, Symbol) and base.path in _PLAIN:
            yield base
        elif getattr(base, "path", None) not in _PLAIN:
            yield NotKnown("a base that is not read")


def _has_meta(one: Value) -> bool:
    if isinstance(one, Symbol):
        return one.path == "abc.ABC"
    if not isinstance(one, Class):
        return False
    given = [keyword.value for keyword in one.node.keywords if keyword.arg == "metaclass"]
    for decorator in one.node.decorator_list:
        given.extend(decorator.args if isinstance(decorator, ast.Call) else [])
    return any(_last_name(node) == _META for node in given)


def _marked(cls: Class) -> set[str]:
    """Returns the names that the body of the class itself marks as abstract."""
    return {
        node.name
        for node in cls.node.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and any(_last_name(decorator) in _ABSTRACT for decorator in node.decorator_list)
    }


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def class_by_call(ev: Evaluator, call: Call) -> Value:
    """Returns `type(name, bases, names)`, NotKnown unless all bases are classes of the project."""
    if call.starred or call.kwargs or len(call.args) != 3:
        return NotKnown(f"`{call.source}` is known only at run time", call.span.line)
    name, bases, names = call.args
    if (
        not isinstance(name, str)
        or not isinstance(bases, tuple)
        or not bases
        or not all(isinstance(base, Class) for base in bases)
        or not isinstance(names, dict)
        or not all(isinstance(key, str) for key in names)
    ):
        return NotKnown(f"`{call.source}` is known only at run time", call.span.line, "database")
    node = ast.copy_location(ast.ClassDef(name, [], [], [ast.Pass()], []), bases[0].node)
    return Class(node, ev.scope.module, name, bases, dict(names))
