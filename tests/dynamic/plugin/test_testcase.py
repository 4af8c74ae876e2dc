"""MRTTestCase, run by unittest as its users run it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dynamic.commands import ORDERS, PHONE, USERS, shop

CASES = """
import unittest
import sqlalchemy as sa
from mrt_dynamic import MRTTestCase

class Phone(MRTTestCase):
    migrate_from, migrate_to = "a1b2c3d4", "b2c3d4e5"

    def test_safe(self):
        self.assertRollbackSafe()

    def test_intact(self):
        with self.engine.begin() as connection:
            connection.execute(sa.text("INSERT INTO users (id, phone) VALUES (1, '030 1')"))
        self.assertDataIntact()

    def test_intact_without_a_phone(self):
        self.seed("users", [{"id": 1, "phone": None}])
        self.assertDataIntact()

    def test_intact_without_rows(self):
        self.assertDataIntact()

    def test_begins_anew(self):
        with self.engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT count(*) FROM users")) == 0

    def test_refused_row(self):
        with self.assertRaisesRegex(ValueError, "users: .* could not be written"):
            self.seed("users", [{"id": 1}, {"id": 1}])
        with self.assertRaisesRegex(ValueError, "there is no table"):
            self.seed("nope", [{"id": 1}])

    def test_models(self):
        for name in ("old_apps", "apps"):
            with self.assertRaisesRegex(RuntimeError, f"{name} is for Django projects.*self.seed"):
                getattr(self, name)

class Orders(MRTTestCase):
    migrate_from, migrate_to, alembic_ini = "b2c3", "head", "alembic.ini"

    def test_safe(self):
        self.assertRollbackSafe()
        self.assertRollbackSafe()

class Both(MRTTestCase):
    migrate_from, migrate_to = "base", "heads"

    def test_safe(self):
        self.assertRollbackSafe()
"""

WRONG = """
import unittest
from mrt_dynamic import MRTTestCase

class NoFrom(MRTTestCase):
    migrate_to = "b2c3d4e5"
    def test(self): ...

class NoTo(MRTTestCase):
    migrate_from = "a1b2c3d4"
    def test(self): ...

class Backwards(MRTTestCase):
    migrate_from, migrate_to = "c3d4e5f6", "b2c3d4e5"
    def test(self): ...

class Unknown(MRTTestCase):
    migrate_from, migrate_to = "base", "b2c3d4e6"
    def test(self): ...

class Django(MRTTestCase):
    migrate_from, migrate_to = ("shop", "0001_initial"), ("shop", "0002_phone")
    def test(self): ...

class NoIni(MRTTestCase):
    migrate_from, migrate_to, alembic_ini = "base", "head", "elsewhere.ini"
    def test(self): ...
"""


def ran(folder: Path, text: str, url: str | None = "sqlite://") -> str:
    (folder / "test_cases.py").write_text(text)
    environment = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
    done = subprocess.run(
        [sys.executable, "-m", "unittest", "-v", "test_cases"],
        cwd=folder,
        env={**environment, **({"DATABASE_URL": url} if url else {})},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    return done.stdout + done.stderr


def test_one_migration_with_unittest(tmp_path: Path) -> None:
    shop(tmp_path, USERS, PHONE, ORDERS, table=None)
    text = ran(tmp_path, CASES)
    assert dict(re.findall(r"^(\w+ \(test_cases\.\w+).* \.\.\. (\w+)$", text, re.M)) == {
        "test_safe (test_cases.Phone": "FAIL",
        "test_intact (test_cases.Phone": "FAIL",
        "test_intact_without_a_phone (test_cases.Phone": "ok",
        "test_intact_without_rows (test_cases.Phone": "FAIL",
        "test_begins_anew (test_cases.Phone": "ok",
        "test_refused_row (test_cases.Phone": "ok",
        "test_models (test_cases.Phone": "ok",
        "test_safe (test_cases.Orders": "ok",
        "test_safe (test_cases.Both": "FAIL",
    }
    assert text.count("b2c3d4e5 is lossy (migrations/versions/b2c3d4e5_it.py)") == 3
    assert "b2c3d4e5 and back, and it is not what it was:\n  - rows-changed: users" in text
    assert "a1b2c3d4 is" not in text
    assert "mrt_dynamic/testcase.py" not in text


def test_what_is_not_set_is_told_in_one_line(tmp_path: Path) -> None:
    shop(tmp_path, USERS, PHONE, ORDERS, table=None)
    text = ran(tmp_path, WRONG)
    for said in (
        "RuntimeError: MRTTestCase: set migrate_from in NoFrom: the revision before the one to test",
        "RuntimeError: MRTTestCase: set migrate_to in NoTo: the revision to test",
        "RuntimeError: MRTTestCase: migrate_to 'b2c3d4e5' does not come after 'c3d4e5f6'",
        "b2c3d4e6",
        "migrate_from = ('shop', '0001_initial') of Django names a Django migration; Django's migrations are only read",
        "elsewhere.ini does not exist",
    ):
        assert said in text, said
    assert text.count("RuntimeError: MRTTestCase: ") == 6
    assert "During handling" not in text
    text = ran(tmp_path, CASES, url=None)
    assert text.count("MRTTestCase: set db_url in ") == 3


@pytest.mark.parametrize("where", ["attribute", "table"])
def test_where_a_scratch_database_may_be_made(tmp_path: Path, where: str) -> None:
    shop(tmp_path, USERS, table='db-url = "sqlite://"' if where == "table" else None)
    db_url = 'db_url = "sqlite://"' if where == "attribute" else ""
    text = ran(
        tmp_path,
        f"from mrt_dynamic import MRTTestCase\n\nclass Users(MRTTestCase):\n    migrate_from, migrate_to = 'base', 'a1b2c3d4'\n    {db_url}\n\n"
        "    def test_safe(self):\n        self.assertRollbackSafe()\n",
        url=None,
    )
    assert text.rstrip().endswith("OK"), text
