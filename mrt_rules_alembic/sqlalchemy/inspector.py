"""`sa.inspect(bind)`: questions about the schema as conditions that the replay answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from mrt_lint.evaluate.values import Condition, FrameworkValue, Method, NotKnown, Value
from mrt_lint.ops import Probe
from mrt_lint.ops.guard import Exists, Test
from mrt_lint.schema.names import Name

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call

What = Literal["table", "column", "index", "constraint", "type", "view"]

_LISTS: Final[dict[str, What]] = {
    "get_table_names": "table",
    "get_view_names": "view",
    "get_columns": "column",
    "get_indexes": "index",
    "get_foreign_keys": "constraint",
    "get_unique_constraints": "constraint",
    "get_check_constraints": "constraint",
    "get_enums": "type",
}
"""Methods that list objects, and what the entries are. With a table they list its parts."""


def probe(call: Call, predicate: Exists) -> Condition:
    """Returns the condition that an object exists now; the moment is marked by a Probe."""
    test = Test(predicate, call.evaluator.fresh_id(call), call.span.line)
    call.emit(Probe, test=test)
    return Condition(test)


def _schema_of(call: Call, position: int) -> str | None | NotKnown:
    schema = call.argument(position, "schema", None)
    if schema is None or isinstance(schema, str):
        return schema
    return NotKnown("a schema that is not known", call.span.line)


class Inspector(FrameworkValue):
    """`sa.inspect(bind)` or `Inspector.from_engine(bind)`."""

    def attribute(self, name: str, call: Call) -> Value:
        """Returns the dialect and the bind; a method else."""
        from mrt_rules_alembic.sqlalchemy.connection import Connection, DialectValue

        if name == "dialect":
            return DialectValue()
        return Connection() if name in ("bind", "engine") else Method(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns a condition or a list of what is there."""
        if name == "has_table":
            return self._exists("table", call, call.argument(0, "table_name"), _schema_of(call, 1))
        if name == "has_index":
            return self._part("index", call, call.argument(1, "index_name"), _schema_of(call, 2))
        if name in ("get_table_names", "get_view_names", "get_enums"):
            schema = _schema_of(call, 0)
            if isinstance(schema, NotKnown):
                return schema
            return Listing(_LISTS[name], None, schema, dicts=name == "get_enums")
        if name in _LISTS:
            table = call.argument(0, "table_name")
            schema = _schema_of(call, 1)
            if isinstance(table, str) and not isinstance(schema, NotKnown):
                return Listing(_LISTS[name], Name(table, schema), schema, dicts=True)
            return NotKnown(f"{call.spelling}() of a table that is not known", call.span.line)
        if name in ("clear_cache", "reflect_table"):
            return None
        return NotKnown(f"{call.spelling}() asks the database", call.span.line)

    @staticmethod
    def _exists(what: What, call: Call, name: Value, schema: str | None | NotKnown) -> Value:
        if not isinstance(name, str) or isinstance(schema, NotKnown):
            return NotKnown(f"{call.spelling}() of a name that is not known", call.span.line)
        return probe(call, Exists(what, Name(name, schema)))

    @staticmethod
    def _part(what: What, call: Call, part: Value, schema: str | None | NotKnown) -> Value:
        table = call.argument(0, "table_name")
        if not isinstance(table, str) or not isinstance(part, str) or isinstance(schema, NotKnown):
            return NotKnown(f"{call.spelling}() of a name that is not known", call.span.line)
        return probe(call, Exists(what, Name(table, schema), part))


@dataclass(frozen=True, eq=False)
class Listing(FrameworkValue):
    """The objects of one kind, as a list known to the database only.

    `dicts`: the entries are dicts with a `name`; else they are the names themselves. `table` None:
    objects of the schema. Membership is a question that the replay answers.
    """

    what: What
    table: Name | None
    schema: str | None
    dicts: bool

    def contains(self, item: Value, call: Call) -> Value:
        """Returns whether an object of that name is in the list."""
        if self.dicts:
            return NotKnown("membership in a list of dicts", call.span.line)
        return self.holds(item, call)

    def holds(self, item: Value, call: Call) -> Value:
        """Returns the condition that an object of that name exists."""
        if not isinstance(item, str):
            return NotKnown("membership of a name that is not known", call.span.line)
        if self.table is None:
            return probe(call, Exists(self.what, Name(item, self.schema)))
        return probe(call, Exists(self.what, self.table, item))

    def each(self, call: Call) -> Value:
        """Returns the value that stands for any one entry in a comprehension."""
        return Entry(self) if self.dicts else EntryName(self)

    def collect(self, element: Value, call: Call) -> Value:
        """Returns the list that a comprehension over the entries makes, when it takes their names."""
        if isinstance(element, EntryName) and element.listing is self:
            return Listing(self.what, self.table, self.schema, dicts=False)
        return NotKnown("a list made from what the database holds", call.span.line)

    def attribute(self, name: str, call: Call) -> Value:
        """Returns a method."""
        return Method(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns not known: the list itself is the database's."""
        return NotKnown(f"{call.spelling}() of what the database holds", call.span.line)

    def iterate(self, call: Call) -> list[Value] | NotKnown:
        """Returns not known: the list is the database's."""
        return NotKnown("a loop over what the database holds", call.span.line)


@dataclass(frozen=True, eq=False)
class Entry(FrameworkValue):
    """Any one entry of a listing of dicts."""

    listing: Listing

    def item(self, key: Value, call: Call) -> Value:
        """Returns its name; other facts are known only at run time."""
        return (
            EntryName(self.listing) if key == "name" else NotKnown("a fact of the database", call.span.line)
        )

    def call_method(self, name: str, call: Call) -> Value:
        """Returns `get("name")`."""
        return (
            self.item(call.argument(0, "key"), call) if name == "get" else NotKnown("a fact of the database")
        )


@dataclass(frozen=True, eq=False)
class EntryName(FrameworkValue):
    """The name of any one entry; compared with a text it asks whether such an entry exists."""

    listing: Listing

    def call_method(self, name: str, call: Call) -> Value:
        """Returns the same for a change of case, since names fold."""
        return (
            self
            if name in ("lower", "upper", "strip")
            else NotKnown("a name of the database", call.span.line)
        )

    def binary(self, operator: str, other: Value, swapped: bool, call: Call) -> Value:
        """Returns a comparison with a text."""
        if operator == "==" and isinstance(other, str):
            return AnyEntryIs(self.listing, other)
        return NotKnown("a comparison with a name of the database", call.span.line)


@dataclass(frozen=True, eq=False)
class AnyEntryIs(FrameworkValue):
    """`entry["name"] == "x"` inside `any(...)` or an `if` of a comprehension."""

    listing: Listing
    name: str

    def condition(self, call: Call) -> Value:
        """Returns whether any entry satisfies it."""
        return self.listing.holds(self.name, call)


def inspect(call: Call) -> Value:
    """Returns the inspector of a connection; of a mapped class its mapper, which is not followed."""
    from mrt_rules_alembic.sqlalchemy.connection import Connection, Transaction

    subject = call.argument(0, "subject")
    if isinstance(subject, (Connection, Transaction, NotKnown)):
        return Inspector()
    return NotKnown(f"{call.spelling}() of what is no connection", call.span.line)
