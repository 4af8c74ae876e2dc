"""State: everything known of a database's schema and data at one point, immutable and cheap to copy.

A State is *open* when parts of the history are not known (`complete` False): then what is not
recorded may exist all the same. Operations that meet such an object assume it; the replay carries
these assumptions back to the state before the migration and runs again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from rpds import HashTrieMap

from mrt_lint.classes import dataclass
from mrt_lint.schema.dialects import FACTS, Dialect
from mrt_lint.schema.names import UNKNOWN, Key, Kind, Name
from mrt_lint.schema.objects import AnyObject, Column, Constraint, EnumType, Index, SchemaObject, Table
from mrt_lint.schema.origin import ChangedRows, Kept, KeptRows, Origin, Rows
from mrt_lint.schema.replacing import replace

if TYPE_CHECKING:
    from mrt_lint.ops.base import Operation

Found = TypeVar("Found", bound=AnyObject)


@dataclass(frozen=True, slots=True)
class Gone:
    """The mark of an object that was dropped or renamed away: surely absent, also in an open State.

    `again`: that was an earlier migration, and others may have made the table anew since.
    """

    again: bool = False


GONE = Gone()
MAY_BE_BACK = Gone(again=True)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an operation cannot run. `sure` False: only if what is known of the schema is all there is.

    `problem`: "missing", "exists", "taken" (by another table), "not-null", "unique", "unsupported",
    "invalid".
    """

    problem: str
    kind: str
    subject: str
    message: str
    operation: Operation
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that an operation sets off and that is not followed (a trigger, a write through a view).

    `helper`: it concerns no more than an index that MySQL keeps for itself. `unproven`: it is understood, but
    whether it happens is not known.
    """

    message: str
    operation: Operation
    helper: bool = False
    unproven: bool = False


@dataclass(frozen=True, slots=True)
class Assumption:
    """An object that an operation presupposes and the history does not show.

    `table` and `part` name it before the migration; `value` is what is assumed to stand there.
    """

    kind: str
    table: Name
    value: Any = None


@dataclass(frozen=True, slots=True)
class Log:
    """A chain of the keys written so far, newest first; shared between states."""

    key: Key
    earlier: Log | None


_NAMES: Final = 1 << 15
"""How many names are kept as they compare: a replay asks for the same few many times over."""

_AT_THE_START: Final[dict[str, Any]] = {
    "faults": (),
    "assumptions": (),
    "log": None,
    "autocommit": False,
    "doubts": (),
    "keys_off": False,
    "keys_stay": False,
}
"""What a State says of one migration alone, as it is before that."""


@lru_cache(_NAMES)
def _folded(dialect: Dialect, name: str) -> str:
    return FACTS[dialect].compared(name)


@lru_cache(_NAMES)
def _key(dialect: Dialect, kind: Kind, schema: str | None, name: str) -> Key:
    facts = FACTS[dialect]
    schema = facts.compared(schema or "")
    return Key(kind, "" if schema == facts.default_schema else schema, facts.compared(name))


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """The objects of one database by key, and what went wrong or was assumed on the way here.

    `epoch` counts the times that code which is not understood may have changed any table; a table
    last written in an earlier epoch is no longer taken for complete. `kinds`: the keys of what is
    there, sorted, by kind; written by `put` and `drop` only, as `objects` is. `autocommit`: a COMMIT in the
    migration has ended the runner's transaction. `names_known` False: a naming convention that is not
    known may name what the migrations leave unnamed; `names_hidden`: the project likely has one.
    `enforces_keys`: connections to SQLite enforce foreign keys; `keys_off`: but the migration has told its
    own not to; `keys_stay`: nor to let foreign keys follow a table that is renamed (`legacy_alter_table`),
    and to rename without a look at views and triggers. `others`: tables, in small letters, that may be there
    though no migration makes them.
    """

    dialect: Dialect
    complete: bool = True
    objects: HashTrieMap[Key, AnyObject | Gone] = field(default_factory=HashTrieMap)
    kinds: HashTrieMap[Kind, tuple[Key, ...]] = field(default_factory=HashTrieMap)
    faults: tuple[Fault, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    epoch: int = 0
    log: Log | None = None
    autocommit: bool = False
    doubts: tuple[Doubt, ...] = ()
    names_known: bool = True
    names_hidden: bool = False
    enforces_keys: bool = False
    keys_off: bool = False
    keys_stay: bool = False
    others: frozenset[str] = frozenset()

    def __eq__(self, other: object) -> bool:
        """Returns whether both hold the same objects (faults and assumptions do not count)."""
        if not isinstance(other, State):
            return NotImplemented
        return self.dialect == other.dialect and dict(self._present()) == dict(other._present())

    def __hash__(self) -> int:
        return hash((self.dialect, len(self.objects)))

    # -- names ---------------------------------------------------------------------------------

    def fold(self, name: str) -> str:
        """Returns the name as it compares on this database."""
        return _folded(self.dialect, name)

    def key(self, kind: Kind, name: Name) -> Key:
        """Returns the key of an object; the default schema and no schema are the same."""
        return _key(self.dialect, kind, name.schema, name.name)

    # -- reading -------------------------------------------------------------------------------

    def get(self, kind: Kind, name: Name) -> AnyObject | None:
        """Returns the object, None if it is not there or not known."""
        found = self.objects.get(self.key(kind, name))
        return None if isinstance(found, Gone) else found

    def table(self, name: Name | str) -> Table | None:
        """Returns the table, None if it is not there or not known."""
        found = self.get("table", Name(name) if isinstance(name, str) else name)
        return found if isinstance(found, Table) else None

    def column(self, table: Name | str, name: str) -> Column | None:
        """Returns the column, None if it or its table is not there or not known."""
        found = self.table(table)
        return None if found is None else found.columns.get(self.fold(name))

    def enum(self, name: Name) -> EnumType | None:
        """Returns the enum type, None if it is not there, not known or another kind of type."""
        found = self.get("type", name)
        return found if isinstance(found, EnumType) else None

    def all(self, kind: Kind) -> list[AnyObject]:
        """Returns every object of one kind, sorted by key."""
        return list(self._each(kind))

    def _each(self, kind: Kind) -> Iterator[AnyObject]:
        for key in self.kinds.get(kind) or ():
            found = self.objects[key]
            if not isinstance(found, Gone):
                yield found

    def tables(self) -> list[Table]:
        """Returns every table, sorted by name."""
        return [found for found in self._each("table") if isinstance(found, Table)]

    def knows_a_table(self) -> bool:
        """Returns whether there is a table that was not merely assumed."""
        return any(isinstance(found, Table) and not found.assumed for found in self._each("table"))

    def _present(self) -> Iterator[tuple[Key, AnyObject]]:
        for key, found in self.objects.items():
            if not isinstance(found, Gone):
                yield key, found

    def uses_schema(self, schema: str) -> bool:
        """Returns whether objects of this schema are known by their qualified names."""
        folded = self.fold(schema)
        return any(key.schema == folded for key, _ in self._present())

    def absent(self, kind: Kind, name: Name) -> bool:
        """Returns whether the object is surely not there."""
        found = self.objects.get(self.key(kind, name))
        if found is not None or not self.complete:
            return isinstance(found, Gone) and not found.again
        return not self.is_of_others(self.key(kind, name))

    def is_of_others(self, key: Key) -> bool:
        """Returns whether it may be there though no migration makes it."""
        return key.kind == "table" and key.name.casefold() in self.others

    def dropped(self, kind: Kind, name: Name) -> bool:
        """Returns whether the history itself took the object away (dropped or renamed it)."""
        return isinstance(self.objects.get(self.key(kind, name)), Gone)

    def knows_all_of(self, table: Table) -> bool:
        """Returns whether a part that the table does not list is surely not there."""
        return table.complete and table.epoch == self.epoch

    def is_there(self, found: Table | SchemaObject) -> bool:
        """Returns whether the object surely exists still: on all paths, after all that is not understood."""
        return found.sure and found.epoch == self.epoch

    def base_name(self, table: Table) -> Name:
        """Returns the table's name before the migration, seen through renames."""
        rows = table.rows.base if isinstance(table.rows, ChangedRows) else table.rows
        return rows.table if isinstance(rows, KeptRows) else table.name

    def holds_old_rows(self, table: Table) -> bool:
        """Returns whether the table's rows are, or began as, those of a table of before the migration."""
        rows = table.rows.base if isinstance(table.rows, ChangedRows) else table.rows
        return rows is None or isinstance(rows, KeptRows)

    def origin(self, table: Table, column: Column) -> Origin:
        """Returns where the column's data comes from."""
        return column.origin or Kept(self.base_name(table), column.name)

    def rows(self, table: Table) -> Rows:
        """Returns where the table's rows come from."""
        return table.rows or KeptRows(table.name)

    # -- writing -------------------------------------------------------------------------------

    def put(self, value: AnyObject) -> State:
        """Returns the state with the object added or replaced."""
        if isinstance(value, Table) and value.epoch != self.epoch:
            value = replace(value, complete=False, epoch=self.epoch)
        key = self.key(value.kind, value.name)
        keys = self.kinds.get(key.kind) or ()
        place = bisect_left(keys, key)
        kinds = self.kinds
        if place == len(keys) or keys[place] != key:
            kinds = kinds.insert(key.kind, (*keys[:place], key, *keys[place:]))
        return replace(self, objects=self.objects.insert(key, value), kinds=kinds, log=Log(key, self.log))

    def drop(self, kind: Kind, name: Name) -> State:
        """Returns the state without the object."""
        key = self.key(kind, name)
        keys = self.kinds.get(kind) or ()
        place = bisect_left(keys, key)
        kinds = self.kinds
        if place < len(keys) and keys[place] == key:
            kinds = kinds.insert(kind, (*keys[:place], *keys[place + 1 :]))
        return replace(self, objects=self.objects.insert(key, GONE), kinds=kinds, log=Log(key, self.log))

    def fault(
        self, operation: Operation, problem: str, kind: str, subject: str, message: str, sure: bool = True
    ) -> State:
        """Returns the state with one more reason why an operation cannot run."""
        return replace(self, faults=(*self.faults, Fault(problem, kind, subject, message, operation, sure)))

    def doubt(
        self, operation: Operation, message: str, *, helper: bool = False, unproven: bool = False
    ) -> State:
        """Returns the state with one more effect that is not followed."""
        return replace(self, doubts=(*self.doubts, Doubt(message, operation, helper, unproven)))

    def assume(self, kind: str, table: Name, value: Any = None) -> State:
        """Returns the state with one more assumption about what was there before."""
        return replace(self, assumptions=(*self.assumptions, Assumption(kind, table, value)))

    def fresh(self) -> State:
        """Returns the state as the start of a migration: no faults, assumptions or log."""
        if all(getattr(self, name) == value for name, value in _AT_THE_START.items()):
            return self
        return replace(self, **_AT_THE_START)

    def changed_since(self, earlier: State) -> list[Key] | None:
        """Returns the keys written since `earlier`, sorted; None if it is not an ancestor of this state."""
        keys: set[Key] = set()
        entry = self.log
        while entry is not earlier.log:
            if entry is None:
                return None
            keys.add(entry.key)
            entry = entry.earlier
        return sorted(keys)

    def settled(self, since: State) -> State:
        """Returns the state as the next migration finds it: every column holds its own data.

        Of a table that others make and the migration dropped, nothing is known any more.
        """
        state = self
        for key in self.changed_since(since) or []:
            found = self.objects.get(key)
            if found == GONE and self.is_of_others(key):
                state = replace(state, objects=state.objects.insert(key, MAY_BE_BACK))
            if isinstance(found, SchemaObject) and found.moved:
                state = state.put(replace(found, moved=""))
            elif isinstance(found, EnumType) and found.was is not None:
                state = state.put(replace(found, was=None))
            if not isinstance(found, Table):
                continue
            columns = {
                name: replace(column, origin=None, copy_of=_copied_from(self, found, column))
                if column.origin
                else column
                for name, column in found.columns.items()
            }
            if found.rows is not None or columns != found.columns:
                state = state.put(replace(found, rows=None, columns=columns))
        return state.fresh()


def _copied_from(state: State, table: Table, column: Column) -> tuple[Name, str] | None:
    """Returns the column whose data a migration left in this one as well, None if there is none."""
    origin = column.origin
    if not isinstance(origin, Kept):
        return None
    if state.key("table", origin.table) != state.key("table", table.name):
        return origin.table, origin.column
    return (origin.table, origin.column) if state.fold(origin.column) != state.fold(column.name) else None


def assumed_column(name: str) -> Column:
    """Returns a column of which only the name is known."""
    return Column(name, UNKNOWN, UNKNOWN, UNKNOWN, comment=UNKNOWN, assumed=True)


def assumed_table(name: Name, epoch: int = 0) -> Table:
    """Returns a table of which only the name is known."""
    return Table(name, comment=UNKNOWN, rows=None, complete=False, assumed=True, epoch=epoch)


def assumed_object(kind: Kind, name: Name, table: Name | None = None) -> SchemaObject:
    """Returns any other object of which only the name is known."""
    return SchemaObject(kind, name, table=table, assumed=True)


def assumed_index(name: str) -> Index:
    """Returns an index of which only the name is known."""
    return Index(name, UNKNOWN, UNKNOWN, assumed=True)


def assumed_constraint(name: str | None, kind: Any = UNKNOWN) -> Constraint:
    """Returns a constraint of which only the name, and perhaps the kind, is known."""
    return Constraint(kind, name, assumed=True)
