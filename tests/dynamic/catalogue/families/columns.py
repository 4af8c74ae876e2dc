"""Columns that do not come back as they were: empty, other type, other default, in the wrong place."""

from tests.dynamic.catalogue.case import MARIADB, POSTGRESQL, SERVERS, SQLITE, bug, right
from tests.dynamic.catalogue.givens import MEMBERS, ORDERS, USERS, sql, table
from tests.truth.givens import steps

NAMES = table(
    """
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("first", sa.String(30)),
        sa.Column("last", sa.String(30)),
    )
    """,
    "people",
    "INSERT INTO people (id, first, last) VALUES (1, 'Anna Maria', 'Cox'), (2, 'Li', 'de Wit'), (3, NULL, 'Ng')",
)

SAVED_PHONES = """
op.execute("CREATE TABLE phones_backup AS SELECT id, phone FROM users")
op.drop_column("users", "phone")
"""
FETCH_PHONES = """
op.execute("UPDATE users SET phone = (SELECT b.phone FROM phones_backup b WHERE b.id = users.id)")
op.drop_table("phones_backup")
"""

CASES = [
    bug(
        "a nullable column comes back empty",
        USERS,
        'op.drop_column("users", "phone")',
        'op.add_column("users", sa.Column("phone", sa.String(20), nullable=True))',
        "lossy",
        "rows-changed",
        "users",
        "phone",
    ),
    bug(
        "a dropped column does not come back",
        USERS,
        'op.drop_column("users", "phone")',
        "pass",
        "broken",
        "schema-missing",
        "users",
        "phone",
    ),
    bug(
        "an added column is left",
        USERS,
        """
        op.add_column("users", sa.Column("email", sa.String(80)))
        op.add_column("users", sa.Column("city", sa.String(80)))
        """,
        'op.drop_column("users", "email")',
        "broken",
        "schema-extra",
        "users",
        "city",
    ),
    bug(
        "a column comes back as text without a limit",
        USERS,
        SAVED_PHONES,
        steps(
            """
        op.add_column("users", sa.Column("phone", sa.Text()))
        """,
            FETCH_PHONES,
        ),
        "broken",
        "schema-changed",
        "users",
        "phone",
    ),
    bug(
        "a column comes back as a larger integer",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("age", type_=sa.BigInteger(), existing_type=sa.Integer())
        """,
        "pass",
        "broken",
        "schema-changed",
        "users",
        "age",
    ),
    bug(
        "a column comes back nullable that was not",
        ORDERS,
        """
        op.execute("CREATE TABLE totals AS SELECT id, total FROM orders")
        op.drop_column("orders", "total")
        """,
        """
        op.add_column("orders", sa.Column("total", sa.Numeric(10, 2)))
        op.execute("UPDATE orders SET total = (SELECT t.total FROM totals t WHERE t.id = orders.id)")
        op.drop_table("totals")
        """,
        "broken",
        "schema-changed",
        "orders",
        "total",
    ),
    bug(
        "NOT NULL is dropped and not put back",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("name", nullable=True, existing_type=sa.String(50))
        """,
        "pass",
        "broken",
        "schema-changed",
        "users",
        "name",
    ),
    bug(
        "NOT NULL stays",
        MEMBERS,
        """
        op.execute("UPDATE members SET email = '' WHERE email IS NULL")
        with op.batch_alter_table("members") as batch_op:
            batch_op.alter_column("email", nullable=False, existing_type=sa.String(80))
        """,
        "pass",
        "broken",
        "schema-changed",
        "members",
        "email",
    ),
    bug(
        "a required column cannot come back where there are rows",
        USERS,
        'op.drop_column("users", "name")',
        'op.add_column("users", sa.Column("name", sa.String(50), nullable=False))',
        {SQLITE: "broken", POSTGRESQL: "broken", MARIADB: "lossy"},
        {SQLITE: "downgrade-failed", POSTGRESQL: "downgrade-failed", MARIADB: "rows-changed"},
    ),
    bug(
        "a required column comes back with one value for all",
        USERS,
        'op.drop_column("users", "name")',
        """
        op.add_column("users", sa.Column("name", sa.String(50), nullable=False, server_default="?"))
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("name", server_default=None, existing_type=sa.String(50), existing_nullable=False)
        """,
        "lossy",
        "rows-changed",
        "users",
        "name",
    ),
    bug(
        "a column comes back with a default that it did not have",
        USERS,
        SAVED_PHONES,
        steps(
            """
        op.add_column("users", sa.Column("phone", sa.String(20), server_default="none"))
        """,
            FETCH_PHONES,
        ),
        "broken",
        "schema-changed",
        "users",
        "phone",
    ),
    bug(
        "a default is lost",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("role", server_default=None, existing_type=sa.String(20), existing_nullable=False)
        """,
        "pass",
        "broken",
        "schema-changed",
        "users",
        "role",
    ),
    bug(
        "a default comes back with another value",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column(
                "role", server_default="visitor", existing_type=sa.String(20), existing_nullable=False
            )
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column(
                "role", server_default="Member", existing_type=sa.String(20), existing_nullable=False
            )
        """,
        "broken",
        "schema-changed",
        "users",
        "role",
    ),
    bug(
        "a renamed column keeps its new name",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("phone", new_column_name="mobile", existing_type=sa.String(20))
        """,
        "pass",
        "broken",
        "schema-missing schema-extra",
        "users",
        "phone",
    ),
    bug(
        "a rename is repeated instead of undone",
        USERS,
        'op.execute("ALTER TABLE users RENAME COLUMN phone TO mobile")',
        'op.execute("ALTER TABLE users RENAME COLUMN phone TO mobile")',
        "broken",
        "downgrade-failed",
    ),
    bug(
        "two renamed columns come back swapped",
        NAMES,
        """
        with op.batch_alter_table("people") as batch_op:
            batch_op.alter_column("first", new_column_name="given", existing_type=sa.String(30))
            batch_op.alter_column("last", new_column_name="family", existing_type=sa.String(30))
        """,
        """
        with op.batch_alter_table("people") as batch_op:
            batch_op.alter_column("given", new_column_name="last", existing_type=sa.String(30))
            batch_op.alter_column("family", new_column_name="first", existing_type=sa.String(30))
        """,
        "lossy",
        "rows-changed",
        "people",
    ),
    bug(
        "two columns merged and split at the first space",
        NAMES,
        """
        op.add_column("people", sa.Column("whole", sa.String(61)))
        people = sa.table("people", sa.column("id"), sa.column("first"), sa.column("last"), sa.column("whole"))
        bind = op.get_bind()
        for row in bind.execute(sa.select(people)).all():
            whole = f"{row.first or ''} {row.last or ''}"
            bind.execute(people.update().where(people.c.id == row.id).values(whole=whole))
        op.drop_column("people", "first")
        op.drop_column("people", "last")
        """,
        """
        op.add_column("people", sa.Column("first", sa.String(30)))
        op.add_column("people", sa.Column("last", sa.String(30)))
        people = sa.table("people", sa.column("id"), sa.column("first"), sa.column("last"), sa.column("whole"))
        bind = op.get_bind()
        for row in bind.execute(sa.select(people)).all():
            first, _, last = row.whole.partition(" ")
            values = {"first": first[:30] or None, "last": last[:30] or None}
            bind.execute(people.update().where(people.c.id == row.id).values(**values))
        op.drop_column("people", "whole")
        """,
        "lossy",
        "rows-changed",
        "people",
    ),
    bug(
        "a column moved to a table of its own, fetched back for some rows",
        USERS,
        """
        op.create_table("phones", sa.Column("user_id", sa.Integer()), sa.Column("number", sa.String(20)))
        op.execute("INSERT INTO phones (user_id, number) SELECT id, phone FROM users")
        op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute(
            "UPDATE users SET phone = (SELECT number FROM phones WHERE user_id = users.id AND number LIKE '+%')"
        )
        op.drop_table("phones")
        """,
        "lossy",
        "rows-changed",
        "users",
        "phone",
    ),
    bug(
        "a column backed up for adults alone",
        USERS,
        """
        op.execute("CREATE TABLE phones_backup AS SELECT id, phone FROM users WHERE age >= 18")
        op.drop_column("users", "phone")
        """,
        steps(
            """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        """,
            FETCH_PHONES,
        ),
        "lossy",
        "rows-changed",
        "users",
        "phone",
    ),
    bug(
        "a column fetched back by a key that is not unique",
        ORDERS,
        """
        op.execute("CREATE TABLE placed_backup AS SELECT customer, MAX(placed) AS placed FROM orders GROUP BY customer")
        op.drop_column("orders", "placed")
        """,
        """
        op.add_column("orders", sa.Column("placed", sa.Date()))
        op.execute(
            "UPDATE orders SET placed = (SELECT b.placed FROM placed_backup b WHERE b.customer = orders.customer)"
        )
        op.drop_table("placed_backup")
        """,
        "lossy",
        "rows-changed",
        "orders",
        "placed",
    ),
    bug(
        "the backup of a column is left behind",
        USERS,
        SAVED_PHONES,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute("UPDATE users SET phone = (SELECT b.phone FROM phones_backup b WHERE b.id = users.id)")
        """,
        "broken",
        "schema-extra",
        "phones_backup",
    ),
    bug(
        "a generated column comes back plain",
        sql(
            "CREATE TABLE boxes (id INTEGER PRIMARY KEY, w INTEGER, h INTEGER,"
            " area INTEGER GENERATED ALWAYS AS (w * 2) STORED)",
            "boxes",
            "INSERT INTO boxes (id, w, h) VALUES (1, 3, 4), (2, NULL, 1)",
        ),
        'op.drop_column("boxes", "area")',
        """
        op.add_column("boxes", sa.Column("area", sa.Integer()))
        op.execute("UPDATE boxes SET area = w * 2")
        """,
        "broken",
        "schema-changed",
        "boxes",
        "area",
    ),
    bug(
        "a generated column comes back with another expression",
        sql(
            "CREATE TABLE boxes (id INTEGER PRIMARY KEY, w INTEGER, h INTEGER, area INTEGER GENERATED ALWAYS AS (w * h) STORED)",
            "boxes",
            "INSERT INTO boxes (id, w, h) VALUES (1, 3, 4), (2, NULL, 1)",
        ),
        'op.drop_column("boxes", "area")',
        'op.add_column("boxes", sa.Column("area", sa.Integer(), sa.Computed("w + h", persisted=True)))',
        "broken",
        "schema-changed",
        "boxes",
        "area",
        databases=SERVERS,
    ),
    bug(
        "an identity is lost",
        sql(
            "CREATE TABLE tags (id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name VARCHAR(20))",
            "tags",
            "INSERT INTO tags (name) VALUES ('old')",
        ),
        'op.execute("ALTER TABLE tags ALTER COLUMN id DROP IDENTITY")',
        "pass",
        "broken",
        "schema-changed",
        "tags",
        "id",
        databases=(POSTGRESQL,),
    ),
    bug(
        "an identity comes back as BY DEFAULT",
        sql(
            "CREATE TABLE tags (id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name VARCHAR(20))",
            "tags",
            "INSERT INTO tags (name) VALUES ('old')",
        ),
        'op.execute("ALTER TABLE tags ALTER COLUMN id SET GENERATED BY DEFAULT")',
        "pass",
        "broken",
        "schema-changed",
        "tags",
        "id",
        databases=(POSTGRESQL,),
    ),
    bug(
        "a serial column loses its numbers",
        sql(
            "CREATE TABLE tags (id SERIAL PRIMARY KEY, name VARCHAR(20))",
            "tags",
            "INSERT INTO tags (name) VALUES ('old')",
        ),
        """
        op.execute("ALTER TABLE tags ALTER COLUMN id DROP DEFAULT")
        op.execute("DROP SEQUENCE tags_id_seq")
        """,
        "pass",
        "broken",
        "schema-changed schema-missing",
        "tags",
        databases=(POSTGRESQL,),
    ),
    bug(
        "AUTO_INCREMENT is lost",
        sql(
            "CREATE TABLE tags (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20))",
            "tags",
            "INSERT INTO tags (name) VALUES ('old')",
        ),
        'op.execute("ALTER TABLE tags MODIFY id INT NOT NULL")',
        "pass",
        "broken",
        "schema-changed",
        "tags",
        "id",
        databases=(MARIADB,),
    ),
    bug(
        "a column modified and back forgets its comment",
        sql(
            "CREATE TABLE tags (id INT PRIMARY KEY, name VARCHAR(20) COMMENT 'as shown')",
            "tags",
            "INSERT INTO tags VALUES (1, 'old')",
        ),
        "op.execute(\"ALTER TABLE tags MODIFY name VARCHAR(20) NOT NULL DEFAULT '' COMMENT 'as shown'\")",
        'op.execute("ALTER TABLE tags MODIFY name VARCHAR(20)")',
        "broken",
        "schema-changed",
        "tags",
        "name",
        databases=(MARIADB,),
    ),
    bug(
        "ON UPDATE CURRENT_TIMESTAMP is lost",
        sql(
            "CREATE TABLE tags (id INT PRIMARY KEY, changed TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP"
            " ON UPDATE CURRENT_TIMESTAMP)",
            "tags",
            "INSERT INTO tags VALUES (1, '2001-01-01 00:00:00')",
        ),
        'op.execute("ALTER TABLE tags MODIFY changed DATETIME NULL")',
        'op.execute("ALTER TABLE tags MODIFY changed TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP")',
        "broken",
        "schema-changed",
        "tags",
        "changed",
        databases=(MARIADB,),
    ),
    bug(
        "a batch forgets AUTOINCREMENT",
        sql(
            "CREATE TABLE tags (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(20))",
            "tags",
            "INSERT INTO tags (name) VALUES ('old')",
        ),
        """
        with op.batch_alter_table("tags", recreate="always") as batch_op:
            batch_op.add_column(sa.Column("size", sa.Integer()))
        """,
        'op.drop_column("tags", "size")',
        "broken",
        "schema-changed",
        "tags",
        databases=(SQLITE,),
    ),
    bug(
        "a collation is lost",
        sql(
            'CREATE TABLE tags (id INTEGER PRIMARY KEY, name VARCHAR(20) COLLATE "C")',
            "tags",
            "INSERT INTO tags VALUES (1, 'old')",
        ),
        'op.execute("ALTER TABLE tags ALTER COLUMN name TYPE TEXT")',
        'op.execute("ALTER TABLE tags ALTER COLUMN name TYPE VARCHAR(20)")',
        "broken",
        "schema-changed",
        "tags",
        "name",
        databases=(POSTGRESQL,),
    ),
    bug(
        "a batch forgets COLLATE NOCASE",
        sql(
            "CREATE TABLE tags (id INTEGER PRIMARY KEY, name VARCHAR(20) COLLATE NOCASE)",
            "tags",
            "INSERT INTO tags VALUES (1, 'old')",
        ),
        """
        with op.batch_alter_table("tags", recreate="always") as batch_op:
            batch_op.add_column(sa.Column("size", sa.Integer()))
        """,
        'op.drop_column("tags", "size")',
        "broken",
        "schema-changed",
        "tags",
        "name",
        databases=(SQLITE,),
    ),
    bug(
        "a column comes back with the collation of the table",
        sql(
            "CREATE TABLE tags (id INT PRIMARY KEY, name VARCHAR(20) COLLATE utf8mb4_bin NOT NULL)",
            "tags",
            "INSERT INTO tags VALUES (1, 'old')",
        ),
        'op.alter_column("tags", "name", type_=sa.String(20), existing_type=sa.String(20), nullable=True)',
        'op.alter_column("tags", "name", existing_type=sa.String(20), nullable=False)',
        "broken",
        "schema-changed",
        "tags",
        "name",
        databases=(MARIADB,),
    ),
    bug(
        "a comment is changed and not put back",
        table(
            """
            op.create_table(
                "tags",
                sa.Column("id", sa.Integer(), primary_key=True),
                sa.Column("name", sa.String(20), comment="as shown"),
                comment="all tags",
            )
            """,
            "tags",
            "INSERT INTO tags (id, name) VALUES (1, 'old')",
        ),
        """
        op.alter_column(
            "tags", "name", comment="as typed", existing_type=sa.String(20), existing_comment="as shown"
        )
        """,
        "pass",
        "broken",
        "schema-changed",
        "tags",
        databases=SERVERS,
    ),
    bug(
        "the comment of a table is lost",
        table(
            """
            op.create_table(
                "tags",
                sa.Column("id", sa.Integer(), primary_key=True),
                sa.Column("name", sa.String(20)),
                comment="all tags",
            )
            """,
            "tags",
            "INSERT INTO tags (id, name) VALUES (1, 'old')",
        ),
        'op.drop_table_comment("tags", existing_comment="all tags")',
        "pass",
        "broken",
        "schema-changed",
        "tags",
        databases=SERVERS,
    ),
    right(
        "a column backed up and fetched back",
        USERS,
        SAVED_PHONES,
        steps(
            """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        """,
            FETCH_PHONES,
        ),
    ),
    right(
        "columns come back in another order",
        USERS,
        """
        op.execute("CREATE TABLE saved AS SELECT id, name, age FROM users")
        op.drop_column("users", "age")
        """,
        """
        op.add_column("users", sa.Column("age", sa.Integer()))
        op.execute("UPDATE users SET age = (SELECT s.age FROM saved s WHERE s.id = users.id)")
        op.drop_table("saved")
        """,
    ),
    right(
        "a chain of renames that swaps two columns and back",
        NAMES,
        """
        op.execute("ALTER TABLE people RENAME COLUMN first TO tmp")
        op.execute("ALTER TABLE people RENAME COLUMN last TO first")
        op.execute("ALTER TABLE people RENAME COLUMN tmp TO last")
        """,
        """
        op.execute("ALTER TABLE people RENAME COLUMN first TO tmp")
        op.execute("ALTER TABLE people RENAME COLUMN last TO first")
        op.execute("ALTER TABLE people RENAME COLUMN tmp TO last")
        """,
    ),
    right(
        "two columns merged with a length in front and split by it",
        NAMES,
        """
        op.add_column("people", sa.Column("whole", sa.String(80)))
        people = sa.table("people", sa.column("id"), sa.column("first"), sa.column("last"), sa.column("whole"))
        bind = op.get_bind()
        for row in bind.execute(sa.select(people)).all():
            first = "-" if row.first is None else f"{len(row.first)}:{row.first}"
            last = "-" if row.last is None else f"+{row.last}"
            bind.execute(people.update().where(people.c.id == row.id).values(whole=first + last))
        op.drop_column("people", "first")
        op.drop_column("people", "last")
        """,
        """
        op.add_column("people", sa.Column("first", sa.String(30)))
        op.add_column("people", sa.Column("last", sa.String(30)))
        people = sa.table("people", sa.column("id"), sa.column("first"), sa.column("last"), sa.column("whole"))
        bind = op.get_bind()
        for row in bind.execute(sa.select(people).where(people.c.whole.is_not(None))).all():
            if row.whole.startswith("-"):
                first, rest = None, row.whole[1:]
            else:
                length, _, rest = row.whole.partition(":")
                if not length.isdigit():
                    continue
                first, rest = rest[: int(length)], rest[int(length) :]
            last = rest[1:] if rest.startswith("+") else None
            bind.execute(people.update().where(people.c.id == row.id).values(first=first, last=last))
        op.drop_column("people", "whole")
        """,
    ),
    right(
        "a new column filled from the others",
        USERS,
        """
        op.add_column("users", sa.Column("label", sa.String(80)))
        op.execute("UPDATE users SET label = name WHERE phone IS NULL")
        op.execute("UPDATE users SET label = phone WHERE phone IS NOT NULL AND role = 'admin'")
        """,
        'op.drop_column("users", "label")',
    ),
    right(
        "a new required column filled in three steps",
        USERS,
        """
        op.add_column("users", sa.Column("kind", sa.String(10)))
        op.execute("UPDATE users SET kind = 'person'")
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("kind", nullable=False, existing_type=sa.String(10))
        """,
        'op.drop_column("users", "kind")',
    ),
    right(
        "a column moved to a table of its own and back",
        USERS,
        """
        op.create_table("phones", sa.Column("user_id", sa.Integer(), primary_key=True), sa.Column("number", sa.String(20)))
        op.execute("INSERT INTO phones (user_id, number) SELECT id, phone FROM users WHERE phone IS NOT NULL")
        op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute("UPDATE users SET phone = (SELECT number FROM phones WHERE user_id = users.id)")
        op.drop_table("phones")
        """,
    ),
    right(
        "a generated column dropped and made again",
        sql(
            "CREATE TABLE boxes (id INTEGER PRIMARY KEY, w INTEGER, h INTEGER, area INTEGER GENERATED ALWAYS AS (w + h) STORED)",
            "boxes",
            "INSERT INTO boxes (id, w, h) VALUES (1, 3, 4), (2, NULL, 1)",
        ),
        'op.drop_column("boxes", "area")',
        'op.execute("ALTER TABLE boxes ADD COLUMN area INTEGER GENERATED ALWAYS AS (w + h) STORED")',
        databases=SERVERS,
    ),
    right(
        "a plain key becomes an identity and a plain key again",
        sql(
            "CREATE TABLE tags (id INTEGER PRIMARY KEY, name VARCHAR(20))",
            "tags",
            "INSERT INTO tags VALUES (7, 'old')",
        ),
        """
        op.execute("ALTER TABLE tags ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY")
        op.execute("SELECT setval(pg_get_serial_sequence('tags', 'id'), coalesce(max(id), 1)) FROM tags WHERE id > 0")
        """,
        'op.execute("ALTER TABLE tags ALTER COLUMN id DROP IDENTITY")',
        databases=(POSTGRESQL,),
    ),
    right(
        "a column with a default added through SQL, dropped through the API",
        ORDERS,
        "op.execute(\"ALTER TABLE orders ADD COLUMN currency VARCHAR(3) DEFAULT 'EUR' NOT NULL\")",
        'op.drop_column("orders", "currency")',
    ),
]
