"""What MariaDB alone has, and what it does in its own way."""

from tests.truth.case import MARIADB, Case
from tests.truth.givens import ORDER_ROWS, ORDERS, ROLE_ROWS, ROLES, USER_ROWS, USERS, steps

ONLY = (MARIADB,)

NUMBERED = """
op.create_table("groups_of", sa.Column("id", sa.Integer(), primary_key=True))
op.create_table(
    "seats",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("group_id", sa.Integer(), sa.ForeignKey("groups_of.id"), index=True),
    sa.Column("other_id", sa.Integer(), index=True),
    sa.ForeignKeyConstraint(["other_id"], ["groups_of.id"], name="seats_ibfk_7"),
)
"""

CASES = [
    Case(
        "keys that are called after their table go by its new name",
        NUMBERED,
        'op.rename_table("seats", "places")',
        """
        for name, column in (("places_ibfk_1", "group_id"), ("places_ibfk_7", "other_id")):
            op.drop_constraint(name, "places", type_="foreignkey")
            op.create_foreign_key(name, "places", "groups_of", [column], ["id"])
        op.rename_table("places", "seats")
        """,
        truth="reversible",
        databases=ONLY,
    ),
    Case(
        "a key that is dropped by the name which it had under its table's old name",
        NUMBERED,
        'op.rename_table("seats", "places")',
        """
        op.drop_constraint("seats_ibfk_7", "places", type_="foreignkey")
        op.create_foreign_key("seats_ibfk_7", "places", "groups_of", ["other_id"], ["id"])
        op.rename_table("places", "seats")
        """,
        truth="broken",
        databases=ONLY,
        unseen=True,
    ),
    Case(
        "an index renamed and back on MariaDB",
        steps(USERS, 'op.create_index("ix_phone", "users", ["phone"])'),
        'op.execute("ALTER TABLE users RENAME INDEX ix_phone TO ix_mobile")',
        'op.execute("ALTER TABLE users RENAME INDEX ix_mobile TO ix_phone")',
        truth="reversible",
        rows=USER_ROWS,
        databases=ONLY,
    ),
    Case(
        "the primary key replaced and restored on MariaDB",
        """
        op.create_table(
            "pairs",
            sa.Column("a", sa.Integer(), nullable=False, autoincrement=False),
            sa.Column("b", sa.Integer(), nullable=False, autoincrement=False),
            sa.PrimaryKeyConstraint("a"),
        )
        """,
        'op.execute("ALTER TABLE pairs DROP PRIMARY KEY, ADD PRIMARY KEY (a, b)")',
        'op.execute("ALTER TABLE pairs DROP PRIMARY KEY, ADD PRIMARY KEY (a)")',
        truth="reversible",
        says="fragile",
        rows=["INSERT INTO pairs VALUES (1, 2)"],
        databases=ONLY,
    ),
    Case(
        "the primary key of MariaDB replaced and left",
        """
        op.create_table(
            "pairs",
            sa.Column("a", sa.Integer(), nullable=False, autoincrement=False),
            sa.Column("b", sa.Integer(), nullable=False, autoincrement=False),
            sa.PrimaryKeyConstraint("a"),
        )
        """,
        'op.execute("ALTER TABLE pairs DROP PRIMARY KEY, ADD PRIMARY KEY (a, b)")',
        "pass",
        truth="broken",
        rows=["INSERT INTO pairs VALUES (1, 2)"],
        databases=ONLY,
        kinds=["constraint pairs.PRIMARY"],
    ),
    Case(
        "AUTO_INCREMENT lost by MODIFY",
        USERS,
        'op.execute("ALTER TABLE users MODIFY id BIGINT NOT NULL AUTO_INCREMENT")',
        'op.execute("ALTER TABLE users MODIFY id INT NOT NULL")',
        truth="broken",
        rows=USER_ROWS,
        databases=ONLY,
        kinds=["column users.id"],
    ),
    Case(
        "AUTO_INCREMENT kept by MODIFY",
        USERS,
        'op.execute("ALTER TABLE users MODIFY id BIGINT NOT NULL AUTO_INCREMENT")',
        'op.execute("ALTER TABLE users MODIFY id INT NOT NULL AUTO_INCREMENT")',
        truth="reversible",
        says="fragile",
        rows=USER_ROWS,
        databases=ONLY,
    ),
    Case(
        "the character set of a table converted and left",
        USERS,
        'op.execute("ALTER TABLE users CONVERT TO CHARACTER SET latin1")',
        "pass",
        truth="broken",
        says="broken unknown",
        rows=USER_ROWS,
        databases=ONLY,
    ),
    Case(
        "the engine of a table changed and left",
        USERS,
        'op.execute("ALTER TABLE users ENGINE=MyISAM")',
        "pass",
        truth="broken",
        says="broken unknown",
        rows=USER_ROWS,
        databases=ONLY,
        kinds=["table users"],
    ),
    Case(
        "a column put FIRST and dropped",
        USERS,
        'op.execute("ALTER TABLE users ADD COLUMN tenant INT NOT NULL DEFAULT 1 FIRST")',
        'op.execute("ALTER TABLE users DROP tenant")',
        truth="reversible",
        rows=USER_ROWS,
        databases=ONLY,
    ),
    Case(
        "a dropped column is taken out of the index that it shared",
        steps(USERS, 'op.create_index("ix_two", "users", ["phone", "age"])'),
        'op.drop_column("users", "age")',
        'op.add_column("users", sa.Column("age", sa.Integer()))',
        truth="broken",
        rows=USER_ROWS,
        databases=ONLY,
        kinds=["index users.ix_two", "column users.age"],
    ),
    Case(
        "a check of MariaDB dropped by DROP CONSTRAINT and back",
        """
        op.create_table(
            "prices",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("amount", sa.Integer(), nullable=False),
            sa.CheckConstraint("amount >= 0", name="ck_amount"),
        )
        """,
        'op.execute("ALTER TABLE prices DROP CONSTRAINT ck_amount")',
        'op.execute("ALTER TABLE prices ADD CONSTRAINT ck_amount CHECK (amount >= 0)")',
        truth="reversible",
        says="fragile",
        rows=["INSERT INTO prices VALUES (1, 5)"],
        databases=ONLY,
    ),
    Case(
        "a sequence of MariaDB created and dropped",
        USERS,
        'op.execute("CREATE SEQUENCE invoice_no START WITH 100")',
        'op.execute("DROP SEQUENCE invoice_no")',
        truth="reversible",
        rows=USER_ROWS,
        databases=ONLY,
    ),
    Case(
        "a view of MariaDB replaced and restored",
        steps(USERS, 'op.execute("CREATE VIEW v AS SELECT id, name FROM users")'),
        'op.execute("CREATE OR REPLACE VIEW v AS SELECT id, name, phone FROM users")',
        'op.execute("CREATE OR REPLACE VIEW v AS SELECT id, name FROM users")',
        truth="reversible",
        rows=USER_ROWS,
        databases=ONLY,
    ),
    Case(
        "ALTER VIEW of MariaDB and left",
        steps(USERS, 'op.execute("CREATE VIEW v AS SELECT id, name FROM users")'),
        'op.execute("ALTER VIEW v AS SELECT id FROM users")',
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=ONLY,
        kinds=["view v"],
    ),
    Case(
        "a procedure of MariaDB with several statements",
        USERS,
        '''
        op.execute(
            """
            CREATE PROCEDURE tidy()
            BEGIN
                DELETE FROM users WHERE age < 0;
                UPDATE users SET phone = NULL WHERE phone = '';
            END
            """
        )
        ''',
        'op.execute("DROP PROCEDURE tidy")',
        truth="reversible",
        rows=USER_ROWS,
        databases=ONLY,
    ),
    Case(
        "the default of a column set and dropped by ALTER COLUMN",
        ORDERS,
        "op.execute(\"ALTER TABLE orders ALTER COLUMN customer SET DEFAULT 'nobody'\")",
        'op.execute("ALTER TABLE orders ALTER COLUMN customer DROP DEFAULT")',
        truth="reversible",
        rows=ORDER_ROWS,
        databases=ONLY,
    ),
    Case(
        "several tables dropped in one statement",
        steps(ROLES, 'op.create_table("extra", sa.Column("id", sa.Integer(), primary_key=True))'),
        'op.execute("DROP TABLE IF EXISTS extra, members")',
        """
        op.create_table("extra", sa.Column("id", sa.Integer(), primary_key=True))
        op.create_table(
            "members",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("role_id", sa.Integer()),
            sa.Column("email", sa.String(80)),
            sa.PrimaryKeyConstraint("id", name="pk_members"),
        )
        """,
        truth="lossy",
        rows=ROLE_ROWS,
        databases=ONLY,
        kinds=["table members"],
    ),
    *(
        Case(
            f"a column comes back as {kind} without a length",
            USERS,
            'op.drop_column("users", "phone")',
            code,
            truth="broken",
            rows=USER_ROWS,
            databases=ONLY,
            kinds=["column users.phone"],
        )
        for kind, code in (
            ("a String", 'op.add_column("users", sa.Column("phone", sa.String()))'),
            ("a VARCHAR in SQL", 'op.execute("ALTER TABLE users ADD COLUMN phone VARCHAR")'),
            ("a VARBINARY", 'op.add_column("users", sa.Column("phone", sa.VARBINARY()))'),
        )
    ),
]
