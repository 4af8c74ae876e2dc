"""Recognises questions about the schema that SQL asks of the catalogs: is there a table, a column, a type?"""

from __future__ import annotations

from typing import Final

from sqlglot import exp

from mrt_lint.ops.guard import Exists
from mrt_lint.schema.names import Name
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.holes import has_hole
from mrt_lint.sql.tokens import TokenReader

_NAMED: Final[dict[str, dict[str, str]]] = {
    "pg_type": {"typname": "name"},
    "pg_class": {},
    "tables": {"table_name": "name", "table_schema": "schema"},
    "pg_tables": {"tablename": "name", "schemaname": "schema"},
    "columns": {"table_name": "name", "table_schema": "schema", "column_name": "part"},
    "pg_indexes": {"tablename": "name", "schemaname": "schema", "indexname": "part"},
    "table_constraints": {"table_name": "name", "table_schema": "schema", "constraint_name": "part"},
    "views": {"table_name": "name", "table_schema": "schema"},
    "pg_views": {"viewname": "name", "schemaname": "schema"},
    "pg_constraint": {"conname": "part", "conrelid": "name"},
}
"""Which column of a catalog holds which part of an Exists."""

_KINDS: Final = {
    "pg_type": "type",
    "tables": "table",
    "pg_tables": "table",
    "columns": "column",
    "pg_indexes": "index",
    "table_constraints": "constraint",
    "views": "view",
    "pg_views": "view",
    "pg_constraint": "constraint",
}
_WITH_PART: Final = frozenset({"column", "index", "constraint"})


def recognised(reader: TokenReader) -> Exists | None:
    """Moves to the end; returns what EXISTS (...) or to_regclass(..) IS NOT NULL asks, None if not sure."""
    rest = reader.rest()
    if not rest.items:
        return None
    try:
        tree = rest.expression("the condition")
    except NotUnderstoodError:
        return None
    while isinstance(tree, exp.Paren):
        tree = tree.this
    if isinstance(tree, exp.Exists):
        return _from_query(tree.this)
    if isinstance(tree, exp.Is) and isinstance(tree.expression, exp.Null) and tree.args.get("negate"):
        return _from_regclass(tree.this)
    return None


def _from_regclass(call: object) -> Exists | None:
    if not isinstance(call, exp.Anonymous) or str(call.this).lower() != "to_regclass" or not call.expressions:
        return None
    text = _string(call.expressions[0])
    return Exists("table", _dotted(text)) if text else None


def _from_query(query: object) -> Exists | None:
    """Reads SELECT .. FROM <catalog> WHERE <column> = '<name>' AND ...; any other condition: not sure."""
    while isinstance(query, exp.Subquery):
        query = query.this
    if not isinstance(query, exp.Select) or query.args.get("joins") or query.args.get("group"):
        return None
    source, where = query.args.get("from_"), query.args.get("where")
    if source is None or where is None or not isinstance(source.this, exp.Table):
        return None
    catalog = source.this.name.lower()
    kind = _KINDS.get(catalog)
    if kind is None or source.this.db.lower() not in ("", "pg_catalog", "information_schema"):
        return None
    found: dict[str, str] = {}
    for condition in where.this.flatten() if isinstance(where.this, exp.And) else [where.this]:
        if not _note(condition, _NAMED[catalog], found):
            return None
    name, part = found.get("name"), found.get("part")
    if not name or (kind in _WITH_PART) != bool(part):
        return None
    schema = found.get("schema")
    table = _dotted(name)
    return Exists(kind, Name(table.name, schema or table.schema), part)  # type: ignore[arg-type]


def _note(condition: exp.Expr, columns: dict[str, str], found: dict[str, str]) -> bool:
    """Notes one `column = 'value'`; returns whether it was one that is known."""
    while isinstance(condition, exp.Paren):
        condition = condition.this
    if not isinstance(condition, exp.EQ) or not isinstance(condition.this, exp.Column):
        return False
    role = columns.get(condition.this.name.lower())
    if role is None or role in found:
        return False
    if role == "schema" and isinstance(condition.expression, (exp.Anonymous, exp.CurrentSchema, exp.Column)):
        return condition.expression.name.lower() in ("current_schema", "")
    text = _string(condition.expression)
    if not text:
        return False
    found[role] = text
    return True


def _string(node: object) -> str:
    while isinstance(node, (exp.Cast, exp.Paren)):
        node = node.this
    text = str(node.this) if isinstance(node, exp.Literal) and node.is_string else ""
    return "" if has_hole(text) else text


def _dotted(text: str) -> Name:
    schema, _, name = text.rpartition(".")
    return Name(name.strip('"'), schema.strip('"') or None)
