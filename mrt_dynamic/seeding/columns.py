"""Values for new columns in rows that are there already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mrt_dynamic.seeding.cycles import identities
from mrt_dynamic.seeding.existing import read_rows
from mrt_dynamic.seeding.foreign import Parents, primary_of
from mrt_dynamic.seeding.preparing import prepare
from mrt_dynamic.seeding.recipe import Recipe
from mrt_dynamic.seeding.rows import Composer
from mrt_dynamic.seeding.writing import updated
from mrt_lint.schema.objects import Table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_ROWS = 60


def fill_columns(
    connection: Connection, recipe: Recipe, parents: Parents, table: Table, names: frozenset[str]
) -> int | None:
    """Returns how many rows got values in the columns (folded names); None if there are no rows at all.

    Edges and usual values take turns; every fifth row keeps what it has: NULL, or the default.
    """
    target = prepare(recipe, parents, table, only=names)
    order = [*primary_of(recipe.state, table), *table.columns]
    columns = list(dict.fromkeys(order))
    makers = {table.columns[name].name: recipe.maker(table, name) for name in columns}
    rows = read_rows(connection, recipe.dialect, table.name, makers, limit=_ROWS)
    if not rows:
        return None
    if not target.slots:
        return 0
    places = identities(connection, recipe, table, _ROWS)
    composer = Composer(target)
    edges = list(composer.edge_rows())
    changed = 0
    for number, (values, where) in enumerate(zip(rows, places, strict=False)):
        known: dict[str, Any] = dict(zip(columns, values, strict=True))
        if number % 5 == 2 or (number == len(rows) - 1 and number in (1, 2)):
            composer.take(known)
            continue
        others = {name: value for name, value in known.items() if name not in target.slots}
        wanted = edges[number - 2] if 2 <= number < len(edges) + 2 else {}
        for given in ([wanted] if wanted else []) + [{}]:
            row = composer.base(number, {**others, **given})
            row = row and composer.settled(row, number, others)
            if row and updated(
                connection,
                recipe.dialect,
                table.name,
                {slot.name: row.get(name) for name, slot in target.slots.items()},
                where,
            ):
                composer.take(row)
                changed += 1
                break
    return changed
