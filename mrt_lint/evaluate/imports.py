"""Import statements."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mrt_lint.evaluate.modules import Deferred, Module
from mrt_lint.evaluate.values import NotKnown, Symbol, Value

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator


def import_modules(ev: Evaluator, node: ast.Import) -> None:
    """Carries out `import a.b.c` and `import a.b as x`."""
    for alias in node.names:
        if alias.asname is not None:
            ev.bind(alias.asname, Symbol(alias.name))
        else:
            top = alias.name.partition(".")[0]
            ev.bind(top, Symbol(top))


def import_names(ev: Evaluator, node: ast.ImportFrom) -> None:
    """Carries out `from a.b import c as d`, relative imports and `import *` too."""
    for alias in node.names:
        if alias.name == "*":
            ev.scope.module.scope.stars.append(_star(ev, node))
        else:
            ev.bind(alias.asname or alias.name, _imported(ev, node, alias.name))


def _imported(ev: Evaluator, node: ast.ImportFrom, name: str) -> Value:
    if not node.level:
        return Symbol(f"{node.module}.{name}")
    found = ev.modules.relative(ev.scope.module, node.level, node.module)
    if found is None:
        spelled = "." * node.level + (node.module or "")
        return NotKnown(f"`{name}` comes from {spelled}, which is not found", node.lineno, "code")
    return Deferred(*found, name)


def _star(ev: Evaluator, node: ast.ImportFrom) -> Value:
    if node.level:
        found = ev.modules.relative(ev.scope.module, node.level, node.module)
        module = ev.modules.load(*found) if found is not None else None
        return module if module is not None else Symbol("." * node.level + (node.module or ""))
    value = ev.modules.resolve(node.module or "")
    return value if isinstance(value, (Module, Symbol)) else Symbol(node.module or "")
