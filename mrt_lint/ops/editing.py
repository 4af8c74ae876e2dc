"""What operations share: finding what they act on, and putting changed tables back.

What is surely not there is a fault, and the operation changes nothing. What the history does not show
at all is assumed to have been there before. A table (or another object of a schema) that a complete
history never made counts as such in an upgrade: the history did not begin with an empty database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mrt_lint.ops.unseen_checks import unseen_check
from mrt_lint.schema.automatic_names import shortened
from mrt_lint.schema.names import UNKNOWN, Kind, Name, Unknown
from mrt_lint.schema.objects import AnyObject, Column, Constraint, Index, Table
from mrt_lint.schema.origin import Kept, KeptRows
from mrt_lint.schema.replacing import replace
from mrt_lint.schema.state import (
    State,
    assumed_column,
    assumed_constraint,
    assumed_index,
    assumed_object,
    assumed_table,
)
from mrt_lint.schema.types import SqlType

if TYPE_CHECKING:
    from mrt_lint.ops.base import Operation


_LEFTOVER = "_alembic_tmp_"
"""How Alembic calls the table that a batch builds; one is left behind only where a batch broke off."""

_SYSTEM_COLUMNS = {
    "postgresql": ("ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"),
    "sqlite": ("rowid", "oid", "_rowid_"),
    "oracle": ("rowid", "ora_rowscn"),
}
"""Columns that every table has without declaring them.

Sources: PostgreSQL manual, System Columns; SQLite, Rowid Tables; Oracle SQL Reference, Pseudocolumns.
"""


def _missing(
    state: State, op: Operation, kind: str, subject: str, surely: bool, older: bool = False
) -> tuple[State, bool]:
    """Returns the state, with a fault for what is surely absent, and whether to assume it all the same.

    `older`: it may be older than the history.
    """
    if not surely:
        return state, True
    if op.conditional:
        return state, older and op.direction == "upgrade" and _begins_here(state)
    state = state.fault(op, "missing", kind, subject, f"{kind} {subject} does not exist at that point")
    return state, older and op.direction == "upgrade"


def _begins_here(state: State) -> bool:
    """Returns whether the history made nothing before this migration: it may begin with a full database."""
    own = set()
    entry = state.log
    while entry is not None:
        own.add(entry.key)
        entry = entry.earlier
    return len(own) == len(state.objects)


def find_table(state: State, op: Operation, name: Name) -> tuple[State, Table | None]:
    """Returns the table an operation acts on; None when it is not there and must not be assumed."""
    table = state.table(name)
    if table is not None:
        return state, table
    if state.get("view", name) is not None or (op.conditional and name.name.startswith(_LEFTOVER)):
        return state, None
    absent, older = state.absent("table", name), not state.dropped("table", name)
    state, assume = _missing(state, op, "table", str(name), absent, older)
    if not assume:
        return state, None
    table = assumed_table(name, state.epoch)
    return replace(state, complete=False).assume("table", name).put(table), table


def is_system_column(state: State, column: str) -> bool:
    """Returns whether every table of the database has this column without declaring it."""
    return state.fold(column) in _SYSTEM_COLUMNS.get(state.dialect, ())


def find_column(
    state: State, op: Operation, name: Name, column: str
) -> tuple[State, Table | None, Column | None]:
    """Returns the table and the column an operation acts on."""
    state, table = find_table(state, op, name)
    if table is None:
        return state, None, None
    folded = state.fold(column)
    found = table.columns.get(folded)
    if found is not None:
        return state, table, found
    if is_system_column(state, column):
        return state, table, None
    surely = state.knows_all_of(table) or ("column", folded) in table.gone or _is_new(state, table, folded)
    state, assume = _missing(state, op, "column", f"{name}.{column}", surely)
    if not assume:
        return state, table, None
    found = assumed_column(column)
    state = state.assume("column", state.base_name(table), found)
    table = replace(table, columns={**table.columns, folded: found})
    return state.put(table), table, found


def told_type(state: State, table: Table, column: Column, name: str, said: SqlType | Unknown) -> State:
    """Returns the state in which a type that the history does not tell was what an operation says.

    `name`: what the column was called when the operation began. Once the migration has given it
    other data, what is said is no word about the time before.
    """
    base = state.base_name(table)
    if isinstance(said, Unknown) or state.origin(table, column) != Kept(base, name):
        return state
    return state.assume("column", base, replace(column, name=name, type=said, origin=None))


def _is_new(state: State, table: Table, folded: str) -> bool:
    """Returns whether a batch that rebuilds the table gave this name to a column, which keeps its key."""
    columns = () if table.rebuilding is None else table.columns.values()
    return any(state.fold(column.name) == folded for column in columns)


def find_index(
    state: State, op: Operation, name: Name, table_name: Name
) -> tuple[State, Table | None, Index | None]:
    """Returns the table and the index an operation acts on."""
    state, table = find_table(state, op, table_name)
    if table is None:
        return state, None, None
    name = replace(name, name=shortened(name.name, state.dialect, op.sql))
    folded = state.fold(name.name)
    found = table.indexes.get(folded)
    if found is not None:
        return state, table, found
    surely = state.knows_all_of(table) or ("index", folded) in table.gone
    state, assume = _missing(state, op, "index", str(name), surely)
    if not assume:
        return state, table, None
    found = assumed_index(name.name)
    state = state.assume("index", state.base_name(table), found)
    table = replace(table, indexes={**table.indexes, folded: found})
    return state.put(table), table, found


def find_constraint(
    state: State, op: Operation, table_name: Name, name: str | None, kind: Any, by_convention: bool = False
) -> tuple[State, Table | None, Constraint | None]:
    """Returns the table and the constraint an operation acts on: by name, or the primary key when unnamed.

    `by_convention`: the name may stand for the one unnamed constraint whose columns it is made of.
    """
    state, table = find_table(state, op, table_name)
    if table is None:
        return state, None, None
    name = shortened(name, state.dialect, op.sql) if name is not None else None
    # A unique and a foreign key of MySQL may have one name (`shares_names`).
    for constraint in sorted(table.constraints, key=lambda found: found.kind != kind):
        same = (
            constraint.name is not None
            and name is not None
            and state.fold(constraint.name) == state.fold(name)
        )
        # MySQL names every primary key PRIMARY, so DROP PRIMARY KEY is what its name means there.
        unnamed = name is None or constraint.name is None or constraint.name == "PRIMARY"
        if same or (kind == constraint.kind == "primary" and unnamed):
            return state, table, constraint
    if by_convention and name is not None:
        nameless = [
            constraint
            for constraint in table.constraints
            if constraint.name is None
            and kind in (UNKNOWN, constraint.kind)
            and all(column in name for column in constraint.columns)
        ]
        if len(nameless) == 1:
            return state, table, nameless[0]
    unseen = unseen_check(state, table, name, kind)
    if unseen == "new":
        words = f"whether {name} on {table.name} is a constraint that the type of a column makes"
        return state.doubt(op, f"{words} is not known"), table, None
    surely = (
        name is not None
        and not by_convention
        and not unseen
        and (state.knows_all_of(table) or ("constraint", state.fold(name)) in table.gone)
    )
    state, assume = _missing(state, op, "constraint", f"{name or kind} on {table_name}", surely)
    if not assume:
        return state, table, None
    found = assumed_constraint(name, kind)
    state = state.assume("constraint", state.base_name(table), found)
    table = replace(table, constraints=sorted_constraints((*table.constraints, found)))
    return state.put(table), table, found


def find_object(
    state: State, op: Operation, kind: Kind, name: Name, table: Name | None = None
) -> tuple[State, AnyObject | None]:
    """Returns the view, type, sequence, trigger, ... an operation acts on."""
    found = state.get(kind, name)
    if found is not None:
        return state, found
    older = not state.dropped(kind, name)
    state, assume = _missing(state, op, kind, str(name), state.absent(kind, name), older)
    if not assume:
        return state, None
    value = assumed_object(kind, name, table)
    return state.assume("object", name, value).put(value), value


def sorted_constraints(constraints: tuple[Constraint, ...]) -> tuple[Constraint, ...]:
    """Returns constraints in the one order in which a table holds them."""
    return tuple(
        sorted(constraints, key=lambda c: (str(c.kind), c.columns, c.name or "", c.expression or ""))
    )


def with_column(state: State, table: Table, column: Column, old: str | None = None) -> State:
    """Returns the state with one column of a table added or replaced; `old`: under which name it stood."""
    columns = dict(table.columns)
    gone = table.gone
    if old is not None and state.fold(old) != state.fold(column.name):
        position = list(columns).index(state.fold(old))
        items = list(columns.items())
        items[position] = (state.fold(column.name), column)
        columns = dict(items)
        gone = gone | {("column", state.fold(old))}
    else:
        columns[_key(state, table, column)] = column
    return state.put(replace(table, columns=columns, gone=gone - {("column", state.fold(column.name))}))


def _key(state: State, table: Table, column: Column) -> str:
    """Returns the key under which the table has a column: an old name while a batch makes it anew."""
    folded = state.fold(column.name)
    at_key = table.columns.get(folded)
    if table.rebuilding is None or (at_key is not None and at_key.name == column.name):
        return folded
    return next((key for key, other in table.columns.items() if other.name == column.name), folded)


def moved(state: State, table: Table, name: Name) -> Table:
    """Returns the table under another name; its rows and columns remember where they were before."""
    base = state.base_name(table)
    columns = {
        key: column if column.origin else replace(column, origin=Kept(base, column.name))
        for key, column in table.columns.items()
    }
    return replace(table, name=name, columns=columns, rows=table.rows or KeptRows(base))


def exists_already(state: State, op: Operation, kind: str, subject: str, sure: bool = True) -> State:
    """Returns the state with the fault that an object is there already (none under IF NOT EXISTS)."""
    if op.conditional:
        return state
    return state.fault(op, "exists", kind, subject, f"{kind} {subject} exists already at that point", sure)


def refused_in_transaction(state: State, op: Operation) -> bool:
    """Returns whether PostgreSQL refuses a concurrent operation at this point of the migration.

    Source: PostgreSQL manual, CREATE INDEX and DROP INDEX ("cannot be executed inside a transaction block").
    An upgrade is believed to run: what is wrong with it is no question of rollback.
    """
    in_block = not op.transaction.autocommit and not state.autocommit
    return state.dialect == "postgresql" and in_block and op.direction == "downgrade"


def in_transaction(state: State, op: Operation, what: str) -> State:
    """Returns the state with the fault that an operation cannot run in the migration's transaction."""
    message = f"{what} cannot run inside the migration's transaction"
    return state.fault(op, "transaction", "statement", what, message)


def unsupported_on_sqlite(state: State, op: Operation, what: str) -> State | None:
    """Returns the state with a fault when SQLite has no ALTER for this outside a batch, else None.

    Source: "SQL Features That SQLite Does Not Implement"; Alembic raises NotImplementedError or
    sends a statement that SQLite refuses.
    """
    if state.dialect != "sqlite" or op.batch not in (None, "never"):
        return None
    return state.fault(op, "unsupported", "statement", what, f"SQLite cannot {what} outside a batch")
