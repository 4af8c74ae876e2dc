"""The rebuild of a table by a batch of Alembic: reflected, created anew, filled, renamed ("move and copy").

What reflection does not see is not in the new table; what belongs to the old table goes with it; and
the parts of the batch take effect together, when the new table is created. So a rebuild is two
operations around those of the batch. Sources: `alembic/operations/batch.py` (ApplyBatchImpl) and
`alembic/ddl/postgresql.py` (prep_table_for_batch); what SQLAlchemy's reflection sees was measured with
Alembic 1.20 and SQLAlchemy 2.1 on SQLite 3.40, PostgreSQL 15 and MariaDB 10.11.
"""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.ops.base import Operation
from mrt_lint.ops.dependents import held, standing, without_belongings
from mrt_lint.ops.editing import find_table, sorted_constraints
from mrt_lint.ops.enforced import enforced
from mrt_lint.ops.rebuilding import made, unmade
from mrt_lint.ops.reflection import named, reflected
from mrt_lint.ops.span import Span
from mrt_lint.ops.tables import CreateTable, referencing
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.expressions import identifiers
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import Column, Rebuilding, SchemaObject, Table
from mrt_lint.schema.types import SqlType

if TYPE_CHECKING:
    from mrt_lint.schema.state import State

_TEMPORARY_NAME = 50
"""How long the name of the new table may be before it is renamed (`ApplyBatchImpl._calc_temp_name`)."""


def rebuilds(state: State, op: Operation) -> bool:
    """Returns whether a batch in which the operation needs it makes the table anew on this database."""
    return op.batch == "always" or (op.batch == "auto" and state.dialect == "sqlite")


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginRebuild(Operation):
    """The beginning of a batch that makes its table anew: what is lost, whatever the batch does.

    `copy_from`: the table as the batch was told it is, None when it is reflected. `drops`: columns that
    the batch drops. `convention`: (key, template) of the batch's `naming_convention`, which names
    the constraints that have no name in the database. `options`: what the batch adds to the table's own.
    `causes`: the calls for which SQLite makes the table anew; none where the batch does so by itself.
    """

    table: Name
    copy_from: CreateTable | None = None
    drops: tuple[str, ...] = ()
    convention: tuple[tuple[str, str], ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    causes: tuple[Span, ...] = field(default=(), compare=False)

    has_effect = False  # the operations of the batch are what it does

    def apply(self, state: State) -> State:
        """Leaves out what the new table will not have, and what goes with the old one."""
        if not rebuilds(state, self):
            return state
        state, table = find_table(state, self, self.table)
        if table is None:
            return state
        state = enforced(state, self, table, "the rebuild")
        for fault in self._obstacles(state, table):
            state = state.fault(self, "invalid", *fault)
        if state.dialect == "postgresql" or (state.dialect == "sqlite" and not state.keys_stay):
            state = held(state, self, "table", table.name, what="be rebuilt")
        if self.copy_from is not None:
            state, table = self._as_given(state, table, self.copy_from)
        else:
            table = named(reflected(state, table), dict(self.convention))
        counters = _counters(state, table) if state.dialect == "postgresql" else []
        state = without_belongings(state, table.name)
        for counter in counters:
            state = state.put(counter)
        options = tuple(sorted({**dict(table.options), **dict(self.options)}.items()))
        return state.put(replace(table, options=options, rebuilding=Rebuilding()))

    def _obstacles(self, state: State, table: Table) -> list[tuple[str, str, str, bool]]:
        """Returns what makes the rebuild fail, as (kind, subject, message, sure)."""
        found: list[tuple[str, str, str, bool]] = []
        there = state.is_there(table)
        drops = {state.fold(name) for name in self.drops}
        for key, column in table.columns.items():
            if key in drops:
                continue
            subject = f"{table.name}.{column.name}"
            sure = there and column.sure and not column.assumed
            if column.generated is not None and self.copy_from is None:
                message = f"the rebuild of {table.name} copies into generated column {subject}, which fails"
                found.append(("column", subject, message, sure))
            if self.copy_from is None and state.dialect == "postgresql" and _is_enum(state, column):
                message = f"the rebuild of {table.name} creates the type of {subject} again, which fails"
                found.append(("column", subject, message, sure))
        if state.dialect == "sqlite":
            for trigger in _writers(state, table) if not state.keys_stay else ():
                message = f"table {table.name} cannot be rebuilt while trigger {trigger.name} names it"
                found.append(("table", str(table.name), message, there and standing(state, trigger)))
            return found
        for other, key_ in referencing(state, table.name):
            words = f"{key_.name or 'a foreign key'} of {other.name} refers to it"
            sure = there and other.sure and key_.sure and not key_.assumed
            message = f"table {table.name} cannot be rebuilt while {words}"
            found.append(("table", str(table.name), message, sure))
        for constraint in table.constraints:
            own = constraint.ref_table is not None and state.dialect in MYSQL
            if own and constraint.name is not None and not constraint.assumed:
                message = f"the rebuild of {table.name} uses the name {constraint.name} twice, which fails"
                found.append(("constraint", f"{table.name}.{constraint.name}", message, there))
        return found

    def _as_given(self, state: State, table: Table, given: CreateTable) -> tuple[State, Table]:
        """Returns the table as `copy_from` says it is, with the data of the columns that it has."""
        from mrt_lint.ops.columns import converted
        from mrt_lint.schema.state import State as Database

        wanted = replace(given, conditional=False).apply(Database(state.dialect)).table(given.table)
        if wanted is None:
            return state, table
        columns: dict[str, Column] = {}
        for key, column in wanted.columns.items():
            old = table.columns.get(key)
            if old is None:
                if state.knows_all_of(table):
                    subject = f"{table.name}.{column.name}"
                    message = f"column {subject} does not exist at that point, but copy_from has it"
                    state = state.fault(self, "missing", "column", subject, message)
                columns[key] = replace(column, origin=None)
                continue
            origin = old.origin
            if isinstance(old.type, SqlType) and isinstance(column.type, SqlType) and old.type != column.type:
                origin = converted(state.origin(table, old), old.type, column.type, copied=True)
            columns[key] = replace(column, origin=origin)
        gone = {("column", key) for key in table.columns.keys() - columns.keys()}
        gone |= {("index", key) for key in table.indexes.keys() - wanted.indexes.keys()}
        rebuilt = replace(
            table,
            columns=columns,
            constraints=wanted.constraints,
            indexes=wanted.indexes,
            options=wanted.options,
            comment=wanted.comment,
            gone=table.gone | gone,
            complete=wanted.complete,
        )
        return state, rebuilt

    def inverse(self, state_before: State) -> Operation | None:
        """Restores the constraints, indexes and triggers that the rebuild loses; None for anything else."""
        from mrt_lint.ops.constraints import AddConstraint
        from mrt_lint.ops.control import Several
        from mrt_lint.ops.indexes import CreateIndex
        from mrt_lint.ops.objects import undone

        table = state_before.table(self.table)
        after = self.apply(state_before).table(self.table)
        if table is None or after is None:
            return None
        constraints = [c for c in table.constraints if c not in after.constraints]
        indexes = [index for key, index in table.indexes.items() if key not in after.indexes]
        kept = replace(
            after,
            constraints=sorted_constraints((*after.constraints, *constraints)),
            indexes={**after.indexes, **{state_before.fold(i.name or ""): i for i in indexes}},
        )
        if kept != table:
            return None
        others = undone(state_before, self)
        steps = [
            EndRebuild(table=self.table, batch=self.batch),
            *(AddConstraint(table=self.table, constraint=c, batch="always") for c in constraints),
            *(CreateIndex(table=self.table, index=index) for index in indexes),
            *([others] if others is not None else []),
        ]
        return Several(operations=tuple(steps))

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"begin the rebuild of table {self.table}"


def _is_enum(state: State, column: Column) -> bool:
    kind = column.type
    if isinstance(kind, Unknown):
        return False
    kind = kind.element or kind
    return state.enum(Name(kind.name, kind.schema)) is not None


def _writers(state: State, table: Table) -> list[SchemaObject]:
    """Returns the triggers of other tables that name this one: SQLite then refuses to rename the new table.

    Only where the word can mean nothing else: no column that is known has this name.
    """
    name = state.fold(table.name.name)
    if any(name in other.columns for other in state.tables()):
        return []
    return [
        trigger
        for trigger in state.all("trigger")
        if isinstance(trigger, SchemaObject)
        and trigger.table is not None
        and state.key("table", trigger.table) != state.key("table", table.name)
        and isinstance(trigger.definition, str)
        and name in {state.fold(word) for word in identifiers(trigger.definition)}
    ]


def _counters(state: State, table: Table) -> list[SchemaObject]:
    """Returns the sequences that SERIAL and identity columns of the new table get: they begin at 1 again."""
    found = []
    for column in table.columns.values():
        if not column.autoincrement and not column.identity:
            continue
        base = f"_alembic_tmp_{table.name.name}"[:_TEMPORARY_NAME] + f"_{column.name}_seq"
        name, number = Name(base, table.name.schema), 0
        while state.get("sequence", name) is not None:
            number += 1
            name = Name(f"{base}{number}", table.name.schema)
        details = (("column", state.fold(column.name)), ("serial", "yes"))
        moved = "counts from 1 in the rebuilt table"
        found.append(SchemaObject("sequence", name, "", table.name, details, moved=moved, epoch=state.epoch))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRebuild(Operation):
    """The end of a batch that makes its table anew: the new table is created as the batch has left it."""

    table: Name

    has_effect = False

    def apply(self, state: State) -> State:
        """Gives the columns their names; a key of a column that is gone is left out, all else fails."""
        table = state.table(self.table)
        if table is None or table.rebuilding is None:
            return state
        for kind, subject, message, sure in unmade(state, table):
            state = state.fault(self, "invalid", kind, subject, message, sure and state.is_there(table))
        return state.put(made(state, table))

    def inverse(self, state_before: State) -> Operation | None:
        """Returns itself: what the new table has is the business of the batch's other operations."""
        return self

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"end the rebuild of table {self.table}"
