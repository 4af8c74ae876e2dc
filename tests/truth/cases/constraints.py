"""Unique, check, primary key and exclusion constraints."""

from tests.truth.case import ALL, MARIADB, POSTGRESQL, SQLITE, Case
from tests.truth.givens import ORDER_ROWS, ORDERS, ROLE_ROWS, ROLES, USER_ROWS, USERS, steps

PG = (POSTGRESQL,)

UNIQUE = steps(USERS, 'op.create_unique_constraint("uq_users_phone", "users", ["phone"])')
CHECKED = """
op.create_table(
    "prices",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("amount", sa.Integer(), nullable=False),
    sa.Column("currency", sa.String(3)),
    sa.PrimaryKeyConstraint("id", name="pk_prices"),
    sa.CheckConstraint("amount >= 0", name="ck_prices_amount"),
    sa.UniqueConstraint("amount", "currency", name="uq_prices_amount"),
)
"""
PRICE_ROWS = ["INSERT INTO prices VALUES (1, 10, 'EUR'), (2, 0, NULL)"]
CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

KEYLESS = """
op.create_table(
    "pairs",
    sa.Column("a", sa.Integer(), nullable=False),
    sa.Column("b", sa.Integer(), nullable=False),
)
"""


def _in_batch(call: str) -> str:
    return f'with op.batch_alter_table("pairs") as b:\n    {call}'


CASES = [
    Case(
        "a unique constraint added and dropped",
        USERS,
        'op.create_unique_constraint("uq_users_phone", "users", ["phone"])',
        'op.drop_constraint("uq_users_phone", "users", type_="unique")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(POSTGRESQL, MARIADB),
    ),
    Case(
        "a unique constraint is left",
        USERS,
        'op.create_unique_constraint("uq_users_phone", "users", ["phone"])',
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["constraint users.uq_users_phone"],
    ),
    Case(
        "a unique constraint dropped and added again",
        UNIQUE,
        'op.drop_constraint("uq_users_phone", "users", type_="unique")',
        'op.create_unique_constraint("uq_users_phone", "users", ["phone"])',
        truth="reversible",
        says="fragile",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a dropped unique constraint does not come back",
        UNIQUE,
        'op.drop_constraint("uq_users_phone", "users", type_="unique")',
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["constraint users.uq_users_phone"],
    ),
    Case(
        "a unique constraint comes back on other columns",
        UNIQUE,
        'op.drop_constraint("uq_users_phone", "users", type_="unique")',
        'op.create_unique_constraint("uq_users_phone", "users", ["phone", "name"])',
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["constraint users.uq_users_phone"],
    ),
    Case(
        "a unique constraint comes back under another name",
        UNIQUE,
        'op.drop_constraint("uq_users_phone", "users", type_="unique")',
        'op.create_unique_constraint("users_phone_uq", "users", ["phone"])',
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["constraint users.uq_users_phone"],
    ),
    Case(
        "a unique constraint comes back as a unique index",
        UNIQUE,
        'op.drop_constraint("uq_users_phone", "users", type_="unique")',
        'op.create_index("uq_users_phone", "users", ["phone"], unique=True)',
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["constraint users.uq_users_phone"],
    ),
    Case(
        "the downgrade drops a constraint of another name",
        USERS,
        'op.create_unique_constraint("uq_users_phone", "users", ["phone"])',
        'op.drop_constraint("uq_phone", "users", type_="unique")',
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["constraint users.uq_phone"],
        unseen=True,
    ),
    Case(
        "a constraint named by PostgreSQL dropped under the name that it gives",
        USERS,
        'op.execute("ALTER TABLE users ADD UNIQUE (phone)")',
        'op.drop_constraint("users_phone_key", "users", type_="unique")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a constraint without a name dropped under a name that it does not have",
        USERS,
        'op.create_unique_constraint(None, "users", ["phone"])',
        'op.drop_constraint("uq_users_phone", "users", type_="unique")',
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["constraint users.uq_users_phone"],
        unseen=True,
    ),
    Case(
        "a constraint without a name gets one from the naming convention",
        USERS,
        'op.create_unique_constraint(None, "users", ["phone"])',
        'op.drop_constraint("uq_users_phone", "users", type_="unique")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
        naming=CONVENTION,
    ),
    Case(
        "autogenerate's drop_constraint(None) cannot run",
        USERS,
        'op.create_unique_constraint(None, "users", ["phone"])',
        'op.drop_constraint(None, "users", type_="unique")',
        truth="broken",
        rows=USER_ROWS,
        databases=(POSTGRESQL, MARIADB),
    ),
    Case(
        "a primary key dropped without its name",
        KEYLESS,
        'op.create_primary_key("pk_pairs", "pairs", ["a"])',
        'op.drop_constraint(None, "pairs", type_="primary")',
        truth={POSTGRESQL: "broken", MARIADB: "reversible"},
        databases=(POSTGRESQL, MARIADB),
    ),
    Case(
        "a primary key dropped without its name in a batch",
        KEYLESS,
        _in_batch('b.create_primary_key("pk_pairs", ["a"])'),
        _in_batch('b.drop_constraint(None, type_="primary")'),
        truth={SQLITE: "broken", POSTGRESQL: "broken", MARIADB: "reversible"},
        databases=ALL,
    ),
    Case(
        "a convention that asks for the table alone names the primary key that is dropped",
        KEYLESS,
        'op.create_primary_key("pk_pairs", "pairs", ["a"])',
        'op.drop_constraint(None, "pairs", type_="primary")',
        truth="reversible",
        databases=(POSTGRESQL, MARIADB),
        naming={"pk": "pk_%(table_name)s"},
    ),
    Case(
        "a convention that asks for columns makes the wrong name for a constraint that is dropped",
        KEYLESS,
        'op.create_primary_key("pk_pairs_a", "pairs", ["a"])',
        'op.drop_constraint(None, "pairs", type_="primary")',
        truth={POSTGRESQL: "broken", MARIADB: "reversible"},
        databases=(POSTGRESQL, MARIADB),
        naming={"pk": "pk_%(table_name)s_%(column_0_name)s"},
    ),
    Case(
        "a type_ that Alembic does not know",
        USERS,
        'op.create_unique_constraint("uq", "users", ["phone"])',
        'op.drop_constraint("uq", "users", type_="unique_constraint")',
        truth="broken",
        rows=USER_ROWS,
        databases=(POSTGRESQL, MARIADB),
    ),
    Case(
        "NULLS NOT DISTINCT lost on the way back",
        steps(ROLES, 'op.execute("ALTER TABLE roles ADD CONSTRAINT uq_t UNIQUE NULLS NOT DISTINCT (title)")'),
        'op.drop_constraint("uq_t", "roles")',
        'op.create_unique_constraint("uq_t", "roles", ["title"])',
        truth="broken",
        rows=ROLE_ROWS,
        databases=PG,
        kinds=["constraint roles.uq_t"],
    ),
    Case(
        "a check added and dropped",
        USERS,
        'op.create_check_constraint("ck_users_age", "users", "age > 0")',
        'op.drop_constraint("ck_users_age", "users", type_="check")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(POSTGRESQL, MARIADB),
    ),
    Case(
        "a check written as an expression, dropped",
        USERS,
        'op.create_check_constraint("ck_users_name", "users", sa.func.length(sa.column("name")) > 1)',
        'op.drop_constraint("ck_users_name", "users", type_="check")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a check dropped and added again",
        CHECKED,
        'op.drop_constraint("ck_prices_amount", "prices", type_="check")',
        'op.create_check_constraint("ck_prices_amount", "prices", "amount >= 0")',
        truth="reversible",
        says="fragile",
        rows=PRICE_ROWS,
        databases=PG,
    ),
    Case(
        "a check dropped and added again in a batch",
        CHECKED,
        """
        with op.batch_alter_table("prices") as batch_op:
            batch_op.drop_constraint("ck_prices_amount", type_="check")
        """,
        """
        with op.batch_alter_table("prices") as batch_op:
            batch_op.create_check_constraint("ck_prices_amount", "amount >= 0")
        """,
        truth="reversible",
        says="fragile",
        rows=PRICE_ROWS,
    ),
    Case(
        "a check dropped and added again in other letters",
        CHECKED,
        """
        with op.batch_alter_table("prices") as batch_op:
            batch_op.drop_constraint("ck_prices_amount", type_="check")
        """,
        """
        with op.batch_alter_table("prices") as batch_op:
            batch_op.create_check_constraint("ck_prices_amount", "AMOUNT >= 0")
        """,
        truth="reversible",
        says="fragile",
        rows=PRICE_ROWS,
        databases=ALL,
    ),
    Case(
        "a check comes back weaker",
        CHECKED,
        'op.drop_constraint("ck_prices_amount", "prices", type_="check")',
        'op.create_check_constraint("ck_prices_amount", "prices", "amount >= -1")',
        truth="broken",
        rows=PRICE_ROWS,
        databases=PG,
        kinds=["constraint prices.ck_prices_amount"],
    ),
    Case(
        "a check replaced and the old one restored",
        CHECKED,
        """
        op.drop_constraint("ck_prices_amount", "prices", type_="check")
        op.create_check_constraint("ck_prices_amount", "prices", "amount >= 0 AND amount < 1000")
        """,
        """
        op.drop_constraint("ck_prices_amount", "prices", type_="check")
        op.create_check_constraint("ck_prices_amount", "prices", "amount >= 0")
        """,
        truth="reversible",
        says="reversible fragile",
        rows=PRICE_ROWS,
        databases=PG,
    ),
    Case(
        "a check comes back NOT VALID",
        CHECKED,
        'op.drop_constraint("ck_prices_amount", "prices", type_="check")',
        'op.execute("ALTER TABLE prices ADD CONSTRAINT ck_prices_amount CHECK (amount >= 0) NOT VALID")',
        truth="broken",
        rows=PRICE_ROWS,
        databases=PG,
        kinds=["constraint prices.ck_prices_amount"],
    ),
    Case(
        "a check comes back NOT VALID and is validated",
        CHECKED,
        'op.drop_constraint("ck_prices_amount", "prices", type_="check")',
        """
        op.execute("ALTER TABLE prices ADD CONSTRAINT ck_prices_amount CHECK (amount >= 0) NOT VALID")
        op.execute("ALTER TABLE prices VALIDATE CONSTRAINT ck_prices_amount")
        """,
        truth="reversible",
        says="fragile",
        rows=PRICE_ROWS,
        databases=PG,
    ),
    Case(
        "a dropped column takes its check and unique constraint along",
        CHECKED,
        'op.drop_column("prices", "amount")',
        """
        op.add_column("prices", sa.Column("amount", sa.Integer(), nullable=False, server_default="0"))
        op.alter_column("prices", "amount", server_default=None)
        """,
        truth="broken",
        rows=PRICE_ROWS,
        databases=PG,
        kinds=[
            "constraint prices.ck_prices_amount",
            "constraint prices.uq_prices_amount",
            "column prices.amount",
        ],
    ),
    Case(
        "the primary key moved to two columns and back",
        CHECKED,
        """
        op.drop_constraint("pk_prices", "prices", type_="primary")
        op.create_primary_key("pk_prices", "prices", ["id", "amount"])
        """,
        """
        op.drop_constraint("pk_prices", "prices", type_="primary")
        op.create_primary_key("pk_prices", "prices", ["id"])
        """,
        truth="reversible",
        says="fragile",
        rows=PRICE_ROWS,
        databases=PG,
    ),
    Case(
        "the primary key moved and left there",
        CHECKED,
        """
        op.drop_constraint("pk_prices", "prices", type_="primary")
        op.create_primary_key("pk_prices", "prices", ["id", "amount"])
        """,
        "pass",
        truth="broken",
        rows=PRICE_ROWS,
        databases=PG,
        kinds=["constraint prices.pk_prices"],
    ),
    Case(
        "a primary key on a nullable column leaves NOT NULL behind",
        """
        op.create_table("plain", sa.Column("a", sa.Integer()), sa.Column("b", sa.Text()))
        """,
        'op.create_primary_key("pk_plain", "plain", ["a"])',
        'op.drop_constraint("pk_plain", "plain", type_="primary")',
        truth="broken",
        rows=["INSERT INTO plain VALUES (1, 'x')"],
        databases=PG,
        kinds=["column plain.a"],
    ),
    Case(
        "an exclusion constraint added and dropped",
        """
        op.execute("CREATE TABLE stays (id integer PRIMARY KEY, period tsrange)")
        """,
        'op.create_exclude_constraint("ex_stays", "stays", ("period", "&&"), using="gist")',
        'op.drop_constraint("ex_stays", "stays")',
        truth="reversible",
        rows=["INSERT INTO stays VALUES (1, '[2024-01-01,2024-01-05)')"],
        databases=PG,
    ),
    Case(
        "an exclusion constraint is left",
        """
        op.execute("CREATE TABLE stays (id integer PRIMARY KEY, period tsrange)")
        """,
        'op.execute("ALTER TABLE stays ADD CONSTRAINT ex_stays EXCLUDE USING gist (period WITH &&)")',
        "pass",
        truth="broken",
        rows=["INSERT INTO stays VALUES (1, '[2024-01-01,2024-01-05)')"],
        databases=PG,
        kinds=["constraint stays.ex_stays"],
    ),
    Case(
        "a constraint renamed and back",
        CHECKED,
        'op.execute("ALTER TABLE prices RENAME CONSTRAINT ck_prices_amount TO ck_amount")',
        'op.execute("ALTER TABLE prices RENAME CONSTRAINT ck_amount TO ck_prices_amount")',
        truth="reversible",
        rows=PRICE_ROWS,
        databases=PG,
    ),
    Case(
        "a renamed constraint keeps its new name",
        CHECKED,
        'op.execute("ALTER TABLE prices RENAME CONSTRAINT uq_prices_amount TO uq_amount")',
        "pass",
        truth="broken",
        rows=PRICE_ROWS,
        databases=PG,
        kinds=["constraint prices.uq_prices_amount"],
    ),
    Case(
        "a unique index promoted to a constraint, dropped",
        USERS,
        """
        op.create_index("uq_users_phone", "users", ["phone"], unique=True)
        op.execute("ALTER TABLE users ADD CONSTRAINT uq_users_phone UNIQUE USING INDEX uq_users_phone")
        """,
        'op.drop_constraint("uq_users_phone", "users", type_="unique")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "an old unique index promoted to a constraint goes with it",
        steps(USERS, 'op.create_index("uq_users_phone", "users", ["phone"], unique=True)'),
        'op.execute("ALTER TABLE users ADD CONSTRAINT uq_users_phone UNIQUE USING INDEX uq_users_phone")',
        'op.drop_constraint("uq_users_phone", "users", type_="unique")',
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["index users.uq_users_phone"],
    ),
    Case(
        "a batch adds a unique constraint on SQLite and drops it",
        ROLES,
        """
        with op.batch_alter_table("members") as batch_op:
            batch_op.create_unique_constraint("uq_members_email", ["email"])
        """,
        """
        with op.batch_alter_table("members") as batch_op:
            batch_op.drop_constraint("uq_members_email", type_="unique")
        """,
        truth="reversible",
        rows=ROLE_ROWS,
    ),
    Case(
        "a batch drops a unique constraint that does not come back",
        steps(
            ROLES,
            """
            with op.batch_alter_table("members") as batch_op:
                batch_op.create_unique_constraint("uq_members_email", ["email"])
            """,
        ),
        """
        with op.batch_alter_table("members") as batch_op:
            batch_op.drop_constraint("uq_members_email", type_="unique")
            batch_op.add_column(sa.Column("seen", sa.DateTime()))
        """,
        """
        with op.batch_alter_table("members") as batch_op:
            batch_op.drop_column("seen")
        """,
        truth="broken",
        rows=ROLE_ROWS,
        kinds=["constraint members.uq_members_email"],
    ),
    Case(
        "SQLite cannot drop a constraint outside of a batch",
        CHECKED,
        'op.add_column("prices", sa.Column("note", sa.Text()))',
        """
        op.drop_column("prices", "note")
        op.drop_constraint("ck_prices_amount", "prices", type_="check")
        """,
        truth="broken",
        rows=PRICE_ROWS,
        databases=(SQLITE,),
        kinds=["constraint prices.ck_prices_amount"],
        unseen=True,
    ),
    Case(
        "a unique constraint of MariaDB dropped as an index",
        USERS,
        'op.create_unique_constraint("uq_users_phone", "users", ["phone"])',
        'op.drop_index("uq_users_phone", table_name="users")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(MARIADB,),
    ),
    Case(
        "a check added in ADD COLUMN goes with the column",
        ORDERS,
        'op.execute("ALTER TABLE orders ADD COLUMN pieces integer DEFAULT 1 CHECK (pieces > 0)")',
        'op.execute("ALTER TABLE orders DROP COLUMN pieces")',
        truth="reversible",
        rows=ORDER_ROWS,
        databases=PG,
    ),
]
