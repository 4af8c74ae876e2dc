"""Operations that steer the run: settings, transactions, conditions, code, refusals, the unknown."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from mrt_lint.classes import dataclass
from mrt_lint.ops.base import Operation
from mrt_lint.ops.contents import unknown_contents
from mrt_lint.ops.guard import Test
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Table

if TYPE_CHECKING:
    from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class _NoEffect(Operation):
    """Base of operations that leave schema and rows alone."""

    has_effect = False

    def apply(self, state: State) -> State:
        """Returns the state unchanged."""
        return state

    def inverse(self, state_before: State) -> Operation | None:
        """Returns itself: there is nothing to undo."""
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVariable(_NoEffect):
    """SET [LOCAL] name = value, PRAGMA, SET ROLE, SET search_path; `value` None: RESET."""

    name: str
    value: str | None
    local: bool = False

    @property
    def turns_off(self) -> bool:
        """Returns whether it is a PRAGMA that turns something off."""
        return _word(self.value) in _OFF

    def apply(self, state: State) -> State:
        """Returns the state; a search path by which names mean objects of another schema is a doubt."""
        if state.dialect == "sqlite" and self.name == "foreign_keys":
            return replace(state, keys_off=self.turns_off)
        if state.dialect == "sqlite" and self.name == "legacy_alter_table":
            return replace(state, keys_stay=_word(self.value) in _ON)
        first = _first_schema(self.value) if self.name == "search_path" else None
        if first is None or state.dialect != "postgresql" or not state.uses_schema(first):
            return state
        return state.doubt(self, f"names without a schema mean those of {first} from here on (search_path)")

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"set {self.name}"


_OFF: Final = ("off", "0", "no", "false")
_ON: Final = ("on", "1", "yes", "true")
"""Values of a PRAGMA that turn it off and on. Source: https://www.sqlite.org/pragma.html"""


def _word(value: str | None) -> str:
    return (value or "").strip("'\"").lower()


def _first_schema(path: str | None) -> str | None:
    """Returns the schema that a search path names first, None if that is the usual one or not known."""
    names = [name.strip().strip("'\"") for name in (path or "").split(",")]
    named = [name for name in names if name and name != "$user"]
    return named[0] if named and named[0] not in ("public", "pg_catalog") else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionControl(_NoEffect):
    """BEGIN, COMMIT, ROLLBACK, SAVEPOINT, LOCK TABLE written in the migration."""

    action: Literal["begin", "commit", "rollback", "savepoint", "release", "lock"]
    tables: tuple[Name, ...] = ()

    def apply(self, state: State) -> State:
        """Notes whether a transaction is open; schema and rows are left alone."""
        if self.action in ("commit", "rollback"):
            return replace(state, autocommit=True)
        return replace(state, autocommit=False) if self.action == "begin" else state

    def describe(self) -> str:
        """Returns the operation in words."""
        return self.action


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe(_NoEffect):
    """The moment at which the migration looks at the schema; the replay answers `test` here."""

    test: Test

    def describe(self) -> str:
        """Returns the operation in words."""
        return "look at the schema"


def _touched(state: State, tables: tuple[Name, ...] | None, reason: str) -> State:
    """Returns the state after code that may have written these tables (None: any)."""
    for name in tables or ():
        table = state.table(name)
        if table is not None:
            state = state.put(unknown_contents(state, table, reason))
    return state


def _unsure(table: Table) -> Table:
    """Returns a table of which each part may be gone.

    Of a downgrade alone: an upgrade is believed to run, and what it does is seen by comparing.
    """
    return replace(
        table,
        columns={key: replace(column, sure=False) for key, column in table.columns.items()},
        constraints=tuple(replace(constraint, sure=False) for constraint in table.constraints),
        indexes={key: replace(index, sure=False) for key, index in table.indexes.items()},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonCode(Operation):
    """Python that writes rows in a way that is not followed (ORM sessions, RunPython).

    `writes`: the tables it may write, None: any. `what`: its source in a few words. `related`: those of
    `writes` to which only a relationship of another leads.
    """

    what: str
    reads: tuple[Name, ...] = ()
    writes: tuple[Name, ...] | None = None
    related: tuple[Name, ...] = ()

    def apply(self, state: State) -> State:
        """Makes the contents of the written tables unknown; the schema is left alone."""
        return _touched(state, self.writes, self.what)

    def inverse(self, state_before: State) -> Operation | None:
        """Returns None: what it does is not known."""
        return None

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"run {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opaque(Operation):
    """Something that is not understood; `reason` says what and why, `source` is the expression.

    `tables`: what it may touch when that is known (a drop_column with an unknown column name
    touches one table), None: anything. `data_only`: schema is surely left alone. `makes`: the parts of the
    name of a table that it makes, in order; None stands for what is not known of it.
    """

    reason: str
    source: str = ""
    tables: tuple[Name, ...] | None = None
    data_only: bool = False
    makes: tuple[str | None, ...] = ()

    def apply(self, state: State) -> State:
        """Makes what it may touch unknown; without bounds the whole State becomes open."""
        state = _touched(state, self.tables, self.reason)
        if self.data_only:
            return state
        if self.tables is None:
            return replace(state, complete=False, epoch=state.epoch + 1)
        for name in self.tables:
            table = state.table(name)
            if table is not None:
                table = _unsure(table) if self.direction == "downgrade" else table
                state = state.put(replace(table, complete=False))
        return state

    def may_change(self, state: State, table: Name) -> bool:
        """Returns whether it may change what a table is made of, not only what is in it."""
        if self.data_only or self.tables is None:
            return not self.data_only
        key = state.key("table", table)
        return any(state.key("table", name) == key for name in self.tables)

    def may_make(self, table: Name) -> bool:
        """Returns whether the table that it makes may be called so; a name not known at all says nothing."""
        if not any(part and part.strip("_") for part in self.makes):
            return False
        pattern = "".join(".*" if part is None else re.escape(part) for part in self.makes)
        return re.fullmatch(pattern, table.name, re.DOTALL) is not None

    def inverse(self, state_before: State) -> Operation | None:
        """Returns None: what it does is not known."""
        return None

    def describe(self) -> str:
        """Returns the operation in words."""
        return self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse(_NoEffect):
    """Raises on purpose: the direction is declared impossible.

    `elsewhere`: in a function of another module, which may hold what is only there when the code runs.
    `mistaken`: not on purpose, but surely: a name that is bound nowhere, a call without what it takes;
    `message` says by what.
    """

    exception: str
    message: str = ""
    elsewhere: bool = False
    mistaken: bool = False

    def inverse(self, state_before: State) -> Operation | None:
        """Returns None: nothing after it runs."""
        return None

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"raise {self.exception}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongCall(_NoEffect):
    """A call that the framework refuses with an exception before the database hears of it.

    `drops`: columns of `table` that it was to drop. `problem`: "unsupported" for what this database has not.
    """

    message: str
    table: Name | None = None
    drops: tuple[str, ...] = ()
    problem: Literal["invalid", "unsupported"] = "invalid"

    def apply(self, state: State) -> State:
        """Records that the migration stops here."""
        return state.fault(self, self.problem, "statement", self.api or "the call", self.message)

    def inverse(self, state_before: State) -> Operation | None:
        """Returns None: nothing after it runs."""
        return None

    def describe(self) -> str:
        """Returns the operation in words."""
        return self.message


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverRuns(_NoEffect):
    """Code that stands there to run and does not: a coroutine or generator function that is merely called."""

    message: str

    def describe(self) -> str:
        """Returns the operation in words."""
        return self.message


@dataclass(frozen=True, slots=True, kw_only=True)
class Several(Operation):
    """Operations that belong together, applied in order (the inverse of a drop with dependents)."""

    operations: tuple[Operation, ...]

    def apply(self, state: State) -> State:
        """Applies them in order."""
        for operation in self.operations:
            state = operation.apply(state)
        return state

    def inverse(self, state_before: State) -> Operation | None:
        """Returns the inverses in reverse order, None if one has none."""
        inverses: list[Operation] = []
        state = state_before
        for operation in self.operations:
            inverse = operation.inverse(state)
            if inverse is None:
                return None
            inverses.insert(0, inverse)
            state = operation.apply(state)
        return Several(operations=tuple(inverses))

    def describe(self) -> str:
        """Returns the operation in words."""
        return "; ".join(operation.describe() for operation in self.operations)
