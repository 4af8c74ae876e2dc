"""Names that a database gives by itself: what keeps them, and what makes others."""

from tests.truth.case import MARIADB, POSTGRESQL, SQLITE, Case
from tests.truth.givens import ORDER_ROWS, ORDERS, USER_ROWS, USERS, steps

PG = (POSTGRESQL,)
NAMELESS = """
op.create_table(
    "owners", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(20))
)
op.create_table(
    "notes",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("owner_id", sa.Integer(), sa.ForeignKey("owners.id")),
    sa.Column("title", sa.String(40), unique=True),
    sa.Column("words", sa.Integer()),
    sa.CheckConstraint("words >= 0"),
)
"""
NAMELESS_ROWS = [
    "INSERT INTO owners (id, name) VALUES (1, 'ada')",
    "INSERT INTO notes (id, owner_id, title, words) VALUES (1, 1, 'a', 3), (2, NULL, 'b', 0)",
]
COUNTED = """
op.create_table("notes", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("body", sa.Text()))
"""
COUNTED_ROWS = ["INSERT INTO notes (body) VALUES ('a'), ('b')"]
REBUILT = """
op.create_table("notes_new", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("body", sa.Text()))
op.execute("INSERT INTO notes_new (id, body) SELECT id, body FROM notes")
op.drop_table("notes")
op.rename_table("notes_new", "notes")
"""
NAMED_AS_BEFORE = """
op.execute("ALTER TABLE notes RENAME CONSTRAINT notes_new_pkey TO notes_pkey")
op.execute("ALTER SEQUENCE notes_new_id_seq RENAME TO notes_id_seq")
"""
LONG = "a_table_with_a_name_that_is_nearly_too_long_for_it"
LONG_COLUMN = "a_column_whose_name_is_long_as_well"
LONG_KEY = "a_table_with_a_name_that_is_n_a_column_whose_name_is_long_a_key"
TOO_LONG = "a_name_that_says_in_many_words_what_it_is_for_and_has_72_bytes_by_itself"


def _nameless(kind: str, name: str, made: str, named: str) -> list[Case]:
    """Returns the cases of a nameless constraint that comes back under the name it had, and another."""
    drop = f'op.drop_constraint("{name}", "notes", type_="{kind}")'
    start = (NAMELESS, drop)
    return [
        Case(
            f"a nameless {kind} comes back {words}",
            *start,
            down.format(given),
            truth="reversible" if given == name else "broken",
            says="fragile reversible" if given == name else "",
            rows=NAMELESS_ROWS,
            databases=PG,
            kinds=[] if given == name else [f"constraint notes.{name}"],
        )
        for words, down, given in (
            ("under the name that PostgreSQL gave it", named, name),
            ("nameless", made, name),
            ("under a name of its own", named, "its_own"),
        )
    ]


CASES = [
    Case(
        "a table rebuilt by hand keeps the names of its key and its sequence",
        COUNTED,
        REBUILT,
        "pass",
        truth="broken",
        rows=COUNTED_ROWS,
        databases=PG,
        kinds=["constraint notes.notes_pkey", "sequence notes_new_id_seq"],
    ),
    Case(
        "a table rebuilt by hand on SQLite has no such names",
        COUNTED,
        REBUILT,
        "pass",
        truth="reversible",
        rows=COUNTED_ROWS,
        databases=(SQLITE,),
    ),
    Case(
        "a table rebuilt by hand both ways",
        COUNTED,
        REBUILT,
        REBUILT,
        truth="broken",
        rows=COUNTED_ROWS,
        databases=PG,
        kinds=["constraint notes.notes_pkey"],
    ),
    Case(
        "a table rebuilt by hand, its key and its sequence called as before",
        COUNTED,
        REBUILT + NAMED_AS_BEFORE,
        "pass",
        truth="reversible",
        says="reversible plausible lossy",
        rows=COUNTED_ROWS,
        databases=PG,
    ),
    Case(
        "a counted table renamed and back",
        COUNTED,
        'op.rename_table("notes", "texts")',
        'op.rename_table("texts", "notes")',
        truth="reversible",
        rows=COUNTED_ROWS,
        databases=PG,
    ),
    Case(
        "a counted table renamed and back, the sequence renamed alone",
        COUNTED,
        """
        op.rename_table("notes", "texts")
        op.execute("ALTER SEQUENCE notes_id_seq RENAME TO texts_id_seq")
        """,
        'op.rename_table("texts", "notes")',
        truth="broken",
        rows=COUNTED_ROWS,
        databases=PG,
        kinds=["sequence texts_id_seq"],
    ),
    Case(
        "a counted table renamed with its sequence and both back",
        COUNTED,
        """
        op.rename_table("notes", "texts")
        op.execute("ALTER SEQUENCE notes_id_seq RENAME TO texts_id_seq")
        """,
        """
        op.execute("ALTER SEQUENCE texts_id_seq RENAME TO notes_id_seq")
        op.rename_table("texts", "notes")
        """,
        truth="reversible",
        rows=COUNTED_ROWS,
        databases=PG,
    ),
    Case(
        "a counted column renamed and back",
        COUNTED,
        'op.alter_column("notes", "id", new_column_name="number")',
        'op.alter_column("notes", "number", new_column_name="id")',
        truth="reversible",
        rows=COUNTED_ROWS,
        databases=PG,
    ),
    Case(
        "the sequence of a renamed table is still called after the old one",
        COUNTED,
        """
        op.rename_table("notes", "texts")
        op.execute("ALTER SEQUENCE notes_id_seq INCREMENT BY 2")
        """,
        """
        op.execute("ALTER SEQUENCE notes_id_seq INCREMENT BY 1")
        op.rename_table("texts", "notes")
        """,
        truth="reversible",
        says="reversible plausible",
        rows=COUNTED_ROWS,
        databases=PG,
    ),
    Case(
        "the sequence of a renamed table is not called after the new one",
        COUNTED,
        'op.rename_table("notes", "texts")',
        """
        op.execute("ALTER SEQUENCE texts_id_seq RESTART")
        op.rename_table("texts", "notes")
        """,
        truth="broken",
        says="broken unknown",
        rows=COUNTED_ROWS,
        databases=PG,
    ),
    Case(
        "the table of an identity column set aside and another put in its place",
        'op.execute("CREATE TABLE notes (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text)")',
        """
        op.rename_table("notes", "notes_old")
        op.execute("CREATE TABLE notes (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text)")
        """,
        """
        op.drop_table("notes")
        op.rename_table("notes_old", "notes")
        """,
        truth="reversible",
        says="reversible lossy",
        rows=COUNTED_ROWS,
        databases=PG,
    ),
    *_nameless(
        "unique",
        "notes_title_key",
        'op.create_unique_constraint(None, "notes", ["title"])',
        'op.create_unique_constraint("{}", "notes", ["title"])',
    ),
    *_nameless(
        "check",
        "notes_words_check",
        'op.create_check_constraint(None, "notes", "words >= 0")',
        'op.create_check_constraint("{}", "notes", "words >= 0")',
    ),
    *_nameless(
        "foreignkey",
        "notes_owner_id_fkey",
        'op.create_foreign_key(None, "notes", "owners", ["owner_id"], ["id"])',
        'op.create_foreign_key("{}", "notes", "owners", ["owner_id"], ["id"])',
    ),
    *_nameless(
        "primary",
        "notes_pkey",
        'op.create_primary_key(None, "notes", ["id"])',
        'op.create_primary_key("{}", "notes", ["id"])',
    ),
    Case(
        "a long automatic name is cut in its parts",
        f"""
        op.create_table("{LONG}", sa.Column("{LONG_COLUMN}", sa.Integer(), unique=True))
        """,
        f'op.drop_constraint("{LONG_KEY}", "{LONG}", type_="unique")',
        f'op.create_unique_constraint("{LONG_KEY}", "{LONG}", ["{LONG_COLUMN}"])',
        truth="reversible",
        says="fragile",
        databases=PG,
    ),
    Case(
        "a nameless constraint of SQLite comes back with a name",
        NAMELESS,
        """
        with op.batch_alter_table(
            "notes", naming_convention={"uq": "uq_%(table_name)s_%(column_0_name)s"}
        ) as batch:
            batch.drop_constraint("uq_notes_title", type_="unique")
        """,
        """
        with op.batch_alter_table("notes") as batch:
            batch.create_unique_constraint("uq_notes_title", ["title"])
        """,
        truth="broken",
        rows=NAMELESS_ROWS,
        databases=(SQLITE,),
        kinds=["constraint notes.uq_notes_title"],
    ),
    Case(
        "a nameless foreign key of MariaDB comes back with a name",
        NAMELESS,
        'op.drop_constraint("notes_ibfk_1", "notes", type_="foreignkey")',
        'op.create_foreign_key("fk_notes_owner", "notes", "owners", ["owner_id"], ["id"])',
        truth="broken",
        rows=NAMELESS_ROWS,
        databases=(MARIADB,),
        kinds=["constraint notes.notes_ibfk_1"],
    ),
    Case(
        "a nameless foreign key of MariaDB comes back nameless",
        NAMELESS,
        'op.drop_constraint("notes_ibfk_1", "notes", type_="foreignkey")',
        'op.create_foreign_key(None, "notes", "owners", ["owner_id"], ["id"])',
        truth="reversible",
        says="fragile",
        rows=NAMELESS_ROWS,
        databases=(MARIADB,),
    ),
    Case(
        "a dropped table comes back with a named key in the place of its own",
        steps(USERS, "op.create_table('plain', sa.Column('id', sa.Integer(), primary_key=True))"),
        "op.drop_table('plain')",
        "op.create_table('plain', sa.Column('id', sa.Integer()), sa.PrimaryKeyConstraint('id', name='pk'))",
        truth="broken",
        rows=USER_ROWS,
        databases=(POSTGRESQL, SQLITE),
        kinds={POSTGRESQL: ["constraint plain.plain_pkey"], SQLITE: ["constraint plain.pk"]},
    ),
    Case(
        "a nameless index comes back under the name that it had",
        steps(ORDERS, 'op.execute("CREATE INDEX ON orders (customer, status)")'),
        'op.execute("DROP INDEX orders_customer_status_idx")',
        'op.create_index("orders_customer_status_idx", "orders", ["customer", "status"])',
        truth="reversible",
        rows=ORDER_ROWS,
        databases=PG,
    ),
    Case(
        "a nameless index comes back under another name",
        steps(ORDERS, 'op.execute("CREATE INDEX ON orders (customer, status)")'),
        'op.execute("DROP INDEX orders_customer_status_idx")',
        'op.create_index("ix_orders", "orders", ["customer", "status"])',
        truth="broken",
        rows=ORDER_ROWS,
        databases=PG,
        kinds=["index orders.orders_customer_status_idx"],
    ),
    *(
        Case(
            f"PostgreSQL cuts the long name of {what} wherever it is said",
            steps(ORDERS),
            up,
            down,
            truth="reversible",
            rows=ORDER_ROWS,
            databases=PG,
        )
        for what, up, down in (
            (
                "an index",
                f'op.execute("CREATE INDEX {TOO_LONG} ON orders (customer)")',
                f'op.execute("DROP INDEX {TOO_LONG}_and_more")',
            ),
            (
                "a table",
                f'op.execute("CREATE TABLE {TOO_LONG} (id int)")',
                f'op.execute("DROP TABLE {TOO_LONG}_and_more")',
            ),
            (
                "a column",
                f'op.execute("ALTER TABLE orders ADD COLUMN {TOO_LONG} int")',
                f'op.execute("ALTER TABLE orders DROP COLUMN {TOO_LONG}_and_more")',
            ),
        )
    ),
    Case(
        "a long name that differs before PostgreSQL cuts it is another one",
        steps(ORDERS),
        f'op.execute("CREATE INDEX x{TOO_LONG} ON orders (customer)")',
        f'op.execute("DROP INDEX IF EXISTS {TOO_LONG}")',
        truth="broken",
        rows=ORDER_ROWS,
        databases=PG,
        kinds=[f"index orders.x{TOO_LONG[:62]}"],
    ),
]
