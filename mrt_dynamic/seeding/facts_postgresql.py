"""PostgreSQL's user-defined types, partitions and character set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy.engine import Connection

from mrt_dynamic.plain_sql import quoted, run
from mrt_dynamic.seeding.facts import Facts, UserType
from mrt_dynamic.seeding.makers import BUILT_IN
from mrt_dynamic.seeding.running import Guarded, rows_of
from mrt_dynamic.seeding.written import literal
from mrt_lint.schema.names import Key
from mrt_lint.schema.objects import Table
from mrt_lint.schema.types import SqlType
from mrt_lint.sql import type_from_sql

_TYPES = """SELECT n.nspname AS schema, t.typname AS name, t.typtype::text AS kind,
    pg_catalog.pg_type_is_visible(t.oid) AS visible,
    t.typnotnull AS not_null, format_type(t.typbasetype, t.typtypmod) AS base,
    (SELECT format_type(r.rngsubtype, NULL) FROM pg_range r WHERE r.rngtypid = t.oid) AS subtype,
    (SELECT format_type(r.rngsubtype, NULL) FROM pg_range r WHERE r.rngmultitypid = t.oid) AS multi,
    (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e
        WHERE e.enumtypid = t.oid) AS labels,
    (SELECT array_agg(format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) AS fields,
    (SELECT array_agg(pg_get_expr(k.conbin, 0) ORDER BY k.conname) FROM pg_constraint k
        WHERE k.contypid = t.oid AND k.contype = 'c') AS checks
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND t.typelem = 0
    ORDER BY n.nspname, t.typname"""

_PARTS = """SELECT n.nspname AS schema, c.relname AS name, c.relkind::text AS kind, rn.nspname AS root_schema,
    r.relname AS root, pg_get_partition_constraintdef(c.oid) AS bound
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_class r ON c.relispartition AND r.oid = pg_partition_root(c.oid)
    LEFT JOIN pg_namespace rn ON rn.oid = r.relnamespace
    WHERE c.relkind IN ('r', 'p', 'f') AND (c.relispartition OR c.relkind = 'p') ORDER BY 1, 2"""

_ENCODING: Final = "mrt_server_encoding"
"""Under this name the connection remembers it."""

_KINDS: Final = {"d": "domain", "e": "enum", "c": "composite", "r": "range", "m": "multirange", "b": "base"}

_CHARSETS: Final = {"UTF8": "all", "LATIN1": "latin1", "LATIN9": "latin1", "WIN1252": "latin1"}

SAMPLES: Final = (
    ("{n}", "1{n}", "2{n}"),
    ("[{n},2,3]", "[1,{n},3]", "[1,2,{n}]"),
    ("[{n}]", "[1{n}]"),
    ("[{n},2]", "[3,{n}]"),
    ("({n},2)", "({n},3)"),
    ("a{n}", "b{n}"),
    ("POINT({n} 2)", "POINT(3 {n})"),
    ("{n}=>1",),
    ("978-0-306-40615-7", "978-3-16-148410-0", "978-1-4028-9462-6"),
    ("2024-01-0{n}",),
    ("{{}}",),
)
"""Notations that types of extensions are tried with, the first one that is read is taken."""


def read(connection: Connection, tables: Sequence[Table]) -> Facts:
    """Returns the types, if any column has one that is not built in, and what is partitioned."""
    encoding = connection.info.get(_ENCODING)
    if encoding is None:
        encoding = connection.info[_ENCODING] = str(run(connection, "SHOW server_encoding").scalar())
    partitions, bounds = _partitions(connection)
    types = _types(connection) if any(_foreign(tables)) else {}
    if types:
        types = _probed(connection, types, set(_foreign(tables)))
    return Facts(types, _CHARSETS.get(encoding, "ascii"), partitions=partitions, bounds=bounds)


def _foreign(tables: Sequence[Table]) -> Iterator[tuple[str, str]]:
    """Yields (schema, name) of the types that are not built in."""
    for table in tables:
        for column in table.columns.values():
            kind = column.type
            if isinstance(kind, SqlType):
                kind = kind.element or kind
                if kind.schema or kind.name not in BUILT_IN:
                    yield (kind.schema or "").lower(), kind.name.lower()


def _type(text: str | None) -> SqlType | None:
    return type_from_sql(text, "postgresql") if text and text != "-" else None


def _types(connection: Connection) -> dict[tuple[str, str], UserType]:
    found: dict[tuple[str, str], UserType] = {}
    for row in rows_of(connection, _TYPES):
        user = UserType(
            _KINDS.get(row["kind"], "base"),
            _type(row["base"]) or _type(row["subtype"]) or _type(row["multi"]),
            tuple(kind for text in row["fields"] or () if (kind := _type(text)) is not None),
            tuple(row["labels"] or ()),
            tuple(row["checks"] or ()),
            row["not_null"],
        )
        schema, name = row["schema"].lower(), row["name"].lower()
        found[schema, name] = user
        if row["visible"] or schema == "public":
            found["", name] = user
        else:
            found.setdefault(("", name), user)
    return found


def _probed(
    connection: Connection, types: dict[tuple[str, str], UserType], used: set[tuple[str, str]]
) -> dict[tuple[str, str], UserType]:
    """Returns the types with texts that those of extensions were seen to read."""
    for key in sorted(used):
        user = types.get(key) or types.get(("", key[1]))
        if user is None or user.kind != "base" or key[1] in BUILT_IN:
            continue
        samples = _samples(connection, key)
        known = UserType("base", samples=samples)
        types[key] = types["", key[1]] = known
    return types


def _samples(connection: Connection, key: tuple[str, str]) -> tuple[str, ...]:
    name = ".".join(quoted(part, "postgresql") for part in key if part)
    for forms in SAMPLES:
        texts = [form.format(n=number) for number in range(1, 8) for form in forms]
        query = ", ".join(f"CAST({literal(text, 'postgresql')} AS {name})::text" for text in texts)
        with Guarded(connection, "postgresql") as attempt:
            attempt.run(f"SELECT {query}")
        if attempt.error is None:
            return tuple(dict.fromkeys(texts))
    return ()


def _key(schema: str, name: str) -> Key:
    return Key("table", "" if schema == "public" else schema, name)


def _partitions(connection: Connection) -> tuple[frozenset[Key], dict[Key, tuple[str, ...]]]:
    """Returns the tables that are parts of others, and the conditions of the leaves of each root."""
    parts: set[Key] = set()
    bounds: dict[Key, list[str]] = {}
    if not run(connection, "SELECT EXISTS (SELECT 1 FROM pg_partitioned_table)").scalar():
        return frozenset(), {}
    rows: list[dict[str, Any]] = rows_of(connection, _PARTS)
    for row in rows:
        if row["root"] is None:
            bounds.setdefault(_key(row["schema"], row["name"]), [])
            continue
        parts.add(_key(row["schema"], row["name"]))
        leaves = bounds.setdefault(_key(row["root_schema"], row["root"]), [])
        if row["kind"] != "p":
            bound = row["bound"] or ""
            leaves.append("" if "satisfies_hash_partition" in bound else bound)
    return frozenset(parts), {key: tuple(leaves) for key, leaves in bounds.items()}
