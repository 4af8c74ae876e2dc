"""What env.py hands to the functions of every migration: `context.run_migrations(tables=metadata.tables)`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from mrt_lint.evaluate.journal import UNSET

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator
    from mrt_lint.evaluate.modules import Module
    from mrt_lint.evaluate.values import Value

_HANDED: Final = "__handed_{}"
"""The name under which env.py, as it is read here, holds what it hands over."""


def handed(evaluator: Evaluator, name: str) -> Value:
    """Returns what env.py gives to the parameter of that name, UNSET where that is not one known expression.

    Alembic passes the keywords of `run_migrations` on to `upgrade` and `downgrade` as they are
    (`MigrationContext.run_migrations`). Only names of env.py's top level are followed, not what its functions
    bind; where several calls hand over different things, nothing is known.
    """
    module = evaluator.modules.load(evaluator.project.root.absolute() / "env", "env")
    if module is None:
        return UNSET
    bound = _HANDED.format(name)
    if bound in module.scope.names:
        return module.scope.names[bound]
    value: Value = UNSET
    expression = _expression(module, name)
    if expression is not None:
        target = ast.copy_location(ast.Name(bound, ast.Store()), expression)
        statement = ast.copy_location(ast.Assign([target], expression), expression)
        evaluator.run_at_module_level(statement, module)
        value = module.scope.names.get(bound, UNSET)
    module.scope.names[bound] = value
    return value


def _expression(module: Module, name: str) -> ast.expr | None:
    """Returns the expression that every call of `run_migrations` has for the keyword, None if they differ."""
    found: dict[str, ast.expr] = {}
    tree = module.source.ast
    rebound = {one for node in ast.walk(tree) if isinstance(node, ast.Global) for one in node.names}
    for function, call in _calls(tree):
        given = next((one.value for one in call.keywords if one.arg == name), None)
        if given is None or _names(given) & (rebound | _bound_in(function)):
            return None
        found[ast.dump(given)] = given
    return next(iter(found.values())) if len(found) == 1 else None


def _calls(tree: ast.Module) -> list[tuple[ast.AST, ast.Call]]:
    """Returns the calls of `context.run_migrations(...)`, each with the top-level statement it is in."""
    return [
        (statement, node)
        for statement in tree.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "run_migrations"
    ]


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _bound_in(statement: ast.AST) -> set[str]:
    """Returns the names that a function, or any within it, binds as its own."""
    if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return set()
    bound: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            bound.add(node.id)
        elif (
            isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node is not statement
        ):
            bound.add(node.name)
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
    return bound
