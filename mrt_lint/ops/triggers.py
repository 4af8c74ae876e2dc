"""Operations on triggers."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.ops.base import Operation
from mrt_lint.ops.dependents import object_key
from mrt_lint.ops.editing import find_object
from mrt_lint.ops.objects import create_object, restored
from mrt_lint.schema.names import UNKNOWN, Name, Unknown
from mrt_lint.schema.objects import SchemaObject

if TYPE_CHECKING:
    from mrt_lint.schema.state import State


def trigger_key(state: State, trigger: Name, table: Name | None) -> Name:
    """Returns the name under which State keeps a trigger: PostgreSQL's are named within their table."""
    return object_key(state, "trigger", trigger, table)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTrigger(Operation):
    """CREATE TRIGGER; `definition` canonical SQL; `function` what it calls (PostgreSQL).

    `calls_function`: it says EXECUTE FUNCTION, not EXECUTE PROCEDURE, which means the same.
    """

    trigger: str
    table: Name
    definition: str | Unknown = UNKNOWN
    function: Name | None = None
    replace: bool = False
    calls_function: bool = field(default=False, compare=False)

    def apply(self, state: State) -> State:
        """Adds the trigger to its table."""
        name = trigger_key(state, Name(self.trigger, self.table.schema), self.table)
        details = (("function", str(self.function)),) if self.function is not None else ()
        return create_object(
            state, self, SchemaObject("trigger", name, self.definition, self.table, details), self.replace
        )

    def inverse(self, state_before: State) -> Operation | None:
        """Restores the trigger that was replaced, or drops the new one."""
        name = trigger_key(state_before, Name(self.trigger, self.table.schema), self.table)
        previous = restored(state_before, "trigger", name)
        return previous or DropTrigger(trigger=Name(self.trigger, self.table.schema), table=self.table)

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"create trigger {self.trigger} on {self.table}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTrigger(Operation):
    """DROP TRIGGER; `table` None where the database needs none (MySQL, SQLite)."""

    trigger: Name
    table: Name | None = None
    cascade: bool = False

    def apply(self, state: State) -> State:
        """Removes the trigger."""
        name = trigger_key(state, self.trigger, self.table)
        state, found = find_object(state, self, "trigger", name, self.table)
        return state if found is None else state.drop("trigger", name)

    def inverse(self, state_before: State) -> Operation | None:
        """Creates the trigger as it was."""
        return restored(state_before, "trigger", trigger_key(state_before, self.trigger, self.table))

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"drop trigger {self.trigger}" + (f" of {self.table}" if self.table else "")
