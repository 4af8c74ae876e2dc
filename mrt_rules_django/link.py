"""Links the drafts of a project: with the models of all apps they become operations on tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any

from mrt_lint.classes import dataclass
from mrt_lint.history import History
from mrt_lint.lowered import Lowered, Migration
from mrt_lint.ops import Opaque, Operation, Refuse
from mrt_lint.ops.base import TransactionFacts
from mrt_lint.ops.guard import DialectIs, Test, both
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.replacing import replace
from mrt_rules_django.advancing import advance
from mrt_rules_django.arguments import UnclearError
from mrt_rules_django.editor import Editor
from mrt_rules_django.graph import linked_graph
from mrt_rules_django.models import Models
from mrt_rules_django.operations import STATE_ONLY, run
from mrt_rules_django.orm_operations import ModelStep, on_tables
from mrt_rules_django.outside import with_presupposed
from mrt_rules_django.specs import Draft
from mrt_rules_django.unsaid import with_unsaid

if TYPE_CHECKING:
    from mrt_lint.project import Project


def link(
    lowered: tuple[Lowered, ...], project: Project, dialects: tuple[Dialect, ...]
) -> tuple[Lowered, ...]:
    """Returns the files with the operations that Django carries out, on these databases."""
    drafts = [each.migration for each in lowered if each.migration is not None]
    graph = linked_graph(drafts)
    graph = replace(graph, migrations=with_unsaid(graph.migrations, graph.shadows, project))
    history = History(graph.migrations, project)
    start = Models(project, dialects[0] if dialects else "postgresql")
    models = start
    made: dict[str, Migration] = {}
    for migration in history.order:
        if migration.id in graph.shadows:
            ancestors = history.ancestors(migration.id) - {*migration.replaces}
            before = _replayed(start, [m for m in history.order if m.id in ancestors])
            made[migration.path] = _linked(migration, before, dialects)[0]
        else:
            made[migration.path], after = _linked(migration, models, dialects)
            models = models if history.stands_beside(migration) else after
    for migration in graph.migrations:
        if migration.path not in made:  # its id is taken
            made[migration.path] = _linked(migration, models, dialects)[0]
    ready = with_presupposed(made)
    return tuple(
        replace(each, migration=ready[each.migration.path]) if each.migration is not None else each
        for each in lowered
    )


def _replayed(models: Models, migrations: Iterable[Migration]) -> Models:
    for migration in migrations:
        app = migration.id.partition(".")[0]
        for draft in migration.upgrade or ():
            models = _advanced(models, app, draft)
    return models


def _advanced(models: Models, app: str, draft: Operation) -> Models:
    if not isinstance(draft, Draft):
        return models
    try:
        return advance(models, app, draft)
    except UnclearError:
        return models


@dataclass(slots=True)
class _Direction:
    """The operations of one direction, and on each database what waits for its end."""

    dialects: Sequence[Dialect]
    operations: list[Operation] = field(default_factory=list)
    deferred: dict[Dialect, list[Operation]] = field(default_factory=dict)

    def add(self, found: dict[Dialect, list[Operation]]) -> None:
        """Adds what one operation of Django does on each database."""
        self.operations += _joined(found)

    def finish(self) -> tuple[Operation, ...]:
        """Returns everything in order."""
        self.add({dialect: self.deferred.get(dialect, []) for dialect in self.dialects})
        return tuple(self.operations)


def _linked(migration: Migration, models: Models, dialects: Sequence[Dialect]) -> tuple[Migration, Models]:
    """Returns a migration with its operations in both directions, and the models after it."""
    app = migration.id.partition(".")[0]
    drafts = migration.upgrade or ()
    points = [models]
    for draft in drafts:
        points.append(_advanced(points[-1], app, draft))
    transaction = TransactionFacts(autocommit=not migration.atomic)
    up = _Direction(dialects)
    for draft, before, after in zip(drafts, points, points[1:], strict=False):
        _carry_out(up, app, draft, before, after, True, transaction)
    refusals = [refusal for draft in drafts if (refusal := _irreversible(draft)) is not None]
    down = _Direction(dialects)
    if refusals:
        down.operations.append(refusals[0])
    else:
        for draft, before, after in reversed(list(zip(drafts, points, points[1:], strict=False))):
            _carry_out(down, app, draft, before, after, False, transaction)
    changed = replace(migration, upgrade=up.finish(), downgrade=down.finish())
    return changed, points[-1]


def _irreversible(draft: Operation) -> Refuse | None:
    """Returns what Django raises before it reverses anything, None if the operation can be reversed."""
    if not isinstance(draft, Draft):
        return None
    if draft.kind == "SeparateDatabaseAndState":
        return next((found for part in draft.parts if (found := _irreversible(part)) is not None), None)
    if draft.kind not in ("RunSQL", "RunPython") or draft.backwards is not None:
        return None
    missing = "reverse_sql" if draft.kind == "RunSQL" else "reverse_code"
    return Refuse(
        span=draft.span,
        statement=draft.statement,
        api=draft.api,
        direction="downgrade",
        exception="IrreversibleError",
        message=f"{draft.kind} without {missing}",
    )


def _carry_out(
    direction: _Direction,
    app: str,
    draft: Operation,
    before: Models,
    after: Models,
    forward: bool,
    transaction: TransactionFacts,
) -> None:
    facts: dict[str, Any] = {
        "span": draft.span,
        "statement": draft.statement,
        "api": draft.api,
        "direction": "upgrade" if forward else "downgrade",
        "transaction": transaction,
    }
    if not isinstance(draft, Draft):
        direction.operations.append(
            replace(draft, **{key: facts[key] for key in ("direction", "transaction")})
        )
        return
    if draft.kind == "SeparateDatabaseAndState":
        _parts(direction, app, draft, before, forward, transaction)
        return
    if draft.kind in ("RunSQL", "RunPython"):
        written = draft.forwards if forward else draft.backwards or ()
        models = before if forward else after
        if draft.kind == "RunPython" and not forward:
            models = before  # Django hands the state of before to reverse_code
        wanted = draft.get("atomic") if draft.kind == "RunPython" else None
        own = replace(transaction, autocommit=False) if wanted is True else transaction
        for step in written:
            placed = replace(step, transaction=own) if own.autocommit else step
            direction.add(_placed(placed, models, direction.dialects))
        return
    if draft.kind in STATE_ONLY:
        return
    found: dict[Dialect, list[Operation]] = {}
    for dialect in direction.dialects:
        editor = Editor(dialect, facts, deferred=direction.deferred.setdefault(dialect, []))
        try:
            run(editor, app, draft, before.on(dialect), after.on(dialect), forward)
        except UnclearError as trouble:
            editor.steps.append(Opaque(**facts, reason=trouble.reason, tables=trouble.tables))
        found[dialect] = editor.steps
    direction.add(found)


def _placed(step: Operation, models: Models, dialects: Sequence[Dialect]) -> dict[Dialect, list[Operation]]:
    if not isinstance(step, ModelStep):
        return {dialect: [step] for dialect in dialects}
    return {dialect: on_tables(step, models.on(dialect)) for dialect in dialects}


def _parts(
    direction: _Direction,
    app: str,
    draft: Draft,
    before: Models,
    forward: bool,
    transaction: TransactionFacts,
) -> None:
    """Carries out the database operations of a SeparateDatabaseAndState, which see a state of their own."""
    points = [before]
    for part in draft.parts:
        points.append(_advanced(points[-1], app, part))
    triples = list(zip(draft.parts, points, points[1:], strict=False))
    for part, one, other in triples if forward else reversed(triples):
        _carry_out(direction, app, part, one, other, forward, transaction)


def _joined(found: dict[Dialect, list[Operation]]) -> Iterator[Operation]:
    """Yields operations once where all databases agree, else under a guard for those that do."""
    lists = list(found.items())
    if len(lists) < 2:
        for _, steps in lists:
            yield from steps
    elif all(len(steps) == len(lists[0][1]) for _, steps in lists):
        for place in range(len(lists[0][1])):
            yield from _guarded([(dialect, [steps[place]]) for dialect, steps in lists])
    else:
        yield from _guarded(lists)


def _guarded(lists: list[tuple[Dialect, list[Operation]]]) -> Iterator[Operation]:
    groups: list[tuple[list[Dialect], list[Operation]]] = []
    for dialect, steps in lists:
        same = next((names for names, known in groups if known == steps), None)
        if same is not None:
            same.append(dialect)
        else:
            groups.append(([dialect], steps))
    if len(groups) == 1:
        yield from groups[0][1]
        return
    for names, steps in groups:
        test = Test(DialectIs(tuple(names)))
        for step in steps:
            yield replace(step, guard=both(step.guard, test))
