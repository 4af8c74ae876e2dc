"""Flask-SQLAlchemy's extension object made by a subclass of the project."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import migration
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY

CARS = """
op.create_table("cars", sa.Column("id", sa.Integer, primary_key=True), sa.Column("plate", sa.String(9)))
"""
SUBCLASS = """
from flask_sqlalchemy import SQLAlchemy as Flasks

class Database(Flasks):
    {body}

db = Database()
"""
WIPE = 'op.add_column("cars", sa.Column("x", sa.Integer))\ndb.session.execute(sa.text("DELETE FROM cars"))'
PLAIN = ("pass", "def apply_driver_hacks(self, app, info, options):\n        return info, options")
OWN = (
    "session = make()",
    "def create_scoped_session(self, options):\n        return make(options)",
    "def __init__(self, *args):\n        self.session = make(args)",
)


def judged(upgrade: str, downgrade: str, imports: str) -> tuple[str, list[str]]:
    report = run(migration(upgrade, downgrade, given=CARS, imports=imports, database="postgresql"), REGISTRY)
    return report.migrations[-1].verdict.value, [one.rule for one in report.findings if one.path == "0002.py"]


@pytest.mark.parametrize("body", PLAIN)
def test_its_session_runs_what_it_is_told(body: str) -> None:
    verdict, codes = judged(WIPE, 'op.drop_column("cars", "x")', SUBCLASS.format(body=body))
    assert (verdict, "MRT105" in codes or "MRT804" in codes) == ("lossy", True)
    twice = SUBCLASS.format(body=body).replace(
        "db = Database()", "class Twice(Database):\n    pass\n\ndb = Twice()"
    )
    assert judged(WIPE, 'op.drop_column("cars", "x")', twice)[0] == "lossy"


@pytest.mark.parametrize("body", OWN)
def test_a_session_of_its_own_is_not_understood(body: str) -> None:
    imports = "from tools import make" + SUBCLASS.format(body=body)
    assert judged(WIPE, 'op.drop_column("cars", "x")', imports)[0] == "unknown"


def test_what_it_defines_is_not_understood() -> None:
    imports = SUBCLASS.format(body='def wipe(self):\n        self.session.execute("DELETE FROM cars")')
    up = 'op.add_column("cars", sa.Column("x", sa.Integer))\ndb.wipe()'
    assert judged(up, 'op.drop_column("cars", "x")', imports)[0] == "unknown"


def test_a_mixin_is_not_followed() -> None:
    imports = "from tools import Mixin" + SUBCLASS.format(body="pass").replace("(Flasks)", "(Mixin, Flasks)")
    assert judged(WIPE, 'op.drop_column("cars", "x")', imports)[0] == "unknown"


def test_a_downgrade_that_works_through_it_does_something() -> None:
    up = 'op.execute("INSERT INTO cars (id) VALUES (1)")'
    verdict, codes = judged(
        up, 'db.session.execute(sa.text("DELETE FROM cars WHERE id = 1"))', SUBCLASS.format(body="pass")
    )
    assert (verdict, "MRT102" in codes) == ("reversible", False)
