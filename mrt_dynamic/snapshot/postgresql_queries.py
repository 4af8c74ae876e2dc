"""Queries on PostgreSQL's system catalogues (manual, chapter "System Catalogs"), for versions 12 to 18.

Each gives one row for each object. `$1` is an array of the oids of relations. A part in `{braces}` depends
on the version; `queries_for` fills it in.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

_OWN: Final = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
_FIRST: Final = 16384
"""The first oid of an object that initdb did not make (FirstNormalObjectId in transam.h)."""


def _standing(row: str, catalogue: str) -> str:
    """Returns the condition that no extension brought the object along."""
    return f"""{row}.oid NOT IN (SELECT e.objid FROM pg_depend e WHERE e.deptype = 'e'
        AND e.refclassid = 'pg_extension'::regclass AND e.classid = '{catalogue}'::regclass)"""


def _mark(row: str) -> str:
    # A row that is changed is written anew, by another transaction: the number of that one tells it.
    # Numbers of transactions cannot be cast, but age() counts back from the same one for all rows. It is
    # 2147483647 for what initdb wrote.
    return f"hashint8extended((SELECT age('3'::xid))::bigint - nullif(age({row}.xmin), 2147483647), 0)"


def _marks(catalogue: str, relation: str, condition: str = "true") -> str:
    return f"SELECT x.{relation} AS oid, {_mark('x')} AS mark FROM {catalogue} x WHERE {condition}"


def _comments(catalogue: str, relation: str) -> str:
    return f"""SELECT x.{relation}, {_mark("d")} FROM pg_description d JOIN {catalogue} x ON x.oid = d.objoid
        WHERE d.classoid = '{catalogue}'::regclass AND d.objoid >= {_FIRST}"""


_PARTS_OF_RELATIONS: Final = [
    _marks("pg_attribute", "attrelid", f"x.attrelid >= {_FIRST} AND x.attnum > 0"),
    _marks("pg_attrdef", "adrelid"),
    _marks("pg_constraint", "conrelid", "x.conrelid <> 0"),
    _marks("pg_index", "indrelid", f"x.indexrelid >= {_FIRST}"),
    f"""SELECT x.indrelid, {_mark("i")} FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
            WHERE x.indexrelid >= {_FIRST}""",
    _marks("pg_trigger", "tgrelid"),
    _marks("pg_policy", "polrelid"),
    _marks("pg_rewrite", "ev_class", f"x.oid >= {_FIRST}"),
    _marks("pg_inherits", "inhrelid"),
    _marks("pg_statistic_ext", "stxrelid"),
    _marks("pg_sequence", "seqrelid"),
    _marks("pg_foreign_table", "ftrelid"),
    # OWNED BY is written down here and nowhere else.
    _marks(
        "pg_depend",
        "objid",
        f"""x.classid = 'pg_class'::regclass AND x.refclassid = 'pg_class'::regclass
            AND x.deptype IN ('a', 'i') AND x.objid >= {_FIRST} AND x.objsubid = 0""",
    ),
    _marks(
        "pg_depend",
        "refobjid",
        f"""x.refclassid = 'pg_class'::regclass AND x.classid = 'pg_class'::regclass
            AND x.deptype IN ('a', 'i') AND x.objid >= {_FIRST} AND x.objsubid = 0 AND x.refobjsubid > 0""",
    ),
    _marks("pg_description", "objoid", f"x.classoid = 'pg_class'::regclass AND x.objoid >= {_FIRST}"),
    f"""SELECT x.indrelid, {_mark("d")} FROM pg_description d JOIN pg_index x ON x.indexrelid = d.objoid
            WHERE d.classoid = 'pg_class'::regclass AND d.objoid >= {_FIRST}""",
    _comments("pg_constraint", "conrelid"),
    _comments("pg_trigger", "tgrelid"),
    _comments("pg_policy", "polrelid"),
    _comments("pg_rewrite", "ev_class"),
    _comments("pg_statistic_ext", "stxrelid"),
]

# The name comes along with the marks: to look it up for each would cost more than all of them.
_OF_RELATIONS: Final = " UNION ALL ".join(
    [
        f"""SELECT x.oid, {_mark("x")} AS mark, x.relname::text AS name, x.relnamespace AS namespace,
            x.relkind::text AS kind FROM pg_class x
            WHERE x.oid >= {_FIRST} AND x.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'c')""",
        *(f"SELECT a.*, NULL, NULL, NULL FROM ({part}) a" for part in _PARTS_OF_RELATIONS),
    ]
)


# Some builds (measured: Debian's 15.20) write an option of their own, `pg_attver`, into every new column; its
# value is another one whenever the column is made.
_SAID: Final = "(SELECT string_agg(o, ', ') FROM unnest(a.attoptions) o WHERE left(o, 3) <> 'pg_')"


def _group(name: str, *parts: str) -> str:
    return f"""SELECT 0, '{name}', '', '', (SELECT sum(g.mark)::text FROM ({" UNION ALL ".join(parts)}) g)"""


def _described(catalogue: str) -> str:
    condition = f"x.classoid = '{catalogue}'::regclass AND x.objoid >= {_FIRST}"
    return _marks("pg_description", "objoid", condition)


_MARKS: Final = " UNION ALL ".join(
    [
        f"""SELECT c.oid::bigint AS oid, c.name, n.nspname::text AS schema, c.kind, c.mark FROM (
                SELECT u.oid, sum(u.mark)::text AS mark, max(u.name) AS name, max(u.namespace) AS namespace,
                max(u.kind) AS kind FROM ({_OF_RELATIONS}) u GROUP BY u.oid) c
            JOIN pg_namespace n ON n.oid = c.namespace
            WHERE {_OWN} AND {_standing("c", "pg_class")}""",
        _group("schema", _marks("pg_namespace", "oid"), _described("pg_namespace")),
        _group(
            "type",
            _marks("pg_type", "oid", f"x.oid >= {_FIRST} AND x.typtype IN ('d', 'e', 'r', 'b')"
                   " AND x.typcategory <> 'A' AND x.typrelid = 0"),
            _marks("pg_enum", "oid"),
            _marks("pg_range", "rngtypid", f"x.rngtypid >= {_FIRST}"),
            _marks("pg_constraint", "oid", "x.contypid <> 0"),
            _described("pg_type"),
            f"""SELECT x.oid, {_mark("d")} FROM pg_description d JOIN pg_constraint x ON x.oid = d.objoid
                WHERE d.classoid = 'pg_constraint'::regclass AND d.objoid >= {_FIRST} AND x.contypid <> 0""",
        ),
        _group("function", _marks("pg_proc", "oid", f"x.oid >= {_FIRST}"), _described("pg_proc")),
        _group(
            "other",
            *(
                _marks(catalogue, "oid", f"x.oid >= {_FIRST}")
                for catalogue in (
                    "pg_extension", "pg_collation", "pg_cast", "pg_operator", "pg_opclass",
                    "pg_event_trigger",
                    "pg_publication", "pg_publication_rel", "pg_foreign_data_wrapper", "pg_foreign_server",
                    "pg_ts_config", "pg_ts_dict", "pg_default_acl", "pg_language",
                )
            ),
            _marks("pg_ts_config_map", "mapcfg", f"x.mapcfg >= {_FIRST}"),
            f"""SELECT 0, {_mark("x")} FROM pg_db_role_setting x
                WHERE x.setdatabase = (SELECT d.oid FROM pg_database d
                WHERE d.datname = current_database())""",
            *(
                _described(catalogue)
                for catalogue in ("pg_extension", "pg_collation", "pg_operator", "pg_event_trigger")
            ),
        ),
    ]
)  # fmt: skip

_RELATIONS: Final = """SELECT c.oid::bigint AS oid, c.relname::text AS name, n.nspname::text AS schema,
    c.relkind::text AS kind, c.relpersistence::text AS persistence, c.reloptions AS settings,
    t.reloptions AS toast_settings, c.relrowsecurity AS row_security,
    c.relforcerowsecurity AS row_security_forced, c.relreplident::text AS replica_identity,
    (SELECT am.amname::text FROM pg_am am WHERE am.oid = c.relam AND am.amname <> 'heap') AS access_method,
    (SELECT s.spcname::text FROM pg_tablespace s WHERE s.oid = c.reltablespace) AS tablespace,
    pg_get_partkeydef(c.oid) AS partition_by, pg_get_expr(c.relpartbound, c.oid) AS bound,
    (SELECT array_agg(i.inhparent::regclass::text ORDER BY i.inhseqno) FROM pg_inherits i
        WHERE i.inhrelid = c.oid) AS parents,
    CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END AS of_type,
    (SELECT array_agg(DISTINCT g.tgenabled::text) FROM pg_trigger g
        WHERE g.tgrelid = c.oid AND g.tgisinternal AND g.tgenabled <> 'O') AS internal_triggers,
    (SELECT s.srvname || ' ' || coalesce(array_to_string(f.ftoptions, ', '), '') FROM pg_foreign_table f
        JOIN pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid) AS server,
    CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS definition,
    c.relispopulated AS populated, obj_description(c.oid, 'pg_class') AS comment,
    nullif(pg_get_userbyid(c.relowner), current_user)::text AS owner, c.relacl::text[] AS acl,
    CASE WHEN c.relacl IS NOT NULL
        THEN acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner)::text[] END
        AS usual
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_class t ON t.oid = c.reltoastrelid WHERE c.oid = ANY($1)"""

_COLUMNS: Final = f"""SELECT a.attrelid::bigint AS oid, a.attnum::integer AS number, a.attname::text AS name,
    format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable,
    pg_get_expr(d.adbin, d.adrelid) AS "default", a.attidentity::text AS identity,
    a.attgenerated::text AS generated, col_description(a.attrelid, a.attnum) AS comment,
    (SELECT CASE WHEN o.collnamespace = 'pg_catalog'::regnamespace THEN o.collname::text
            ELSE o.collnamespace::regnamespace::text || '.' || o.collname END
        FROM pg_collation o WHERE o.oid = a.attcollation AND a.attcollation <> t.typcollation) AS collation,
    CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END AS storage,
    {{compression}} AS compression, nullif(a.attstattarget, -1)::integer AS statistics,
    {_SAID} AS settings, a.attacl::text[] AS acl,
    pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(' || chr(37) AND EXISTS (
        SELECT 1 FROM pg_depend s JOIN pg_class q ON q.oid = s.objid AND q.relkind = 'S'
        WHERE s.refclassid = 'pg_class'::regclass AND s.refobjid = a.attrelid AND s.refobjsubid = a.attnum
        AND s.classid = 'pg_class'::regclass AND s.deptype = 'a' AND q.relname ~ '_seq[0-9]*$'
        AND EXISTS (SELECT 1 FROM pg_depend u WHERE u.classid = 'pg_attrdef'::regclass AND u.objid = d.oid
            AND u.refclassid = 'pg_class'::regclass AND u.refobjid = q.oid)) AS serial
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = ANY($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum"""

_CONSTRAINTS: Final = """SELECT k.conrelid::bigint AS oid, k.conname::text AS name, k.contype::text AS kind,
    (SELECT array_agg(a.attname::text ORDER BY p.place)
        FROM unnest(k.conkey) WITH ORDINALITY AS p (number, place)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = p.number) AS columns,
    (SELECT array_agg(a.attname::text ORDER BY p.place)
        FROM unnest(k.confkey) WITH ORDINALITY AS p (number, place)
        JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = p.number) AS ref_columns,
    f.relname::text AS ref_name, fn.nspname::text AS ref_schema, k.confdeltype::text AS ondelete,
    k.confupdtype::text AS onupdate, k.confmatchtype::text AS match, k.condeferrable AS deferrable,
    k.condeferred AS deferred, k.convalidated AS validated, pg_get_expr(k.conbin, k.conrelid) AS expression,
    pg_get_constraintdef(k.oid) AS definition, k.connoinherit AS no_inherit, {enforced} AS enforced,
    {period} AS period, obj_description(k.oid, 'pg_constraint') AS comment, x.reloptions AS settings,
    (SELECT s.spcname::text FROM pg_tablespace s WHERE s.oid = x.reltablespace) AS tablespace,
    (SELECT array_agg(pg_get_indexdef(i.indexrelid, n, false) ORDER BY n)
        FROM generate_series(i.indnkeyatts + 1, i.indnatts) n) AS include,
    i.indisclustered AS clustered, i.indisreplident AS replica_identity
    FROM pg_constraint k
    LEFT JOIN pg_class f ON f.oid = k.confrelid LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
    LEFT JOIN pg_index i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
    LEFT JOIN pg_class x ON x.oid = i.indexrelid
    WHERE k.conrelid = ANY($1) AND k.contype IN ('p', 'u', 'f', 'c', 'x', 'n')
    ORDER BY k.conrelid, k.contype, k.conname"""

_INDEXES: Final = """SELECT i.indrelid::bigint AS oid, x.relname::text AS name, i.indisunique AS unique,
    m.amname::text AS method,
    pg_get_expr(i.indpred, i.indrelid) AS "where", i.indnkeyatts::integer AS keys,
    {not_distinct} AS not_distinct,
    (SELECT array_agg(pg_get_indexdef(i.indexrelid, n, false) ORDER BY n)
        FROM generate_series(1, i.indnatts) n) AS parts,
    (SELECT array_agg(i.indkey[n - 1] = 0 ORDER BY n) FROM generate_series(1, i.indnatts) n) AS computed,
    (SELECT array_agg(i.indoption[n - 1]::integer ORDER BY n)
        FROM generate_series(1, i.indnkeyatts) n) AS options,
    (SELECT array_agg(CASE WHEN o.opcdefault THEN NULL ELSE o.opcname::text END ORDER BY n)
        FROM generate_series(1, i.indnkeyatts) n JOIN pg_opclass o ON o.oid = i.indclass[n - 1]) AS classes,
    (SELECT array_agg((SELECT o.collname::text FROM pg_collation o WHERE o.oid = i.indcollation[n - 1]
            AND o.oid <> coalesce((SELECT a.attcollation FROM pg_attribute a
                WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[n - 1]), 100)) ORDER BY n)
        FROM generate_series(1, i.indnkeyatts) n) AS collations,
    (SELECT array_agg(a.attname || ' ' || {class_options} ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = i.indexrelid AND {class_options} IS NOT NULL) AS class_options,
    x.reloptions AS settings, i.indisvalid AS valid, i.indisclustered AS clustered,
    i.indisreplident AS replica_identity,
    (SELECT s.spcname::text FROM pg_tablespace s WHERE s.oid = x.reltablespace) AS tablespace,
    obj_description(x.oid, 'pg_class') AS comment, pg_get_indexdef(x.oid) AS definition
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
    WHERE i.indrelid = ANY($1) AND NOT EXISTS (SELECT 1 FROM pg_constraint k
        WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x'))
    ORDER BY i.indrelid, x.relname"""

_BELONGING: Final = """SELECT t.tgrelid::bigint AS oid, 'trigger' AS kind, t.tgname::text AS name,
    pg_get_triggerdef(t.oid) AS definition,
    CASE t.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica only' WHEN 'A' THEN 'always' END
        AS state,
    obj_description(t.oid, 'pg_trigger') AS comment
    FROM pg_trigger t WHERE NOT t.tgisinternal AND t.tgrelid = ANY($1)
    UNION ALL SELECT p.polrelid::bigint, 'policy', p.polname::text,
    CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END || ' FOR '
    || CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
        WHEN 'd' THEN 'DELETE' ELSE 'ALL' END
    || ' TO ' || (SELECT string_agg(CASE WHEN r = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(r)::text END, ', '
        ORDER BY 1) FROM unnest(p.polroles) r)
    || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
    || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', ''),
    NULL, obj_description(p.oid, 'pg_policy')
    FROM pg_policy p WHERE p.polrelid = ANY($1)
    UNION ALL SELECT r.ev_class::bigint, 'rule', r.rulename::text, pg_get_ruledef(r.oid),
    CASE r.ev_enabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica only' WHEN 'A' THEN 'always' END,
    obj_description(r.oid, 'pg_rewrite')
    FROM pg_rewrite r WHERE r.rulename <> '_RETURN' AND r.ev_class = ANY($1)
    UNION ALL SELECT s.stxrelid::bigint, 'statistics', s.stxnamespace::regnamespace::text || '.' || s.stxname,
    pg_get_statisticsobjdef(s.oid), {statistics_target}, obj_description(s.oid, 'pg_statistic_ext')
    FROM pg_statistic_ext s WHERE s.stxrelid = ANY($1)"""

_SEQUENCES: Final = """SELECT s.seqrelid::bigint AS oid,
    'as ' || format_type(s.seqtypid, NULL) || ' start ' || s.seqstart || ' increment ' || s.seqincrement
    || ' minvalue ' || s.seqmin || ' maxvalue ' || s.seqmax || ' cache ' || s.seqcache
    || CASE WHEN s.seqcycle THEN ' cycle' ELSE '' END AS definition,
    d.deptype = 'i' AS internal, t.relname::text AS "table", n.nspname::text AS table_schema,
    a.attname::text AS column
    FROM pg_sequence s LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid
        AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    LEFT JOIN pg_class t ON t.oid = d.refobjid LEFT JOIN pg_namespace n ON n.oid = t.relnamespace
    LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE s.seqrelid = ANY($1)"""

_SCHEMAS: Final = f"""SELECT n.nspname::text AS name, n.nspname::text AS key, 'public' AS schema, NULL
    AS definition,
    nullif(obj_description(n.oid, 'pg_namespace'), 'standard public schema') AS comment,
    nullif(pg_get_userbyid(n.nspowner), current_user)::text AS owner, n.nspacl::text[] AS acl,
        acldefault('n', n.nspowner)::text[] AS usual
    FROM pg_namespace n WHERE {_OWN}"""

_TYPES: Final = f"""SELECT t.oid::bigint AS key, t.typname::text AS name, n.nspname::text AS schema,
    t.typtype::text AS kind,
    (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e
        WHERE e.enumtypid = t.oid) AS labels,
    CASE t.typtype
    WHEN 'd' THEN 'domain over ' || format_type(t.typbasetype, t.typtypmod)
        || coalesce((SELECT ' collate ' || o.collname FROM pg_collation o WHERE o.oid = t.typcollation
            AND o.oid <> (SELECT b.typcollation FROM pg_type b WHERE b.oid = t.typbasetype)), '')
        || CASE WHEN t.typnotnull THEN ' not null' ELSE '' END || coalesce(' default ' || t.typdefault, '')
        || coalesce((SELECT string_agg(' constraint ' || k.conname || ' ' || pg_get_constraintdef(k.oid)
            || coalesce(' comment ' || quote_literal(obj_description(k.oid, 'pg_constraint')), ''), ''
            ORDER BY k.conname) FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'), '')
    WHEN 'c' THEN 'composite of ' || coalesce((SELECT string_agg(
            quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
            || coalesce((SELECT ' collate ' || o.collname FROM pg_collation o WHERE o.oid = a.attcollation
                AND o.oid <> (SELECT b.typcollation FROM pg_type b WHERE b.oid = a.atttypid)), ''), ', '
            ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = t.typrelid AND NOT a.attisdropped), '')
    WHEN 'r' THEN (SELECT 'range over ' || format_type(r.rngsubtype, NULL) || ' with ' || o.opcname
            || coalesce((SELECT ' collate ' || l.collname FROM pg_collation l WHERE l.oid = r.rngcollation
                AND l.oid <> (SELECT b.typcollation FROM pg_type b WHERE b.oid = r.rngsubtype)), '')
            || CASE WHEN r.rngcanonical::oid <> 0 THEN ' canonical ' || r.rngcanonical ELSE '' END
            || CASE WHEN r.rngsubdiff::oid <> 0 THEN ' difference ' || r.rngsubdiff ELSE '' END
        FROM pg_range r JOIN pg_opclass o ON o.oid = r.rngsubopc WHERE r.rngtypid = t.oid)
    ELSE 'base type of ' || t.typinput END AS definition,
    obj_description(t.oid, 'pg_type') AS comment, nullif(pg_get_userbyid(t.typowner), current_user)::text
        AS owner,
    t.typacl::text[] AS acl, acldefault('T', t.typowner)::text[] AS usual
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE {_OWN} AND {_standing("t", "pg_type")} AND (t.typtype IN ('e', 'd', 'r')
        OR t.typtype = 'b' AND t.typcategory <> 'A'
        OR t.typtype = 'c' AND EXISTS (SELECT 1 FROM pg_class c WHERE c.oid = t.typrelid
        AND c.relkind = 'c'))"""

_FUNCTIONS: Final = f"""SELECT p.oid::bigint AS key, p.proname::text AS name, n.nspname::text AS schema,
    oidvectortypes(p.proargtypes) AS arguments, p.prokind::text AS kind,
    CASE p.prokind WHEN 'a' THEN (SELECT 'aggregate returns ' || format_type(p.prorettype, NULL) || ' state '
            || format_type(a.aggtranstype, NULL) || ' '
            || (to_jsonb(a) - 'aggtranstype' - 'aggmtranstype' - 'aggfnoid')::text
        FROM pg_aggregate a WHERE a.aggfnoid = p.oid)
        ELSE pg_get_functiondef(p.oid) END AS definition,
    obj_description(p.oid, 'pg_proc') AS comment, nullif(pg_get_userbyid(p.proowner), current_user)::text
        AS owner,
    p.proacl::text[] AS acl, acldefault('f', p.proowner)::text[] AS usual
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.oid >= {_FIRST} AND {_OWN} AND {_standing("p", "pg_proc")}
    AND NOT EXISTS (SELECT 1 FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid
        AND i.deptype = 'i')"""
"""Without the constructors that a range type brings along."""

_OTHERS: Final = f"""SELECT 'extension' AS kind, e.extname::text AS name, 'public' AS schema,
    'version ' || e.extversion || ' in ' || e.extnamespace::regnamespace AS definition,
    NULL::text AS comment, NULL::text AS owner, NULL::text[] AS acl, NULL::text[] AS usual
    FROM pg_extension e WHERE e.extname <> 'plpgsql'
    UNION ALL SELECT 'collation', c.collname, n.nspname,
    (to_jsonb(c) - 'oid' - 'collnamespace' - 'collowner' - 'collversion')::text,
    obj_description(c.oid, 'pg_collation'), nullif(pg_get_userbyid(c.collowner), current_user)::text,
        NULL, NULL
    FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
    WHERE c.oid >= {_FIRST} AND {_OWN} AND {_standing("c", "pg_collation")}
    UNION ALL SELECT 'cast', format_type(c.castsource, NULL) || ' as ' || format_type(c.casttarget, NULL),
    'public',
    c.castmethod::text || c.castcontext::text || CASE WHEN c.castfunc <> 0 THEN c.castfunc::regprocedure::text
        ELSE '' END, obj_description(c.oid, 'pg_cast'), NULL, NULL, NULL
    FROM pg_cast c WHERE c.oid >= {_FIRST} AND {_standing("c", "pg_cast")}
    UNION ALL SELECT 'operator', o.oprname || '(' || format_type(o.oprleft, NULL) || ', '
    || format_type(o.oprright, NULL) || ')', n.nspname, o.oprcode || ' ' || o.oprcanmerge || ' '
    || o.oprcanhash
    || ' ' || o.oprcom::regoperator || ' ' || o.oprnegate::regoperator || ' ' || o.oprrest || ' '
    || o.oprjoin,
    obj_description(o.oid, 'pg_operator'), nullif(pg_get_userbyid(o.oprowner), current_user)::text, NULL, NULL
    FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
    WHERE o.oid >= {_FIRST} AND {_OWN} AND {_standing("o", "pg_operator")}
    UNION ALL SELECT 'operator class', o.opcname || ' using ' || m.amname, n.nspname,
    format_type(o.opcintype, NULL) || CASE WHEN o.opcdefault THEN ' default' ELSE '' END, NULL,
    nullif(pg_get_userbyid(o.opcowner), current_user)::text, NULL, NULL
    FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace JOIN pg_am m ON m.oid = o.opcmethod
    WHERE o.oid >= {_FIRST} AND {_OWN} AND {_standing("o", "pg_opclass")}
    UNION ALL SELECT 'event trigger', t.evtname, 'public', 'on ' || t.evtevent || ' '
    || coalesce(array_to_string(t.evttags, ', '), '') || ' ' || t.evtfoid::regprocedure || ' '
    || t.evtenabled::text,
    obj_description(t.oid, 'pg_event_trigger'), nullif(pg_get_userbyid(t.evtowner), current_user)::text,
        NULL, NULL
    FROM pg_event_trigger t WHERE {_standing("t", "pg_event_trigger")}
    UNION ALL SELECT 'publication', p.pubname, 'public', (to_jsonb(p) - 'oid' - 'pubowner')::text || ' '
    || coalesce((SELECT string_agg(r.prrelid::regclass::text, ', ' ORDER BY r.prrelid::regclass::text)
        FROM pg_publication_rel r WHERE r.prpubid = p.oid), ''),
    NULL, nullif(pg_get_userbyid(p.pubowner), current_user)::text, NULL, NULL FROM pg_publication p
    UNION ALL SELECT 'foreign data wrapper', w.fdwname, 'public', coalesce(array_to_string(w.fdwoptions,
    ', '), ''),
    NULL, nullif(pg_get_userbyid(w.fdwowner), current_user)::text, w.fdwacl::text[], acldefault('F',
        w.fdwowner)::text[]
    FROM pg_foreign_data_wrapper w WHERE {_standing("w", "pg_foreign_data_wrapper")}
    UNION ALL SELECT 'server', s.srvname, 'public', (SELECT w.fdwname FROM pg_foreign_data_wrapper w
        WHERE w.oid = s.srvfdw) || ' ' || coalesce(s.srvtype, '') || ' ' || coalesce(s.srvversion, '') || ' '
    || coalesce(array_to_string(s.srvoptions, ', '), ''),
    NULL, nullif(pg_get_userbyid(s.srvowner), current_user)::text, s.srvacl::text[], acldefault('S',
        s.srvowner)::text[]
    FROM pg_foreign_server s
    UNION ALL SELECT 'text search configuration', c.cfgname, n.nspname, (SELECT string_agg(
        m.maptokentype || ' ' || m.mapdict::regdictionary, ', ' ORDER BY m.maptokentype, m.mapseqno)
        FROM pg_ts_config_map m WHERE m.mapcfg = c.oid), NULL, nullif(pg_get_userbyid(c.cfgowner),
        current_user)::text, NULL, NULL
    FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace
    WHERE c.oid >= {_FIRST} AND {_OWN} AND {_standing("c", "pg_ts_config")}
    UNION ALL SELECT 'text search dictionary', d.dictname, n.nspname, coalesce(d.dictinitoption, ''), NULL,
    nullif(pg_get_userbyid(d.dictowner), current_user)::text, NULL, NULL
    FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace
    WHERE d.oid >= {_FIRST} AND {_OWN} AND {_standing("d", "pg_ts_dict")}
    UNION ALL SELECT 'default privileges', 'of ' || pg_get_userbyid(d.defaclrole) || ' on '
    || CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'
        WHEN 'T' THEN 'types' ELSE 'schemas' END
    || coalesce(' in ' || (SELECT n.nspname FROM pg_namespace n WHERE n.oid = d.defaclnamespace), ''),
    'public',
    array_to_string(d.defaclacl, ', '), NULL, NULL, NULL, NULL FROM pg_default_acl d
    UNION ALL SELECT 'language', l.lanname, 'public', '', NULL, nullif(pg_get_userbyid(l.lanowner),
    current_user)::text, l.lanacl::text[],
    acldefault('l', l.lanowner)::text[] FROM pg_language l
    WHERE l.oid >= {_FIRST} AND {_standing("l", "pg_language")}
    UNION ALL SELECT 'setting', 'of the database' || CASE WHEN s.setrole <> 0
        THEN ' for ' || pg_get_userbyid(s.setrole) ELSE '' END, 'public', array_to_string(s.setconfig, ', '),
    NULL, NULL, NULL, NULL FROM pg_db_role_setting s
    WHERE s.setdatabase = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())"""

_PARTS: Final = {
    "relations": _RELATIONS,
    "columns": _COLUMNS,
    "constraints": _CONSTRAINTS,
    "indexes": _INDEXES,
    "belonging": _BELONGING,
    "sequences": _SEQUENCES,
}

_QUERIES: Final = {
    "marks": _MARKS,
    # All in one: the way to the server and back costs more than the answer.
    "relations": " UNION ALL ".join(
        f"SELECT '{name}' AS what, to_json(q)::text AS row FROM ({query}) q" for name, query in _PARTS.items()
    ),
    "schema": _SCHEMAS,
    "type": _TYPES,
    "function": _FUNCTIONS,
    "other": _OTHERS,
}
"""By name. What `relations` gives of each relation stands in JSON, under the names of `_PARTS`."""


@lru_cache(maxsize=8)
def queries_for(version: int) -> Mapping[str, str]:
    """Returns the queries by name. `version`: `server_version_num` (150003)."""

    def since(first: int, expression: str, otherwise: str) -> str:
        return expression if version >= first else otherwise

    parts = {
        "{compression}": since(140000, "nullif(a.attcompression::text, '')", "NULL::text"),
        "{enforced}": since(180000, "k.conenforced", "true"),
        "{period}": since(180000, "k.conperiod", "false"),
        "{not_distinct}": since(150000, "i.indnullsnotdistinct", "false"),
        "{class_options}": since(130000, _SAID, "NULL::text"),
        "{statistics_target}": since(130000, "nullif(s.stxstattarget, -1)::text", "NULL::text"),
    }
    found = {}
    for name, query in _QUERIES.items():
        for brace, expression in parts.items():
            query = query.replace(brace, expression)
        found[name] = query
    return found
