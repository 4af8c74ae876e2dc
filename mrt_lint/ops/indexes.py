"""Operations on indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.ops.adopting import add_index
from mrt_lint.ops.base import Operation
from mrt_lint.ops.conventions import NAMED_BY, index_meant
from mrt_lint.ops.editing import (
    find_index,
    find_object,
    find_table,
    in_transaction,
    refused_in_transaction,
    sorted_constraints,
)
from mrt_lint.ops.objects import DropObject, create_object, restored
from mrt_lint.ops.served import index_held
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.names import UNKNOWN, Name, Unknown
from mrt_lint.schema.objects import Constraint, Index, SchemaObject, Table
from mrt_lint.schema.replacing import replace

if TYPE_CHECKING:
    from mrt_lint.schema.state import State


def index_key(name: Name) -> Name:
    """Returns the name under which State keeps an index whose table is not known."""
    return Name(f"index {name.name}", name.schema)


def table_of_index(state: State, name: Name) -> Table | None:
    """Returns the table that has an index of this name (PostgreSQL and SQLite: unique in a schema).

    PostgreSQL looks for a name without a schema in the default one alone.
    """
    folded = state.fold(name.name)
    anywhere = name.schema is None and state.dialect != "postgresql"
    schema = state.key("table", Name("", name.schema)).schema
    for table in state.tables():
        if folded in table.indexes and (anywhere or state.key("table", table.name).schema == schema):
            return table
    return None


def _of_view(view: Name, index: Index) -> SchemaObject:
    """Returns the index of a materialized view, which State keeps as an object of its own."""
    columns = "?" if isinstance(index.columns, Unknown) else ", ".join(index.columns)
    words = [
        "unique" if index.unique else "",
        f"using {index.method}" if index.method not in (None, "btree") else "",
        f"({columns})",
        f"include ({', '.join(index.include)})" if index.include else "",
        f"where {index.where}" if index.where else "",
        *(f"{option} {value}" for option, value in index.options),
    ]
    definition = UNKNOWN if isinstance(index.columns, Unknown) else " ".join(word for word in words if word)
    name = index.name or "_".join([view.name, *(index.columns or ()), "idx"])
    return SchemaObject("other", index_key(Name(name, view.schema)), definition, view)


def _unique_constraint(state: State, table: Table, name: str) -> Constraint | None:
    """Returns the unique constraint of this name: in MySQL it is an index like any other."""
    if state.dialect not in MYSQL:
        return None
    for constraint in table.constraints:
        if (
            constraint.kind == "unique"
            and constraint.name
            and state.fold(constraint.name) == state.fold(name)
        ):
            return constraint
    return None


def _outside_transaction(state: State, op: Operation) -> State:
    """Returns the state in which the runner holds no transaction, if a concurrent upgrade shows that.

    An upgrade is believed to run; then so does what its downgrade does in the same way.
    """
    shown = op.direction == "upgrade" and not op.transaction.autocommit and state.dialect == "postgresql"
    return replace(state, autocommit=True) if shown else state


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateIndex(Operation):
    """CREATE INDEX."""

    table: Name
    index: Index
    concurrently: bool = False

    def apply(self, state: State) -> State:
        """Adds the index."""
        from mrt_lint.ops.rebuilding import plain

        if self.concurrently and refused_in_transaction(state, self):
            return in_transaction(state, self, "CREATE INDEX CONCURRENTLY")
        state = _outside_transaction(state, self) if self.concurrently else state
        if state.get("view", self.table) is not None:
            return create_object(state, self, _of_view(self.table, self.index))
        state, table = find_table(state, self, self.table)
        if table is None:
            return state
        if table.rebuilding is not None and not plain(state, table, self.index):
            subject = f"{table.name}.{self.index.name}"
            message = f"index {subject} is no list of columns: the rebuild of its table may refuse it"
            state = state.doubt(self, message)
        state, table = add_index(state, self, table, self.index)
        return state.put(table)

    def inverse(self, state_before: State) -> Operation | None:
        """Drops the index under the name that it got."""
        if state_before.get("view", self.table) is not None:
            value = _of_view(self.table, self.index)
            there = state_before.get("other", value.name)
            return None if there else DropObject(kind="other", name=value.name, table=self.table)
        table = state_before.table(self.table)
        after = self.apply(state_before).table(self.table)
        if table is None or after is None:
            return None
        new = [i for key, i in after.indexes.items() if key not in table.indexes]
        keys = [c for c in after.constraints if c not in table.constraints]
        name = new[0].name if new else keys[0].name if keys else None
        if not name:
            return None
        from mrt_lint.ops.control import Several

        drop = DropIndex(name=Name(name, self.table.schema), table=self.table)
        lost = [index for key, index in table.indexes.items() if key not in after.indexes]
        made = tuple(CreateIndex(table=self.table, index=index) for index in lost)
        return Several(operations=(*made, drop)) if made else drop

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"create index {self.index.name or ''} on {self.table}".replace("  ", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class DropIndex(Operation):
    """DROP INDEX; `table` None: not said (PostgreSQL and SQLite find it by name)."""

    name: Name
    table: Name | None = None
    concurrently: bool = False
    cascade: bool = False

    def apply(self, state: State) -> State:
        """Removes the index; without its table it is looked for by name."""
        if self.concurrently and refused_in_transaction(state, self):
            return in_transaction(state, self, "DROP INDEX CONCURRENTLY")
        state = _outside_transaction(state, self) if self.concurrently else state
        table_name = self._table(state)
        of_view = table_name is not None and state.get("view", table_name) is not None
        loose = table_of_index(state, self.name) is None and state.get("other", index_key(self.name))
        if table_name is None or of_view or loose:
            return self._without_table(state)
        existing = state.table(table_name)
        if existing is not None:
            unique = _unique_constraint(state, existing, self.name.name)
            if unique is not None:
                state = index_held(state, self, existing, self.name.name, unique.columns)
                rest = tuple(c for c in existing.constraints if c is not unique)
                return state.put(replace(existing, constraints=sorted_constraints(rest)))
        meant = index_meant(state, existing, self.name) if existing is not None else None
        if meant is not None:
            words = f"which index of {table_name} {self.name} is"
            state = state.doubt(self, f"{words} {NAMED_BY}")
        name = Name(meant.name, self.name.schema) if meant is not None and meant.name else self.name
        state, table, index = find_index(state, self, name, table_name)
        if table is None or index is None:
            return state
        folded = state.fold(index.name or name.name)
        state = index_held(state, self, table, self.name.name, index.columns)
        indexes = {key: value for key, value in table.indexes.items() if key != folded}
        return state.put(replace(table, indexes=indexes, gone=table.gone | {("index", folded)}))

    def _table(self, state: State) -> Name | None:
        found = (
            table_of_index(state, self.name) if state.dialect in ("postgresql", "sqlite", "oracle") else None
        )
        if found is not None:
            return found.name
        return self.table

    def _without_table(self, state: State) -> State:
        known = state.complete and all(state.knows_all_of(table) for table in state.tables())
        if known and state.get("other", index_key(self.name)) is None:
            if self.conditional:
                return state
            return state.fault(
                self, "missing", "index", str(self.name), f"index {self.name} does not exist at that point"
            )
        complete = state.complete
        state, found = find_object(replace(state, complete=False), self, "other", index_key(self.name))
        state = state if found is None else state.drop("other", index_key(self.name))
        return replace(state, complete=complete)

    def inverse(self, state_before: State) -> Operation | None:
        """Creates the index again as it was."""
        loose = restored(state_before, "other", index_key(self.name))
        if loose is not None and table_of_index(state_before, self.name) is None:
            return loose
        name = self._table(state_before)
        table = state_before.table(name) if name is not None else None
        if table is None:
            return None
        unique = _unique_constraint(state_before, table, self.name.name)
        if unique is not None:
            return CreateIndex(
                table=table.name,
                index=Index(unique.name, unique.columns, unique=True, automatic=unique.automatic),
            )
        index = table.indexes.get(state_before.fold(self.name.name))
        return CreateIndex(table=table.name, index=index) if index is not None else None

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"drop index {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameIndex(Operation):
    """RENAME INDEX; `table` None: not said."""

    name: Name
    new: str
    table: Name | None = None

    def apply(self, state: State) -> State:
        """Renames the index, or the constraint that it backs."""
        found = table_of_index(state, self.name)
        name = found.name if found is not None else self.table
        if name is None:
            for table in state.tables():
                for constraint in table.constraints:
                    if constraint.name == self.name.name:
                        rest = tuple(c for c in table.constraints if c is not constraint)
                        renamed = replace(constraint, name=self.new, automatic=False)
                        return state.put(replace(table, constraints=sorted_constraints((*rest, renamed))))
            state, loose = find_object(state, self, "other", index_key(self.name))
            if loose is None:
                return state
            new = index_key(Name(self.new, self.name.schema))
            return state.drop("other", index_key(self.name)).put(replace(loose, name=new))
        state, owner, index = find_index(state, self, self.name, name)
        if owner is None or index is None:
            return state
        indexes = {key: value for key, value in owner.indexes.items() if key != state.fold(self.name.name)}
        indexes[state.fold(self.new)] = replace(index, name=self.new, automatic=False)
        gone = owner.gone | {("index", state.fold(self.name.name))}
        return state.put(replace(owner, indexes=indexes, gone=gone))

    def inverse(self, state_before: State) -> Operation | None:
        """Renames it back."""
        return RenameIndex(name=Name(self.new, self.name.schema), new=self.name.name, table=self.table)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"rename index {self.name} to {self.new}"
