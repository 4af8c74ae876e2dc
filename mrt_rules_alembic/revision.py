"""The module-level variables of a migration: revision, parents, labels, dependencies."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import NotKnown, Text, Value
from mrt_lint.ops.span import NOWHERE, Span
from mrt_rules_alembic.versions import legacy_revision

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator
    from mrt_lint.source.source import Source


class NotLoadableError(Exception):
    """Alembic cannot load the file, or the migration's identity is not known; `help` says what to do."""

    def __init__(self, message: str, span: Span = NOWHERE, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.help = help


@dataclass(frozen=True, slots=True)
class Identity:
    """What a migration says about itself, and where. `depends_on_more`: on what is known only at run time."""

    revision: str
    parents: tuple[str, ...]
    depends_on: tuple[str, ...]
    branch_labels: tuple[str, ...]
    span: Span
    parents_span: Span
    depends_on_more: bool = False


@dataclass(frozen=True, slots=True)
class _Unset:
    """A variable that the file does not set."""


def has_revision(evaluator: Evaluator) -> bool:
    """Returns whether the file sets `revision`."""
    return not isinstance(_value(evaluator, "revision"), _Unset)


def read_identity(evaluator: Evaluator, source: Source) -> Identity:
    """Returns the identity. Raises NotLoadableError where Alembic would fail, or when it is not literal."""
    revision = _value(evaluator, "revision")
    span = assignment_span(source, "revision")
    if isinstance(revision, _Unset):
        revision = legacy_revision(source.path.name)
        if revision is None:
            raise NotLoadableError(
                f"Alembic cannot load {source.path.name}: it sets no `revision`",
                help="set `revision` and `down_revision`, or move the file out of the version location",
            )
    if isinstance(revision, (NotKnown, Text)):
        raise NotLoadableError(
            f"`revision` is known only at run time{_why(revision)}", span, "write it as a literal"
        )
    if not isinstance(revision, str):
        raise NotLoadableError(f"`revision` is {revision!r}, Alembic wants a string", span)
    parents = _value(evaluator, "down_revision")
    if isinstance(parents, _Unset):
        raise NotLoadableError(
            f"Alembic cannot load {source.path.name}: it sets no `down_revision`",
            span,
            "set `down_revision`, to None if it is the first migration",
        )
    parents_span = assignment_span(source, "down_revision")
    depends_on = _dependencies(_value(evaluator, "depends_on"))
    return Identity(
        str(revision),
        _revisions(parents, "down_revision", parents_span),
        depends_on or (),
        _revisions(
            _value(evaluator, "branch_labels"), "branch_labels", assignment_span(source, "branch_labels")
        ),
        span,
        parents_span,
        depends_on is None,
    )


def _value(evaluator: Evaluator, name: str) -> Value:
    from mrt_lint.evaluate.journal import UNSET

    value = evaluator.module().get(name, evaluator)
    return _Unset() if value is UNSET else value


def _revisions(value: Value, name: str, span: Span) -> tuple[str, ...]:
    """Returns one or several revisions as a tuple."""
    found = _literals(value)
    if found is None:
        raise NotLoadableError(
            f"`{name}` is known only at run time{_why(value)}", span, "write it as a literal"
        )
    return found


def _dependencies(value: Value) -> tuple[str, ...] | None:
    """Returns the dependencies, None where they are known only at run time: Alembic loads such a file.

    An empty text is none: alembic.script.revision asks `if revision.dependencies`, after making a text
    of a single one (1.20).
    """
    found = _literals(value)
    return () if found == ("",) else found


def _literals(value: Value) -> tuple[str, ...] | None:
    """Returns one or several texts as a tuple, sorted from a set; None for anything else."""
    if value is None or isinstance(value, _Unset):
        return ()
    if isinstance(value, str):
        return (str(value),)
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value, key=str) if isinstance(value, (set, frozenset)) else list(value)
        if all(isinstance(item, str) for item in items):
            return tuple(str(item) for item in items)
    return None


def _why(value: Value) -> str:
    if isinstance(value, Text):
        value = next((part for part in value.parts if isinstance(part, NotKnown)), None)
    return f": {value.reason}" if isinstance(value, NotKnown) else ""


def assignment_span(source: Source, name: str) -> Span:
    """Returns where a module-level variable is set for the last time, NOWHERE if it is not."""
    found = NOWHERE
    for statement in source.ast.body:
        targets: list[ast.expr] = []
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets = [statement.target]
        if any(_binds(target, name) for target in targets):
            found = source.span(statement)
    return found


def _binds(target: ast.expr, name: str) -> bool:
    if isinstance(target, (ast.Tuple, ast.List)):
        return any(_binds(item, name) for item in target.elts)
    return isinstance(target, ast.Name) and target.id == name
