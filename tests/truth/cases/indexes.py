"""Indexes: columns, uniqueness, condition, method, expressions, names."""

from tests.truth.case import ALL, MARIADB, POSTGRESQL, Case
from tests.truth.givens import ORDER_ROWS, ORDERS, USER_ROWS, USERS, steps

PG = (POSTGRESQL,)
INDEXED = steps(USERS, 'op.create_index("ix_users_phone", "users", ["phone"])')
UNIQUE = steps(USERS, 'op.create_index("ix_users_phone", "users", ["phone"], unique=True)')
DROP = 'op.drop_index("ix_users_phone", table_name="users")'

CASES = [
    Case(
        "an index created and dropped",
        USERS,
        'op.create_index("ix_users_phone", "users", ["phone", "name"], unique=False)',
        DROP,
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "an index is left",
        USERS,
        'op.create_index(op.f("ix_users_phone"), "users", ["phone"], unique=False)',
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=ALL,
        kinds=["index users.ix_users_phone"],
    ),
    Case(
        "a dropped index comes back",
        INDEXED,
        DROP,
        'op.create_index("ix_users_phone", "users", ["phone"])',
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "a dropped index does not come back",
        INDEXED,
        DROP,
        "pass",
        truth="broken",
        rows=USER_ROWS,
        kinds=["index users.ix_users_phone"],
    ),
    Case(
        "a dropped unique index comes back",
        UNIQUE,
        DROP,
        'op.create_index("ix_users_phone", "users", ["phone"], unique=True)',
        truth="reversible",
        says="fragile",
        rows=USER_ROWS,
    ),
    Case(
        "a unique index comes back as a plain one",
        UNIQUE,
        DROP,
        'op.create_index("ix_users_phone", "users", ["phone"])',
        truth="broken",
        rows=USER_ROWS,
        databases=ALL,
        kinds=["index users.ix_users_phone"],
    ),
    Case(
        "an index comes back with its columns in another order",
        steps(USERS, 'op.create_index("ix_users_phone", "users", ["phone", "name"])'),
        DROP,
        'op.create_index("ix_users_phone", "users", ["name", "phone"])',
        truth="broken",
        rows=USER_ROWS,
        databases=ALL,
        kinds=["index users.ix_users_phone"],
    ),
    Case(
        "an index comes back under another name",
        INDEXED,
        DROP,
        'op.create_index("users_phone_idx", "users", ["phone"])',
        truth="broken",
        rows=USER_ROWS,
        kinds=["index users.ix_users_phone"],
    ),
    Case(
        "the downgrade drops an index of another name",
        USERS,
        'op.create_index("ix_users_phone", "users", ["phone"])',
        'op.drop_index("ix_phone", table_name="users")',
        truth="broken",
        rows=USER_ROWS,
        kinds=["index users.ix_phone"],
        unseen=True,
    ),
    Case(
        "a partial index comes back whole",
        steps(
            USERS,
            """
            op.create_index(
                "ix_users_phone", "users", ["phone"],
                postgresql_where=sa.text("age > 18"), sqlite_where=sa.text("age > 18"),
            )
            """,
        ),
        DROP,
        'op.create_index("ix_users_phone", "users", ["phone"])',
        truth="broken",
        rows=USER_ROWS,
        kinds=["index users.ix_users_phone"],
    ),
    Case(
        "a partial index comes back with its condition",
        steps(
            USERS,
            """
            op.create_index(
                "ix_users_phone", "users", ["phone"],
                postgresql_where=sa.text("age > 18"), sqlite_where=sa.text("age > 18"),
            )
            """,
        ),
        DROP,
        'op.execute("CREATE INDEX ix_users_phone ON users (phone) WHERE age > 18")',
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "an index of another method",
        steps(USERS, 'op.create_index("ix_users_phone", "users", ["phone"], postgresql_using="hash")'),
        DROP,
        'op.create_index("ix_users_phone", "users", ["phone"])',
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["index users.ix_users_phone"],
    ),
    Case(
        "a GIN index on jsonb created and dropped",
        """
        op.execute("CREATE TABLE docs (id integer PRIMARY KEY, body jsonb)")
        """,
        'op.create_index("ix_docs_body", "docs", ["body"], postgresql_using="gin")',
        'op.drop_index("ix_docs_body", "docs", postgresql_using="gin")',
        truth="reversible",
        rows=["""INSERT INTO docs VALUES (1, '{"a": 1}')"""],
        databases=PG,
    ),
    Case(
        "DESC lost on the way back",
        steps(USERS, 'op.create_index("ix_users_phone", "users", [sa.text("phone DESC")])'),
        DROP,
        'op.create_index("ix_users_phone", "users", ["phone"])',
        truth="broken",
        rows=USER_ROWS,
        kinds=["index users.ix_users_phone"],
    ),
    Case(
        "an index on an expression created and dropped",
        USERS,
        'op.create_index("ix_users_lower_name", "users", [sa.text("lower(name)")], unique=True)',
        'op.drop_index("ix_users_lower_name", table_name="users")',
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "an index on an expression comes back on the column",
        steps(USERS, 'op.create_index("ix_users_lower_name", "users", [sa.text("lower(name)")])'),
        'op.drop_index("ix_users_lower_name", table_name="users")',
        'op.create_index("ix_users_lower_name", "users", ["name"])',
        truth="broken",
        rows=USER_ROWS,
        kinds=["index users.ix_users_lower_name"],
    ),
    Case(
        "INCLUDE lost on the way back",
        steps(USERS, 'op.create_index("ix_users_phone", "users", ["phone"], postgresql_include=["name"])'),
        DROP,
        'op.create_index("ix_users_phone", "users", ["phone"])',
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["index users.ix_users_phone"],
    ),
    Case(
        "an operator class lost on the way back",
        steps(
            USERS,
            """
            op.create_index(
                "ix_users_phone", "users", ["phone"], postgresql_ops={"phone": "varchar_pattern_ops"}
            )
            """,
        ),
        DROP,
        'op.create_index("ix_users_phone", "users", ["phone"])',
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["index users.ix_users_phone"],
    ),
    Case(
        "NULLS FIRST lost on the way back",
        steps(USERS, 'op.execute("CREATE INDEX ix_users_phone ON users (phone ASC NULLS FIRST)")'),
        'op.execute("DROP INDEX ix_users_phone")',
        'op.execute("CREATE INDEX ix_users_phone ON users (phone)")',
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["index users.ix_users_phone"],
    ),
    Case(
        "spelt out defaults of an index are no difference",
        steps(USERS, 'op.execute("CREATE INDEX ix_users_phone ON users USING btree (phone ASC NULLS LAST)")'),
        DROP,
        'op.create_index("ix_users_phone", "users", ["phone"])',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "an index renamed and back",
        INDEXED,
        'op.execute("ALTER INDEX ix_users_phone RENAME TO users_phone_idx")',
        'op.execute("ALTER INDEX users_phone_idx RENAME TO ix_users_phone")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a renamed index keeps its new name",
        INDEXED,
        'op.execute("ALTER INDEX ix_users_phone RENAME TO users_phone_idx")',
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["index users.ix_users_phone"],
    ),
    Case(
        "an index built and dropped concurrently",
        USERS,
        """
        with op.get_context().autocommit_block():
            op.create_index(
                "ix_users_phone", "users", ["phone"], postgresql_concurrently=True, if_not_exists=True
            )
        """,
        """
        with op.get_context().autocommit_block():
            op.drop_index("ix_users_phone", table_name="users", postgresql_concurrently=True, if_exists=True)
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "the downgrade drops concurrently inside a transaction",
        USERS,
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_users_phone", "users", ["phone"], postgresql_concurrently=True)
        """,
        'op.drop_index("ix_users_phone", table_name="users", postgresql_concurrently=True)',
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["index users.ix_users_phone"],
        unseen=True,
    ),
    Case(
        "IF NOT EXISTS on an old index, which the downgrade drops",
        INDEXED,
        'op.create_index("ix_users_phone", "users", ["phone"], if_not_exists=True)',
        'op.drop_index("ix_users_phone", table_name="users", if_exists=True)',
        truth="broken",
        rows=USER_ROWS,
        kinds=["index users.ix_users_phone"],
    ),
    Case(
        "IF EXISTS in the downgrade hides a wrong name",
        USERS,
        'op.create_index("ix_users_phone", "users", ["phone"])',
        'op.execute("DROP INDEX IF EXISTS ix_user_phone")',
        truth="broken",
        rows=USER_ROWS,
        kinds=["index users.ix_users_phone"],
    ),
    Case(
        "an index replaced by a wider one and restored",
        INDEXED,
        """
        op.create_index("ix_users_phone_name", "users", ["phone", "name"])
        op.drop_index("ix_users_phone", "users")
        """,
        """
        op.create_index("ix_users_phone", "users", ["phone"])
        op.drop_index("ix_users_phone_name", "users")
        """,
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "a FULLTEXT index created and dropped",
        ORDERS,
        'op.create_index("ix_orders_note", "orders", ["note"], mysql_prefix="FULLTEXT")',
        'op.drop_index("ix_orders_note", table_name="orders")',
        truth="reversible",
        rows=ORDER_ROWS,
        databases=(MARIADB,),
    ),
    Case(
        "the length of an index prefix lost on the way back",
        steps(ORDERS, 'op.create_index("ix_orders_c", "orders", ["customer"], mysql_length=8)'),
        'op.drop_index("ix_orders_c", table_name="orders")',
        'op.create_index("ix_orders_c", "orders", ["customer"])',
        truth="broken",
        rows=ORDER_ROWS,
        databases=(MARIADB,),
        kinds=["index orders.ix_orders_c"],
    ),
    Case(
        "REINDEX and ANALYZE leave nothing to undo",
        INDEXED,
        """
        op.execute("REINDEX INDEX ix_users_phone")
        op.execute("ANALYZE users")
        """,
        "pass",
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "index=True in create_table, the index dropped for good by the upgrade",
        """
        op.create_table(
            "books",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("isbn", sa.String(13), index=True),
        )
        """,
        'op.drop_index("ix_books_isbn", table_name="books")',
        "pass",
        truth="broken",
        rows=["INSERT INTO books VALUES (1, '978')"],
        kinds=["index books.ix_books_isbn"],
    ),
    Case(
        "ALTER TABLE DROP INDEX of MariaDB and back",
        INDEXED,
        'op.execute("ALTER TABLE users DROP INDEX ix_users_phone")',
        'op.execute("CREATE INDEX ix_users_phone ON users (phone)")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(MARIADB,),
    ),
]
