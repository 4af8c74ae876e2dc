"""Moves of rows: inserted and deleted, changed and changed back."""

from __future__ import annotations

from random import Random

from tests.soundness.move import Damage, Move, spelled, sql
from tests.soundness.schema import BOOLEAN, INTEGER, Schema, Table


def _insertable(schema: Schema) -> list[Table]:
    return [table for table in schema.tables if all(c.nullable or c.default for c in table.columns)]


def insert(random: Random, schema: Schema) -> Move | None:
    """Rows inserted by key, and deleted by it."""
    found = _insertable(schema)
    if not found:
        return None
    table = random.choice(found)
    up = spelled(
        random,
        sql(f"INSERT INTO {table.name} (id) VALUES (901), (902)"),
        f'op.bulk_insert(sa.table("{table.name}", sa.column("id")), [{{"id": 901}}, {{"id": 902}}])',
    )
    down = spelled(
        random,
        sql(f"DELETE FROM {table.name} WHERE id IN (901, 902)"),
        f't = sa.table("{table.name}", sa.column("id"))\nop.execute(t.delete().where(t.c.id.in_([901, 902])))',
    )
    damages = (
        Damage("the rows are not deleted", (up,), ()),
        Damage("one of the rows is not deleted", (up,), (sql(f"DELETE FROM {table.name} WHERE id = 901"),)),
        Damage("more rows are deleted", (up,), (sql(f"DELETE FROM {table.name} WHERE id > 1"),)),
        Damage("all rows are deleted", (up,), (sql(f"DELETE FROM {table.name}"),)),
    )
    return Move("insert rows", (up,), (down,), schema, damages)


def delete(random: Random, schema: Schema) -> Move | None:
    """Rows set aside and deleted, and inserted again."""
    parents = {table.parent for table in schema.tables}
    found = [table for table in schema.tables if table.name not in parents]
    if not found:
        return None
    table = random.choice(found)
    names = ", ".join(table.column_names)
    backup = f"{table.name}_gone"
    up = (
        sql(f"CREATE TABLE {backup} AS SELECT {names} FROM {table.name} WHERE id > 2"),
        sql(f"DELETE FROM {table.name} WHERE id > 2"),
    )
    back = sql(f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {backup}")
    gone = f'op.drop_table("{backup}")'
    damages = (
        Damage("deleted rows do not come back", (up[1],), ()),
        Damage(
            "more rows are deleted than set aside",
            (up[0], sql(f"DELETE FROM {table.name} WHERE id > 1")),
            (back, gone),
        ),
        Damage("deleted rows stay in the backup", up, (gone,)),
    )
    return Move("set rows aside", up, (back, gone), schema, damages)


def change(random: Random, schema: Schema) -> Move | None:
    """Contents changed by an UPDATE that another UPDATE undoes."""
    found = [
        (table, column)
        for table in schema.tables
        for column in table.columns
        if column.family in (INTEGER, BOOLEAN)
        and all(not text.startswith(column.name) for _, text in table.checks)
    ]
    if not found:
        return None
    table, column = random.choice(found)
    name = column.name
    if column.family == BOOLEAN:
        up = down = sql(f"UPDATE {table.name} SET {name} = NOT {name}")
    else:
        up = sql(f"UPDATE {table.name} SET {name} = {name} + 1")
        down = sql(f"UPDATE {table.name} SET {name} = {name} - 1")
    damages = (
        Damage("the change is not undone", (up,), ()),
        Damage("a constant is written", (sql(f"UPDATE {table.name} SET {name} = 1"),), ()),
        Damage("a constant is written back", (up,), (sql(f"UPDATE {table.name} SET {name} = 0"),)),
    )
    return Move("change and undo", (up,), (down,), schema, damages)
