"""Under which condition an operation runs: a small formula over tests, resolved at replay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from typing import Literal

from mrt_lint.classes import dataclass
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name

ABOUT = " <- line "
"""What stands in a key between the text of a condition and what it is about."""


@dataclass(frozen=True, slots=True)
class DialectIs:
    """The target database is one of these; `read`: nobody asks, but SQL text reads otherwise on others."""

    names: tuple[str, ...]
    read: bool = field(default=False, compare=False)

    def holds(self, dialect: Dialect) -> bool:
        """Returns whether the database is one of these; MariaDB answers as MySQL too."""
        return dialect in self.names or (dialect == "mariadb" and "mysql" in self.names)


@dataclass(frozen=True, slots=True)
class Exists:
    """The schema holds this object (`has_table`, an inspector's lists).

    `name`: of the table, for its parts; empty: an index or constraint of whatever table.
    """

    kind: Literal["table", "column", "index", "constraint", "type", "view"]
    name: Name
    part: str | None = None


@dataclass(frozen=True, slots=True)
class ColumnIs:
    """Reflection says of a column that it is nullable, or that its type is one of SQLAlchemy's `classes`.

    The column is there: whether it is, is a question of its own.
    """

    table: Name
    column: str
    what: Literal["nullable", "type"]
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryIs:
    """What an entry of a list of constraints says, which is asked of each of them in its turn.

    `fact` as an inspector calls it (`constrained_columns`); `values`: the one text, or the list of columns.
    """

    fact: str
    values: tuple[str, ...]
    ordered: bool = True


@dataclass(frozen=True, slots=True)
class Undecided:
    """A condition known only when the migration runs; `text` is its source.

    `setting`: it reads the environment alone, so it is the same in upgrade and downgrade.
    `attempt`: the id of a `try` whose statements up to some point raise nothing. A fault of an
    operation under this test decides it; a Probe of it after the last statement says that
    operations are all there is in the body. `about`: the lines where what it reads comes from, since
    the same text may ask about something else once its names are bound anew. `rows_of`: it is that this
    table held rows when a Probe of it was met.
    """

    text: str
    setting: bool = False
    attempt: str = ""
    about: str = ""
    rows_of: Name | None = None

    @property
    def key(self) -> str:
        """Returns what is decided once for all tests that have it."""
        return f"{self.text}{ABOUT}{self.about}" if self.about else self.text


Predicate = DialectIs | Exists | ColumnIs | EntryIs | Undecided


@dataclass(frozen=True, slots=True)
class Test:
    """One evaluation of a predicate. `id` tells it from other evaluations of the same predicate."""

    __test__ = False  # pytest would take it for a test class

    predicate: Predicate
    id: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Guard


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds; without parts: always."""

    parts: tuple[Guard, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds; without parts: never."""

    parts: tuple[Guard, ...] = ()


Guard = Test | Not | AllOf | AnyOf

ALWAYS = AllOf()
NEVER = AnyOf()


def negate(guard: Guard) -> Guard:
    """Returns the opposite formula, without double negation."""
    if isinstance(guard, Not):
        return guard.part
    if guard == ALWAYS:
        return NEVER
    if guard == NEVER:
        return ALWAYS
    return Not(guard)


def parts_of(guard: Guard) -> tuple[Guard, ...]:
    """Returns the parts that must all hold."""
    return guard.parts if isinstance(guard, AllOf) else (guard,)


def implies(guard: Guard, other: Guard) -> bool:
    """Returns whether the other guard surely holds wherever this one does: all its parts stand in it."""
    held = parts_of(guard)
    return all(part in held for part in parts_of(other))


def both(left: Guard, right: Guard) -> Guard:
    """Returns `left and right`, flattened and without repeats."""
    if NEVER in (left, right):
        return NEVER
    if left == ALWAYS or right == ALWAYS:
        return right if left == ALWAYS else left
    parts = list(parts_of(left))
    for part in parts_of(right):
        if part in parts:
            continue
        if negate(part) in parts:
            return NEVER
        parts.append(part)
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def either(left: Guard, right: Guard) -> Guard:
    """Returns `left or right`, flattened and without repeats."""
    if ALWAYS in (left, right) or negate(left) == right:
        return ALWAYS
    if left == NEVER or right == NEVER:
        return right if left == NEVER else left
    parts: list[Guard] = []
    for guard in (left, right):
        for part in guard.parts if isinstance(guard, AnyOf) else (guard,):
            if part not in parts:
                parts.append(part)
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def resolve(guard: Guard, answer: Callable[[Test], bool | None]) -> bool | None:
    """Returns whether the guard holds, None if that hangs on a test without an answer (Kleene logic)."""
    if isinstance(guard, Test):
        return answer(guard)
    if isinstance(guard, Not):
        value = resolve(guard.part, answer)
        return None if value is None else not value
    decisive = isinstance(guard, AnyOf)
    values = [resolve(part, answer) for part in guard.parts]
    if decisive in values:
        return decisive
    return None if None in values else not decisive


def specialised(guard: Guard, answer: Callable[[Test], bool | None]) -> Guard:
    """Returns the formula with every test that has an answer replaced by it and what follows left out."""
    if isinstance(guard, Test):
        value = answer(guard)
        return guard if value is None else (ALWAYS if value else NEVER)
    if isinstance(guard, Not):
        return negate(specialised(guard.part, answer))
    combine, decisive = (either, ALWAYS) if isinstance(guard, AnyOf) else (both, NEVER)
    found: Guard = NEVER if isinstance(guard, AnyOf) else ALWAYS
    for part in guard.parts:
        found = combine(found, specialised(part, answer))
        if found == decisive:
            return decisive
    return found


def tests_of(guard: Guard) -> Iterator[Test]:
    """Yields every test of the formula, left to right."""
    if isinstance(guard, Test):
        yield guard
    elif isinstance(guard, Not):
        yield from tests_of(guard.part)
    else:
        for part in guard.parts:
            yield from tests_of(part)


def emptied(guard: Guard) -> Iterator[Name]:
    """Yields the tables that held no rows, when they were looked at, wherever the guard holds."""
    for part in parts_of(guard):
        test = part.part if isinstance(part, Not) else None
        if isinstance(test, Test) and isinstance(test.predicate, Undecided) and test.predicate.rows_of:
            yield test.predicate.rows_of


def with_tests(guard: Guard, tests: Mapping[Test, Test]) -> Guard:
    """Returns the formula with other tests in the place of its own."""
    if isinstance(guard, Test):
        return tests.get(guard, guard)
    if isinstance(guard, Not):
        return Not(with_tests(guard.part, tests))
    return type(guard)(tuple(with_tests(part, tests) for part in guard.parts))


def database_answers(dialect: Dialect) -> Callable[[Test], bool | None]:
    """Returns how `resolve` is answered when nothing but the database is known."""

    def answer(test: Test) -> bool | None:
        return test.predicate.holds(dialect) if isinstance(test.predicate, DialectIs) else None

    return answer
