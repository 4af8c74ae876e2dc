"""A history that is not known from its beginning: what may have been there is not told of as a fact."""

from __future__ import annotations

import pytest

from tests.rules.linting import findings, found

ROLLBACK = "MRT103 MRT104 MRT801 MRT802 MRT803 MRT804 MRT806"
MANY = [f"t{number}" for number in range(10)]


def test_an_upgrade_that_looks_before_every_step_is_meant_to_do_them_all() -> None:
    """More questions than ways that are explored: the one in which every column is added counts."""
    upgrade = "there = {one['name'] for one in sa.inspect(op.get_bind()).get_columns('users')}\n"
    for name in MANY:
        add = f"op.add_column('users', sa.Column({name!r}, sa.Integer))"
        upgrade += f"if {name!r} not in there:\n    {add}\n"
    drops = [f"op.drop_column('users', {name!r})" for name in MANY]
    assert found(ROLLBACK, upgrade, "\n".join(drops), database="sqlite") == []
    (told,) = findings(ROLLBACK, upgrade, "\n".join(drops[1:]), database="sqlite")
    assert (told.rule, told.message) == ("MRT801", "users.t0 is still there after the downgrade")


COPY = """
op.create_table(
    "anew",
    sa.Column("id", sa.Integer, nullable=False),
    sa.Column("t", sa.Text),
    sa.PrimaryKeyConstraint("id", name="pk_anew"),
)
op.execute("INSERT INTO anew (id, t) SELECT {what}")
op.drop_table("m")
op.execute("ALTER TABLE anew RENAME TO m")
"""
PICKED = {
    "all rows": "id, t FROM m",
    "some rows": "id, t FROM m WHERE id IS NOT NULL",
    "rows of a query": "id, t FROM (SELECT id, t, row_number() OVER (PARTITION BY t) AS n FROM m) AS s WHERE n = 1",
}


@pytest.mark.parametrize("case", PICKED)
def test_what_is_copied_into_a_table_made_anew_was_there(case: str) -> None:
    rebuild = COPY.format(what=PICKED[case])
    assert found(ROLLBACK, rebuild, rebuild, database="sqlite") == []
    assert found(ROLLBACK, rebuild, database="sqlite") == []


def test_a_column_that_is_not_copied_along_is_not_filled() -> None:
    given = 'op.create_table("m", sa.Column("id", sa.Integer), sa.Column("t", sa.Text))'
    rebuild = COPY.format(what="id, t FROM m").replace("(id, t) SELECT id, t", "(id) SELECT id")
    assert "MRT804" in found(ROLLBACK, rebuild, rebuild, given=given, database="sqlite")


def test_rows_that_are_not_copied_along_are_dropped() -> None:
    given = 'op.create_table("m", sa.Column("id", sa.Integer), sa.Column("t", sa.Text))'
    rebuild = COPY.format(what="id, t FROM m WHERE id > 5")
    assert "MRT202" in found("MRT202", rebuild, rebuild, given=given, database="sqlite")


def test_a_primary_key_dropped_by_a_name_read_from_the_database() -> None:
    given = 'op.create_table("tag", sa.Column("id", sa.Text, primary_key=True), sa.Column("n", sa.Text, nullable=False))'
    upgrade = """
    key = sa.inspect(op.get_bind()).get_pk_constraint("tag")
    if key and key.get("name"):
        op.drop_constraint(key["name"], "tag", type_="primary")
    op.create_primary_key("pk_tag", "tag", ["id", "n"])
    """
    downgrade = 'op.drop_constraint("pk_tag", "tag", type_="primary")\nop.create_primary_key("tag_pkey", "tag", ["id"])'
    assert found("MRT806 MRT807 MRT909", upgrade, downgrade, given=given) == []


def test_a_constraint_that_stays_on_other_columns_is_not_called_created() -> None:
    given = """
    op.create_table(
        "m",
        sa.Column("a", sa.Integer, nullable=False),
        sa.Column("b", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("a", name="pk_m"),
    )
    """
    upgrade = """
    with op.batch_alter_table("m") as batch_op:
        batch_op.drop_constraint("pk_m", type_="primary")
        batch_op.create_primary_key("pk_m", ["a", "b"])
    """
    (told,) = findings("MRT410", upgrade, given=given)
    assert told.message.endswith("after the downgrade it is on other columns (a, b)")


def test_what_the_downgrade_creates_may_be_what_the_upgrade_dropped_by_a_name_not_known() -> None:
    given = [
        'op.create_table("teams", sa.Column("id", sa.Integer, primary_key=True))',
        'op.create_table("members", sa.Column("id", sa.Integer), sa.Column("team", sa.ForeignKey("teams.id")))',
    ]
    upgrade = """
    import elsewhere
    op.drop_constraint(elsewhere.name_of("team"), "members", type_="foreignkey")
    """
    create = 'op.create_foreign_key("fk_team", "members", "teams", ["team"], ["id"], ondelete="CASCADE")'
    assert found("MRT801", upgrade, create, given=given) == []
    assert found("MRT801", "op.add_column('members', sa.Column('x', sa.Integer))", create, given=given) != []


ENGINE = 'op.execute("ALTER TABLE visits ENGINE=InnoDB")'


@pytest.mark.parametrize(
    ("upgrade", "downgrade", "codes"),
    [
        (
            'op.drop_table("visits")',
            'op.create_table("visits", sa.Column("id", sa.Integer), mysql_engine="InnoDB")',
            ["MRT202"],
        ),
        (
            'op.add_column("visits", sa.Column("n", sa.Integer))',
            f'op.drop_column("visits", "n")\n{ENGINE}',
            [],
        ),
        (ENGINE, 'op.drop_column("visits", "n")', ["MRT803"]),
    ],
)
def test_what_options_a_table_had_that_no_migration_makes_is_not_known(
    upgrade: str, downgrade: str, codes: list[str]
) -> None:
    assert found("MRT202 MRT803", upgrade, downgrade, database="mysql") == codes


def test_what_is_in_a_table_that_the_upgrade_makes_on_one_way_was_not_there_before() -> None:
    make = """
    op.create_table(
        "bills",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("visit_id", sa.Integer, sa.ForeignKey("visits.id")),
    )
    """
    asked = f"from ours import engine\nif engine().has_table('shops'):{make}"
    down = 'op.drop_constraint("bills_ibfk_1", "bills", type_="foreignkey")\nop.drop_table("bills")'
    given = 'op.add_column("visits", sa.Column("n", sa.Integer))'
    codes = "MRT202 MRT801 MRT802 MRT806"
    assert found(codes, asked, down, given=given, database="mysql") == []
    older = asked.replace(
        make, make.replace("op.create_table", 'op.drop_table("bills")\n    op.create_table', 1)
    )
    assert found(codes, older, down, given=given, database="mysql") == ["MRT202"]
