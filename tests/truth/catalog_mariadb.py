"""Reads all that a MariaDB database holds, from `information_schema`."""

from __future__ import annotations

from collections import Counter

from sqlalchemy.engine import Connection

from tests.truth.snapshot import Contents, Snapshot, Subject

_QUERIES: dict[str, str] = {
    "table": """SELECT table_name AS name, engine, table_collation AS collation, table_comment AS comment
        FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'""",
    "column": """SELECT CONCAT(c.table_name, '.', c.column_name) AS name, c.column_type AS type,
        c.is_nullable AS nullable, c.column_default AS `default`, c.collation_name AS collation, c.extra,
        c.column_comment AS comment, c.generation_expression AS generated
        FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE'""",
    "constraint": """SELECT CONCAT(k.table_name, '.', k.constraint_name) AS name, k.constraint_type AS kind,
        (SELECT GROUP_CONCAT(u.column_name ORDER BY u.ordinal_position)
            FROM information_schema.key_column_usage u
            WHERE u.table_schema = k.table_schema AND u.table_name = k.table_name
            AND u.constraint_name = k.constraint_name) AS columns,
        (SELECT GROUP_CONCAT(u.referenced_table_name, '.', u.referenced_column_name
            ORDER BY u.ordinal_position)
            FROM information_schema.key_column_usage u
            WHERE u.table_schema = k.table_schema AND u.table_name = k.table_name
            AND u.constraint_name = k.constraint_name) AS target,
        (SELECT c.check_clause FROM information_schema.check_constraints c
            WHERE c.constraint_schema = k.table_schema AND c.table_name = k.table_name
            AND c.constraint_name = k.constraint_name) AS expression,
        (SELECT CONCAT(r.delete_rule, ' ', r.update_rule) FROM information_schema.referential_constraints r
            WHERE r.constraint_schema = k.table_schema AND r.table_name = k.table_name
            AND r.constraint_name = k.constraint_name) AS actions
        FROM information_schema.table_constraints k WHERE k.table_schema = DATABASE()""",
    "index": """SELECT CONCAT(table_name, '.', index_name) AS name, MIN(index_type) AS kind,
        MIN(non_unique) AS non_unique,
        GROUP_CONCAT(CONCAT(column_name, IFNULL(CONCAT('(', sub_part, ')'), ''))
            ORDER BY seq_in_index) AS columns
        FROM information_schema.statistics WHERE table_schema = DATABASE() AND index_name <> 'PRIMARY'
        GROUP BY table_name, index_name""",
    "view": """SELECT table_name AS name, view_definition AS definition, security_type AS security
        FROM information_schema.views WHERE table_schema = DATABASE()""",
    "trigger": """SELECT CONCAT(event_object_table, '.', trigger_name) AS name,
        CONCAT(action_timing, ' ', event_manipulation, ' ', action_statement) AS definition
        FROM information_schema.triggers WHERE trigger_schema = DATABASE()""",
    "function": """SELECT CONCAT(routine_name, '()') AS name, routine_type AS kind, data_type AS returned,
        routine_definition AS definition FROM information_schema.routines
        WHERE routine_schema = DATABASE()""",
    "sequence": """SELECT table_name AS name FROM information_schema.tables
        WHERE table_schema = DATABASE() AND table_type = 'SEQUENCE'""",
}

_TABLES = """SELECT table_name FROM information_schema.tables
    WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' AND table_name <> 'alembic_version'"""


def reset(connection: Connection) -> None:
    """Empties the database."""
    name = connection.exec_driver_sql("SELECT DATABASE()").scalar_one()
    connection.exec_driver_sql(f"DROP DATABASE {name}")
    connection.exec_driver_sql(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    connection.exec_driver_sql(f"USE {name}")


def read(connection: Connection) -> Snapshot:
    """Returns all that the database holds, without Alembic's own table."""
    schema: dict[Subject, dict[str, str]] = {}
    for kind, query in _QUERIES.items():
        for row in connection.exec_driver_sql(query).mappings():
            fields = {key.lower(): str(value) for key, value in row.items() if value not in (None, "")}
            name = fields.pop("name")
            if name.partition(".")[0] != "alembic_version":
                schema[kind, name] = fields
    rows = {}
    for (table,) in connection.exec_driver_sql(_TABLES).all():
        result = connection.exec_driver_sql(f"SELECT * FROM `{table}`")
        keys = list(result.keys())
        columns = tuple(sorted(keys))
        places = [keys.index(column) for column in columns]
        counted = Counter(tuple(repr(row[place]) for place in places) for row in result)
        rows[table] = Contents(columns, counted)
    return Snapshot(schema, rows)
