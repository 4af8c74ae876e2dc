"""Types of the project that make a CHECK by SQLAlchemy's events: what they make is open, neither lost nor left."""

from __future__ import annotations

from io import StringIO

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import event
from sqlalchemy.types import SmallInteger, TypeDecorator

from mrt_lint.plugin import migration
from mrt_lint.testing import run
from mrt_lint.verdict import Verdict
from tests.rules.linting import REGISTRY

LISTENING = """
from sqlalchemy import event


class Stars(sa.types.TypeDecorator):
    impl = sa.SmallInteger


@event.listens_for(Stars, "before_parent_attach")
def attached(kind, column):
    @event.listens_for(column, "after_parent_attach")
    def added(column, table):
        table.append_constraint(sa.CheckConstraint(f"{column.name} <= 5", name=f"few_{column.name}"))
"""
TOLD = """
class Stars(sa.types.TypeDecorator, sa.types.SchemaType):
    impl = sa.SmallInteger

    def __init__(self):
        sa.types.TypeDecorator.__init__(self)
        sa.types.SchemaType.__init__(self)
"""
HOOKED = """
from checks_of_ours import append


class Stars(sa.types.TypeDecorator):
    impl = sa.SmallInteger

    def _set_table(self, column, table):
        append(column, table)
"""
BELOW = LISTENING + "\n\nclass MoreStars(Stars):\n    pass\n\n\nStars = MoreStars\n"
PLAIN = """
class Stars(sa.types.TypeDecorator):
    impl = sa.SmallInteger
"""
EVENTS = {"an event": LISTENING, "a base": TOLD, "a hook": HOOKED, "a class below": BELOW}

HOTELS = 'op.create_table("hotels", sa.Column("id", sa.Integer), sa.Column("stars", {}))'
CHECKED = 'op.create_check_constraint("few_stars", "hotels", "stars <= 5")'
DROP = 'op.drop_column("hotels", "stars")'
ADD = 'op.add_column("hotels", sa.Column("stars", {}))'
DROP_CHECK = 'op.drop_constraint("few_stars", "hotels", type_="check")'


def told(types: str, upgrade: str, downgrade: str, *given: str) -> tuple[set[str], Verdict]:
    """Returns the codes of what is told beside the loss of data, and the verdict."""
    example = migration(upgrade, downgrade, given=list(given), imports=types, database="postgresql")
    report = run(example, REGISTRY)
    (last,) = [one for one in report.migrations if one.path == example.files[-1][0]]
    return {f.rule for f in report.findings if f.path == last.path} & {
        "MRT801",
        "MRT802",
        "MRT806",
        "MRT807",
    }, (last.verdict)


@pytest.mark.parametrize("types", EVENTS.values(), ids=EVENTS.keys())
def test_a_check_that_the_type_makes_again_is_not_lost(types: str) -> None:
    given = (HOTELS.format("sa.SmallInteger"), CHECKED)
    assert told(types, DROP, ADD.format("Stars()"), *given)[0] == set()
    assert told(PLAIN, DROP, ADD.format("Stars()"), *given)[0] == {"MRT802"}


@pytest.mark.parametrize("types", EVENTS.values(), ids=EVENTS.keys())
def test_a_check_in_place_of_one_that_the_type_made_is_not_left(types: str) -> None:
    given = (HOTELS.format("Stars()"),)
    downgrade = f"{ADD.format('sa.SmallInteger')}\n{CHECKED}"
    assert told(types, DROP, downgrade, *(f"{types}\n{one}" for one in given))[0] == set()
    assert told(PLAIN, DROP, downgrade, *(f"{PLAIN}\n{one}" for one in given))[0] == {"MRT801"}


@pytest.mark.parametrize("types", EVENTS.values(), ids=EVENTS.keys())
def test_a_check_that_the_type_made_can_be_dropped(types: str) -> None:
    """In both directions; what nothing makes again is lost."""
    table = f"{types}\n{HOTELS.format('Stars()')}"
    codes, verdict = told(types, DROP_CHECK, "pass", table)
    assert (codes, verdict) == (set(), Verdict.BROKEN)
    upgrade, downgrade = ADD.format("Stars()").replace("stars", "beds"), DROP.replace("stars", "beds")
    drop = DROP_CHECK.replace("stars", "beds")
    codes, _ = told(types, upgrade, f"{drop}\n{downgrade}", HOTELS.format("sa.Integer"))
    assert codes == set()
    codes, _ = told(PLAIN, upgrade, f"{drop}\n{downgrade}", HOTELS.format("sa.Integer"))
    assert codes == {"MRT806"}


def test_alembic_writes_what_the_type_makes() -> None:
    """add_column hands the constraints of the table that it makes for it to the database."""

    class Stars(TypeDecorator[int]):
        impl = SmallInteger
        cache_ok = True

    @event.listens_for(Stars, "before_parent_attach")
    def attached(kind: Stars, column: sa.Column[int]) -> None:
        @event.listens_for(column, "after_parent_attach")
        def added(column: sa.Column[int], table: sa.Table) -> None:
            table.append_constraint(sa.CheckConstraint(f"{column.name} <= 5", name=f"few_{column.name}"))

    written = StringIO()
    options = {"as_sql": True, "output_buffer": written}
    op = Operations(MigrationContext.configure(dialect_name="postgresql", opts=options))
    op.add_column("hotels", sa.Column("stars", Stars()))
    assert "ADD CONSTRAINT few_stars CHECK (stars <= 5)" in written.getvalue()
