"""MariaDB: every kind of object and every part of its definition is seen when it changes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mrt_dynamic.snapshot.compare import schema_failures
from tests.dynamic.snapshots import Change, Grounds, Live, check_change, told

USERS = "CREATE TABLE users (id INT NOT NULL PRIMARY KEY, name VARCHAR(20) NOT NULL, age SMALLINT)"
POSTS = f"{USERS};; CREATE TABLE posts (id INT PRIMARY KEY, author INT, KEY k (author))"
KEY = "ADD CONSTRAINT f FOREIGN KEY (author) REFERENCES users (id)"
TRIGGER = "CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW SET NEW.age = 1"
CHANGED, LEFT, GONE = "schema-changed", "schema-extra", "schema-missing"

CHANGES = [
    Change("a table is left", "", USERS, f"{LEFT} users", "table users is still there", "DROP TABLE users"),
    Change("a table is gone with its index and trigger", f"{USERS};; CREATE INDEX i ON users (age);; {TRIGGER}", "DROP TABLE users", f"{GONE} users", "table users is gone", f"{USERS};; CREATE INDEX i ON users (age);; {TRIGGER}"),
    Change("a column is left", USERS, "ALTER TABLE users ADD phone TEXT", f"{LEFT} users phone", "users.phone is still there", "ALTER TABLE users DROP phone"),
    Change("a column is gone with its index", f"{USERS};; CREATE INDEX i ON users (age)", "ALTER TABLE users DROP age", f"{GONE} users age", "users.age is gone"),
    Change("a type", USERS, "ALTER TABLE users MODIFY age INT", f"{CHANGED} users age", "users.age is integer", "ALTER TABLE users MODIFY age SMALLINT"),
    Change("unsigned", USERS, "ALTER TABLE users MODIFY age SMALLINT UNSIGNED", f"{CHANGED} users age", "unsigned"),
    Change("a length", USERS, "ALTER TABLE users MODIFY name VARCHAR(30) NOT NULL", f"{CHANGED} users name", "varchar(30)"),
    Change("the labels of an enum", "CREATE TABLE t (a ENUM('x', 'y'))", "ALTER TABLE t MODIFY a ENUM('x', 'y', 'z')", f"{CHANGED} t a", "'z'", "ALTER TABLE t MODIFY a ENUM('x', 'y')"),
    Change("nullable", USERS, "ALTER TABLE users MODIFY name VARCHAR(20)", f"{CHANGED} users name", "is nullable"),
    Change("a default", USERS, "ALTER TABLE users ALTER age SET DEFAULT 3", f"{CHANGED} users age", "has the default 3", "ALTER TABLE users MODIFY age SMALLINT"),
    Change("ON UPDATE", "CREATE TABLE t (a DATETIME)", "ALTER TABLE t MODIFY a DATETIME ON UPDATE CURRENT_TIMESTAMP", f"{CHANGED} t a", "ON UPDATE"),
    Change("AUTO_INCREMENT", USERS, "ALTER TABLE users MODIFY id INT NOT NULL AUTO_INCREMENT", f"{CHANGED} users id", "automatically numbered", "ALTER TABLE users MODIFY id INT NOT NULL"),
    Change("a generated expression", "CREATE TABLE t (a INT, g INT AS (a + 1))", "ALTER TABLE t MODIFY g INT AS (a + 2)", f"{CHANGED} t g", "a + 2"),
    Change("a stored generated column", "CREATE TABLE t (a INT, g INT AS (a + 1))", "ALTER TABLE t DROP g;; ALTER TABLE t ADD g INT AS (a + 1) STORED", f"{CHANGED} t g", "stored"),
    Change("the collation of a column", USERS, "ALTER TABLE users MODIFY name VARCHAR(20) COLLATE utf8mb4_bin NOT NULL", f"{CHANGED} users name", "utf8mb4_bin"),
    Change("the character set of a column", USERS, "ALTER TABLE users MODIFY name VARCHAR(20) CHARACTER SET latin1 NOT NULL", f"{CHANGED} users name", "latin1"),
    Change("a comment on a column", USERS, "ALTER TABLE users MODIFY age SMALLINT COMMENT 'years'", f"{CHANGED} users age", "comment years", "ALTER TABLE users MODIFY age SMALLINT"),
    Change("an invisible column", USERS, "ALTER TABLE users MODIFY age SMALLINT INVISIBLE", f"{CHANGED} users age", "visibility invisible", "ALTER TABLE users MODIFY age SMALLINT"),
    Change("a comment on a table", USERS, "ALTER TABLE users COMMENT 'people'", f"{CHANGED} users", "comment people", "ALTER TABLE users COMMENT ''"),
    Change("the engine", USERS, "ALTER TABLE users ENGINE = MyISAM", f"{CHANGED} users", "engine of table users is MyISAM"),
    Change("the row format", USERS, "ALTER TABLE users ROW_FORMAT = COMPACT", f"{CHANGED} users", "row_format=COMPACT", "ALTER TABLE users ROW_FORMAT = DEFAULT"),
    Change("a partition", "CREATE TABLE t (a INT) PARTITION BY LIST (a) (PARTITION p1 VALUES IN (1))", "ALTER TABLE t ADD PARTITION (PARTITION p2 VALUES IN (2))", f"{CHANGED} t", "p2 2", "ALTER TABLE t DROP PARTITION p2"),
    Change("system versioning", USERS, "ALTER TABLE users ADD SYSTEM VERSIONING", f"{CHANGED} users", "system versioning yes", "ALTER TABLE users DROP SYSTEM VERSIONING"),
    Change("a unique constraint is left", USERS, "ALTER TABLE users ADD CONSTRAINT u UNIQUE (name)", f"{LEFT} users", "unique constraint u on users", "ALTER TABLE users DROP INDEX u"),
    Change("the length within a unique constraint", f"{USERS};; ALTER TABLE users ADD CONSTRAINT u UNIQUE (name)", "ALTER TABLE users DROP INDEX u;; ALTER TABLE users ADD CONSTRAINT u UNIQUE (name(5))", f"{CHANGED} users", "name(5)"),
    Change("a primary key is gone", USERS, "ALTER TABLE users DROP PRIMARY KEY", f"{GONE} users", "primary key PRIMARY on users is gone", "ALTER TABLE users ADD PRIMARY KEY (id)"),
    Change("a check is left", USERS, "ALTER TABLE users ADD CONSTRAINT c CHECK (age > 1)", f"{LEFT} users", "check c on users", "ALTER TABLE users DROP CONSTRAINT c"),
    Change("the condition of a check", f"{USERS};; ALTER TABLE users ADD CONSTRAINT c CHECK (age > 1)", "ALTER TABLE users DROP CONSTRAINT c;; ALTER TABLE users ADD CONSTRAINT c CHECK (age > 2)", f"{CHANGED} users", "age > 2"),
    Change("a foreign key is gone", f"{POSTS};; ALTER TABLE posts {KEY}", "ALTER TABLE posts DROP FOREIGN KEY f", f"{GONE} posts", "foreign key f on posts is gone", f"ALTER TABLE posts {KEY}"),
    Change("ON DELETE", f"{POSTS};; ALTER TABLE posts {KEY}", f"ALTER TABLE posts DROP FOREIGN KEY f;; ALTER TABLE posts {KEY} ON DELETE CASCADE", f"{CHANGED} posts", "ON DELETE CASCADE"),
    Change("an index is gone", f"{USERS};; CREATE INDEX i ON users (name)", "DROP INDEX i ON users", f"{GONE} users", "index i on users is gone", "CREATE INDEX i ON users (name)"),
    Change("the columns of an index", f"{USERS};; CREATE INDEX i ON users (name)", "DROP INDEX i ON users;; CREATE INDEX i ON users (name, age)", f"{CHANGED} users", "(name, age)"),
    Change("the length within an index", f"{USERS};; CREATE INDEX i ON users (name)", "DROP INDEX i ON users;; CREATE INDEX i ON users (name(5))", f"{CHANGED} users", "name(5)"),
    Change("a fulltext index", f"{USERS};; CREATE INDEX i ON users (name)", "DROP INDEX i ON users;; CREATE FULLTEXT INDEX i ON users (name)", f"{CHANGED} users", "fulltext"),
    Change("a comment on an index", f"{USERS};; CREATE INDEX i ON users (name)", "DROP INDEX i ON users;; CREATE INDEX i ON users (name) COMMENT 'fast'", f"{CHANGED} users", "fast"),
    Change("a view is gone", f"{USERS};; CREATE VIEW v AS SELECT id FROM users", "DROP VIEW v", GONE, "view v is gone", "CREATE VIEW v AS SELECT id FROM users"),
    Change("the query of a view", f"{USERS};; CREATE VIEW v AS SELECT id FROM users", "CREATE OR REPLACE VIEW v AS SELECT id FROM users WHERE age > 1", CHANGED, "where"),
    Change("the security of a view", f"{USERS};; CREATE VIEW v AS SELECT id FROM users", "CREATE OR REPLACE SQL SECURITY INVOKER VIEW v AS SELECT id FROM users", CHANGED, "security INVOKER"),
    Change("the check option of a view", f"{USERS};; CREATE VIEW v AS SELECT id FROM users WHERE id > 1", "CREATE OR REPLACE VIEW v AS SELECT id FROM users WHERE id > 1 WITH CHECK OPTION", CHANGED, "check option"),
    Change("a trigger is gone", f"{USERS};; {TRIGGER}", "DROP TRIGGER t", f"{GONE} users", "trigger t is gone", TRIGGER),
    Change("the body of a trigger", f"{USERS};; {TRIGGER}", f"DROP TRIGGER t;; {TRIGGER.replace('= 1', '= 2')}", f"{CHANGED} users", "= 2"),
    Change("a function is left", "", "CREATE FUNCTION one() RETURNS INT RETURN 1", LEFT, "function one()", "DROP FUNCTION one"),
    Change("the body of a function", "CREATE FUNCTION one() RETURNS INT RETURN 1", "CREATE OR REPLACE FUNCTION one() RETURNS INT RETURN 2", CHANGED, "RETURN 2"),
    Change("the type of a function", "CREATE FUNCTION one() RETURNS INT RETURN 1", "CREATE OR REPLACE FUNCTION one() RETURNS BIGINT RETURN 1", CHANGED, "bigint"),
    Change("a deterministic function", "CREATE FUNCTION one() RETURNS INT RETURN 1", "CREATE OR REPLACE FUNCTION one() RETURNS INT DETERMINISTIC RETURN 1", CHANGED, "deterministic yes"),
    Change("a procedure beside a function of its name", "CREATE FUNCTION one() RETURNS INT RETURN 1", "CREATE PROCEDURE one() SELECT 1", LEFT, "procedure one()", "DROP PROCEDURE one"),
    Change("an event", "", "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1", LEFT, "event e", "DROP EVENT e"),
    Change("when an event runs", "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1", "ALTER EVENT e ON SCHEDULE EVERY 2 DAY", CHANGED, "number of event e is 2"),
    Change("a sequence is gone", "CREATE SEQUENCE s", "DROP SEQUENCE s", GONE, "sequence s is gone", "CREATE SEQUENCE s"),
    Change("the increment of a sequence", "CREATE SEQUENCE s", "ALTER SEQUENCE s INCREMENT 5", CHANGED, "increment 5"),
    Change("the position of a sequence", "CREATE SEQUENCE s NOCACHE", "DO NEXTVAL(s)", CHANGED, "sequence s stands at 2 after the downgrade, stood at 1"),
]  # fmt: skip

AGAIN = [
    ("a table", USERS, f"DROP TABLE users;; {USERS}"),
    ("another order of columns", USERS, "ALTER TABLE users MODIFY age SMALLINT FIRST"),
    ("a table renamed and back", f"{POSTS};; ALTER TABLE posts {KEY}", "RENAME TABLE users TO people;; RENAME TABLE people TO users"),
    ("a foreign key without a name, which is numbered", f"{POSTS};; ALTER TABLE posts ADD FOREIGN KEY (author) REFERENCES users (id)", "ALTER TABLE posts ADD FOREIGN KEY (author) REFERENCES users (id);; ALTER TABLE posts DROP FOREIGN KEY posts_ibfk_1"),
    ("a counter that rows moved", "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY)", "INSERT INTO t VALUES ();; DELETE FROM t;; ANALYZE TABLE t"),
    ("a view, a routine and an event", f"{USERS};; CREATE VIEW v AS SELECT id FROM users;; CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1", "DROP VIEW v;; CREATE VIEW v AS SELECT id FROM users;; DROP EVENT e;; DO SLEEP(1.1);; CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1"),
    ("JSON", "CREATE TABLE t (a JSON)", "DROP TABLE t;; CREATE TABLE t (a JSON)"),
]  # fmt: skip


@pytest.fixture
def live(grounds: Grounds) -> Iterator[Live]:
    with grounds.live("mariadb") as live:
        yield live


@pytest.mark.parametrize("change", CHANGES, ids=[change.name for change in CHANGES])
def test_every_change_is_seen_and_told_once(live: Live, change: Change) -> None:
    check_change(live, change)


@pytest.mark.parametrize(("given", "again"), [case[1:] for case in AGAIN], ids=[case[0] for case in AGAIN])
def test_what_is_made_again_identically_is_no_difference(live: Live, given: str, again: str) -> None:
    live.run(given)
    before = live.state()
    live.run(again)
    failures = schema_failures(before, live.state())
    assert failures == (), told(failures)


def test_what_did_not_change_is_the_same_object(live: Live) -> None:
    live.run(POSTS)
    before = live.state()
    assert live.state() is before
    live.run("ALTER TABLE users ADD phone TEXT")
    after = live.state()
    assert after.table("posts") is before.table("posts")
    assert after.table("users") is not before.table("users")


def test_partitions_are_seen(live: Live) -> None:
    live.run("CREATE TABLE t (a INT)")
    before = live.state()
    live.run("ALTER TABLE t PARTITION BY HASH (a) PARTITIONS 2")
    failures = schema_failures(before, live.state())
    assert {failure.table for failure in failures} == {"t"}
    assert any("partitioning HASH" in failure.message for failure in failures)
    live.run("ALTER TABLE t REMOVE PARTITIONING")
    assert schema_failures(before, live.state()) == ()


def test_the_defaults_of_the_database_are_seen(live: Live) -> None:
    before = live.state()
    live.run("ALTER DATABASE CHARACTER SET latin1")
    failures = schema_failures(before, live.state())
    assert [failure.message.partition(" of ")[0] for failure in failures] == ["the charset", "the collation"]
