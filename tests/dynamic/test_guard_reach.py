"""Which statements reach out of their database, and which healthy ones look as if they did."""

from __future__ import annotations

import pytest

from mrt_dynamic.guard.reach import reaches_out
from mrt_lint.schema.dialects import Dialect

OWN = "mrt_own"
NEIGHBOURS = frozenset({"shop", "users", "mysql"})

OUT: dict[Dialect, list[str]] = {
    "postgresql": [
        "CREATE ROLE app",
        "create user app with password 'x'",
        "ALTER ROLE app SET search_path TO app",
        "DROP ROLE IF EXISTS app",
        "DROP USER app",
        "CREATE GROUP staff",
        "CREATE DATABASE other",
        "DROP DATABASE other",
        "ALTER DATABASE shop SET timezone TO 'UTC'",
        "COMMENT ON DATABASE shop IS 'x'",
        "COMMENT ON ROLE app IS 'x'",
        "CREATE TABLESPACE fast LOCATION '/x'",
        "ALTER SYSTEM SET work_mem = '1GB'",
        "REASSIGN OWNED BY app TO other",
        "DROP OWNED BY app",
        "GRANT readers TO app",
        "REVOKE readers FROM app",
        "GRANT CONNECT ON DATABASE shop TO app",
        "SELECT 1; DROP ROLE app",
        "PREPARE p AS SELECT 1; DROP ROLE app",
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') THEN CREATE ROLE app; END IF; END $$",
        "DO $do$ BEGIN EXECUTE 'DROP ROLE app'; END $do$",
        "DO $$ BEGIN EXECUTE format('ALTER ROLE %I SET x TO 1', 'app'); END $$",
        "DO $$ BEGIN CREATE ROLE app; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        "/* a note */ CREATE -- more\n ROLE app",
    ],
    "mysql": [
        "PREPARE p FROM 'DROP DATABASE shop'",
        "USE shop",
        "use `shop`",
        "CREATE DATABASE other",
        "DROP SCHEMA shop",
        "ALTER DATABASE shop CHARACTER SET utf8mb4",
        "CREATE USER 'app'@'%'",
        "DROP ROLE app",
        "RENAME USER a TO b",
        "GRANT SELECT ON shop.* TO 'app'@'%'",
        "REVOKE ALL ON t FROM app",
        "SET GLOBAL sql_mode = ''",
        "SET @@GLOBAL.sql_mode = ''",
        "SET SESSION sort_buffer_size = 1, GLOBAL sort_buffer_size = 2",
        "SET PERSIST max_connections = 5",
        "SET PASSWORD FOR 'app' = 'x'",
        "INSTALL SONAME 'x'",
        "SELECT * FROM shop.orders",
        "SELECT * FROM a JOIN shop.orders o ON o.id = a.id",
        "SELECT * FROM a, shop.orders",
        "SELECT * FROM a AS x, b y, `shop`.`orders`",
        "DELETE o FROM (SELECT 1, 2) d, shop.orders o",
        "INSERT INTO Shop.orders VALUES (1)",
        "INSERT IGNORE INTO shop.orders VALUES (1)",
        "UPDATE shop.orders SET a = 1",
        "UPDATE a, shop.orders SET a.x = 1",
        "CREATE TABLE IF NOT EXISTS shop.t (a INT)",
        "CREATE TABLE t (a INT REFERENCES shop.orders (id))",
        "CREATE TABLE t LIKE shop.orders",
        "RENAME TABLE a TO shop.a",
        "ALTER TABLE a RENAME shop.a",
        "CREATE INDEX i ON shop.orders (a)",
        "CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW INSERT INTO shop.log VALUES (1)",
        "DELETE FROM mysql.user",
    ],
    "sqlite": [
        "ATTACH 'other.db' AS o",
        "ATTACH DATABASE 'file:other.db?mode=ro' AS o",
        "attach ? as o",
        "ATTACH :file AS o",
        "VACUUM INTO 'copy.db'",
        "VACUUM main INTO 'copy.db'",
    ],
    "mssql": [
        "USE shop",
        "CREATE LOGIN app WITH PASSWORD = 'x'",
        "DROP DATABASE shop",
        "BACKUP DATABASE x TO DISK = 'x'",
    ],
    "oracle": ["CREATE USER app IDENTIFIED BY x", "ALTER SYSTEM SET x = 1", "DROP TABLESPACE t"],
}
IN: dict[Dialect, list[str]] = {
    "postgresql": [
        'CREATE TABLE "user" (id int, role text, "group" text)',
        "ALTER TABLE users ADD COLUMN role text",
        "CREATE INDEX ix_role ON users (role)",
        "INSERT INTO help VALUES ('type CREATE ROLE app; DROP DATABASE shop')",
        "UPDATE t SET note = 'x; DROP ROLE app'",
        "-- CREATE ROLE app\nSELECT 1",
        "/* DROP DATABASE shop; */ SELECT 1",
        "CREATE SCHEMA app",
        "DROP SCHEMA app CASCADE",
        "CREATE USER MAPPING FOR app SERVER s",
        "GRANT SELECT ON t TO app",
        "GRANT USAGE ON SCHEMA app TO app WITH GRANT OPTION",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO app",
        f"GRANT CONNECT ON DATABASE {OWN} TO app",
        f"ALTER DATABASE {OWN} SET search_path TO app",
        f"COMMENT ON DATABASE \"{OWN}\" IS 'x'",
        "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE ROLE app; END $$",
        "SELECT * FROM shop.orders",
        "SET ROLE app",
        "SELECT current_user, session_user",
        "CREATE POLICY p ON t TO app USING (owner = current_user)",
        "COMMENT ON COLUMN t.role IS 'x'",
        "DO $$ BEGIN UPDATE t SET role = 'CREATE ROLE x'; END $$",
        "PREPARE p AS SELECT 'CREATE ROLE x' FROM pg_database",
    ],
    "mysql": [
        "PREPARE p FROM 'DELETE FROM users WHERE role = 1'",
        f"USE {OWN}",
        f"USE `{OWN}`;",
        "ALTER DATABASE CHARACTER SET utf8mb4",
        f"ALTER DATABASE `{OWN}` COLLATE utf8mb4_bin",
        f"SELECT * FROM {OWN}.orders",
        "SET SESSION sql_mode = ''",
        "SET @old = @@GLOBAL.sql_mode",
        "SET @@SESSION.sql_mode = @@GLOBAL.sql_mode",
        "SELECT @@GLOBAL.sql_mode",
        "SELECT users.id FROM users WHERE users.id = 1",
        "SELECT shop.id FROM shop JOIN users ON users.id = shop.user",
        "UPDATE users SET users.name = 'x'",
        "UPDATE users, shop SET users.a = 1",
        "INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE users.a = 1",
        "SELECT EXTRACT(YEAR FROM users.born), TRIM(BOTH 'x' FROM users.name), SUBSTRING(users.a FROM 2) FROM users",
        "SELECT a, users.b FROM users ORDER BY a, users.b",
        "SELECT * FROM users, t WHERE f(t.a, users.a)",
        "SELECT * FROM users WHERE name LIKE users.pattern",
        "SELECT (SELECT a FROM t), users.b FROM users",
        "INSERT INTO t VALUES ('x FROM shop.orders')",
        "CREATE TABLE users (id INT, `user` INT, role INT, `schema` INT)",
        "SELECT * FROM information_schema.tables",
        "CREATE TRIGGER g BEFORE UPDATE ON users FOR EACH ROW SET NEW.a = 1",
        "CREATE VIEW v AS SELECT users.id FROM users",
        "CREATE TABLE t (a INT, FOREIGN KEY (a) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE)",
    ],
    "sqlite": [
        "ATTACH ':memory:' AS o",
        "ATTACH DATABASE '' AS o",
        "VACUUM",
        "VACUUM main",
        "CREATE TABLE attach (vacuum TEXT)",
        "INSERT INTO t VALUES ('ATTACH ''x'' AS y')",
        "SELECT * FROM shop.orders",
    ],
    "mssql": [f"USE {OWN}", "CREATE SCHEMA app", "CREATE USER app WITHOUT LOGIN"],
    "oracle": ["CREATE TABLE users (role varchar2(10))"],
}


def cases(table: dict[Dialect, list[str]]) -> list[tuple[Dialect, str]]:
    return [(dialect, statement) for dialect, statements in table.items() for statement in statements]


@pytest.mark.parametrize(("dialect", "statement"), cases(OUT))
def test_out(dialect: Dialect, statement: str) -> None:
    assert reaches_out(statement, dialect, OWN, NEIGHBOURS if dialect == "mysql" else frozenset())


@pytest.mark.parametrize(("dialect", "statement"), cases(IN))
def test_in(dialect: Dialect, statement: str) -> None:
    assert reaches_out(statement, dialect, OWN, NEIGHBOURS if dialect == "mysql" else frozenset()) is None


def test_mariadb_is_read_as_mysql() -> None:
    for statement in OUT["mysql"]:
        assert reaches_out(statement, "mariadb", OWN, NEIGHBOURS), statement
    for statement in IN["mysql"]:
        assert reaches_out(statement, "mariadb", OWN, NEIGHBOURS) is None, statement


def test_what_cannot_be_read_and_mentions_such_things_reaches_out() -> None:
    assert reaches_out("CREATE ROLE 'unended", "postgresql", OWN, frozenset())
    assert reaches_out("SELECT 'unended", "postgresql", OWN, frozenset()) is None
