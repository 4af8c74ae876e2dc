"""What follows from a statement that fails, or from what a migration asks for, is not told as a harm of its own."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import migration
from mrt_lint.schema.automatic_names import shortened
from mrt_lint.schema.dialects import Dialect
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY, findings, found

HARMS = "MRT201 MRT202 MRT208 MRT302 MRT408 MRT801 MRT802 MRT803 MRT804 MRT806 MRT807"
SHOP = """
op.create_table("shops", sa.Column("id", sa.Integer, primary_key=True), sa.Column("code", sa.String(9)))
op.create_table(
    "bills",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("shop_id", sa.Integer, sa.ForeignKey("shops.id", name="bills_shop_id_fkey")),
    sa.Column("code", sa.String(9)),
)
"""


def verdict(upgrade: str, downgrade: str, given: str, database: Dialect, imports: str = "") -> str:
    """Returns the verdict on the last of these migrations."""
    example = migration(upgrade, downgrade, given=given, database=database, imports=imports)
    return run(example, REGISTRY).migrations[-1].verdict.value


MORE, LESS = 'op.add_column("bills", sa.Column("extra", sa.Integer))', 'op.drop_column("bills", "extra")'
NAMELESS = 'op.drop_constraint(None, "bills", type_="foreignkey")'
KEY_AGAIN = 'op.create_foreign_key("bills_shop_id_fkey", "bills", "shops", ["shop_id"], ["id"])'


def test_a_key_added_where_a_nameless_drop_was_to_make_room_is_not_told_besides() -> None:
    up = """
    op.drop_constraint("bills_shop_id_fkey", "bills", type_="foreignkey")
    op.create_foreign_key(None, "bills", "shops", ["shop_id"], ["id"], ondelete="CASCADE")
    """
    told = findings(HARMS, up, f"{NAMELESS}\n{KEY_AGAIN}", given=SHOP)
    assert [(one.rule, "without a name" in one.message) for one in told] == [("MRT806", True)]
    alone = findings(HARMS, up, KEY_AGAIN, given=SHOP)
    assert ["exists already" in one.message for one in alone if one.rule == "MRT806"] == [True]
    other = f'{KEY_AGAIN}\nop.drop_constraint(None, "bills", type_="unique")'
    (first,) = findings("MRT806", up, other, given=SHOP)
    assert "exists already" in first.message


def test_a_rename_back_that_names_another_table_is_told_where_it_fails() -> None:
    up = 'op.alter_column("bills", "code", new_column_name="number")'
    assert found(HARMS, up, 'op.alter_column("shops", "number", new_column_name="code")', given=SHOP) == [
        "MRT806"
    ]
    assert found(HARMS, up, "op.execute('SELECT 1')", given=SHOP) == ["MRT302"]


def test_a_table_that_cannot_be_dropped_is_not_gone() -> None:
    told = found(HARMS, 'op.execute("UPDATE shops SET code = id")', 'op.drop_table("shops")', given=SHOP)
    assert "MRT806" in told
    assert "MRT802" not in told
    told = found(HARMS, 'op.execute("UPDATE shops SET code = id")', 'op.drop_table("bills")', given=SHOP)
    assert "MRT802" in told
    assert "MRT806" not in told


def test_an_upgrade_that_adds_what_is_there_contradicts_the_history() -> None:
    """What it would have added anew is not lost by the downgrade that drops it."""
    add = 'op.add_column("bills", sa.Column("code", sa.String(9)))'
    drop = 'op.drop_column("bills", "code")'
    assert "MRT802" not in found(HARMS, add, drop, given=SHOP)
    assert verdict(add, drop, SHOP, "postgresql") == "unknown"
    assert "MRT802" in found(HARMS, "op.execute('SELECT 1')", drop, given=SHOP)


TRIES = """
try:
    {step}
except Exception as error:
    print(error)
"""


@pytest.mark.parametrize("database", ["postgresql", "mysql", "sqlite"])
def test_what_is_added_in_a_try_to_a_table_beside_the_history_is_there(database: Dialect) -> None:
    up = TRIES.format(step='op.add_column("policy", sa.Column("rank", sa.Integer()))')
    assert found("MRT806", up, 'op.drop_column("policy", "rank")', given=SHOP, database=database) == []


def test_what_is_dropped_in_a_try_may_not_be_there() -> None:
    up = TRIES.format(step='op.drop_table("leftover")')
    assert found("MRT202", up, "pass", given=SHOP, database="sqlite") == []


@pytest.mark.parametrize("database", ["mysql", "sqlite"])
def test_a_try_around_new_tables_with_unique_indexes_goes_well(database: Dialect) -> None:
    up = """
    try:
        op.create_table("keys", sa.Column("id", sa.Integer, primary_key=True), sa.Column("k", sa.String(9)))
        op.create_index("ix_keys_k", "keys", ["k"], unique=True)
    except Exception as error:
        if "already exists" not in str(error):
            raise
    """
    assert found(HARMS, up, 'op.drop_table("keys")', given=SHOP, database=database) == []
    assert verdict(up, 'op.drop_table("keys")', SHOP, database) == "reversible"


CLIP = """
CREATE OR REPLACE FUNCTION bucket(text) RETURNS text AS 'SELECT substring($1 from 1 for {})'
LANGUAGE SQL IMMUTABLE
"""
FILL = 'op.execute("UPDATE shops SET code = bucket(CAST(id AS text))")'


def test_contents_computed_by_a_function_that_the_downgrade_puts_back() -> None:
    given = f'{SHOP}\nop.execute("""{CLIP.format(1)}""")'
    up, down = (f'op.execute("""{CLIP.format(size)}""")\n{FILL}' for size in (2, 1))
    assert "MRT804" not in found(HARMS, up, down, given=given)
    assert verdict(up, down, given, "postgresql") not in ("reversible", "lossy", "broken")
    assert verdict(FILL, FILL, given, "postgresql") == "lossy"


def test_a_column_swapped_for_its_text_keeps_its_data() -> None:
    given = """
    op.create_table("tasks", sa.Column("id", sa.Integer), sa.Column("state", sa.Enum("new", "old", name="states")))
    """
    up = """
    op.add_column("tasks", sa.Column("words", sa.String()))
    op.execute("UPDATE tasks SET words = state{cast}")
    op.drop_column("tasks", "state")
    op.alter_column("tasks", "words", new_column_name="state")
    """
    down = 'op.alter_column("tasks", "state", type_=sa.String(20), existing_type=sa.String())'
    assert found("MRT201 MRT208 MRT804", up.format(cast="::text"), down, given=given) == []
    assert "MRT201" in found("MRT201 MRT208 MRT804", up.format(cast="::text || 'x'"), down, given=given)
    assert "MRT201" in found("MRT201 MRT208 MRT804", up.format(cast="::varchar(1)"), down, given=given)


def test_a_table_of_which_only_the_columns_are_not_known_is_made() -> None:
    up = """
    columns = ", ".join(columns_of("bills"))
    op.execute(f"CREATE TABLE bills_new ({columns}, FOREIGN KEY (shop_id) REFERENCES shops (id))")
    op.execute("INSERT INTO bills_new SELECT * FROM bills")
    op.drop_table("bills")
    op.rename_table("bills_new", "bills")
    """
    down = 'op.execute("SELECT 1")'
    told = findings(HARMS, up, down, given=SHOP, database="sqlite")
    assert [one.rule for one in told if one.severity.name == "ERROR"] == []
    assert verdict(up, down, SHOP, "sqlite") not in ("reversible", "plausible", "fragile")


def test_the_dialect_by_the_object_behind_op() -> None:
    up = """
    if op._proxy.migration_context.dialect.name == "mysql":
        op.drop_column("bills", "code")
    """
    assert found("MRT201", up, given=SHOP, database="postgresql") == []
    assert found("MRT201", up, given=SHOP, database="mysql") == ["MRT201"]


def test_a_loop_over_reflected_keys_may_make_way_for_a_new_one() -> None:
    up = """
    bills = sa.Table("bills", sa.MetaData(), autoload_with=op.get_bind())
    for key in bills.foreign_key_constraints:
        op.drop_constraint(key.name, "bills", type_="foreignkey")
    """
    assert "MRT807" not in found(HARMS, f"{up}\n{KEY_AGAIN}", given=SHOP, database="mysql")
    assert "MRT807" in found(HARMS, KEY_AGAIN, given=SHOP, database="mysql")


def test_a_key_dropped_by_a_name_that_is_read_and_made_again() -> None:
    up = """
    keys = sa.inspect(op.get_bind()).get_foreign_keys("bills")
    name = next((key for key in keys if "shop_id" in key["constrained_columns"]), {}).get("name")
    if name:
        op.drop_constraint(name, "bills", type_="foreignkey")
    op.create_foreign_key(None, "bills", "shops", ["shop_id"], ["id"], ondelete="CASCADE")
    """
    assert "MRT801" not in found(HARMS, up, "op.execute('SELECT 1')", given=SHOP, database="mysql")


def test_a_unique_key_that_comes_back_as_a_plain_index_is_changed() -> None:
    given = f'{SHOP}\nop.create_unique_constraint("uc_code", "shops", ["code"])'
    up, down = 'op.drop_index("uc_code", table_name="shops")', 'op.create_index("uc_code", "shops", ["code"])'
    for database in ("mysql", "mariadb"):
        assert found(HARMS, up, down, given=given, database=database) == ["MRT803"]
    again = 'op.create_index("uc_code", "shops", ["code"], unique=True)'
    assert found(HARMS, up, again, given=given, database="mysql") == []


def test_the_index_that_a_foreign_key_implies_is_not_told_besides_the_key() -> None:
    up = """
    op.drop_constraint("bills_shop_id_fkey", "bills", type_="foreignkey")
    op.drop_column("bills", "shop_id")
    """
    told = findings(
        HARMS, up, 'op.add_column("bills", sa.Column("shop_id", sa.Integer))', given=SHOP, database="mysql"
    )
    assert sorted(one.rule for one in told) == ["MRT201", "MRT802"]
    assert "foreign key" in next(one.message for one in told if one.rule == "MRT802")


def test_an_index_on_a_bare_expression_of_sqlite_is_restored() -> None:
    index = 'op.execute("CREATE UNIQUE INDEX one_open ON shops (code IS NULL) WHERE code IS NULL")'
    drop = 'op.execute("DROP INDEX one_open")'
    assert found(HARMS, drop, index, given=f"{SHOP}\n{index}", database="sqlite") == []
    assert verdict(drop, index, f"{SHOP}\n{index}", "sqlite") in ("reversible", "fragile", "plausible")


def test_indexes_without_a_name_are_called_after_their_first_column_on_mysql() -> None:
    up = 'op.execute("ALTER TABLE bills ADD INDEX (code), ADD INDEX (code, id)")'
    down = 'op.execute("ALTER TABLE bills DROP INDEX code, DROP INDEX code_2")'
    for database in ("mysql", "mariadb"):
        assert found(HARMS, up, down, given=SHOP, database=database) == []
    assert found(HARMS, up, down.replace("code_2", "code_3"), given=SHOP, database="mysql") == ["MRT806"]


def test_a_type_that_cannot_be_dropped_is_told_where_it_fails() -> None:
    up = """
    kinds = sa.Enum("a", "b", name="kinds")
    kinds.create(op.get_bind())
    op.add_column("bills", sa.Column("kind", kinds))
    """
    down = 'sa.Enum(name="kinds").drop(op.get_bind(), checkfirst=False)\nop.drop_column("bills", "kind")'
    told = f"{HARMS} MRT503"
    assert found(told, up, down, given=SHOP) == ["MRT806"]
    assert found(told, up, 'op.drop_column("bills", "kind")', given=SHOP) == ["MRT503"]


def test_an_index_dropped_as_a_constraint_is_told_where_that_fails() -> None:
    up = 'op.create_index("uq_code", "bills", ["code"], unique=True, postgresql_where=sa.text("code <> 0"))'
    assert found(HARMS, up, 'op.drop_constraint("uq_code", "bills")', given=SHOP) == ["MRT806"]
    assert found(HARMS, f"{up}\n{MORE}", LESS, given=SHOP) == ["MRT801"]


def test_a_foreign_key_with_another_name_and_action_is_one_that_changed() -> None:
    drop = 'op.drop_constraint("bills_shop_id_fkey", "bills", type_="foreignkey")'
    make = 'op.create_foreign_key("fk_shop", "bills", "shops", ["shop_id"], ["id"], ondelete="CASCADE")'
    up = f"{drop}\n{make}"
    assert found(HARMS, f"{up}\n{MORE}", LESS, given=SHOP) == ["MRT803"]
    other = up.replace('"shops", ["shop_id"]', '"bills", ["shop_id"]')
    assert "MRT803" not in found(HARMS, f"{other}\n{MORE}", LESS, given=SHOP)


LONG = "nullable_number_of_the_shop_or_of_the_bill_that_it_belongs_to"


def test_names_that_a_convention_makes_too_long_are_shortened() -> None:
    """SQLAlchemy's four digits, as they stand in the history of a project that drops by the real name."""
    given = f'{SHOP}\nop.create_check_constraint(op.f("ck__bills__{LONG}"), "bills", "code IS NOT NULL")'
    name = shortened(f"ck__bills__{LONG}", "postgresql")
    assert len(name) == 60
    up = f'op.drop_constraint("{name}", "bills", type_="check")'
    down = f'op.create_check_constraint(op.f("ck__bills__{LONG}"), "bills", "code IS NOT NULL")'
    assert found(f"{HARMS} MRT409", up, down, given=given) == []
    assert found(f"{HARMS} MRT409", up, "op.execute('SELECT 1')", given=given) == ["MRT409"]


def test_text_that_another_database_reads_in_its_own_way_names_no_target() -> None:
    up = """
    op.execute("DROP INDEX IF EXISTS sales.ix_mssql")
    op.create_index("ix_code", "bills", ["code"], postgresql_using="hash")
    """
    example = migration(up, 'op.execute("SELECT 1")', given=SHOP, database=None)
    told = run(example, REGISTRY).findings
    assert told
    assert not any("mssql" in one.dialects for one in told)


def test_a_trigger_that_sqlite_drops_without_its_table_is_told_at_the_drop() -> None:
    given = f'{SHOP}\nop.execute("CREATE TRIGGER tidy AFTER DELETE ON shops BEGIN DELETE FROM bills; END")'
    up = f'{MORE}\nop.execute("DROP TRIGGER IF EXISTS tidy")'
    told = list(findings("MRT104 MRT802", up, LESS, given=given, database="sqlite"))
    assert [one.rule for one in told] == ["MRT802"]
    lines = migration(up, LESS, given=given, database="sqlite").files[-1][1].splitlines()
    assert "DROP TRIGGER" in lines[told[0].span.line - 1]


def test_another_definition_is_told_where_the_key_is_made_not_where_it_is_validated() -> None:
    add = "ALTER TABLE bills ADD CONSTRAINT bills_shop_id_fkey FOREIGN KEY (shop_id) REFERENCES shops (id)"
    steps = (
        MORE,
        'op.execute("ALTER TABLE bills DROP CONSTRAINT bills_shop_id_fkey")',
        f'op.execute("{add} ON DELETE CASCADE NOT VALID")',
        'op.execute("ALTER TABLE bills VALIDATE CONSTRAINT bills_shop_id_fkey")',
    )
    (told,) = findings("MRT104 MRT803", "\n".join(steps), LESS, given=SHOP)
    lines = migration("\n".join(steps), LESS, given=SHOP).files[-1][1].splitlines()
    assert "ADD CONSTRAINT" in lines[told.span.line - 1]


def test_how_sqlalchemy_reads_a_table_is_no_option_of_it() -> None:
    down = """
    op.create_table(
        "bills",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("shop_id", sa.Integer, sa.ForeignKey("shops.id", name="bills_shop_id_fkey")),
        sa.Column("code", sa.String(9)),
        postgresql_ignore_search_path=False,
    )
    """
    assert found(HARMS, 'op.drop_table("bills")', down, given=SHOP) == ["MRT202"]
    other = down.replace("postgresql_ignore_search_path=False", 'postgresql_tablespace="fast"')
    assert found(HARMS, 'op.drop_table("bills")', other, given=SHOP) == ["MRT202", "MRT803"]


def test_values_that_the_upgrade_leaves_under_the_name_of_a_column_are_not_the_downgrades() -> None:
    up = """
    op.add_column("bills", sa.Column("short", sa.String(9)))
    op.execute("UPDATE bills SET short = substr(code, 1, 2)")
    op.drop_column("bills", "code")
    op.alter_column("bills", "short", new_column_name="code")
    """
    (told,) = findings("MRT201", up, 'op.execute("SELECT 1")', given=SHOP)
    assert "other values stand under its name" in told.message


@pytest.mark.parametrize(
    ("again", "fate"),
    [
        (
            'sa.Column("code", sa.String(9), nullable=False)',
            "the downgrade re-adds it NOT NULL, without its data",
        ),
        (
            'sa.Column("code", sa.String(9), server_default="-")',
            "the downgrade re-adds it with '-' in every row",
        ),
    ],
)
def test_a_column_that_is_replaced_and_replaced_again(again: str, fate: str) -> None:
    up = """
    op.drop_column("bills", "code")
    op.add_column("bills", sa.Column("code", sa.String(20), server_default="new"))
    """
    down = f'op.drop_column("bills", "code")\nop.add_column("bills", {again})'
    (told,) = findings("MRT201", up, down, given=SHOP)
    assert told.message.endswith(fate)


LEGACY = """
op.execute("PRAGMA legacy_alter_table = {value}")
op.rename_table("shops", "shops_old")
op.create_table("shops", sa.Column("id", sa.Integer, primary_key=True), sa.Column("code", sa.String(9)))
op.execute("INSERT INTO shops SELECT id, code FROM shops_old")
op.drop_table("shops_old")
"""


@pytest.mark.parametrize(("value", "kept"), [("ON", True), ("OFF", False)])
def test_foreign_keys_stay_with_the_name_where_sqlite_is_told_so(value: str, *, kept: bool) -> None:
    up = LEGACY.format(value=value)
    codes = found(HARMS, f"{MORE}\n{up}", LESS, given=SHOP, database="sqlite")
    assert ("MRT802" not in codes and "MRT803" not in codes) is kept


@pytest.mark.parametrize("database", ["postgresql", "mysql", "sqlite"])
def test_an_index_dropped_in_a_try_and_made_again_by_both_directions_was_there(database: Dialect) -> None:
    up = """
    try:
        op.drop_index("ix_number", table_name="letters")
        op.create_index("ix_number", "letters", ["number"], unique=False)
    except Exception as error:
        print(error)
    """
    down = """
    op.drop_index("ix_number", table_name="letters")
    op.create_index("ix_number", "letters", ["number"], unique=True)
    """
    told = found("MRT801 MRT802 MRT806", up, down, given=SHOP, database=database)
    assert told == []
    other = down.replace("ix_number", "ix_other")
    assert found("MRT801 MRT802 MRT806", up, other, given=SHOP, database=database) != []


def test_a_rebuild_that_fails_for_what_a_drop_does_not_find_is_not_told_besides() -> None:
    """Alembic looks for the indexes that a batch drops before it makes the new table."""
    batch = 'with op.batch_alter_table("bills") as batch:\n    '
    upgrade = f'{batch}batch.add_column(sa.Column("extra", sa.Integer, index=True))'
    wrong, drop = 'batch.drop_index("ix_extra")', 'batch.drop_column("extra")'
    (told,) = findings("MRT806", upgrade, f"{batch}{wrong}\n    {drop}", given=SHOP, database="sqlite")
    assert "index ix_extra does not exist" in told.message
    (told,) = findings("MRT806", upgrade, f"{batch}{drop}", given=SHOP, database="sqlite")
    assert "needs column extra" in told.message
    more = f'{batch}batch.create_index("ix_more", ["extra", "code"])'
    # Alembic raises at the name: the rebuild, which more is in the way of, is not reached.
    (told,) = findings(
        "MRT806", f"{upgrade}\n{more}", f"{batch}{wrong}\n    {drop}", given=SHOP, database="sqlite"
    )
    assert "index ix_extra does not exist" in told.message
    rebuilt = f"{batch}{drop}\n{batch}{wrong}"
    (told,) = findings("MRT806", f"{upgrade}\n{more}", rebuilt, given=SHOP, database="sqlite")
    assert "needs column extra" in told.message or "need column extra" in told.message
    steps = upgrade, f"{batch}{wrong}\n    {drop}"
    known = [one.message for one in findings("MRT802 MRT806", *steps, given=[], database="sqlite")]
    assert ["ix_extra is dropped" in message for message in known] == [True], known


def test_a_type_that_a_statement_fails_to_give_is_not_told_as_another_type() -> None:
    given = """
    sa.Enum("low", "high", name="tide").create(op.get_bind())
    op.create_table("moorings", sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("tide", sa.Enum("low", "high", name="tide", create_type=False)))
    """
    up = 'op.add_column("moorings", sa.Column("depth", sa.Integer))'
    down = 'op.drop_column("moorings", "depth")\nop.alter_column("moorings", "tide", type_=sa.{})'
    assert found(HARMS, up, down.format("Date()"), given=given) == ["MRT806"]
    assert found(HARMS, up, down.format("Text()"), given=given) == ["MRT803"]
