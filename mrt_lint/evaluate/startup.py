"""What an application sets when it starts: empty at import, filled in by the time that migrations run.

`factory = Factory()` in a module of the application holds `self.adapter = None` until `init_app` is called,
and who runs migrations has called it: env.py makes the application first.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from mrt_lint.evaluate.objects import Instance
from mrt_lint.evaluate.values import Class, NotKnown, Value

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator
    from mrt_lint.evaluate.modules import Module

_MAKING = ("__init__", "__new__", "__post_init__", "__init_subclass__")

_set_later: WeakKeyDictionary[ast.ClassDef, frozenset[str]] = WeakKeyDictionary()


def set_at_start(ev: Evaluator, owner: Instance | Class, name: str, value: Value) -> NotKnown | None:
    """Returns what stands for an attribute that holds nothing but until the application is started.

    None where the value counts: in the migration's own objects, and while modules are imported.
    """
    if ev.importing or (value is not None and value is not False):
        return None
    cls = owner.cls if isinstance(owner, Instance) else owner
    of_application = owner.imported if isinstance(owner, Instance) else not cls.module.main
    if not of_application or not any(name in _assigned_by_methods(each) for each in _with_bases(cls)):
        return None
    return NotKnown(f"{cls.name}.{name} is set when the application starts", reach="code")


def global_set_at_start(ev: Evaluator, module: Module, name: str, value: Value) -> NotKnown | None:
    """Returns the same for a name of a module that one of its functions binds (`global engine`)."""
    if ev.importing or module.main or (value is not None and value is not False):
        return None
    if name not in _bound_by_functions(module):
        return None
    return NotKnown(f"{module.name}.{name} is set when the application starts", reach="code")


def _with_bases(cls: Class, depth: int = 10) -> Iterator[Class]:
    yield cls
    for base in cls.bases:
        if isinstance(base, Class) and depth:
            yield from _with_bases(base, depth - 1)


def _assigned_by_methods(cls: Class) -> frozenset[str]:
    """Returns the attributes that methods other than those that make an object assign to it or its class."""
    known = _set_later.get(cls.node)
    if known is None:
        found: set[str] = set()
        for method in cls.node.body:
            if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) and method.name not in _MAKING:
                own = [*method.args.posonlyargs, *method.args.args][:1]
                found |= {
                    node.attr
                    for node in ast.walk(method)
                    if isinstance(node, ast.Attribute)
                    and isinstance(node.ctx, ast.Store)
                    and isinstance(node.value, ast.Name)
                    and own
                    and node.value.id == own[0].arg
                }
        known = _set_later[cls.node] = frozenset(found)
    return known


def _bound_by_functions(module: Module) -> frozenset[str]:
    if module.bound_later is None:
        functions = [
            node
            for node in ast.walk(module.source.ast)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        names = {
            name
            for function in functions
            for node in ast.walk(function)
            if isinstance(node, ast.Global)
            for name in node.names
        }
        module.bound_later = frozenset(names)
    return module.bound_later
