"""Batches: ALTER on PostgreSQL, move and copy on SQLite."""

from tests.truth.case import POSTGRESQL, SQLITE, Case
from tests.truth.givens import LINKED, ROLE_ROWS, USER_ROWS, USERS, steps

LITE = (SQLITE,)
UNNAMED = """
op.create_table(
    "prices",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("amount", sa.Integer(), nullable=False),
    sa.Column("code", sa.String(5)),
    sa.CheckConstraint("amount >= 0"),
    sa.UniqueConstraint("code"),
)
"""
PRICE_ROWS = ["INSERT INTO prices VALUES (1, 10, 'A'), (2, 0, NULL)"]
RETYPE = """
with op.batch_alter_table("{table}") as batch_op:
    batch_op.alter_column("{column}", existing_type={old}, type_={new})
"""

COUNTED = """
op.create_table(
    "counted",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("word", sa.String(9)),
    sqlite_autoincrement=True,
)
"""

CASES = [
    Case(
        "a column added and dropped in a batch",
        USERS,
        """
        with op.batch_alter_table("users", schema=None) as batch_op:
            batch_op.add_column(sa.Column("email", sa.String(80), nullable=True))
            batch_op.create_index(batch_op.f("ix_users_email"), ["email"], unique=True)
        """,
        """
        with op.batch_alter_table("users", schema=None) as batch_op:
            batch_op.drop_index(batch_op.f("ix_users_email"))
            batch_op.drop_column("email")
        """,
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "a column dropped in a batch comes back empty",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_column("phone")
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.add_column(sa.Column("phone", sa.String(20)))
        """,
        truth="lossy",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "a column dropped in a batch, the downgrade's batch is empty",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_column("phone")
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            pass
        """,
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "a NOT NULL column comes back in a batch without default",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_column("name")
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.add_column(sa.Column("name", sa.String(50), nullable=False))
        """,
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.name"],
    ),
    Case(
        "a column renamed in a batch and back",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("phone", new_column_name="mobile", existing_type=sa.String(20))
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("mobile", new_column_name="phone", existing_type=sa.String(20))
        """,
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "a batch under another variable name",
        USERS,
        """
        with op.batch_alter_table("users") as b:
            b.drop_column("age")
        """,
        """
        with op.batch_alter_table("users") as table:
            table.add_column(sa.Column("age", sa.Integer()))
        """,
        truth="lossy",
        rows=USER_ROWS,
        kinds=["column users.age"],
    ),
    Case(
        "the rebuild drops an unnamed check",
        UNNAMED,
        RETYPE.format(table="prices", column="code", old="sa.String(5)", new="sa.String(8)"),
        RETYPE.format(table="prices", column="code", old="sa.String(8)", new="sa.String(5)"),
        truth="broken",
        rows=PRICE_ROWS,
        databases=LITE,
    ),
    Case(
        "the rebuild keeps named constraints",
        UNNAMED.replace('"amount >= 0"', '"amount >= 0", name="ck_amount"').replace(
            'UniqueConstraint("code"', 'UniqueConstraint("code", name="uq_code"'
        ),
        RETYPE.format(table="prices", column="code", old="sa.String(5)", new="sa.String(8)"),
        RETYPE.format(table="prices", column="code", old="sa.String(8)", new="sa.String(5)"),
        truth="reversible",
        says="reversible fragile",
        rows=PRICE_ROWS,
        databases=LITE,
    ),
    Case(
        "the rebuild keeps indexes",
        steps(USERS, 'op.create_index("ix_users_phone", "users", ["phone"])'),
        RETYPE.format(table="users", column="age", old="sa.Integer()", new="sa.BigInteger()"),
        RETYPE.format(table="users", column="age", old="sa.BigInteger()", new="sa.Integer()"),
        truth="reversible",
        says="reversible fragile",
        rows=USER_ROWS,
        databases=LITE,
    ),
    Case(
        "the rebuild keeps an index on an expression",
        steps(USERS, 'op.create_index("ix_users_lower", "users", [sa.text("lower(name)")])'),
        RETYPE.format(table="users", column="age", old="sa.Integer()", new="sa.BigInteger()"),
        RETYPE.format(table="users", column="age", old="sa.BigInteger()", new="sa.Integer()"),
        truth="broken",
        rows=USER_ROWS,
        databases=LITE,
        kinds=["index users.ix_users_lower"],
    ),
    Case(
        "the rebuild keeps the foreign keys of others to the table",
        LINKED,
        RETYPE.format(table="roles", column="title", old="sa.String(30)", new="sa.String(60)"),
        RETYPE.format(table="roles", column="title", old="sa.String(60)", new="sa.String(30)"),
        truth="reversible",
        says="reversible fragile",
        rows=ROLE_ROWS,
        databases=LITE,
    ),
    Case(
        "recreate always leaves the same table",
        USERS,
        """
        with op.batch_alter_table("users", recreate="always") as batch_op:
            batch_op.add_column(sa.Column("email", sa.String(80)))
        """,
        """
        with op.batch_alter_table("users", recreate="always") as batch_op:
            batch_op.drop_column("email")
        """,
        # On PostgreSQL the rebuilt table's id counts in a new sequence, which begins at 1 again.
        truth={SQLITE: "reversible", POSTGRESQL: "broken"},
        says={SQLITE: "reversible", POSTGRESQL: "broken lossy unknown"},
        rows=USER_ROWS,
    ),
    Case(
        "recreate never fails on SQLite",
        USERS,
        """
        with op.batch_alter_table("users", recreate="never") as batch_op:
            batch_op.add_column(sa.Column("email", sa.String(80)))
        """,
        """
        with op.batch_alter_table("users", recreate="never") as batch_op:
            batch_op.drop_column("email")
            batch_op.create_unique_constraint("uq", ["name"])
        """,
        truth="broken",
        rows=USER_ROWS,
        databases=LITE,
        kinds=["constraint users.uq"],
        unseen=True,
    ),
    Case(
        "a batch with a naming convention drops an unnamed constraint",
        UNNAMED.replace('    sa.CheckConstraint("amount >= 0"),\n', ""),
        """
        naming_convention = {"uq": "uq_%(table_name)s_%(column_0_name)s"}
        with op.batch_alter_table("prices", naming_convention=naming_convention) as batch_op:
            batch_op.drop_constraint("uq_prices_code", type_="unique")
        """,
        """
        with op.batch_alter_table("prices") as batch_op:
            batch_op.create_unique_constraint(None, ["code"])
        """,
        truth="broken",  # a batch asks for a name
        rows=PRICE_ROWS,
        databases=LITE,
    ),
    Case(
        "a column added at a place in the middle, dropped",
        USERS,
        """
        with op.batch_alter_table("users", recreate="always") as batch_op:
            batch_op.add_column(sa.Column("email", sa.String(80)), insert_after="name")
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_column("email")
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=LITE,
    ),
    Case(
        "the table's comment and rows survive a batch",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.create_table_comment("people")
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_table_comment()
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=(POSTGRESQL,),
    ),
    Case(
        "table_args add a constraint that the downgrade does not drop",
        USERS,
        """
        with op.batch_alter_table(
            "users", recreate="always", table_args=[sa.CheckConstraint("age > 0", name="ck_age")]
        ) as batch_op:
            batch_op.add_column(sa.Column("email", sa.String(80)))
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_column("email")
        """,
        truth="broken",
        says="broken unknown",
        rows=USER_ROWS,
        databases=LITE,
        kinds=["constraint users.ck_age"],
    ),
    Case(
        "copy_from with a table that lacks a column loses it",
        USERS,
        """
        users = sa.Table(
            "users",
            sa.MetaData(),
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("name", sa.String(50), nullable=False),
        )
        with op.batch_alter_table("users", copy_from=users) as batch_op:
            batch_op.alter_column("name", existing_type=sa.String(50), type_=sa.String(60))
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("name", existing_type=sa.String(60), type_=sa.String(50))
        """,
        truth="broken",
        says="broken unknown",
        rows=USER_ROWS,
        databases=LITE,
        kinds=["column users.phone"],
    ),
    Case(
        "two batches in a row, undone in one",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.add_column(sa.Column("a", sa.Integer()))
        with op.batch_alter_table("users") as batch_op:
            batch_op.add_column(sa.Column("b", sa.Integer()))
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_column("b")
            batch_op.drop_column("a")
        """,
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "the primary key changed in a batch and back",
        """
        op.create_table(
            "pairs",
            sa.Column("a", sa.Integer(), nullable=False),
            sa.Column("b", sa.Integer(), nullable=False),
            sa.PrimaryKeyConstraint("a", name="pk_pairs"),
        )
        """,
        """
        with op.batch_alter_table("pairs") as batch_op:
            batch_op.drop_constraint("pk_pairs", type_="primary")
            batch_op.create_primary_key("pk_pairs", ["a", "b"])
        """,
        """
        with op.batch_alter_table("pairs") as batch_op:
            batch_op.drop_constraint("pk_pairs", type_="primary")
            batch_op.create_primary_key("pk_pairs", ["a"])
        """,
        truth="reversible",
        says="fragile",
        rows=["INSERT INTO pairs VALUES (1, 2)"],
    ),
    Case(
        "a table renamed outside of its batch and back",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("phone", new_column_name="mobile", existing_type=sa.String(20))
        op.rename_table("users", "people")
        """,
        """
        op.rename_table("people", "users")
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("mobile", new_column_name="phone", existing_type=sa.String(20))
        """,
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "a batch drops a column that an index covers",
        steps(USERS, 'op.create_index("ix_users_phone", "users", ["phone"])'),
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_index("ix_users_phone")
            batch_op.drop_column("phone")
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.add_column(sa.Column("phone", sa.String(20)))
            batch_op.create_index("ix_users_phone", ["phone"])
        """,
        truth="lossy",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    *(
        Case(
            f"a batch rebuilds a table that counts its rows, {how} saying so",
            COUNTED,
            f"""
            with op.batch_alter_table("counted"{said}) as batch:
                batch.alter_column("word", existing_type=sa.String(9), nullable=False)
            """,
            f"""
            with op.batch_alter_table("counted"{said}) as batch:
                batch.alter_column("word", existing_type=sa.String(9), nullable=True)
            """,
            truth=truth,
            says=says,
            rows=["INSERT INTO counted (id, word) VALUES (3, 'x')"],
            databases=(SQLITE,),
        )
        for how, said, truth, says in (
            ("and", ", table_kwargs={'sqlite_autoincrement': True}", "reversible", "reversible fragile"),
            ("not", "", "broken", "broken"),
        )
    ),
]
