"""Functions: which of them surely change nothing when they are called."""

from __future__ import annotations

import pytest

from tests.sql.reading import MY, PG, read

HARMLESS = [
    (PG, "CREATE FUNCTION f(t text) RETURNS text AS $$ SELECT lower(t) $$ LANGUAGE sql"),
    (
        PG,
        "CREATE FUNCTION f() RETURNS text AS $$ BEGIN RETURN substr(md5(random()::text), 1, 8); END $$ LANGUAGE plpgsql",
    ),
    (PG, "CREATE FUNCTION f(t text) RETURNS text AS $$ SELECT other(t) $$ LANGUAGE sql IMMUTABLE"),
    (PG, "CREATE FUNCTION f() RETURNS int STABLE LANGUAGE sql AS 'SELECT count(*)::int FROM t'"),
    (MY, "CREATE FUNCTION f(a INT) RETURNS VARCHAR(9) DETERMINISTIC RETURN concat(a, 'x')"),
]
WRITING = [
    (PG, "CREATE FUNCTION f(t text) RETURNS text AS 'DELETE FROM log; SELECT t' LANGUAGE sql"),
    (PG, "CREATE FUNCTION f() RETURNS int AS $$ SELECT other() $$ LANGUAGE sql"),
    (PG, "CREATE FUNCTION f() RETURNS int AS $$ SELECT app.lower() $$ LANGUAGE sql"),
    (PG, "CREATE FUNCTION f() RETURNS int AS $$ SELECT 1 $$ LANGUAGE plpython3u"),
    (PG, "CREATE FUNCTION f() RETURNS void AS $$ BEGIN EXECUTE 'x'; END $$ LANGUAGE plpgsql"),
    (PG, "CREATE FUNCTION f() RETURNS bigint AS $$ SELECT setval('s', 1) $$ LANGUAGE sql"),
    (MY, "CREATE FUNCTION f(a INT) RETURNS INT BEGIN UPDATE t SET b = a; RETURN a; END"),
]


@pytest.mark.parametrize(("dialect", "sql"), HARMLESS)
def test_a_body_that_only_reads_is_harmless(dialect, sql):
    (found,) = read(dialect, sql)
    assert found.harmless


@pytest.mark.parametrize(("dialect", "sql"), WRITING)
def test_a_body_that_may_write_is_not(dialect, sql):
    (found,) = read(dialect, sql)
    assert not found.harmless
