"""Mapped classes with a session of their own: `Model.query`, methods that write, one scoped session."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import migration
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY

CARS = """
op.create_table("cars", sa.Column("id", sa.Integer, primary_key=True), sa.Column("plate", sa.String(9)))
"""
CLASS = """
class Car({base}):
    __tablename__ = "cars"
    id = sa.Column(sa.Integer, primary_key=True)
    plate = sa.Column(sa.String(9))

    def scrap(self):
        {session}.delete(self)
        {session}.commit()

    @classmethod
    def scrap_all(cls):
        {session}.execute(sa.delete(cls))

    @staticmethod
    def rename():
        {session}.execute(sa.update(Car).values(plate="x"))
"""
FLASK = "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n" + CLASS.format(
    base="db.Model", session="db.session"
)
SCOPED = (
    "from sqlalchemy.orm import declarative_base, scoped_session, sessionmaker\n"
    "session = scoped_session(sessionmaker())\nBase = declarative_base()\n"
    "Base.query = session.query_property()\n" + CLASS.format(base="Base", session="session")
)
PLAIN = "from sqlalchemy.orm import declarative_base\nfrom elsewhere import session\n" + CLASS.format(
    base="declarative_base()", session="session"
)


def verdict(upgrade: str, imports: str) -> str:
    """Returns the verdict on an upgrade whose own change is undone."""
    up = f'op.add_column("cars", sa.Column("x", sa.Integer))\n{upgrade}'
    example = migration(up, 'op.drop_column("cars", "x")', given=CARS, imports=imports, database="postgresql")
    return run(example, REGISTRY).migrations[-1].verdict.value


@pytest.mark.parametrize("imports", [FLASK, SCOPED])
@pytest.mark.parametrize(
    "upgrade",
    [
        "Car.query.delete()",
        "Car.query.filter(Car.id == 3).update({'plate': 'y'})",
        "for car in Car.query.all():\n    car.plate = 'z'\nSESSION.commit()",
        "for car in SESSION.query(Car):\n    car.plate = 'z'\nSESSION.commit()",
        "for car in SESSION.query(Car).all():\n    car.scrap()",
        "Car.query.first().scrap()",
        "Car.scrap_all()",
        "Car.rename()",
    ],
)
def test_what_a_model_writes_is_seen(upgrade: str, imports: str) -> None:
    session = "db.session" if imports is FLASK else "session"
    assert verdict(upgrade.replace("SESSION", session), imports) == "lossy"


@pytest.mark.parametrize("imports", [FLASK, SCOPED])
def test_what_only_reads_does_no_harm(imports: str) -> None:
    assert verdict("print(Car.query.filter(Car.plate == 'a').count())", imports) == "reversible"


@pytest.mark.parametrize("imports", [FLASK, SCOPED, PLAIN])
@pytest.mark.parametrize(
    "upgrade", ["Car.purge()", "Car(id=1).save()", "Car(id=1).scrap()", "Car.scrap_all()"]
)
def test_a_method_that_is_not_read_may_write(upgrade: str, imports: str) -> None:
    assert verdict(upgrade, imports) in ("unknown", "lossy")


def test_a_query_of_a_session_that_is_not_read() -> None:
    assert verdict("Car.query.delete()", PLAIN) == "unknown"


def test_each_direction_has_a_session_of_its_own() -> None:
    """What the upgrade set and never wrote is not written by the downgrade."""
    down = 'session.commit()\nop.drop_column("cars", "x")'
    up = 'op.add_column("cars", sa.Column("x", sa.Integer))\nfor car in session.query(Car):\n    car.plate = "z"'
    example = migration(up, down, given=CARS, imports=SCOPED, database="postgresql")
    assert "MRT804" not in [one.rule for one in run(example, REGISTRY).findings]
