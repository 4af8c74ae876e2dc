"""Differences in words: what one side says and the other does not, never a tuple of Python."""

from __future__ import annotations

import pytest

from mrt_lint.replay.differences import Difference
from mrt_lint.replay.wording import describe
from mrt_lint.schema.names import UNKNOWN, Name

STEP, CYCLE = ("increment", "5"), ("cycle", "yes")


@pytest.mark.parametrize(
    ("field", "old", "new", "words"),
    [
        ("details", (), (STEP,), "has other details after the downgrade: increment 5 instead of none"),
        ("details", (STEP,), (), "has other details after the downgrade: none instead of increment 5"),
        (
            "details",
            (CYCLE, ("increment", "1")),
            (CYCLE, STEP),
            "has other details after the downgrade: increment 5 instead of increment 1",
        ),
        (
            "options",
            (("charset", "latin1"), ("engine", "innodb")),
            (("engine", "myisam"),),
            "has other options after the downgrade: engine myisam instead of charset latin1, engine innodb",
        ),
        ("labels", ("a", "b"), ("a",), "has other labels after the downgrade: (a) instead of (a, b)"),
        (
            "labels",
            UNKNOWN,
            ("a",),
            "has (a) as its labels after the downgrade; what it had before is not known",
        ),
        (
            "default",
            UNKNOWN,
            "0",
            "has 0 as its default after the downgrade; what it had before is not known",
        ),
        ("default", UNKNOWN, None, "has no default after the downgrade; what it had before is not known"),
        ("nullable", UNKNOWN, False, "is NOT NULL after the downgrade; whether it was before is not known"),
        ("nullable", True, False, "was nullable and is NOT NULL after the downgrade"),
    ],
)
def test_what_is_other(field: str, old: object, new: object, words: str) -> None:
    assert describe(Difference("changed", "sequence", Name("s"), None, field, old, new)) == words


def test_what_is_not_known_is_said_in_the_right_number() -> None:
    options = Difference("unknown", "table", Name("t"), None, "options", UNKNOWN, (("engine", "innodb"),))
    assert describe(options) == "is made anew by the downgrade; its options before are not known"
    column = Difference("unknown", "column", Name("t"), "c")
    assert describe(column) == "is made anew by the downgrade; what it was before is not known"
