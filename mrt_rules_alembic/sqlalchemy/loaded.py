"""Objects that a session reads from the database: what is set on them becomes an UPDATE at the next flush.

Only objects of plain classes are followed: columns, constants and methods, no relationships, whose
cascades write other tables.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.paths import without_conditions
from mrt_lint.evaluate.values import FrameworkValue, Method, NotKnown, Value
from mrt_lint.ops import Delete, Expression, Update
from mrt_lint.ops.guard import ALWAYS
from mrt_rules_alembic.sqlalchemy.orm import MappedClass, may_write, method_of
from mrt_rules_alembic.sqlalchemy.results import Result
from mrt_rules_alembic.sqlalchemy.schema_items import ColumnItem
from mrt_rules_alembic.sqlalchemy.sqltext import unknown_text

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call
    from mrt_rules_alembic.sqlalchemy.session import Session


def is_plain(cls: MappedClass) -> bool:
    """Returns whether objects of a class hold nothing but the columns of its table."""
    return not cls.relations


@dataclass(frozen=True, eq=False, kw_only=True)
class LoadedObject(FrameworkValue):
    """One row of a table, any of those that a query found."""

    carries_effects = True
    session: Session
    cls: MappedClass

    def attribute(self, name: str, call: Call) -> Value:
        """Returns a value of the row, which is not known; methods may write it."""
        if isinstance(self.cls.attributes.get(name), ColumnItem):
            return NotKnown(f"{call.spelling} is a value of the database", call.span.line)
        return method_of(self.cls, name, self) or Method(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        """Notes what is set; a method that the class inherits may write anything."""
        if name == "__setattr__":
            self._set(call)
            return None
        self._escape()
        if name not in self.cls.attributes:
            may_write(call)
        return NotKnown(f"{call.spelling}() of a row of the database", call.span.line)

    def deleted(self, call: Call) -> None:
        """Notes that the row is deleted."""
        where = unknown_text(call)
        facts = call.evaluator.facts(call)
        self.session.pending.append(Delete(**{**facts, "table": self.cls.table.name, "where": where}))

    def _set(self, call: Call) -> None:
        column = self.cls.attributes.get(str(call.args[0]))
        if not isinstance(column, ColumnItem):
            self._escape()
            return
        fields = {
            "table": self.cls.table.name,
            "assignments": ((column.name, Expression()),),
            "where": unknown_text(call),
        }
        facts = call.evaluator.facts(call)
        facts["guard"] = without_conditions(facts.get("guard", ALWAYS))
        self.session.pending.append(Update(**{**facts, **fields}))

    def _escape(self) -> None:
        self.session.loaded.append(self.cls.table.name)

    def iterate(self, call: Call) -> list[Value] | NotKnown:
        """Returns not known: a row is no collection."""
        self._escape()
        return NotKnown("a loop over a row of the database", call.span.line)


@dataclass(frozen=True, eq=False, kw_only=True)
class LoadedRows(Result):
    """The rows of a query for whole objects; `classes`: one, or those of a row with several.

    `wrapped`: a row is a tuple also of one object, as `session.execute(query)` gives it.
    """

    carries_effects = True
    session: Session
    classes: tuple[MappedClass, ...]
    wrapped: bool = False

    def row(self, call: Call) -> Value:
        """Returns the objects of any one row."""
        objects = tuple(LoadedObject(session=self.session, cls=cls) for cls in self.classes)
        return objects[0] if len(objects) == 1 and not self.wrapped else objects

    def call_method(self, name: str, call: Call) -> Value:
        """Returns a row for `first()` and the like; what else is done with the rows is not followed."""
        if name in ("all", "fetchall", "fetchmany", "yield_per", "unique"):
            return self
        if name == "scalars":
            return replace(self, wrapped=False)
        if name in ("scalar", "scalar_one", "scalar_one_or_none"):
            return replace(self, wrapped=False).row(call)
        if name in ("first", "one", "one_or_none", "get", "fetchone"):
            return self.row(call)
        if name != "close":
            self._escape()
        return super().call_method(name, call)

    def item(self, key: Value, call: Call) -> Value:
        """Returns a row; for a slice some of the rows."""
        return self if isinstance(key, slice) else self.row(call)

    def iterate(self, call: Call) -> list[Value] | NotKnown:
        """Returns not known, where the objects cannot be followed."""
        self._escape()
        return NotKnown("a loop over the rows of a query", call.span.line)

    def _escape(self) -> None:
        self.session.loaded.extend(cls.table.name for cls in self.classes)
