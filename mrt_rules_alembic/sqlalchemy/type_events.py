"""Type classes of the project whose own code may add constraints to the tables that they are used in.

SQLAlchemy tells a type when its column gets a table: by `SchemaType` and its hooks, or by events
(`before_parent_attach`, `after_parent_attach`), whose listeners may make a CheckConstraint there. What they
make is not followed.
"""

from __future__ import annotations

import ast
from typing import Final

from mrt_lint.evaluate.values import Class, Symbol, Value

_BASES: Final = frozenset({"SchemaType", "SchemaEventTarget"})
_HOOKS: Final = frozenset({"_set_parent", "_set_parent_with_dispatch", "_set_table"})
_LISTENING: Final = frozenset({"listens_for", "listen"})


def makes_constraints(cls: Class) -> bool:
    """Returns whether a type class, or one it inherits from, may make constraints."""
    return (
        not _HOOKS.isdisjoint(cls.attributes)
        or any(_is_told(base) for base in cls.bases)
        or _is_listened_to(cls)
    )


def _is_told(base: Value) -> bool:
    if isinstance(base, Symbol):
        module, _, name = base.path.rpartition(".")
        return name in _BASES and module.partition(".")[0] == "sqlalchemy"
    return isinstance(base, Class) and makes_constraints(base)


def _is_listened_to(cls: Class) -> bool:
    """Returns whether the class's module names it where it listens to events."""
    source = cls.module.source
    if b"listen" not in source.data:
        return False
    return any(
        isinstance(node, ast.Call)
        and _last(node.func) in _LISTENING
        and bool(node.args)
        and _last(node.args[0]) == cls.name
        for node in ast.walk(source.ast)
    )


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
