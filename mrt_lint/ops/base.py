"""The base of every operation: where it stands, when it runs, what it does to a State."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Literal

from mrt_lint.classes import dataclass
from mrt_lint.ops.guard import ALWAYS, Guard
from mrt_lint.ops.span import NOWHERE, Span

if TYPE_CHECKING:
    from mrt_lint.schema.state import State

Direction = Literal["upgrade", "downgrade"]


@dataclass(frozen=True, slots=True)
class TransactionFacts:
    """What is known of the transaction at this point: `autocommit` inside an autocommit block."""

    autocommit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One step of a migration.

    `span`: the call or SQL string; `statement`: the whole Python statement it belongs to (where
    suppression comments count). `api`: the user's spelling (`op.drop_column`, `batch_op.execute`);
    `sql`: it was read from SQL text. `interpolated`: what that text was put together with and is known
    only at run time, in words (bound parameters do not count). `batch`: the `recreate` mode of the batch
    it stands in, None outside. `guard`: the condition it runs under. `conditional`: IF EXISTS / IF NOT
    EXISTS.
    """

    span: Span = NOWHERE
    statement: Span = NOWHERE
    direction: Direction = "upgrade"
    api: str = ""
    sql: bool = False
    interpolated: tuple[str, ...] = ()
    batch: str | None = None
    guard: Guard = ALWAYS
    transaction: TransactionFacts = field(default=TransactionFacts())
    conditional: bool = False

    has_effect = True
    """False for operations that leave schema and data alone (a query, a setting)."""

    @property
    def events(self) -> frozenset[str]:
        """Returns what it does to rows, as triggers know it; empty: that is not known."""
        return frozenset()

    def apply(self, state: State) -> State:
        """Returns the state after this operation.

        Total: what cannot run is recorded in `State.faults`, never raised.
        """
        raise NotImplementedError

    def inverse(self, state_before: State) -> Operation | None:
        """Returns the operation that restores the schema of `state_before`, None if there is none.

        It takes the state before because a dropped object's definition is known only from there.
        Data is not restored by it: that is what origins are for.
        """
        raise NotImplementedError

    def describe(self) -> str:
        """Returns the operation in a few words, in the user's own names, for messages."""
        raise NotImplementedError
