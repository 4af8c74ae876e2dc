"""Ways to get any downgrade wrong: a statement too few, too many, in the wrong place, with a wrong name."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.soundness.move import Lines, batch, sql
from tests.soundness.schema import TEXT, Schema, Table

Spoil = Callable[[Random, Schema, Lines], Lines | None]
"""Returns a worse downgrade, None when there is nothing to spoil. `Schema`: of before the migration."""


def forgotten(random: Random, schema: Schema, down: Lines) -> Lines | None:
    """A statement is missing."""
    if not down:
        return None
    place = random.randrange(len(down))
    return down[:place] + down[place + 1 :]


def empty(random: Random, schema: Schema, down: Lines) -> Lines | None:
    """The downgrade is `pass`."""
    return () if down else None


def twice(random: Random, schema: Schema, down: Lines) -> Lines | None:
    """A statement runs twice."""
    return (*down, random.choice(down)) if down else None


def backwards(random: Random, schema: Schema, down: Lines) -> Lines | None:
    """The statements run in the wrong order."""
    return down[::-1] if len(down) > 1 else None


def never(random: Random, schema: Schema, down: Lines) -> Lines | None:
    """A statement stands under a condition that is never true."""
    if not down:
        return None
    place = random.randrange(len(down))
    body = "\n".join(f"    {line}" for line in down[place].splitlines())
    return (*down[:place], f"if False:\n{body}", *down[place + 1 :])


def early(random: Random, schema: Schema, down: Lines) -> Lines | None:
    """The function returns before its end."""
    return (*down[:-1], "return", down[-1]) if down else None


def elsewhere(random: Random, schema: Schema, down: Lines) -> Lines | None:
    """A statement names a table that is not there."""
    if not down:
        return None
    table = random.choice(schema.tables).name
    place = random.randrange(len(down))
    spoiled = down[place].replace(table, f"{table}_x")
    return (*down[:place], spoiled, *down[place + 1 :]) if spoiled != down[place] else None


def _also(make: Callable[[Random, Table], str | None]) -> Spoil:
    """Returns a damage that adds a statement about a table of before to the end of the downgrade."""

    def spoil(random: Random, schema: Schema, down: Lines) -> Lines | None:
        extra = make(random, random.choice(schema.tables))
        return (*down, extra) if extra is not None else None

    return spoil


def _text(random: Random, table: Table) -> str | None:
    """Returns a column of text that nothing holds unique."""
    unique = {column for _, column in table.uniques}
    texts = [c.name for c in table.columns if c.family == TEXT and c.name not in unique]
    return random.choice(texts) if texts else None


def _update(expression: str) -> Callable[[Random, Table], str | None]:
    def make(random: Random, table: Table) -> str | None:
        column = _text(random, table)
        if column is None:
            return None
        return sql(f"UPDATE {table.name} SET {column} = " + expression.replace("{column}", column))

    return make


def _null(random: Random, table: Table) -> str | None:
    columns = [column.name for column in table.columns if column.nullable]
    return sql(f"UPDATE {table.name} SET {random.choice(columns)} = NULL") if columns else None


def _exchange(random: Random, table: Table) -> str | None:
    unique = {column for _, column in table.uniques}
    texts = [c for c in table.columns if c.family == TEXT and c.name not in unique and c.nullable]
    if len(texts) < 2:
        return None
    one, other = texts[0].name, texts[1].name
    return sql(f"UPDATE {table.name} SET {one} = {other}, {other} = {one}")


def _retype(random: Random, table: Table) -> str | None:
    column = random.choice(table.columns)
    call = f'alter_column("{column.name}", existing_type={column.type}, type_=sa.LargeBinary())'
    return batch(table.name, call)


def _relax(random: Random, table: Table) -> str | None:
    columns = [column for column in table.columns if not column.nullable]
    if not columns:
        return None
    column = random.choice(columns)
    return batch(table.name, f'alter_column("{column.name}", existing_type={column.type}, nullable=True)')


def _default(random: Random, table: Table) -> str | None:
    column = random.choice(table.columns)
    if column.family != TEXT:
        return None
    call = f'alter_column("{column.name}", existing_type={column.type}, server_default="stray")'
    return batch(table.name, call)


def _drop_column(random: Random, table: Table) -> str | None:
    return f'op.drop_column("{table.name}", "{random.choice(table.columns).name}")'


def _drop_index(random: Random, table: Table) -> str | None:
    return random.choice(table.indexes).drop(table.name) if table.indexes else None


def _uniquely(random: Random, table: Table) -> str | None:
    column = random.choice(table.columns).name
    return f'op.create_index("ux_stray", "{table.name}", ["id", "{column}"], unique=True)'


def _rename_column(random: Random, table: Table) -> str | None:
    column = random.choice(table.columns).name
    return f'op.alter_column("{table.name}", "{column}", new_column_name="{column}_stray")'


def _required(random: Random, table: Table) -> str | None:
    return f'op.add_column("{table.name}", sa.Column("stray", sa.Integer(), nullable=False))'


def _rewritten(random: Random, table: Table) -> str | None:
    return sql(f"INSERT OR REPLACE INTO {table.name} (id) VALUES (1)") if _optional(table) else None


def _optional(table: Table) -> bool:
    return all(column.nullable for column in table.columns)


DAMAGES: dict[str, Spoil] = {
    "a statement is forgotten": forgotten,
    "the downgrade is empty": empty,
    "a statement runs twice": twice,
    "the statements run backwards": backwards,
    "a statement never runs": never,
    "the downgrade returns early": early,
    "a table that is not there": elsewhere,
    "rows are deleted": _also(lambda random, table: sql(f"DELETE FROM {table.name} WHERE id >= 3")),
    "all rows go": _also(lambda random, table: sql(f"DELETE FROM {table.name}")),
    "a row is added": _also(
        lambda random, table: sql(f"INSERT INTO {table.name} (id) VALUES (555)") if _optional(table) else None
    ),
    "a row is replaced": _also(_rewritten),
    "a constant over everything": _also(_update("'stray'")),
    "a constant over some rows": _also(_update("'stray' WHERE id = 2")),
    "contents in upper case": _also(_update("upper({column})")),
    "contents cut": _also(_update("substr({column}, 1, 2)")),
    "contents cast to a number": _also(_update("CAST({column} AS INTEGER)")),
    "contents trimmed and joined": _also(_update("{column} || '!'")),
    "contents set to NULL": _also(_null),
    "two columns exchanged": _also(_exchange),
    "a type changed besides": _also(_retype),
    "a NOT NULL dropped besides": _also(_relax),
    "a default set besides": _also(_default),
    "a column dropped besides": _also(_drop_column),
    "a table dropped besides": _also(lambda random, table: f'op.drop_table("{table.name}")'),
    "an index dropped besides": _also(_drop_index),
    "a unique index added besides": _also(_uniquely),
    "a table added besides": _also(
        lambda random, table: 'op.create_table("stray", sa.Column("id", sa.Integer(), primary_key=True))'
    ),
    "a column renamed besides": _also(_rename_column),
    "a table renamed besides": _also(
        lambda random, table: f'op.rename_table("{table.name}", "{table.name}_stray")'
    ),
    "a required column added besides": _also(_required),
    "a check added besides": _also(
        lambda random, table: batch(table.name, 'create_check_constraint("ck_stray", "id > 0")')
    ),
}
"""What is wrong -> how to make a downgrade wrong in that way."""

UPGRADE_DAMAGES: dict[str, Spoil] = {
    f"upgrade: {kind}": DAMAGES[kind]
    for kind in (
        "rows are deleted",
        "all rows go",
        "a constant over everything",
        "a constant over some rows",
        "contents in upper case",
        "contents set to NULL",
        "a column dropped besides",
        "a table added besides",
        "a default set besides",
        "an index dropped besides",
    )
}
"""The same at the end of the upgrade, which the downgrade then does not know of."""
