"""Rows made of what a migration looks for: such that its conditions find, and such that they just miss."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from mrt_dynamic.seeding.conditions import Const, Node, Op, Ref, columns_of, conjuncts
from mrt_dynamic.seeding.demands import Condition, Demand, Missed
from mrt_dynamic.seeding.existing import read_rows
from mrt_dynamic.seeding.foreign import Foreign, foreigns_of
from mrt_dynamic.seeding.literals import Literals, Value
from mrt_dynamic.seeding.report import Filled, FilledTable
from mrt_dynamic.seeding.rows import Composer, Made
from mrt_dynamic.seeding.target import Target, counted
from mrt_dynamic.seeding.values_text import Choice, Text
from mrt_lint.schema.objects import Table

if TYPE_CHECKING:
    from mrt_dynamic.seeding.filling import Filling

_FIRST: Final = 2000
"""The rows made here count from this number, apart from those that the table has already."""

_MOST: Final = 80
"""Rows for one table."""
_FIRST_CHILD: Final = 4000
_MOST_CHILDREN: Final = 12
"""Rows that refer to parents which no row refers to yet: where they count from, and how many."""


def add_rows(filling: Filling, literals: Literals) -> Filled:
    """Returns the rows written for a migration's conditions and constants, parents' tables first."""
    done = Filled()
    tables = [table for name in literals.tables() if (table := filling.state.table(name)) is not None]
    for table in filling.in_order(tables):
        conditions = [found.condition for found in literals.conditions if found.table == table.name]
        values = [found for found in literals.values if found.table == table.name]
        done += _add(filling, table, list(dict.fromkeys(conditions)), values)
    looked_into = {filling.state.key("table", table.name) for table in tables}
    for child in filling.in_order(filling.state.tables()):
        for foreign in foreigns_of(filling.state, child):
            parent = filling.state.key("table", foreign.parent.name)
            if parent in looked_into and not foreign.recursive:
                done += _children(filling, child, foreign)
    return done


def _children(filling: Filling, child: Table, foreign: Foreign) -> Filled:
    """Returns the rows written for parents that have none yet: what befalls a parent befalls them too."""
    target = ready(filling, child)
    if target is None or not all(name in target.slots for name in foreign.columns):
        return Filled()
    taken = {tuple(row.get(name) for name in foreign.columns) for row in _rows(filling, target)}
    lonely = [key for key in filling.parents.rows(foreign) if key not in taken]
    composer = Composer(target)
    rows: list[Made] = []
    for number, key in enumerate(lonely[-_MOST_CHILDREN:], _FIRST_CHILD):
        given = dict(zip(foreign.columns, key, strict=True))
        made = composer.made(number, given, tuple(given))
        if made is not None:
            rows.append(made)
    written = filling.write(target, rows, composer) if rows else 0
    return Filled((FilledTable(str(child.name), written),) if written else ())


def _add(filling: Filling, table: Table, conditions: Sequence[Node], values: Sequence[Value]) -> Filled:
    asked = {name for node in conditions for name in columns_of(node)}
    target = ready(filling, table, asked)
    if target is None:
        return Filled()
    composer = Composer(target)
    rows: list[Made] = []
    for number, (given, more) in enumerate(_wishes(target, conditions, values), _FIRST):
        if len(rows) >= _MOST:
            break
        made = composer.made(number, given, tuple(given), more)
        if made is not None:
            rows.append(made)
    written = filling.write(target, rows, composer)
    return Filled((FilledTable(str(table.name), written),) if written else ())


def ready(filling: Filling, table: Table, asked: Collection[str] = ()) -> Target | None:
    """Returns a table that has rows ready for single ones, None if it takes none.

    `asked`: columns that must get a value though the database would count it.
    """
    explicit = filling.explicit(table) or any(
        counted(column) for name, column in table.columns.items() if name in asked
    )
    target = filling.prepared(table, explicit)
    if target.unknown or target.orphaned or not target.slots:
        return None
    _remember(filling, target)
    return target


def _remember(filling: Filling, target: Target) -> None:
    """Takes up the rows that the table has, so that no key comes twice."""
    for row in _rows(filling, target):
        for demand in target.demands:
            demand.take(row)


def _rows(filling: Filling, target: Target) -> list[dict[str, Any]]:
    """Returns the rows that a table has, by folded column."""
    makers = {
        column.name: filling.recipe.maker(target.table, name) for name, column in target.table.columns.items()
    }
    rows = read_rows(filling.connection, filling.recipe.dialect, target.table.name, makers)
    return [dict(zip(target.table.columns, values, strict=True)) for values in rows]


def _wishes(
    target: Target, conditions: Sequence[Node], values: Sequence[Value]
) -> Iterator[tuple[dict[str, Any], list[Demand]]]:
    """Yields values and demands for one row each."""
    for node in conditions:
        parts = conjuncts(node)
        yield {}, [Condition(part, where=True) for part in parts]
        for branch in _branches(parts):
            wanted = [
                *(part for part in parts if branch not in getattr(part, "args", ())),
                *conjuncts(branch),
            ]
            yield {}, [Condition(part, where=True) for part in wanted]
        for place, part in enumerate(parts[:5]):
            others = [Condition(other, where=True) for at, other in enumerate(parts) if at != place]
            yield {}, [*others, Missed(part)]
            for name, value in _sized(target, part):
                yield {name: value}, list(others)
            for name, constant in _constants(part):
                if name in target.slots:
                    for value in _next_to(target, name, constant):
                        yield {name: value}, list(others)
    for found in values:
        yield from _plain_value(target, found)


def _branches(parts: Iterable[Node]) -> Iterator[Node]:
    for part in parts:
        if isinstance(part, Op) and part.name == "or":
            yield from part.args


def _constants(part: Node) -> Iterator[tuple[str, Any]]:
    """Yields a column and the constant that it is compared with."""
    if not isinstance(part, Op):
        return
    if part.name in ("and", "or", "not"):
        for arg in part.args:
            yield from _constants(arg)
        return
    if part.name in ("=", "<>", "<", "<=", ">", ">=", "in", "between"):
        refs = [arg for arg in part.args if isinstance(arg, Ref)]
        constants = [arg.value for arg in part.args if isinstance(arg, Const) and arg.value is not None]
        if len(refs) == 1:
            yield from ((refs[0].name, constant) for constant in constants[:40])


def _sized(target: Target, part: Node) -> Iterator[tuple[str, Any]]:
    """Yields texts of the length that a column is asked for, and one longer and one shorter."""
    for name, hints in Condition(part).hints.items():
        slot = target.slots.get(name)
        for hint in hints:
            if slot is not None and hint.kind == "size":
                yield from ((name, value) for value in hint.values(slot.maker, slot.key, _FIRST))


def _next_to(target: Target, name: str, constant: Any) -> list[Any]:
    """Returns the constant as the column keeps it and, of what can be counted, its neighbours."""
    maker = target.slots[name].maker
    found = []
    for value in maker.around(constant, 0):
        if maker.fits(value) and value not in found:
            found.append(value)
    if isinstance(maker, Text | Choice):
        # A text is looked for as it is, and with another case, which not every database tells apart.
        exact = str(constant)
        return [
            value for value in found if value == exact or value == exact.swapcase() or value == exact.upper()
        ]
    return found[:3]


def _plain_value(target: Target, found: Value) -> Iterator[tuple[dict[str, Any], list[Demand]]]:
    """Yields a row with a constant in its column.

    Not into columns of a key: a row that the migration is about to write must not be there already.
    """
    keyed = {
        name
        for constraint in target.table.constraints
        if constraint.kind in ("primary", "unique")
        for name in constraint.columns
    }
    keyed |= {name for index in target.table.indexes.values() if index.unique for name in index.columns or ()}
    linked = {name for link in target.links() for name in link.columns}
    for name, slot in target.slots.items():
        if slot.name in keyed or name in linked or found.column not in (slot.name, name):
            continue
        if not _takes(slot.maker, found.value):
            continue
        value = found.value
        if not isinstance(value, bool):
            try:
                value = slot.maker.parse(str(found.value))
            except ValueError:
                continue
        if slot.maker.fits(value):
            yield {name: value}, []


def _takes(maker: Any, value: Any) -> bool:
    return (
        isinstance(maker, Text | Choice) if isinstance(value, str) else not isinstance(maker, Text | Choice)
    )
