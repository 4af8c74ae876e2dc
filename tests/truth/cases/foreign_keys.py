"""Foreign keys, their actions, and the rows that go with them."""

from tests.truth.case import MARIADB, POSTGRESQL, SQLITE, Case
from tests.truth.givens import LINKED, ROLE_ROWS, ROLES

PG = (POSTGRESQL,)
SERVERS = (POSTGRESQL, MARIADB)

ADD = 'op.create_foreign_key("fk_members_role", "members", "roles", ["role_id"], ["id"])'
DROP = 'op.drop_constraint("fk_members_role", "members", type_="foreignkey")'
CASCADE = """
op.create_foreign_key("fk_members_role", "members", "roles", ["role_id"], ["id"], ondelete="CASCADE")
"""
OTHER = """
op.create_table(
    "others",
    sa.Column("role_id", sa.Integer()),
    sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name="fk_members_role"),
)
"""
SET_NULL = LINKED.replace("CASCADE", "SET NULL")

CASES = [
    Case(
        "a foreign key added and dropped",
        ROLES,
        ADD,
        DROP,
        truth={POSTGRESQL: "reversible", MARIADB: "broken"},
        rows=ROLE_ROWS,
        databases=SERVERS,
        kinds={MARIADB: ["index members.fk_members_role"]},
    ),
    Case(
        "a foreign key of MariaDB leaves its index, which the downgrade drops",
        ROLES,
        ADD,
        f"""
        {DROP}
        op.drop_index("fk_members_role", table_name="members")
        """,
        truth="reversible",
        rows=ROLE_ROWS,
        databases=(MARIADB,),
    ),
    Case(
        "a foreign key is left",
        ROLES,
        CASCADE,
        "pass",
        truth="broken",
        rows=ROLE_ROWS,
        databases=SERVERS,
        kinds=["constraint members.fk_members_role"],
    ),
    Case(
        "a foreign key dropped and added again",
        LINKED,
        DROP,
        CASCADE,
        truth="reversible",
        says="fragile",
        rows=ROLE_ROWS,
        databases=SERVERS,
    ),
    Case(
        "a foreign key comes back while another table has its name",
        LINKED,
        f"{DROP}\n{OTHER}",
        f'{CASCADE}op.drop_table("others")',
        truth={POSTGRESQL: "reversible", MARIADB: "broken"},
        says={POSTGRESQL: "fragile"},
        rows=ROLE_ROWS,
        databases=SERVERS,
        kinds={MARIADB: ["constraint others.fk_members_role"]},
        unseen=True,
    ),
    Case(
        "a foreign key comes back after the table that had its name is dropped",
        LINKED,
        f"{DROP}\n{OTHER}",
        f'op.drop_table("others"){CASCADE}',
        truth="reversible",
        says="fragile",
        rows=ROLE_ROWS,
        databases=SERVERS,
    ),
    Case(
        "a dropped foreign key does not come back",
        LINKED,
        DROP,
        "pass",
        truth="broken",
        rows=ROLE_ROWS,
        databases=SERVERS,
        kinds=["constraint members.fk_members_role"],
    ),
    Case(
        "a foreign key comes back without ON DELETE CASCADE",
        LINKED,
        DROP,
        ADD,
        truth="broken",
        rows=ROLE_ROWS,
        databases=SERVERS,
        kinds=["constraint members.fk_members_role"],
    ),
    Case(
        "ON DELETE changed and restored",
        LINKED,
        f"""
        {DROP}
        op.create_foreign_key("fk_members_role", "members", "roles", ["role_id"], ["id"], ondelete="SET NULL")
        """,
        f"""
        {DROP}
        op.create_foreign_key("fk_members_role", "members", "roles", ["role_id"], ["id"], ondelete="CASCADE")
        """,
        truth="reversible",
        rows=ROLE_ROWS,
        databases=SERVERS,
    ),
    Case(
        "ON DELETE changed and restored to a third action",
        LINKED,
        f"""
        {DROP}
        op.create_foreign_key("fk_members_role", "members", "roles", ["role_id"], ["id"], ondelete="SET NULL")
        """,
        f"""
        {DROP}
        op.create_foreign_key("fk_members_role", "members", "roles", ["role_id"], ["id"], ondelete="RESTRICT")
        """,
        truth="broken",
        rows=ROLE_ROWS,
        databases=SERVERS,
        kinds=["constraint members.fk_members_role"],
    ),
    Case(
        "ON DELETE changed in a batch and restored",
        LINKED,
        """
        with op.batch_alter_table("members") as batch_op:
            batch_op.drop_constraint("fk_members_role", type_="foreignkey")
            batch_op.create_foreign_key("fk_members_role", "roles", ["role_id"], ["id"], ondelete="SET NULL")
        """,
        """
        with op.batch_alter_table("members") as batch_op:
            batch_op.drop_constraint("fk_members_role", type_="foreignkey")
            batch_op.create_foreign_key("fk_members_role", "roles", ["role_id"], ["id"], ondelete="CASCADE")
        """,
        truth="reversible",
        rows=ROLE_ROWS,
    ),
    Case(
        "a foreign key comes back to another column",
        """
        op.create_table(
            "tags",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("number", sa.Integer(), sa.UniqueConstraint(name="uq_tags_number")),
        )
        op.create_table(
            "uses",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("tag", sa.Integer(), sa.ForeignKey("tags.id", name="fk_uses_tag")),
        )
        """,
        'op.drop_constraint("fk_uses_tag", "uses", type_="foreignkey")',
        'op.create_foreign_key("fk_uses_tag", "uses", "tags", ["tag"], ["number"])',
        truth="broken",
        rows=["INSERT INTO tags VALUES (1, 1)", "INSERT INTO uses VALUES (1, 1)"],
        databases=PG,
        kinds=["constraint uses.fk_uses_tag"],
    ),
    Case(
        "a foreign key comes back deferrable",
        LINKED,
        DROP,
        """
        op.create_foreign_key(
            "fk_members_role", "members", "roles", ["role_id"], ["id"],
            ondelete="CASCADE", deferrable=True, initially="DEFERRED",
        )
        """,
        truth="broken",
        rows=ROLE_ROWS,
        databases=PG,
        kinds=["constraint members.fk_members_role"],
    ),
    Case(
        "ALTER CONSTRAINT makes a foreign key deferrable and back",
        LINKED,
        'op.execute("ALTER TABLE members ALTER CONSTRAINT fk_members_role DEFERRABLE INITIALLY DEFERRED")',
        'op.execute("ALTER TABLE members ALTER CONSTRAINT fk_members_role NOT DEFERRABLE")',
        truth="reversible",
        rows=ROLE_ROWS,
        databases=PG,
    ),
    Case(
        "a foreign key added NOT VALID, validated, dropped",
        ROLES,
        """
        op.create_foreign_key(
            "fk_members_role", "members", "roles", ["role_id"], ["id"], postgresql_not_valid=True
        )
        op.execute("ALTER TABLE members VALIDATE CONSTRAINT fk_members_role")
        """,
        DROP,
        truth="reversible",
        rows=ROLE_ROWS,
        databases=PG,
    ),
    Case(
        "the foreign key of a batch on SQLite, dropped again",
        ROLES,
        """
        with op.batch_alter_table("members") as batch_op:
            batch_op.create_foreign_key("fk_members_role", "roles", ["role_id"], ["id"], ondelete="SET NULL")
        """,
        """
        with op.batch_alter_table("members") as batch_op:
            batch_op.drop_constraint("fk_members_role", type_="foreignkey")
        """,
        truth="reversible",
        rows=ROLE_ROWS,
    ),
    Case(
        "deleted parents take their children along, only the parents come back",
        LINKED,
        'op.execute("DELETE FROM roles WHERE id = 2")',
        "op.execute(\"INSERT INTO roles (id, title) VALUES (2, 'guest')\")",
        truth="lossy",
        rows=ROLE_ROWS,
        says="lossy",
        databases=SERVERS,
        kinds=["table members"],
    ),
    Case(
        "deleted parents set their children to NULL, only the parents come back",
        SET_NULL,
        'op.execute("DELETE FROM roles WHERE id = 2")',
        "op.execute(\"INSERT INTO roles (id, title) VALUES (2, 'guest')\")",
        truth="lossy",
        rows=ROLE_ROWS,
        says="lossy",
        databases=SERVERS,
        kinds=["column members.role_id"],
    ),
    Case(
        "a self-reference added with its column and dropped",
        ROLES,
        """
        op.add_column("roles", sa.Column("parent_id", sa.Integer()))
        op.create_foreign_key("fk_roles_parent", "roles", "roles", ["parent_id"], ["id"])
        """,
        """
        op.drop_constraint("fk_roles_parent", "roles", type_="foreignkey")
        op.drop_column("roles", "parent_id")
        """,
        truth="reversible",
        rows=ROLE_ROWS,
        databases=SERVERS,
    ),
    Case(
        "the column is dropped, its foreign key goes with it",
        ROLES,
        """
        op.add_column("roles", sa.Column("parent_id", sa.Integer()))
        op.create_foreign_key("fk_roles_parent", "roles", "roles", ["parent_id"], ["id"])
        """,
        'op.drop_column("roles", "parent_id")',
        truth={POSTGRESQL: "reversible", MARIADB: "broken"},
        rows=ROLE_ROWS,
        databases=SERVERS,
        kinds={MARIADB: ["column roles.parent_id"]},
    ),
    Case(
        "the column comes back without its foreign key",
        LINKED,
        'op.drop_column("members", "role_id")',
        'op.add_column("members", sa.Column("role_id", sa.Integer()))',
        truth="broken",
        rows=ROLE_ROWS,
        databases=PG,
        kinds=["constraint members.fk_members_role", "column members.role_id"],
    ),
    Case(
        "two tables that refer to each other",
        ROLES,
        """
        op.create_table("a", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("b_id", sa.Integer()))
        op.create_table("b", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a_id", sa.Integer()))
        op.create_foreign_key("fk_a_b", "a", "b", ["b_id"], ["id"])
        op.create_foreign_key("fk_b_a", "b", "a", ["a_id"], ["id"])
        """,
        """
        op.drop_constraint("fk_a_b", "a", type_="foreignkey")
        op.drop_table("b")
        op.drop_table("a")
        """,
        truth="reversible",
        rows=ROLE_ROWS,
        databases=SERVERS,
    ),
    Case(
        "two tables that refer to each other, the downgrade forgets one link",
        ROLES,
        """
        op.create_table("a", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("b_id", sa.Integer()))
        op.create_table("b", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a_id", sa.Integer()))
        op.create_foreign_key("fk_a_b", "a", "b", ["b_id"], ["id"])
        op.create_foreign_key("fk_b_a", "b", "a", ["a_id"], ["id"])
        """,
        """
        op.drop_table("b")
        op.drop_table("a")
        """,
        truth="broken",
        rows=ROLE_ROWS,
        databases=SERVERS,
        kinds=["table b"],
        unseen=True,
    ),
    Case(
        "the downgrade of SQLite adds a foreign key outside of a batch",
        LINKED,
        """
        with op.batch_alter_table("members") as batch_op:
            batch_op.drop_constraint("fk_members_role", type_="foreignkey")
        """,
        CASCADE,
        truth={SQLITE: "broken", POSTGRESQL: "reversible"},
        says={SQLITE: "broken", POSTGRESQL: "fragile"},
        rows=ROLE_ROWS,
        kinds={SQLITE: ["constraint members.fk_members_role"]},
    ),
    Case(
        "a table and the one that refers to it dropped by one statement",
        ROLES,
        """
        op.execute("CREATE TABLE parents (id integer PRIMARY KEY)")
        op.execute("CREATE TABLE children (id integer, FOREIGN KEY (id) REFERENCES parents (id))")
        """,
        'op.execute("DROP TABLE parents, children")',
        truth="reversible",
        rows=ROLE_ROWS,
        databases=PG,
    ),
    Case(
        "use_alter keeps a foreign key out of CREATE TABLE",
        ROLES,
        """
        op.create_table(
            "badges",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("role_id", sa.Integer()),
            sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name="fk_badges_role", use_alter=True),
        )
        """,
        """
        op.drop_constraint("fk_badges_role", "badges", type_="foreignkey")
        op.drop_table("badges")
        """,
        truth="broken",
        rows=ROLE_ROWS,
        databases=SERVERS,
    ),
    Case(
        "a table is made again before the one that it refers to",
        ROLES,
        'op.drop_table("members")\nop.drop_table("roles")',
        """
        op.create_table(
            "members",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("role_id", sa.Integer, sa.ForeignKey("roles.id")),
        )
        op.create_table("roles", sa.Column("id", sa.Integer, primary_key=True))
        """,
        truth="broken",
        databases=SERVERS,
        unseen=True,
    ),
]
