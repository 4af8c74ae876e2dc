"""Columns added, dropped, renamed, moved, generated."""

from tests.truth.case import ALL, MARIADB, POSTGRESQL, SQLITE, Case
from tests.truth.givens import ORDER_ROWS, ORDERS, ROLE_ROWS, ROLES, USER_ROWS, USERS, steps

CASES = [
    Case(
        "a column added and dropped",
        USERS,
        'op.add_column("users", sa.Column("email", sa.String(80), nullable=True))',
        'op.drop_column("users", "email")',
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "an added column is left",
        USERS,
        """
        op.add_column("users", sa.Column("email", sa.String(80)))
        op.add_column("users", sa.Column("city", sa.String(80)))
        """,
        'op.drop_column("users", "email")',
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.city"],
    ),
    Case(
        "a dropped column comes back empty",
        USERS,
        'op.drop_column("users", "phone")',
        'op.add_column("users", sa.Column("phone", sa.String(20), nullable=True))',
        truth="lossy",
        rows=USER_ROWS,
        databases=ALL,
        kinds=["column users.phone"],
    ),
    Case(
        "a dropped column does not come back",
        USERS,
        'op.drop_column("users", "phone")',
        "pass",
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "a NOT NULL column comes back NOT NULL without default",
        USERS,
        'op.drop_column("users", "name")',
        'op.add_column("users", sa.Column("name", sa.String(50), nullable=False))',
        truth={SQLITE: "broken", POSTGRESQL: "broken", MARIADB: "lossy"},
        says={MARIADB: "lossy broken"},
        rows=USER_ROWS,
        databases=ALL,
        kinds=["column users.name"],
    ),
    Case(
        "a NOT NULL column comes back with one value for all",
        USERS,
        'op.drop_column("users", "name")',
        """
        op.add_column("users", sa.Column("name", sa.String(50), nullable=False, server_default="?"))
        op.alter_column("users", "name", server_default=None)
        """,
        truth="lossy",
        rows=USER_ROWS,
        databases=(POSTGRESQL,),
        kinds=["column users.name"],
    ),
    Case(
        "a column comes back with a default that it did not have",
        USERS,
        'op.drop_column("users", "name")',
        'op.add_column("users", sa.Column("name", sa.String(50), nullable=False, server_default="?"))',
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.name"],
    ),
    Case(
        "a column comes back narrower",
        USERS,
        'op.drop_column("users", "phone")',
        'op.add_column("users", sa.Column("phone", sa.String(10)))',
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "a column comes back nullable that was not",
        ORDERS,
        'op.drop_column("orders", "customer")',
        'op.add_column("orders", sa.Column("customer", sa.String(40)))',
        truth="broken",
        rows=ORDER_ROWS,
        kinds=["column orders.customer"],
    ),
    Case(
        "a column renamed and back",
        USERS,
        'op.alter_column("users", "phone", new_column_name="mobile")',
        'op.alter_column("users", "mobile", new_column_name="phone")',
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "a column renamed and back on MariaDB",
        USERS,
        """
        op.alter_column(
            "users", "phone", new_column_name="mobile", existing_type=sa.String(20), existing_nullable=True
        )
        """,
        """
        op.alter_column(
            "users", "mobile", new_column_name="phone", existing_type=sa.String(20), existing_nullable=True
        )
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=(MARIADB,),
    ),
    Case(
        "a column renamed through SQL and back",
        USERS,
        'op.execute("ALTER TABLE users RENAME COLUMN phone TO mobile")',
        'op.execute("ALTER TABLE users RENAME COLUMN mobile TO phone")',
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "a renamed column keeps its new name",
        USERS,
        'op.alter_column("users", "phone", new_column_name="mobile")',
        "pass",
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "the rename is repeated instead of undone",
        USERS,
        'op.alter_column("users", "phone", new_column_name="mobile")',
        'op.alter_column("users", "phone", new_column_name="mobile")',
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "one of two renamed columns keeps its new name",
        USERS,
        """
        op.alter_column("users", "phone", new_column_name="mobile")
        op.alter_column("users", "age", new_column_name="years")
        """,
        'op.alter_column("users", "mobile", new_column_name="phone")',
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.age"],
    ),
    Case(
        "two columns change names through a third and back",
        ROLES,
        """
        op.alter_column("members", "id", new_column_name="tmp")
        op.alter_column("members", "role_id", new_column_name="id")
        op.alter_column("members", "tmp", new_column_name="role_id")
        """,
        """
        op.alter_column("members", "role_id", new_column_name="tmp")
        op.alter_column("members", "id", new_column_name="role_id")
        op.alter_column("members", "tmp", new_column_name="id")
        """,
        truth="reversible",
        rows=ROLE_ROWS,
    ),
    Case(
        "two columns of one type exchanged and never back",
        """
        op.create_table(
            "routes",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("start", sa.String(20)),
            sa.Column("goal", sa.String(20)),
        )
        """,
        """
        op.alter_column("routes", "start", new_column_name="tmp")
        op.alter_column("routes", "goal", new_column_name="start")
        op.alter_column("routes", "tmp", new_column_name="goal")
        """,
        "pass",
        truth="lossy",
        says="lossy broken",
        rows=["INSERT INTO routes VALUES (1, 'Rome', 'Oslo')"],
        kinds=["column routes.start", "column routes.goal"],
    ),
    Case(
        "a rename as add, copy and drop, the same way back",
        USERS,
        """
        op.add_column("users", sa.Column("mobile", sa.String(20)))
        op.execute("UPDATE users SET mobile = phone")
        op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute("UPDATE users SET phone = mobile")
        op.drop_column("users", "mobile")
        """,
        truth="reversible",
        says="reversible plausible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "a rename as add, copy and drop, back without the copy",
        USERS,
        """
        op.add_column("users", sa.Column("mobile", sa.String(20)))
        op.execute("UPDATE users SET mobile = phone")
        op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.drop_column("users", "mobile")
        """,
        truth="lossy",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "a rename as add and drop without any copy",
        USERS,
        """
        op.add_column("users", sa.Column("mobile", sa.String(20)))
        op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.drop_column("users", "mobile")
        """,
        truth="lossy",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "copied into a narrower column and back",
        ORDERS,
        """
        op.add_column("orders", sa.Column("short_note", sa.String(3)))
        op.execute("UPDATE orders SET short_note = substr(note, 1, 3)")
        op.drop_column("orders", "note")
        """,
        """
        op.add_column("orders", sa.Column("note", sa.Text()))
        op.execute("UPDATE orders SET note = short_note")
        op.drop_column("orders", "short_note")
        """,
        truth="lossy",
        says="lossy plausible",
        rows=ORDER_ROWS,
        kinds=["column orders.note"],
    ),
    Case(
        "only some rows are copied aside",
        USERS,
        """
        op.add_column("users", sa.Column("mobile", sa.String(20)))
        op.execute("UPDATE users SET mobile = phone WHERE age > 18")
        op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute("UPDATE users SET phone = mobile")
        op.drop_column("users", "mobile")
        """,
        truth="lossy",
        says="lossy plausible",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "the copy back comes after the drop",
        USERS,
        """
        op.add_column("users", sa.Column("mobile", sa.String(20)))
        op.execute("UPDATE users SET mobile = phone")
        op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.drop_column("users", "mobile")
        op.execute("UPDATE users SET phone = mobile")
        """,
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.mobile"],
        unseen=True,
    ),
    Case(
        "a dropped column comes back without its index",
        steps(USERS, 'op.create_index("ix_users_phone", "users", ["phone"])'),
        'op.drop_column("users", "phone")',
        'op.add_column("users", sa.Column("phone", sa.String(20)))',
        truth="broken",
        rows=USER_ROWS,
        databases=(POSTGRESQL,),
        kinds=["index users.ix_users_phone", "column users.phone"],
    ),
    Case(
        "a renamed column takes its index along and back",
        steps(USERS, 'op.create_index("ix_users_phone", "users", ["phone"])'),
        'op.alter_column("users", "phone", new_column_name="mobile")',
        'op.alter_column("users", "mobile", new_column_name="phone")',
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "columns of a list added and dropped in loops",
        USERS,
        """
        for name in COLUMNS:
            op.add_column("users", sa.Column(name, sa.String(length=40), nullable=True))
        """,
        """
        for name in reversed(COLUMNS):
            op.drop_column("users", name)
        """,
        truth="reversible",
        rows=USER_ROWS,
        module='COLUMNS = ["street", "city", "zip"]',
    ),
    Case(
        "an added column with foreign key, dropped",
        ROLES,
        """
        op.add_column(
            "members", sa.Column("boss_id", sa.Integer(), sa.ForeignKey("members.id", name="fk_boss"))
        )
        """,
        'op.drop_column("members", "boss_id")',
        truth="reversible",
        rows=ROLE_ROWS,
        databases=(POSTGRESQL,),
    ),
    Case(
        "an added unique column, dropped",
        USERS,
        'op.add_column("users", sa.Column("login", sa.String(30), unique=True))',
        'op.drop_column("users", "login")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(POSTGRESQL,),
    ),
    Case(
        "an added indexed column, dropped",
        USERS,
        """
        op.add_column("users", sa.Column("login", sa.String(30), index=True))
        """,
        """
        op.drop_index("ix_users_login", table_name="users")
        op.drop_column("users", "login")
        """,
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "a column moved to another table and back",
        ORDERS,
        """
        op.create_table(
            "order_notes",
            sa.Column("order_id", sa.Integer(), primary_key=True),
            sa.Column("note", sa.Text()),
        )
        op.execute("INSERT INTO order_notes (order_id, note) SELECT id, note FROM orders")
        op.drop_column("orders", "note")
        """,
        """
        op.add_column("orders", sa.Column("note", sa.Text()))
        op.execute(
            "UPDATE orders SET note = (SELECT n.note FROM order_notes n WHERE n.order_id = orders.id)"
        )
        op.drop_table("order_notes")
        """,
        truth="reversible",
        says="reversible plausible",
        rows=ORDER_ROWS,
    ),
    Case(
        "a column moved to another table and not back",
        ORDERS,
        """
        op.create_table(
            "order_notes",
            sa.Column("order_id", sa.Integer(), primary_key=True),
            sa.Column("note", sa.Text()),
        )
        op.execute("INSERT INTO order_notes (order_id, note) SELECT id, note FROM orders")
        op.drop_column("orders", "note")
        """,
        """
        op.drop_table("order_notes")
        op.add_column("orders", sa.Column("note", sa.Text()))
        """,
        truth="lossy",
        rows=ORDER_ROWS,
        kinds=["column orders.note"],
    ),
    Case(
        "a name split in two and joined again, which does not always fit",
        USERS,
        """
        op.add_column("users", sa.Column("first_name", sa.String(50)))
        op.add_column("users", sa.Column("last_name", sa.String(50)))
        op.execute(
            "UPDATE users SET first_name = split_part(name, ' ', 1), last_name = split_part(name, ' ', 2)"
        )
        op.drop_column("users", "name")
        """,
        """
        op.add_column("users", sa.Column("name", sa.String(50)))
        op.execute("UPDATE users SET name = first_name || ' ' || last_name")
        op.alter_column("users", "name", nullable=False)
        op.drop_column("users", "first_name")
        op.drop_column("users", "last_name")
        """,
        truth="lossy",
        says="lossy plausible",
        rows=[*USER_ROWS, "INSERT INTO users (id, name) VALUES (9, 'Ada Mary King')"],
        databases=(POSTGRESQL,),
        kinds=["column users.name"],
    ),
    Case(
        "two columns joined in one, and the parts are gone",
        """
        op.create_table(
            "persons",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("first", sa.String(30)),
            sa.Column("last", sa.String(30)),
        )
        """,
        """
        op.add_column("persons", sa.Column("name", sa.String(61)))
        op.execute("UPDATE persons SET name = first || ' ' || last")
        op.drop_column("persons", "first")
        op.drop_column("persons", "last")
        """,
        """
        op.add_column("persons", sa.Column("first", sa.String(30)))
        op.add_column("persons", sa.Column("last", sa.String(30)))
        op.execute("UPDATE persons SET last = name")
        op.drop_column("persons", "name")
        """,
        truth="lossy",
        rows=["INSERT INTO persons VALUES (1, 'Ada', 'King')"],
        kinds=["column persons.first", "column persons.last"],
    ),
    Case(
        "a stored generated column added and dropped",
        ORDERS,
        """
        op.add_column(
            "orders", sa.Column("gross", sa.Numeric(12, 2), sa.Computed("total * 2", persisted=True))
        )
        """,
        'op.drop_column("orders", "gross")',
        truth="reversible",
        rows=ORDER_ROWS,
        databases=(POSTGRESQL,),
    ),
    Case(
        "a virtual generated column added and dropped",
        ORDERS,
        """
        op.add_column("orders", sa.Column("twice", sa.Integer(), sa.Computed("id * 2", persisted=False)))
        """,
        'op.drop_column("orders", "twice")',
        truth="reversible",
        rows=ORDER_ROWS,
        databases=(SQLITE, MARIADB),
    ),
    Case(
        "a generated column dropped comes back by itself",
        """
        op.create_table(
            "boxes",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("side", sa.Integer(), nullable=False),
            sa.Column("area", sa.Integer(), sa.Computed("side * side", persisted=True)),
        )
        """,
        'op.drop_column("boxes", "area")',
        'op.add_column("boxes", sa.Column("area", sa.Integer(), sa.Computed("side * side", persisted=True)))',
        truth="reversible",
        rows=["INSERT INTO boxes (id, side) VALUES (1, 3), (2, 5)"],
        databases=(POSTGRESQL,),
    ),
    Case(
        "a generated column comes back as a plain one",
        """
        op.create_table(
            "boxes",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("side", sa.Integer(), nullable=False),
            sa.Column("area", sa.Integer(), sa.Computed("side * side", persisted=True)),
        )
        """,
        'op.drop_column("boxes", "area")',
        'op.add_column("boxes", sa.Column("area", sa.Integer()))',
        truth="broken",
        rows=["INSERT INTO boxes (id, side) VALUES (1, 3), (2, 5)"],
        databases=(POSTGRESQL,),
        kinds=["column boxes.area"],
    ),
    Case(
        "DROP EXPRESSION makes a plain column and nothing generates it again",
        """
        op.create_table(
            "boxes",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("side", sa.Integer(), nullable=False),
            sa.Column("area", sa.Integer(), sa.Computed("side * side", persisted=True)),
        )
        """,
        'op.execute("ALTER TABLE boxes ALTER COLUMN area DROP EXPRESSION")',
        "pass",
        truth="broken",
        rows=["INSERT INTO boxes (id, side) VALUES (1, 3), (2, 5)"],
        databases=(POSTGRESQL,),
        kinds=["column boxes.area"],
    ),
    Case(
        "an identity added to a column and removed",
        USERS,
        """
        op.alter_column("users", "id", existing_type=sa.Integer(), server_default=None)
        op.execute("ALTER TABLE users ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (START WITH 100)")
        """,
        'op.execute("ALTER TABLE users ALTER COLUMN id DROP IDENTITY")',
        truth="broken",
        rows=USER_ROWS,
        databases=(POSTGRESQL,),
        kinds=["column users.id"],
    ),
    Case(
        "an identity added to a plain column and removed",
        """
        op.create_table(
            "counters",
            sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
            sa.Column("label", sa.String(5)),
        )
        """,
        """
        op.execute(
            "ALTER TABLE counters ALTER COLUMN n ADD GENERATED BY DEFAULT AS IDENTITY (START WITH 100)"
        )
        """,
        'op.execute("ALTER TABLE counters ALTER COLUMN n DROP IDENTITY")',
        truth="reversible",
        rows=["INSERT INTO counters VALUES (1, 'a')"],
        databases=(POSTGRESQL,),
    ),
    Case(
        "an identity column stays one",
        """
        op.create_table(
            "counters",
            sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
            sa.Column("label", sa.String(5)),
        )
        """,
        'op.execute("ALTER TABLE counters ALTER COLUMN n ADD GENERATED ALWAYS AS IDENTITY (START WITH 100)")',
        "pass",
        truth="broken",
        rows=["INSERT INTO counters VALUES (1, 'a')"],
        databases=(POSTGRESQL,),
        kinds=["column counters.n"],
    ),
    Case(
        "several columns in one ALTER TABLE",
        USERS,
        """
        op.execute(
            "ALTER TABLE users ADD COLUMN street varchar(80), ADD COLUMN zip char(5) DEFAULT '00000' NOT NULL"
        )
        """,
        'op.execute("ALTER TABLE users DROP COLUMN street, DROP COLUMN zip")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(POSTGRESQL, MARIADB),
    ),
    Case(
        "DROP COLUMN IF EXISTS drops what is there",
        USERS,
        'op.execute("ALTER TABLE users DROP COLUMN IF EXISTS phone")',
        'op.execute("ALTER TABLE users ADD COLUMN IF NOT EXISTS phone varchar(20)")',
        truth="lossy",
        rows=USER_ROWS,
        databases=(POSTGRESQL, MARIADB),
        kinds=["column users.phone"],
    ),
    Case(
        "ADD COLUMN IF NOT EXISTS of an old column, which the downgrade drops",
        USERS,
        'op.add_column("users", sa.Column("phone", sa.String(20)), if_not_exists=True)',
        'op.drop_column("users", "phone", if_exists=True)',
        truth="broken",
        rows=USER_ROWS,
        databases=(POSTGRESQL,),
        kinds=["column users.phone"],
    ),
    Case(
        "the downgrade drops a column of another name",
        USERS,
        'op.add_column("users", sa.Column("e_mail", sa.String(80)))',
        'op.drop_column("users", "email")',
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.e_mail"],
    ),
    Case(
        "a primary key column of an id swap is rebuilt by its old values",
        ROLES,
        """
        op.add_column("members", sa.Column("new_id", sa.BigInteger()))
        op.execute("UPDATE members SET new_id = id")
        """,
        'op.drop_column("members", "new_id")',
        truth="reversible",
        rows=ROLE_ROWS,
    ),
    Case(
        "an added NOT NULL column with default, dropped",
        USERS,
        """
        op.add_column("users", sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False))
        """,
        'op.drop_column("users", "active")',
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "a column with an inline reference, dropped",
        ROLES,
        """
        op.add_column(
            "members",
            sa.Column("second_role", sa.Integer(), sa.ForeignKey("roles.id")),
            inline_references=True,
        )
        """,
        'op.drop_column("members", "second_role")',
        truth="reversible",
        rows=ROLE_ROWS,
        databases=(POSTGRESQL,),
    ),
    Case(
        "two dropped columns, one comes back with its data, the other empty",
        USERS,
        """
        op.add_column("users", sa.Column("mobile", sa.String(20)))
        op.execute(sa.text("UPDATE users SET mobile = phone"))
        op.drop_column("users", "phone")
        op.drop_column("users", "age")
        """,
        """
        op.add_column("users", sa.Column("age", sa.Integer()))
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute(sa.text("UPDATE users SET phone = mobile"))
        op.drop_column("users", "mobile")
        """,
        truth="lossy",
        rows=USER_ROWS,
        kinds=["column users.age"],
    ),
    Case(
        "drop_column is given a Column in the place of its name",
        USERS,
        'op.add_column("users", sa.Column("email", sa.String(80)))',
        'op.drop_column("users", sa.Column("email", sa.String(80)))',
        truth="broken",
        rows=USER_ROWS,
    ),
]
