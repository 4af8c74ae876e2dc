"""Moves of columns: added, renamed, set aside, copied, altered in place."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.soundness.move import Damage, Move, batch, spelled, sql
from tests.soundness.schema import BOOLEAN, INTEGER, NUMERIC, TEXT, Column, Schema, Table


def _free(table: Table) -> list[Column]:
    """Returns the columns that no index, constraint or view of ours names."""
    held = {name for index in table.indexes for name in index.columns}
    held |= {column for _, column in table.uniques}
    held |= {text.split()[0] for _, text in table.checks}
    return [column for column in table.columns if column.name not in held]


def _droppable(random: Random, schema: Schema) -> tuple[Table, Column] | None:
    viewed = {query.split()[-1] for _, query in schema.views}
    found = [
        (table, column) for table in schema.tables if table.name not in viewed for column in _free(table)
    ]
    return random.choice(found) if found else None


def _without(table: Table, column: Column) -> Table:
    return replace(table, columns=tuple(other for other in table.columns if other != column))


def add_column(random: Random, schema: Schema) -> Move:
    """A new column, nullable or with a default, and dropped again."""
    table = random.choice(schema.tables)
    column = random.choice(
        (
            Column("added", "sa.String(30)", TEXT),
            Column("added", "sa.Integer()", INTEGER, False, '"0"'),
            Column("added", "sa.Boolean()", BOOLEAN, False, "sa.false()"),
        )
    )
    up = spelled(
        random,
        f'op.add_column("{table.name}", {column.source})',
        batch(table.name, f"add_column({column.source})"),
    )
    down = spelled(
        random,
        f'op.drop_column("{table.name}", "added")',
        batch(table.name, 'drop_column("added")'),
        sql(f"ALTER TABLE {table.name} DROP COLUMN added"),
    )
    after = schema.with_table(replace(table, columns=(*table.columns, column)))
    damages = [Damage("the new column is forgotten", (up,), ())]
    if _free(table):
        other = random.choice(_free(table)).name
        damages.append(
            Damage("another column is dropped", (up,), (f'op.drop_column("{table.name}", "{other}")',))
        )
    return Move("add column", (up,), (down,), after, tuple(damages))


def backfill(random: Random, schema: Schema) -> Move:
    """A new column filled from an old one, and dropped again."""
    table = random.choice(schema.tables)
    source = random.choice(table.columns)
    add = f'op.add_column("{table.name}", sa.Column("filled", {source.type}))'
    fill = sql(f"UPDATE {table.name} SET filled = {source.name}")
    down = f'op.drop_column("{table.name}", "filled")'
    after = schema.with_table(
        replace(table, columns=(*table.columns, Column("filled", source.type, source.family)))
    )
    damages = [
        Damage(
            "the backfill writes the old column",
            (add, sql(f"UPDATE {table.name} SET {source.name} = filled")),
            (down,),
        )
        if source.nullable and (source.name, source.name) not in table.uniques
        else Damage("the filled column is forgotten", (add, fill), ()),
    ]
    return Move("backfill", (add, fill), (down,), after, tuple(damages))


def rename_column(random: Random, schema: Schema) -> Move | None:
    """A column renamed and renamed back."""
    found = _droppable(random, schema)
    if found is None:
        return None
    table, column = found
    old, new = column.name, f"{column.name}_new"

    def rename(one: str, other: str) -> str:
        return spelled(
            random,
            f'op.alter_column("{table.name}", "{one}", new_column_name="{other}")',
            batch(table.name, f'alter_column("{one}", new_column_name="{other}")'),
            sql(f"ALTER TABLE {table.name} RENAME COLUMN {one} TO {other}"),
        )

    up = rename(old, new)
    changed = tuple(replace(c, name=new) if c == column else c for c in table.columns)
    damages = (
        Damage("the rename is forgotten", (up,), ()),
        Damage("renamed back to a wrong name", (up,), (rename(new, f"{old}_x"),)),
        Damage(
            "dropped and added instead of renamed back",
            (up,),
            (
                f'op.drop_column("{table.name}", "{new}")',
                f'op.add_column("{table.name}", {replace(column, nullable=True).source})',
            ),
        ),
    )
    after = schema.with_table(replace(table, columns=changed))
    return Move("rename column", (up,), (rename(new, old),), after, damages)


def set_aside(random: Random, schema: Schema) -> Move | None:
    """A column copied to a backup table, dropped, added again and fetched back."""
    found = _droppable(random, schema)
    if found is None or not found[1].nullable:
        return None
    table, column = found
    name, backup = column.name, f"{table.name}_{column.name}_backup"
    aside = sql(f"CREATE TABLE {backup} AS SELECT id, {name} FROM {table.name}")
    drop = f'op.drop_column("{table.name}", "{name}")'
    add = f'op.add_column("{table.name}", {column.source})'

    def fetch(what: str = name, where: str = "") -> str:
        return sql(
            f"UPDATE {table.name} SET {name} = (SELECT b.{what} FROM {backup} b WHERE b.id = {table.name}.id)"
            + where
        )

    gone = spelled(random, f'op.drop_table("{backup}")', sql(f"DROP TABLE {backup}"))
    up = (aside, drop)
    after = schema.with_table(_without(table, column))
    partial = sql(f"CREATE TABLE {backup} AS SELECT id, {name} FROM {table.name} WHERE id > 2")
    crossed = sql(f"CREATE TABLE {backup} AS SELECT id + 1 AS id, {name} FROM {table.name}")
    damages = (
        Damage("re-added empty", (drop,), (add,)),
        Damage("the backup is not fetched back", up, (add, gone)),
        Damage("the backup is dropped first", up, (add, gone, fetch())),
        Damage("the backup is left", up, (add, fetch())),
        Damage("only some rows are fetched back", up, (add, fetch(where=" WHERE id < 3"), gone)),
        Damage("another column is fetched back", up, (add, fetch("id"), gone)),
        Damage("only some rows are set aside", (partial, drop), (add, fetch(), gone)),
        Damage("set aside under another key", (crossed, drop), (add, fetch(), gone)),
        Damage("fetched back before it is there", up, (fetch(), add, gone)),
    )
    return Move("set a column aside", up, (add, fetch(), gone), after, damages)


def move_contents(random: Random, schema: Schema) -> Move | None:
    """A column replaced by a new one with the same contents."""
    found = _droppable(random, schema)
    if found is None or not found[1].nullable:
        return None
    table, column = found
    name, new = column.name, f"{column.name}_2"
    other = replace(column, name=new)
    up = (
        f'op.add_column("{table.name}", {other.source})',
        sql(f"UPDATE {table.name} SET {new} = {name}"),
        f'op.drop_column("{table.name}", "{name}")',
    )
    down = (
        f'op.add_column("{table.name}", {column.source})',
        sql(f"UPDATE {table.name} SET {name} = {new}"),
        f'op.drop_column("{table.name}", "{new}")',
    )
    damages = [
        Damage("the copy back is forgotten", up, (down[0], down[2])),
        Damage("copied back after the drop", up, (down[0], down[2], down[1])),
        Damage("only part is copied", (up[0], up[1][:-2] + " WHERE id > 1" + up[1][-2:], up[2]), down),
    ]
    if column.family == TEXT:
        cut = sql(f"UPDATE {table.name} SET {new} = substr({name}, 1, 3)")
        damages.append(Damage("only the beginning is copied", (up[0], cut, up[2]), down))
        loud = sql(f"UPDATE {table.name} SET {new} = upper({name})")
        damages.append(Damage("copied in upper case", (up[0], loud, up[2]), down))
    changed = tuple(other if c == column else c for c in table.columns)
    return Move("move contents", up, down, schema.with_table(replace(table, columns=changed)), tuple(damages))


def not_null(random: Random, schema: Schema) -> Move | None:
    """A column made nullable and NOT NULL again."""
    found = [(t, c) for t in schema.tables for c in t.columns if not c.nullable]
    if not found:
        return None
    table, column = random.choice(found)

    def alter(nullable: bool) -> str:
        call = f'alter_column("{column.name}", existing_type={column.type}, nullable={nullable})'
        return batch(table.name, call)

    damages = (Damage("nullable is not reverted", (alter(True),), ()),)
    changed = tuple(replace(c, nullable=True) if c == column else c for c in table.columns)
    after = schema.with_table(replace(table, columns=changed))
    return Move("drop not null", (alter(True),), (alter(False),), after, damages, relaxes=True)


def widen(random: Random, schema: Schema) -> Move | None:
    """A type widened and narrowed back."""
    found = [(t, c) for t in schema.tables for c in t.columns if c.type.startswith(("sa.String", "sa.Num"))]
    if not found:
        return None
    table, column = random.choice(found)
    wide = "sa.String(200)" if column.family == TEXT else "sa.Numeric(14, 2)"

    def alter(one: str, other: str) -> str:
        return batch(table.name, f'alter_column("{column.name}", existing_type={one}, type_={other})')

    up, down = alter(column.type, wide), alter(wide, column.type)
    damages = [Damage("the type is not reverted", (up,), ())]
    if column.family == TEXT:
        damages.append(
            Damage("another length comes back", (up,), (alter(wide, "sa.String(7)"),)),
        )
        if all(column.name != name for _, name in table.uniques):
            number = alter(column.type, "sa.Integer()"), alter("sa.Integer()", column.type)
            damages.append(Damage("through a number and back", (number[0],), (number[1],)))
    if column.family == NUMERIC:
        number = alter(column.type, "sa.Integer()"), alter("sa.Integer()", column.type)
        damages.append(Damage("through whole numbers and back", (number[0],), (number[1],)))
    changed = tuple(replace(c, type=wide) if c == column else c for c in table.columns)
    after = schema.with_table(replace(table, columns=changed))
    return Move("widen a type", (up,), (down,), after, tuple(damages), relaxes=True)


def change_default(random: Random, schema: Schema) -> Move | None:
    """A server default set or changed, and put back."""
    found = [(t, c) for t in schema.tables for c in t.columns if c.family == TEXT]
    if not found:
        return None
    table, column = random.choice(found)

    def alter(default: str) -> str:
        call = f'alter_column("{column.name}", existing_type={column.type}, server_default={default})'
        return batch(table.name, call)

    up, down = alter('"other"'), alter(column.default or "None")
    damages = (
        Damage("the default is not reverted", (up,), ()),
        Damage("another default comes back", (up,), (alter('"else"'),)),
    )
    changed = tuple(replace(c, default='"other"') if c == column else c for c in table.columns)
    after = schema.with_table(replace(table, columns=changed))
    return Move("change a default", (up,), (down,), after, damages)
