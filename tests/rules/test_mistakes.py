"""A downgrade stops where Python itself raises: at a name that nothing binds, at a call without what it takes."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import Severity, migration
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY, findings

TOLD = "MRT102 MRT201 MRT205 MRT801 MRT802 MRT803 MRT804 MRT806 MRT808"
USERS = """
op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("phone", sa.String(20)))
"""
AGE = 'op.add_column("users", sa.Column("age", sa.Integer))'
NO_AGE = '\nop.drop_column("users", "age")'


@pytest.mark.parametrize(
    ("downgrade", "words"),
    [
        ("never_made" + NO_AGE, "`never_made` is defined nowhere in the file: NameError"),
        ('op.drop_column("users", never_made)', "`never_made` is defined nowhere"),
        ("if never_made:\n    pass" + NO_AGE, "`never_made` is defined nowhere"),
        (
            "with op.batch_alter_table('users') as b:\n    b.drop_column('age')\n    b.drop_index(never_made)",
            "`never_made` is defined nowhere",
        ),
        ("try:\n    never_made()\nfinally:\n    pass" + NO_AGE, "`never_made` is defined nowhere"),
        ('op.drop_column("age")', "op.drop_column() is called without column_name: TypeError"),
        ("op.drop_index()" + NO_AGE, "op.drop_index() is called without index_name"),
        ('op.drop_constraint("uq")' + NO_AGE, "op.drop_constraint() is called without table_name"),
        (
            "with op.batch_alter_table('users') as b:\n    b.drop_column('users', 'age')",
            "b.drop_column() is given more arguments than it takes",
        ),
        (
            "with op.batch_alter_table('users') as b:\n    b.drop_constraint('uq_age', 'users', type_='unique')",
            "b.drop_constraint() is given type_ twice: TypeError",
        ),
        (
            'op.drop_index("ix_age", "users", table_name="users")' + NO_AGE,
            "op.drop_index() is given table_name twice",
        ),
    ],
)
def test_a_downgrade_that_stops_is_told_of_that_alone(downgrade: str, words: str) -> None:
    (told,) = findings(TOLD, AGE, downgrade, given=USERS)
    assert (told.rule, told.severity) == ("MRT806", Severity.ERROR)
    assert words in told.message


def test_what_the_upgrade_drops_is_lost_all_the_same() -> None:
    back = 'op.add_column("users", sa.Column("phone", Text20()))'
    lost, stops = findings(TOLD, 'op.drop_column("users", "phone")', back, given=USERS)
    assert (lost.rule, stops.rule) == ("MRT201", "MRT806")
    assert "the downgrade raises NameError" in lost.message


@pytest.mark.parametrize(
    "downgrade",
    [
        "try:\n    never_made()\nexcept NameError:\n    pass",
        "for row in []:\n    never_made()",
        "x = lambda: never_made",
        "x = True or never_made",
        "x: never_made = 1",
        "if sa.__version__ == '0':\n    x = 1\nx",
        "global x\nx = 1\nx",
        "unicode('x')",
        "_('x')",
        "globals()['never_made'] = 1\nnever_made",
        "from os.path import *\nnever_made",
        "op.drop_index(*['ix'])",
        "op.drop_index(**{'index_name': 'ix'})",
    ],
)
def test_what_need_not_raise_is_no_finding(downgrade: str) -> None:
    assert not [
        each for each in findings("MRT806", AGE, downgrade + NO_AGE, given=USERS) if "Error" in each.message
    ]


def test_one_that_raises_on_some_ways_only_is_no_proof_of_the_way_back() -> None:
    upgrade, downgrade = AGE, "import os\nif os.environ.get('X'):\n    never_made()" + NO_AGE
    report = run(migration(upgrade, downgrade, given=USERS, database="postgresql"), REGISTRY)
    assert report.migrations[-1].verdict.value == "unknown"


def test_an_exception_that_nothing_defines_refuses_all_the_same() -> None:
    (told,) = findings(TOLD, AGE, 'raise NoWayBack("not now")', given=USERS)
    assert (told.rule, told.severity) == ("MRT808", Severity.WARNING)


def test_an_upgrade_that_has_run_makes_no_such_mistake() -> None:
    assert not findings("MRT806 MRT807", AGE + "\nnever_made", NO_AGE.strip(), given=USERS)


def test_a_session_that_is_told_to_remove_an_object() -> None:
    """scoped_session.remove() takes nothing: SQLAlchemy raises TypeError."""
    session = (
        "from sqlalchemy.orm import scoped_session, sessionmaker\nsession = scoped_session(sessionmaker())\n"
    )
    (told,) = findings(
        "MRT102 MRT806", AGE, f"{session}session.remove(object())\nsession.commit()", given=USERS
    )
    assert (told.rule, "takes no object to remove: TypeError" in told.message) == ("MRT806", True)
    (told,) = findings("MRT102 MRT806", AGE, f"{session}session.remove()", given=USERS)
    assert told.rule == "MRT102"
