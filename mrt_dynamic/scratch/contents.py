"""What lies in a database, and how it is removed: for working in a database that the user names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mrt_lint.schema.dialects import Dialect

if TYPE_CHECKING:
    from mrt_dynamic.scratch.session import Session

_PG_OWN: Final = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
# What an extension brought along, and what goes with another object (indexes, row and array types), is no
# object of its own.
_PG_MEMBER: Final = (
    "EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = '{catalogue}'::regclass AND d.objid = {row}.oid"
    " AND d.deptype IN ('e', 'i', 'P'))"
)
_PG_RELATIONS: Final = f"""
    SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
        WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
        format('%I.%I', n.nspname, c.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {_PG_OWN} AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
    AND NOT {_PG_MEMBER.format(catalogue="pg_class", row="c")}"""
_PG_TYPES: Final = f"""
    SELECT CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, format('%I.%I', n.nspname, t.typname)
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE {_PG_OWN} AND (t.typtype IN ('b', 'd', 'e', 'r') OR c.relkind = 'c') AND t.typcategory <> 'A'
    AND NOT {_PG_MEMBER.format(catalogue="pg_type", row="t")}"""
_PG_ROUTINES: Final = f"""
    SELECT 'ROUTINE', p.oid::regprocedure::text
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE {_PG_OWN} AND NOT {_PG_MEMBER.format(catalogue="pg_proc", row="p")}"""
_PG_OPERATORS: Final = f"""
    SELECT 'OPERATOR', format('%I.%s (%s, %s)', n.nspname, o.oprname,
        CASE o.oprleft WHEN 0 THEN 'NONE' ELSE o.oprleft::regtype::text END,
        CASE o.oprright WHEN 0 THEN 'NONE' ELSE o.oprright::regtype::text END)
    FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
    WHERE {_PG_OWN} AND NOT {_PG_MEMBER.format(catalogue="pg_operator", row="o")}"""
_PG_NAMED: Final = (
    ("COLLATION", "pg_collation", "collname", "collnamespace"),
    ("CONVERSION", "pg_conversion", "conname", "connamespace"),
    ("TEXT SEARCH CONFIGURATION", "pg_ts_config", "cfgname", "cfgnamespace"),
    ("TEXT SEARCH DICTIONARY", "pg_ts_dict", "dictname", "dictnamespace"),
    ("STATISTICS", "pg_statistic_ext", "stxname", "stxnamespace"),
)
_PG_GLOBAL: Final = (
    ("EXTENSION", "pg_extension", "extname"),
    ("SCHEMA", "pg_namespace", "nspname"),
    ("EVENT TRIGGER", "pg_event_trigger", "evtname"),
    ("PUBLICATION", "pg_publication", "pubname"),
    ("SERVER", "pg_foreign_server", "srvname"),
    ("FOREIGN DATA WRAPPER", "pg_foreign_data_wrapper", "fdwname"),
)
_MYSQL: Final = """
    SELECT CASE table_type WHEN 'VIEW' THEN 'VIEW' WHEN 'SEQUENCE' THEN 'SEQUENCE' ELSE 'TABLE' END,
        table_name FROM information_schema.tables WHERE table_schema = DATABASE()
    UNION ALL SELECT routine_type, routine_name FROM information_schema.routines
    WHERE routine_schema = DATABASE()
    UNION ALL SELECT 'EVENT', event_name FROM information_schema.events WHERE event_schema = DATABASE()"""


@dataclass(frozen=True, slots=True)
class Thing:
    """One object as DROP names it: `kind` in SQL's words, `name` quoted."""

    kind: str
    name: str


def contents(session: Session, dialect: Dialect) -> tuple[Thing, ...]:
    """Returns every object in the database, schemas and extensions too, those that must go first in front.

    PostgreSQL, MySQL and MariaDB. Large objects and rows count through what holds them.
    """
    if dialect != "postgresql":
        rows = session.rows(_MYSQL)
        return tuple(Thing(str(kind), f"`{str(name).replace('`', '``')}`") for kind, name in rows)
    found: list[Thing] = []
    for kind, catalogue, column in _PG_GLOBAL:
        own = column == "nspname"
        member = _PG_MEMBER.format(catalogue=catalogue, row="n")
        where = f"WHERE NOT {member}" + (f" AND {_PG_OWN}" if own else "")
        rows = session.rows(f"SELECT format('%I', n.{column}) FROM {catalogue} n {where} ORDER BY 1")
        found.extend(Thing(kind, name) for (name,) in rows)
    for query in (_PG_RELATIONS, _PG_ROUTINES, _PG_OPERATORS, _PG_TYPES):
        found.extend(Thing(kind, name) for kind, name in session.rows(f"{query} ORDER BY 1, 2"))
    for kind, catalogue, column, namespace in _PG_NAMED:
        member = _PG_MEMBER.format(catalogue=catalogue, row="o")
        rows = session.rows(
            f"SELECT format('%I.%I', n.nspname, o.{column}) FROM {catalogue} o JOIN pg_namespace n"
            f" ON n.oid = o.{namespace} WHERE {_PG_OWN} AND NOT {member} ORDER BY 1"
        )
        found.extend(Thing(kind, name) for (name,) in rows)
    objects = session.rows("SELECT oid FROM pg_largeobject_metadata ORDER BY 1")
    found.extend(Thing("LARGE OBJECT", str(number)) for (number,) in objects)
    return tuple(found)


def remove(session: Session, dialect: Dialect, things: tuple[Thing, ...]) -> None:
    """Drops these objects and what depends on them."""
    if dialect == "postgresql":
        for thing in things:
            if thing.kind == "LARGE OBJECT":
                session.rows(f"SELECT lo_unlink({thing.name})")
            else:
                session.run(f"DROP {thing.kind} IF EXISTS {thing.name} CASCADE")
        return
    session.run("SET SESSION foreign_key_checks = 0")
    try:
        for thing in things:
            session.run(f"DROP {thing.kind} IF EXISTS {thing.name}")
    finally:
        session.run("SET SESSION foreign_key_checks = 1")
