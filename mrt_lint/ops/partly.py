"""CREATE TABLE of which part is known only when the migration runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.ops.control import Opaque
from mrt_lint.ops.tables import CreateTable

if TYPE_CHECKING:
    from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatePartly(Opaque):
    """Makes a table with columns that are not all known; `known`: what is."""

    known: CreateTable

    def apply(self, state: State) -> State:
        """Adds the table with what is known of it; what else it holds is not understood."""
        # Slots make a new class, which leaves super() without its cell.
        return Opaque.apply(self, self.known.apply(state))
