"""What a batch adds around its operations where it makes the table anew: the two ends, and `table_args`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mrt_lint.evaluate.values import NotKnown, Text, Value
from mrt_lint.ops import (
    AddConstraint,
    BeginRebuild,
    CreateIndex,
    CreateTable,
    DropColumn,
    EndRebuild,
    Opaque,
    Operation,
    RenameColumn,
)
from mrt_lint.ops.guard import NEVER, Guard, both, either
from mrt_lint.schema.expressions import identifiers
from mrt_rules_alembic.directives.step import reason_of
from mrt_rules_alembic.naming import DEFAULT_CONVENTION
from mrt_rules_alembic.sqlalchemy.definitions import (
    constraint_definition,
    table_options,
    tables_by_dialect,
)
from mrt_rules_alembic.sqlalchemy.guards import on_dialects
from mrt_rules_alembic.sqlalchemy.index_definitions import indexes_by_dialect
from mrt_rules_alembic.sqlalchemy.schema_items import (
    ColumnItem,
    ConstraintItem,
    FetchedItem,
    IndexItem,
    TableItem,
)
from mrt_rules_alembic.sqlalchemy.sqltext import canonical

if TYPE_CHECKING:
    from mrt_rules_alembic.directives.batch import Batch


def column_forces_rebuild(column: ColumnItem) -> bool:
    """Returns whether adding the column makes SQLite's batch create the table anew.

    Source: `SQLiteImpl.requires_recreate_in_batch`: a default that is an expression, a stored column.
    """
    if column.computed is not None and column.computed.persisted is True:
        return True
    default = column.server_default
    return default is not None and not isinstance(default, (str, Text, FetchedItem))


def carried_out(batch: Batch) -> Iterator[Operation]:
    """Yields the operations of a batch as they take effect, inside a rebuild where there may be one."""
    guard = _guard(batch)
    if guard == NEVER:
        yield from batch.pending
        return
    facts = {**batch.step.call.evaluator.facts(batch.step.call), "guard": guard}
    yield from _begun(batch, facts, guard)
    named = batch.step.call.evaluator.project.naming_known
    for operation in batch.pending:
        unsure = isinstance(operation, AddConstraint) and operation.constraint.name is None and not named
        yield replace(operation, needs_name=False) if unsure else operation  # type: ignore[call-arg]
    yield from _table_args(batch, facts, guard)
    yield from _not_followed(batch, facts)
    yield EndRebuild(table=batch.table, **facts)


def _begun(batch: Batch, facts: dict[str, Any], guard: Guard) -> Iterator[Operation]:
    drops = tuple(operation.name for operation in batch.pending if isinstance(operation, DropColumn))
    copies = _copies(batch)
    yield from _not_known(batch, facts, bool(copies))
    given = batch.step.get("table_kwargs")
    facts = {**facts, "options": table_options(given if isinstance(given, dict) else {})}
    facts["causes"] = () if batch.recreate == "always" else tuple(batch.caused_at)
    if not copies:
        yield BeginRebuild(table=batch.table, drops=drops, convention=_convention(batch), **facts)
    for names, copy in copies:
        own = guard if len(copies) == 1 else both(guard, on_dialects(names))
        yield BeginRebuild(table=batch.table, drops=drops, copy_from=copy, **{**facts, "guard": own})


def _guard(batch: Batch) -> Guard:
    """Returns the condition under which the batch makes its table anew."""
    if batch.recreate == "never":
        return NEVER
    if batch.recreate == "always":
        return batch.entered
    targets = batch.step.call.evaluator.dialects()
    if "sqlite" not in targets:
        return NEVER
    needed: Guard = NEVER
    for cause in batch.causes:
        needed = either(needed, cause)
    return needed if len(targets) == 1 else both(needed, on_dialects(("sqlite",)))


def _copies(batch: Batch) -> list[tuple[tuple[str, ...], CreateTable]]:
    """Returns the table that the batch is given in place of a reflected one, as it is on which databases."""
    item = batch.step.get("copy_from")
    if not isinstance(item, TableItem) or not item.complete or item.light:
        return []
    convention = (item.metadata.convention if item.metadata is not None else None) or DEFAULT_CONVENTION
    return [
        (
            names,
            CreateTable(
                table=batch.table,
                columns=tuple(parts.columns),
                constraints=tuple(parts.constraints),
                indexes=tuple(parts.indexes),
                comment=item.comment if isinstance(item.comment, str) else None,
                options=table_options(item.options),
                complete=parts.complete,
            ),
        )
        for names, parts in tables_by_dialect(item, batch.step.call, convention)
        if batch.recreate == "always" or "sqlite" in names
    ]


def _not_known(batch: Batch, facts: dict[str, Any], copied: bool) -> Iterator[Operation]:
    """Yields what is said of the new table and is not understood."""

    def opaque(reason: str) -> Opaque:
        return Opaque(reason=reason, source=batch.step.call.source, tables=(batch.table,), **facts)

    given = batch.step.get("copy_from")
    if given is not None and not copied:
        yield opaque(f"the table of copy_from= is not known{reason_of(given)}")
    if batch.step.get("reflect_args"):
        yield opaque("reflect_args= may say otherwise what the table is")
    args: Value = batch.step.get("table_args", ())
    whole = isinstance(args, (list, tuple))
    if not whole or any(isinstance(item, NotKnown) for item in args):
        yield opaque(f"the constraints of table_args= are not known{reason_of(args)}")


def _not_followed(batch: Batch, facts: dict[str, Any]) -> Iterator[Operation]:
    """Yields that a check on a column which the batch drops or renames may not be in the new table.

    A check that is an expression is left out without its columns, one that is a text is not.
    """
    touched = set()
    for operation in batch.pending:
        if isinstance(operation, DropColumn):
            touched.add(operation.name.lower())
        elif isinstance(operation, RenameColumn):
            touched |= {operation.name.lower(), operation.new.lower()}
    for condition in batch.by_columns:
        words = identifiers(canonical(condition, batch.step.call))
        if touched & {word.lower() for word in words}:
            reason = "a check on a column that the same batch drops or renames may be left out"
            yield Opaque(reason=reason, source=batch.step.call.source, tables=(batch.table,), **facts)


def _convention(batch: Batch) -> tuple[tuple[str, str], ...]:
    """Returns the templates of `naming_convention=`, sorted."""
    given = batch.step.get("naming_convention")
    if not isinstance(given, dict):
        return ()
    pairs = [(key, value) for key, value in given.items() if isinstance(key, str) and isinstance(value, str)]
    return tuple(sorted((str(key), str(value)) for key, value in pairs))


def _table_args(batch: Batch, facts: dict[str, Any], guard: Guard) -> Iterator[Operation]:
    """Yields the constraints and indexes that `table_args` adds to the new table."""
    call, convention = batch.step.call, batch.step.convention
    for item in batch.table_args:
        if isinstance(item, ConstraintItem):
            made = constraint_definition(item, batch.table, call, convention)
            yield AddConstraint(table=batch.table, constraint=made, needs_name=False, **facts)
        elif isinstance(item, IndexItem):
            groups = indexes_by_dialect(item, batch.table, call, convention)
            for names, index in groups:
                if batch.recreate == "always" or "sqlite" in names:
                    own = guard if len(groups) == 1 else both(guard, on_dialects(names))
                    yield CreateIndex(table=batch.table, index=index, **{**facts, "guard": own})
