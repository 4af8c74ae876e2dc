"""Types changed and changed back: what the way through the other type costs, and what stays changed."""

from tests.dynamic.catalogue.case import LIGHT, MARIADB, POSTGRESQL, SERVERS, SQLITE, Case, bug, right
from tests.dynamic.catalogue.givens import ORDERS, USERS, sql, table


def through(
    name: str,
    old: str,
    new: str,
    values: str,
    databases: tuple[str, ...] = (POSTGRESQL,),
    there: str = "",
    back: str = "",
) -> Case:
    """Returns a case that takes a column to another type and back by ALTER TABLE."""
    modify = "MODIFY v {}" if databases == (MARIADB,) else "ALTER COLUMN v TYPE {}"
    create = f"CREATE TABLE things (id INTEGER PRIMARY KEY, v {old})"
    return bug(
        name,
        sql(create, "things", f"INSERT INTO things (id, v) VALUES {values}"),
        f'op.execute("ALTER TABLE things {modify.format(new)}{there}")',
        f'op.execute("ALTER TABLE things {modify.format(old)}{back}")',
        "lossy",
        "rows-changed",
        "things",
        "v",
        databases=databases,
    )


CASES = [
    through(
        "a text cut to five characters",
        "TEXT",
        "VARCHAR(5)",
        "(1, 'longer than five'), (2, 'ab')",
        there=" USING left(v, 5)",
    ),
    bug(
        "texts cut to the new length",
        USERS,
        """
        op.execute("UPDATE users SET phone = substr(phone, 1, 4)")
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("phone", type_=sa.String(4), existing_type=sa.String(20))
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("phone", type_=sa.String(20), existing_type=sa.String(4))
        """,
        "lossy",
        "rows-changed",
        "users",
        "phone",
    ),
    through(
        "digits behind the point cut off",
        "NUMERIC(10, 4)",
        "NUMERIC(10, 2)",
        "(1, 1.2345), (2, 7)",
        there=" USING trunc(v, 2)",
    ),
    bug(
        "digits behind the point cut off by MariaDB",
        sql(
            "CREATE TABLE things (id INTEGER PRIMARY KEY, v DECIMAL(10, 4))",
            "things",
            "INSERT INTO things (id, v) VALUES (1, 1.2345), (2, 7)",
        ),
        """
        op.execute("UPDATE things SET v = truncate(v, 2)")
        op.execute("ALTER TABLE things MODIFY v DECIMAL(10, 2)")
        """,
        'op.execute("ALTER TABLE things MODIFY v DECIMAL(10, 4)")',
        "lossy",
        "rows-changed",
        "things",
        "v",
        databases=(MARIADB,),
    ),
    through(
        "microseconds cut off", "TIMESTAMP", "TIMESTAMP(0)", "(1, '2024-05-06 07:08:09.123456'), (2, NULL)"
    ),
    through(
        "microseconds cut off by MariaDB",
        "DATETIME(6)",
        "DATETIME",
        "(1, '2024-05-06 07:08:09.123456'), (2, NULL)",
        (MARIADB,),
    ),
    through("the time of day cut off", "TIMESTAMP", "DATE", "(1, '2024-05-06 07:08:09'), (2, NULL)"),
    through(
        "numbers turned into truth values",
        "INTEGER",
        "BOOLEAN",
        "(1, 5), (2, 0), (3, NULL)",
        there=" USING v <> 0",
        back=" USING v::integer",
    ),
    through("a double turned into a real", "DOUBLE PRECISION", "REAL", "(1, 0.1), (2, 123456.789)"),
    through(
        "a double turned into an integer",
        "DOUBLE PRECISION",
        "INTEGER",
        "(1, 1.5), (2, 2)",
        there=" USING (CASE WHEN abs(v) < 1000000 THEN v END)::integer",
    ),
    through("trailing blanks lost in CHAR", "VARCHAR(8)", "CHAR(8)", "(1, 'ab  '), (2, 'ab')"),
    through(
        "JSON loses its blanks and its order",
        "JSON",
        "JSONB",
        '(1, \'{"b": 1,   "a": 2}\'), (2, NULL)',
    ),
    through(
        "an address loses its net",
        "CIDR",
        "INET",
        "(1, '10.0.0.0/8'), (2, NULL)",
        there=" USING host(v)::inet",
    ),
    through(
        "an array reduced to its first value",
        "INTEGER[]",
        "INTEGER",
        "(1, '{1,2}'), (2, '{}'), (3, NULL)",
        there=" USING v[1]",
        back=" USING ARRAY[v]",
    ),
    bug(
        "a text turned into a number on SQLite",
        sql(
            "CREATE TABLE things (id INTEGER PRIMARY KEY, v VARCHAR(10))",
            "things",
            "INSERT INTO things VALUES (1, '007'), (2, 'x')",
        ),
        """
        with op.batch_alter_table("things") as batch_op:
            batch_op.alter_column("v", type_=sa.Integer(), existing_type=sa.String(10))
        """,
        """
        with op.batch_alter_table("things") as batch_op:
            batch_op.alter_column("v", type_=sa.String(10), existing_type=sa.Integer())
        """,
        "lossy",
        "rows-changed",
        "things",
        "v",
        databases=(SQLITE,),
    ),
    bug(
        "a type is not changed back",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("phone", type_=sa.String(40), existing_type=sa.String(20))
        """,
        "pass",
        "broken",
        "schema-changed",
        "users",
        "phone",
    ),
    bug(
        "a number comes back with fewer digits",
        ORDERS,
        """
        with op.batch_alter_table("orders") as batch_op:
            batch_op.alter_column(
                "total", type_=sa.Numeric(14, 2), existing_type=sa.Numeric(10, 2), existing_nullable=False
            )
        """,
        """
        with op.batch_alter_table("orders") as batch_op:
            batch_op.alter_column(
                "total", type_=sa.Numeric(12, 2), existing_type=sa.Numeric(14, 2), existing_nullable=False
            )
        """,
        "broken",
        "schema-changed",
        "orders",
        "total",
    ),
    bug(
        "a time zone is not taken away again",
        sql(
            "CREATE TABLE things (id INTEGER PRIMARY KEY, v TIMESTAMP)",
            "things",
            "INSERT INTO things VALUES (1, '2024-05-06 07:08:09')",
        ),
        "op.execute(\"ALTER TABLE things ALTER COLUMN v TYPE TIMESTAMPTZ USING v AT TIME ZONE 'UTC'\")",
        "pass",
        "broken",
        "schema-changed",
        "things",
        "v",
        databases=(POSTGRESQL,),
    ),
    bug(
        "UNSIGNED is lost",
        sql(
            "CREATE TABLE things (id INTEGER PRIMARY KEY, v INT UNSIGNED)",
            "things",
            "INSERT INTO things VALUES (1, 7)",
        ),
        'op.execute("ALTER TABLE things MODIFY v BIGINT UNSIGNED")',
        """
        op.execute("UPDATE things SET v = NULL WHERE v > 2147483647")
        op.execute("ALTER TABLE things MODIFY v INT")
        """,
        "broken",
        "schema-changed",
        "things",
        "v",
        databases=(MARIADB,),
    ),
    right(
        "a text widened, cut before it is narrowed",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("phone", type_=sa.String(40), existing_type=sa.String(20))
        """,
        """
        op.execute("UPDATE users SET phone = substr(phone, 1, 20) WHERE length(phone) > 20")
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("phone", type_=sa.String(20), existing_type=sa.String(40))
        """,
        databases=LIGHT,
    ),
    right(
        "an integer widened, cleaned before it is narrowed",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("age", type_=sa.BigInteger(), existing_type=sa.Integer())
        """,
        """
        op.execute("UPDATE users SET age = NULL WHERE age > 2147483647 OR age < -2147483648")
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("age", type_=sa.Integer(), existing_type=sa.BigInteger())
        """,
    ),
    right(
        "a timestamp given a time zone and back",
        sql(
            "CREATE TABLE things (id INTEGER PRIMARY KEY, v TIMESTAMP)",
            "things",
            "INSERT INTO things VALUES (1, '2024-05-06 07:08:09.123')",
        ),
        "op.execute(\"ALTER TABLE things ALTER COLUMN v TYPE TIMESTAMPTZ USING v AT TIME ZONE 'UTC'\")",
        "op.execute(\"ALTER TABLE things ALTER COLUMN v TYPE TIMESTAMP USING v AT TIME ZONE 'UTC'\")",
        databases=(POSTGRESQL,),
    ),
    right(
        "truth values turned into numbers and back",
        sql(
            "CREATE TABLE things (id INTEGER PRIMARY KEY, v BOOLEAN)",
            "things",
            "INSERT INTO things VALUES (1, true), (2, false), (3, NULL)",
        ),
        'op.execute("ALTER TABLE things ALTER COLUMN v TYPE INTEGER USING v::integer")',
        'op.execute("ALTER TABLE things ALTER COLUMN v TYPE BOOLEAN USING v::boolean")',
        databases=(POSTGRESQL,),
    ),
    right(
        "a text with a limit becomes a text without, long ones cut on the way back",
        USERS,
        'op.execute("ALTER TABLE users ALTER COLUMN phone TYPE TEXT")',
        'op.execute("ALTER TABLE users ALTER COLUMN phone TYPE VARCHAR(20) USING left(phone, 20)")',
        databases=(POSTGRESQL,),
    ),
    right(
        "a view made again around a change of type",
        table(
            """
            op.create_table(
                "parts", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("size", sa.Integer())
            )
            op.execute("CREATE VIEW sized AS SELECT id, size FROM parts WHERE size IS NOT NULL")
            """,
            "parts",
            "INSERT INTO parts (id, size) VALUES (1, 5), (2, NULL)",
            drop='op.execute("DROP VIEW sized")\nop.drop_table("parts")',
        ),
        """
        op.execute("DROP VIEW sized")
        op.alter_column("parts", "size", type_=sa.BigInteger(), existing_type=sa.Integer())
        op.execute("CREATE VIEW sized AS SELECT id, size FROM parts WHERE size IS NOT NULL")
        """,
        """
        op.execute("DROP VIEW sized")
        op.execute("UPDATE parts SET size = NULL WHERE size > 2147483647 OR size < -2147483648")
        op.alter_column("parts", "size", type_=sa.Integer(), existing_type=sa.BigInteger())
        op.execute("CREATE VIEW sized AS SELECT id, size FROM parts WHERE size IS NOT NULL")
        """,
        databases=SERVERS,
    ),
    right(
        "a type that SQLite does not enforce",
        ORDERS,
        """
        with op.batch_alter_table("orders") as batch_op:
            batch_op.alter_column("customer", type_=sa.String(10), existing_type=sa.String(40), existing_nullable=False)
        """,
        """
        with op.batch_alter_table("orders") as batch_op:
            batch_op.alter_column("customer", type_=sa.String(40), existing_type=sa.String(10), existing_nullable=False)
        """,
        databases=(SQLITE,),
    ),
]
