"""Reads a State from PostgreSQL's system catalogues."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.engine import Connection

from mrt_lint.ops.dependents import object_key
from mrt_lint.ops.functions import function_key
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Constraint, EnumType, Generated, Index, SchemaObject, Table
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType
from mrt_lint.sql import canonical_default, canonical_text
from tests.truth.prepared import rows
from tests.truth.reflecting import action, read_type

_OWN = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
_NO_EXTENSION = "NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.objid = {0}.oid AND e.deptype = 'e')"

_TABLES = f"""SELECT c.oid, c.relname AS name, n.nspname AS schema,
    obj_description(c.oid, 'pg_class') AS comment
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND {_OWN}"""
_COLUMNS = f"""SELECT a.attrelid AS oid, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
    NOT a.attnotnull AS nullable, pg_get_expr(d.adbin, d.adrelid) AS "default",
    a.attidentity::text AS identity,
    a.attgenerated::text AS generated, col_description(a.attrelid, a.attnum) AS comment,
    (SELECT collname FROM pg_collation o WHERE o.oid = a.attcollation
        AND a.attcollation <> (SELECT typcollation FROM pg_type t WHERE t.oid = a.atttypid)) AS collation,
    EXISTS (SELECT 1 FROM pg_depend s JOIN pg_class q ON q.oid = s.objid AND q.relkind = 'S'
        WHERE s.refobjid = a.attrelid AND s.refobjsubid = a.attnum AND s.deptype = 'a'
        AND pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(' || chr(37)
        AND q.relname ~ '_seq[0-9]*$'
        AND EXISTS (SELECT 1 FROM pg_depend u WHERE u.objid = d.oid AND u.refobjid = q.oid)) AS serial
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND {_OWN} ORDER BY a.attnum"""
_CONSTRAINTS = f"""SELECT k.conrelid AS oid, k.conname AS name, k.contype::text AS kind,
    (SELECT array_agg(a.attname::text ORDER BY p.place)
        FROM unnest(k.conkey) WITH ORDINALITY AS p (number, place)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = p.number) AS columns,
    (SELECT array_agg(a.attname::text ORDER BY p.place)
        FROM unnest(k.confkey) WITH ORDINALITY AS p (number, place)
        JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = p.number) AS ref_columns,
    f.relname AS ref_name, fn.nspname AS ref_schema, k.confdeltype::text AS ondelete,
    k.confupdtype::text AS onupdate, k.confmatchtype::text AS match, k.condeferrable AS deferrable,
    k.condeferred AS deferred, k.convalidated AS validated, pg_get_expr(k.conbin, k.conrelid) AS expression,
    pg_get_constraintdef(k.oid) AS definition
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_class f ON f.oid = k.confrelid LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
    WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND {_OWN}"""
_INDEXES = f"""SELECT i.indrelid AS oid, x.relname AS name, i.indisunique AS unique, m.amname AS method,
    pg_get_expr(i.indpred, i.indrelid) AS "where", i.indnkeyatts AS keys, i.indnatts AS all,
    i.indnullsnotdistinct AS not_distinct,
    (SELECT array_agg(pg_get_indexdef(i.indexrelid, n, false) ORDER BY n)
        FROM generate_series(1, i.indnatts) n) AS parts,
    (SELECT array_agg(i.indkey[n - 1] = 0 ORDER BY n) FROM generate_series(1, i.indnatts) n) AS computed,
    (SELECT array_agg(i.indoption[n - 1]::integer ORDER BY n)
        FROM generate_series(1, i.indnkeyatts) n) AS options,
    (SELECT array_agg(CASE WHEN o.opcdefault THEN NULL ELSE o.opcname::text END ORDER BY n)
        FROM generate_series(1, i.indnkeyatts) n JOIN pg_opclass o ON o.oid = i.indclass[n - 1]) AS classes,
    x.reloptions AS settings
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_am m ON m.oid = x.relam
    WHERE c.relkind IN ('r', 'p') AND {_OWN} AND NOT EXISTS (SELECT 1 FROM pg_constraint k
        WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x'))"""
_ENUMS = f"""SELECT t.typname AS name, n.nspname AS schema,
    array_agg(e.enumlabel::text ORDER BY e.enumsortorder) AS labels
    FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE {_OWN} GROUP BY 1, 2"""
_OTHERS: dict[str, str] = {
    "schema": f"SELECT n.nspname AS name, 'public' AS schema FROM pg_namespace n WHERE {_OWN}",
    "extension": "SELECT extname AS name, 'public' AS schema FROM pg_extension WHERE extname <> 'plpgsql'",
    "view": f"""SELECT c.relname AS name, n.nspname AS schema, c.relkind::text AS detail
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('v', 'm') AND {_OWN} AND {_NO_EXTENSION.format("c")}""",
    "type": f"""SELECT t.typname AS name, n.nspname AS schema FROM pg_type t
        JOIN pg_namespace n ON n.oid = t.typnamespace
        WHERE {_OWN} AND {_NO_EXTENSION.format("t")} AND (t.typtype IN ('d', 'r')
            OR t.typtype = 'c' AND EXISTS (SELECT 1 FROM pg_class c
                WHERE c.oid = t.typrelid AND c.relkind = 'c'))""",
    "sequence": f"""SELECT c.relname AS name, n.nspname AS schema,
        (SELECT t.relname FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid
            WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'a') AS "table",
        EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass
            AND d.deptype = 'i') AS internal
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S' AND {_OWN}""",
    "trigger": f"""SELECT t.tgname AS name, n.nspname AS schema, c.relname AS "table"
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE NOT t.tgisinternal AND {_OWN}""",
    "policy": f"""SELECT p.polname AS name, n.nspname AS schema, c.relname AS "table"
        FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {_OWN}""",
    "function": f"""SELECT p.proname AS name, n.nspname AS schema,
        oidvectortypes(p.proargtypes) AS detail
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.prokind IN ('f', 'p') AND {_OWN} AND {_NO_EXTENSION.format("p")}""",
}

_KINDS = {"p": "primary", "u": "unique", "f": "foreign", "c": "check", "x": "exclude"}
_ACTIONS = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}


def _name(name: str, schema: str) -> Name:
    return Name(name, None if schema == "public" else schema)


def _by_table(found: list[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    tables: dict[int, list[dict[str, Any]]] = {}
    for row in found:
        tables.setdefault(row["oid"], []).append(row)
    return tables


def state_of(connection: Connection) -> State:
    """Returns the State of the database behind the connection."""
    state = State("postgresql")
    columns = _by_table(rows(connection, _COLUMNS))
    constraints = _by_table(rows(connection, _CONSTRAINTS))
    indexes = _by_table(rows(connection, _INDEXES))
    for row in rows(connection, _TABLES):
        if row["name"] == "alembic_version":
            continue
        its = columns.get(row["oid"], [])
        types = {column["name"]: _type(column) for column in its}
        own = {column["name"]: _column(column, types) for column in its}
        table = Table(
            _name(row["name"], row["schema"]),
            own,
            tuple(_constraint(constraint, types) for constraint in constraints.get(row["oid"], [])),
            {index["name"]: _index(index, types) for index in indexes.get(row["oid"], [])},
            row["comment"],
        )
        state = state.put(table)
    for row in rows(connection, _ENUMS):
        state = state.put(EnumType(_name(row["name"], row["schema"]), tuple(row["labels"])))
    for kind, query in _OTHERS.items():
        for row in rows(connection, query):
            if kind == "schema" and row["name"] == "public":
                continue
            state = state.put(_other(state, kind, row))
    return state


def _type(row: dict[str, Any]) -> SqlType:
    kind = read_type(row["type"], "postgresql")
    return replace(kind, collation=row["collation"]) if row["collation"] else kind


def _column(row: dict[str, Any], types: dict[str, SqlType]) -> Column:
    kind = types[row["name"]]
    default, generated = row["default"], None
    if row["generated"]:
        generated = Generated(canonical_text(default, "postgresql", types), row["generated"] == "s")
        default = None
    # SERIAL is a word for an integer, a sequence of its own and a default that calls it. One put
    # together by hand looks the same but for its name: SERIAL's ends in `_seq`.
    serial = bool(row["serial"])
    return Column(
        row["name"],
        kind,
        row["nullable"],
        None if default is None or serial else canonical_default(default, "postgresql", kind),
        {"a": "always", "d": "by default"}.get(row["identity"]),
        autoincrement=serial,
        generated=generated,
        comment=row["comment"],
    )


def _constraint(row: dict[str, Any], types: dict[str, SqlType]) -> Constraint:
    kind = _KINDS[row["kind"]]
    expression = None
    if kind == "check":
        expression = canonical_text(row["expression"], "postgresql", types)
    elif kind == "exclude":
        expression = row["definition"].removeprefix("EXCLUDE ")
    foreign = kind == "foreign"
    return Constraint(
        kind,  # type: ignore[arg-type]
        row["name"],
        # The columns that PostgreSQL notes for a check are those that its expression names.
        () if kind in ("check", "exclude") else tuple(row["columns"] or ()),
        expression,
        _name(row["ref_name"], row["ref_schema"]) if foreign else None,
        tuple(row["ref_columns"] or ()),
        action(_ACTIONS[row["ondelete"]]) if foreign else None,
        action(_ACTIONS[row["onupdate"]]) if foreign else None,
        row["deferrable"],
        "DEFERRED" if row["deferred"] else None,
        "FULL" if foreign and row["match"] == "f" else None,
        row["validated"],
        nulls_not_distinct="NULLS NOT DISTINCT" in row["definition"],
    )


def _index(row: dict[str, Any], types: dict[str, SqlType]) -> Index:
    keys = row["keys"]
    parts = []
    for place, text in enumerate(row["parts"][:keys]):
        part = canonical_text(text, "postgresql", types) if row["computed"][place] else _unquoted(text)
        if row["classes"][place]:
            part += f" {row['classes'][place]}"
        descending, nulls_first = bool(row["options"][place] & 1), bool(row["options"][place] & 2)
        part += " DESC" if descending else ""
        if descending != nulls_first:  # without a word NULLS FIRST goes with DESC, NULLS LAST with ASC
            part += " NULLS FIRST" if nulls_first else " NULLS LAST"
        parts.append(part)
    options = [tuple(setting.split("=", 1)) for setting in row["settings"] or ()]
    if row["not_distinct"]:
        options.append(("nulls_not_distinct", "true"))
    return Index(
        row["name"],
        tuple(parts),
        row["unique"],
        None if row["method"] == "btree" else row["method"],
        canonical_text(row["where"], "postgresql", types) if row["where"] else None,
        tuple(_unquoted(text) for text in row["parts"][keys:]),
        tuple(sorted(options)),  # type: ignore[arg-type]
    )


def _unquoted(text: str) -> str:
    return text[1:-1].replace('""', '"') if text.startswith('"') else text


def _other(state: State, kind: str, row: dict[str, Any]) -> SchemaObject:
    name = _name(row["name"], row["schema"])
    table = Name(row["table"], name.schema) if row.get("table") else None
    if kind in ("trigger", "policy"):
        name = object_key(state, kind, name, table)  # type: ignore[arg-type]
    details: tuple[tuple[str, str], ...] = ()
    if kind == "view" and row["detail"] == "m":
        details = (("materialized", "yes"),)
    if kind == "function":
        name = function_key(name, row["detail"])
    if kind == "sequence" and row["internal"]:
        details = (("identity", "yes"),)
    return SchemaObject(kind, name, table=table, details=details)  # type: ignore[arg-type]
