"""What a table asks of its rows: CHECKs, conditions of domains, unique keys, exclusion constraints."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_dynamic.seeding.conditions import Const, Node, Op, Ref, columns_of, replaced
from mrt_dynamic.seeding.demands import Demand, Exclusion, Unique, normal_for
from mrt_dynamic.seeding.reading import condition
from mrt_dynamic.seeding.recipe import Recipe
from mrt_lint.schema.names import Unknown
from mrt_lint.schema.objects import Constraint, Table
from mrt_lint.schema.types import SqlType


def conditions_of(recipe: Recipe, table: Table) -> list[Node]:
    """Returns the CHECKs of the table and of its columns' domains, and those to come, each once."""
    nodes = [*_conditions(recipe, table)]
    future = recipe.later(table)
    if future is not None:
        nodes += [
            node
            for node in _conditions(recipe, future)
            if all(name in table.columns for name in columns_of(node))
        ]
    return list(dict.fromkeys(nodes))


def _conditions(recipe: Recipe, table: Table) -> Iterator[Node]:
    for constraint in table.constraints:
        if constraint.kind == "check" and constraint.expression:
            yield condition(constraint.expression, recipe.dialect)
    for name, column in table.columns.items():
        kind = column.type
        while isinstance(kind, SqlType) and kind.element is None:
            user = recipe.facts.type(kind)
            if user is None or user.kind != "domain":
                break
            for text in user.checks:
                yield replaced(condition(text, recipe.dialect), {"value": name, "VALUE": name})
            if user.not_null:
                yield Op("not", (Op("is", (Ref(name), Const(None))),))
            kind = user.base if user.base is not None else SqlType("")


def keys_of(recipe: Recipe, table: Table, present: Table | None = None) -> list[Demand]:
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


def exclusions_of(recipe: Recipe, table: Table, present: Table | None = None) -> list[Demand]:
    """Returns the exclusion constraints of a table, as `keys_of` does its unique keys."""
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
