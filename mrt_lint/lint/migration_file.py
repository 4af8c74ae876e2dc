"""What custom checks get, the text of a migration and the calls in it, and what they answer."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from mrt_lint.classes import dataclass

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Call:
    """One method call. `kw`: keyword arguments, literals as values, anything else as syntax nodes.

    `in_batch`: it stands in a `with op.batch_alter_table(...)`; `node.lineno` is its line.
    """

    method: str
    node: ast.Call
    kw: Mapping[str, Any]
    in_batch: bool = False


@dataclass
class RiskWarning:
    """What a custom check says. `line`: from 1, None: where the revision is named.

    `severity`: "error", "warning" or "info". `code`: one of the check's own, such as "ACME001"; empty:
    that of its rule. Any object with these attributes is accepted for one.
    """

    revision: str
    file: str
    pattern: str
    message: str
    severity: str
    line: int | None = None
    code: str = ""


class MigrationFile:
    """One Alembic migration: `revision`, `filename` (without folders), `source`, and what is called in it.

    Calls are those of methods (`op.drop_column(...)`, `batch_op.drop_index(...)`) in the order of the
    code; functions defined inside upgrade or downgrade are not entered.
    """

    def __init__(self, revision: str, filename: str, source: str, tree: ast.Module) -> None:
        self.revision = revision
        self.filename = filename
        self.source = source
        self.tree = tree
        self._parse_error: Exception | None = None

    def upgrade_calls(self) -> list[Call]:
        """Returns the method calls in `upgrade`."""
        return list(self._calls("upgrade"))

    def downgrade_calls(self) -> list[Call]:
        """Returns the method calls in `downgrade`."""
        return list(self._calls("downgrade"))

    def upgrade_methods(self) -> set[str]:
        """Returns the names of the methods that `upgrade` calls."""
        return {call.method for call in self._calls("upgrade")}

    def downgrade_methods(self) -> set[str]:
        """Returns the names of the methods that `downgrade` calls."""
        return {call.method for call in self._calls("downgrade")}

    @staticmethod
    def str_arg(call: Call | ast.Call, index: int) -> str | None:
        """Returns a positional argument of a call (or of its node) if it is a plain string."""
        node = call.node if isinstance(call, Call) else call
        if not 0 <= index < len(node.args):
            return None
        argument = node.args[index]
        value = argument.value if isinstance(argument, ast.Constant) else None
        return value if isinstance(value, str) else None

    def _calls(self, name: str) -> Iterator[Call]:
        for statement in self.tree.body:
            if isinstance(statement, FunctionNode) and statement.name == name:
                yield from _inside(statement, False)
                return


def _inside(node: ast.AST, in_batch: bool) -> Iterator[Call]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, FunctionNode):
            continue
        if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute):
            yield Call(child.func.attr, child, _keywords(child), in_batch)
        in_body = isinstance(child, ast.stmt) and _opens_batch(node)
        yield from _inside(child, in_batch or in_body)


def _opens_batch(node: ast.AST) -> bool:
    if not isinstance(node, ast.With | ast.AsyncWith):
        return False
    opened = [item.context_expr for item in node.items]
    return any(
        isinstance(each, ast.Call)
        and isinstance(each.func, ast.Attribute)
        and each.func.attr == "batch_alter_table"
        for each in opened
    )


def _keywords(call: ast.Call) -> dict[str, Any]:
    return {keyword.arg: _literal(keyword.value) for keyword in call.keywords if keyword.arg is not None}


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return node
