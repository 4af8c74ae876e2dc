"""How a revision that fails on our rows is tried with others."""

from __future__ import annotations

import pickle
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from mrt_dynamic.engine.base import StepError
from mrt_dynamic.snapshot.rows import Rows, TableRows
from mrt_dynamic.verify.ground import Filling
from mrt_dynamic.verify.lookout import Moment
from mrt_dynamic.verify.trials import Trial
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Table
from mrt_lint.schema.state import State

BEFORE = State("postgresql").put(Table(Name("t"), {"a": Column("a")}))
NEEDED = Column("code", nullable=False)


def probed(error: StepError, after: State, written: Rows | None = None) -> tuple[Trial, Any]:
    """Returns a trial after its upgrade ran on empty tables, where it wrote `written`, and the ground."""
    trial = Trial(error, 3, Filling())
    assert trial.following(error) == Filling(never=True)
    ground: Any = SimpleNamespace(
        moment=Moment(BEFORE, Rows()),
        upgrade=lambda driver, step: None,
        lookout=SimpleNamespace(everything=lambda connection: Moment(after, written or Rows())),
        filling=None,
    )
    trial.probe(SimpleNamespace(connection=None), None, ground)  # type: ignore[arg-type]
    return trial, ground


def attempts(error: StepError, after: State) -> list[Filling]:
    trial, ground = probed(error, after)
    found = [ground.filling]
    while (following := trial.following(error)) is not None:
        found.append(following)
    return found


def test_rows_are_given_up_only_in_the_end() -> None:
    found = attempts(StepError("KeyError: 'x'"), BEFORE.put(Table(Name("t"), {})))
    changed = frozenset([Name("t")])
    shown = [(each.since, each.extremes, each.plain, each.literals, each.bare) for each in found]
    nothing: frozenset[Name] = frozenset()
    assert shown == [
        (3, True, nothing, True, nothing),
        (3, False, nothing, True, nothing),
        (3, False, changed, True, nothing),
        (3, False, changed, False, nothing),
        (3, True, nothing, True, changed),
        (4, True, nothing, True, nothing),
    ]


def test_the_keys_of_rows_that_the_upgrade_writes_stay_free() -> None:
    rows = TableRows(Name("t"), ("a", "b"), ("a",), Counter([("'x'", None), ("'y'", "2")]), 2)
    _, ground = probed(StepError("no"), BEFORE, Rows({BEFORE.key("table", Name("t")): rows}))
    assert ground.filling.beside == {Name("t"): ({"a": "x"}, {"a": "y", "b": "2"})}


def test_a_filling_can_be_sent_to_another_process_however_many_tables_there_are() -> None:
    after = BEFORE
    for number in range(3000):
        after = after.put(Table(Name(f"t{number}"), {}))
    for filling in attempts(StepError("no"), after):
        assert pickle.loads(pickle.dumps(filling)) == filling


@pytest.mark.parametrize(
    ("message", "statement", "refuses"),
    [
        ('column "code" of relation "t" contains null values', "ALTER TABLE t ADD COLUMN code TEXT NOT NULL", True),
        ("Cannot add a NOT NULL column with default value NULL", "ALTER TABLE t ADD COLUMN code TEXT NOT NULL", True),
        ("NOT NULL constraint failed: _tmp_t.code", "INSERT INTO _tmp_t (a) SELECT t.a FROM t", True),
        # It was to be filled by something before: other rows may pass.
        ("NOT NULL constraint failed: _tmp_t.code", "INSERT INTO _tmp_t (a, code) SELECT t.a, t.code FROM t", False),
        ('column "code" contains null values', "ALTER TABLE t ALTER COLUMN code SET NOT NULL", False),
        ("Cannot add a NOT NULL column with default value NULL", "ALTER TABLE u ADD COLUMN code TEXT NOT NULL", False),
        ("KeyError: 'code'", None, False),
    ],
)  # fmt: skip
def test_whether_a_table_can_hold_rows_at_all(message: str, statement: str | None, refuses: bool) -> None:
    after = BEFORE.put(Table(Name("t"), {"a": Column("a"), "code": NEEDED}))
    trial, _ = probed(StepError(message, statement), after)
    trial.following(StepError(message, statement))
    assert trial.refuses("t") == ("code" if refuses else None)
    assert trial.refuses("u") is None
