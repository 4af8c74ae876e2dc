"""An enum whose labels stand behind a star is a type of its own all the same; `**options` may say otherwise."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import migration
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY, findings

OVENS = """
from kitchen import Oven
from sqlalchemy.dialects import postgresql
op.create_table("ovens", sa.Column("id", sa.Integer), sa.Column("state", {type}))
"""
NO_OVENS = 'op.drop_table("ovens")\n'
NO_TYPE = NO_OVENS + 'op.execute("DROP TYPE oven_state")'


@pytest.mark.parametrize("made", ["sa.Enum", "postgresql.ENUM"])
def test_it_comes_with_its_table(made: str) -> None:
    up = OVENS.format(type=f'{made}(*Oven.ALL, name="oven_state")')
    rules = "MRT802 MRT806 MRT503"
    assert findings(rules, up, NO_TYPE, database="postgresql") == []
    (told,) = findings(rules, up, NO_OVENS, database="postgresql")
    assert (told.rule, "oven_state" in told.message) == ("MRT503", True)
    assert run(migration(up, NO_TYPE, database="postgresql"), REGISTRY).migrations[-1].verdict.value == (
        "reversible"
    )


def test_one_that_is_left_to_others() -> None:
    up = OVENS.format(type='postgresql.ENUM(*Oven.ALL, name="oven_state", create_type=False)')
    assert findings("MRT503", up, NO_OVENS, database="postgresql") == []


@pytest.mark.parametrize("options", ["**Oven.options", "*Oven.ALL, **Oven.options"])
def test_options_that_are_not_known(options: str) -> None:
    up = OVENS.format(type=f'sa.Enum({options}, name="oven_state")')
    assert findings("MRT503", up, NO_OVENS, database="postgresql") == []


@pytest.mark.parametrize("word", ["native_enum", "create_type"])
def test_a_keyword_that_is_not_known(word: str) -> None:
    up = OVENS.format(type=f'sa.Enum(*Oven.ALL, name="oven_state", {word}=Oven.own)')
    example = migration(up, NO_TYPE, database="postgresql")
    assert run(example, REGISTRY).migrations[-1].verdict.value != "reversible"


BREAD = """
op.execute("CREATE TYPE crust AS ENUM ('thin', 'thick')")
op.create_table("loaves", sa.Column("crust", postgresql.ENUM("thin", "thick", name="crust", create_type=False)))
"""
RENAMED = """
from sqlalchemy.dialects import postgresql
hull = postgresql.ENUM("thin", "thick", name="hull")
op.execute(postgresql.base.CreateEnumType(hull))
op.alter_column("loaves", "crust", type_=hull, postgresql_using="crust::text::hull")
op.execute(postgresql.base.DropEnumType(postgresql.ENUM("thin", "thick", name="crust")))
"""
BACK = """
from sqlalchemy.dialects import postgresql
crust = postgresql.ENUM("thin", "thick", name="crust")
op.execute(postgresql.CreateEnumType(crust))
op.alter_column("loaves", "crust", type_=crust, postgresql_using="crust::text::crust")
op.execute(postgresql.DropEnumType(postgresql.ENUM("thin", "thick", name="hull")))
"""


def test_the_element_that_makes_a_type_is_known_by_all_its_paths() -> None:
    given = "from sqlalchemy.dialects import postgresql\n" + BREAD
    rules = "MRT303 MRT802 MRT806 MRT909"
    assert findings(rules, RENAMED, BACK, given=given, database="postgresql") == []
    fewer = RENAMED.replace('"thin", "thick", name="hull"', '"thin", name="hull"')
    (told,) = findings("MRT303 MRT909", fewer, BACK, given=given, database="postgresql")
    assert told.rule == "MRT303"
