"""Concrete syntax trees for rules on CST nodes: walking, places, names; all without libcst metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import field, fields
from functools import cached_property
from typing import Any

import libcst
from libcst._nodes.internal import CodegenState

from mrt_lint.classes import dataclass
from mrt_lint.errors import SourceError
from mrt_lint.ops.span import NOWHERE, Span

_LINE_END = re.compile(r"\r\n?|\n")
_child_fields: dict[type, tuple[str, ...]] = {}


def walk(tree: libcst.CSTNode) -> Iterator[libcst.CSTNode]:
    """Yields the node and every node below it, a parent before its children, in field order."""
    waiting: list[libcst.CSTNode] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def children(node: libcst.CSTNode) -> list[libcst.CSTNode]:
    """Returns the nodes directly below this one."""
    kind = type(node)
    names = _child_fields.get(kind)
    if names is None:
        names = _child_fields[kind] = tuple(one.name for one in fields(kind))
    found: list[libcst.CSTNode] = []
    for name in names:
        value = getattr(node, name)
        if isinstance(value, libcst.CSTNode):
            found.append(value)
        elif isinstance(value, (list, tuple)):
            found.extend(item for item in value if isinstance(item, libcst.CSTNode))
    return found


@dataclass(slots=True)
class _Scope:
    """Names bound in a module, class or function: to a qualified name, or to "" for anything else."""

    parent: _Scope | None = None
    is_class: bool = False
    names: dict[str, str] = field(default_factory=dict)

    def bind(self, name: str, path: str) -> None:
        known = self.names.get(name)
        self.names[name] = path if known is None or known == path else ""


class CstIndex:
    """Where the nodes of one tree stand, and what its names mean; both computed once, on demand."""

    def __init__(self, tree: libcst.Module) -> None:
        self.tree = tree

    def span(self, node: libcst.CSTNode) -> Span:
        """Returns where a node stands, without the blanks and comments around it."""
        return self._spans.get(node, NOWHERE)

    def resolve(self, node: libcst.CSTNode) -> str:
        """Returns the qualified name that a name, attribute or callee means; "" when it has none.

        `op.drop_column` under `from alembic import op` gives `alembic.op.drop_column`. Names that are
        bound to something else anywhere in their scope give "". Unbound names are taken for builtins.
        """
        if isinstance(node, libcst.Call):
            return self.resolve(node.func)
        scope = self._scopes.get(node)
        return "" if scope is None else _resolved(node, scope)

    @cached_property
    def _spans(self) -> dict[libcst.CSTNode, Span]:
        recorder = _Recorder(self.tree.default_indent, self.tree.default_newline)
        try:
            self.tree._codegen(recorder)
        except RecursionError:
            raise SourceError("is nested too deeply for rules on syntax trees") from None
        return recorder.spans

    @cached_property
    def _scopes(self) -> dict[libcst.CSTNode, _Scope]:
        scopes: dict[libcst.CSTNode, _Scope] = {}
        top = _Scope()
        order: list[tuple[libcst.CSTNode, _Scope]] = []
        waiting: list[tuple[libcst.CSTNode, _Scope]] = [(self.tree, top)]
        while waiting:
            node, scope = waiting.pop()
            scopes[node] = scope
            order.append((node, scope))
            inner = scope
            if isinstance(node, (libcst.FunctionDef, libcst.ClassDef)):
                scope.bind(node.name.value, "")
                inner = _Scope(scope, isinstance(node, libcst.ClassDef))
            elif isinstance(
                node, (libcst.Lambda, libcst.GeneratorExp, libcst.ListComp, libcst.SetComp, libcst.DictComp)
            ):
                inner = _Scope(scope)
            outer = _evaluated_outside(node)
            waiting.extend((child, scope if child in outer else inner) for child in reversed(children(node)))
        aliases: list[tuple[_Scope, str, libcst.BaseExpression]] = []
        for node, scope in order:
            _bind(node, scope, aliases)
        for scope, name, value in aliases:
            scope.bind(name, _resolved(value, scope))
        return scopes


def _evaluated_outside(node: libcst.CSTNode) -> tuple[libcst.CSTNode, ...]:
    """Returns the parts of a function or class that are evaluated in the scope around it."""
    if isinstance(node, libcst.FunctionDef):
        return tuple(node.decorators)
    if isinstance(node, libcst.ClassDef):
        return (*node.decorators, *node.bases, *node.keywords)
    return ()


def _bind(
    node: libcst.CSTNode, scope: _Scope, aliases: list[tuple[_Scope, str, libcst.BaseExpression]]
) -> None:
    if isinstance(node, libcst.Import):
        for alias in node.names:
            path = _dotted(alias.name)
            if alias.asname is not None:
                scope.bind(_dotted(alias.asname.name), path)
            else:
                first = path.partition(".")[0]
                scope.bind(first, first)
    elif isinstance(node, libcst.ImportFrom) and not isinstance(node.names, libcst.ImportStar):
        module = "." * len(node.relative) + (_dotted(node.module) if node.module is not None else "")
        joint = "" if module.endswith(".") or not module else "."
        for alias in node.names:
            name = _dotted(alias.asname.name) if alias.asname is not None else _dotted(alias.name)
            scope.bind(name, f"{module}{joint}{_dotted(alias.name)}")
    elif isinstance(node, libcst.Assign):
        for target in node.targets:
            if isinstance(target.target, libcst.Name):
                aliases.append((scope, target.target.value, node.value))
            else:
                _bind_target(target.target, scope)
    elif isinstance(node, _TARGETED):
        _bind_target(node.target, scope)
    elif isinstance(node, (libcst.WithItem, libcst.ExceptHandler)):
        bound = node.asname if isinstance(node, libcst.WithItem) else node.name
        if bound is not None:
            _bind_target(bound.name, scope)
    elif isinstance(node, libcst.Param):
        scope.bind(node.name.value, "")


_TARGETED = (libcst.AnnAssign, libcst.AugAssign, libcst.NamedExpr, libcst.For, libcst.CompFor)


def _bind_target(target: libcst.CSTNode, scope: _Scope) -> None:
    if isinstance(target, libcst.Name):
        scope.bind(target.value, "")
    elif isinstance(target, (libcst.Tuple, libcst.List)):
        for element in target.elements:
            _bind_target(element.value, scope)


def _resolved(node: libcst.CSTNode, scope: _Scope) -> str:
    trail: list[str] = []
    while isinstance(node, libcst.Attribute):
        trail.append(node.attr.value)
        node = node.value
    if not isinstance(node, libcst.Name):
        return ""
    path = _lookup(node.value, scope)
    return ".".join((path, *reversed(trail))) if path else ""


def _lookup(name: str, scope: _Scope) -> str:
    here: _Scope | None = scope
    while here is not None:
        if name in here.names and (here is scope or not here.is_class):
            return here.names[name]
        here = here.parent
    import builtins

    return f"builtins.{name}" if hasattr(builtins, name) else ""


def _dotted(node: libcst.CSTNode) -> str:
    if isinstance(node, libcst.Attribute):
        return f"{_dotted(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, libcst.Name) else ""


class _Recorder(CodegenState):
    """Generates the code and notes where each node begins and ends."""

    __slots__ = ("_starts", "column", "line", "spans")

    def __init__(self, default_indent: str, default_newline: str) -> None:
        super().__init__(default_indent, default_newline, tokens=[""])
        self.line = 1
        self.column = 1
        self.spans: dict[libcst.CSTNode, Span] = {}
        self._starts: list[tuple[int, int]] = []

    def add_indent_tokens(self) -> None:
        self.column += sum(map(len, self.indent_tokens))

    def add_token(self, value: str) -> None:
        pieces = _LINE_END.split(value)
        if len(pieces) == 1:
            self.column += len(value)
        else:
            self.line += len(pieces) - 1
            self.column = len(pieces[-1]) + 1

    def pop_trailing_newline(self) -> None:
        """Nothing to take back: no text is kept."""

    def before_codegen(self, node: libcst.CSTNode) -> None:
        self._starts.append((self.line, self.column))

    def after_codegen(self, node: libcst.CSTNode) -> None:
        line, column = self._starts.pop()
        if node not in self.spans:
            self.spans[node] = Span(line, column, self.line, self.column)

    @contextmanager
    def record_syntactic_position(
        self, node: Any, *, start_node: Any = None, end_node: Any = None
    ) -> Iterator[None]:
        line, column = self.line, self.column
        yield
        end_line, end_column = self.line, self.column
        if start_node is not None:
            line, column = self.spans[start_node].line, self.spans[start_node].column
        if end_node is not None:
            end_line, end_column = self.spans[end_node].end_line, self.spans[end_node].end_column
        self.spans[node] = Span(line, column, end_line, end_column)
