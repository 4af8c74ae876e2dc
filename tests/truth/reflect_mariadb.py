"""Reads a State from MariaDB's `information_schema`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.engine import Connection

from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Constraint, Generated, Index, SchemaObject, Table
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType
from mrt_lint.sql import canonical_default, canonical_text
from tests.truth.reflecting import read_type

_HERE = "table_schema = DATABASE()"
_TABLES = f"""SELECT table_name AS `table`, table_comment AS comment, table_collation AS collation
    FROM information_schema.tables WHERE {_HERE} AND table_type = 'BASE TABLE'"""
_COLUMNS = f"""SELECT table_name AS `table`, column_name AS name, column_type AS type, is_nullable AS nullable,
    column_default AS `default`, extra, column_comment AS comment, collation_name AS collation,
    generation_expression AS generated
    FROM information_schema.columns WHERE {_HERE} ORDER BY ordinal_position"""
_KEYS = """SELECT k.table_name AS `table`, k.constraint_name AS name, k.constraint_type AS kind,
    u.column_name AS `column`, u.referenced_table_name AS ref_table, u.referenced_column_name AS ref_column,
    (SELECT r.delete_rule FROM information_schema.referential_constraints r
        WHERE r.constraint_schema = k.table_schema AND r.table_name = k.table_name
        AND r.constraint_name = k.constraint_name) AS ondelete,
    (SELECT r.update_rule FROM information_schema.referential_constraints r
        WHERE r.constraint_schema = k.table_schema AND r.table_name = k.table_name
        AND r.constraint_name = k.constraint_name) AS onupdate
    FROM information_schema.table_constraints k JOIN information_schema.key_column_usage u
        ON u.table_schema = k.table_schema AND u.table_name = k.table_name
        AND u.constraint_name = k.constraint_name
    WHERE k.table_schema = DATABASE() ORDER BY u.ordinal_position"""
_CHECKS = """SELECT table_name AS `table`, constraint_name AS name, check_clause AS expression
    FROM information_schema.check_constraints WHERE constraint_schema = DATABASE()"""
_INDEXES = f"""SELECT table_name AS `table`, index_name AS name, column_name AS `column`, sub_part AS length,
    index_type AS method FROM information_schema.statistics
    WHERE {_HERE} AND non_unique = 1 ORDER BY seq_in_index"""
_OTHERS = {
    "view": f"SELECT table_name AS name, '' AS `table` FROM information_schema.views WHERE {_HERE}",
    "function": """SELECT CONCAT(r.routine_name, '(', IFNULL((SELECT GROUP_CONCAT(p.dtd_identifier
        ORDER BY p.ordinal_position SEPARATOR ', ') FROM information_schema.parameters p
        WHERE p.specific_schema = r.routine_schema AND p.specific_name = r.specific_name
        AND p.ordinal_position > 0), ''), ')') AS name, '' AS `table`
        FROM information_schema.routines r WHERE r.routine_schema = DATABASE()""",
    "trigger": """SELECT trigger_name AS name, event_object_table AS `table` FROM information_schema.triggers
        WHERE trigger_schema = DATABASE()""",
    "sequence": f"""SELECT table_name AS name, '' AS `table` FROM information_schema.tables
        WHERE {_HERE} AND table_type = 'SEQUENCE'""",
}
_KINDS = {"PRIMARY KEY": "primary", "UNIQUE": "unique", "FOREIGN KEY": "foreign"}


def state_of(connection: Connection) -> State:
    """Returns the State of the database behind the connection."""
    state = State("mariadb")
    columns, keys = _by_table(connection, _COLUMNS), _by_table(connection, _KEYS)
    checks, indexes = _by_table(connection, _CHECKS), _by_table(connection, _INDEXES)
    for row in _rows(connection, _TABLES):
        name = row["table"]
        if name == "alembic_version":
            continue
        json = {
            check["name"] for check in checks.get(name, []) if check["expression"].startswith("json_valid(")
        }
        own = {
            column["name"].lower(): _column(column, row["collation"], column["name"] in json)
            for column in columns.get(name, [])
        }
        # JSON is LONGTEXT with a check that MariaDB adds under the column's name.
        own_checks = [check for check in checks.get(name, []) if check["name"] not in json]
        constraints = (*_constraints(keys.get(name, [])), *map(_check, own_checks))
        state = state.put(
            Table(Name(name), own, constraints, _indexes(indexes.get(name, [])), row["comment"] or None)
        )
    for kind, query in _OTHERS.items():
        for row in _rows(connection, query):
            table = Name(row["table"]) if row["table"] else None
            state = state.put(SchemaObject(kind, Name(row["name"]), table=table))  # type: ignore[arg-type]
    return state


def _rows(connection: Connection, query: str) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.exec_driver_sql(query).mappings()]


def _by_table(connection: Connection, query: str) -> dict[str, list[dict[str, Any]]]:
    tables: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(connection, query):
        tables.setdefault(row["table"], []).append(row)
    return tables


def _column(row: dict[str, Any], usual: str, json: bool) -> Column:
    kind = SqlType("json") if json else read_type(row["type"], "mariadb")
    if row["collation"] and row["collation"] != usual and not json:
        kind = replace(kind, collation=row["collation"])
    # A nullable column without a default prints its default as NULL.
    default = None if row["default"] in (None, "NULL") else row["default"]
    generated = None
    if row["generated"]:
        stored = "STORED" in row["extra"].upper()
        generated = Generated(canonical_text(row["generated"], "mariadb"), stored)
        default = None
    if default is not None:
        default = canonical_default(default, "mariadb", kind)
    if "on update" in row["extra"]:
        # The State keeps the two halves of one clause together.
        default = f"{default or ''} ON UPDATE CURRENT_TIMESTAMP".strip()
    return Column(
        row["name"],
        kind,
        row["nullable"] == "YES",
        default,
        autoincrement="auto_increment" in row["extra"],
        generated=generated,
        comment=row["comment"] or None,
    )


def _constraints(rows: list[dict[str, Any]]) -> list[Constraint]:
    found: dict[str, Constraint] = {}
    for row in rows:
        known = found.get(row["name"])
        foreign = row["kind"] == "FOREIGN KEY"
        if known is None:
            known = Constraint(
                _KINDS[row["kind"]],  # type: ignore[arg-type]
                row["name"],
                ref_table=Name(row["ref_table"]) if foreign else None,
                ondelete=_action(row["ondelete"]),
                onupdate=_action(row["onupdate"]),
            )
        known = replace(known, columns=(*known.columns, row["column"]))
        if foreign:
            known = replace(known, ref_columns=(*known.ref_columns, row["ref_column"]))
        found[row["name"]] = known
    return list(found.values())


def _action(text: str | None) -> str | None:
    # RESTRICT and NO ACTION are the same in InnoDB, and what is meant when nothing is written.
    return None if text in (None, "RESTRICT", "NO ACTION") else text


def _check(row: dict[str, Any]) -> Constraint:
    return Constraint("check", row["name"], expression=canonical_text(row["expression"], "mariadb"))


def _indexes(rows: list[dict[str, Any]]) -> dict[str, Index]:
    found: dict[str, Index] = {}
    for row in rows:
        known = found.get(row["name"].lower()) or Index(
            row["name"], method=None if row["method"] == "BTREE" else row["method"].lower()
        )
        part = row["column"] + (f"({row['length']})" if row["length"] else "")
        assert isinstance(known.columns, tuple)
        found[row["name"].lower()] = replace(known, columns=(*known.columns, part))
    return found
