"""Models that a migration's code takes from the application instead of from `apps.get_model`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from mrt_lint.ops.span import Span

if TYPE_CHECKING:
    from mrt_lint.source.source import Source

_MANAGERS: Final = ("objects", "_default_manager", "_base_manager")


def live_models(source: Source) -> Iterator[tuple[Span, Span, str]]:
    """Yields each model whose manager is used by its imported name, at the first use, with its statement.

    What is imported from a module `models` (or below a package of that name) and has a manager is a model.
    """
    if b"models" not in source.data or not any(name.encode() in source.data for name in _MANAGERS):
        return
    imported = _imported(source.ast)
    if not any(_used_model(node, imported) for node in ast.walk(source.ast)):
        return
    told: set[str] = set()
    for statement in ast.walk(source.ast) if imported else ():
        if not isinstance(statement, ast.stmt) or hasattr(statement, "body"):
            continue
        for node in ast.walk(statement):
            path = _used_model(node, imported)
            if path and path not in told:
                told.add(path)
                yield source.span(node), source.span(statement), path
    for head in ast.walk(source.ast) if imported else ():
        for node in _head(head):
            path = _used_model(node, imported)
            if path and path not in told:
                told.add(path)
                yield source.span(node), source.span(node), path


def _used_model(node: ast.AST, imported: dict[str, str]) -> str:
    """Returns the model whose manager a node is, "" for any other node."""
    is_manager = isinstance(node, ast.Attribute) and node.attr in _MANAGERS
    return _path(node.value, imported) if is_manager else ""  # type: ignore[attr-defined]


def _head(node: ast.AST) -> Iterator[ast.AST]:
    """Yields what stands in the head of a loop, a condition or a `with`."""
    parts: list[ast.AST] = []
    if isinstance(node, ast.For | ast.AsyncFor):
        parts = [node.iter]
    elif isinstance(node, ast.If | ast.While):
        parts = [node.test]
    elif isinstance(node, ast.With | ast.AsyncWith):
        parts = [item.context_expr for item in node.items]
    for part in parts:
        yield from ast.walk(part)


def _imported(tree: ast.Module) -> dict[str, str]:
    """Returns the qualified names of what is imported, by the name that the file has for it."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                found[alias.asname or alias.name] = f"{module}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                found[name] = alias.name if alias.asname else name
    return found


def _path(node: ast.expr, imported: dict[str, str]) -> str:
    """Returns the qualified name of a class in a module `models`, "" for anything else."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.insert(0, node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in imported:
        return ""
    path = ".".join([imported[node.id], *names])
    modules = path.split(".")[:-1]
    return path if "models" in modules and not path.startswith("django.db.") else ""
