"""Queries on `information_schema` of MariaDB 10.5 and later, and of MySQL 8 (manuals, "INFORMATION_SCHEMA").

A definer is told only where it is not the one who looks.
"""

from __future__ import annotations

from typing import Final

_HERE: Final = "table_schema = DATABASE()"

TABLES: Final = f"""SELECT table_name AS `table`, table_type AS `type`, engine, table_collation
    AS `collation`,
    create_options AS `options`, table_comment AS `comment` FROM information_schema.tables
    WHERE {_HERE} AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED', 'SEQUENCE')"""
"""AUTO_INCREMENT is left out: it moves with every row."""

COLUMNS: Final = f"""SELECT table_name AS `table`, column_name AS `name`, column_type AS `type`,
    is_nullable AS `nullable`, column_default AS `default`, extra, column_comment AS `comment`,
    collation_name AS `collation`, character_set_name AS `charset`, generation_expression AS `generated`
    FROM information_schema.columns WHERE {_HERE} ORDER BY table_name, ordinal_position"""

FOREIGN_KEYS: Final = """SELECT u.table_name AS `table`, u.constraint_name AS `name`, u.column_name
    AS `column`,
    u.referenced_table_schema AS `ref_schema`, u.referenced_table_name AS `ref_table`,
    u.referenced_column_name AS `ref_column`,
    r.delete_rule AS `ondelete`, r.update_rule AS `onupdate` FROM information_schema.key_column_usage u
    JOIN information_schema.referential_constraints r ON r.constraint_schema = u.constraint_schema
        AND r.table_name = u.table_name AND r.constraint_name = u.constraint_name
    WHERE u.table_schema = DATABASE() AND u.referenced_table_name IS NOT NULL
    ORDER BY u.table_name, u.constraint_name, u.ordinal_position"""

CHECKS: Final = {
    "mariadb": """SELECT table_name AS `table`, constraint_name AS `name`, check_clause AS `expression`,
        `level`, 'YES' AS `enforced` FROM information_schema.check_constraints
        WHERE constraint_schema = DATABASE() ORDER BY table_name, constraint_name""",
    "mysql": """SELECT t.table_name AS `table`, c.constraint_name AS `name`, c.check_clause AS `expression`,
        'Table' AS `level`, t.enforced AS `enforced` FROM information_schema.check_constraints c
        JOIN information_schema.table_constraints t ON t.constraint_schema = c.constraint_schema
            AND t.constraint_name = c.constraint_name AND t.constraint_type = 'CHECK'
        WHERE c.constraint_schema = DATABASE() ORDER BY t.table_name, c.constraint_name""",
}

INDEXES: Final = f"""SELECT * FROM information_schema.statistics WHERE {_HERE}
    ORDER BY table_name, index_name, seq_in_index"""
"""Every column: whether an index is used is IGNORED in MariaDB 10.6 and IS_VISIBLE in MySQL 8."""

PARTITIONS: Final = f"""SELECT table_name AS `table`, partition_name AS `name`, subpartition_name AS `sub`,
    partition_method AS `method`, partition_expression AS `expression`, partition_description AS `bound`,
    subpartition_method AS `sub_method`, subpartition_expression AS `sub_expression`
    FROM information_schema.partitions WHERE {_HERE} AND partition_name IS NOT NULL
    ORDER BY table_name, partition_ordinal_position, subpartition_ordinal_position"""

TRIGGERS: Final = """SELECT event_object_table AS `table`, trigger_name AS `name`, CONCAT_WS(' ',
    action_timing,
    event_manipulation, action_statement) AS `definition`, action_order AS `place`, NULLIF(definer,
        CURRENT_USER()) AS `definer`, sql_mode
    FROM information_schema.triggers WHERE trigger_schema = DATABASE()"""

VIEWS: Final = {
    "mariadb": f"""SELECT table_name AS `name`, view_definition AS `definition`, check_option AS `check`,
        NULLIF(security_type, 'DEFINER') AS `security`,
        NULLIF(definer, CURRENT_USER()) AS `definer`, NULLIF(algorithm, 'UNDEFINED') AS `algorithm`
        FROM information_schema.views WHERE {_HERE}""",
    "mysql": f"""SELECT table_name AS `name`, view_definition AS `definition`, check_option AS `check`,
        NULLIF(security_type, 'DEFINER') AS `security`,
        NULLIF(definer, CURRENT_USER()) AS `definer`, NULL AS `algorithm` FROM information_schema.views
        WHERE {_HERE}""",
}

ROUTINES: Final = """SELECT r.routine_name AS `name`, r.specific_name AS `own`, r.routine_type AS `kind`,
    r.dtd_identifier AS `returned`, r.routine_definition AS `body`, r.is_deterministic AS `deterministic`,
    r.sql_data_access AS `access`, NULLIF(r.security_type, 'DEFINER') AS `security`,
    NULLIF(r.definer, CURRENT_USER()) AS `definer`, r.sql_mode,
    r.routine_comment AS `comment` FROM information_schema.routines r WHERE r.routine_schema = DATABASE()"""

PARAMETERS: Final = """SELECT p.specific_name AS `own`, p.routine_type AS `kind`, p.parameter_mode AS `mode`,
    p.parameter_name AS `name`, p.dtd_identifier AS `type` FROM information_schema.parameters p
    WHERE p.specific_schema = DATABASE() AND p.ordinal_position > 0
    ORDER BY p.specific_name, p.ordinal_position"""

EVENTS: Final = """SELECT event_name AS `name`, event_definition AS `body`, event_type AS `type`,
    execute_at AS `at`,
    interval_value AS `number`, interval_field AS `unit`, status, on_completion AS `completion`, ends,
        NULLIF(definer, CURRENT_USER()) AS `definer`,
    CASE WHEN starts <> created THEN starts END AS `starts`, event_comment AS `comment`, sql_mode
    FROM information_schema.events WHERE event_schema = DATABASE()"""
"""An event starts when it is made unless it says otherwise."""

GRANTS: Final = """SELECT grantee, table_name AS `table`, NULL AS `column`, privilege_type AS `privilege`,
    is_grantable AS `grantable` FROM information_schema.table_privileges WHERE table_schema = DATABASE()
    UNION ALL SELECT grantee, table_name, column_name, privilege_type, is_grantable
    FROM information_schema.column_privileges WHERE table_schema = DATABASE()
    UNION ALL SELECT grantee, NULL, NULL, privilege_type, is_grantable
    FROM information_schema.schema_privileges WHERE table_schema = DATABASE()
    ORDER BY 1, 2, 3, 4"""

DATABASE: Final = """SELECT default_character_set_name AS `charset`, default_collation_name AS `collation`
    FROM information_schema.schemata WHERE schema_name = DATABASE()"""
