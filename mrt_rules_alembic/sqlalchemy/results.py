"""What a query returns: rows known only when the migration runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import FrameworkValue, Method, NotKnown, Value

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call


@dataclass(frozen=True, eq=False)
class Result(FrameworkValue):
    """A cursor result. Everything in it is known only at run time."""

    rows: bool = True

    def attribute(self, name: str, call: Call) -> Value:
        """Returns a method; its plain attributes (`rowcount`) are not known."""
        if name in ("rowcount", "lastrowid", "inserted_primary_key", "returns_rows"):
            return NotKnown(f"{call.spelling} is known only at run time", call.span.line)
        return Method(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns itself for views of the same rows; rows and values are not known."""
        if name in (
            "mappings",
            "scalars",
            "tuples",
            "unique",
            "yield_per",
            "columns",
            "partitions",
            "execution_options",
        ):
            return self
        if name == "close":
            return None
        return NotKnown(f"the rows of a query ({call.spelling}())", call.span.line)

    def iterate(self, call: Call) -> list[Value] | NotKnown:
        """Returns not known: the rows of a query."""
        return NotKnown("a loop over the rows of a query", call.span.line)
