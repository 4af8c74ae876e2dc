"""Makes objects of the State from rows of PostgreSQL's system catalogues."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from mrt_dynamic.snapshot.automatic import postgresql_name
from mrt_dynamic.snapshot.privileges import privileges
from mrt_dynamic.snapshot.reading import OF, Facts, Types, action, default_of, facts, read_type, text_of
from mrt_lint.ops.dependents import object_key
from mrt_lint.ops.functions import function_key
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import (
    AnyObject,
    Column,
    Constraint,
    EnumType,
    Generated,
    Index,
    SchemaObject,
    Table,
)
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType

Row = dict[str, Any]

_KINDS: Final = {"p": "primary", "u": "unique", "f": "foreign", "c": "check", "x": "exclude"}
_ACTIONS: Final = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
_STORAGE: Final = {"p": "plain", "e": "external", "m": "main", "x": "extended"}
_COMPRESSION: Final = {"p": "pglz", "l": "lz4"}
_IDENTITY: Final = {"n": "nothing", "f": "full"}
_STATE: Final = State("postgresql")


_DOUBLE_CAST: Final = re.compile(r"\('((?:[^']|'')*)'::character varying\)::text")
"""How PostgreSQL prints `'x'` in a condition it read back after the type of a column changed."""


def _canonical(text: str, types: Types) -> str:
    return text_of(_DOUBLE_CAST.sub(r"'\1'::text", text), "postgresql", types)


def name_of(name: str, schema: str) -> Name:
    """Returns a name; `public` is the default schema."""
    return Name(name, None if schema == "public" else schema)


def table_of(row: Row, columns: list[Row], constraints: list[Row], indexes: list[Row]) -> Table:
    """Returns a table with everything that belongs to it alone."""
    types = tuple((column["name"], _type(column)) for column in columns)
    not_null = [constraint for constraint in constraints if constraint["kind"] == "n"]
    keys = [constraint for constraint in constraints if constraint["kind"] != "n"]
    name = name_of(row["name"], row["schema"])
    options = [*_table_facts(row), *(fact for column in columns for fact in _column_facts(column))]
    for constraint in keys:
        part = f"{OF}constraint {constraint['name']}"
        options.append((f"comment{part}", constraint["comment"]))
        options.append((f"clustering{part}", constraint["clustered"] and "yes"))
        options.append((f"replica identity{part}", constraint["replica_identity"] and "yes"))
    for constraint in not_null:
        part = f"{OF}column {constraint['columns'][0]}"
        options.append((f"comment on NOT NULL{part}", constraint["comment"]))
        state = "NO INHERIT" if constraint["no_inherit"] else ""
        state += "" if constraint["validated"] else " NOT VALID"
        options.append((f"NOT NULL{part}", state.strip() or None))
    return Table(
        name,
        {
            column["name"]: _column(column, kind, types)
            for column, (_, kind) in zip(columns, types, strict=True)
        },
        tuple(_constraint(name, constraint, types) for constraint in keys),
        {index["name"]: _index(name, index, types) for index in indexes},
        row["comment"],
        facts(options),
        rows=None,
    )


def _table_facts(row: Row) -> Iterator[tuple[str, object]]:
    yield "persistence", {"u": "unlogged"}.get(row["persistence"])
    yield "storage parameters", _listed(row["settings"])
    yield "TOAST storage parameters", _listed(row["toast_settings"])
    if row["row_security"] or row["row_security_forced"]:
        words = ["enabled" if row["row_security"] else "disabled"]
        yield "row level security", ", ".join(words + ["forced"] * row["row_security_forced"])
    yield "replica identity", _IDENTITY.get(row["replica_identity"])
    yield "access method", row["access_method"]
    yield "tablespace", row["tablespace"]
    yield "partitioning", row["partition_by"]
    if row["bound"] is not None:
        yield "partition", f"of {', '.join(row['parents'])} {row['bound']}"
    elif row["parents"]:
        yield "inheritance", ", ".join(row["parents"])
    yield "type", row["of_type"]
    # What a migration means by DISABLE TRIGGER ALL: the foreign keys are not looked after any more.
    yield "foreign key triggers", "disabled" if row["internal_triggers"] else None
    yield "foreign server", row["server"]
    yield from _access(row)


def _access(row: Row, part: str = "") -> Iterator[tuple[str, object]]:
    for grantee, words in privileges(row["acl"], row.get("usual")):
        yield f"privileges for {grantee}{part}", words
    yield "owner", row.get("owner")


def _column_facts(row: Row) -> Iterator[tuple[str, object]]:
    part = f"{OF}column {row['name']}"
    yield f"storage{part}", _STORAGE.get(row["storage"])
    yield f"compression{part}", _COMPRESSION.get(row["compression"])
    yield f"statistics target{part}", row["statistics"]
    yield f"options{part}", row["settings"]
    if row["acl"]:
        yield from _access({"acl": row["acl"]}, part)


def _listed(values: Iterable[str] | None) -> str | None:
    return ", ".join(values) if values else None


def _type(row: Row) -> SqlType:
    kind = read_type(row["type"], "postgresql")
    return replace(kind, collation=row["collation"]) if row["collation"] else kind


def _column(row: Row, kind: SqlType, types: Types) -> Column:
    default, generated = row["default"], None
    if row["generated"]:
        generated = Generated(_canonical(default, types), row["generated"] == "s")
        default = None
    # SERIAL is a word for an integer, a sequence of its own and a default that calls it. One put
    # together by hand looks the same but for its name: SERIAL's ends in `_seq`.
    serial = bool(row["serial"])
    return Column(
        row["name"],
        kind,
        row["nullable"],
        None if default is None or serial else default_of(default, "postgresql", kind),
        {"a": "always", "d": "by default"}.get(row["identity"]),
        autoincrement=serial,
        generated=generated,
        comment=row["comment"],
    )


def _constraint(table: Name, row: Row, types: Types) -> Constraint:
    kind = _KINDS[row["kind"]]
    foreign = kind == "foreign"
    columns = tuple(row["columns"] or ())
    ondelete = action(_ACTIONS[row["ondelete"]]) if foreign else None
    if ondelete in ("SET NULL", "SET DEFAULT"):
        # PostgreSQL 15 knows SET NULL (a): only these columns.
        listed = row["definition"].partition(f"ON DELETE {ondelete} (")[2].partition(")")[0]
        ondelete += f" ({listed})" if listed else ""
    return Constraint(
        kind,  # type: ignore[arg-type]
        row["name"],
        # The columns that PostgreSQL notes for a check are those that its expression names.
        () if kind in ("check", "exclude") else columns,
        _expression(kind, row, types),
        name_of(row["ref_name"], row["ref_schema"]) if foreign else None,
        tuple(row["ref_columns"] or ()),
        ondelete,
        action(_ACTIONS[row["onupdate"]]) if foreign else None,
        row["deferrable"],
        "DEFERRED" if row["deferred"] else None,
        "FULL" if foreign and row["match"] == "f" else None,
        row["validated"],
        automatic=postgresql_name(table.name, kind, columns, row["name"]),
        nulls_not_distinct="NULLS NOT DISTINCT" in row["definition"],
    )


def _expression(kind: str, row: Row, types: Types) -> str | None:
    """Returns the condition, and what else a constraint says that has no place of its own."""
    parts = []
    if kind == "check":
        parts.append(_canonical(row["expression"], types))
    elif kind == "exclude":
        parts.append(row["definition"].removeprefix("EXCLUDE "))
    elif row["include"]:
        parts.append(f"INCLUDE ({', '.join(row['include'])})")
    if row["settings"] and kind != "exclude":
        parts.append(f"WITH ({', '.join(row['settings'])})")
    if row["tablespace"]:
        parts.append(f"USING INDEX TABLESPACE {row['tablespace']}")
    if row["period"]:
        parts.append("PERIOD" if kind == "foreign" else "WITHOUT OVERLAPS")
    if kind == "check" and row["no_inherit"]:
        parts.append("NO INHERIT")
    if not row["enforced"]:
        parts.append("NOT ENFORCED")
    return " ".join(parts) or None


def _index(table: Name, row: Row, types: Types) -> Index:
    keys = row["keys"]
    parts, names = [], []
    for place, text in enumerate(row["parts"][:keys]):
        computed = row["computed"][place]
        part = _canonical(text, types) if computed else _unquoted(text)
        names.append("expr" if computed else part)
        if row["collations"][place]:
            part += f" COLLATE {row['collations'][place]}"
        if row["classes"][place]:
            part += f" {row['classes'][place]}"
        descending, nulls_first = bool(row["options"][place] & 1), bool(row["options"][place] & 2)
        part += " DESC" if descending else ""
        if descending != nulls_first:  # without a word NULLS FIRST goes with DESC, NULLS LAST with ASC
            part += " NULLS FIRST" if nulls_first else " NULLS LAST"
        parts.append(part)
    options: list[tuple[str, object]] = [tuple(one.split("=", 1)) for one in row["settings"] or ()]
    options += [
        ("nulls_not_distinct", "true" if row["not_distinct"] else None),
        ("valid", None if row["valid"] else "false"),
        ("clustering", "yes" if row["clustered"] else None),
        ("replica identity", "yes" if row["replica_identity"] else None),
        ("tablespace", row["tablespace"]),
        ("operator class options", _listed(row["class_options"])),
        ("comment", row["comment"]),
    ]
    return Index(
        row["name"],
        tuple(parts),
        row["unique"],
        None if row["method"] == "btree" else row["method"],
        _canonical(row["where"], types) if row["where"] else None,
        tuple(_unquoted(text) for text in row["parts"][keys:]),
        facts(options),
        automatic=postgresql_name(table.name, "index", tuple(names), row["name"]),
    )


def _unquoted(text: str) -> str:
    return text[1:-1].replace('""', '"') if text.startswith('"') else text


def view_of(row: Row, columns: list[Row], indexes: list[Row]) -> Iterator[SchemaObject]:
    """Yields a view, and the indexes of a materialised one."""
    name = name_of(row["name"], row["schema"])
    details: list[tuple[str, object]] = [
        ("materialized", "yes" if row["kind"] == "m" else None),
        ("populated", None if row["populated"] else "no"),
        ("options", _listed(row["settings"])),
        ("access method", row["access_method"]),
        ("tablespace", row["tablespace"]),
        ("comment", row["comment"]),
        *_access(row),
    ]
    for column in columns:
        part = f"{OF}column {column['name']}"
        details.append((f"default{part}", column["default"]))
        details.append((f"comment{part}", column["comment"]))
        details.extend(_column_facts(column))
    yield SchemaObject("view", name, row["definition"], details=facts(details))
    for index in indexes:
        own = name_of(f"index {index['name']}", row["schema"])
        more = [("comment", index["comment"]), ("valid", None if index["valid"] else "false")]
        yield SchemaObject("other", own, index["definition"], table=name, details=facts(more))


def foreign_table_of(row: Row, columns: list[Row]) -> SchemaObject:
    """Returns a foreign table: its rows stand elsewhere, so it is no table of this database."""
    said = [
        f"{one['name']} {one['type']}{'' if one['nullable'] else ' NOT NULL'}"
        + (f" DEFAULT {one['default']}" if one["default"] else "")
        for one in columns
    ]
    details = [("comment", row["comment"]), *_table_facts(row)]
    name = name_of(f"foreign table {row['name']}", row["schema"])
    return SchemaObject("other", name, f"({', '.join(said)})", details=facts(details))


def belonging_of(row: Row, table: Name) -> SchemaObject:
    """Returns a trigger, policy, rule or statistics object of a table or view."""
    kind, name = row["kind"], Name(row["name"], table.schema)
    if kind == "statistics":
        kind, name = "other", Name(f"statistics {row['name'].removeprefix('public.')}")
    elif kind == "rule":
        kind, name = "other", Name(f"rule {row['name']}", table.schema)
    more = facts([("comment", row["comment"]), ("state", row["state"])])
    key = object_key(_STATE, kind, name, table)
    return SchemaObject(kind, key, row["definition"], table=table, details=more)


def sequence_of(row: Row, relation: Row, position: str | None) -> SchemaObject:
    """Returns a sequence; one that a column owns belongs to its table.

    `position`: where it stands, None for one that moves with every row of its table.
    """
    name = name_of(relation["name"], relation["schema"])
    table = name_of(row["table"], row["table_schema"]) if row["table"] else None
    details: list[tuple[str, object]] = [
        ("owner", f"{table}.{row['column']}" if table else None),
        ("identity", "yes" if row["internal"] else None),
        ("position", position),
        ("comment", relation["comment"]),
        ("persistence", {"u": "unlogged"}.get(relation["persistence"])),
        *_access(relation),
    ]
    return SchemaObject("sequence", name, row["definition"], table=table, details=facts(details))


def schema_of(row: Row) -> tuple[AnyObject, ...]:
    """Returns a schema; of `public` only what is not as it usually is."""
    more = _details(row)
    if row["name"] != "public":
        return (SchemaObject("schema", Name(row["name"]), details=more),)
    # Who may create in it hangs on the version of the server, and is the same in both moments.
    return (SchemaObject("other", Name("schema public"), details=more),)


def type_of(row: Row) -> tuple[AnyObject, ...]:
    """Returns a type; what is said about an enum besides its labels stands for itself."""
    name, more = name_of(row["name"], row["schema"]), _details(row)
    if row["kind"] != "e":
        return (SchemaObject("type", name, row["definition"], details=more),)
    enum = EnumType(name, tuple(row["labels"] or ()))
    about = SchemaObject("other", name_of(f"type {row['name']}", row["schema"]), "", name, more)
    return (enum, about) if more else (enum,)


def function_of(row: Row) -> tuple[AnyObject, ...]:
    """Returns a function, procedure or aggregate; overloads differ by their arguments."""
    name = function_key(name_of(row["name"], row["schema"]), row["arguments"])
    if row["kind"] == "a":
        own = name.renamed(f"aggregate {name.name}")
        return (SchemaObject("other", own, row["definition"], details=_details(row)),)
    return (SchemaObject("function", name, row["definition"], details=_details(row)),)


def other_of(row: Row) -> tuple[AnyObject, ...]:
    """Returns an extension, or one of the objects that the State knows no kind for."""
    if row["kind"] == "extension":
        return (SchemaObject("extension", Name(row["name"]), row["definition"], details=_details(row)),)
    name = name_of(f"{row['kind']} {row['name']}", row["schema"])
    return (SchemaObject("other", name, row["definition"], details=_details(row)),)


def _details(row: Row) -> Facts:
    return facts([("comment", row["comment"]), *_access(row)])
