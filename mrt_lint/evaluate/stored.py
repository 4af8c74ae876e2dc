"""Which names a piece of code binds or changes, seen from its syntax alone."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Final

from mrt_lint.evaluate.names import names

_INNER: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
MUTATORS: Final = names(
    "append extend insert remove pop clear sort reverse update setdefault popitem add discard "
    "difference_update intersection_update symmetric_difference_update"
)
"""Methods that change a list, dict or set in place."""


def stored_names(statements: Iterable[ast.AST], *, in_place: bool = True) -> set[str]:
    """Returns the names that these statements bind, delete or change in place.

    `in_place` False: without those whose value is only changed in place. The bodies of functions
    and classes are left out; `import *` stands as the name `*`.
    """
    found: set[str] = set()
    waiting: list[ast.AST] = list(statements)
    while waiting:
        node = waiting.pop()
        if isinstance(node, _INNER):
            found.add(node.name)
            continue
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                found.add(node.id)
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found.update((alias.asname or alias.name.partition(".")[0]) for alias in node.names)
            continue
        if isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            found.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            found.add(node.rest)
        elif not in_place:
            pass
        elif isinstance(node, (ast.Attribute, ast.Subscript)):
            if not isinstance(node.ctx, ast.Load):
                found.update(_base(node))
        elif (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATORS
        ):
            found.update(_base(node.func))
        waiting.extend(ast.iter_child_nodes(node))
    return found


def _base(node: ast.AST) -> tuple[str, ...]:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return (node.id,) if isinstance(node, ast.Name) else ()
