"""Table shapes on PostgreSQL. Statements are separated by `;;`; `asks` are questions to the filled database."""

from __future__ import annotations

from tests.dynamic.seeding.shape import Shape

SHAPES = (
    Shape(
        "serial_key",
        "CREATE TABLE t (id serial PRIMARY KEY, name varchar(40) NOT NULL, note text)",
        (
            "SELECT max(length(name)) = 40 FROM t",
            "SELECT count(*) > 0 FROM t WHERE name = ''",
            "SELECT bool_or(name ~ '[^[:ascii:]]') FROM t",
            "SELECT bool_or(name LIKE ' %') AND bool_or(name LIKE '% ') FROM t",
            "SELECT currval(pg_get_serial_sequence('t', 'id')) >= max(id) FROM t",
        ),
    ),
    Shape(
        "bigserial_smallserial",
        "CREATE TABLE t (id bigserial PRIMARY KEY, n smallserial NOT NULL, v integer)",
        ("SELECT max(v) = 2147483647 AND min(v) = -2147483648 AND bool_or(v = 0) FROM t",),
    ),
    Shape(
        "integers",
        "CREATE TABLE t (a smallint NOT NULL, b integer NOT NULL, c bigint NOT NULL)",
        (
            "SELECT max(a) = 32767 AND min(a) = -32768 FROM t",
            "SELECT max(c) = 9223372036854775807 AND bool_or(c = 0) FROM t",
            "SELECT count(*) > 3 FROM t WHERE a <> b AND b <> c AND a <> c",
        ),
    ),
    Shape("plain_integer_key", "CREATE TABLE t (id integer PRIMARY KEY, v text)"),
    Shape(
        "small_numeric",
        "CREATE TABLE t (id serial PRIMARY KEY, rate numeric(3,2) NOT NULL, share numeric(2,2), whole numeric(5,0), wide numeric(20,8))",
        (
            "SELECT max(rate) FILTER (WHERE rate <> 'NaN') = 9.99 AND min(rate) = -9.99 FROM t",
            "SELECT bool_or(scale(trim_scale(rate)) = 2) FROM t",
            "SELECT max(wide) FILTER (WHERE wide <> 'NaN') = 999999999999.99999999 FROM t",
            "SELECT bool_or(rate = 'NaN') FROM t",
        ),
    ),
    Shape(
        "free_numeric",
        "CREATE TABLE t (v numeric, w numeric NOT NULL)",
        ("SELECT bool_or(v = 'Infinity') AND bool_or(v = 'NaN') FROM t",),
    ),
    Shape(
        "long_numeric",
        "CREATE TABLE t (v numeric(60,20) NOT NULL)",
        (
            "SELECT max(v) FILTER (WHERE v <> 'NaN') = repeat('9', 40)::numeric + ('0.' || repeat('9', 20))::numeric FROM t",
        ),
    ),
    Shape(
        "floats",
        "CREATE TABLE t (a real NOT NULL, b double precision NOT NULL)",
        (
            "SELECT bool_or(b = 'NaN') AND bool_or(b = 'Infinity') AND bool_or(a = '-Infinity') FROM t",
            "SELECT max(b) FILTER (WHERE b < 'Infinity') > 1e308 FROM t",
        ),
    ),
    Shape(
        "booleans",
        "CREATE TABLE t (id serial PRIMARY KEY, a boolean NOT NULL, b boolean)",
        ("SELECT bool_or(a) AND NOT bool_and(a) AND bool_or(b) AND NOT bool_and(b) FROM t",),
    ),
    Shape(
        "unique_boolean",
        "CREATE TABLE t (main boolean NOT NULL UNIQUE)",
        ("SELECT count(*) = 2 FROM t",),
        rows=2,
    ),
    Shape(
        "unique_nullable_boolean",
        "CREATE TABLE t (id serial, main boolean UNIQUE)",
        ("SELECT count(*) > 2 FROM t",),
    ),
    Shape(
        "dates",
        "CREATE TABLE t (d date NOT NULL, at timestamp NOT NULL, atz timestamptz NOT NULL, low timestamp(0), ms timestamp(3), tm time, tz timetz, p interval)",
        (
            "SELECT min(d) = '0001-01-01' AND max(d) = '9999-12-31' FROM t",
            "SELECT bool_or(extract(microseconds FROM at)::int % 1000 > 0) FROM t",
            "SELECT bool_or(tm = '23:59:59.999999') FROM t",
            "SELECT bool_or(p < '0') FROM t",
        ),
    ),
    Shape(
        "interval_fields",
        "CREATE TABLE t (y interval year to month, d interval day to second(3), h interval hour NOT NULL)",
    ),
    Shape(
        "uuid_key",
        "CREATE TABLE t (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), parent uuid REFERENCES t (id))",
        ("SELECT count(parent) > 0 FROM t WHERE parent <> id",),
    ),
    Shape(
        "enum",
        "CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s fine', 'Very \"happy\"');; CREATE TABLE t (id serial PRIMARY KEY, m mood NOT NULL, n mood)",
        ("SELECT count(DISTINCT m) = 4 AND count(DISTINCT n) = 4 FROM t",),
    ),
    Shape(
        "enum_of_twenty",
        "CREATE TYPE big AS ENUM (" + ", ".join(f"'v{n}'" for n in range(20)) + ");; CREATE TABLE t (m big)",
        ("SELECT count(DISTINCT m) = 20 FROM t",),
    ),
    Shape(
        "unique_enum",
        "CREATE TYPE mood AS ENUM ('sad', 'ok');; CREATE TABLE t (m mood PRIMARY KEY)",
        ("SELECT count(*) = 2 FROM t",),
        rows=2,
    ),
    Shape(
        "enum_in_schema",
        "CREATE SCHEMA app;; CREATE TYPE app.state AS ENUM ('x', 'y');; CREATE TABLE app.t (id serial PRIMARY KEY, s app.state NOT NULL)",
        ("SELECT count(DISTINCT s) = 2 FROM app.t",),
    ),
    Shape(
        "odd_type_name",
        "CREATE TYPE \"My Mood\" AS ENUM ('a', 'b');; CREATE TABLE t (m \"My Mood\" NOT NULL)",
        ("SELECT count(DISTINCT m) = 2 FROM t",),
    ),
    Shape(
        "arrays",
        "CREATE TYPE mood AS ENUM ('a', 'b');; CREATE TABLE t (a integer[] NOT NULL, b text[], c varchar(5)[], d mood[], e timestamptz[], f numeric(4,1)[], g integer[][], h boolean[], i uuid[], j jsonb[], k bytea[])",
        (
            "SELECT bool_or(a = '{}') AND bool_or(array_ndims(a) = 2) AND bool_or(array_to_string(a, ',', 'none') ~ 'none') FROM t",
        ),
    ),
    Shape(
        "array_check",
        "CREATE TABLE t (id serial PRIMARY KEY, tags text[] NOT NULL CHECK (cardinality(tags) BETWEEN 1 AND 3), roles text[] CHECK (array_length(roles, 1) > 1))",
    ),
    Shape(
        "json",
        "CREATE TABLE t (a json NOT NULL, b jsonb)",
        ("SELECT bool_or(jsonb_typeof(b) = 'array') AND bool_or(b = '{}') FROM t",),
    ),
    Shape(
        "json_object_check",
        "CREATE TABLE t (id serial PRIMARY KEY, data jsonb NOT NULL CHECK (jsonb_typeof(data) = 'object'))",
    ),
    Shape(
        "json_key_check",
        "CREATE TABLE t (id serial PRIMARY KEY, data jsonb NOT NULL CHECK (data ? 'kind'), more jsonb CHECK ((more ->> 'name') IS NOT NULL))",
        never_null=("t.more",),
    ),
    Shape(
        "json_array_check",
        "CREATE TABLE t (id serial PRIMARY KEY, data jsonb NOT NULL CHECK (jsonb_typeof(data) = 'array'))",
    ),
    Shape("xml", "CREATE TABLE t (id serial PRIMARY KEY, doc xml NOT NULL)"),
    Shape(
        "bytes",
        "CREATE TABLE t (a bytea NOT NULL, b bytea)",
        ("SELECT bool_or(a = ''::bytea) AND bool_or(length(a) = 1000) FROM t",),
    ),
    Shape(
        "bits",
        "CREATE TABLE t (a bit(8) NOT NULL, b bit varying(5) NOT NULL, c bit varying, d bit)",
        ("SELECT bool_or(a = B'11111111') AND bool_or(b = B'') AND bool_or(b = B'11111') FROM t",),
    ),
    Shape(
        "network",
        "CREATE TABLE t (a inet NOT NULL, b cidr NOT NULL, c macaddr NOT NULL, d macaddr8)",
        ("SELECT bool_or(family(a) = 6) FROM t",),
    ),
    Shape("money", "CREATE TABLE t (m money NOT NULL)", ("SELECT min(m) < '0' FROM t",)),
    Shape(
        "ranges",
        "CREATE TABLE t (a int4range NOT NULL, b int8range, c numrange, d daterange NOT NULL, e tsrange, f tstzrange)",
        ("SELECT bool_or(isempty(a)) AND bool_or(upper_inf(a)) AND bool_or(lower_inf(a)) FROM t",),
    ),
    Shape(
        "multiranges",
        "CREATE TABLE t (a int4multirange NOT NULL, b datemultirange, c tstzmultirange, d nummultirange, e int8multirange, f tsmultirange)",
    ),
    Shape(
        "own_range",
        "CREATE TYPE span AS RANGE (subtype = float8);; CREATE TABLE t (s span NOT NULL, m multirange_of_span)".replace(
            "m multirange_of_span", "n integer"
        ),
    ),
    Shape("text_search", "CREATE TABLE t (v tsvector NOT NULL, q tsquery NOT NULL)"),
    Shape(
        "geometry",
        "CREATE TABLE t (a point NOT NULL, b line NOT NULL, c lseg NOT NULL, d box NOT NULL, e path NOT NULL, f polygon NOT NULL, g circle NOT NULL)",
    ),
    Shape(
        "system_types",
        'CREATE TABLE t (a oid NOT NULL, b name NOT NULL, c "char" NOT NULL, d pg_lsn NOT NULL, e regclass NOT NULL, f regtype NOT NULL, g txid_snapshot, h jsonpath, i tid, j xid, k regproc, l regnamespace, m regconfig, n regrole)',
    ),
    Shape(
        "composite",
        "CREATE TYPE address AS (street varchar(30), zip integer, since date);; CREATE TABLE t (id serial PRIMARY KEY, home address NOT NULL, others address[])",
        ("SELECT count((home).street) > 0 FROM t",),
    ),
    Shape(
        "domain",
        "CREATE DOMAIN email AS varchar(60) CHECK (VALUE LIKE '%@%');; CREATE TABLE t (id serial PRIMARY KEY, e email NOT NULL, f email)",
    ),
    Shape(
        "domain_not_null",
        "CREATE DOMAIN positive AS integer NOT NULL CHECK (VALUE > 0);; CREATE TABLE t (id serial PRIMARY KEY, n positive)",
        never_null=("t.n",),
    ),
    Shape(
        "domain_of_domain",
        "CREATE DOMAIN small AS integer CHECK (VALUE < 100);; CREATE DOMAIN tiny AS small CHECK (VALUE > 90);; CREATE TABLE t (n tiny NOT NULL, m tiny)",
    ),
    Shape(
        "domain_array",
        "CREATE DOMAIN code AS text CHECK (VALUE ~ '^[A-Z]{2}[0-9]+$');; CREATE TABLE t (c code NOT NULL UNIQUE)",
    ),
    Shape(
        "identity",
        "CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n bigint GENERATED BY DEFAULT AS IDENTITY, v text NOT NULL)",
    ),
    Shape(
        "identity_self",
        "CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, parent integer NOT NULL REFERENCES t (id), v text)",
        (
            "SELECT nextval(pg_get_serial_sequence('t', 'id')) > max(id) FROM t",
            "SELECT count(*) > 0 FROM t WHERE parent <> id",
        ),
    ),
    Shape(
        "generated",
        "CREATE TABLE t (a integer NOT NULL, b integer NOT NULL, total integer GENERATED ALWAYS AS (a % 1000 + b % 1000) STORED)",
    ),
    Shape("only_default", "CREATE TABLE t (id serial PRIMARY KEY)"),
    Shape("no_columns", "CREATE TABLE t ()"),
    Shape("no_key", "CREATE TABLE t (a text, b integer)"),
    Shape(
        "own_sequence",
        "CREATE SEQUENCE counter START 100;; CREATE TABLE t (id integer PRIMARY KEY DEFAULT nextval('counter'), v text)",
        ("SELECT min(id) = 100 FROM t",),
    ),
    Shape(
        "foreign_key",
        "CREATE TABLE p (id serial PRIMARY KEY, v text);; CREATE TABLE t (id serial PRIMARY KEY, p_id integer NOT NULL REFERENCES p (id), q_id integer REFERENCES p (id))",
        ("SELECT count(DISTINCT p_id) > 2 FROM t",),
    ),
    Shape(
        "composite_foreign_key",
        "CREATE TABLE p (a integer, b varchar(10), PRIMARY KEY (a, b));; CREATE TABLE t (id serial PRIMARY KEY, x integer NOT NULL, y varchar(10) NOT NULL, FOREIGN KEY (x, y) REFERENCES p (a, b))",
    ),
    Shape(
        "match_full",
        "CREATE TABLE p (a integer, b integer, PRIMARY KEY (a, b));; CREATE TABLE t (id serial PRIMARY KEY, x integer, y integer, FOREIGN KEY (x, y) REFERENCES p (a, b) MATCH FULL)",
        ("SELECT bool_or(x IS NULL) AND bool_or(x IS NOT NULL) FROM t",),
    ),
    Shape(
        "tenants",
        """CREATE TABLE tenant (id serial PRIMARY KEY);; CREATE TABLE project (tenant_id integer NOT NULL REFERENCES tenant (id), id integer NOT NULL, PRIMARY KEY (tenant_id, id));;
        CREATE TABLE t (id serial PRIMARY KEY, tenant_id integer NOT NULL REFERENCES tenant (id), project_id integer, FOREIGN KEY (tenant_id, project_id) REFERENCES project (tenant_id, id))""",
        ("SELECT count(project_id) > 0 AND count(*) > count(project_id) FROM t",),
    ),
    Shape(
        "overlapping_keys",
        """CREATE TABLE tenant (id integer PRIMARY KEY);; CREATE TABLE a (tenant_id integer REFERENCES tenant (id), id integer, PRIMARY KEY (tenant_id, id));;
        CREATE TABLE b (tenant_id integer REFERENCES tenant (id), id integer, PRIMARY KEY (tenant_id, id));;
        CREATE TABLE t (tenant_id integer NOT NULL, a_id integer NOT NULL, b_id integer NOT NULL, FOREIGN KEY (tenant_id, a_id) REFERENCES a (tenant_id, id), FOREIGN KEY (tenant_id, b_id) REFERENCES b (tenant_id, id))""",
    ),
    Shape(
        "key_to_unique",
        "CREATE TABLE p (id serial PRIMARY KEY, code varchar(8) UNIQUE);; CREATE TABLE t (id serial PRIMARY KEY, code varchar(8) NOT NULL REFERENCES p (code))",
    ),
    Shape(
        "one_to_one",
        "CREATE TABLE p (id serial PRIMARY KEY, v text);; CREATE TABLE t (p_id integer PRIMARY KEY REFERENCES p (id), v text)",
    ),
    Shape(
        "association",
        "CREATE TABLE a (id serial PRIMARY KEY);; CREATE TABLE b (id serial PRIMARY KEY);; CREATE TABLE t (a_id integer REFERENCES a (id), b_id integer REFERENCES b (id), PRIMARY KEY (a_id, b_id))",
    ),
    Shape(
        "self_reference",
        "CREATE TABLE t (id serial PRIMARY KEY, parent_id integer REFERENCES t (id), name text NOT NULL)",
        ("SELECT count(*) > 0 FROM t WHERE parent_id <> id",),
    ),
    Shape(
        "not_own_parent",
        "CREATE TABLE t (id integer PRIMARY KEY, parent_id integer REFERENCES t (id), CHECK (parent_id <> id))",
        ("SELECT count(parent_id) > 0 FROM t",),
    ),
    Shape(
        "composite_self",
        "CREATE TABLE t (tenant integer NOT NULL, id integer NOT NULL, up integer, PRIMARY KEY (tenant, id), FOREIGN KEY (tenant, up) REFERENCES t (tenant, id))",
    ),
    Shape(
        "cycle",
        "CREATE TABLE a (id serial PRIMARY KEY, b_id integer);; CREATE TABLE b (id serial PRIMARY KEY, a_id integer NOT NULL REFERENCES a (id));; ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b (id)",
        ("SELECT count(b_id) > 0 AND count(*) > count(b_id) FROM a",),
    ),
    Shape(
        "cycle_of_three",
        """CREATE TABLE a (id serial PRIMARY KEY, c_id integer);; CREATE TABLE b (id serial PRIMARY KEY, a_id integer NOT NULL REFERENCES a (id));;
        CREATE TABLE c (id serial PRIMARY KEY, b_id integer NOT NULL REFERENCES b (id));; ALTER TABLE a ADD FOREIGN KEY (c_id) REFERENCES c (id)""",
        ("SELECT count(c_id) > 0 FROM a",),
    ),
    Shape(
        "deferred_cycle",
        """CREATE TABLE a (id serial PRIMARY KEY, b_id integer NOT NULL);; CREATE TABLE b (id integer PRIMARY KEY, a_id integer NOT NULL REFERENCES a (id) DEFERRABLE);;
        ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b (id) DEFERRABLE INITIALLY DEFERRED""",
    ),
    Shape(
        "hard_cycle",
        """CREATE TABLE a (id serial PRIMARY KEY, b_id integer NOT NULL);; CREATE TABLE b (id serial PRIMARY KEY, a_id integer NOT NULL REFERENCES a (id));;
        ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b (id)""",
    ),
    Shape(
        "across_schemas",
        "CREATE SCHEMA other;; CREATE TABLE other.p (id serial PRIMARY KEY, v text);; CREATE TABLE t (id serial PRIMARY KEY, p_id integer NOT NULL REFERENCES other.p (id))",
    ),
    Shape(
        "same_name_twice",
        "CREATE SCHEMA other;; CREATE TABLE t (id serial PRIMARY KEY, v text NOT NULL);; CREATE TABLE other.t (id serial PRIMARY KEY, v text NOT NULL, up integer NOT NULL REFERENCES t (id))",
    ),
    Shape(
        "check_in",
        "CREATE TABLE t (id serial PRIMARY KEY, status varchar(10) NOT NULL CHECK (status IN ('new', 'paid', 'void')), kind char(1) CHECK (kind IN ('a', 'b')))",
        ("SELECT count(DISTINCT status) >= 2 FROM t",),
    ),
    Shape(
        "check_bounds",
        "CREATE TABLE t (id serial PRIMARY KEY, age integer NOT NULL CHECK (age >= 18 AND age < 150), pct numeric(5,2) CHECK (pct BETWEEN 0 AND 100), price numeric(8,2) NOT NULL CHECK (price > 0))",
    ),
    Shape(
        "check_columns",
        "CREATE TABLE t (id serial PRIMARY KEY, starts date NOT NULL, ends date NOT NULL, low integer, high integer, CHECK (starts < ends), CHECK (low <= high))",
        ("SELECT count(*) > 0 FROM t WHERE low < high",),
    ),
    Shape(
        "check_length",
        "CREATE TABLE t (id serial PRIMARY KEY, code text NOT NULL CHECK (length(code) = 3), pin varchar(20) NOT NULL CHECK (char_length(pin) >= 8), body text CHECK (length(trim(body)) > 0))",
    ),
    Shape(
        "check_patterns",
        r"CREATE TABLE t (id serial PRIMARY KEY, code varchar(20) NOT NULL CHECK (code ~ '^[A-Z]{2}-[0-9]{3,5}$'), mail text NOT NULL CHECK (mail LIKE '%_@_%._%'), slug text UNIQUE CHECK (slug ~* '^[a-z0-9-]+$'), phone text CHECK (phone ~ '^\+?\d{7,15}$'), low text CHECK (low = lower(low)), hex text CHECK (hex ~ '^#[[:xdigit:]]{6}$'))",
    ),
    Shape(
        "check_one_of",
        "CREATE TABLE t (id serial PRIMARY KEY, a integer, b text, c date, CHECK (num_nonnulls(a, b, c) = 1))",
        ("SELECT count(a) > 0 AND count(b) > 0 AND count(c) > 0 FROM t",),
    ),
    Shape(
        "check_either",
        "CREATE TABLE p (id serial PRIMARY KEY);; CREATE TABLE t (id serial PRIMARY KEY, a_id integer REFERENCES p (id), b_id integer REFERENCES p (id), CHECK ((a_id IS NULL) <> (b_id IS NULL)))",
        ("SELECT count(a_id) > 0 AND count(b_id) > 0 FROM t",),
    ),
    Shape(
        "check_together",
        "CREATE TABLE t (id serial PRIMARY KEY, lat numeric(8,5), lon numeric(8,5), CHECK ((lat IS NULL) = (lon IS NULL)), CHECK (lat BETWEEN -90 AND 90), CHECK (abs(lon) <= 180))",
    ),
    Shape(
        "check_implies",
        "CREATE TABLE t (id serial PRIMARY KEY, state text NOT NULL CHECK (state IN ('open', 'done')), done_at timestamptz, CHECK (state <> 'done' OR done_at IS NOT NULL))",
        ("SELECT count(DISTINCT state) = 2 FROM t",),
    ),
    Shape(
        "check_arithmetic",
        "CREATE TABLE t (id serial PRIMARY KEY, a integer NOT NULL, b integer NOT NULL, c integer NOT NULL CHECK (c % 5 = 0), CHECK (a + b <= 100), CHECK (a >= 0 AND b >= 0))",
    ),
    Shape(
        "check_dates",
        "CREATE TABLE t (id serial PRIMARY KEY, born date NOT NULL CHECK (born > '1900-01-01' AND born < CURRENT_DATE), valid timestamptz NOT NULL CHECK (valid > now()), made timestamp CHECK (made >= '2020-01-01' AND made < '2021-01-01'))",
    ),
    Shape(
        "check_function",
        "CREATE FUNCTION even(n integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT n % 2 = 0';; CREATE TABLE t (id serial PRIMARY KEY, n integer NOT NULL CHECK (even(n)), v text)",
    ),
    Shape(
        "check_unreadable",
        "CREATE TABLE t (id serial PRIMARY KEY, v text NOT NULL CHECK (md5(v) < 'a'), w integer)",
    ),
    Shape(
        "unique_composite",
        "CREATE TABLE t (a integer NOT NULL, b varchar(5) NOT NULL, c boolean NOT NULL, UNIQUE (a, b), UNIQUE (b, c))",
    ),
    Shape(
        "unique_partial",
        "CREATE TABLE t (id serial PRIMARY KEY, owner integer NOT NULL, main boolean NOT NULL);; CREATE UNIQUE INDEX one_main ON t (main) WHERE main",
        ("SELECT count(*) = 1 FROM t WHERE main",),
    ),
    Shape(
        "unique_expression",
        "CREATE TABLE t (id serial PRIMARY KEY, email varchar(50) NOT NULL);; CREATE UNIQUE INDEX lower_email ON t (lower(email), (length(email) > 3))",
    ),
    Shape(
        "unique_nulls",
        "CREATE TABLE t (id serial PRIMARY KEY, a integer, b text, UNIQUE NULLS NOT DISTINCT (a))",
    ),
    Shape(
        "indexed_text",
        "CREATE TABLE t (id serial PRIMARY KEY, body text NOT NULL);; CREATE INDEX ix ON t (body);; CREATE INDEX ix2 ON t (lower(body))",
    ),
    Shape(
        "exclusion",
        "CREATE EXTENSION btree_gist;; CREATE TABLE t (room integer NOT NULL, during tsrange NOT NULL, EXCLUDE USING gist (room WITH =, during WITH &&))",
    ),
    Shape(
        "exclusion_of_columns",
        "CREATE EXTENSION btree_gist;; CREATE TABLE t (room integer NOT NULL, starts timestamp NOT NULL, ends timestamp NOT NULL, EXCLUDE USING gist (room WITH =, tsrange(starts, ends) WITH &&), CHECK (starts < ends))",
    ),
    Shape(
        "exclusion_different",
        "CREATE EXTENSION btree_gist;; CREATE TABLE t (cage integer NOT NULL, animal varchar(10) NOT NULL, EXCLUDE USING gist (cage WITH =, animal WITH <>))",
    ),
    Shape(
        "partition_range",
        """CREATE TABLE t (id integer NOT NULL, day date NOT NULL, v text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);;
        CREATE TABLE t_a PARTITION OF t FOR VALUES FROM ('2023-01-01') TO ('2023-02-01');; CREATE TABLE t_b PARTITION OF t FOR VALUES FROM ('2023-02-01') TO ('2023-03-01')""",
        ("SELECT count(*) > 0 FROM t_a", "SELECT count(*) > 0 FROM t_b"),
    ),
    Shape(
        "partition_list",
        """CREATE TABLE t (id serial, region text, v integer) PARTITION BY LIST (region);; CREATE TABLE t_eu PARTITION OF t FOR VALUES IN ('de', 'fr');;
        CREATE TABLE t_us PARTITION OF t FOR VALUES IN ('us', NULL);; CREATE TABLE t_rest PARTITION OF t DEFAULT""",
        ("SELECT count(*) > 0 FROM t_eu", "SELECT count(*) > 0 FROM t_us"),
    ),
    Shape(
        "partition_hash",
        "CREATE TABLE t (id bigserial PRIMARY KEY, v text) PARTITION BY HASH (id);; CREATE TABLE t_0 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0);; CREATE TABLE t_1 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
        ("SELECT count(*) > 0 FROM t_0", "SELECT count(*) > 0 FROM t_1"),
    ),
    Shape(
        "partition_nested",
        """CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY, day date NOT NULL, kind text NOT NULL) PARTITION BY RANGE (day);;
        CREATE TABLE t_a PARTITION OF t FOR VALUES FROM ('2023-01-01') TO ('2024-01-01') PARTITION BY LIST (kind);; CREATE TABLE t_a_x PARTITION OF t_a FOR VALUES IN ('x');; CREATE TABLE t_a_y PARTITION OF t_a FOR VALUES IN ('y')""",
        ("SELECT count(*) > 0 FROM t_a_x", "SELECT count(*) > 0 FROM t_a_y"),
    ),
    Shape(
        "partition_child",
        "CREATE TABLE t (id integer PRIMARY KEY, v text) PARTITION BY RANGE (id);; CREATE TABLE t_a PARTITION OF t FOR VALUES FROM (0) TO (50);; CREATE TABLE c (t_id integer NOT NULL REFERENCES t (id))",
    ),
    Shape(
        "inheritance",
        "CREATE TABLE p (id serial PRIMARY KEY, v text NOT NULL);; CREATE TABLE t (extra integer) INHERITS (p);; CREATE TABLE r (p_id integer NOT NULL REFERENCES p (id))",
    ),
    Shape(
        "odd_names",
        'CREATE TABLE "Order By" (id serial PRIMARY KEY, "user" text NOT NULL, "a.b" integer, "with ""quote""" text, "MiXed" text, "50%% :x" integer, "select" boolean)'.replace(
            "%%", "%"
        ),
    ),
    Shape(
        "row_security",
        "CREATE TABLE t (id serial PRIMARY KEY, v text);; ALTER TABLE t ENABLE ROW LEVEL SECURITY;; ALTER TABLE t FORCE ROW LEVEL SECURITY;; CREATE POLICY none ON t USING (false)",
    ),
    Shape(
        "trigger_refuses",
        """CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'rows come from the ledger'; END $$;;
        CREATE TABLE t (id serial PRIMARY KEY, v text);; CREATE TRIGGER no BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION no()""",
        unseeded="rows come from the ledger",
    ),
    Shape(
        "trigger_picky",
        """CREATE FUNCTION picky() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.v !~ '@' THEN RAISE EXCEPTION 'v needs an at sign'; END IF; RETURN NEW; END $$;;
        CREATE TABLE t (id serial PRIMARY KEY, v text NOT NULL, n integer);; CREATE TRIGGER picky BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION picky()""",
        rows=1,
    ),
    Shape(
        "citext",
        "CREATE EXTENSION citext;; CREATE TABLE t (id serial PRIMARY KEY, email citext NOT NULL UNIQUE, v citext)",
    ),
    Shape(
        "hstore_ltree",
        "CREATE EXTENSION hstore;; CREATE EXTENSION ltree;; CREATE TABLE t (a hstore NOT NULL, b ltree NOT NULL, c hstore, d ltree[])",
    ),
    Shape(
        "other_extensions",
        "CREATE EXTENSION cube;; CREATE EXTENSION isn;; CREATE EXTENSION seg;; CREATE TABLE t (a cube NOT NULL, b isbn NOT NULL, c seg NOT NULL)",
    ),
    Shape(
        "extension_in_schema",
        "CREATE SCHEMA ext;; CREATE EXTENSION hstore SCHEMA ext;; CREATE TABLE t (a ext.hstore NOT NULL)",
    ),
    Shape(
        "fixed_char",
        "CREATE TABLE t (a char(3) NOT NULL, b char NOT NULL, c char(32), d char(36), e varchar(1) NOT NULL UNIQUE, f varchar(2), g bpchar)",
        ("SELECT max(length(f)) = 2 FROM t",),
    ),
    Shape("wide", "CREATE TABLE t (" + ", ".join(f"c{n} varchar(200)" for n in range(120)) + ")"),
    Shape(
        "view_aside",
        "CREATE TABLE t (id serial PRIMARY KEY, v text);; CREATE VIEW w AS SELECT id FROM t;; CREATE MATERIALIZED VIEW m AS SELECT v FROM t",
    ),
)
