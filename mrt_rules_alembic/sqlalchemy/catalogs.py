"""Results of queries of the catalogs: their rows are answers that the replay gives."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Final

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import Choice, Condition, FrameworkValue, NotKnown, Value
from mrt_lint.ops.guard import Guard, negate
from mrt_rules_alembic.sqlalchemy.listings import Entry, EntryName, Listing
from mrt_rules_alembic.sqlalchemy.questions import ask
from mrt_rules_alembic.sqlalchemy.results import Result

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mrt_lint.evaluate.call import Call
    from mrt_lint.schema.dialects import Dialect

_ONE: Final = frozenset(("fetchone", "first", "one_or_none"))
_SCALAR: Final = frozenset(("scalar", "scalar_one_or_none", "scalar_one"))
_ALL: Final = frozenset(("fetchall", "all"))


def answered(texts: Iterable[tuple[Dialect, str]], call: Call) -> Result | Listing | None:
    """Returns the result of a text that asks the catalogs the same thing on every database, else None."""
    from mrt_lint.sql.catalog import Enumeration, question

    found = {question(text, dialect) for dialect, text in texts}
    asked = found.pop() if len(found) == 1 else None
    if asked is None:
        return None
    if isinstance(asked, Enumeration):
        return NamedRows(asked.kind, asked.table, None, True, {}, keys=asked.name)
    answer = ask(asked.predicate, {}, call)
    return Answered(guard=answer.guard, shape=asked.shape, value=asked.value)


@dataclass(frozen=True, eq=False)
class Answered(Result):
    """The result of a question; `shape` and `value` as in `mrt_lint.sql.catalog.Question`."""

    guard: Guard = field(kw_only=True)
    shape: str = "rows"
    value: str | int | None = None

    def attribute(self, name: str, call: Call) -> Value:
        """Returns how many rows there are; a method else."""
        if name == "rowcount" and self.shape == "rows":
            return self._either(1, 0)
        return super().attribute(name, call)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns the row, the rows or the value that the answer makes."""
        if name in _SCALAR:
            return self._value(call)
        if name in _ONE:
            return self._either(Row(self.value), None) if self.shape == "rows" else (self._value(call),)
        if name in _ALL:
            return self._either([Row(self.value)], []) if self.shape == "rows" else [(self._value(call),)]
        return super().call_method(name, call)

    def _value(self, call: Call) -> Value:
        if self.shape == "truth":
            return Condition(self.guard)
        if self.shape == "count":
            return self._either(1, 0)
        unknown = NotKnown(f"the value of a query ({call.spelling}())", call.span.line)
        return self._either(unknown if self.value is None else self.value, None)

    def _either(self, there: Value, absent: Value) -> Value:
        return Choice(((self.guard, there), (negate(self.guard), absent)))


@dataclass(frozen=True, eq=False)
class Row(FrameworkValue):
    """One row that is there; `value`: its first column if that is known."""

    value: str | int | None = None

    def item(self, key: Value, call: Call) -> Value:
        """Returns its first column where that is known."""
        if key == 0 and self.value is not None:
            return self.value
        return NotKnown("a fact of the database", call.span.line)

    def truth(self, call: Call) -> Value:
        """Returns True: a row is there."""
        return True


@dataclass(eq=False)
class NamedRows(Listing):
    """Rows each of which is one object; `keys`: where in a row its name stands, by number and by name."""

    keys: tuple[int, str] = (0, "name")

    def each(self, call: Call) -> Value:
        """Returns the value that stands for any one row in a comprehension."""
        return NamedRow(self) if self.dicts else EntryName(self)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns itself for all rows, the names for `scalars()`."""
        if name in ("fetchall", "all", "mappings"):
            return self
        if name == "scalars" and self.keys[0] == 0:
            return Listing(self.what, self.table, self.schema, False, self.answers)
        return super().call_method(name, call)


@dataclass(frozen=True, eq=False)
class NamedRow(Entry):
    """Any one row of such a result."""

    def item(self, key: Value, call: Call) -> Value:
        """Returns the name of the object; other facts are known only at run time."""
        assert isinstance(self.listing, NamedRows)
        if key in self.listing.keys:
            return EntryName(self.listing)
        return NotKnown("a fact of the database", call.span.line)

    def attribute(self, name: str, call: Call) -> Value:
        """Returns the name of the object as `row.name`; a method else."""
        assert isinstance(self.listing, NamedRows)
        return EntryName(self.listing) if name == self.listing.keys[1] else super().attribute(name, call)
