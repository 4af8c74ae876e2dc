"""Rows written through SQLAlchemy Core, connections and sessions."""

from tests.truth.case import ALL, POSTGRESQL, Case
from tests.truth.givens import ORDER_ROWS, ORDERS, ROLE_ROWS, ROLES, USER_ROWS, USERS

TABLE = 'users = sa.table("users", sa.column("id"), sa.column("name"), sa.column("phone"), sa.column("age"))'
ROLE_TABLE = 'roles = sa.table("roles", sa.column("id", sa.Integer), sa.column("title", sa.String))'

CASES = [
    Case(
        "Core update through op.execute",
        USERS,
        "op.execute(users.update().values(phone=None))",
        "pass",
        truth="lossy",
        rows=USER_ROWS,
        databases=ALL,
        module=TABLE,
        kinds=["column users.phone"],
    ),
    Case(
        "Core update with a condition and its opposite",
        ORDERS,
        """
        op.execute(orders.update().where(orders.c.status == op.inline_literal("new")).values(status="open"))
        """,
        """
        op.execute(orders.update().where(orders.c.status == op.inline_literal("open")).values(status="new"))
        """,
        truth="reversible",
        says="plausible",
        rows=ORDER_ROWS,
        module='orders = sa.table("orders", sa.column("id", sa.Integer), sa.column("status", sa.String))',
    ),
    Case(
        "Core update of a new column from an old one, and the old one dropped",
        USERS,
        """
        op.add_column("users", sa.Column("mobile", sa.String(20)))
        users = sa.table("users", sa.column("phone"), sa.column("mobile"))
        op.get_bind().execute(users.update().values(mobile=users.c.phone))
        op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        users = sa.table("users", sa.column("phone"), sa.column("mobile"))
        op.get_bind().execute(users.update().values(phone=users.c.mobile))
        op.drop_column("users", "mobile")
        """,
        truth="reversible",
        says="reversible plausible",
        rows=USER_ROWS,
    ),
    Case(
        "Core update the wrong way on the way back",
        USERS,
        """
        op.add_column("users", sa.Column("mobile", sa.String(20)))
        users = sa.table("users", sa.column("phone"), sa.column("mobile"))
        op.execute(users.update().values({"mobile": users.c.phone}))
        op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        users = sa.table("users", sa.column("phone"), sa.column("mobile"))
        op.execute(users.update().values({"mobile": users.c.phone}))
        op.drop_column("users", "mobile")
        """,
        truth="lossy",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "bulk_insert into an old table, deleted again",
        ROLES,
        'op.bulk_insert(roles, [{"id": 10, "title": "admin"}, {"id": 11, "title": "bot"}])',
        "op.execute(roles.delete().where(roles.c.id.in_([10, 11])))",
        truth="reversible",
        says="reversible plausible",
        rows=ROLE_ROWS,
        module=ROLE_TABLE,
    ),
    Case(
        "bulk_insert into an old table, left",
        ROLES,
        'op.bulk_insert(roles, [{"title": "admin"}])',
        "pass",
        truth="lossy",
        rows=ROLE_ROWS,
        # On PostgreSQL the serial starts at 1, which the hand-written rows already have.
        databases=("sqlite",),
        module=ROLE_TABLE,
        kinds=["table roles"],
    ),
    Case(
        "Core delete without condition",
        ROLES,
        "op.get_bind().execute(sa.delete(roles))",
        'op.bulk_insert(roles, [{"id": 1, "title": "owner"}])',
        truth="lossy",
        rows=ROLE_ROWS,
        databases=ALL,
        module=ROLE_TABLE,
        kinds=["table roles"],
    ),
    Case(
        "Core insert from a select into a new table",
        USERS,
        """
        copies = op.create_table("copies", sa.Column("id", sa.Integer()), sa.Column("name", sa.String(50)))
        op.execute(copies.insert().from_select(["id", "name"], sa.select(users.c.id, users.c.name)))
        """,
        'op.drop_table("copies")',
        truth="reversible",
        rows=USER_ROWS,
        module=TABLE,
    ),
    Case(
        "text with bound parameters",
        USERS,
        """
        op.execute(sa.text("UPDATE users SET phone = :phone WHERE id = :id").bindparams(phone="none", id=2))
        """,
        """
        op.execute(sa.text("UPDATE users SET phone = NULL WHERE id = :id").bindparams(id=2))
        """,
        truth="reversible",
        says="plausible lossy",
        rows=USER_ROWS,
    ),
    Case(
        "a connection executes text with a dictionary",
        USERS,
        """
        connection = op.get_bind()
        connection.execute(sa.text("UPDATE users SET phone = :phone"), {"phone": "none"})
        """,
        "pass",
        truth="lossy",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "exec_driver_sql deletes",
        USERS,
        'op.get_bind().exec_driver_sql("DELETE FROM users WHERE age < 18")',
        "pass",
        truth="lossy",
        rows=USER_ROWS,
        databases=ALL,
        kinds=["table users"],
    ),
    Case(
        "context.execute through the module alembic.context",
        USERS,
        'context.execute("UPDATE users SET phone = NULL")',
        "pass",
        truth="lossy",
        rows=USER_ROWS,
        module="from alembic import context",
        kinds=["column users.phone"],
    ),
    Case(
        "a loop over the rows of a query writes a new column",
        USERS,
        """
        op.add_column("users", sa.Column("initial", sa.String(1)))
        bind = op.get_bind()
        for row in bind.execute(sa.text("SELECT id, name FROM users")).fetchall():
            bind.execute(
                sa.text("UPDATE users SET initial = :initial WHERE id = :id"),
                {"initial": row.name[0], "id": row.id},
            )
        """,
        'op.drop_column("users", "initial")',
        truth="reversible",
        says="reversible unknown",
        rows=USER_ROWS,
    ),
    Case(
        "a loop over the rows of a query overwrites an old column",
        USERS,
        """
        bind = op.get_bind()
        for row in bind.execute(sa.text("SELECT id, name FROM users")).fetchall():
            bind.execute(
                sa.text("UPDATE users SET name = :name WHERE id = :id"),
                {"name": row.name[0], "id": row.id},
            )
        """,
        "pass",
        truth="lossy",
        says="lossy unknown",
        rows=USER_ROWS,
        kinds=["column users.name"],
    ),
    Case(
        "a loop over the rows of a query drops tables",
        USERS,
        """
        bind = op.get_bind()
        for (name,) in bind.execute(sa.text("SELECT lower('USERS')")).fetchall():
            op.drop_table(name)
        """,
        "pass",
        truth="broken",
        says="broken unknown",
        rows=USER_ROWS,
        kinds=["table users"],
    ),
    Case(
        "a session writes through an ORM class of the file",
        USERS,
        """
        session = Session(bind=op.get_bind())
        for user in session.query(User):
            user.phone = None
        session.flush()
        """,
        "pass",
        truth="lossy",
        says="lossy unknown",
        rows=USER_ROWS,
        module="""
        from sqlalchemy.orm import Session, declarative_base

        Base = declarative_base()


        class User(Base):
            __tablename__ = "users"
            id = sa.Column(sa.Integer, primary_key=True)
            phone = sa.Column(sa.String)
        """,
        kinds=["column users.phone"],
    ),
    Case(
        "a session executes text",
        USERS,
        """
        with Session(op.get_bind()) as session:
            session.execute(sa.text("DELETE FROM users"))
            session.commit()
        """,
        "pass",
        truth="lossy",
        rows=USER_ROWS,
        module="from sqlalchemy.orm import Session",
        databases=("sqlite",),
        kinds=["table users"],
    ),
    Case(
        "the rows of a query decide a condition",
        USERS,
        """
        count = op.get_bind().execute(sa.text("SELECT count(*) FROM users")).scalar()
        if count:
            op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        """,
        truth="lossy",
        says="lossy unknown broken",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "reflected table updated",
        USERS,
        """
        bind = op.get_bind()
        users = sa.Table("users", sa.MetaData(), autoload_with=bind)
        bind.execute(users.update().values(phone="none"))
        """,
        "pass",
        truth="lossy",
        says="lossy unknown",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "create_all of a metadata",
        USERS,
        """
        metadata.create_all(op.get_bind())
        """,
        """
        metadata.drop_all(op.get_bind())
        """,
        truth="reversible",
        says="reversible unknown plausible",
        rows=USER_ROWS,
        module="""
        metadata = sa.MetaData()
        extra = sa.Table("extra", metadata, sa.Column("id", sa.Integer, primary_key=True))
        """,
    ),
    Case(
        "an update with a correlated subquery in Core",
        ROLES,
        """
        op.add_column("members", sa.Column("title", sa.String(30)))
        members = sa.table("members", sa.column("role_id"), sa.column("title"))
        found = sa.select(roles.c.title).where(roles.c.id == members.c.role_id).scalar_subquery()
        op.execute(members.update().values(title=found))
        """,
        'op.drop_column("members", "title")',
        truth="reversible",
        rows=ROLE_ROWS,
        module=ROLE_TABLE,
        databases=("sqlite", POSTGRESQL),
    ),
]
