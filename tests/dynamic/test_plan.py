"""Which revisions are applied and which are tested."""

from __future__ import annotations

import pytest

from mrt_dynamic.engine.base import Revision
from mrt_dynamic.verify.plan import Plan, plan

#   a - b - c - d - merge - e
#        \- x - y -/
HISTORY = [
    Revision("a", "a.py"),
    Revision("b", "b.py", ("a",)),
    Revision("c", "c.py", ("b",)),
    Revision("x", "x.py", ("b",)),
    Revision("d", "d.py", ("c",)),
    Revision("y", "y.py", ("x",)),
    Revision("merge", "m.py", ("d", "y")),
    Revision("e", "e.py", ("merge",)),
]


def ids(found: Plan) -> str:
    return " ".join(step.revision.id for step in found.steps if step.tested)


def applied(found: Plan) -> str:
    return " ".join(step.revision.id for step in found.steps)


def test_everything_is_tested_in_order_of_application() -> None:
    found = plan(HISTORY)
    assert ids(found) == "a b c x d y merge e"
    assert found.whole


def test_only_what_is_asked_for_is_tested_and_nothing_after_it_is_applied() -> None:
    found = plan(HISTORY, asked=["x", "d"])
    assert ids(found) == "x d"
    assert applied(found) == "a b c x d"
    assert not found.whole
    assert [step.revision.id for step in found.steps if step.shown] == ["x", "d"]


@pytest.mark.parametrize(
    ("since", "expected"), [("c", "d merge e"), ("x", "y merge e"), ("e", ""), ("b", "c x d y merge e")]
)
def test_since_means_what_comes_after_on_any_branch(since: str, expected: str) -> None:
    assert ids(plan(HISTORY, since=[since])) == expected


def test_since_the_last_revision_applies_nothing() -> None:
    assert applied(plan(HISTORY, since=["e"])) == ""


def test_the_floor_and_what_is_before_it_is_applied_and_shown_with_the_reason() -> None:
    found = plan(HISTORY, floor=["d"])
    assert ids(found) == "x y merge e"
    reasons = {step.revision.id: step.skip_reason for step in found.steps if step.skip_reason}
    assert set(reasons) == {"a", "b", "c", "d"}
    assert "floor d" in str(reasons["a"])
    assert all(step.shown for step in found.steps)


def test_a_skipped_revision_is_applied_and_keeps_the_reason_of_the_user() -> None:
    found = plan(HISTORY, skip={"x": "exported by hand"}, floor=["b"])
    reasons = {step.revision.id: step.skip_reason for step in found.steps}
    assert reasons["x"] == "exported by hand"
    assert "x" not in ids(found).split()


def test_without_a_revision_go_all_that_need_it_and_no_other() -> None:
    kept, needing = plan(HISTORY).without("x")
    assert applied(kept) == "a b c d"
    assert [step.revision.id for step in needing] == ["y", "merge", "e"]
    assert not kept.whole


def test_since_base_is_everything() -> None:
    assert ids(plan(HISTORY, since=[])) == "a b c x d y merge e"
