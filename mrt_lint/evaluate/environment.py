"""Tells a condition on the environment, the same in upgrade and downgrade, from one on the database."""

from __future__ import annotations

import ast
import copy
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

_LONGEST: Final = 200
"""How long the text of a condition with all that it reads may be."""

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


def spelled_out(ev: Evaluator, node: ast.AST) -> str:
    """Returns a condition with what its function's variables read from the environment, "" if they do not.

    `mode == "full"` after `mode = os.environ.get("MODE")` asks the same in upgrade and downgrade, if both
    read the same variable; so it is known by what it reads.
    """
    if not isinstance(node, ast.expr):
        return ""
    spelled = _Spelled(ev).visit(copy.deepcopy(node))
    if not is_setting(ev, spelled):
        return ""
    text = ast.unparse(spelled)
    return text if len(text) <= _LONGEST else ""


class _Spelled(ast.NodeTransformer):
    """Puts what a local variable is assigned in the place of its name, if that is its only assignment."""

    def __init__(self, ev: Evaluator) -> None:
        self.ev = ev

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Returns the expression that the name stands for, or the name."""
        function = self.ev.frame.node
        if not isinstance(node.ctx, ast.Load) or not isinstance(function, ast.FunctionDef):
            return node
        given = function.args
        parameters = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
        if any(one is not None and one.arg == node.id for one in parameters):
            return node
        inner = [part for statement in function.body for part in ast.walk(statement)]
        stores = [
            part
            for part in inner
            if isinstance(part, ast.Name) and part.id == node.id and not isinstance(part.ctx, ast.Load)
        ]
        others = (ast.Global, ast.Nonlocal)
        if len(stores) != 1 or any(isinstance(one, others) and node.id in one.names for one in inner):
            return node
        for one in inner:
            if isinstance(one, ast.Assign) and one.targets == stores and is_setting(self.ev, one.value):
                return copy.deepcopy(one.value)
        return node


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
