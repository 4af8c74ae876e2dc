"""Every shape of table gets its rows, and the rows are at the edges; the database is the judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.engine import Connection, Engine

from mrt_dynamic.plain_sql import quoted, run, table_of
from mrt_dynamic.seeding import Seeder
from mrt_dynamic.seeding.foreign import foreigns_of, primary_of
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Table
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType
from tests.dynamic.seeding import shapes_mariadb, shapes_postgresql, shapes_sqlite
from tests.dynamic.seeding.live import ask, built, state_of
from tests.dynamic.seeding.shape import Shape

SHAPES = {
    "postgresql": shapes_postgresql.SHAPES,
    "mariadb": shapes_mariadb.SHAPES,
    "sqlite": shapes_sqlite.SHAPES,
}
LEAST = {"postgresql": 60, "mariadb": 20, "sqlite": 20}


@pytest.mark.parametrize("database", SHAPES)
def test_at_most_one_in_twenty_shapes_is_beyond_us(database: str) -> None:
    shapes = SHAPES[database]
    assert len(shapes) >= LEAST[database]
    assert len({shape.name for shape in shapes}) == len(shapes)
    assert sum(bool(shape.unseeded) for shape in shapes) <= 0.05 * len(shapes)


@pytest.mark.parametrize(
    ("database", "shape"),
    [pytest.param(db, shape, id=f"{db}-{shape.name}") for db, shapes in SHAPES.items() for shape in shapes],
)
def test_shape(database: str, shape: Shape, engine_of: Callable[[str], Engine]) -> None:
    with built(engine_of(database), database, shape.statements) as connection:
        state = state_of(connection, database)
        filled = Seeder(state.dialect).fill(connection, state)
        connection.commit()
        if shape.unseeded:
            assert [shape.unseeded in found.reason for found in filled.unseeded] == [True]
            assert filled.unseeded[0].seed.startswith("[[tool.mrt-lint.verify.custom-seeds.")
            return
        assert filled.unseeded == ()
        assert filled.notes == ()
        assert [found for found in filled.tables if found.rows < shape.rows] == []
        faults = [fault for table in state.tables() for fault in _faults(connection, state, table, shape)]
        assert faults == []
        assert [query for query in shape.asks if not ask(connection, query)] == []
        if database == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert ask(connection, "PRAGMA integrity_check") == "ok"


def _faults(connection: Connection, state: State, table: Table, shape: Shape) -> Iterator[str]:
    """Yields what the rows of a table do not show though they could."""
    if table.name.name.startswith("t_"):  # A partition: its rows are those of the whole.
        return
    source = table_of(table.name, state.dialect)
    linked = {name for foreign in foreigns_of(state, table) for name in foreign.columns}
    checked = any(constraint.kind in ("check", "exclude") for constraint in table.constraints)
    for name, column in table.columns.items():
        own = quoted(column.name, state.dialect)
        where = f"{table.name}.{column.name}"
        if column.generated is not None:
            continue
        if column.nullable and name not in primary_of(state, table) and where not in shape.never_null:
            total, values = run(connection, f"SELECT count(*), count({own}) FROM {source}").one()
            if not 0 < values < total:
                yield f"{where} is NULL in {total - values} of {total} rows"
        if name not in linked and not checked:
            yield from _missing_edges(connection, state, source, own, where, column)


def _missing_edges(
    connection: Connection, state: State, source: str, own: str, where: str, column: Column
) -> Iterator[str]:
    kind = column.type
    assert isinstance(kind, SqlType)
    if kind.name == "varchar" and kind.args and kind.element is None:
        length = {"sqlite": "length"}.get(state.dialect, "char_length")
        longest = ask(connection, f"SELECT max({length}({own})) FROM {source}")
        if longest != kind.args[0]:
            yield f"the longest text of {where} has {longest} characters, not {kind.args[0]}"
    enum = state.get("type", Name(kind.name, kind.schema))
    labels = kind.labels if kind.name == "enum" else getattr(enum, "labels", ())
    if labels and kind.element is None:
        found = ask(connection, f"SELECT count(DISTINCT {own}) FROM {source}")
        if found != len(labels):
            yield f"{where} has {found} of {len(labels)} labels"
    if kind.name == "boolean" and kind.element is None:
        found = ask(connection, f"SELECT count(DISTINCT {own}) FROM {source}")
        if found != 2:
            yield f"{where} is not both true and false"
