"""Migrations that look dangerous and are right: rebuilt tables, inspectors, loops, helpers, no-ops."""

from tests.dynamic.catalogue.case import LIGHT, MARIADB, SQLITE, Case, Rev, right
from tests.dynamic.catalogue.givens import MEMBERS, NOTES, ORDERS, USERS, sql, table

WIDE = table(
    """
    op.create_table(
        "wide",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(10), nullable=False, server_default="none"),
        sa.Column("n", sa.Integer()),
        sa.Column("parent", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_wide"),
        sa.UniqueConstraint("code", "n", name="uq_wide"),
        sa.ForeignKeyConstraint(["parent"], ["wide.id"], name="fk_wide_parent"),
    )
    op.create_index("ix_wide_n", "wide", ["n"])
    """,
    "wide",
    "INSERT INTO wide (id, code, n, parent) VALUES (1, 'a', 1, NULL), (2, 'a', NULL, 1)",
)

CASES = [
    right(
        "a rebuilt table keeps keys, indexes, defaults",
        WIDE,
        """
        with op.batch_alter_table("wide", recreate="always") as batch_op:
            batch_op.add_column(sa.Column("note", sa.String(20)))
        """,
        """
        with op.batch_alter_table("wide", recreate="always") as batch_op:
            batch_op.drop_column("note")
        """,
        databases=(SQLITE,),
    ),
    right(
        "many changes in one batch",
        WIDE,
        """
        with op.batch_alter_table("wide") as batch_op:
            batch_op.add_column(sa.Column("note", sa.String(20)))
            batch_op.alter_column("n", new_column_name="number", existing_type=sa.Integer())
            batch_op.create_unique_constraint("uq_wide_note", ["note", "id"])
        """,
        """
        with op.batch_alter_table("wide") as batch_op:
            batch_op.drop_constraint("uq_wide_note", type_="unique")
            batch_op.alter_column("number", new_column_name="n", existing_type=sa.Integer())
            batch_op.drop_column("note")
        """,
    ),
    right(
        "a column made only where the inspector does not find it",
        USERS,
        """
        names = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("users")]
        if "city" not in names:
            op.add_column("users", sa.Column("city", sa.String(30)))
        if not sa.inspect(op.get_bind()).has_table("towns"):
            op.create_table("towns", sa.Column("id", sa.Integer(), primary_key=True))
        """,
        """
        inspector = sa.inspect(op.get_bind())
        if inspector.has_table("towns"):
            op.drop_table("towns")
        if "city" in [column["name"] for column in inspector.get_columns("users")]:
            op.drop_column("users", "city")
        """,
    ),
    right(
        "a loop over tables and columns",
        MEMBERS,
        """
        for name in ("roles", "members"):
            op.add_column(name, sa.Column("tenant", sa.Integer()))
            op.execute(f"UPDATE {name} SET tenant = 1")
            op.create_index(f"ix_{name}_tenant", name, ["tenant"])
        """,
        """
        for name in ("members", "roles"):
            op.drop_index(f"ix_{name}_tenant", table_name=name)
            op.drop_column(name, "tenant")
        """,
    ),
    right(
        "another statement for each database",
        USERS,
        """
        dialect = op.get_bind().dialect.name
        op.add_column("users", sa.Column("label", sa.String(80)))
        if dialect in ("mysql", "mariadb"):
            op.execute("UPDATE users SET label = concat(name, ' ', role)")
        else:
            op.execute("UPDATE users SET label = name || ' ' || role")
        """,
        'op.drop_column("users", "label")',
    ),
    right(
        "IF EXISTS and IF NOT EXISTS",
        USERS,
        """
        op.execute("CREATE TABLE IF NOT EXISTS towns (id INTEGER PRIMARY KEY)")
        op.execute("DROP TABLE IF EXISTS never_there")
        """,
        """
        op.execute("DROP TABLE IF EXISTS towns")
        op.execute("DROP TABLE IF EXISTS never_there")
        """,
    ),
    right(
        "a second key written as text",
        table(
            """
            op.create_table(
                "badges",
                sa.Column("k", sa.Integer(), nullable=False),
                sa.Column("name", sa.String(20)),
                sa.PrimaryKeyConstraint("k", name="pk_badges"),
            )
            """,
            "badges",
            "INSERT INTO badges (k, name) VALUES (1, 'a'), (7, NULL), (-3, 'c')",
        ),
        """
        op.add_column("badges", sa.Column("key", sa.String(20)))
        badges = sa.table("badges", sa.column("k", sa.Integer), sa.column("key", sa.String))
        bind = op.get_bind()
        for row in bind.execute(sa.select(badges.c.k)).all():
            bind.execute(badges.update().where(badges.c.k == row.k).values(key=str(row.k)))
        """,
        'op.drop_column("badges", "key")',
    ),
    right(
        "a session of the ORM that fills a new column",
        USERS,
        """
        op.add_column("users", sa.Column("initial", sa.String(1)))
        session = Session(bind=op.get_bind())
        for user in session.query(User).all():
            user.initial = user.name[:1]
        session.flush()
        """,
        'op.drop_column("users", "initial")',
        module="""
        from sqlalchemy.orm import Session, declarative_base

        Base = declarative_base()


        class User(Base):
            __tablename__ = "users"
            id = sa.Column(sa.Integer, primary_key=True)
            name = sa.Column(sa.String(50))
            initial = sa.Column(sa.String(1))
        """,
    ),
    right(
        "foreign keys switched off while a parent is rebuilt",
        MEMBERS,
        """
        op.execute("CREATE TABLE roles_new (id INTEGER NOT NULL, title VARCHAR(30) NOT NULL, CONSTRAINT pk_roles PRIMARY KEY (id))")
        op.execute("INSERT INTO roles_new SELECT id, title FROM roles")
        op.execute("DROP TABLE roles")
        op.execute("ALTER TABLE roles_new RENAME TO roles")
        """,
        "pass",
        databases=(SQLITE,),
    ),
    right(
        "a default changed and put back, with rows that used it",
        ORDERS,
        """
        with op.batch_alter_table("orders") as batch_op:
            batch_op.alter_column(
                "status", server_default="fresh", existing_type=sa.String(20), existing_nullable=False,
                existing_server_default="new",
            )
        """,
        """
        with op.batch_alter_table("orders") as batch_op:
            batch_op.alter_column(
                "status", server_default="new", existing_type=sa.String(20), existing_nullable=False,
                existing_server_default="fresh",
            )
        """,
        rows=("INSERT INTO orders (id, customer, total) VALUES (91, 'zoe', 1)",),
    ),
    right(
        "a new table filled from an old one, with a key to it",
        USERS,
        """
        op.create_table(
            "accounts",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("user_id", sa.Integer(), nullable=False),
            sa.Column("login", sa.String(60), nullable=False),
            sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_accounts_user", ondelete="CASCADE"),
            sa.UniqueConstraint("user_id", name="uq_accounts_user"),
        )
        op.execute("INSERT INTO accounts (user_id, login) SELECT id, name FROM users WHERE role <> 'guest'")
        """,
        'op.drop_table("accounts")',
    ),
    right(
        "a virtual generated column over the others",
        USERS,
        'op.execute("ALTER TABLE users ADD COLUMN caption VARCHAR(80) GENERATED ALWAYS AS (upper(name)) VIRTUAL")',
        'op.drop_column("users", "caption")',
        databases=(SQLITE, MARIADB),
    ),
    right(
        "a WITHOUT ROWID table with a composite key",
        sql(
            "CREATE TABLE pairs (a TEXT NOT NULL, b INTEGER NOT NULL, v TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID",
            "pairs",
            "INSERT INTO pairs VALUES ('x', 1, NULL), ('x', 2, 'v')",
        ),
        'op.add_column("pairs", sa.Column("w", sa.Integer()))',
        'op.drop_column("pairs", "w")',
        databases=(SQLITE,),
    ),
    Case(
        "one thing done, undone and done again over a history",
        (
            *USERS.revisions,
            Rev(
                "add",
                'op.add_column("users", sa.Column("city", sa.String(30)))',
                'op.drop_column("users", "city")',
            ),
            Rev(
                "drop",
                """
                op.execute("CREATE TABLE cities AS SELECT id, city FROM users WHERE city IS NOT NULL")
                op.drop_column("users", "city")
                """,
                """
                op.add_column("users", sa.Column("city", sa.String(30)))
                op.execute("UPDATE users SET city = (SELECT c.city FROM cities c WHERE c.id = users.id)")
                op.drop_table("cities")
                """,
            ),
            Rev(
                "again",
                'op.add_column("users", sa.Column("city", sa.String(60)))',
                'op.drop_column("users", "city")',
            ),
            *NOTES,
        ),
    ),
    Case(
        "twelve healthy revisions in a row",
        (
            *USERS.revisions,
            *(
                Rev(
                    f"table_{number:02}",
                    f"""
                    op.create_table(
                        "t{number}",
                        sa.Column("id", sa.Integer(), primary_key=True),
                        sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id", name="fk_t{number}_user")),
                        sa.Column("v", sa.String({number + 5})),
                    )
                    """,
                    f'op.drop_table("t{number}")',
                )
                for number in range(1, 12)
            ),
        ),
        databases=LIGHT,
    ),
]
