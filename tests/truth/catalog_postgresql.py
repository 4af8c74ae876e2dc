"""Reads all that a PostgreSQL database holds, straight from the system catalogues."""

from __future__ import annotations

from collections import Counter

from sqlalchemy.engine import Connection

from tests.truth.prepared import rows
from tests.truth.snapshot import Contents, Snapshot, Subject

# Names are written without `public`; system schemas and what an extension owns are left out.
_OWN = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
_NAME = "CASE WHEN n.nspname = 'public' THEN {0} ELSE n.nspname || '.' || {0} END"
_NO_EXTENSION = "NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.objid = {0}.oid AND e.deptype = 'e')"


def _name(column: str) -> str:
    return _NAME.format(column)


_RELATION = f"{_name('c.relname')}"

# Every query gives the object's name first, then its fields under their names.
_QUERIES: dict[str, str] = {
    "schema": f"""SELECT n.nspname AS name, obj_description(n.oid, 'pg_namespace') AS comment
        FROM pg_namespace n WHERE {_OWN}""",
    "table": f"""SELECT {_RELATION} AS name, c.relkind::text AS kind, c.relpersistence::text AS persistence,
        array_to_string(c.reloptions, ', ') AS options, c.relrowsecurity::text AS row_security,
        c.relforcerowsecurity::text AS force_row_security, c.relreplident::text AS replica_identity,
        pg_get_partkeydef(c.oid) AS partitioned_by, pg_get_expr(c.relpartbound, c.oid) AS bound,
        (SELECT string_agg(i.inhparent::regclass::text, ', ') FROM pg_inherits i
            WHERE i.inhrelid = c.oid) AS parent,
        coalesce(c.relacl, acldefault('r', c.relowner))::text AS granted,
        obj_description(c.oid, 'pg_class') AS comment
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'f') AND {_OWN}""",
    "column": f"""SELECT {_RELATION} || '.' || a.attname AS name,
        format_type(a.atttypid, a.atttypmod) AS type,
        (NOT a.attnotnull)::text AS nullable,
        CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END AS "default",
        CASE WHEN a.attgenerated <> '' THEN a.attgenerated::text || ' ' || pg_get_expr(d.adbin, d.adrelid)
            END AS generated,
        a.attidentity::text AS identity,
        (SELECT collname FROM pg_collation o WHERE o.oid = a.attcollation
            AND a.attcollation <> (SELECT typcollation FROM pg_type t WHERE t.oid = a.atttypid)) AS collation,
        col_description(c.oid, a.attnum) AS comment
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND {_OWN}""",
    "constraint": f"""SELECT {_RELATION} || '.' || k.conname AS name, k.contype::text AS kind,
        pg_get_constraintdef(k.oid) AS definition, k.convalidated::text AS validated,
        obj_description(k.oid, 'pg_constraint') AS comment
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE k.contype <> 'n' AND k.contype <> 't' AND {_OWN}""",
    "index": f"""SELECT {_RELATION} || '.' || x.relname AS name, pg_get_indexdef(x.oid) AS definition,
        i.indisvalid::text AS valid, obj_description(x.oid, 'pg_class') AS comment
        FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'm') AND {_OWN}
        AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid
            AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x'))""",
    "view": f"""SELECT {_RELATION} AS name, c.relkind::text AS kind, pg_get_viewdef(c.oid) AS definition,
        array_to_string(c.reloptions, ', ') AS options, obj_description(c.oid, 'pg_class') AS comment
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('v', 'm') AND {_OWN} AND {_NO_EXTENSION.format("c")}""",
    "type": f"""SELECT {_name("t.typname")} AS name, t.typtype::text AS kind,
        (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e
            WHERE e.enumtypid = t.oid) AS labels,
        CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END AS base,
        t.typnotnull::text AS not_null, t.typdefault AS "default",
        (SELECT string_agg(k.conname || ' ' || pg_get_constraintdef(k.oid), ', ' ORDER BY k.conname)
            FROM pg_constraint k WHERE k.contypid = t.oid) AS constraints,
        (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = t.typrelid AND t.typtype = 'c'
            AND NOT a.attisdropped) AS fields
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
        WHERE {_OWN} AND {_NO_EXTENSION.format("t")} AND (t.typtype IN ('e', 'd', 'r')
            OR t.typtype = 'c' AND EXISTS (SELECT 1 FROM pg_class c
                WHERE c.oid = t.typrelid AND c.relkind = 'c'))""",
    "sequence": f"""SELECT {_RELATION} AS name, format_type(s.seqtypid, NULL) AS type,
        s.seqstart::text AS start,
        s.seqincrement::text AS increment, s.seqmin::text AS minimum, s.seqmax::text AS maximum,
        s.seqcache::text AS cache, s.seqcycle::text AS cycle,
        (SELECT d.refobjid::regclass::text || '.' || a.attname FROM pg_depend d
            JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
            WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass
            AND d.deptype IN ('a', 'i')) AS owned_by
        FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {_OWN}""",
    "trigger": f"""SELECT {_RELATION} || '.' || t.tgname AS name, pg_get_triggerdef(t.oid) AS definition,
        t.tgenabled::text AS enabled
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE NOT t.tgisinternal AND {_OWN}""",
    "function": f"""SELECT
        {_name("p.proname")} || '(' || oidvectortypes(p.proargtypes) || ')' AS name,
        pg_get_functiondef(p.oid) AS definition
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.prokind IN ('f', 'p') AND {_OWN} AND {_NO_EXTENSION.format("p")}""",
    "extension": "SELECT extname AS name FROM pg_extension WHERE extname <> 'plpgsql'",
    "policy": f"""SELECT {_RELATION} || '.' || p.polname AS name, p.polcmd::text AS command,
        p.polpermissive::text AS permissive, pg_get_expr(p.polqual, p.polrelid) AS using,
        pg_get_expr(p.polwithcheck, p.polrelid) AS with_check, p.polroles::text AS roles
        FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {_OWN}""",
    "rule": f"""SELECT {_RELATION} || '.' || r.rulename AS name, pg_get_ruledef(r.oid) AS definition
        FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE r.rulename <> '_RETURN' AND {_OWN}""",
    "statistics": f"""SELECT {_name("s.stxname")} AS name, pg_get_statisticsobjdef(s.oid) AS definition
        FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE {_OWN}""",
}

_RELATIONS = f"""SELECT {_RELATION} AS name,
    quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS quoted,
    array_agg(a.attname::text ORDER BY a.attname) AS columns
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND {_OWN} GROUP BY 1, 2"""

_SEQUENCES = f"""SELECT {_RELATION} AS name, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS quoted
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S' AND {_OWN}
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass
        AND d.deptype IN ('a', 'i'))"""

_RESET = f"""DO $$ DECLARE it record; BEGIN
    FOR it IN SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' LOOP
        EXECUTE 'DROP EXTENSION ' || quote_ident(it.extname) || ' CASCADE';
    END LOOP;
    FOR it IN SELECT nspname FROM pg_namespace n WHERE {_OWN} LOOP
        EXECUTE 'DROP SCHEMA ' || quote_ident(it.nspname) || ' CASCADE';
    END LOOP;
    CREATE SCHEMA public;
END $$"""


def reset(connection: Connection) -> None:
    """Empties the database."""
    connection.exec_driver_sql(_RESET)


def read(connection: Connection) -> Snapshot:
    """Returns all that the database holds, without Alembic's own table."""
    schema: dict[Subject, dict[str, str]] = {}
    for kind, query in _QUERIES.items():
        for row in rows(connection, query):
            fields = {key: str(value) for key, value in row.items() if value not in (None, "")}
            name = fields.pop("name")
            if name.partition(".")[0] != "alembic_version":
                schema[kind, name] = fields
    contents: dict[str, Contents] = {}
    for relation in rows(connection, _RELATIONS):
        columns = relation["columns"]
        if relation["name"] == "alembic_version":
            continue
        # As text: the driver's own values would hide differences (the two spellings of one JSON).
        chosen = ", ".join('"' + column.replace('"', '""') + '"::text' for column in columns)
        query = f"SELECT {chosen} FROM {relation['quoted']}"
        found = connection.exec_driver_sql(query.replace("%", "%%"))
        counted = Counter(tuple("NULL" if value is None else repr(value) for value in row) for row in found)
        contents[relation["name"]] = Contents(tuple(columns), counted)
    positions = {}
    for sequence in rows(connection, _SEQUENCES):
        at = connection.exec_driver_sql(f"SELECT last_value, is_called FROM {sequence['quoted']}").one()
        positions[sequence["name"]] = str(at[0] + 1 if at[1] else at[0])
    return Snapshot(schema, contents, positions)
