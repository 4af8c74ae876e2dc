"""One action of an ALTER TABLE, and what lowers it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mrt_lint.classes import dataclass
from mrt_lint.ops.base import Operation
from mrt_lint.ops.tables import SetTableOption
from mrt_lint.schema.names import Name
from mrt_lint.sql.statement import Statement
from mrt_lint.sql.tokens import TokenReader


@dataclass
class Action:
    """One action of an ALTER TABLE; `reader` stands behind the words that chose what lowers it."""

    statement: Statement
    table: Name
    reader: TokenReader
    conditional: bool

    def make(
        self, operation: Callable[..., Operation], conditional: bool = False, **fields: Any
    ) -> Operation:
        """Returns `operation` on the table."""
        return self.statement.make(
            operation, table=self.table, conditional=self.conditional or conditional, **fields
        )

    def option(self, option: str, value: str | None, **fields: Any) -> Operation:
        """Returns a SetTableOption."""
        return self.make(SetTableOption, option=option, value=value, **fields)


Lowering = Callable[[Action], Iterable[Operation]]
"""From an action to its operations. Moves the reader to the end of what it understands."""
