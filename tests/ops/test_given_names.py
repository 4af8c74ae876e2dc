"""The names that PostgreSQL gives, as `makeObjectName` cuts them, and the sequences that keep theirs."""

from __future__ import annotations

import pytest

from mrt_lint import ops
from mrt_lint.schema.automatic_names import object_name, sequence_name
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Constraint, SchemaObject
from mrt_lint.schema.state import State
from mrt_lint.schema.types import sql_type
from tests.backends import need, scratch

NOTES, TEXTS = Name("notes"), Name("texts")
ID = Column("id", sql_type("integer"), False, autoincrement=True)
MADE = ops.CreateTable(table=NOTES, columns=(ID,), constraints=(Constraint("primary", columns=("id",)),))
LENGTHS = ((5, 5), (40, 5), (5, 58), (40, 40), (60, 10), (30, 29), (63, 63))


def _sequences(state: State) -> dict[str, str]:
    found = [item for item in state.all("sequence") if isinstance(item, SchemaObject)]
    return {item.name.name: str(item.table) for item in found}


@pytest.mark.parametrize(("table", "column"), LENGTHS)
def test_names_are_cut_as_postgresql_cuts_them(table: int, column: int, tmp_path: object) -> None:
    need("postgresql")
    one, other = ("table_" * 11)[:table], ("column_" * 10)[:column]
    with scratch("postgresql", tmp_path, "mrt_names") as engine, engine.connect() as connection:  # type: ignore[arg-type]
        connection.exec_driver_sql(f'CREATE TABLE "{one}" ("{other}" serial PRIMARY KEY, b int UNIQUE)')
        connection.exec_driver_sql(f'ALTER TABLE "{one}" ADD UNIQUE ("{other}")')
        query = "SELECT conname::text FROM pg_constraint UNION SELECT relname::text FROM pg_class"
        real = set(connection.exec_driver_sql(query).scalars())
    assert {
        object_name(one, "", "pkey"),
        object_name(one, "b", "key"),
        object_name(one, other, "key"),
        sequence_name(one, other),
    } <= real


def test_a_renamed_table_keeps_the_name_of_its_sequence() -> None:
    before = MADE.apply(State("postgresql"))
    renamed = ops.RenameTable(table=NOTES, new=TEXTS).apply(before)
    assert _sequences(renamed) == {"notes_id_seq": "texts"}
    assert ops.RenameTable(table=TEXTS, new=NOTES).apply(renamed) == before


def test_a_renamed_column_keeps_the_name_of_its_sequence() -> None:
    before = MADE.apply(State("postgresql"))
    renamed = ops.RenameColumn(table=NOTES, name="id", new="number").apply(before)
    assert _sequences(renamed) == {"notes_id_seq": "notes"}
    back = ops.RenameColumn(table=NOTES, name="number", new="id").apply(renamed)
    assert _sequences(back) == {}


def test_a_new_table_of_a_name_given_up_gets_numbered_names() -> None:
    state = ops.RenameTable(table=NOTES, new=TEXTS).apply(MADE.apply(State("postgresql")))
    state = MADE.apply(state)
    assert _sequences(state) == {"notes_id_seq": "texts", "notes_id_seq1": "notes"}
    notes = state.table(NOTES)
    assert notes is not None
    assert [key.name for key in notes.constraints] == ["notes_pkey1"]


@pytest.mark.parametrize("dialect", ["mysql", "sqlite"])
def test_no_other_database_has_such_sequences(dialect: str) -> None:
    state = ops.RenameTable(table=NOTES, new=TEXTS).apply(MADE.apply(State(dialect)))  # type: ignore[arg-type]
    assert _sequences(state) == {}


def test_the_sequence_of_a_renamed_table_is_not_called_after_its_new_name() -> None:
    state = ops.RenameTable(table=NOTES, new=TEXTS).apply(MADE.apply(State("postgresql")))
    wrong = ops.AlterSequence(sequence=Name("texts_id_seq"), position=True, direction="downgrade").apply(
        state
    )
    assert [fault.subject for fault in wrong.faults] == ["texts_id_seq"]
    right = ops.AlterSequence(sequence=Name("notes_id_seq"), position=True, direction="downgrade").apply(
        state
    )
    assert right.faults == ()
