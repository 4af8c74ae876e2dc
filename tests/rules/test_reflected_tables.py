"""`"name" in metadata.tables` after `reflect()` asks the database whether it has the table (MRT801, MRT806)."""

from __future__ import annotations

import pytest

from tests.rules.linting import found

USERS = 'op.create_table("users", sa.Column("id", sa.Integer, primary_key=True))\n'
NOTES = 'op.create_table("notes", sa.Column("id", sa.Integer))\n'
REFLECTED = "metadata = sa.MetaData()\nmetadata.reflect(bind=op.get_bind())\n"
DROP = 'op.drop_table("notes")\n'


@pytest.mark.parametrize("names", ["metadata.tables", "metadata.tables.keys()"])
def test_a_table_made_where_it_is_missing_is_there(names: str) -> None:
    upgrade = f'{REFLECTED}if "notes" not in {names}:\n    {NOTES}'
    assert found("MRT801 MRT806", upgrade, DROP, given=USERS) == []
    assert found("MRT102 MRT801", upgrade, "pass", given=USERS) == ["MRT102"]
    assert found("MRT801 MRT806", f'{REFLECTED}if "notes" in {names}:\n    {DROP}', "pass", given=USERS) == []


@pytest.mark.parametrize(
    "before",
    [
        "metadata = sa.MetaData()\n",
        REFLECTED.replace("get_bind()", 'get_bind(), only=["users"]'),
        REFLECTED.replace("get_bind()", 'get_bind(), schema="other"'),
        REFLECTED.replace("MetaData()", 'MetaData(schema="other")'),
        f"{REFLECTED}{NOTES}",
    ],
)
def test_what_was_not_read_just_before_is_not_known(before: str) -> None:
    """Then both answers are looked at: where the table is not made, the downgrade fails."""
    upgrade = f'{before}if "notes" not in metadata.tables:\n    {USERS.replace("users", "made")}'
    assert found("MRT806", upgrade, 'op.drop_table("made")', given=USERS) == ["MRT806"]


def test_a_table_that_the_code_puts_there_is_there() -> None:
    upgrade = f'{REFLECTED}sa.Table("notes", metadata)\nif "notes" not in metadata.tables:\n    {DROP}'
    assert found("MRT801 MRT806 MRT202", upgrade, "pass", given=USERS + NOTES) == []
