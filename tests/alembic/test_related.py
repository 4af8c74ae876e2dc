"""Rows that a migration reaches through relationships of mapped classes may be written too."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import migration
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY

BOATS = """
op.create_table("crews", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(9)))
op.create_table("ports", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(9)))
op.create_table(
    "boats",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(9)),
    sa.Column("crew_id", sa.Integer, sa.ForeignKey("crews.id")),
    sa.Column("port_id", sa.Integer, sa.ForeignKey("ports.id")),
)
"""
CLASSES = """
from sqlalchemy.orm import Session, declarative_base, relationship
Base = declarative_base()

class Crew(Base):
    __tablename__ = "crews"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(9))
    fleet = relationship("Boat", back_populates="crew")

class Boat(Base):
    __tablename__ = "boats"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(9))
    crew_id = sa.Column(sa.Integer, sa.ForeignKey("crews.id"))
    port_id = sa.Column(sa.Integer, sa.ForeignKey("ports.id"))
    crew = relationship("Crew", back_populates="fleet")
    harbour = relationship("Port")

class Port(Base):
    __tablename__ = "ports"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(9))
"""
BEGIN = 'session = Session(bind=op.get_bind())\nop.drop_column("boats", "name")\n'


def verdicts(upgrade: str, downgrade: str) -> tuple[str, list[str]]:
    """Returns the verdict and the errors about the name of boats, which the upgrade drops."""
    back = f'op.add_column("boats", sa.Column("name", sa.String(9)))\n{downgrade}'
    example = migration(upgrade, back, given=BOATS, imports=CLASSES, database="postgresql")
    report = run(example, REGISTRY)
    told = [one.severity.value for one in report.findings if one.rule == "MRT201"]
    return report.migrations[-1].verdict.value, told


@pytest.mark.parametrize(
    "downgrade",
    [
        "for crew in session.query(Crew):\n    for boat in crew.fleet:\n        boat.name = crew.name",
        "for crew in session.query(Crew).all():\n    crew.fleet[0].name = crew.name",
        "for crew in session.execute(sa.select(Crew)).scalars():\n    crew.fleet[0].name = crew.name",
        "for crew in session.scalars(sa.select(Crew)):\n    crew.fleet[0].name = crew.name",
        "crew = session.get(Crew, 1)\ncrew.fleet[0].name = crew.name",
    ],
)
def test_what_is_reached_may_be_written_back(downgrade: str) -> None:
    begin = "session = Session(bind=op.get_bind())\n"
    assert verdicts(BEGIN, f"{begin}{downgrade}\nsession.commit()") == ("unknown", ["warning"])


def test_other_tables_are_reached_only_by_name() -> None:
    down = "session = Session(bind=op.get_bind())\nfor crew in session.query(Crew):\n    crew.name = 'x'\n"
    verdict, told = verdicts(BEGIN, f"{down}print(crew.fleet_id)\nsession.commit()")
    assert (verdict, told) == ("lossy", ["error"])


def test_what_is_reached_over_two_relationships() -> None:
    upgrade = """
session = Session(bind=op.get_bind())
for crew in session.query(Crew):
    session.delete(crew.fleet[0].harbour)
session.commit()
"""
    example = migration(upgrade, "pass", given=BOATS, imports=CLASSES, database="postgresql")
    doubts = " ".join(doubt.reason for doubt in run(example, REGISTRY).migrations[-1].unknown)
    assert all(f"table {table}: " in doubts for table in ("crews", "boats", "ports"))
