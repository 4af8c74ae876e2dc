"""The same seed and schema give the same rows, whatever else there is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mrt_dynamic.seeding import Seeder
from tests.backends import DATABASES, need
from tests.dynamic.seeding.live import another, content, state_of

COUNTED = {
    "sqlite": "INTEGER PRIMARY KEY",
    "postgresql": "serial PRIMARY KEY",
    "mariadb": "INTEGER AUTO_INCREMENT PRIMARY KEY",
}


def tables(database: str) -> list[str]:
    key = COUNTED[database]
    return [
        f"CREATE TABLE a (id {key}, name VARCHAR(30) NOT NULL UNIQUE, age INTEGER CHECK (age > 17), at TIMESTAMP NULL)",
        f"CREATE TABLE b (id {key}, a_id INTEGER NOT NULL, price NUMERIC(6,2), FOREIGN KEY (a_id) REFERENCES a (id))",
        f"CREATE TABLE c (id {key}, up INTEGER, code VARCHAR(4) NOT NULL, FOREIGN KEY (up) REFERENCES c (id))",
    ]


def filled(
    database: str, folder: Path, statements: list[str], seed: int = 0
) -> dict[str, list[tuple[object, ...]]]:
    with another(database, folder, statements) as connection:
        state = state_of(connection, database)
        done = Seeder(state.dialect, seed=seed).fill(connection, state)
        assert done.unseeded == ()
        return content(connection, state)


@pytest.mark.parametrize("database", DATABASES)
def test_two_fresh_databases_get_the_same_rows(database: str, tmp_path: Path) -> None:
    need(database)
    first = filled(database, tmp_path, tables(database))
    assert first == filled(database, tmp_path, tables(database))
    assert all(len(rows) > 3 for rows in first.values())
    assert first != filled(database, tmp_path, tables(database), seed=1)


def test_other_tables_and_their_order_do_not_matter(tmp_path: Path) -> None:
    whole = filled("sqlite", tmp_path, tables("sqlite"))
    a, b, c = tables("sqlite")
    assert filled("sqlite", tmp_path, [c, a, b, "CREATE TABLE aa (x TEXT)"]).items() >= whole.items()
    assert filled("sqlite", tmp_path, [c])["c"] == whole["c"]


def test_rows_of_tables_filled_one_by_one_are_those_of_tables_filled_at_once(tmp_path: Path) -> None:
    whole = filled("sqlite", tmp_path, tables("sqlite"))
    with another("sqlite", tmp_path, tables("sqlite")) as connection:
        state = state_of(connection, "sqlite")
        for name in ("c", "a", "b"):
            Seeder("sqlite").fill(connection, state, [name])
        assert content(connection, state) == whole


def test_hashes_of_the_process_do_not_matter(tmp_path: Path) -> None:
    code = """
import pathlib, sys
from tests.dynamic.seeding import test_determinism as t
print(t.filled("sqlite", pathlib.Path(sys.argv[1]), t.tables("sqlite")))
"""
    root = Path(__file__).parents[3]
    outputs = []
    for number in ("1", "2"):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": number,
            "PYTHONPATH": str(root),
            "PYTHONIOENCODING": "utf-8",
        }
        command = [sys.executable, "-c", code, str(tmp_path)]
        outputs.append(
            subprocess.run(command, env=environment, cwd=root, capture_output=True, check=True).stdout
        )
    assert outputs[0] == outputs[1] != b""


def test_rows_and_columns_can_be_told_apart(tmp_path: Path) -> None:
    statements = [
        "CREATE TABLE t (a VARCHAR(20) NOT NULL, b VARCHAR(20) NOT NULL, m INTEGER NOT NULL, n INTEGER NOT NULL, p NUMERIC(8,2) NOT NULL, q NUMERIC(8,2) NOT NULL, d DATE NOT NULL, e DATE NOT NULL)"
    ]
    (rows,) = filled("sqlite", tmp_path, statements).values()
    assert len(set(rows)) == len(rows)
    for place in range(0, 8, 2):
        alike = [row for row in rows if row[place] == row[place + 1]]
        assert len(alike) <= 1, f"columns {place} and {place + 1} could be swapped unseen: {alike}"
        assert len({row[place] for row in rows}) >= len(rows) - 2
