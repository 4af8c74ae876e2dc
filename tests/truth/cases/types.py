"""Column types changed and changed back."""

from tests.truth.case import MARIADB, POSTGRESQL, SQLITE, Case
from tests.truth.givens import ORDER_ROWS, ORDERS, USER_ROWS, USERS, steps

PG = (POSTGRESQL,)

READINGS = """
op.create_table(
    "readings",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("at", sa.DateTime(), nullable=False),
    sa.Column("value", sa.Float(), nullable=False),
    sa.Column("count", sa.BigInteger()),
    sa.Column("code", sa.Text()),
)
"""
READING_ROWS = [
    "INSERT INTO readings VALUES (1, '2024-02-29 13:37:00', 1.005, 7, '007')",
    "INSERT INTO readings VALUES (2, '2024-03-01 00:00:00', 2.5, 3000000000, 'abc')",
    "INSERT INTO readings VALUES (3, '2024-03-01 23:59:59', -0.1, NULL, NULL)",
]


BIG = """
op.create_table(
    "big",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("amount", sa.Numeric(20, 2)),
    sa.Column("n", sa.BigInteger()),
    sa.Column("small", sa.Integer()),
)
"""
BIG_ROWS = ["INSERT INTO big VALUES (1, 123456789012345678.91, 9007199254740993, 16777217)"]
DAYS = """
op.create_table("days", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("day", sa.Date()))
"""


def change(table: str, column: str, new: str, old: str, using: str = "") -> str:
    """Returns an alter_column of a type."""
    extra = f", postgresql_using={using!r}" if using else ""
    return f"op.alter_column({table!r}, {column!r}, type_={new}, existing_type={old}{extra})"


def batch(table: str, column: str, new: str, old: str) -> str:
    """Returns the same in a batch."""
    return f"""
with op.batch_alter_table({table!r}) as batch_op:
    batch_op.alter_column({column!r}, type_={new}, existing_type={old})
"""


CASES = [
    Case(
        "varchar widened and narrowed again",
        USERS,
        change("users", "phone", "sa.String(50)", "sa.String(20)"),
        change("users", "phone", "sa.String(20)", "sa.String(50)"),
        truth="reversible",
        says="fragile",
        rows=USER_ROWS,
        databases=(POSTGRESQL, MARIADB),
    ),
    Case(
        "varchar to text and back",
        USERS,
        change("users", "phone", "sa.Text()", "sa.String(20)"),
        change("users", "phone", "sa.String(20)", "sa.Text()"),
        truth="reversible",
        says="fragile",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "varchar narrowed where everything fits, and back",
        USERS,
        change("users", "phone", "sa.String(10)", "sa.String(20)"),
        change("users", "phone", "sa.String(20)", "sa.String(10)"),
        truth="reversible",
        says="plausible lossy",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "varchar narrowed cuts spaces at the end without a word",
        USERS,
        change("users", "phone", "sa.String(10)", "sa.String(20)"),
        change("users", "phone", "sa.String(20)", "sa.String(10)"),
        truth="lossy",
        says="plausible lossy",
        rows=["INSERT INTO users (id, name, phone) VALUES (1, 'Ada', '+44             ')"],
        databases=PG,
        kinds=["column users.phone"],
    ),
    Case(
        "varchar cut by USING and widened again",
        USERS,
        change("users", "phone", "sa.String(3)", "sa.String(20)", "substr(phone, 1, 3)"),
        change("users", "phone", "sa.String(20)", "sa.String(3)"),
        truth="lossy",
        says="lossy plausible",
        rows=USER_ROWS,
        databases=PG,
        kinds=["column users.phone"],
    ),
    Case(
        "varchar cut by a cast and widened again",
        USERS,
        'op.execute("ALTER TABLE users ALTER COLUMN phone TYPE varchar(3) USING phone::varchar(3)")',
        'op.execute("ALTER TABLE users ALTER COLUMN phone TYPE varchar(20)")',
        truth="lossy",
        rows=USER_ROWS,
        databases=PG,
        kinds=["column users.phone"],
    ),
    Case(
        "another column's values by USING, though the type stays",
        USERS,
        'op.execute("ALTER TABLE users ALTER COLUMN phone TYPE varchar(20) USING name")',
        'op.execute("ALTER TABLE users ALTER COLUMN phone TYPE varchar(20)")',
        truth="lossy",
        rows=USER_ROWS,
        databases=PG,
        kinds=["column users.phone"],
    ),
    Case(
        "values put aside by USING and copied back",
        USERS + 'op.add_column("users", sa.Column("spare", sa.String(20)))\n',
        'op.execute("ALTER TABLE users ALTER COLUMN spare TYPE varchar(20) USING phone")\n'
        'op.drop_column("users", "phone")',
        'op.add_column("users", sa.Column("phone", sa.String(20)))\n'
        'op.execute("UPDATE users SET phone = spare, spare = NULL")',
        truth="reversible",
        says="lossy",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a widened type stays",
        USERS,
        change("users", "phone", "sa.String(50)", "sa.String(20)"),
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["column users.phone"],
    ),
    Case(
        "a widened type is narrowed too far",
        USERS,
        change("users", "phone", "sa.String(50)", "sa.String(20)"),
        change("users", "phone", "sa.String(15)", "sa.String(50)"),
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["column users.phone"],
    ),
    Case(
        "integer to bigint and back",
        USERS,
        change("users", "age", "sa.BigInteger()", "sa.Integer()"),
        change("users", "age", "sa.Integer()", "sa.BigInteger()"),
        truth="reversible",
        says="fragile",
        rows=USER_ROWS,
        databases=(POSTGRESQL, MARIADB),
    ),
    Case(
        "bigint to integer: either it fails or nothing is lost",
        ORDERS + '\nop.add_column("orders", sa.Column("points", sa.BigInteger(), server_default="5"))',
        change("orders", "points", "sa.Integer()", "sa.BigInteger()"),
        change("orders", "points", "sa.BigInteger()", "sa.Integer()"),
        truth="reversible",
        says="reversible plausible",
        rows=ORDER_ROWS,
        databases=PG,
    ),
    Case(
        "integer to text and back",
        USERS,
        change("users", "age", "sa.Text()", "sa.Integer()", "age::text"),
        change("users", "age", "sa.Integer()", "sa.Text()", "age::integer"),
        truth="reversible",
        says="fragile plausible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "text to integer drops leading zeros and what is no number",
        READINGS,
        change(
            "readings",
            "code",
            "sa.Integer()",
            "sa.Text()",
            "CASE WHEN code ~ '^[0-9]+$' THEN code::int END",
        ),
        change("readings", "code", "sa.Text()", "sa.Integer()", "code::text"),
        truth="lossy",
        says="lossy plausible",
        rows=READING_ROWS,
        databases=PG,
        kinds=["column readings.code"],
    ),
    Case(
        "text to integer by a plain cast drops leading zeros",
        READINGS,
        'op.execute("ALTER TABLE readings ALTER COLUMN code TYPE integer USING code::integer")',
        'op.execute("ALTER TABLE readings ALTER COLUMN code TYPE text USING code::text")',
        truth="lossy",
        says="lossy plausible",
        rows=READING_ROWS[:1],
        databases=PG,
        kinds=["column readings.code"],
    ),
    Case(
        "a type change USING NULL empties the column",
        READINGS,
        'op.execute("ALTER TABLE readings ALTER COLUMN code TYPE integer USING NULL")',
        'op.execute("ALTER TABLE readings ALTER COLUMN code TYPE text USING code::text")',
        truth="lossy",
        rows=READING_ROWS,
        databases=PG,
        kinds=["column readings.code"],
    ),
    Case(
        "the downgrade forgets USING",
        READINGS,
        change("readings", "count", "sa.Text()", "sa.BigInteger()"),
        change("readings", "count", "sa.BigInteger()", "sa.Text()"),
        truth="broken",
        rows=READING_ROWS,
        databases=PG,
        kinds=["column readings.count"],
    ),
    Case(
        "timestamp to date loses the time of day",
        READINGS,
        change("readings", "at", "sa.Date()", "sa.DateTime()"),
        change("readings", "at", "sa.DateTime()", "sa.Date()"),
        truth={POSTGRESQL: "lossy", MARIADB: "broken"},  # MariaDB: MODIFY drops NOT NULL too
        rows=READING_ROWS,
        databases=(POSTGRESQL, MARIADB),
        kinds=["column readings.at"],
    ),
    Case(
        "date to timestamp and back",
        """
        op.create_table("days", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("day", sa.Date()))
        """,
        change("days", "day", "sa.DateTime()", "sa.Date()"),
        change("days", "day", "sa.Date()", "sa.DateTime()"),
        truth="reversible",
        says="fragile",
        rows=["INSERT INTO days VALUES (1, '2024-02-29'), (2, NULL)"],
        databases=PG,
    ),
    Case(
        "timestamp to timestamptz and back",
        READINGS,
        change("readings", "at", "sa.DateTime(timezone=True)", "sa.DateTime()", "at AT TIME ZONE 'UTC'"),
        change("readings", "at", "sa.DateTime()", "sa.DateTime(timezone=True)", "at AT TIME ZONE 'UTC'"),
        truth="reversible",
        says="reversible plausible fragile",
        rows=READING_ROWS,
        databases=PG,
    ),
    Case(
        "timestamp precision cut",
        READINGS,
        'op.execute("ALTER TABLE readings ALTER COLUMN at TYPE timestamp(0)")',
        'op.execute("ALTER TABLE readings ALTER COLUMN at TYPE timestamp")',
        truth="lossy",
        rows=["INSERT INTO readings VALUES (1, '2024-02-29 13:37:00.25', 1, 1, '1')"],
        databases=PG,
        kinds=["column readings.at"],
    ),
    Case(
        "numeric without its cents",
        ORDERS,
        change("orders", "total", "sa.Numeric(10, 0)", "sa.Numeric(10, 2)"),
        change("orders", "total", "sa.Numeric(10, 2)", "sa.Numeric(10, 0)"),
        truth={POSTGRESQL: "lossy", MARIADB: "broken"},
        rows=ORDER_ROWS,
        databases=(POSTGRESQL, MARIADB),
        kinds=["column orders.total"],
    ),
    Case(
        "numeric to integer",
        ORDERS,
        change("orders", "total", "sa.Integer()", "sa.Numeric(10, 2)"),
        change("orders", "total", "sa.Numeric(10, 2)", "sa.Integer()"),
        truth="lossy",
        rows=ORDER_ROWS,
        databases=PG,
        kinds=["column orders.total"],
    ),
    Case(
        "numeric to integer cents and back",
        ORDERS,
        change("orders", "total", "sa.Integer()", "sa.Numeric(10, 2)", "(total * 100)::integer"),
        change("orders", "total", "sa.Numeric(10, 2)", "sa.Integer()", "total / 100.0"),
        truth="reversible",
        says="plausible fragile",
        rows=ORDER_ROWS,
        databases=PG,
    ),
    Case(
        "numeric with more digits before the point and back",
        ORDERS,
        change("orders", "total", "sa.Numeric(14, 2)", "sa.Numeric(10, 2)"),
        change("orders", "total", "sa.Numeric(10, 2)", "sa.Numeric(14, 2)"),
        truth="reversible",
        says="fragile",
        rows=ORDER_ROWS,
        databases=PG,
    ),
    Case(
        "numeric with more digits behind the point and back",
        ORDERS,
        change("orders", "total", "sa.Numeric(12, 4)", "sa.Numeric(10, 2)"),
        change("orders", "total", "sa.Numeric(10, 2)", "sa.Numeric(12, 4)"),
        truth="reversible",
        says="fragile",
        rows=ORDER_ROWS,
        databases=PG,
    ),
    Case(
        "float to numeric rounds",
        READINGS,
        change("readings", "value", "sa.Numeric(10, 2)", "sa.Float()"),
        change("readings", "value", "sa.Float()", "sa.Numeric(10, 2)"),
        truth="lossy",
        rows=READING_ROWS,
        databases=PG,
        kinds=["column readings.value"],
    ),
    Case(
        "double to real rounds",
        READINGS,
        'op.execute("ALTER TABLE readings ALTER value TYPE real")',
        'op.execute("ALTER TABLE readings ALTER value TYPE double precision")',
        truth="lossy",
        rows=READING_ROWS,
        databases=PG,
        kinds=["column readings.value"],
    ),
    Case(
        "boolean to integer and back",
        steps(USERS, 'op.add_column("users", sa.Column("active", sa.Boolean()))'),
        change("users", "active", "sa.Integer()", "sa.Boolean()", "active::integer"),
        change("users", "active", "sa.Boolean()", "sa.Integer()", "active::boolean"),
        truth="reversible",
        says="plausible fragile reversible",
        rows=[*USER_ROWS, "UPDATE users SET active = (age > 20)"],
        databases=PG,
    ),
    Case(
        "text to boolean keeps only two of its values",
        READINGS,
        change("readings", "code", "sa.Boolean()", "sa.Text()", "code = 'abc'"),
        change("readings", "code", "sa.Text()", "sa.Boolean()", "code::text"),
        truth="lossy",
        says="lossy plausible",
        rows=READING_ROWS,
        databases=PG,
        kinds=["column readings.code"],
    ),
    Case(
        "json to jsonb loses the order of keys",
        """
        op.create_table("docs", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("body", sa.JSON()))
        """,
        'op.execute("ALTER TABLE docs ALTER COLUMN body TYPE jsonb USING body::jsonb")',
        'op.execute("ALTER TABLE docs ALTER COLUMN body TYPE json USING body::json")',
        truth="lossy",
        says="lossy plausible",
        rows=["""INSERT INTO docs VALUES (1, '{"b": 1,  "a": 2, "a": 3}')"""],
        databases=PG,
        kinds=["column docs.body"],
    ),
    Case(
        "text to uuid loses upper case",
        READINGS,
        change("readings", "code", "sa.Uuid()", "sa.Text()", "code::uuid"),
        change("readings", "code", "sa.Text()", "sa.Uuid()", "code::text"),
        truth="lossy",
        says="lossy plausible",
        rows=["INSERT INTO readings VALUES (1, '2024-01-01', 1, 1, 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11')"],
        databases=PG,
        kinds=["column readings.code"],
    ),
    Case(
        "a USING that goes through a narrower type",
        READINGS,
        'op.execute("ALTER TABLE readings ALTER COLUMN at TYPE timestamp(3) USING at::date::timestamp(3)")',
        'op.execute("ALTER TABLE readings ALTER COLUMN at TYPE timestamp")',
        truth="lossy",
        says="lossy plausible",
        rows=READING_ROWS,
        databases=PG,
        kinds=["column readings.at"],
    ),
    Case(
        "a USING that ends in another type than the column's",
        READINGS,
        'op.execute("ALTER TABLE readings ALTER COLUMN code TYPE varchar(40) USING code::integer")',
        'op.execute("ALTER TABLE readings ALTER COLUMN code TYPE text")',
        truth="lossy",
        says="lossy plausible",
        rows=READING_ROWS[:1],
        databases=PG,
        kinds=["column readings.code"],
    ),
    Case(
        "a USING that cuts the elements of an array",
        """
        op.execute("CREATE TABLE posts (id integer PRIMARY KEY, tags text[])")
        """,
        'op.execute("ALTER TABLE posts ALTER COLUMN tags TYPE varchar(3)[] USING tags::varchar(3)[]")',
        'op.execute("ALTER TABLE posts ALTER COLUMN tags TYPE text[]")',
        truth="lossy",
        says="lossy plausible",
        rows=["INSERT INTO posts VALUES (1, ARRAY['abcdef'])"],
        databases=PG,
        kinds=["column posts.tags"],
    ),
    Case(
        "a USING that cuts to one character",
        READINGS,
        """
        op.execute("ALTER TABLE readings ALTER COLUMN code TYPE text USING code::char")
        op.execute("ALTER TABLE readings ALTER COLUMN code TYPE varchar(90)")
        """,
        'op.execute("ALTER TABLE readings ALTER COLUMN code TYPE text")',
        truth="lossy",
        says="lossy plausible",
        rows=READING_ROWS,
        databases=PG,
        kinds=["column readings.code"],
    ),
    Case(
        "integer to numeric to text, then text to integer at once",
        USERS,
        """
        op.execute("ALTER TABLE users ALTER COLUMN age TYPE numeric(12, 2)")
        op.execute("ALTER TABLE users ALTER COLUMN age TYPE text")
        """,
        'op.execute("ALTER TABLE users ALTER COLUMN age TYPE integer USING age::integer")',
        truth="broken",
        says="broken plausible fragile",
        rows=USER_ROWS,
        databases=PG,
        kinds=["column users.age"],
    ),
    Case(
        "SQLite copy: a date kept in a text column meanwhile",
        DAYS,
        """
        op.add_column("days", sa.Column("kept", sa.Text()))
        op.execute("UPDATE days SET kept = day")
        op.execute("UPDATE days SET day = NULL")
        """,
        """
        op.execute("UPDATE days SET day = kept")
        op.drop_column("days", "kept")
        """,
        truth="reversible",
        says="reversible plausible fragile",
        rows=["INSERT INTO days VALUES (1, '2024-02-29'), (2, NULL)"],
        databases=(SQLITE,),
    ),
    Case(
        "SQLite copy: a text kept in a number column meanwhile",
        USERS,
        """
        op.add_column("users", sa.Column("kept", sa.Integer()))
        op.execute("UPDATE users SET kept = phone")
        op.execute("UPDATE users SET phone = NULL")
        """,
        """
        op.execute("UPDATE users SET phone = kept")
        op.drop_column("users", "kept")
        """,
        truth="lossy",
        says="lossy plausible",
        rows=["INSERT INTO users (id, name, phone) VALUES (1, 'Ada', '0044')"],
        databases=(SQLITE,),
        kinds=["column users.phone"],
    ),
    Case(
        "SQLite rebuild: json becomes a blob and stays one",
        """
        op.create_table("docs", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("body", sa.JSON()))
        """,
        batch("docs", "body", "sa.LargeBinary()", "sa.JSON()"),
        batch("docs", "body", "sa.JSON()", "sa.LargeBinary()"),
        truth="lossy",
        says="lossy plausible",
        rows=["""INSERT INTO docs VALUES (1, '{"b": 1}')"""],
        databases=(SQLITE,),
        kinds=["column docs.body"],
    ),
    Case(
        "MariaDB: an enum label found by its case",
        """
        op.execute("CREATE TABLE tickets (id integer PRIMARY KEY, state ENUM('Open', 'closed'))")
        """,
        "op.execute(\"ALTER TABLE tickets MODIFY state ENUM('open', 'closed')\")",
        "op.execute(\"ALTER TABLE tickets MODIFY state ENUM('Open', 'closed')\")",
        truth="reversible",
        says="plausible fragile",
        rows=["INSERT INTO tickets VALUES (1, 'Open')"],
        databases=(MARIADB,),
    ),
    Case(
        "MariaDB: fractions of a second are cut",
        """
        op.execute("CREATE TABLE events (id integer PRIMARY KEY, at DATETIME(6))")
        """,
        'op.execute("ALTER TABLE events MODIFY at DATETIME")',
        'op.execute("ALTER TABLE events MODIFY at DATETIME(6)")',
        truth="lossy",
        rows=["INSERT INTO events VALUES (1, '2024-02-29 13:37:00.5')"],
        databases=(MARIADB,),
        kinds=["column events.at"],
    ),
    Case(
        "MariaDB: a numeric without arguments has no digits behind the point",
        ORDERS,
        'op.execute("ALTER TABLE orders MODIFY total NUMERIC NOT NULL")',
        'op.execute("ALTER TABLE orders MODIFY total NUMERIC(10, 2) NOT NULL")',
        truth="lossy",
        rows=ORDER_ROWS,
        databases=(MARIADB,),
        kinds=["column orders.total"],
    ),
    Case(
        "uuid to text and back",
        """
        op.create_table(
            "tokens", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("token", sa.Uuid())
        )
        """,
        change("tokens", "token", "sa.String(36)", "sa.Uuid()", "token::varchar"),
        change("tokens", "token", "sa.Uuid()", "sa.String(36)", "token::uuid"),
        truth="reversible",
        says="fragile plausible",
        rows=["INSERT INTO tokens VALUES (1, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'), (2, NULL)"],
        databases=PG,
    ),
    Case(
        "char to varchar and back",
        """
        op.create_table(
            "countries", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("iso", sa.CHAR(4))
        )
        """,
        change("countries", "iso", "sa.String(4)", "sa.CHAR(4)"),
        change("countries", "iso", "sa.CHAR(4)", "sa.String(4)"),
        truth="reversible",
        says="reversible plausible fragile",
        rows=["INSERT INTO countries VALUES (1, 'DE'), (2, 'USA')"],
        databases=PG,
    ),
    Case(
        "varchar to char loses spaces at the end",
        USERS,
        change("users", "phone", "sa.CHAR(20)", "sa.String(20)"),
        change("users", "phone", "sa.String(20)", "sa.CHAR(20)"),
        truth="lossy",
        says="lossy plausible",
        rows=["INSERT INTO users (id, name, phone) VALUES (1, 'Ada', '+44  ')"],
        databases=PG,
        kinds=["column users.phone"],
    ),
    Case(
        "an array to text and back",
        """
        op.execute("CREATE TABLE posts (id integer PRIMARY KEY, tags varchar(20)[])")
        """,
        "op.execute(\"ALTER TABLE posts ALTER COLUMN tags TYPE text USING array_to_string(tags, ',')\")",
        """
        op.execute(
            "ALTER TABLE posts ALTER COLUMN tags TYPE varchar(20)[] USING string_to_array(tags, ',')"
        )
        """,
        truth="lossy",
        says="lossy plausible fragile",
        rows=["INSERT INTO posts VALUES (1, ARRAY['a', 'b,c'])"],
        databases=PG,
        kinds=["column posts.tags"],
    ),
    Case(
        "a longer array element and back",
        """
        op.execute("CREATE TABLE posts (id integer PRIMARY KEY, tags varchar(20)[])")
        """,
        'op.execute("ALTER TABLE posts ALTER COLUMN tags TYPE varchar(50)[]")',
        'op.execute("ALTER TABLE posts ALTER COLUMN tags TYPE varchar(20)[]")',
        truth="reversible",
        says="fragile plausible",
        rows=["INSERT INTO posts VALUES (1, ARRAY['a', 'b,c'])"],
        databases=PG,
    ),
    Case(
        "a collation changed and restored",
        USERS,
        """op.execute('ALTER TABLE users ALTER COLUMN name TYPE varchar(50) COLLATE "C"')""",
        """op.execute('ALTER TABLE users ALTER COLUMN name TYPE varchar(50)')""",
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a collation changed and left",
        USERS,
        """op.execute('ALTER TABLE users ALTER COLUMN name TYPE varchar(50) COLLATE "C"')""",
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["column users.name"],
    ),
    Case(
        "type and default changed in one statement and restored",
        USERS,
        'op.execute("ALTER TABLE users ALTER COLUMN age TYPE bigint, ALTER COLUMN age SET DEFAULT 0")',
        'op.execute("ALTER TABLE users ALTER COLUMN age DROP DEFAULT, ALTER COLUMN age TYPE integer")',
        truth="reversible",
        says="fragile",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a type change that a view stands against",
        steps(USERS, 'op.execute("CREATE VIEW phones AS SELECT id, phone FROM users")'),
        """
        op.execute("DROP VIEW phones")
        op.alter_column("users", "phone", type_=sa.String(40), existing_type=sa.String(20))
        op.execute("CREATE VIEW phones AS SELECT id, phone FROM users")
        """,
        """
        op.alter_column("users", "phone", type_=sa.String(20), existing_type=sa.String(40))
        """,
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["column users.phone"],
    ),
    Case(
        "SQLite rebuild: integer to text and back",
        USERS,
        batch("users", "age", "sa.String(10)", "sa.Integer()"),
        batch("users", "age", "sa.Integer()", "sa.String(10)"),
        truth="reversible",
        says="fragile plausible",
        rows=USER_ROWS,
        databases=(SQLITE,),
    ),
    Case(
        "SQLite rebuild: text to integer turns words into 0",
        USERS,
        batch("users", "phone", "sa.Integer()", "sa.String(20)"),
        batch("users", "phone", "sa.String(20)", "sa.Integer()"),
        truth="lossy",
        says="lossy plausible",
        rows=USER_ROWS,
        databases=(SQLITE,),
        kinds=["column users.phone"],
    ),
    Case(
        "SQLite rebuild: varchar widened and narrowed, lengths do not matter there",
        USERS,
        batch("users", "phone", "sa.String(50)", "sa.String(20)"),
        batch("users", "phone", "sa.String(20)", "sa.String(50)"),
        truth="reversible",
        says="reversible fragile",
        rows=USER_ROWS,
        databases=(SQLITE,),
    ),
    Case(
        "a batch changes a type on both databases and back",
        USERS,
        batch("users", "age", "sa.BigInteger()", "sa.Integer()"),
        batch("users", "age", "sa.Integer()", "sa.BigInteger()"),
        truth="reversible",
        says={POSTGRESQL: "fragile", SQLITE: "reversible fragile"},
        rows=USER_ROWS,
    ),
    Case(
        "numeric to double and back loses the last digits",
        BIG,
        change("big", "amount", "sa.Float(53)", "sa.Numeric(20, 2)"),
        change("big", "amount", "sa.Numeric(20, 2)", "sa.Float(53)"),
        truth="lossy",
        says="lossy plausible",
        rows=BIG_ROWS,
        databases=(POSTGRESQL, MARIADB),
        kinds=["column big.amount"],
    ),
    Case(
        "bigint to double and back loses the last digits",
        BIG,
        change("big", "n", "sa.Float(53)", "sa.BigInteger()"),
        change("big", "n", "sa.BigInteger()", "sa.Float(53)"),
        truth="lossy",
        says="lossy plausible",
        rows=BIG_ROWS,
        databases=PG,
        kinds=["column big.n"],
    ),
    Case(
        "integer to real and back loses the last digits",
        BIG,
        change("big", "small", "sa.REAL()", "sa.Integer()"),
        change("big", "small", "sa.Integer()", "sa.REAL()"),
        truth="lossy",
        says="lossy plausible",
        rows=BIG_ROWS,
        databases=PG,
        kinds=["column big.small"],
    ),
    Case(
        "integer to double and back",
        BIG,
        change("big", "small", "sa.Float(53)", "sa.Integer()"),
        change("big", "small", "sa.Integer()", "sa.Float(53)"),
        truth="reversible",
        says="fragile plausible",
        rows=BIG_ROWS,
        databases=PG,
    ),
    Case(
        "integer to boolean keeps only whether it was 0",
        BIG,
        change("big", "small", "sa.Boolean()", "sa.Integer()", "small::boolean"),
        change("big", "small", "sa.Integer()", "sa.Boolean()", "small::integer"),
        truth="lossy",
        says="lossy plausible",
        rows=BIG_ROWS,
        databases=PG,
        kinds=["column big.small"],
    ),
    Case(
        "numeric with fewer digits before the point: either it fails or nothing is lost",
        ORDERS,
        change("orders", "total", "sa.Numeric(8, 2)", "sa.Numeric(10, 2)"),
        change("orders", "total", "sa.Numeric(10, 2)", "sa.Numeric(8, 2)"),
        truth="reversible",
        says="reversible plausible",
        rows=ORDER_ROWS,
        databases=PG,
    ),
    Case(
        "MariaDB reads numbers out of a text",
        READINGS.replace("sa.Text()", "sa.String(20)"),
        change("readings", "code", "sa.Integer()", "sa.String(20)"),
        change("readings", "code", "sa.String(20)", "sa.Integer()"),
        truth="lossy",
        says="lossy plausible",
        rows=READING_ROWS[:1],
        databases=(MARIADB,),
        kinds=["column readings.code"],
    ),
    Case(
        "SQLite rebuild: numeric to integer drops the cents",
        ORDERS,
        batch("orders", "total", "sa.Integer()", "sa.Numeric(10, 2)"),
        batch("orders", "total", "sa.Numeric(10, 2)", "sa.Integer()"),
        truth="lossy",
        says="lossy plausible",
        rows=ORDER_ROWS,
        databases=(SQLITE,),
        kinds=["column orders.total"],
    ),
    Case(
        "SQLite rebuild: a date becomes its year when it is cast to a moment",
        DAYS,
        batch("days", "day", "sa.DateTime()", "sa.Date()"),
        batch("days", "day", "sa.Date()", "sa.DateTime()"),
        truth="lossy",
        says="lossy plausible",
        rows=["INSERT INTO days VALUES (1, '2024-02-29'), (2, NULL)"],
        databases=(SQLITE,),
        kinds=["column days.day"],
    ),
    Case(
        "SQLite rebuild: a text becomes a number when it is cast to a date",
        USERS,
        batch("users", "phone", "sa.Date()", "sa.String(20)"),
        batch("users", "phone", "sa.String(20)", "sa.Date()"),
        truth="lossy",
        says="lossy plausible",
        rows=["INSERT INTO users (id, name, phone) VALUES (1, 'Ada', '2024-02-29')"],
        databases=(SQLITE,),
        kinds=["column users.phone"],
    ),
    Case(
        "SQLite rebuild: a float becomes an integer",
        READINGS,
        batch("readings", "value", "sa.Integer()", "sa.Float()"),
        batch("readings", "value", "sa.Float()", "sa.Integer()"),
        truth="lossy",
        says="lossy plausible",
        rows=READING_ROWS,
        databases=(SQLITE,),
        kinds=["column readings.value"],
    ),
    Case(
        "MODIFY without NOT NULL and default drops both",
        ORDERS,
        'op.alter_column("orders", "status", type_=sa.String(40))',
        'op.alter_column("orders", "status", type_=sa.String(20))',
        truth="broken",
        rows=ORDER_ROWS,
        databases=(MARIADB,),
        kinds=["column orders.status"],
    ),
    Case(
        "MODIFY with all of the old definition",
        ORDERS,
        """
        op.alter_column(
            "orders", "status", type_=sa.String(40),
            existing_type=sa.String(20), existing_nullable=False, existing_server_default="new",
        )
        """,
        """
        op.alter_column(
            "orders", "status", type_=sa.String(20),
            existing_type=sa.String(40), existing_nullable=False, existing_server_default="new",
        )
        """,
        truth="reversible",
        says="fragile",
        rows=ORDER_ROWS,
        databases=(MARIADB,),
    ),
    Case(
        "CHANGE COLUMN renames and retypes, and back",
        USERS,
        'op.execute("ALTER TABLE users CHANGE COLUMN phone mobile VARCHAR(40) NULL")',
        'op.execute("ALTER TABLE users CHANGE COLUMN mobile phone VARCHAR(20) NULL")',
        truth="reversible",
        says="fragile",
        rows=USER_ROWS,
        databases=(MARIADB,),
    ),
    Case(
        "MODIFY COLUMN in SQL forgets NOT NULL on the way back",
        USERS,
        'op.execute("ALTER TABLE users MODIFY COLUMN name VARCHAR(100) NOT NULL")',
        'op.execute("ALTER TABLE users MODIFY COLUMN name VARCHAR(50)")',
        truth="broken",
        rows=USER_ROWS,
        databases=(MARIADB,),
        kinds=["column users.name"],
    ),
    Case(
        "unsigned and back",
        USERS,
        'op.execute("ALTER TABLE users MODIFY age INT UNSIGNED")',
        'op.execute("ALTER TABLE users MODIFY age INT")',
        truth="reversible",
        says="reversible plausible fragile",
        rows=USER_ROWS,
        databases=(MARIADB,),
    ),
    Case(
        "an enum of MariaDB widened and narrowed",
        """
        op.create_table(
            "tickets",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("state", sa.Enum("open", "closed"), nullable=False),
        )
        """,
        """
        op.alter_column(
            "tickets", "state", type_=sa.Enum("open", "closed", "waiting"),
            existing_type=sa.Enum("open", "closed"), existing_nullable=False,
        )
        """,
        """
        op.alter_column(
            "tickets", "state", type_=sa.Enum("open", "closed"),
            existing_type=sa.Enum("open", "closed", "waiting"), existing_nullable=False,
        )
        """,
        truth="reversible",
        says="fragile",
        rows=["INSERT INTO tickets VALUES (1, 'open')"],
        databases=(MARIADB,),
    ),
    Case(
        "an enum of MariaDB stays wider",
        """
        op.create_table(
            "tickets",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("state", sa.Enum("open", "closed"), nullable=False),
        )
        """,
        """
        op.execute("ALTER TABLE tickets MODIFY state ENUM('open', 'closed', 'waiting') NOT NULL")
        """,
        "pass",
        truth="broken",
        rows=["INSERT INTO tickets VALUES (1, 'open')"],
        databases=(MARIADB,),
        kinds=["column tickets.state"],
    ),
]
