"""The declaration that going backwards over a RunPython does nothing (`RunPython.noop`)."""

from __future__ import annotations

from mrt_lint.classes import dataclass
from mrt_lint.ops.data import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredNoop(Query):
    """An explicit `RunPython.noop` as reverse_code: it leaves everything alone, and says so on purpose."""

    def describe(self) -> str:
        """Returns the operation in words."""
        return "RunPython.noop"
