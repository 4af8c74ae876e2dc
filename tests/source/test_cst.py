"""Concrete trees: walking, places, qualified names."""

from __future__ import annotations

from pathlib import Path

import libcst
import pytest

from mrt_lint.errors import SourceError
from mrt_lint.source.cst import walk
from mrt_lint.source.source import Source


def source(text: str) -> Source:
    return Source(Path("m.py"), text.encode())


def calls(one: Source) -> list[libcst.Call]:
    return [node for node in walk(one.tree) if isinstance(node, libcst.Call)]


SOURCE = '''\
"""Dokumentation: äöü."""
import a


@decorated(1)
def upgrade(x=default(2)):
    with block("é", y=f(3)) as b, other():  # comment
        b.drop(  # noqa
            "t",
        )
    return (  g(  ) )
    try:
        h()
    finally:
        i()
'''


@pytest.mark.parametrize("text", [SOURCE, SOURCE.replace("\n", "\r\n"), SOURCE.replace("    ", "\t")])
def test_spans_slice_to_the_call(text: str) -> None:
    one = source(text)
    sliced = [one.slice(one.index.span(call)) for call in calls(one)]
    assert len(sliced) == 9
    for call, piece in zip(calls(one), sliced, strict=True):
        assert piece.startswith(libcst.Module([]).code_for_node(call.func))
        assert piece.endswith(")")


def test_spans_agree_with_libcst() -> None:
    from libcst.metadata import MetadataWrapper, PositionProvider

    one = source(SOURCE)
    wrapper = MetadataWrapper(one.tree, unsafe_skip_copy=True)
    for node, place in wrapper.resolve(PositionProvider).items():
        span = one.index.span(node)
        assert (span.line, span.column - 1, span.end_line, span.end_column - 1) == (
            place.start.line,
            place.start.column,
            place.end.line,
            place.end.column,
        )


def test_walk_visits_every_node_once() -> None:
    class Counter(libcst.CSTVisitor):
        seen = 0

        def on_visit(self, node: libcst.CSTNode) -> bool:
            self.seen += 1
            return True

    counter = Counter()
    one = source(SOURCE)
    one.tree.visit(counter)
    assert len(list(walk(one.tree))) == counter.seen


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("from alembic import op\nop.f(1)", "alembic.op.f"),
        ("from alembic import op as o\no.f(1)", "alembic.op.f"),
        ("import alembic.op\nalembic.op.f(1)", "alembic.op.f"),
        ("import alembic.op as o\no.f(1)", "alembic.op.f"),
        ("from alembic.op import f\nf(1)", "alembic.op.f"),
        ("from alembic import op\nf = op.f\nf(1)", "alembic.op.f"),
        ("from . import helpers\nhelpers.f(1)", ".helpers.f"),
        ("from ..a.b import c\nc(1)", "..a.b.c"),
        ("def u():\n    from alembic import op\n    op.f(1)", "alembic.op.f"),
        ("from alembic import op\ndef u(x=op.f(1)): pass", "alembic.op.f"),
        ("len(1)", "builtins.len"),
        ("def f(): pass\nf(1)", ""),
        ("x(1)", ""),
        ("x().y", ""),
        ("from alembic import op\ndef u(op):\n    op.f(1)", ""),
        ("from alembic import op\nop = 1\nop.f(1)", ""),
        ("from alembic import op\nfor op in x: op.f(1)", ""),
        ("from alembic import op\nwith x as op: op.f(1)", ""),
        ("from alembic import op\n[op.f(1) for op in x]", ""),
        ("import a\nimport b as a\na.f(1)", ""),
    ],
)
def test_resolve(text: str, name: str) -> None:
    one = source(text)
    assert one.index.resolve(calls(one)[0]) == name


def test_a_class_body_is_no_scope_for_its_functions() -> None:
    one = source("from a import x\nclass C:\n    x = 1\n    def f(self): return x.y()\n")
    assert one.index.resolve(calls(one)[0]) == "a.x.y"


def test_what_libcst_refuses_is_a_source_error() -> None:
    with pytest.raises(SourceError) as refusal:
        _ = source("x = 1\ny = (\n").tree
    assert refusal.value.line == 3 or refusal.value.line == 2
