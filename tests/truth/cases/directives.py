"""The less usual directives and arguments of Alembic's own API."""

from tests.truth.case import ALL, MARIADB, POSTGRESQL, SQLITE, Case
from tests.truth.givens import ROLE_ROWS, ROLES, USER_ROWS, USERS

PG = (POSTGRESQL,)

CASES = [
    Case(
        "every argument by keyword",
        ROLES,
        """
        op.create_index(index_name="ix_members_email", table_name="members", columns=["email"], unique=False)
        op.create_foreign_key(
            constraint_name="fk_members_role", source_table="members", referent_table="roles",
            local_cols=["role_id"], remote_cols=["id"], onupdate="CASCADE",
        )
        op.create_check_constraint(constraint_name="ck_title", table_name="roles", condition="title <> ''")
        op.add_column(table_name="roles", column=sa.Column("note", sa.Text()))
        """,
        """
        op.drop_column(table_name="roles", column_name="note")
        op.drop_constraint(constraint_name="ck_title", table_name="roles", type_="check")
        op.drop_constraint(constraint_name="fk_members_role", table_name="members", type_="foreignkey")
        op.drop_index(index_name="ix_members_email", table_name="members")
        """,
        truth="reversible",
        rows=ROLE_ROWS,
        databases=PG,
    ),
    Case(
        "every argument by keyword, one of them is another name",
        ROLES,
        'op.add_column(table_name="roles", column=sa.Column("note", sa.Text()))',
        'op.drop_column(table_name="members", column_name="email")',
        truth="broken",
        rows=ROLE_ROWS,
        kinds=["column roles.note", "column members.email"],
    ),
    Case(
        "op.invoke of operation objects",
        USERS,
        """
        from alembic.operations import ops

        op.invoke(ops.AddColumnOp("users", sa.Column("email", sa.String(80))))
        """,
        """
        from alembic.operations import ops

        op.invoke(ops.DropColumnOp("users", "email"))
        """,
        truth="reversible",
        says="reversible unknown",
        rows=USER_ROWS,
    ),
    Case(
        "op.invoke of an operation object that drops",
        USERS,
        """
        from alembic.operations import ops

        op.invoke(ops.DropColumnOp("users", "phone"))
        """,
        "pass",
        truth="broken",
        says="broken unknown",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "a batch executes SQL",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.add_column(sa.Column("mobile", sa.String(20)))
        with op.batch_alter_table("users") as batch_op:
            batch_op.execute("UPDATE users SET mobile = phone")
            batch_op.drop_column("phone")
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.add_column(sa.Column("phone", sa.String(20)))
        with op.batch_alter_table("users") as batch_op:
            batch_op.execute("UPDATE users SET phone = mobile")
            batch_op.drop_column("mobile")
        """,
        truth="reversible",
        says="reversible plausible",
        rows=USER_ROWS,
    ),
    Case(
        "a temporary table through prefixes",
        USERS,
        """
        op.create_table("scratch", sa.Column("id", sa.Integer(), primary_key=True), prefixes=["TEMPORARY"])
        """,
        "pass",
        truth="reversible",
        says="reversible unknown",
        rows=USER_ROWS,
        databases=(SQLITE, POSTGRESQL),
    ),
    Case(
        "an unlogged table through prefixes",
        USERS,
        """
        op.create_table("cache", sa.Column("id", sa.Integer(), primary_key=True), prefixes=["UNLOGGED"])
        """,
        'op.drop_table("cache")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "constraints, indexes and computed columns inside create_table",
        ROLES,
        """
        op.create_table(
            "shifts",
            sa.Column("id", sa.BigInteger(), sa.Identity(always=True, start=10), primary_key=True),
            sa.Column("role_id", sa.Integer(), sa.ForeignKey("roles.id", ondelete="SET NULL"), index=True),
            sa.Column("hours", sa.Integer(), sa.CheckConstraint("hours > 0", name="ck_hours"), nullable=False),
            sa.Column("minutes", sa.Integer(), sa.Computed("hours * 60", persisted=True)),
            sa.Column("day", sa.Date(), nullable=False, comment="local"),
            sa.UniqueConstraint("role_id", "day", name="uq_shifts", deferrable=True, initially="DEFERRED"),
            sa.Index("ix_shifts_day", sa.text("day DESC"), postgresql_where=sa.text("hours > 1")),
            comment="who works when",
        )
        """,
        'op.drop_table("shifts")',
        truth="reversible",
        rows=ROLE_ROWS,
        databases=PG,
    ),
    Case(
        "types of all sorts",
        USERS,
        """
        op.create_table(
            "zoo",
            sa.Column("id", sa.SmallInteger(), primary_key=True),
            sa.Column("big", sa.BigInteger()),
            sa.Column("f", sa.Float()),
            sa.Column("d", sa.Double()),
            sa.Column("n", sa.Numeric()),
            sa.Column("n12", sa.Numeric(12, 3)),
            sa.Column("b", sa.Boolean(), server_default=sa.false(), nullable=False),
            sa.Column("t", sa.Text()),
            sa.Column("s", sa.String()),
            sa.Column("u", sa.Unicode(30)),
            sa.Column("ut", sa.UnicodeText()),
            sa.Column("day", sa.Date()),
            sa.Column("at", sa.DateTime()),
            sa.Column("atz", sa.DateTime(timezone=True), server_default=sa.func.now()),
            sa.Column("clock", sa.Time()),
            sa.Column("span", sa.Interval()),
            sa.Column("raw", sa.LargeBinary()),
            sa.Column("doc", sa.JSON()),
            sa.Column("guid", sa.Uuid()),
            sa.Column("pickled", sa.PickleType()),
        )
        """,
        'op.drop_table("zoo")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(SQLITE, POSTGRESQL),
    ),
    Case(
        "types of PostgreSQL",
        USERS,
        """
        op.create_table(
            "zoo",
            sa.Column("id", postgresql.UUID(as_uuid=True), server_default=sa.text("gen_random_uuid()")),
            sa.Column("doc", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb")),
            sa.Column("tags", postgresql.ARRAY(sa.String(20)), server_default="{}", nullable=False),
            sa.Column("grid", postgresql.ARRAY(sa.Integer(), dimensions=2)),
            sa.Column("ip", postgresql.INET()),
            sa.Column("net", postgresql.CIDR()),
            sa.Column("mac", postgresql.MACADDR()),
            sa.Column("bits", postgresql.BIT(8)),
            sa.Column("at", postgresql.TIMESTAMP(timezone=True, precision=3)),
            sa.Column("span", postgresql.INTERVAL(fields="DAY TO SECOND")),
            sa.Column("words", postgresql.TSVECTOR()),
            sa.Column("period", postgresql.TSTZRANGE()),
            sa.Column("price", postgresql.MONEY()),
            sa.Column("x", postgresql.DOUBLE_PRECISION()),
            sa.Column("raw", postgresql.BYTEA()),
            sa.PrimaryKeyConstraint("id"),
        )
        """,
        'op.drop_table("zoo")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
        module="from sqlalchemy.dialects import postgresql",
    ),
    Case(
        "types of MariaDB",
        USERS,
        """
        op.create_table(
            "zoo",
            sa.Column("id", mysql.INTEGER(unsigned=True), autoincrement=True, nullable=False),
            sa.Column("tiny", mysql.TINYINT(1), server_default=sa.text("0"), nullable=False),
            sa.Column("medium", mysql.MEDIUMTEXT()),
            sa.Column("state", mysql.ENUM("a", "b"), server_default="a"),
            sa.Column("kinds", mysql.SET("x", "y")),
            sa.Column("at", mysql.DATETIME(fsp=6)),
            sa.Column("word", mysql.VARCHAR(20, collation="utf8mb4_bin")),
            sa.PrimaryKeyConstraint("id"),
            mysql_engine="InnoDB",
            mysql_default_charset="utf8mb4",
        )
        """,
        'op.drop_table("zoo")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(MARIADB,),
        module="from sqlalchemy.dialects import mysql",
    ),
    Case(
        "a type class without brackets",
        USERS,
        'op.add_column("users", sa.Column("points", sa.Integer))',
        'op.drop_column("users", "points")',
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "a type decorator of the file",
        USERS,
        'op.add_column("users", sa.Column("email", LowerCase(80)))',
        'op.drop_column("users", "email")',
        truth="reversible",
        says="reversible unknown",
        rows=USER_ROWS,
        module="""
        class LowerCase(sa.types.TypeDecorator):
            impl = sa.String
            cache_ok = True
        """,
    ),
    Case(
        "server defaults of all sorts",
        USERS,
        """
        op.create_table(
            "zoo",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("a", sa.Integer(), server_default="7"),
            sa.Column("b", sa.Integer(), server_default=sa.text("-1")),
            sa.Column("c", sa.String(20), server_default="it's"),
            sa.Column("d", sa.String(20), server_default=sa.text("'x' || 'y'")),
            sa.Column("e", sa.Boolean(), server_default=sa.true()),
            sa.Column("f", sa.Boolean(), server_default="false"),
            sa.Column("g", sa.Float(), server_default="1.5"),
            sa.Column("h", sa.DateTime(), server_default=sa.func.now()),
            sa.Column("i", sa.DateTime(), server_default=sa.func.current_timestamp()),
            sa.Column("j", sa.Date(), server_default=sa.text("CURRENT_DATE")),
            sa.Column("k", sa.Text(), server_default=sa.null()),
            sa.Column("l", sa.Numeric(10, 2), server_default=sa.literal(0)),
        )
        """,
        'op.drop_table("zoo")',
        truth="reversible",
        says="reversible unknown",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "alter_column with nothing to alter",
        USERS,
        'op.alter_column("users", "phone", existing_type=sa.String(20), existing_nullable=True)',
        "pass",
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "autoincrement set and taken away on MariaDB",
        """
        op.create_table(
            "counters",
            sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
            sa.PrimaryKeyConstraint("n"),
        )
        """,
        """
        op.alter_column("counters", "n", existing_type=sa.Integer(), autoincrement=True, existing_nullable=False)
        """,
        """
        op.alter_column("counters", "n", existing_type=sa.Integer(), autoincrement=False, existing_nullable=False)
        """,
        truth="reversible",
        rows=["INSERT INTO counters VALUES (1)"],
        databases=(MARIADB,),
    ),
    Case(
        "an identity column added and dropped",
        USERS,
        """
        op.add_column("users", sa.Column("no", sa.Integer(), sa.Identity(start=100), nullable=False))
        """,
        'op.drop_column("users", "no")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "an identity given and taken through alter_column",
        """
        op.create_table(
            "counters",
            sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        )
        """,
        'op.alter_column("counters", "n", server_default=sa.Identity(always=True))',
        'op.alter_column("counters", "n", server_default=None, existing_server_default=sa.Identity(always=True))',
        truth="reversible",
        says="reversible unknown",
        rows=["INSERT INTO counters VALUES (1)"],
        databases=PG,
    ),
    Case(
        "execute with bound parameters of a list",
        ROLES,
        """
        op.get_bind().execute(
            sa.text("INSERT INTO roles (id, title) VALUES (:id, :title)"),
            [{"id": 20, "title": "a"}, {"id": 21, "title": "b"}],
        )
        """,
        'op.execute("DELETE FROM roles WHERE id IN (20, 21)")',
        truth="reversible",
        says="reversible plausible",
        rows=ROLE_ROWS,
        databases=ALL,
    ),
    Case(
        "an exclusion constraint in a batch of PostgreSQL",
        """
        op.execute("CREATE TABLE stays (id integer PRIMARY KEY, during tsrange)")
        """,
        """
        op.create_exclude_constraint("ex_stays", "stays", (sa.column("during"), "&&"), using="gist")
        """,
        """
        with op.batch_alter_table("stays") as batch_op:
            batch_op.drop_constraint("ex_stays")
        """,
        truth="reversible",
        rows=["INSERT INTO stays VALUES (1, '[2024-01-01,2024-01-05)')"],
        databases=PG,
    ),
]
