"""Makes a table ready to be filled: from its State, the State that comes next, and the facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mrt_dynamic.seeding.asked import conditions_of, excluded_of, exclusions_of, keys_of
from mrt_dynamic.seeding.conditions import Const, columns_of, conjuncts
from mrt_dynamic.seeding.demands import Condition, Member, NotNull, Unique
from mrt_dynamic.seeding.foreign import Foreign, Parents, foreigns_of, links_of, own_link, primary_of
from mrt_dynamic.seeding.reading import condition
from mrt_dynamic.seeding.recipe import Recipe
from mrt_dynamic.seeding.target import Target, counted, left_out
from mrt_dynamic.seeding.units import Plain, Slot, Unit
from mrt_dynamic.seeding.values import Maker
from mrt_dynamic.seeding.written import Sql
from mrt_lint.schema.objects import Column, Table


def prepare(
    recipe: Recipe,
    parents: Parents,
    table: Table,
    *,
    later: Sequence[Foreign] = (),
    explicit: bool = False,
    only: frozenset[str] | None = None,
) -> Target:
    """Returns the table ready to be filled.

    `later`: keys that stay open for now. `explicit`: values that the database would count are given.
    `only`: no other columns (folded) are written, those of rows that are there already.
    """
    state = recipe.state
    key = state.key("table", table.name)
    target = Target(table, key, loose=key in recipe.facts.loose)
    nodes = conditions_of(recipe, table)
    bounds = recipe.facts.bounds.get(key, ())
    target.leaves = [condition(text, recipe.dialect) if text else None for text in bounds]
    slots = _slots(recipe, target, explicit, only)
    target.slots = slots
    target.counted = tuple(name for name in slots if counted(table.columns[name]))
    foreigns = [*foreigns_of(state, table), *later_foreigns(recipe, table)]
    usable = [f for f in foreigns if f not in later and all(name in slots for name in f.columns)]
    usable = [f for f in usable if not any(slots[name].overridden for name in f.columns)]
    target.later = tuple(name for f in later for name in f.columns if name in slots)
    target.units = _units(recipe, parents, target, usable)
    target.demands = [
        *(Condition(part) for node in nodes for part in conjuncts(node)),
        *keys_of(recipe, table),
        *exclusions_of(recipe, table),
    ]
    for foreign in usable:
        if foreign.recursive:
            target.demands.append(OwnMember(foreign, _known(parents, target, foreign)))
        elif not any(set(foreign.columns) <= set(link.columns) for link in target.links()):
            target.demands.append(Member(foreign.columns, _known(parents, target, foreign)))
    future = recipe.later(table)
    if future is not None:
        target.demands += [
            NotNull(name)
            for name, column in future.columns.items()
            if column.nullable is False and name in slots and slots[name].nullable
        ]
        target.demands += keys_of(recipe, future, table)
        target.demands += exclusions_of(recipe, future, table)
    for row in recipe.beside.get(table.name, ()):
        _leave_free(target, row)
    target.orphaned = tuple(
        str(f.parent.name)
        for f in usable
        if not f.recursive and not parents.rows(f) and any(not slots[name].nullable for name in f.columns)
    )
    return target


def _leave_free(target: Target, texts: Mapping[str, str]) -> None:
    """Takes the keys of a row that others are going to write."""
    row: dict[str, Any] = {}
    for name, slot in target.slots.items():
        if name in texts:
            try:
                row[name] = slot.maker.parse(texts[name])
            except ValueError:
                continue
    for demand in target.demands:
        if isinstance(demand, Unique):
            demand.take(row)


def _known(parents: Parents, target: Target, foreign: Foreign) -> Callable[[], set[tuple[Any, ...]]]:
    def known() -> set[tuple[Any, ...]]:
        found = set(parents.rows(foreign))
        if foreign.recursive:
            found |= {tuple(row.get(name) for name in foreign.ref_columns) for row in target.taken}
        return found

    return known


class OwnMember(Member):
    """A key of a table to itself: the row itself is a parent, too."""

    def __init__(self, foreign: Foreign, known: Callable[[], Any]) -> None:
        super().__init__(foreign.columns, known)
        self.refs = foreign.ref_columns
        self.columns = tuple(dict.fromkeys((*foreign.columns, *foreign.ref_columns)))
        self.own = foreign.columns

    def holds(self, row: Mapping[str, Any]) -> bool | None:
        """Returns whether the row's parent is there, or is the row."""
        values = tuple(row.get(name) for name in self.own)
        return (
            None in values or values == tuple(row.get(name) for name in self.refs) or values in self.known()
        )


def later_foreigns(recipe: Recipe, table: Table) -> list[Foreign]:
    """Returns keys that the next upgrade adds, as far as their parents are there already."""
    found = []
    for foreign in recipe.foreigns_after(table):
        parent = recipe.state.table(foreign.parent.name)
        if parent is None or any(name not in parent.columns for name in foreign.ref_columns):
            continue
        if all(name in table.columns for name in foreign.columns):
            found.append(
                Foreign(foreign.columns, parent, foreign.ref_columns, foreign.full, foreign.recursive)
            )
    present = {(o.columns, o.parent.name, o.ref_columns) for o in foreigns_of(recipe.state, table)}
    return [f for f in found if (f.columns, f.parent.name, f.ref_columns) not in present]


def _slots(recipe: Recipe, target: Target, explicit: bool, only: frozenset[str] | None) -> dict[str, Slot]:
    table = target.table
    future = recipe.later(table)
    excluded = {
        name
        for version in (table, future)
        for constraint in (version.constraints if version is not None else ())
        if constraint.kind == "exclude"
        for node, _ in excluded_of(recipe, table, constraint)[0]
        for name in columns_of(node)
    }
    explicit = explicit or target.key in recipe.facts.explicit
    primary = primary_of(recipe.state, table)
    slots = {}
    for name, column in table.columns.items():
        overridden, override = recipe.override(table, column)
        if column.generated is not None or (only is not None and name not in only):
            continue
        if left_out(column, explicit) and not overridden:
            continue
        maker = recipe.maker(table, name, name in excluded)
        if maker is None:
            if column.nullable is False and column.default is None:
                target.unknown = (*target.unknown, f"{column.name} ({column.type})")
            else:
                target.empty = (*target.empty, f"{column.name} ({column.type})")
            continue
        slots[name] = Slot(
            column.name,
            name,
            maker,
            column.nullable is not False and name not in primary,
            recipe.key(table, column),
            _default(recipe, column, maker),
            overridden,
            override,
        )
    return slots


def _default(recipe: Recipe, column: Column, maker: Maker) -> tuple[Any, ...]:
    """Returns a column's default if it is a constant, also one that only MySQL takes for a date."""
    if not isinstance(column.default, str):
        return ()
    text = column.default.partition(" ON UPDATE ")[0]
    node = condition(text, recipe.dialect)
    if not isinstance(node, Const) or node.value is None:
        return ()
    if recipe.dialect in ("mysql", "mariadb") and str(node.value).startswith("0000-00-00"):
        return (Sql(text),)
    try:
        value = maker.parse(str(node.value))
    except ValueError:
        return ()
    return (value,) if maker.fits(value) else ()


def _units(recipe: Recipe, parents: Parents, target: Target, foreigns: Sequence[Foreign]) -> list[Unit]:
    def nullable(name: str) -> bool:
        return target.slots[name].nullable

    def key(name: str) -> int:
        return target.slots[name].key

    links = links_of(foreigns, parents, nullable, key)
    covered = frozenset(name for link in links for name in link.columns)
    own = []
    for foreign in foreigns:
        if foreign.recursive and not set(foreign.columns) <= covered:
            before = parents.rows(foreign)
            # A column of the row's own key is no matter of choice: the parent has to agree with it.
            shared = covered | frozenset(foreign.ref_columns)
            link = own_link(foreign, target.taken, before, nullable, key(foreign.columns[0]) % 7919, shared)
            own.append(link)
            covered |= frozenset(link.columns)
    open_later = set(target.later)
    plain = [
        Plain(slot) for name, slot in target.slots.items() if name not in covered and name not in open_later
    ]
    # A key to the table itself is chosen once the row's own key is known, and that may hang on other parents.
    return [*links, *plain, *own]
