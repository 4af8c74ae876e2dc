"""Tells a condition on the environment, the same in upgrade and downgrade, from one on the database."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from mrt_lint.evaluate.values import Choice, NotKnown, Symbol

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator

_CALLS: Final = (
    "os.",
    "alembic.context.get_x_argument",
    "alembic.context.config.",
    "builtins.",
    "sys.",
    "pathlib.",
)
"""Beginnings of the qualified names that may be called in such a condition."""

_PLAIN: Final = {"bool", "int", "str", "len", "any", "all", "set", "list", "dict"}


def is_setting(ev: Evaluator, node: ast.AST) -> bool:
    """Returns whether an expression reads nothing but imported names, the environment and constants.

    Such a condition turns out in the downgrade as it did in the upgrade. Anything else may have asked
    the database, which the upgrade itself has changed meanwhile.
    """
    if not isinstance(node, ast.expr):
        return False
    called = {id(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}
    for part in ast.walk(node):
        if id(part) in called:
            is_fixed = _may_be_called(ev, part)
        elif isinstance(part, ast.Name):
            is_fixed = _is_imported(ev, part.id)
        else:
            is_fixed = not isinstance(part, ast.Await | ast.Yield | ast.NamedExpr | ast.Lambda)
        if not is_fixed:
            return False
    return True


def origins(ev: Evaluator, node: ast.AST) -> str:
    """Returns the lines where the unknown values come from that the names of a condition are bound to."""
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    values = [ev.lookup(name) for name in sorted(names)]
    options = [value.options if isinstance(value, Choice) else ((None, value),) for value in values]
    lines = {one.line for some in options for _, one in some if isinstance(one, NotKnown)}
    return ",".join(map(str, sorted(lines - {0})))


def _path(ev: Evaluator, node: ast.AST) -> str:
    """Returns the qualified name of a dotted expression that begins with an import, "" for another."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.insert(0, node.attr)
        node = node.value
    value = ev.lookup(node.id) if isinstance(node, ast.Name) else None
    return ".".join([value.path, *names]) if isinstance(value, Symbol) else ""


def _is_imported(ev: Evaluator, name: str) -> bool:
    value = ev.lookup(name)
    return isinstance(value, Symbol) and not value.path.startswith(("alembic.op", "sqlalchemy"))


def _may_be_called(ev: Evaluator, node: ast.AST) -> bool:
    if isinstance(node, ast.Name) and node.id in _PLAIN:
        return True
    if isinstance(node, ast.Attribute) and node.attr in ("get", "lower", "upper", "strip"):
        return True  # of os.environ, or of a string that it gave
    return _path(ev, node).startswith(_CALLS)
