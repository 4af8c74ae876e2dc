"""A foreign key of the downgrade to a table that the history has in another schema alone (MRT806)."""

from __future__ import annotations

import pytest

from tests.rules.linting import findings, found

TEAMS = """
op.execute("CREATE SCHEMA app")
op.create_table("teams", sa.Column("id", sa.Integer, primary_key=True), schema="app")
"""
KEYED = 'op.create_table("{}", sa.Column("team_id", sa.Integer, sa.ForeignKey("{}teams.id")), schema="app")\n'
GIVEN = TEAMS + KEYED.format("members", "app.") + KEYED.format("rules", "app.")
DROP = 'op.drop_table("rules", schema="app")'
BACK = KEYED.format("rules", "")


def test_a_name_without_a_schema_is_none_of_another_schema() -> None:
    (told,) = findings("MRT806", DROP, BACK, given=GIVEN)
    assert "table teams does not exist at that point, unless search_path leads" in told.message
    assert found("MRT806", DROP, KEYED.format("rules", "app."), given=GIVEN) == []


SETTLED = {
    "other keys leave it out too": GIVEN.replace('"app.teams.id"', '"teams.id"', 1),
    "no other key says it": TEAMS + KEYED.format("rules", "app."),
    "one is there": f'{GIVEN}op.create_table("teams", sa.Column("id", sa.Integer, primary_key=True))',
    "nothing has made it": KEYED.format("members", "app.") + KEYED.format("rules", "app."),
}


@pytest.mark.parametrize("case", SETTLED)
def test_it_may_be_there_where_the_history_does_not_say(case: str) -> None:
    assert found("MRT806", DROP, BACK, given=SETTLED[case]) == []


def test_search_path_may_be_set_in_the_downgrade() -> None:
    assert found("MRT806", DROP, f'op.execute("SET search_path TO app")\n{BACK}', given=GIVEN) == []
