"""Dialect branches, loops, helpers and other Python around the operations."""

from tests.truth.case import ALL, BOTH, MARIADB, POSTGRESQL, SQLITE, Case
from tests.truth.givens import USER_ROWS, USERS, steps

PG = (POSTGRESQL,)

MAPPED = """
from sqlalchemy.orm import Session, declarative_base

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(50), nullable=False)


def find(session):
    return [session.get(User, number) for number in (1, 2, 3)]
"""

CASES = [
    Case(
        "an index only on PostgreSQL, in both directions",
        USERS,
        """
        if op.get_bind().dialect.name == "postgresql":
            op.create_index("ix_users_name", "users", ["name"])
        """,
        """
        if op.get_bind().dialect.name == "postgresql":
            op.drop_index("ix_users_name", table_name="users")
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "an index only on PostgreSQL, dropped everywhere",
        USERS,
        """
        context = op.get_context()
        if context.dialect.name == "postgresql":
            op.create_index("ix_users_name", "users", ["name"])
        """,
        'op.drop_index("ix_users_name", table_name="users")',
        truth={POSTGRESQL: "reversible", SQLITE: "broken"},
        rows=USER_ROWS,
        databases=BOTH,
        kinds={SQLITE: ["index users.ix_users_name"]},
        unseen=True,
    ),
    Case(
        "an index everywhere, dropped only on PostgreSQL",
        USERS,
        'op.create_index("ix_users_name", "users", ["name"])',
        """
        if op.get_context().dialect.name != "postgresql":
            return
        op.drop_index("ix_users_name", table_name="users")
        """,
        truth={POSTGRESQL: "reversible", SQLITE: "broken"},
        rows=USER_ROWS,
        databases=BOTH,
        kinds={SQLITE: ["index users.ix_users_name"]},
    ),
    Case(
        "each database its own statement",
        USERS,
        """
        dialect = op.get_bind().engine.name
        if dialect == "postgresql":
            op.execute("ALTER TABLE users ALTER COLUMN phone TYPE text")
        elif dialect in ("mysql", "mariadb"):
            op.execute("ALTER TABLE users MODIFY phone TEXT")
        else:
            with op.batch_alter_table("users") as batch_op:
                batch_op.alter_column("phone", type_=sa.Text(), existing_type=sa.String(20))
        """,
        """
        dialect = op.get_bind().engine.name
        if dialect == "postgresql":
            op.execute("ALTER TABLE users ALTER COLUMN phone TYPE varchar(20)")
        elif dialect in ("mysql", "mariadb"):
            op.execute("ALTER TABLE users MODIFY phone VARCHAR(20)")
        else:
            with op.batch_alter_table("users") as batch_op:
                batch_op.alter_column("phone", type_=sa.String(20), existing_type=sa.Text())
        """,
        truth="reversible",
        says={POSTGRESQL: "fragile", MARIADB: "fragile", SQLITE: "reversible fragile"},
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "a table of actions by dialect",
        USERS,
        """
        KINDS = {"postgresql": sa.BigInteger(), "sqlite": sa.Integer()}
        op.add_column("users", sa.Column("points", KINDS[op.get_context().dialect.name]))
        """,
        'op.drop_column("users", "points")',
        truth="reversible",
        says="reversible unknown",
        rows=USER_ROWS,
    ),
    Case(
        "a variant type",
        USERS,
        """
        op.add_column("users", sa.Column("data", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")))
        """,
        'op.drop_column("users", "data")',
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
        module="from sqlalchemy.dialects import postgresql",
    ),
    Case(
        "a conditional expression chooses the table",
        USERS,
        """
        table = "users" if op.get_bind().dialect.name == "sqlite" else "users"
        op.add_column(table, sa.Column("email", sa.String(80)))
        """,
        'op.drop_column("users", "email")',
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "a helper of the file, with arguments",
        USERS,
        """
        add_stamps("users")
        """,
        """
        drop_stamps("users")
        """,
        truth="reversible",
        rows=USER_ROWS,
        module="""
        def add_stamps(table, names=("created", "updated")):
            for name in names:
                op.add_column(table, sa.Column(name, sa.DateTime()))


        def drop_stamps(table, *, names=("created", "updated")):
            for name in names:
                op.drop_column(table, name)
        """,
    ),
    Case(
        "a helper of the file undoes half",
        USERS,
        'add_stamps("users")',
        'drop_stamps("users", names=["created"])',
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.updated"],
        module="""
        def add_stamps(table, names=("created", "updated")):
            for name in names:
                op.add_column(table, sa.Column(name, sa.DateTime()))


        def drop_stamps(table, *, names=("created", "updated")):
            for name in names:
                op.drop_column(table, name)
        """,
    ),
    Case(
        "a helper module of the project",
        USERS,
        'add_email("users")',
        'drop_email("users")',
        truth="reversible",
        rows=USER_ROWS,
        module="from migration_tools import add_email, drop_email",
        helpers={
            "migration_tools.py": """
            from alembic import op
            import sqlalchemy as sa


            def add_email(table):
                op.add_column(table, sa.Column("email", sa.String(80)))


            def drop_email(table):
                op.drop_column(table, "email")
            """,
        },
    ),
    Case(
        "a helper module of the project that drops another column",
        USERS,
        'migration_tools.add_email("users")',
        'migration_tools.drop_email("users")',
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.email", "column users.phone"],
        module="import migration_tools",
        helpers={
            "migration_tools.py": """
            from alembic import op
            import sqlalchemy as sa


            def add_email(table):
                op.add_column(table, sa.Column("email", sa.String(80)))


            def drop_email(table):
                op.drop_column(table, "phone")
            """,
        },
    ),
    Case(
        "helpers that give columns",
        USERS,
        'op.create_table("pets", *key(), sa.Column("name", sa.String(40)), stamp("created"))',
        'op.drop_table("pets")',
        truth="reversible",
        rows=USER_ROWS,
        module="""
        def key():
            return [sa.Column("id", sa.Integer(), primary_key=True)]


        def stamp(name):
            return sa.Column(name, sa.DateTime(), nullable=False, server_default=sa.func.now())
        """,
    ),
    Case(
        "op under another name",
        USERS,
        'ops.add_column("users", Column("email", String(80)))',
        'ops.drop_column("users", "email")',
        truth="reversible",
        rows=USER_ROWS,
        module="""
        import alembic.op as ops
        from sqlalchemy import Column, String
        """,
    ),
    Case(
        "op handed on as a parameter",
        USERS,
        "change(op)",
        "undo(op)",
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.phone"],
        module="""
        def change(o):
            o.drop_column("users", "phone")


        def undo(o):
            pass
        """,
    ),
    Case(
        "try and except around an operation that works",
        USERS,
        """
        try:
            op.add_column("users", sa.Column("email", sa.String(80)))
        except Exception:
            pass
        """,
        'op.drop_column("users", "email")',
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "what an except branch makes is not made when the try works",
        USERS,
        """
        try:
            op.add_column("users", sa.Column("email", sa.String(80)))
        except Exception:
            op.create_table("spare", sa.Column("id", sa.Integer(), primary_key=True))
        """,
        'op.drop_column("users", "email")',
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "an index that is not there is dropped in a try",
        USERS,
        """
        try:
            op.drop_index("ix_users_phone", table_name="users")
        except Exception:
            pass
        op.add_column("users", sa.Column("email", sa.String(80)))
        """,
        'op.drop_column("users", "email")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(SQLITE, MARIADB),
    ),
    Case(
        "the except branch runs because the try fails",
        USERS,
        """
        try:
            op.drop_index("ix_users_phone", table_name="users")
        except Exception:
            op.add_column("users", sa.Column("email", sa.String(80)))
        """,
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=(SQLITE, MARIADB),
        kinds=["column users.email"],
    ),
    Case(
        "a statement before the one that fails stays done",
        USERS,
        """
        try:
            op.add_column("users", sa.Column("email", sa.String(80)))
            op.drop_column("users", "fax")
            op.add_column("users", sa.Column("url", sa.String(80)))
        except Exception:
            pass
        """,
        'op.drop_column("users", "email")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(SQLITE, MARIADB),
    ),
    Case(
        "a batch that cannot be carried out does nothing at all",
        USERS,
        """
        try:
            with op.batch_alter_table("users") as batch:
                batch.add_column(sa.Column("email", sa.String(80)))
                batch.drop_constraint("uq_users_phone", type_="unique")
        except ValueError:
            pass
        """,
        "pass",
        truth="reversible",
        rows=USER_ROWS,
        databases=(SQLITE,),
    ),
    Case(
        "suppress hides a downgrade that fails",
        USERS,
        'op.add_column("users", sa.Column("email", sa.String(80)))',
        """
        with contextlib.suppress(Exception):
            op.drop_column("users", "e_mail")
        """,
        truth="broken",
        rows=USER_ROWS,
        databases=(SQLITE, MARIADB),
        kinds=["column users.email"],
        module="import contextlib",
    ),
    Case(
        "PostgreSQL does not go on after an error that is caught",
        USERS,
        'op.add_column("users", sa.Column("email", sa.String(80)))',
        """
        try:
            op.drop_index("ix_users_phone", table_name="users")
        except Exception:
            pass
        op.drop_column("users", "email")
        """,
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["index ix_users_phone"],
        unseen=True,
    ),
    Case(
        "an error inside a savepoint is undone, and the rest goes on",
        USERS,
        'op.add_column("users", sa.Column("email", sa.String(80)))',
        """
        try:
            with op.get_bind().begin_nested():
                op.drop_index("ix_users_phone", table_name="users")
        except Exception:
            pass
        op.drop_column("users", "email")
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "each call of a helper with a try has its own luck",
        steps(USERS, 'op.create_index("ix_users_phone", "users", ["phone"])'),
        """
        drop_if_there("ix_users_name")
        drop_if_there("ix_users_phone")
        """,
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=(SQLITE, MARIADB),
        kinds=["index users.ix_users_phone"],
        module="""
        def drop_if_there(name):
            try:
                op.drop_index(name, table_name="users")
            except Exception:
                pass
        """,
    ),
    Case(
        "try and except hide a downgrade that fails",
        USERS,
        'op.add_column("users", sa.Column("email", sa.String(80)))',
        """
        try:
            op.drop_column("users", "e_mail")
        except Exception:
            pass
        """,
        truth="broken",
        says="broken unknown",
        rows=USER_ROWS,
        databases=(SQLITE,),
        kinds=["column users.email"],
    ),
    Case(
        "a condition of the environment that does not hold",
        USERS,
        """
        if os.environ.get("MRT_TRUTH_NEVER_SET"):
            op.drop_column("users", "phone")
        """,
        """
        if os.environ.get("MRT_TRUTH_NEVER_SET"):
            op.add_column("users", sa.Column("phone", sa.String(20)))
        """,
        truth="reversible",
        says="lossy unknown",
        rows=USER_ROWS,
        module="import os",
    ),
    Case(
        "a condition of the environment in the upgrade only",
        USERS,
        """
        if not os.environ.get("MRT_TRUTH_NEVER_SET"):
            op.add_column("users", sa.Column("email", sa.String(80)))
        """,
        "pass",
        truth="broken",
        says="broken unknown",
        rows=USER_ROWS,
        module="import os",
        kinds=["column users.email"],
    ),
    Case(
        "a while loop with a counter",
        USERS,
        """
        n = 0
        while n < 3:
            op.add_column("users", sa.Column(f"extra_{n}", sa.Integer()))
            n += 1
        """,
        """
        for n in range(3):
            op.drop_column("users", f"extra_{n}")
        """,
        truth="reversible",
        says="reversible unknown",
        rows=USER_ROWS,
    ),
    Case(
        "enumerate, zip, sorted and comprehensions",
        USERS,
        """
        names = [f"{prefix}_{n}" for n, prefix in enumerate(sorted({"b", "a"}))]
        for name, kind in zip(names, (sa.Integer(), sa.Text())):
            op.add_column("users", sa.Column(name, kind))
        """,
        """
        op.drop_column("users", "a_0")
        op.drop_column("users", "b_1")
        """,
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "star arguments of a known list",
        USERS,
        """
        columns = [sa.Column("id", sa.Integer(), primary_key=True), sa.Column("x", sa.Integer())]
        op.create_table("points", *columns)
        """,
        'op.drop_table("points")',
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "keyword arguments of a known dictionary",
        USERS,
        """
        options = {"nullable": False, "server_default": "0"}
        op.add_column("users", sa.Column("points", sa.Integer(), **options))
        """,
        'op.drop_column("users", "points")',
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "a flag of the file turns a branch off",
        USERS,
        """
        if ENABLED:
            op.drop_column("users", "phone")
        """,
        "pass",
        truth="reversible",
        rows=USER_ROWS,
        module="ENABLED = False",
    ),
    Case(
        "a nested function and a lambda",
        USERS,
        """
        def add(name):
            op.add_column("users", sa.Column(name, sa.Integer()))

        add("a")
        (lambda name: op.add_column("users", sa.Column(name, sa.Integer())))("b")
        """,
        """
        op.drop_column("users", "a")
        """,
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.b"],
    ),
    Case(
        "upgrade and downgrade exchanged through a shared function",
        USERS,
        "move(True)",
        "move(False)",
        truth="reversible",
        rows=USER_ROWS,
        module="""
        def move(forward):
            old, new = ("phone", "mobile") if forward else ("mobile", "phone")
            op.alter_column("users", old, new_column_name=new)
        """,
    ),
    Case(
        "a drop_column of something that is not op",
        USERS,
        """
        class Frame:
            def drop_column(self, table, name):
                return name

        Frame().drop_column("users", "phone")
        """,
        "pass",
        truth="reversible",
        says="reversible unknown",
        rows=USER_ROWS,
    ),
    Case(
        "a different set of columns by dialect",
        USERS,
        """
        columns = ["a", "b"]
        if op.get_bind().dialect.name == "postgresql":
            columns.append("c")
        for name in columns:
            op.add_column("users", sa.Column(name, sa.Integer()))
        """,
        """
        for name in ("a", "b"):
            op.drop_column("users", name)
        """,
        truth={POSTGRESQL: "broken", SQLITE: "reversible"},
        says={POSTGRESQL: "broken unknown", SQLITE: "reversible unknown"},
        rows=USER_ROWS,
        kinds={POSTGRESQL: ["column users.c"]},
    ),
    Case(
        "the target is asked for through op.get_context().bind",
        steps(USERS, 'op.create_index("ix_users_phone", "users", ["phone"])'),
        """
        if op.get_context().bind.dialect.name == "sqlite":
            op.drop_index("ix_users_phone", "users")
        """,
        "pass",
        truth={POSTGRESQL: "reversible", SQLITE: "broken"},
        says={POSTGRESQL: "reversible unknown", SQLITE: "broken unknown"},
        rows=USER_ROWS,
        databases=BOTH,
        kinds={SQLITE: ["index users.ix_users_phone"]},
    ),
    Case(
        "questions in a try that swallows every error, and one try for the way back",
        USERS,
        """
        columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("users")]
        try:
            if "email" not in columns:
                with op.batch_alter_table("users") as batch_op:
                    batch_op.add_column(sa.Column("email", sa.String(80)))
        except Exception:
            pass
        try:
            if "points" not in columns:
                with op.batch_alter_table("users") as batch_op:
                    batch_op.add_column(sa.Column("points", sa.Integer()))
        except Exception:
            pass
        """,
        """
        try:
            with op.batch_alter_table("users") as batch_op:
                batch_op.drop_column("points")
            with op.batch_alter_table("users") as batch_op:
                batch_op.drop_column("email")
        except Exception as error:
            print(error)
        """,
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "code in a try that might raise, and does not",
        USERS,
        """
        try:
            length = int("80")
            op.add_column("users", sa.Column("email", sa.String(length)))
        except Exception:
            pass
        """,
        'op.drop_column("users", "email")',
        truth="reversible",
        says="plausible",
        rows=USER_ROWS,
    ),
    Case(
        "code in a try that surely raises",
        USERS,
        """
        try:
            raise_it()
            op.drop_column("users", "phone")
        except Exception:
            pass
        op.add_column("users", sa.Column("email", sa.String(80)))
        """,
        'op.drop_column("users", "email")',
        truth="reversible",
        says="lossy broken plausible unknown",
        rows=USER_ROWS,
        module="""
def raise_it():
    return {}["nothing"]
""",
    ),
    Case(
        "an index of which a broken build may have left a part",
        steps(USERS, 'exec("pass")'),
        """
        op.execute("DROP INDEX IF EXISTS ix_users_phone")
        op.create_index("ix_users_phone", "users", ["phone"])
        """,
        'op.execute("DROP INDEX IF EXISTS ix_users_phone")',
        truth="reversible",
        says="plausible",
        rows=USER_ROWS,
    ),
    Case(
        "an index that is not valid is dropped before it is made",
        steps(USERS, 'exec("pass")'),
        """
        query = "SELECT 1 FROM pg_class JOIN pg_index ON indexrelid = oid WHERE relname = 'ix_p' AND NOT indisvalid"
        invalid = op.get_bind().exec_driver_sql(query).scalar()
        if invalid:
            op.execute("DROP INDEX IF EXISTS ix_p")
        op.execute("CREATE INDEX IF NOT EXISTS ix_p ON users (phone)")
        """,
        'op.execute("DROP INDEX IF EXISTS ix_p")',
        truth="reversible",
        says="plausible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "the same words ask about something else once the name is bound anew",
        steps(USERS, 'exec("pass")'),
        """
        query = "SELECT indisvalid FROM pg_class JOIN pg_index ON indexrelid = oid WHERE relname = 'ix_p'"
        found = op.get_bind().exec_driver_sql(query).first()
        if found is None:
            op.create_index("ix_p", "users", ["phone"])
        found = op.get_bind().exec_driver_sql(query).first()
        if found is None:
            raise RuntimeError("no index")
        """,
        'op.execute("DROP INDEX IF EXISTS ix_p")',
        truth="reversible",
        says="plausible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a dropped column is filled again page by page",
        steps(USERS, 'op.add_column("users", sa.Column("shout", sa.String(50)))'),
        """
        op.drop_column("users", "shout")
        """,
        """
        op.add_column("users", sa.Column("shout", sa.String(50)))
        bind, last = op.get_bind(), 0
        while True:
            query = sa.text("SELECT id, name FROM users WHERE id > :last ORDER BY id LIMIT 2")
            rows = bind.execute(query, {"last": last}).fetchall()
            if not rows:
                break
            for row in rows:
                change = sa.text("UPDATE users SET shout = :shout WHERE id = :id")
                bind.execute(change, {"shout": row.name.upper(), "id": row.id})
            last = rows[-1].id
        """,
        truth="reversible",
        says="plausible unknown",
        rows=[*USER_ROWS, "UPDATE users SET shout = upper(name)"],
    ),
    Case(
        "what code of the upgrade may have changed is filled again in the downgrade",
        steps(USERS, 'op.add_column("users", sa.Column("shout", sa.String(50)))'),
        """
        exec("op.drop_column('users', 'shout')")
        exec("op.add_column('users', sa.Column('shout', sa.String(50)))")
        """,
        """
        for row in op.get_bind().execute(sa.text("SELECT id, name FROM users")).fetchall():
            change = sa.text("UPDATE users SET shout = :shout WHERE id = :id")
            op.get_bind().execute(change, {"shout": row.name.upper(), "id": row.id})
        """,
        truth="reversible",
        says="unknown",
        rows=[*USER_ROWS, "UPDATE users SET shout = upper(name)"],
    ),
    Case(
        "objects added and deleted again",
        USERS,
        """
        with Session(bind=op.get_bind()) as session:
            session.add(User(id=9, name="Nine"))
            session.commit()
        """,
        """
        with Session(bind=op.get_bind()) as session:
            session.delete(session.get(User, 9))
            session.commit()
        """,
        truth="reversible",
        says="plausible",
        rows=USER_ROWS,
        module=MAPPED,
    ),
    Case(
        "objects changed, and changed to something else",
        USERS,
        """
        with Session(bind=op.get_bind()) as session:
            for user in find(session):
                user.name = "same"
            session.commit()
        """,
        """
        with Session(bind=op.get_bind()) as session:
            for user in find(session):
                user.name = "other"
            session.commit()
        """,
        truth="lossy",
        says="lossy plausible unknown",
        rows=USER_ROWS,
        module=MAPPED,
    ),
    Case(
        "objects changed for good",
        USERS,
        """
        with Session(bind=op.get_bind()) as session:
            for user in find(session):
                user.name = "same"
            session.commit()
        """,
        "pass",
        truth="lossy",
        says="lossy unknown",
        rows=USER_ROWS,
        module=MAPPED,
    ),
]
