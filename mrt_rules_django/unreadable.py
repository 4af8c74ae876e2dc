"""What can be told of a migration that cannot be read as a whole: its place in the graph."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mrt_lint.lowered import Lowered, Migration
from mrt_lint.ops import Opaque
from mrt_lint.ops.span import Span
from mrt_lint.source.assigned import assigned

if TYPE_CHECKING:
    from mrt_lint.source.source import Source


def unreadable(source: Source, base: Lowered, label: str, span: Span, reason: str) -> Migration | None:
    """Returns the migration of a file that this Python cannot parse, None if it does not seem to be one.

    Django knows it by the name of its file; its dependencies are read from the tokens, so that what
    builds on it is no orphan. What it does is not known.
    """
    written = assigned(source.data, "dependencies")
    if b"class Migration" not in source.data or written is None:
        return None
    found = [f"{app}.{name}" for app, name in _pairs(written)]
    unknown = Opaque(span=span, statement=span, reason=reason, api="Migration")
    return Migration(
        f"{label}.{source.path.stem}",
        base.path,
        "django",
        tuple(name for name in found if name.partition(".")[0] == label),
        tuple(name for name in found if name.partition(".")[0] != label),
        (),
        (unknown,),
        (),
        span,
        span,
        span,
        span,
        source.path.stem.partition("_")[2].replace("_", " "),
    )


def literal_pairs(cls: ast.ClassDef, name: str) -> list[str]:
    """Returns the dependencies that are written out in an assignment of the class, as `app.name`."""
    return [
        f"{app}.{migration}"
        for statement in cls.body
        if isinstance(statement, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == name for target in statement.targets)
        for app, migration in _pairs(statement.value)
    ]


def _pairs(node: ast.AST) -> list[tuple[str, str]]:
    found = []
    for part in ast.walk(node):
        if isinstance(part, ast.Tuple) and len(part.elts) == 2:
            values = [one.value for one in part.elts if isinstance(one, ast.Constant)]
            if len(values) == 2 and all(isinstance(value, str) for value in values):
                found.append((str(values[0]), str(values[1])))
    return found
