"""The Alembic frontend: finds histories, and lowers each migration file to operations."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mrt_lint.errors import MeaningError, SourceError
from mrt_lint.lowered import Lowered, Migration, Problem
from mrt_lint.ops.span import NOWHERE, Span
from mrt_rules_alembic.versions import legacy_revision

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Meaning
    from mrt_lint.evaluate.evaluator import Evaluator
    from mrt_lint.evaluate.values import Value
    from mrt_lint.ops.base import Direction, Operation
    from mrt_lint.project import Project
    from mrt_lint.schema.dialects import Dialect
    from mrt_lint.source.source import Source


class AlembicFrontend:
    """Alembic's histories. Stateless: everything is in the arguments."""

    name = "alembic"

    def discover(self, paths: Sequence[Path]) -> Iterable[Project]:
        """Yields every project found at or around these paths."""
        from mrt_rules_alembic.discover import discover

        return discover(paths)

    def lower(
        self,
        source: Source,
        project: Project,
        *,
        dialects: tuple[Dialect, ...],
        meanings: Mapping[str, Meaning],
    ) -> Lowered:
        """Returns the file as operations; what cannot be read is in `Lowered.problem`."""
        from mrt_lint.evaluate.evaluator import Evaluator
        from mrt_rules_alembic.imported_dialects import signs_of
        from mrt_rules_alembic.unreadable import unreadable

        base = Lowered(source.path.as_posix(), source.digest, suppressions=source.suppressions)
        try:
            source.ast  # noqa: B018
            evaluator = Evaluator(source, project, meanings, dialects)
            lowered = _lower(source, project, evaluator, base)
        except SourceError as error:
            span = Span(error.line, error.column, error.line, error.column + 1)
            unread = unreadable(source, base, span, error.reason)
            return replace(base, problem=Problem(error.reason, span), migration=unread)
        except MeaningError as error:
            span = Span(error.line, 1, error.line, 1)
            return replace(base, problem=Problem(str(error), span, "this is a defect of the plugin"))
        signs = signs_of(source, evaluator.signs)
        return replace(lowered, helpers=tuple(evaluator.helpers_read), signs=signs)


def _lower(source: Source, project: Project, evaluator: Evaluator, base: Lowered) -> Lowered:
    from mrt_rules_alembic.revision import NotLoadableError, has_revision, read_identity

    if not has_revision(evaluator) and not _is_loaded(source, project, evaluator):
        return base
    try:
        identity = read_identity(evaluator, source)
    except NotLoadableError as trouble:
        return replace(base, problem=Problem(trouble.message, trouble.span, trouble.help))
    upgrade = _direction(evaluator, "upgrade")
    downgrade = _direction(evaluator, "downgrade")
    migration = Migration(
        identity.revision,
        base.path,
        "alembic",
        identity.parents,
        identity.depends_on,
        identity.branch_labels,
        upgrade,
        downgrade,
        identity.span if identity.span != NOWHERE else Span(1, 1, 1, 1),
        identity.parents_span,
        _function_span(evaluator, source, "upgrade"),
        _function_span(evaluator, source, "downgrade"),
        _title(source),
        depends_on_more=identity.depends_on_more,
    )
    return replace(base, migration=migration)


def _is_loaded(source: Source, project: Project, evaluator: Evaluator) -> bool:
    """Returns whether a file without `revision` is one that Alembic would load nevertheless.

    In a folder that no configuration names, only what defines upgrade or downgrade counts.
    """
    has_functions = _defines(evaluator, "upgrade") or _defines(evaluator, "downgrade")
    if legacy_revision(source.path.name) is not None and has_functions:
        return True
    configured = project.config_file is not None
    return (configured and source.path.absolute() in project.files) or (has_functions and not configured)


def _defines(evaluator: Evaluator, name: str) -> bool:
    from mrt_lint.evaluate.journal import UNSET

    return evaluator.module().get(name, evaluator) is not UNSET


def _direction(evaluator: Evaluator, direction: Direction) -> tuple[Operation, ...] | None:
    """Returns the operations of one direction, None when its function is missing."""
    from mrt_rules_alembic.entry import engine_functions, entry_arguments, joined_engines

    if not _defines(evaluator, direction):
        return None
    function = evaluator.module().get(direction, evaluator)
    engines = engine_functions(evaluator, function, direction)
    if engines:
        return joined_engines([_run(evaluator, name, direction, ()) for name in engines], direction)
    return _run(evaluator, direction, direction, entry_arguments(evaluator, function))


def _run(
    evaluator: Evaluator, name: str, direction: Direction, arguments: Sequence[Value]
) -> tuple[Operation, ...]:
    """Returns the operations of one function, a note alone if Alembic's call runs nothing of it.

    `MigrationContext.run_migrations` calls it and drops what it gives, which of `async def` is a coroutine
    that nobody awaits; the revision counts as applied all the same (tried with Alembic 1.20).
    """
    from mrt_lint.evaluate.functions import waits
    from mrt_lint.evaluate.journal import UNSET
    from mrt_lint.evaluate.values import Function
    from mrt_lint.ops import NeverRuns

    function = evaluator.module().get(name, evaluator)
    why = waits(function) if isinstance(function, Function) else None
    if why is None:
        return evaluator.run(name, direction, arguments)
    span = _function_span(evaluator, evaluator.source, name)
    message = f"{name}() {why}: nothing of it runs, though Alembic reports success"
    note = NeverRuns(span=span, statement=span, direction=direction, message=message)
    return (*evaluator.run_value(UNSET, direction, (), name), note)


def _function_span(evaluator: Evaluator, source: Source, name: str) -> Span:
    from mrt_lint.evaluate.values import Function
    from mrt_rules_alembic.revision import assignment_span

    for statement in source.ast.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)) and statement.name == name:
            return source.span(statement)
    span = assignment_span(source, name)
    function = evaluator.module().get(name, evaluator)
    if span == NOWHERE and isinstance(function, Function) and function.module is evaluator.main:
        return source.span(function.node)
    return span


def _title(source: Source) -> str:
    """Returns the first line of the docstring."""
    text = ast.get_docstring(source.ast) or ""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")
