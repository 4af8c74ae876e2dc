"""Makes a table ready to be filled: from its State, the State that comes next, and the facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mrt_dynamic.seeding.adapt import narrowed
from mrt_dynamic.seeding.conditions import Const, Node, Op, Ref, columns_of, conjuncts, replaced
from mrt_dynamic.seeding.demands import Condition, Demand, Exclusion, Member, NotNull, Unique, normal_for
from mrt_dynamic.seeding.facts import Facts
from mrt_dynamic.seeding.foreign import Foreign, Parents, foreigns_of, links_of, own_link
from mrt_dynamic.seeding.makers import Wish, maker_of
from mrt_dynamic.seeding.reading import condition
from mrt_dynamic.seeding.target import Target, counted, left_out
from mrt_dynamic.seeding.units import Plain, Slot, Unit
from mrt_dynamic.seeding.values import Maker, column_key
from mrt_dynamic.seeding.values_text import Choice
from mrt_dynamic.seeding.written import Sql
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import Column, Constraint, Table
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType

_INDEXED: Final = 2000
"""PostgreSQL's B-tree takes entries of at most 2704 bytes ("index row size exceeds btree maximum")."""


@dataclass(frozen=True)
class Recipe:
    """What all tables of one filling share. `also`: the State after the next upgrade, if it holds too."""

    dialect: Dialect
    state: State
    also: State | None
    facts: Facts
    seed: int = 0
    extremes: bool = True
    overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def later(self, table: Table) -> Table | None:
        """Returns the table as the next upgrade leaves it, None if that does not matter."""
        return None if self.also is None else self.also.table(table.name)

    def maker(self, table: Table, name: str, plain: bool = False) -> Maker | None:
        """Returns the maker of a column (folded name), None if its type is not known."""
        column = table.columns[name]
        now = self._maker(table, column, plain)
        later = self.later(table)
        if now is None or later is None or name not in later.columns:
            return now
        if later.columns[name].type == column.type:
            return now
        return narrowed(now, self._later_maker(later, later.columns[name], plain))

    def _later_maker(self, table: Table, column: Column, plain: bool) -> Maker | None:
        """Returns the maker of a column as it is to become; an enum may be there only then."""
        kind = column.type
        if self.also is not None and isinstance(kind, SqlType) and kind.element is None:
            enum = self.also.enum(Name(kind.name, kind.schema))
            if enum is not None and not isinstance(enum.labels, Unknown) and enum.labels:
                return Choice(enum.labels)
        return self._maker(table, column, plain)

    def _maker(self, table: Table, column: Column, plain: bool) -> Maker | None:
        if isinstance(column.type, Unknown):
            return None
        place = (self.state.fold(table.name.name), self.state.fold(column.name))
        charset = self.facts.charsets.get(place, self.facts.charset)
        longest = _INDEXED if self.dialect == "postgresql" and self._indexed(table, column) else None
        return maker_of(
            Wish(column.type, self.dialect, self.facts, column.name, charset, longest, plain, self.extremes)
        )

    def _indexed(self, table: Table, column: Column) -> bool:
        keyed = any(
            constraint.kind in ("primary", "unique") and column.name in constraint.columns
            for constraint in table.constraints
        )
        return keyed or any(
            any(column.name in part for part in index.columns)
            for index in table.indexes.values()
            if not isinstance(index.columns, Unknown)
        )

    def key(self, table: Table, column: Column) -> int:
        """Returns the number that the column's values are made from."""
        return column_key(self.seed, table.name.schema or "", table.name.name, column.name)

    def override(self, table: Table, column: Column) -> tuple[bool, Any]:
        """Returns whether the user decides on the column's values, and how."""
        for name in (str(table.name), table.name.name):
            found = self.overrides.get(name, {})
            if column.name in found:
                return True, found[column.name]
        return False, None


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
    foreigns, _ = foreigns_of(state, table)
    foreigns = [*foreigns, *later_foreigns(recipe, table)]
    usable = [f for f in foreigns if f not in later and all(name in slots for name in f.columns)]
    usable = [f for f in usable if not any(slots[name].overridden for name in f.columns)]
    target.later = tuple(name for f in later for name in f.columns if name in slots)
    target.units = _units(recipe, parents, target, usable)
    target.demands = [
        *(Condition(part) for node in nodes for part in conjuncts(node)),
        *_keys(recipe, table),
        *_exclusions(recipe, table),
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
        target.demands += _keys(recipe, future, table)
        target.demands += _exclusions(recipe, future, table)
    target.orphaned = tuple(
        str(f.parent.name)
        for f in usable
        if not f.recursive and not parents.rows(f) and any(not slots[name].nullable for name in f.columns)
    )
    return target


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
    future = recipe.later(table)
    if future is None or recipe.also is None:
        return []
    found = []
    for foreign in foreigns_of(recipe.also, future)[0]:
        parent = recipe.state.table(foreign.parent.name)
        if parent is None or any(name not in parent.columns for name in foreign.ref_columns):
            continue
        if all(name in table.columns for name in foreign.columns):
            found.append(
                Foreign(foreign.columns, parent, foreign.ref_columns, foreign.full, foreign.recursive)
            )
    present = {(o.columns, o.parent.name, o.ref_columns) for o in foreigns_of(recipe.state, table)[0]}
    return [f for f in found if (f.columns, f.parent.name, f.ref_columns) not in present]


def conditions_of(recipe: Recipe, table: Table) -> list[Node]:
    """Returns the CHECKs of the table and of its columns' domains, and those to come."""
    nodes = [
        condition(constraint.expression, recipe.dialect)
        for constraint in table.constraints
        if constraint.kind == "check" and constraint.expression
    ]
    nodes += _domain_conditions(recipe, table)
    future = recipe.later(table)
    if future is not None:
        for constraint in future.constraints:
            if constraint.kind == "check" and constraint.expression:
                node = condition(constraint.expression, recipe.dialect)
                if node not in nodes and all(name in table.columns for name in columns_of(node)):
                    nodes.append(node)
        nodes += [
            n for n in _domain_conditions(recipe, future) if all(c in table.columns for c in columns_of(n))
        ]
    return list(dict.fromkeys(nodes))


def _domain_conditions(recipe: Recipe, table: Table) -> list[Node]:
    found: list[Node] = []
    for name, column in table.columns.items():
        kind = column.type
        while isinstance(kind, SqlType) and kind.element is None:
            user = recipe.facts.type(kind)
            if user is None or user.kind != "domain":
                break
            for text in user.checks:
                node = replaced(condition(text, recipe.dialect), {"value": name, "VALUE": name})
                found.append(node)
            if user.not_null:
                found.append(Op("not", (Op("is", (Ref(name), Const(None))),)))
            kind = user.base if user.base is not None else SqlType("")
    return found


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
            column.nullable is not False and not _in_primary(recipe, table, name),
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


def _in_primary(recipe: Recipe, table: Table, name: str) -> bool:
    return any(
        constraint.kind == "primary" and name in [recipe.state.fold(column) for column in constraint.columns]
        for constraint in table.constraints
    )


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


def _keys(recipe: Recipe, table: Table, present: Table | None = None) -> list[Demand]:
    """Returns the unique keys of a table; of its future self those of which `present` has every column."""
    columns = (present or table).columns
    blind = any(isinstance(c.type, SqlType) and c.type.name == "citext" for c in columns.values())
    normal = normal_for(recipe.dialect, blind)
    found: list[Demand] = []
    for constraint in table.constraints:
        if constraint.kind in ("primary", "unique") and constraint.columns:
            parts: list[Node] = [Ref(recipe.state.fold(name)) for name in constraint.columns]
            found.append(
                Unique(parts, None, constraint.nulls_not_distinct or recipe.dialect == "mssql", normal)
            )
    for index in table.indexes.values():
        if index.unique is not True or isinstance(index.columns, Unknown):
            continue
        parts = [_index_part(recipe, table, part) for part in index.columns]
        where = condition(index.where, recipe.dialect) if index.where else None
        nulls_equal = ("nulls_not_distinct", "true") in index.options or recipe.dialect == "mssql"
        found.append(Unique(parts, where, nulls_equal, normal))
    return [demand for demand in found if all(name in columns for name in demand.columns)]


def _index_part(recipe: Recipe, table: Table, part: str) -> Node:
    """Returns a column or expression of an index, without its direction, operator class or length."""
    text = part
    while True:
        name = recipe.state.fold(text)
        if name in table.columns:
            return Ref(name)
        head, blank, _ = text.rpartition(" ")
        if not blank:
            break
        if (
            recipe.state.fold(head) in table.columns
            or head.endswith(")")
            or (" " in head and recipe.state.fold(head.split(" ")[0]) in table.columns)
        ):
            text = head
        else:
            break
    name, bracket, rest = text.partition("(")
    folded = recipe.state.fold(name)
    if bracket and folded in table.columns and rest.rstrip(")").isdigit():
        return Op("left", (Ref(folded), Const(int(rest.rstrip(")")))))
    return condition(text, recipe.dialect)


def _exclusions(recipe: Recipe, table: Table, present: Table | None = None) -> list[Demand]:
    columns = (present or table).columns
    found: list[Demand] = []
    for constraint in table.constraints:
        if constraint.kind == "exclude":
            elements, where = excluded_of(recipe, table, constraint)
            if elements:
                found.append(Exclusion(elements, where))
    return [demand for demand in found if all(name in columns for name in demand.columns)]


def excluded_of(
    recipe: Recipe, table: Table, constraint: Constraint
) -> tuple[list[tuple[Node, str]], Node | None]:
    """Returns the elements of an exclusion constraint with their operators, and its condition."""
    text = constraint.expression or ""
    start = text.find("(")
    end = _closing(text, start)
    if start < 0 or end < 0:
        return [], None
    elements = []
    for part in _parts(text[start + 1 : end]):
        expression, word, operator = part.rpartition(" WITH ")
        if word:
            elements.append((_index_part(recipe, table, expression.strip()), operator.strip()))
    rest = text[end + 1 :].strip()
    where = rest[5:].strip() if rest.upper().startswith("WHERE") else ""
    return elements, condition(where, recipe.dialect) if where else None


def _closing(text: str, start: int) -> int:
    depth = 0
    for place in range(max(start, 0), len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0 and text[place] == ")":
            return place
    return -1


def _parts(text: str) -> list[str]:
    parts, depth, begin = [], 0, 0
    for place, sign in enumerate(text):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            parts.append(text[begin:place].strip())
            begin = place + 1
    return [*parts, text[begin:].strip()]
