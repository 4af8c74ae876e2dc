"""Conditions and constants in a migration's Python: expressions, comparisons, mappings, SQL texts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from mrt_dynamic.seeding.conditions import UNREAD, Const, Node, Op, Ref, columns_of, walk
from mrt_dynamic.seeding.found import Found
from mrt_dynamic.seeding.mining_sql import mined_sql
from mrt_lint.schema.state import State

_COMPARE: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "=",
    ast.NotEq: "<>",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.Is: "is",
}
_METHODS: Final = {
    "like": "like",
    "ilike": "ilike",
    "is_": "is",
    "in_": "in",
    "between": "between",
    "regexp_match": "regex",
}
_NEGATED: Final = {
    "not_in": "in",
    "notin_": "in",
    "is_not": "is",
    "isnot": "is",
    "not_like": "like",
    "notlike": "like",
}
_JOINING: Final = {"and_": "and", "or_": "or"}
_SQL_WORDS: Final = ("UPDATE", "DELETE", "SELECT", "INSERT", "MERGE", "WITH", "REPLACE")
_MOST: Final = 60
"""Constants that are taken from one mapping."""


def found_in_python(source: str, state: State) -> Iterator[tuple[Found, str]]:
    """Yields what the code looks for, and in which function ("upgrade", "downgrade", "")."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    tables = _tables(tree)
    for part in tree.body:
        direction = (
            part.name if isinstance(part, ast.FunctionDef) and part.name in ("upgrade", "downgrade") else ""
        )
        for found in _Miner(tables, state).mine(part):
            yield found, direction


def _tables(tree: ast.Module) -> dict[str, str]:
    """Returns what variables and classes stand for which table."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            function = node.value.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if name in ("table", "Table") and node.value.args:
                first = node.value.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.update(
                        {target.id: first.value for target in node.targets if isinstance(target, ast.Name)}
                    )
        if isinstance(node, ast.ClassDef):
            for line in node.body:
                if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant):
                    names = [target.id for target in line.targets if isinstance(target, ast.Name)]
                    if "__tablename__" in names and isinstance(line.value.value, str):
                        found[node.name] = line.value.value
    return found


class _Miner:
    def __init__(self, tables: dict[str, str], state: State) -> None:
        self.tables = tables
        self.state = state

    def mine(self, tree: ast.AST) -> Iterator[Found]:
        """Yields everything below a statement; a condition as a whole, not also its parts."""
        pending: list[ast.AST] = [tree]
        while pending:
            node = pending.pop()
            condition = self.condition(node) if isinstance(node, ast.expr) else None
            if condition is not None:
                yield from self.placed(condition)
                continue
            yield from self._constants(node)
            pending += list(ast.iter_child_nodes(node))[::-1]

    def placed(self, node: Node) -> Iterator[Found]:
        """Yields a condition with the table of its columns, if they are all of one."""
        qualifiers = {part.table for part in walk(node) if isinstance(part, Ref)}
        if len(qualifiers) == 1 and columns_of(node):
            yield Found(qualifiers.pop(), node)

    def _constants(self, node: ast.AST) -> Iterator[Found]:
        """Yields constants that may be values of a column: of a mapping, of parameters, in SQL."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value.lstrip("( \n\t").upper().startswith(_SQL_WORDS) and " " in node.value.strip():
                yield from mined_sql(node.value, self.state)
        elif isinstance(node, ast.Call):
            yield from self._called(node)
        elif isinstance(node, ast.Dict):
            yield from self._mapped(node)

    def _called(self, node: ast.Call) -> Iterator[Found]:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        parts: list[Node] = []
        if name in ("where", "filter"):
            parts = [found for arg in node.args if (found := self.condition(arg)) is not None]
        elif name == "filter_by":
            parts = [
                Op("=", (Ref(self.state.fold(keyword.arg)), Const(keyword.value.value)))
                for keyword in node.keywords
                if keyword.arg and isinstance(keyword.value, ast.Constant)
            ]
        elif name == "values":
            yield from self._written(node)
        if len(parts) > 1:
            yield from self.placed(Op("and", tuple(parts)))
        elif name == "filter_by" and parts:
            yield from self.placed(parts[0])

    def _written(self, node: ast.Call) -> Iterator[Found]:
        """Yields the constants of `.update().values(name="x")`; what `.insert()` writes is new anyway."""
        if any(
            (isinstance(part, ast.Attribute) and part.attr == "insert")
            or (isinstance(part, ast.Name) and part.id == "insert")
            for part in ast.walk(node.func)
        ):
            return
        for keyword in node.keywords:
            if keyword.arg and isinstance(keyword.value, ast.Constant) and keyword.value.value is not None:
                yield Found("", UNREAD, self.state.fold(keyword.arg), keyword.value.value)

    def _mapped(self, node: ast.Dict) -> Iterator[Found]:
        """Yields the keys and values of a mapping of constants as values of every column that takes them.

        Which column is meant is not known: those of tables and columns that the file names.
        """
        pairs = zip(node.keys, node.values, strict=True)
        named = [
            (self.state.fold(key.value), value.value)
            for key, value in pairs
            if isinstance(key, ast.Constant)
            and isinstance(key.value, str)
            and isinstance(value, ast.Constant)
        ]
        if any(name in table.columns for name, _ in named for table in self.state.tables()):
            # The parameters of a statement, or a row.
            yield from (Found("", UNREAD, name, value) for name, value in named if value is not None)
            return
        keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
        values = [value.value for value in node.values if isinstance(value, ast.Constant)]
        if len(keys) != len(node.keys) or len(values) != len(node.values) or not keys:
            return
        for value in list(dict.fromkeys([*keys, *values]))[:_MOST]:
            if isinstance(value, str | int) and not isinstance(value, bool):
                yield Found("", UNREAD, "*", value)

    # -- expressions ---------------------------------------------------------------------------

    def condition(self, node: ast.expr) -> Node | None:
        """Returns an expression as a condition with at least one column and one constant, else None."""
        found = self._node(node)
        if not isinstance(found, Op) or UNREAD in walk(found) or not columns_of(found):
            return None
        return found if any(isinstance(part, Const) for part in walk(found)) else None

    def _node(self, node: ast.expr) -> Node:
        if isinstance(node, ast.Compare):
            return self._compare(node)
        if isinstance(node, ast.BoolOp):
            return Op("and" if isinstance(node.op, ast.And) else "or", tuple(map(self._node, node.values)))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr):
            name = "and" if isinstance(node.op, ast.BitAnd) else "or"
            return Op(name, (self._node(node.left), self._node(node.right)))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert):
            return Op("not", (self._node(node.operand),))
        if isinstance(node, ast.Call):
            return self._call(node)
        return self._operand(node)

    def _compare(self, node: ast.Compare) -> Node:
        operands = [node.left, *node.comparators]
        parts = []
        for left, sign, right in zip(operands, node.ops, operands[1:], strict=False):
            negated = isinstance(sign, ast.NotIn | ast.IsNot)
            name = {ast.NotIn: "in", ast.IsNot: "is"}.get(type(sign)) or _COMPARE.get(type(sign))
            if name is None:
                return UNREAD
            args: tuple[Node, ...] = (self._operand(left), self._operand(right))
            if name == "in":
                args = (args[0], *self._items(right))
            elif isinstance(args[1], Const) and args[1].value is None and name in ("=", "<>"):
                negated, name = name == "<>", "is"
            part: Node = Op(name, args)
            parts.append(Op("not", (part,)) if negated else part)
        return parts[0] if len(parts) == 1 else Op("and", tuple(parts))

    def _items(self, node: ast.expr) -> tuple[Node, ...]:
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return tuple(map(self._operand, node.elts))
        return (UNREAD,)

    def _call(self, node: ast.Call) -> Node:
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name in _JOINING:
            return Op(_JOINING[name], tuple(map(self._node, node.args)))
        if name == "not_" and len(node.args) == 1:
            return Op("not", (self._node(node.args[0]),))
        if not isinstance(function, ast.Attribute):
            return UNREAD
        if isinstance(function.value, ast.Attribute | ast.Name) and _last(function.value) == "func":
            return Op(name, tuple(map(self._operand, node.args)))
        subject = self._operand(function.value)
        if not isinstance(subject, Ref | Op) or subject == UNREAD or not node.args:
            return UNREAD
        if name in _METHODS or name in _NEGATED:
            operator = _METHODS.get(name) or _NEGATED[name]
            args = self._items(node.args[0]) if operator == "in" else tuple(map(self._operand, node.args))
            part = Op(operator, (subject, *args))
            return Op("not", (part,)) if name in _NEGATED else part
        if name in ("startswith", "endswith", "contains"):
            constant = self._operand(node.args[0])
            if isinstance(constant, Const) and isinstance(constant.value, str):
                before = "" if name == "startswith" else "%"
                after = "" if name == "endswith" else "%"
                return Op("like", (subject, Const(f"{before}{constant.value}{after}")))
        return UNREAD

    def _operand(self, node: ast.expr) -> Node:
        if isinstance(node, ast.Constant):
            value: Any = node.value
            return Const(Decimal(str(value)) if isinstance(value, float) else value)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            inner = self._operand(node.operand)
            if isinstance(inner, Const) and isinstance(inner.value, int | Decimal):
                return Const(-inner.value)
        if isinstance(node, ast.Attribute):
            return self._column(node.attr, node.value)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            key = node.slice.value
            return self._column(key, node.value) if isinstance(key, str) else UNREAD
        if isinstance(node, ast.Call):
            name = _last(node.func)
            if name in ("text", "literal_column", "column", "literal") and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and name in ("column", "literal_column"):
                    return Ref(self.state.fold(str(first.value)))
                return self._operand(first) if name == "literal" else UNREAD
            if name in ("null", "true", "false"):
                return Const({"null": None, "true": True, "false": False}[name])
            return self._call(node)
        return UNREAD

    def _column(self, name: str, owner: ast.expr) -> Node:
        """Returns a column; its table if the owner (`users`, `users.c`, `User`) is known to stand for one."""
        if isinstance(owner, ast.Attribute) and owner.attr in ("c", "columns"):
            owner = owner.value
        known = self.tables.get(owner.id, "") if isinstance(owner, ast.Name) else ""
        return Ref(self.state.fold(name), known)


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
