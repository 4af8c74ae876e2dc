"""Results of queries that tell whether a table holds rows: conditions from which the replay learns."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Final

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import Condition, FrameworkValue, NotKnown, Value
from mrt_lint.ops import Probe
from mrt_lint.ops.guard import Guard, Test, Undecided, negate
from mrt_rules_alembic.sqlalchemy.results import Result

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mrt_lint.evaluate.call import Call
    from mrt_lint.schema.dialects import Dialect
    from mrt_lint.schema.names import Name

_ONE: Final = frozenset(("fetchone", "first", "one", "one_or_none"))
_SCALAR: Final = frozenset(("scalar", "scalar_one_or_none", "scalar_one"))
_ALL: Final = frozenset(("fetchall", "all"))
_SAME: Final = frozenset(("mappings", "tuples", "unique", "execution_options"))
_SIGNS: Final = {
    ("==", 0): False,
    ("!=", 0): True,
    (">", 0): True,
    ("<=", 0): False,
    (">=", 1): True,
    ("<", 1): False,
}
"""Comparisons of a number of rows that say whether there are any."""
_SWAPPED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def counted(texts: Iterable[tuple[Dialect, str]], call: Call) -> Result | None:
    """Returns the result of a text that asks, on every database the same, whether a table holds rows."""
    from mrt_lint.sql.counting import rows_asked

    found = {rows_asked(text, dialect) for dialect, text in texts}
    asked = found.pop() if len(found) == 1 else None
    if asked is None:
        return None
    holds = holds_rows(asked.table, call)
    if asked.shape == "rows":
        return FoundRows(guard=holds, filled=asked.filled)
    return CountedRows(value=Number(holds) if asked.shape == "count" else Condition(holds))


def holds_rows(table: Name, call: Call) -> Guard:
    """Returns the condition that a table holds rows now; a Probe marks the moment of the question."""
    predicate = Undecided(f"{table} holds rows", about=str(call.span.line), rows_of=table)
    test = Test(predicate, call.evaluator.fresh_id(call), call.span.line)
    call.emit(Probe, test=test)
    return test


@dataclass(frozen=True, eq=False)
class Number(FrameworkValue):
    """How many rows there are; `guard`: there are any."""

    guard: Guard

    def truth(self, call: Call) -> Value:
        """Returns whether there are any."""
        return Condition(self.guard)

    def binary(self, operator: str, other: Value, swapped: bool, call: Call) -> Value:
        """Returns what a comparison with 0 or 1 says of that; other results are not known."""
        sign = _SWAPPED.get(operator, operator) if swapped else operator
        if type(other) is int and (sign, other) in _SIGNS:
            return Condition(self.guard if _SIGNS[sign, other] else negate(self.guard))
        return NotKnown("a number of rows known only at run time", call.span.line)


@dataclass(frozen=True, eq=False)
class CountedRow(FrameworkValue):
    """The one row of such a result."""

    value: Value

    def truth(self, call: Call) -> Value:
        """Returns True: it is always there."""
        return True

    def item(self, key: Value, call: Call) -> Value:
        """Returns its only column, by number or name."""
        return self.value if key in (0, -1) or isinstance(key, str) else super().item(key, call)

    def attribute(self, name: str, call: Call) -> Value:
        """Returns its only column by name; a method else."""
        return super().attribute(name, call) if name.startswith("_") or name in _METHODS else self.value

    def iterate(self, call: Call) -> list[Value] | NotKnown:
        """Returns its only column."""
        return [self.value]


_METHODS: Final = frozenset(("count", "index", "keys", "values", "items", "get", "t", "tuple"))


@dataclass(frozen=True, eq=False)
class CountedRows(Result):
    """A result of one row with one value."""

    value: Value = field(kw_only=True)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns the row or its value."""
        if name in _SCALAR:
            return self.value
        if name in _ONE:
            return CountedRow(self.value)
        if name in _ALL:
            return [CountedRow(self.value)]
        return self if name in _SAME else NotKnown(f"the rows of a query ({call.spelling}())", call.span.line)


@dataclass(frozen=True, eq=False)
class FirstRow(FrameworkValue):
    """The first row or its first value, None if there is none; `guard`: there is one."""

    guard: Guard
    filled: bool = True

    def truth(self, call: Call) -> Value:
        """Returns whether there is one; a value that is there may be false."""
        return Condition(self.guard) if self.filled else super().truth(call)

    def is_none(self, call: Call) -> Value:
        """Returns whether there is none."""
        return Condition(negate(self.guard))

    def binary(self, operator: str, other: Value, swapped: bool, call: Call) -> Value:
        """Returns what a comparison with None says; other results are not known."""
        if other is None and operator in ("==", "!="):
            return Condition(self.guard if operator == "!=" else negate(self.guard))
        return super().binary(operator, other, swapped, call)

    def attribute(self, name: str, call: Call) -> Value:
        """Returns not known: a value of the database."""
        return NotKnown(f"the rows of a query ({call.spelling})", call.span.line)

    def iterate(self, call: Call) -> list[Value] | NotKnown:
        """Returns not known: the values of a row."""
        return NotKnown("the rows of a query", call.span.line)

    def item(self, key: Value, call: Call) -> Value:
        """Returns not known: a value of the database."""
        return NotKnown("the rows of a query", call.span.line)


@dataclass(frozen=True, eq=False)
class FoundRows(Result):
    """Rows of one table, all of them or the first; `guard`: there are any. `filled`: as in RowsAsked."""

    guard: Guard = field(kw_only=True)
    filled: bool = False

    def call_method(self, name: str, call: Call) -> Value:
        """Returns a row or None; all rows, of which only whether there are any is known."""
        if name in ("fetchone", "first", "one_or_none"):
            return FirstRow(self.guard)
        if name in ("scalar", "scalar_one_or_none") and self.filled:
            return FirstRow(self.guard, filled=False)
        if name in _ALL:
            return RowList(self.guard)
        return self if name in _SAME else super().call_method(name, call)


@dataclass(frozen=True, eq=False)
class RowList(FrameworkValue):
    """The list of all rows; `guard`: it is not empty."""

    guard: Guard

    def truth(self, call: Call) -> Value:
        """Returns whether there are any."""
        return Condition(self.guard)

    def item_count(self, call: Call) -> Value:
        """Returns how many there are."""
        return Number(self.guard)

    def iterate(self, call: Call) -> list[Value] | NotKnown:
        """Returns not known: the rows of a query."""
        return NotKnown("a loop over the rows of a query", call.span.line)

    def item(self, key: Value, call: Call) -> Value:
        """Returns not known: one of the rows, or some."""
        return NotKnown("the rows of a query", call.span.line)
