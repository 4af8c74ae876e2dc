"""A Lowered is the same after it was written and read."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mrt_lint import ops
from mrt_lint.lowered import Lowered, Migration, Problem, Suppression
from mrt_lint.ops.guard import ALWAYS, AllOf, AnyOf, DialectIs, Exists, Not, Test, Undecided
from mrt_lint.ops.span import Span
from mrt_lint.schema.names import Name
from mrt_lint.serialise import FORMAT, dump_lowered, from_data, load_lowered, to_data
from tests.ops.strategies import operations

tests = st.builds(
    Test,
    st.one_of(
        st.builds(DialectIs, st.just(("mysql",))),
        st.builds(
            Exists,
            st.sampled_from(["table", "column"]),
            st.just(Name("t", "s")),
            st.sampled_from([None, "c"]),
        ),
        st.builds(Undecided, st.text(max_size=5)),
    ),
    st.text(max_size=3),
    st.integers(1, 9),
)
guards = st.recursive(
    st.one_of(st.just(ALWAYS), tests),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(AllOf, st.lists(inner, max_size=2).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=2).map(tuple)),
    ),
    max_leaves=4,
)
spans = st.builds(Span, *[st.integers(1, 99)] * 4)


@st.composite
def placed(draw: st.DrawFn) -> ops.Operation:
    return replace(
        draw(operations), span=draw(spans), guard=draw(guards), api="op.x", sql=draw(st.booleans())
    )


lowered = st.builds(
    Lowered,
    path=st.text(min_size=1, max_size=9),
    digest=st.just("d" * 64),
    migration=st.one_of(
        st.none(),
        st.builds(
            Migration,
            st.text(max_size=5),
            st.text(max_size=5),
            st.just("alembic"),
            upgrade=st.one_of(st.none(), st.lists(placed(), max_size=4).map(tuple)),
            downgrade=st.one_of(st.none(), st.lists(placed(), max_size=4).map(tuple)),
            identity=spans,
        ),
    ),
    problem=st.one_of(st.none(), st.builds(Problem, st.text(max_size=9), spans)),
    suppressions=st.lists(st.builds(Suppression, *[st.integers(1, 9)] * 3), max_size=2).map(tuple),
    helpers=st.just((("a.py", "d"),)),
    signs=st.just(("mysql",)),
)


@settings(max_examples=300, deadline=None)
@given(value=lowered)
def test_written_as_json_and_read_it_is_the_same(value: Lowered) -> None:
    assert load_lowered(json.loads(json.dumps(dump_lowered(value)))) == value


@pytest.mark.parametrize("name", sorted(ops.__all__))
def test_every_operation_can_be_written(name: str) -> None:
    from mrt_lint.serialise import _classes

    cls = getattr(ops, name)
    if isinstance(cls, type):
        assert _classes().get(name) is cls


def test_what_is_no_data_is_refused() -> None:
    with pytest.raises(TypeError, match="object cannot be written"):
        to_data(object())


@pytest.mark.parametrize("data", [{"@": "Nonsense"}, {"@": "Span", "unheard": 1}])
def test_data_of_another_making_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"unknown class|Span"):
        from_data(data)


def test_another_format_is_refused() -> None:
    data = dump_lowered(Lowered("a.py", "d"))
    with pytest.raises(ValueError, match="format"):
        load_lowered({**data, "format": FORMAT + 1})
    with pytest.raises(ValueError, match="not a Lowered"):
        load_lowered({**data, "lowered": 1})
