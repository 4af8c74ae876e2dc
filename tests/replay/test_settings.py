"""Names that the environment sets stand for themselves; conditions on them are not decided."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import migration
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY

READ = {
    "os.getenv": 'import os\nSCHEMA = os.getenv("APP_SCHEMA", "app")\n',
    "os.getenv by keyword": 'import os\nSCHEMA = os.getenv("APP_SCHEMA", default="app")\n',
    "a fallback": 'import os\nSCHEMA = os.getenv("APP_SCHEMA") or "app"\n',
    "os.environ.get": 'from os import environ\nSCHEMA = environ.get("APP_SCHEMA", "app")\n',
}
ADD = 'op.add_column("users", sa.Column("phone", sa.String(9)), schema=SCHEMA)'
DROP = 'op.execute(f"ALTER TABLE {SCHEMA}.users DROP COLUMN phone")'


def verdict(prelude: str, upgrade: str, downgrade: str) -> str:
    example = migration(prelude + upgrade, prelude + downgrade, database="postgresql")
    return run(example, REGISTRY).migrations[-1].verdict.value


@pytest.mark.parametrize("how", READ)
def test_a_schema_from_the_environment_is_one_schema(how: str) -> None:
    assert verdict(READ[how], ADD, DROP) == "reversible"
    assert verdict(READ[how], DROP, ADD) == "lossy"
    assert verdict(READ[how], ADD, "pass") == "broken"


def test_another_name_is_another_object() -> None:
    prelude = READ["os.getenv"]
    other = DROP.replace("{SCHEMA}", "{SCHEMA}_old")
    assert verdict(prelude, ADD, other) != "reversible"


def test_what_may_hold_more_than_a_name_stays_unknown() -> None:
    for default in ("", ', "app; DROP TABLE users"', ", os.name"):
        prelude = f'import os\nSCHEMA = os.getenv("APP_SCHEMA"{default})\n'
        assert verdict(prelude, ADD, DROP) == "unknown"


def test_a_condition_on_it_is_not_decided() -> None:
    drop = 'if SCHEMA == "app":\n    op.drop_table("logs", schema=SCHEMA)'
    assert verdict(READ["os.getenv"], drop, "pass") in ("lossy", "broken")
    keep = 'if SCHEMA != "app":\n    op.drop_table("logs", schema=SCHEMA)'
    assert verdict(READ["os.getenv"], keep, "pass") != "reversible"


def test_a_drop_in_a_schema_with_a_fallback_hangs_on_nothing() -> None:
    drop = 'op.execute(f"DROP TABLE IF EXISTS {SCHEMA}.logs")'
    example = migration(READ["a fallback"] + drop, 'op.execute("SELECT 1")', database="postgresql")
    (found,) = [each for each in run(example, REGISTRY).findings if each.rule == "MRT202"]
    assert found.message == "table app.logs is dropped with its rows; the downgrade does not bring it back"


def test_an_overwriting_that_is_asked_for_says_so() -> None:
    upgrade = "import os\nif os.getenv('FILL') == 'yes':\n    op.execute(\"UPDATE users SET login = 'x'\")"
    example = migration(upgrade, 'op.execute("SELECT 1")', database="postgresql")
    (found,) = [each for each in run(example, REGISTRY).findings if each.rule == "MRT103"]
    assert found.message.endswith("does not write it back; this runs only if `os.getenv('FILL') == 'yes'`")


MODE = 'import os\nmode = os.environ.get("{}", "own").lower()\nif mode == "own":\n    {}'
RENAME = 'op.rename_table("{}", "{}")'


def test_a_variable_that_holds_a_setting_is_one_decision_for_both_directions() -> None:
    there, back = RENAME.format("users", "people"), RENAME.format("people", "users")
    assert verdict("", MODE.format("MODE", there), MODE.format("MODE", back)) == "reversible"
    assert verdict("", MODE.format("MODE", there), MODE.format("OTHER", back)) != "reversible"
    again = MODE.format("MODE", back).replace("if mode", "mode = mode + os.sep\nif mode")
    assert verdict("", MODE.format("MODE", there), again) != "reversible"


def test_rows_that_a_downgrade_deletes_on_request_say_so() -> None:
    given = 'op.create_table("users", sa.Column("id", sa.Integer, primary_key=True))'
    add = MODE.format("MODE", 'op.add_column("users", sa.Column("name", sa.String(9)))')
    drop = MODE.format("MODE", 'op.drop_column("users", "name")\n    op.execute("DELETE FROM users")')
    example = migration(add, drop, given=given, database="postgresql")
    (found,) = [each for each in run(example, REGISTRY).findings if each.rule == "MRT804"]
    condition = "os.environ.get('MODE', 'own').lower() == 'own'"
    assert found.message == f"table users is empty after the downgrade; this runs only if `{condition}`"
