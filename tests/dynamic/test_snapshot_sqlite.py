"""SQLite: every kind of object and every part of its definition is seen when it changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mrt_dynamic.snapshot.compare import reupgrade_failures, schema_failures
from tests.backends import sqlite_engine
from tests.dynamic.snapshots import Change, Live, brief, check_change, told

USERS = "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL, age INT)"
CHANGED, LEFT, GONE = "schema-changed", "schema-extra", "schema-missing"
DROP = "DROP TABLE users;; "


def made(columns: str, options: str = "") -> str:
    """Returns the table made anew, as a batch does it."""
    return f"{DROP}CREATE TABLE users ({columns}) {options}"


CHANGES = [
    Change("a table is left", "", USERS, f"{LEFT} users", "table users is still there", "DROP TABLE users"),
    Change("a table is gone with its index and trigger", f"{USERS};; CREATE INDEX i ON users (age);; CREATE TRIGGER t AFTER INSERT ON users BEGIN SELECT 1; END", "DROP TABLE users", f"{GONE} users", "table users is gone"),
    Change("a column is left", USERS, "ALTER TABLE users ADD phone TEXT", f"{LEFT} users phone", "users.phone is still there", "ALTER TABLE users DROP phone"),
    Change("a column is gone", USERS, "ALTER TABLE users DROP age", f"{GONE} users age", "users.age is gone", "ALTER TABLE users ADD age INT"),
    Change("a type", USERS, made("id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL, age TEXT"), f"{CHANGED} users age", "users.age is text after the downgrade, was integer", DROP + USERS),
    Change("a length", USERS, made("id INTEGER PRIMARY KEY, name VARCHAR(30) NOT NULL, age INT"), f"{CHANGED} users name", "varchar(30)", DROP + USERS),
    Change("nullable", USERS, made("id INTEGER PRIMARY KEY, name VARCHAR(20), age INT"), f"{CHANGED} users name", "is nullable", DROP + USERS),
    Change("a default", USERS, made("id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL, age INT DEFAULT 3"), f"{CHANGED} users age", "has the default 3", DROP + USERS),
    Change("a collation", USERS, made("id INTEGER PRIMARY KEY, name VARCHAR(20) COLLATE NOCASE NOT NULL, age INT"), f"{CHANGED} users name", "NOCASE", DROP + USERS),
    Change("AUTOINCREMENT", "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT)", made("id INTEGER PRIMARY KEY"), f"{CHANGED} users id", "has no AUTOINCREMENT"),
    Change("the number of a row", "CREATE TABLE users (id INT NOT NULL PRIMARY KEY)", made("id INTEGER NOT NULL PRIMARY KEY"), f"{CHANGED} users id", "automatically numbered"),
    Change("a generated expression", "CREATE TABLE users (a INT, g INT AS (a + 1))", made("a INT, g INT AS (a + 2)"), f"{CHANGED} users g", "a + 2"),
    Change("a stored generated column", "CREATE TABLE users (a INT, g INT AS (a + 1))", made("a INT, g INT AS (a + 1) STORED"), f"{CHANGED} users g", "stored"),
    Change("NOT NULL ON CONFLICT", USERS, made("id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL ON CONFLICT IGNORE, age INT"), f"{CHANGED} users name", "ON CONFLICT IGNORE", DROP + USERS),
    Change("UNIQUE ON CONFLICT", "CREATE TABLE users (a INT UNIQUE)", made("a INT UNIQUE ON CONFLICT REPLACE"), f"{CHANGED} users", "REPLACE"),
    Change("a unique constraint is left", USERS, made("id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL, age INT, CONSTRAINT u UNIQUE (name)"), f"{LEFT} users", "unique constraint u on users", DROP + USERS),
    Change("a unique constraint without a name and with ON CONFLICT is gone", "CREATE TABLE users (a INT UNIQUE ON CONFLICT IGNORE)", made("a INT"), f"{GONE} users", "unique constraint a on users is gone"),
    Change("the collation within a unique constraint", "CREATE TABLE users (a TEXT, UNIQUE (a))", made("a TEXT, UNIQUE (a COLLATE NOCASE)"), f"{CHANGED} users", "collate nocase"),
    Change("a check without a name is gone", "CREATE TABLE users (a INT CHECK (a > 0))", made("a INT"), f"{GONE} users", "check (a > 0) on users is gone"),
    Change("the condition of a check", "CREATE TABLE users (a INT, CONSTRAINT c CHECK (a > 0))", made("a INT, CONSTRAINT c CHECK (a > 1)"), f"{CHANGED} users", "a > 1"),
    Change("a primary key", "CREATE TABLE users (a INT NOT NULL, b INT NOT NULL, PRIMARY KEY (a))", made("a INT NOT NULL, b INT NOT NULL"), f"{GONE} users", "primary key a on users is gone"),
    Change("deferrable", "CREATE TABLE users (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES o (id))", made("a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES o (id) DEFERRABLE"), f"{CHANGED} users", "is DEFERRABLE"),
    Change("WITHOUT ROWID", "CREATE TABLE users (a INT PRIMARY KEY NOT NULL)", made("a INT PRIMARY KEY NOT NULL", "WITHOUT ROWID"), f"{CHANGED} users", "without rowid"),
    Change("an index is gone", f"{USERS};; CREATE INDEX i ON users (name)", "DROP INDEX i", f"{GONE} users", "index i on users is gone", "CREATE INDEX i ON users (name)"),
    Change("a unique index", f"{USERS};; CREATE INDEX i ON users (name)", "DROP INDEX i;; CREATE UNIQUE INDEX i ON users (name)", f"{CHANGED} users", "is unique"),
    Change("the order of an index", f"{USERS};; CREATE INDEX i ON users (name)", "DROP INDEX i;; CREATE INDEX i ON users (name DESC)", f"{CHANGED} users", "name DESC"),
    Change("the collation of an index", f"{USERS};; CREATE INDEX i ON users (name)", "DROP INDEX i;; CREATE INDEX i ON users (name COLLATE NOCASE)", f"{CHANGED} users", "NOCASE"),
    Change("the expression of an index", f"{USERS};; CREATE INDEX i ON users (lower(name))", "DROP INDEX i;; CREATE INDEX i ON users (upper(name))", f"{CHANGED} users", "upper(name)"),
    Change("the condition of an index", f"{USERS};; CREATE INDEX i ON users (name) WHERE age > 1", "DROP INDEX i;; CREATE INDEX i ON users (name) WHERE age > 2", f"{CHANGED} users", "age > 2"),
    Change("a view is gone", f"{USERS};; CREATE VIEW v AS SELECT id FROM users", "DROP VIEW v", GONE, "view v is gone", "CREATE VIEW v AS SELECT id FROM users"),
    Change("the query of a view", f"{USERS};; CREATE VIEW v AS SELECT id FROM users", "DROP VIEW v;; CREATE VIEW v AS SELECT id FROM users WHERE age > 1", CHANGED, "WHERE age > 1"),
    Change("the columns of a view", f"{USERS};; CREATE VIEW v (a) AS SELECT id FROM users", "DROP VIEW v;; CREATE VIEW v (b) AS SELECT id FROM users", CHANGED, "columns of view v is b"),
    Change("a trigger is gone", f"{USERS};; CREATE TRIGGER t AFTER INSERT ON users BEGIN SELECT 1; END", "DROP TRIGGER t", f"{GONE} users", "trigger t is gone"),
    Change("the body of a trigger", f"{USERS};; CREATE TRIGGER t AFTER INSERT ON users BEGIN SELECT 1; END", "DROP TRIGGER t;; CREATE TRIGGER t AFTER INSERT ON users BEGIN SELECT 2; END", f"{CHANGED} users", "select 2"),
    Change("a virtual table with its shadows", "", "CREATE VIRTUAL TABLE notes USING fts4(body)", f"{LEFT} notes", "table notes", "DROP TABLE notes"),
    Change("the columns of a virtual table", "CREATE VIRTUAL TABLE notes USING fts4(body)", "DROP TABLE notes;; CREATE VIRTUAL TABLE notes USING fts4(body, tokenize=porter)", f"{CHANGED} notes", "porter"),
]  # fmt: skip

AGAIN = [
    ("a table", USERS, DROP + USERS),
    ("a table written otherwise", "CREATE TABLE users (id INTEGER PRIMARY KEY, name varchar(20) DEFAULT 'x', CHECK (id > 0))", made("\"id\" INTEGER NOT NULL,\n name VARCHAR(20) DEFAULT ('x'), -- a note\n PRIMARY KEY (id), CHECK (\"id\">0)")),
    ("another order of columns", USERS, made("age INTEGER, name VARCHAR(20) NOT NULL, id INTEGER PRIMARY KEY")),
    ("a table renamed and back", f"{USERS};; CREATE INDEX i ON users (lower(name));; CREATE TABLE p (u INT REFERENCES users (id));; CREATE VIEW v AS SELECT name FROM users;; CREATE TRIGGER t AFTER INSERT ON users BEGIN UPDATE users SET age = 1; END", "ALTER TABLE users RENAME TO people;; ALTER TABLE people RENAME TO users"),
    ("a column renamed and back", f"{USERS};; CREATE INDEX i ON users (lower(name)) WHERE age > 1;; CREATE VIEW v AS SELECT name FROM users", "ALTER TABLE users RENAME name TO title;; ALTER TABLE users RENAME title TO name"),
    ("a counter that rows moved", "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT)", "INSERT INTO users DEFAULT VALUES;; DELETE FROM users;; ANALYZE"),
]  # fmt: skip


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    engine = sqlite_engine(tmp_path / "live.db")
    with engine.connect() as connection:
        yield Live(connection, "sqlite")
    engine.dispose()


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


def test_a_foreign_key_without_a_name_that_acts_otherwise_is_one_change(live: Live) -> None:
    live.run(USERS, "CREATE TABLE posts (author INT REFERENCES users (id))")
    before = live.state()
    live.run("DROP TABLE posts;; CREATE TABLE posts (author INT REFERENCES users (id) ON DELETE CASCADE)")
    (failure,) = schema_failures(before, live.state())
    assert brief(failure) == "schema-changed posts"
    assert "ON DELETE" in failure.message


def test_foreign_keys_without_a_name_are_told_apart_by_what_they_refer_to(live: Live) -> None:
    live.run(USERS, "CREATE TABLE posts (author INT REFERENCES users (id))")
    before = live.state()
    live.run("DROP TABLE posts;; CREATE TABLE posts (author INT REFERENCES posts (author))")
    found = [brief(failure) for failure in schema_failures(before, live.state())]
    assert found == [f"{GONE} posts", f"{LEFT} posts"]


def test_what_did_not_change_is_the_same_object_also_when_it_was_gone(live: Live) -> None:
    live.run(USERS, "CREATE TABLE posts (id INTEGER)")
    before = live.state()
    assert live.state() is before
    live.run("DROP TABLE users")
    between = live.state()
    assert between.table("posts") is before.table("posts")
    live.run(USERS)
    assert live.state().table("users") is before.table("users")


def test_a_table_of_the_users_own_is_no_shadow(live: Live) -> None:
    live.run("CREATE VIRTUAL TABLE notes USING fts4(body)", "CREATE TABLE notes_archive (id INTEGER)")
    assert [str(table.name) for table in live.state().tables()] == ["notes", "notes_archive"]


def test_what_cannot_be_read_is_compared_as_text(live: Live) -> None:
    live.run("CREATE TABLE t (a INT CONSTRAINT only_a_name)")
    before = live.state()
    live.run("DROP TABLE t;; CREATE TABLE t (a INT CONSTRAINT another_name)")
    assert [brief(failure) for failure in schema_failures(before, live.state())] == [f"{CHANGED} t"]


def test_the_second_upgrade_has_words_and_a_kind_of_its_own(live: Live) -> None:
    live.run(USERS)
    first = live.state()
    live.run("CREATE INDEX i ON users (name);; CREATE VIEW v AS SELECT 1 AS one")
    found = reupgrade_failures(first, live.state())
    assert {failure.kind.value for failure in found} == {"reupgrade-failed"}
    assert [failure.message for failure in found] == [
        "index i on users is there after the second upgrade and was not after the first",
        "view v is there after the second upgrade and was not after the first",
    ]
