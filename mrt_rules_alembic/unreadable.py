"""What can be told of a migration that cannot be read as a whole: its place in the graph."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mrt_lint.lowered import Lowered, Migration
from mrt_lint.ops import Opaque
from mrt_lint.source.assigned import assigned

if TYPE_CHECKING:
    from mrt_lint.ops.span import Span
    from mrt_lint.source.source import Source


def unreadable(source: Source, base: Lowered, span: Span, reason: str) -> Migration | None:
    """Returns the migration of a file that this Python cannot parse, None where it does not say its id.

    The Python that runs the project may read it (the print statement of Python 2, syntax that is newer),
    so what builds on it is no orphan. What it does is not known.
    """
    revision = _literal(assigned(source.data, "revision"))
    written = assigned(source.data, "down_revision")
    parents = _literals(written)
    if not isinstance(revision, str) or parents is None:
        return None
    unknown = Opaque(span=span, statement=span, reason=reason, api="revision")
    return Migration(
        revision,
        base.path,
        "alembic",
        parents,
        _literals(assigned(source.data, "depends_on")) or (),
        _literals(assigned(source.data, "branch_labels")) or (),
        (unknown,),
        (unknown,),
        span,
        span,
        span,
        span,
    )


def _literal(node: ast.expr | None) -> object:
    return node.value if isinstance(node, ast.Constant) else node


def _literals(node: ast.expr | None) -> tuple[str, ...] | None:
    """Returns the texts that are written out, one or several; none for None, and None for anything else."""
    if isinstance(node, ast.Constant) and node.value is None:
        return ()
    items = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    found = [_literal(item) for item in items]
    return tuple(str(text) for text in found) if all(isinstance(text, str) for text in found) else None
