"""Reads migrations that only write things down, straight from the syntax tree.

Most migrations are a class with constants and calls of Django's own classes. For these the evaluator's
care for names that change, conditions and code that runs is not needed: the values here are the same, made
by the same classes (`values.py`), several times faster. Whatever is not surely of this kind is left to the
evaluator.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from mrt_lint.evaluate.builtins import BUILTINS
from mrt_lint.evaluate.call import Call
from mrt_lint.evaluate.modules import CONSTANTS
from mrt_lint.evaluate.objects import Builtin
from mrt_lint.evaluate.plain import hashable
from mrt_lint.evaluate.stdlib import LIBRARY
from mrt_lint.evaluate.values import Class, FrameworkValue, Symbol, Value
from mrt_rules_django.meanings import WRITTEN
from mrt_rules_django.values import FieldClass, OperationClass

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Meaning
    from mrt_lint.source.source import Source

MAX_LENGTH: Final = 100_000
"""Characters of a file; what is longer might take the evaluator more steps than it makes."""
MAX_DEPTH: Final = 12
"""Expressions inside one another."""


class _OtherError(Exception):
    """Something that only the evaluator can tell."""


def written(source: Source, node: ast.ClassDef, meanings: Mapping[str, Meaning]) -> Class | None:
    """Returns the class `Migration` of a file, None where the evaluator has to tell what it is.

    `meanings`: with the one for what nothing explains ("*").
    """
    body = source.ast.body
    if not body or body[-1] is not node or len(source.text) > MAX_LENGTH:
        return None
    names = _imports(body[:-1])
    if names is None or node.decorator_list or node.keywords or len(node.bases) != 1:
        return None
    reader = _Reader(source, meanings, names)
    try:
        base = reader.value(node.bases[0], 0)
        if not isinstance(base, Symbol) or not base.path.startswith("django.db.migrations."):
            return None
        for statement in node.body:
            if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
                target = statement.targets[0]
                if not isinstance(target, ast.Name):
                    return None
                reader.bound[target.id] = reader.value(statement.value, 0)
            elif not isinstance(statement, ast.Pass) and not _is_text(statement):
                return None
    except _OtherError:
        return None
    return Class(node, None, node.name, (base,), reader.bound)


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _imports(statements: list[ast.stmt]) -> dict[str, str] | None:
    """Returns the qualified names of what is imported, "" for other names; None if more is done there."""
    found: dict[str, str] = {}
    for statement in statements:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                top = alias.name.partition(".")[0]
                found[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                if alias.name == "*":
                    return None
                name = alias.asname or alias.name
                found[name] = "" if statement.level else f"{statement.module}.{alias.name}"
        elif isinstance(statement, ast.FunctionDef) and _only_defines(statement):
            found[statement.name] = ""
        elif not _is_text(statement):
            return None
    return found


def _only_defines(function: ast.FunctionDef) -> bool:
    """Returns whether nothing is evaluated where the function is defined."""
    given = function.args
    return not (function.decorator_list or given.defaults or any(given.kw_defaults))


class _Reader:
    """One file. `names`: what it imports; `bound`: what the class has bound so far."""

    def __init__(self, source: Source, meanings: Mapping[str, Meaning], names: Mapping[str, str]) -> None:
        self.source = source
        self.meanings = meanings
        self.names = names
        self.bound: dict[str, Value] = {}
        self.known = _known_of(meanings)

    def value(self, node: ast.expr, depth: int) -> Value:
        """Returns the value of an expression. Raises _OtherError."""
        if type(node) is ast.Constant:
            return node.value
        handler = _HANDLERS.get(type(node))
        if handler is None or depth > MAX_DEPTH:
            raise _OtherError
        return handler(self, node, depth + 1)

    def _list(self, node: ast.List, depth: int) -> Value:
        return [self.value(one, depth) for one in node.elts]

    def _tuple(self, node: ast.Tuple, depth: int) -> Value:
        return tuple([self.value(one, depth) for one in node.elts])

    def _set(self, node: ast.Set, depth: int) -> Value:
        found = [self.value(one, depth) for one in node.elts]
        if not all(map(hashable, found)):
            raise _OtherError
        return set(found)

    def _dict(self, node: ast.Dict, depth: int) -> Value:
        found: dict[Any, Value] = {}
        for key_node, value_node in zip(node.keys, node.values, strict=True):
            if key_node is None:
                raise _OtherError
            key = self.value(key_node, depth)
            if not hashable(key):
                raise _OtherError
            found[key] = self.value(value_node, depth)
        return found

    def _negative(self, node: ast.UnaryOp, depth: int) -> Value:
        value = self.value(node.operand, depth)
        if type(node.op) is not ast.USub or type(value) not in (int, float):
            raise _OtherError
        return -value

    def _name(self, node: ast.Name, depth: int) -> Value:
        return self._dotted(node.id, ())

    def _attribute(self, node: ast.Attribute, depth: int) -> Value:
        names: list[str] = []
        place: ast.expr = node
        while isinstance(place, ast.Attribute):
            names.append(place.attr)
            place = place.value
        if not isinstance(place, ast.Name):
            raise _OtherError
        return self._dotted(place.id, tuple(reversed(names)))

    def _dotted(self, name: str, below: tuple[str, ...]) -> Value:
        """Returns what an imported name, or one below it, stands for."""
        if name in self.bound:
            raise _OtherError
        path = self.names.get(name)
        if path is None:
            value = BUILTINS.get(name)
            if below or not isinstance(value, Builtin):
                raise _OtherError
            return value
        key = (path, below)
        if key not in self.known:
            self.known[key] = self._resolved(path, below)
        found = self.known[key]
        if found is None:
            raise _OtherError
        return found

    def _resolved(self, path: str, below: tuple[str, ...]) -> Value:
        """Returns what a qualified name stands for, None where more than its name decides that."""
        found: Value = None
        for length in range(len(below) + 1):
            if found is not None and not isinstance(found, Symbol):
                return None
            full = ".".join((path, *below[:length]))
            meaning = self.meanings.get(full)
            if isinstance(meaning, FrameworkValue):
                found = meaning if isinstance(meaning, (FieldClass, OperationClass)) else None
            else:
                found = Symbol(full) if _is_elsewhere(full) else None
            if found is None:
                return None
        return found

    def _call(self, node: ast.Call, depth: int) -> Value:
        callee = self.value(node.func, depth)
        args = tuple([self.value(one, depth) for one in node.args])
        kwargs: dict[str, Value] = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                raise _OtherError
            kwargs[keyword.arg] = self.value(keyword.value, depth)
        function = node.func
        if isinstance(function, ast.Name):
            spelling = function.id
        elif isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            spelling = f"{function.value.id}.{function.attr}"
        else:
            spelling = " ".join(self.source.slice(self.source.span(function)).split())
            if len(spelling) > 60:
                raise _OtherError  # the evaluator shortens it
        span = self.source.span(node)
        call = Call(_NOBODY, spelling, args, kwargs, span, span, self.source.slice(span))
        if isinstance(callee, (FieldClass, OperationClass)):
            return callee.call(call)
        if not isinstance(callee, Symbol):
            raise _OtherError
        return self._meaning(callee.path)(call)

    def _meaning(self, path: str) -> Callable[[Call], Value]:
        """Returns what calling a name does that only writes down the call."""
        meaning = self.meanings.get(path)
        if meaning is not None:
            function = meaning.func if isinstance(meaning, partial) else meaning
            if function not in WRITTEN:
                raise _OtherError
            return meaning  # type: ignore[return-value]
        stem = path
        while "." in stem:
            stem = stem.rpartition(".")[0]
            if f"{stem}.*" in self.meanings:
                raise _OtherError
        fallback = self.meanings.get("*")
        if path in LIBRARY or fallback is None or isinstance(fallback, FrameworkValue):
            raise _OtherError

        def explained(call: Call) -> Value:
            call.extra["path"] = path
            return fallback(call)

        return explained


def _is_elsewhere(path: str) -> bool:
    """Returns whether a name is Django's or of the standard library, and no value that is known."""
    top = path.partition(".")[0]
    return (top == "django" or top in sys.stdlib_module_names) and path not in CONSTANTS


_NOBODY: Any = None
"""Calls that are only written down ask nothing of the evaluator."""

_HANDLERS: Final[dict[type[ast.expr], Callable[[_Reader, Any, int], Value]]] = {
    ast.List: _Reader._list,
    ast.Tuple: _Reader._tuple,
    ast.Set: _Reader._set,
    ast.Dict: _Reader._dict,
    ast.UnaryOp: _Reader._negative,
    ast.Name: _Reader._name,
    ast.Attribute: _Reader._attribute,
    ast.Call: _Reader._call,
}

_Known = dict[tuple[str, tuple[str, ...]], Value]
_last: list[tuple[Mapping[str, Meaning], _Known]] = []
"""What names stand for in this run: it is the same in every file."""


def _known_of(meanings: Mapping[str, Meaning]) -> _Known:
    if not _last or _last[0][0] is not meanings:
        _last[:] = [(meanings, {})]
    return _last[0][1]
