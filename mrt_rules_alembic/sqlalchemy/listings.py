"""Lists of what there is in the schema, and their entries: known to the database, asked of the replay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import Choice, Condition, FrameworkValue, Method, NotKnown, Value
from mrt_lint.ops.guard import ALWAYS, ColumnIs, EntryIs, Exists, Guard, Test, both, negate
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import ConstraintKind
from mrt_rules_alembic.sqlalchemy.questions import Answers, ask

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call

What = Literal["table", "column", "index", "constraint", "type", "view"]

_FEW: Final = 3
"""Names of which each set that there may be is followed."""


@dataclass(eq=False)
class Listing(FrameworkValue):
    """The objects of one kind, as a list that only the database knows.

    `dicts`: the entries are dicts with a `name`; else they are the names themselves, which may be the
    keys of a dict of whole entries (`of` "entry") or of one field of each. `table` None: objects of the
    schema. `kind`: of constraints. Membership is a question that the replay answers; `changed`: the
    migration's code added or removed entries, so nothing can be said any more.
    """

    what: What
    table: Name | None
    schema: str | None
    dicts: bool
    answers: Answers
    changed: bool = False
    of: str = ""
    kind: ConstraintKind | None = None

    def contains(self, item: Value, call: Call) -> Value:
        """Returns whether an object of that name is in the list."""
        if self.dicts:
            return NotKnown("membership in a list of dicts", call.span.line)
        return self.holds(item, call)

    def holds(self, item: Value, call: Call) -> Value:
        """Returns the condition that an object of that name exists."""
        if not isinstance(item, str) or self.changed:
            return NotKnown("membership of a name that is not known", call.span.line)
        if self.table is None:
            return ask(Exists(self.what, Name(item, self.schema)), self.answers, call)
        return ask(Exists(self.what, self.table, item), self.answers, call)

    def each(self, call: Call) -> Value:
        """Returns the value that stands for any one entry in a comprehension."""
        return Entry(self) if self.dicts else EntryName(self)

    def row(self, call: Call) -> Value:
        """Returns the value that stands for each constraint in its turn in a `for` loop."""
        if self.kind is None or self.changed:
            return None
        loop = f"loop over {call.spelling}"
        return Entry(self, loop) if self.dicts else EntryName(self, loop)

    def collect(self, element: Value, tests: list[Value], call: Call) -> Value:
        """Returns the list that a comprehension makes: of names, of answers, or of entries with one name."""
        if not tests and isinstance(element, EntryName):
            return replace(self, dicts=False)
        if not tests and isinstance(element, tuple) and len(element) == 2 and element[0] == EntryName(self):
            of = "entry" if element[1] == Entry(self) else ""
            of = element[1].key if isinstance(element[1], EntryFact) else of
            return replace(self, dicts=False, of=of)
        if not tests and isinstance(element, (AnyEntryIs, Condition)):
            return Asked(_guards(element, self, call))
        if len(tests) == 1 and isinstance(tests[0], AnyEntryIs) and tests[0].equal:
            name = tests[0].name
            whole: NamedEntry | str | None = NamedEntry(self, name) if element == Entry(self) else None
            whole = name if element == EntryName(self) and not self.dicts else whole
            return Matches(_guards(tests[0], self, call), whole)
        return NotKnown("a list made from what the database holds", call.span.line)

    def binary(self, operator: str, other: Value, swapped: bool, call: Call) -> Value:
        """Returns `names & {"a", "b"}`: of a few names those that there are."""
        if operator != "&" or self.dicts or not isinstance(other, set) or len(other) > _FEW:
            return NotKnown("an expression of what the database holds", call.span.line)
        options: list[tuple[Guard, list[Value]]] = [(ALWAYS, [])]
        for name in sorted(other, key=str):
            there = self.holds(name, call)
            if not isinstance(there, Condition):
                return there
            absent = negate(there.guard)
            options = [
                option
                for guard, names in options
                for option in ((both(guard, there.guard), [*names, name]), (both(guard, absent), names))
            ]
        return Choice(tuple((guard, set(names)) for guard, names in options))

    def attribute(self, name: str, call: Call) -> Value:
        """Returns a method."""
        return Method(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns itself for views and copies; a change in place makes it unknown."""
        if name in ("keys", "copy"):
            return self
        if name in (
            "add",
            "append",
            "remove",
            "discard",
            "pop",
            "update",
            "extend",
            "clear",
            "insert",
            "__setitem__",
        ):
            self.changed = True
        if name == "get" and not self.dicts and self.table is not None:
            return self._got(call.argument(0, "key"), call.argument(1, "default", None), call)
        return NotKnown(f"{call.spelling}() of what the database holds", call.span.line)

    def item(self, key: Value, call: Call) -> Value:
        """Returns the value of a dict of entries, which is there or the upgrade raises; else not known."""
        if isinstance(key, str) and self.of and not self.changed:
            return self._value(key, call)
        return NotKnown("an entry of what the database holds", call.span.line)

    def _got(self, key: Value, default: Value, call: Call) -> Value:
        if not isinstance(key, str) or not self.of:
            return NotKnown("a fact of the database", call.span.line)
        there = self.holds(key, call)
        if not isinstance(there, Condition):
            return there
        return Choice(((there.guard, self._value(key, call)), (negate(there.guard), default)))

    def _value(self, key: str, call: Call) -> Value:
        entry = NamedEntry(self, key)
        return entry if self.of == "entry" else entry.item(self.of, call)

    def iterate(self, call: Call) -> list[Value] | NotKnown:
        """Returns not known: the list is the database's."""
        return NotKnown("a loop over what the database holds", call.span.line)


@dataclass(frozen=True, eq=False)
class Asked(FrameworkValue):
    """A comprehension that compares each entry's name with a text, made for `any(...)` and `all(...)`."""

    guards: tuple[Guard, ...]

    def iterate(self, call: Call) -> list[Value] | NotKnown:
        """Returns the answers as conditions; what the others are does not matter to `any` and `all`."""
        return [Condition(guard) for guard in self.guards]


@dataclass(frozen=True, eq=False)
class Matches(FrameworkValue):
    """The entries that have one name: as many as there are such objects.

    `whole`: the entry (the name in a list of names) where these are listed, not something made of them.
    """

    guards: tuple[Guard, ...]
    whole: NamedEntry | str | None = None

    def truth(self, call: Call) -> Value:
        """Returns whether there is an entry."""
        if len(self.guards) != 1:
            return NotKnown("whether the database holds an entry", call.span.line)
        return Condition(self.guards[0])

    def iterate(self, call: Call) -> list[Value] | NotKnown:
        """Returns not known: the entries are the database's."""
        return NotKnown("a loop over what the database holds", call.span.line)

    def item(self, key: Value, call: Call) -> Value:
        """Returns the one entry that there is if there is any."""
        if key in (0, -1) and self.whole is not None:
            return self.whole
        return NotKnown("an entry of what the database holds", call.span.line)

    def first(self, call: Call) -> Value:
        """Returns the one entry, or None where there is none."""
        if self.whole is None or len(self.guards) != 1:
            return NotKnown("an entry of what the database holds", call.span.line)
        return Choice(((self.guards[0], self.whole), (negate(self.guards[0]), None)))


@dataclass(frozen=True)
class NamedEntry(FrameworkValue):
    """The entry of a name, which is there."""

    listing: Listing
    name: str

    def item(self, key: Value, call: Call) -> Value:
        """Returns its name, and of a column its type and whether it is nullable."""
        if key == "name":
            return self.name
        table = self.listing.table
        if table is not None and self.listing.what == "column" and key in ("nullable", "type"):
            asked = ColumnIs(table, self.name, "nullable" if key == "nullable" else "type")
            if key == "type":
                return ReflectedType(asked, self.listing.answers)
            return ask(asked, self.listing.answers, call)
        return NotKnown("a fact of the database", call.span.line)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns what `get(key)` gives."""
        if name == "get":
            return self.item(call.argument(0, "key"), call)
        return NotKnown("a fact of the database", call.span.line)

    def truth(self, call: Call) -> Value:
        """Returns True: a dict with a name in it."""
        return True


@dataclass(frozen=True, eq=False)
class ReflectedType(FrameworkValue):
    """The type of a column as reflection gives it."""

    asked: ColumnIs
    answers: Answers

    def is_a(self, paths: tuple[str, ...], call: Call) -> Value:
        """Returns whether it is of one of these classes."""
        if not paths or not all(path.startswith("sqlalchemy.") for path in paths):
            return NotKnown("a fact of the database", call.span.line)
        classes = tuple(path.rpartition(".")[2] for path in paths)
        return ask(replace(self.asked, classes=classes), self.answers, call)


@dataclass(frozen=True)
class EntryFact(FrameworkValue):
    """A field of any one entry of a listing; `loop` as in `Entry`."""

    listing: Listing
    key: str
    loop: str = ""

    def binary(self, operator: str, other: Value, swapped: bool, call: Call) -> Value:
        """Returns whether the field of the entry in turn is a text or a list of columns."""
        values = (other,) if isinstance(other, str) else ()
        if isinstance(other, list | set):
            values = tuple(other)
        if not self.loop or operator not in ("==", "!=") or not values:
            return NotKnown("a comparison with a fact of the database", call.span.line)
        if not all(isinstance(value, str) for value in values):
            return NotKnown("a comparison with what is not known", call.span.line)
        return _entry_is(EntryIs(self.key, tuple(values), isinstance(other, list)), operator)

    def each(self, call: Call) -> Value:
        """Returns what stands for one of its items: `set(...)` of a list of columns is asked for as a set."""
        return NotKnown("a fact of the database", call.span.line) if self.loop else None


@dataclass(frozen=True)
class Entry(FrameworkValue):
    """Any one entry of a listing of dicts; `loop`: the condition of the `for` loop in which it is in turn."""

    listing: Listing
    loop: str = ""

    def item(self, key: Value, call: Call) -> Value:
        """Returns its name; other facts are known only at run time."""
        if key == "name":
            return EntryName(self.listing, self.loop)
        if isinstance(key, str):
            return EntryFact(self.listing, key, self.loop)
        return NotKnown("a fact of the database", call.span.line)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns `get("name")`."""
        if name == "get":
            return self.item(call.argument(0, "key"), call)
        return NotKnown("a fact of the database", call.span.line)


@dataclass(frozen=True)
class EntryName(FrameworkValue):
    """The name of any one entry; compared with a text it asks whether such an entry exists.

    `loop` as in `Entry`: then the comparison is with the entry in turn.
    """

    listing: Listing
    loop: str = ""

    def call_method(self, name: str, call: Call) -> Value:
        """Returns the same for a change of case, since names fold."""
        return (
            self
            if name in ("lower", "upper", "strip")
            else NotKnown("a name of the database", call.span.line)
        )

    def binary(self, operator: str, other: Value, swapped: bool, call: Call) -> Value:
        """Returns a comparison with a text."""
        if operator in ("==", "!=") and isinstance(other, str) and self.loop:
            return _entry_is(EntryIs("name", (other,)), operator)
        if operator in ("==", "!=") and isinstance(other, str):
            return AnyEntryIs(self.listing, other, operator == "==")
        return NotKnown("a comparison with a name of the database", call.span.line)

    def truth(self, call: Call) -> Value:
        """Returns True in a loop, since one without a name is not known to the replay either."""
        return True if self.loop else NotKnown("a name of the database", call.span.line)


@dataclass(frozen=True, eq=False)
class AnyEntryIs(FrameworkValue):
    """`entry["name"] == "x"` inside a comprehension; `equal` False for `!=`."""

    listing: Listing
    name: str
    equal: bool


def _entry_is(asked: EntryIs, operator: str) -> Condition:
    test = Test(asked)
    return Condition(test if operator == "==" else negate(test))


def _guards(value: Value, listing: Listing, call: Call) -> tuple[Guard, ...]:
    if isinstance(value, Condition):
        return (value.guard,)
    found = listing.holds(value.name, call)
    if not isinstance(found, Condition):
        return ()
    return (found.guard if value.equal else negate(found.guard),)
