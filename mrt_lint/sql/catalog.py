"""Recognises questions about the schema that SQL asks of the catalogs: is there a table, a column, a type?"""

from __future__ import annotations

from typing import Final, Literal

from sqlglot import exp

from mrt_lint.classes import dataclass
from mrt_lint.ops.guard import Exists, Guard, Test, Undecided, both, either, negate
from mrt_lint.schema.dialects import MYSQL, Dialect
from mrt_lint.schema.names import Name
from mrt_lint.sql.counting import any_rows
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.holes import has_hole
from mrt_lint.sql.parsing import parse_query, tokenize
from mrt_lint.sql.tokens import TokenReader, items

Kind = Literal["table", "column", "index", "constraint", "type", "view"]

_NAMED: Final[dict[str, dict[str, str]]] = {
    "pg_type": {"typname": "name"},
    "pg_class": {"relname": "name"},
    "tables": {"table_name": "name", "table_schema": "schema"},
    "pg_tables": {"tablename": "name", "schemaname": "schema"},
    "columns": {"table_name": "name", "table_schema": "schema", "column_name": "part"},
    "pg_indexes": {"tablename": "name", "schemaname": "schema", "indexname": "part"},
    "statistics": {"table_name": "name", "table_schema": "schema", "index_name": "part"},
    "table_constraints": {"table_name": "name", "table_schema": "schema", "constraint_name": "part"},
    "views": {"table_name": "name", "table_schema": "schema"},
    "pg_views": {"viewname": "name", "schemaname": "schema"},
    "pg_constraint": {"conname": "part", "conrelid": "name"},
    "sqlite_master": {"name": "name", "tbl_name": "table"},
    "sqlite_schema": {"name": "name", "tbl_name": "table"},
}
"""Which column of a catalog holds which part of an Exists."""

_KINDS: Final[dict[str, Kind]] = {
    "pg_type": "type",
    "tables": "table",
    "pg_tables": "table",
    "columns": "column",
    "pg_indexes": "index",
    "statistics": "index",
    "table_constraints": "constraint",
    "views": "view",
    "pg_views": "view",
    "pg_constraint": "constraint",
}
_SUBKINDS: Final[dict[tuple[str, str], Kind]] = {
    ("relkind", "r"): "table",
    ("relkind", "v"): "view",
    ("relkind", "i"): "index",
    ("type", "table"): "table",
    ("type", "view"): "view",
    ("type", "index"): "index",
}
"""What a column that tells kinds apart says in pg_class and sqlite_master."""

_SAYING_NOTHING: Final = frozenset(
    {"table_catalog", "constraint_catalog", "index_schema", "constraint_type", "contype", "table_type"}
)
"""Columns whose test leaves the answer alone: names are unique within a table, whatever their kind."""

_WITH_PART: Final = frozenset({"column", "index", "constraint"})
_CURRENT: Final = frozenset({"current_schema", "database", "schema", "current_database"})


@dataclass(frozen=True, slots=True)
class Question:
    """A query of the catalogs. `predicate`: what it asks for.

    `shape`: it gives rows if that exists ("rows"), whether it does ("truth"), how many there are
    ("count"), or its name or NULL ("name"). `value`: the first column of such a row, where it is known.
    """

    predicate: Exists
    shape: Literal["rows", "truth", "count", "name"]
    value: str | int | None = None


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A query that lists the columns of a table, or the tables; `name`: where a row holds the name."""

    kind: Kind
    table: Name | None
    name: tuple[int, str]


def question(text: str, dialect: Dialect) -> Question | Enumeration | None:
    """Returns what a whole text asks of the catalogs, None if it is anything else; never raises."""
    try:
        tokens = tokenize(text, dialect)
        reader = TokenReader(items(tokens), dialect, text)
        if reader.take("PRAGMA"):
            return _pragma(reader)
        if reader.take("SHOW"):
            return _show(reader)
        tree = parse_query(tokens, dialect) if reader.at("SELECT") else None
    except NotUnderstoodError:
        return None
    if not isinstance(tree, exp.Select):
        return None
    if len(tree.expressions) == 1 and tree.args.get("from_") is None:
        return _single(tree.expressions[0].unalias(), dialect)
    return _enumerated(tree, dialect) or _of_rows(tree, dialect)


def _pragma(reader: TokenReader) -> Enumeration | None:
    if not reader.take("TABLE_INFO", "TABLE_XINFO"):
        return None
    inside = reader.parens() if reader.at("(") else reader.rest()
    inside.take("=")
    item = inside.next()
    reader.take(";")
    known = inside.done and reader.done and not has_hole(item.text)
    return Enumeration("column", Name(item.text), (1, "name")) if known else None


def _show(reader: TokenReader) -> Question | None:
    """Reads MySQL's SHOW TABLES LIKE, SHOW COLUMNS FROM t LIKE, SHOW INDEX FROM t WHERE Key_name = ..."""
    if reader.take("TABLES LIKE"):
        text, found = reader.string(), None
        kind: Kind = "table"
    elif reader.take("COLUMNS FROM", "COLUMNS IN", "FIELDS FROM"):
        found, kind = reader.name(), "column"
        text = reader.string() if reader.take("LIKE", "WHERE FIELD =") else ""
    elif reader.take("INDEX FROM", "INDEXES FROM", "KEYS FROM"):
        found, kind = reader.name(), "index"
        text = reader.string() if reader.take("WHERE KEY_NAME =") else ""
    else:
        return None
    reader.take(";")
    if not text or not reader.done or "%" in text or has_hole(text) or (found and has_hole(found.name)):
        return None
    return Question(Exists(kind, found or Name(text), text if found else None), "rows")


def _single(node: exp.Expr, dialect: Dialect) -> Question | None:
    """Returns what `SELECT EXISTS (..)` or `SELECT to_regclass(..)` asks."""
    while isinstance(node, (exp.Paren, exp.Cast)):
        node = node.this
    if isinstance(node, exp.Exists):
        found = _from_query(node.this, dialect)
        return None if found is None else Question(found, "truth")
    if isinstance(node, exp.Anonymous) and (named := _from_regclass(node)) is not None:
        return Question(named, "name", str(named.name))
    return None


def _of_rows(tree: exp.Select, dialect: Dialect) -> Question | None:
    found = _from_query(tree, dialect)
    if found is None:
        return None
    first = tree.expressions[0].unalias()
    if isinstance(first, exp.Anonymous) and str(first.this).lower() == "count":
        return Question(found, "count") if len(tree.expressions) == 1 else None
    if any(item.find(exp.Anonymous, exp.Func) for item in tree.expressions):
        return None
    value: str | int | None = None
    if isinstance(first, exp.Literal):
        value = str(first.this) if first.is_string else int(first.this) if str(first.this).isdigit() else None
    elif isinstance(first, exp.Column) and not isinstance(first.this, exp.Star):
        role = _NAMED[_catalog(tree.args["from_"].this)].get(first.name.lower())
        if role in ("name", "part"):
            value = found.name.name if role == "name" and found.name.name else found.part
    return Question(found, "rows", value)


def _enumerated(tree: exp.Select, dialect: Dialect) -> Enumeration | None:
    """Returns the listing that `SELECT column_name FROM information_schema.columns WHERE ..` gives."""
    source, where = tree.args.get("from_"), tree.args.get("where")
    if source is None or not isinstance(source.this, exp.Table) or tree.args.get("joins"):
        return None
    names = {
        item.unalias().name.lower(): place
        for place, item in enumerate(tree.expressions)
        if isinstance(item.unalias(), exp.Column)
    }
    if _catalog(source.this) != "columns" or "column_name" not in names or where is None:
        return None
    noted = _noted(where, "columns", dialect)
    if noted is None or not noted.get("name") or "part" in noted:
        return None
    return Enumeration(
        "column", Name(noted["name"], noted.get("schema")), (names["column_name"], "column_name")
    )


def recognised(reader: TokenReader) -> Guard | None:
    """Moves to the end; returns a condition as tests (without ids), None if it is not sure.

    They ask about the schema, and whether a table holds rows (`Undecided.about` of these is open).
    """
    rest = reader.rest()
    if not rest.items:
        return None
    try:
        return _condition(rest.expression("the condition"), reader.dialect)
    except NotUnderstoodError:
        return None


def _condition(tree: exp.Expr, dialect: Dialect) -> Guard | None:
    while isinstance(tree, exp.Paren):
        tree = tree.this
    if isinstance(tree, exp.Not):
        inner = _condition(tree.this, dialect)
        return None if inner is None else negate(inner)
    if isinstance(tree, (exp.And, exp.Or)):
        left, right = _condition(tree.this, dialect), _condition(tree.expression, dialect)
        if left is None or right is None:
            return None
        return both(left, right) if isinstance(tree, exp.And) else either(left, right)
    if isinstance(tree, exp.Exists):
        found = _from_query(tree.this, dialect)
        if found is not None:
            return Test(found)
        table = any_rows(tree, dialect)
        return None if table is None else Test(Undecided(f"{table} holds rows", rows_of=table))
    if isinstance(tree, exp.Is) and isinstance(tree.expression, exp.Null):
        found = _from_regclass(tree.this)
        if found is None:
            return None
        return Test(found) if tree.args.get("negate") else negate(Test(found))
    return _counted(tree, dialect)


def _counted(tree: exp.Expr, dialect: Dialect) -> Guard | None:
    """Returns `(SELECT count(*) FROM <catalog> ..) = 0`, `> 0` and the like."""
    if not isinstance(tree, (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT)):
        return None
    query, number = tree.this, tree.expression
    while isinstance(query, (exp.Paren, exp.Subquery)):
        query = query.this
    if not isinstance(query, exp.Select) or not isinstance(number, exp.Literal) or number.is_string:
        return None
    found = _of_rows(query, dialect)
    if found is None or found.shape != "count":
        return None
    sign = (type(tree), str(number.this))
    if sign in ((exp.GT, "0"), (exp.NEQ, "0"), (exp.GTE, "1"), (exp.EQ, "1")):
        return Test(found.predicate)
    return negate(Test(found.predicate)) if sign in ((exp.EQ, "0"), (exp.LT, "1")) else None


def _from_regclass(call: object) -> Exists | None:
    if not isinstance(call, exp.Anonymous) or str(call.this).lower() != "to_regclass" or not call.expressions:
        return None
    text = _string(call.expressions[0])
    return Exists("table", _dotted(text)) if text else None


def _catalog(source: exp.Table) -> str:
    """Returns the name of a catalog, empty if a table of that name may be the user's own."""
    name, schema = source.name.lower(), source.db.lower()
    if name not in _NAMED or schema not in ("", "pg_catalog", "information_schema", "main"):
        return ""
    own = name.startswith(("pg_", "sqlite_"))
    return name if own or schema == "information_schema" else ""


def _from_query(query: object, dialect: Dialect) -> Exists | None:
    """Reads SELECT .. FROM <catalog> WHERE <column> = '<name>' AND ...; any other condition: not sure."""
    while isinstance(query, exp.Subquery):
        query = query.this
    if not isinstance(query, exp.Select) or query.args.get("joins") or query.args.get("group"):
        return None
    source, where = query.args.get("from_"), query.args.get("where")
    if source is None or where is None or not isinstance(source.this, exp.Table):
        return None
    catalog = _catalog(source.this)
    found = _noted(where, catalog, dialect) if catalog else None
    if found is None:
        return None
    kind: Kind | None = _KINDS.get(catalog)
    if kind is None:
        kind = _SUBKINDS.get(("relkind" if catalog == "pg_class" else "type", found.get("kind", "")))
        if kind == "index":
            found = {"part": found.get("name", ""), "name": found.get("table", "")}
    name, part = found.get("name", ""), found.get("part")
    if kind is None or (kind in _WITH_PART) != bool(part) or not (name or kind in ("index", "constraint")):
        return None
    table = _dotted(name) if catalog == "pg_constraint" else Name(name)
    return Exists(kind, Name(table.name, found.get("schema") or table.schema), part)


def _noted(where: exp.Expr, catalog: str, dialect: Dialect) -> dict[str, str] | None:
    """Returns what the conditions say: name, schema, part, kind; None if one of them is not known."""
    found: dict[str, str] = {}
    for condition in where.this.flatten() if isinstance(where.this, exp.And) else [where.this]:
        if not _note(condition, _NAMED[catalog], found, dialect):
            return None
    return found


def _note(condition: exp.Expr, columns: dict[str, str], found: dict[str, str], dialect: Dialect) -> bool:
    """Notes one `column = 'value'`; returns whether it was one that is known."""
    while isinstance(condition, exp.Paren):
        condition = condition.this
    if not isinstance(condition, exp.EQ) or not isinstance(condition.this, exp.Column):
        return False
    column, value = condition.this.name.lower(), condition.expression
    if column in _SAYING_NOTHING:
        return True
    role = "kind" if column in ("relkind", "type") else columns.get(column)
    if role is None or role in found:
        return False
    if role == "schema" and not isinstance(value, exp.Literal):
        called = value.sql_name() if isinstance(value, exp.Func) and not value.name else value.name
        return called.lower() in _CURRENT
    text = _string(value)
    # MySQL's schemas are databases: which one the migration runs on is not known from the text.
    if not text or (role == "schema" and dialect in MYSQL):
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
