"""Moves of whole objects: tables, indexes, constraints, views, triggers."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.soundness.move import Damage, Move, batch, spelled, sql
from tests.soundness.schema import INTEGER, TEXT, Column, Index, Schema, Table

NEW = Table("audit", (Column("what", "sa.String(40)", TEXT), Column("many", "sa.Integer()", INTEGER)))


def create_table(random: Random, schema: Schema) -> Move:
    """A new table, with an index and rows sometimes, and dropped again."""
    up = [NEW.create]
    down = [spelled(random, 'op.drop_table("audit")', sql("DROP TABLE audit"))]
    index = Index("ix_audit_what", ("what",))
    if random.random() < 0.5:
        up.append(index.create("audit"))
        if random.random() < 0.5:
            down.insert(0, index.drop("audit"))
    if random.random() < 0.5:
        up.append(sql("INSERT INTO audit (id, what) VALUES (1, 'begun')"))
    victim = random.choice(schema.tables)
    children = {table.parent for table in schema.tables}
    damages = [
        Damage("the new table is forgotten", tuple(up), ()),
        Damage(
            "the new table is dropped before its index",
            tuple(up),
            ('op.drop_table("audit")', index.drop("audit")),
        ),
    ]
    if victim.name not in children:
        damages.append(Damage("another table is dropped", tuple(up), (f'op.drop_table("{victim.name}")',)))
    return Move("create table", tuple(up), tuple(down), schema.with_table(NEW), tuple(damages))


def rename_table(random: Random, schema: Schema) -> Move | None:
    """A table renamed and renamed back."""
    parents = {table.parent for table in schema.tables}
    viewed = {query.split()[-1] for _, query in schema.views}
    found = [table for table in schema.tables if table.name not in viewed | parents]
    if not found:
        return None
    table = random.choice(found)
    new = f"{table.name}_v2"

    def rename(one: str, other: str) -> str:
        return spelled(
            random, f'op.rename_table("{one}", "{other}")', sql(f"ALTER TABLE {one} RENAME TO {other}")
        )

    up, down = rename(table.name, new), rename(new, table.name)
    damages = (
        Damage("the table is not renamed back", (up,), ()),
        Damage(
            "dropped and created instead of renamed back",
            (up,),
            (f'op.drop_table("{new}")', table.create, *(i.create(table.name) for i in table.indexes)),
        ),
    )
    after = schema.without(table.name).with_table(replace(table, name=new))
    return Move("rename table", (up,), (down,), after, damages)


def set_table_aside(random: Random, schema: Schema) -> Move | None:
    """A table copied to a backup, dropped, created again and filled from it."""
    parents = {table.parent for table in schema.tables}
    viewed = {query.split()[-1] for _, query in schema.views}
    found = [table for table in schema.tables if table.name not in parents | viewed]
    if not found:
        return None
    table = random.choice(found)
    backup = f"{table.name}_old"
    names = ", ".join(table.column_names)
    aside = sql(f"CREATE TABLE {backup} AS SELECT {names} FROM {table.name}")
    drop = f'op.drop_table("{table.name}")'
    create = (table.create, *(index.create(table.name) for index in table.indexes))
    fill = sql(f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {backup}")
    gone = f'op.drop_table("{backup}")'
    some = sql(f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {backup} WHERE id > 2")
    damages = [
        Damage("the table comes back empty", (drop,), create),
        Damage("the backup of the table is not used", (aside, drop), (*create, gone)),
        Damage("some rows of the backup come back", (aside, drop), (*create, some, gone)),
        Damage("the backup of the table is left", (aside, drop), (*create, fill)),
        Damage("the backup goes before it is used", (aside, drop), (*create, gone, fill)),
    ]
    if len(table.columns) > 1:
        dropped = table.columns[-1].name
        fewer = ", ".join(name for name in table.column_names if name != dropped)
        if table.columns[-1].nullable:
            narrow = sql(f"INSERT INTO {table.name} ({fewer}) SELECT {fewer} FROM {backup}")
            damages.append(
                Damage("a column of the backup is left out", (aside, drop), (*create, narrow, gone))
            )
    return Move(
        "set a table aside",
        (aside, drop),
        (*create, fill, gone),
        schema.without(table.name),
        tuple(damages),
    )


def create_index(random: Random, schema: Schema) -> Move:
    """A new index, and dropped again."""
    table = random.choice(schema.tables)
    column = random.choice(table.columns)
    index = Index(f"ix_new_{column.name}", (column.name,))
    up = spelled(
        random,
        index.create(table.name),
        sql(f"CREATE INDEX {index.name} ON {table.name} ({column.name})"),
        batch(table.name, f'create_index("{index.name}", ["{column.name}"])'),
    )
    down = spelled(
        random,
        index.drop(table.name),
        sql(f"DROP INDEX {index.name}"),
        batch(table.name, f'drop_index("{index.name}")'),
    )
    after = schema.with_table(replace(table, indexes=(*table.indexes, index)))
    damages = (
        Damage("the new index is forgotten", (up,), ()),
        Damage("an index of another name is dropped", (up,), (f'op.drop_index("{index.name}_x")',)),
    )
    return Move("create index", (up,), (down,), after, damages)


def drop_index(random: Random, schema: Schema) -> Move | None:
    """An index dropped, and created again."""
    found = [(table, index) for table in schema.tables for index in table.indexes]
    if not found:
        return None
    table, index = random.choice(found)
    up, down = index.drop(table.name), index.create(table.name)
    damages = [
        Damage("the index is not created again", (up,), ()),
        Damage(
            "the index comes back on another column",
            (up,),
            (replace(index, columns=("id",)).create(table.name),),
        ),
        Damage(
            "the index comes back on more columns",
            (up,),
            (replace(index, columns=(*index.columns, "id")).create(table.name),),
        ),
        Damage(
            "the index comes back under another name",
            (up,),
            (replace(index, name=index.name + "_2").create(table.name),),
        ),
    ]
    unique = replace(index, columns=("id", *index.columns), unique=True)
    damages.append(Damage("the index comes back unique", (up,), (unique.create(table.name),)))
    after = schema.with_table(
        replace(table, indexes=tuple(other for other in table.indexes if other != index))
    )
    return Move("drop index", (up,), (down,), after, tuple(damages))


def unique(random: Random, schema: Schema) -> Move:
    """A unique constraint over the key and a column, and dropped again."""
    table = random.choice(schema.tables)
    column = random.choice(table.columns).name
    name = f"uq_new_{column}"
    up = batch(table.name, f'create_unique_constraint("{name}", ["id", "{column}"])')
    down = batch(table.name, f'drop_constraint("{name}", type_="unique")')
    damages = (
        Damage("the unique constraint is forgotten", (up,), ()),
        Damage(
            "a constraint of another name is dropped",
            (up,),
            (batch(table.name, f'drop_constraint("{name}_x", type_="unique")'),),
        ),
    )
    return Move("add a unique constraint", (up,), (down,), schema, damages)


def check(random: Random, schema: Schema) -> Move | None:
    """A check dropped, and added again."""
    found = [(table, *each) for table in schema.tables for each in table.checks]
    if not found:
        return None
    table, name, text = random.choice(found)
    up = batch(table.name, f'drop_constraint("{name}", type_="check")')

    def add(condition: str) -> str:
        return batch(table.name, f'create_check_constraint("{name}", "{condition}")')

    damages = (
        Damage("the check is not added again", (up,), ()),
        Damage("another check comes back", (up,), (add(text.replace("-100", "-200")),)),
    )
    after = schema.with_table(replace(table, checks=()))
    return Move("drop a check", (up,), (add(text),), after, damages, relaxes=True)


def foreign_key(random: Random, schema: Schema) -> Move | None:
    """A foreign key dropped, and added again."""
    found = [table for table in schema.tables if table.parent]
    if not found:
        return None
    table = random.choice(found)
    if table.name.endswith("_v2"):
        return None
    name, column = f"fk_{table.name}_{table.parent}", f"{table.parent}_id"
    up = batch(table.name, f'drop_constraint("{name}", type_="foreignkey")')

    def add(extra: str = "", key: str = column) -> str:
        call = f'create_foreign_key("{name}", "{table.parent}", ["{key}"], ["id"]{extra})'
        return batch(table.name, call)

    damages = (
        Damage("the foreign key is not added again", (up,), ()),
        Damage("the foreign key comes back with CASCADE", (up,), (add(', ondelete="CASCADE"'),)),
        Damage("the foreign key comes back on another column", (up,), (add(key="id"),)),
    )
    return Move("drop a foreign key", (up,), (add(),), schema, damages, relaxes=True)


def view(random: Random, schema: Schema) -> Move:
    """A view dropped or created, and the other way round."""
    if schema.views:
        name, query = schema.views[0]
        up, down = sql(f"DROP VIEW {name}"), sql(f"CREATE VIEW {name} AS {query}")
        table = query.split()[-1]
        damages = (
            Damage("the view is not created again", (up,), ()),
            Damage("another view comes back", (up,), (sql(f"CREATE VIEW {name} AS SELECT id FROM {table}"),)),
            Damage(
                "the view comes back with fewer rows",
                (up,),
                (sql(f"CREATE VIEW {name} AS {query} WHERE id > 1"),),
            ),
        )
        return Move("drop a view", (up,), (down,), replace(schema, views=()), damages)
    table_name = random.choice(schema.tables).name
    up, down = sql(f"CREATE VIEW v_new AS SELECT id FROM {table_name}"), sql("DROP VIEW v_new")
    damages = (Damage("the new view is forgotten", (up,), ()),)
    return Move("create a view", (up,), (down,), schema, damages)


def trigger(random: Random, schema: Schema) -> Move:
    """A trigger created, and dropped again."""
    table = random.choice(schema.tables).name
    up = sql(f"CREATE TRIGGER tr_new AFTER DELETE ON {table} BEGIN SELECT 1; END")
    down = sql("DROP TRIGGER tr_new")
    damages = (Damage("the trigger is forgotten", (up,), ()),)
    return Move("create a trigger", (up,), (down,), schema, damages)
