"""Code of a migration that is not followed: what it may undo or restore for all that is known."""

from __future__ import annotations

from mrt_lint.ops.base import Operation
from mrt_lint.ops.control import Opaque, PythonCode
from mrt_lint.replay.contents import Loss
from mrt_lint.roundtrip import Harm
from mrt_lint.schema.names import Key, Name
from mrt_lint.schema.state import State


class Mirror:
    """Code that writes the same tables in both directions, so that the one may well undo the other."""

    def __init__(self, state: State, upgrade: list[Operation], downgrade: list[Operation]) -> None:
        self.state = state
        up, down = ([op for op in ops if isinstance(op, PythonCode)] for ops in (upgrade, downgrade))
        self.tables = self._written(up) & self._written(down)
        self.reasons = {op.what for op in (*up, *down) if self.covers(op)}

    def _written(self, codes: list[PythonCode]) -> set[Key]:
        return {
            self.state.key("table", name)
            for code in codes
            for name in code.writes or ()
            if name not in code.related
        }

    def covers(self, code: PythonCode) -> bool:
        """Returns whether code of the other direction writes all that this code may write."""
        return code.writes is not None and self._written([code]) <= self.tables

    def tells(self, loss: Loss) -> bool:
        """Returns whether the contents are not known for nothing but such code."""
        known = self.state.key("table", loss.table) in self.tables
        return known and loss.harm is Harm.NOT_UNDERSTOOD and loss.what in self.reasons


class Blur:
    """What code of the downgrade that is not understood may restore."""

    def __init__(self, state: State, downgrade: list[Operation]) -> None:
        self.state = state
        self.everything = any(
            isinstance(op, Opaque) and op.tables is None and not op.data_only for op in downgrade
        )
        self.all_data = self.everything or any(_touched(op) is None for op in downgrade)
        self.tables = {
            state.key("table", name)
            for op in downgrade
            if isinstance(op, Opaque) and not op.data_only
            for name in op.tables or ()
        }
        self.data = self.tables | {
            state.key("table", name) for op in downgrade for name in _touched(op) or ()
        }

    def covers(self, table: Name | None, data: bool) -> bool:
        """Returns whether a loss of rows (`data`) or of schema on a table may be made up for."""
        if self.everything or (data and self.all_data):
            return True
        if table is None:
            return False
        return self.state.key("table", table) in (self.data if data else self.tables)


def _touched(operation: Operation) -> tuple[Name, ...] | None:
    """Returns the tables that code may change, None if they are not known; none for other operations."""
    if isinstance(operation, Opaque):
        return operation.tables
    return operation.writes if isinstance(operation, PythonCode) else ()
