"""The rebuild of a table by a batch of Alembic: reflected, created anew, filled, renamed ("move and copy").

What reflection does not see is not in the new table; what belongs to the old table goes with it; and
the parts of the batch take effect together, when the new table is created. So a rebuild is two
operations around those of the batch. Sources: `alembic/operations/batch.py` (ApplyBatchImpl) and
`alembic/ddl/postgresql.py` (prep_table_for_batch); what SQLAlchemy's reflection sees was measured with
Alembic 1.20 and SQLAlchemy 2.1 on SQLite 3.40, PostgreSQL 15 and MariaDB 10.11.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mrt_lint.ops.base import Operation
from mrt_lint.ops.dependents import held, standing, without_belongings
from mrt_lint.ops.editing import find_table, sorted_constraints
from mrt_lint.ops.tables import CreateTable, referencing
from mrt_lint.schema.expressions import identifiers
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import Column, Constraint, Index, SchemaObject, Table
from mrt_lint.schema.types import SqlType

if TYPE_CHECKING:
    from mrt_lint.schema.state import State

_TEMPORARY_NAME = 50
"""How long the name of the new table may be before it is renamed (`ApplyBatchImpl._calc_temp_name`)."""

_LOST_OPTIONS = {
    "sqlite": ("autoincrement",),
    "postgresql": (
        "row_security",
        "force_row_security",
        "owner",
        "unlogged",
        "replica_identity",
        "cluster on",
        "triggers",
    ),
}
"""Options of a table that reflection does not see."""

_ORDERS = ("ASC", "DESC", "NULLS", "COLLATE")
"""Words behind a column of an index that do not make it an expression."""


def rebuilds(state: State, op: Operation) -> bool:
    """Returns whether a batch in which the operation needs it makes the table anew on this database."""
    return op.batch == "always" or (op.batch == "auto" and state.dialect == "sqlite")


# What reflection sees


def reflected(state: State, table: Table) -> Table:
    """Returns the table as SQLAlchemy's reflection and Alembic's copy of it see it."""
    if state.dialect not in ("sqlite", "postgresql"):
        return table
    constraints = tuple(seen for c in table.constraints if (seen := _constraint(state, c)) is not None)
    looked_at = {key: _index(state, table, index) for key, index in table.indexes.items()}
    indexes = {key: index for key, index in looked_at.items() if index is not None}
    lost = {("index", key) for key in table.indexes.keys() - indexes.keys()}
    columns = {key: _column(state, column) for key, column in table.columns.items()}
    options = tuple(item for item in table.options if item[0] not in _LOST_OPTIONS[state.dialect])
    return replace(
        table,
        columns=columns,
        constraints=sorted_constraints(constraints),
        indexes=indexes,
        options=options,
        comment=None if state.dialect == "postgresql" else table.comment,
        gone=table.gone | lost,
    )


def _constraint(state: State, constraint: Constraint) -> Constraint | None:
    """Returns the constraint as it is seen: SQLite's unnamed checks and PostgreSQL's exclusions are not."""
    if state.dialect == "postgresql":
        return None if constraint.kind == "exclude" else replace(constraint, validated=True)
    if constraint.kind == "check" and constraint.name is None:
        return None
    if constraint.kind == "foreign" and constraint.match is not None:
        # SQLAlchemy reads the clauses of a foreign key in one order; MATCH hides those behind it.
        return replace(constraint, match=None, deferrable=False, initially=None)
    return constraint


def _index(state: State, table: Table, index: Index) -> Index | None:
    """Returns the index as it is seen: SQLite's are columns alone, one with an expression is not seen."""
    if state.dialect != "sqlite" or isinstance(index.columns, Unknown):
        return index
    plain = [_plain(state, table, text) for text in index.columns]
    if any(column is None for column in plain):
        return None
    return replace(index, columns=tuple(column for column in plain if column is not None))


def _plain(state: State, table: Table, text: str) -> str | None:
    """Returns the column that an index element is, without its order and collation; None: an expression."""
    for before in (text, *(text.partition(f" {word}")[0] for word in _ORDERS)):
        if before.isidentifier() or state.fold(before.strip('"`')) in table.columns:
            return before
    return None


def _column(state: State, column: Column) -> Column:
    kind = column.type
    if state.dialect == "sqlite" and isinstance(kind, SqlType) and kind.collation is not None:
        return replace(column, type=replace(kind, collation=None))
    return column


# What a naming convention adds


def _named(table: Table, convention: dict[str, str]) -> Table:
    """Returns the table whose unnamed constraints have the names of the batch's `naming_convention`."""
    if not convention:
        return table
    keys = {"primary": "pk", "unique": "uq", "foreign": "fk"}
    constraints = []
    for constraint in table.constraints:
        kind = None if isinstance(constraint.kind, Unknown) else keys.get(constraint.kind)
        name = None
        if constraint.name is None and kind in convention:
            name = _conventional(convention[kind or ""], table, constraint)
        constraints.append(replace(constraint, name=name) if name is not None else constraint)
    return replace(table, constraints=sorted_constraints(tuple(constraints)))


def _conventional(template: str, table: Table, constraint: Constraint) -> str | None:
    """Returns a name as `sqlalchemy.sql.naming` makes it, None for a template with other tokens."""
    tokens = {"table_name": table.name.name}
    if constraint.ref_table is not None:
        tokens["referred_table_name"] = constraint.ref_table.name
    for prefix, columns in (("", constraint.columns), ("referred_", constraint.ref_columns)):
        tokens |= {f"{prefix}column_{place}_name": column for place, column in enumerate(columns)}
        tokens |= {f"{prefix}column_{place}_key": column for place, column in enumerate(columns)}
        tokens |= {
            f"{prefix}column_{place}_label": f"{table.name.name}_{column}"
            for place, column in enumerate(columns)
        }
        tokens[f"{prefix}column_0N_name"] = "".join(columns)
        tokens[f"{prefix}column_0_N_name"] = "_".join(columns)
    try:
        return template % tokens
    except (KeyError, ValueError, TypeError):
        return None


# The two ends of a rebuild


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginRebuild(Operation):
    """The beginning of a batch that makes its table anew: what is lost, whatever the batch does.

    `copy_from`: the table as the batch was told it is, None when it is reflected. `drops`: columns that
    the batch drops. `convention`: (key, template) of the batch's `naming_convention`, which names
    the constraints that have no name in the database.
    """

    table: Name
    copy_from: CreateTable | None = None
    drops: tuple[str, ...] = ()
    convention: tuple[tuple[str, str], ...] = ()

    has_effect = False  # the operations of the batch are what it does

    def apply(self, state: State) -> State:
        """Leaves out what the new table will not have, and what goes with the old one."""
        if not rebuilds(state, self):
            return state
        state, table = find_table(state, self, self.table)
        if table is None:
            return state
        for fault in self._obstacles(state, table):
            state = state.fault(self, "invalid", *fault)
        if state.dialect in ("sqlite", "postgresql"):
            state = held(state, self, "table", table.name, what="be rebuilt")
        if self.copy_from is not None:
            state, table = self._as_given(state, table, self.copy_from)
        else:
            table = _named(reflected(state, table), dict(self.convention))
        counters = _counters(state, table) if state.dialect == "postgresql" else []
        state = without_belongings(state, table.name)
        for counter in counters:
            state = state.put(counter)
        return state.put(replace(table, rebuilding=frozenset()))

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
            for trigger in _writers(state, table):
                message = f"table {table.name} cannot be rebuilt while trigger {trigger.name} names it"
                found.append(("table", str(table.name), message, there and standing(state, trigger)))
            return found
        for other, key_ in referencing(state, table.name):
            words = f"{key_.name or 'a foreign key'} of {other.name} refers to it"
            sure = there and other.sure and key_.sure and not key_.assumed
            message = f"table {table.name} cannot be rebuilt while {words}"
            found.append(("table", str(table.name), message, sure))
        for constraint in table.constraints:
            own = constraint.ref_table is not None and state.dialect in ("mysql", "mariadb")
            if own and constraint.name is not None and not constraint.assumed:
                message = f"the rebuild of {table.name} uses the name {constraint.name} twice, which fails"
                found.append(("constraint", f"{table.name}.{constraint.name}", message, there))
        return found

    def _as_given(self, state: State, table: Table, given: CreateTable) -> tuple[State, Table]:
        """Returns the table as `copy_from` says it is, with the data of the columns that it has."""
        from mrt_lint.ops.columns import converted
        from mrt_lint.schema.state import State as Database

        made = replace(given, conditional=False).apply(Database(state.dialect)).table(given.table)
        if made is None:
            return state, table
        columns: dict[str, Column] = {}
        for key, column in made.columns.items():
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
                origin = converted(state.origin(table, old), old.type, column.type)
            columns[key] = replace(column, origin=origin)
        gone = {("column", key) for key in table.columns.keys() - columns.keys()}
        gone |= {("index", key) for key in table.indexes.keys() - made.indexes.keys()}
        rebuilt = replace(
            table,
            columns=columns,
            constraints=made.constraints,
            indexes=made.indexes,
            options=made.options,
            comment=made.comment,
            gone=table.gone | gone,
            complete=made.complete,
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
        """Leaves out the keys of columns that are gone; what else names such a column makes it fail."""
        table = state.table(self.table)
        if table is None or table.rebuilding is None:
            return state
        state, constraints = self._constraints(state, table)
        indexes = {}
        for key, index in table.indexes.items():
            column = _missing(state, table, _index_words(index))
            if column is None:
                indexes[key] = index
            else:
                state = self._fails(state, "index", f"index {index.name} of {table.name}", table, column)
        rebuilt = replace(
            table, constraints=sorted_constraints(constraints), indexes=indexes, rebuilding=None
        )
        return state.put(rebuilt)

    def _constraints(self, state: State, table: Table) -> tuple[State, tuple[Constraint, ...]]:
        kept = []
        for constraint in table.constraints:
            if constraint.kind in ("unique", "foreign"):
                if _missing(state, table, set(constraint.columns)) is None:
                    kept.append(constraint)
                continue
            words = identifiers(constraint.expression or "")
            column = _missing(state, table, words) if constraint.kind == "check" else None
            if column is None:
                kept.append(constraint)
                continue
            state = self._fails(state, "constraint", f"{table.name}.{constraint.name}", table, column)
        return state, tuple(kept)

    def _fails(self, state: State, kind: str, subject: str, table: Table, column: str) -> State:
        message = f"{subject} needs column {column}, which {table.name} lacks when it is rebuilt"
        return state.fault(self, "invalid", kind, subject, message, state.is_there(table))

    def inverse(self, state_before: State) -> Operation | None:
        """Returns itself: what the new table has is the business of the batch's other operations."""
        return self

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"end the rebuild of table {self.table}"


def _missing(state: State, table: Table, words: set[str]) -> str | None:
    """Returns the first name of a column that was dropped or renamed away, None if all are there."""
    gone = (table.rebuilding or frozenset()) - table.columns.keys()
    return next((word for word in sorted(map(state.fold, words)) if word in gone), None)


def _index_words(index: Index) -> set[str]:
    texts = [] if isinstance(index.columns, Unknown) else list(index.columns)
    return {word for text in [*texts, index.where or "", *index.include] for word in identifiers(text)}


# What the operations of the batch do meanwhile


def without_column(state: State, table: Table, name: str) -> Table:
    """Returns the table that is rebuilt without a column: its key shrinks, all else waits for the end."""
    folded = state.fold(name)
    constraints = []
    for constraint in table.constraints:
        if constraint.kind == "primary":
            columns = tuple(column for column in constraint.columns if state.fold(column) != folded)
            if not columns and constraint.columns:
                continue
            constraint = replace(constraint, columns=columns)
        constraints.append(constraint)
    columns_left = {key: column for key, column in table.columns.items() if key != folded}
    shorter = replace(
        table,
        columns=columns_left,
        constraints=sorted_constraints(tuple(constraints)),
        gone=table.gone | {("column", folded)},
        rebuilding=(table.rebuilding or frozenset()) | {folded},
    )
    return numbered(state, shorter) if shorter.constraints != table.constraints else shorter


def with_renamed(state: State, table: Table, old: str, new: str) -> Table:
    """Returns the table that is rebuilt with a renamed column: keys and indexes follow, texts do not."""

    def name(text: str) -> str:
        return new if state.fold(text) == state.fold(old) else text

    constraints = tuple(
        replace(constraint, columns=tuple(name(column) for column in constraint.columns))
        for constraint in table.constraints
    )
    indexes = {
        key: index
        if isinstance(index.columns, Unknown)
        else replace(index, columns=tuple(name(column) for column in index.columns))
        for key, index in table.indexes.items()
    }
    gone = (table.rebuilding or frozenset()) | {state.fold(old)}
    return replace(table, constraints=sorted_constraints(constraints), indexes=indexes, rebuilding=gone)


def numbered(state: State, table: Table) -> Table:
    """Returns the table after a change of its key: on SQLite a whole INTEGER key is the row id."""
    if state.dialect != "sqlite":
        return table
    keys = [constraint.columns for constraint in table.constraints if constraint.kind == "primary"]
    alone = state.fold(keys[0][0]) if keys and len(keys[0]) == 1 else None
    columns = {
        key: replace(column, autoincrement=key == alone and _is_integer(column))
        for key, column in table.columns.items()
    }
    return replace(table, columns=columns)


def _is_integer(column: Column) -> bool:
    return isinstance(column.type, SqlType) and column.type.name == "integer"
