"""NOT NULL set and dropped, and what is done to the NULLs for it."""

from tests.truth.case import MARIADB, POSTGRESQL, Case
from tests.truth.givens import ROLE_ROWS, ROLES, USER_ROWS, USERS

PG = (POSTGRESQL,)
FULL_ROWS = ["INSERT INTO users (id, name, phone, age) VALUES (1, 'Ada', '+44 1', 36), (2, 'Bob', '+1', 17)"]

CASES = [
    Case(
        "NOT NULL set and dropped",
        USERS,
        'op.alter_column("users", "phone", nullable=False, existing_type=sa.String(20))',
        'op.alter_column("users", "phone", nullable=True, existing_type=sa.String(20))',
        truth="reversible",
        rows=FULL_ROWS,
        databases=(POSTGRESQL, MARIADB),
    ),
    Case(
        "NOT NULL set and left",
        USERS,
        'op.alter_column("users", "phone", nullable=False, existing_type=sa.String(20))',
        "pass",
        truth="broken",
        rows=FULL_ROWS,
        databases=(POSTGRESQL, MARIADB),
        kinds=["column users.phone"],
    ),
    Case(
        "NOT NULL dropped and set again",
        USERS,
        'op.alter_column("users", "name", nullable=True, existing_type=sa.String(50))',
        'op.alter_column("users", "name", nullable=False, existing_type=sa.String(50))',
        truth="reversible",
        says="fragile",
        rows=USER_ROWS,
        databases=(POSTGRESQL, MARIADB),
    ),
    Case(
        "NOT NULL dropped, the new NULLs filled, and set again",
        USERS,
        'op.alter_column("users", "name", nullable=True)',
        """
        op.execute("UPDATE users SET name = '' WHERE name IS NULL")
        op.alter_column("users", "name", nullable=False)
        """,
        truth="reversible",
        says="reversible plausible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "NOT NULL dropped and left",
        USERS,
        'op.execute("ALTER TABLE users ALTER COLUMN name DROP NOT NULL")',
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["column users.name"],
    ),
    Case(
        "NOT NULL set through SQL and dropped for another column",
        USERS,
        """
        op.execute("ALTER TABLE users ALTER COLUMN phone SET NOT NULL")
        """,
        'op.execute("ALTER TABLE users ALTER COLUMN age DROP NOT NULL")',
        truth="broken",
        rows=FULL_ROWS,
        databases=PG,
        kinds=["column users.phone"],
    ),
    Case(
        "NOT NULL in a batch and back",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("phone", existing_type=sa.String(20), nullable=False)
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("phone", existing_type=sa.String(20), nullable=True)
        """,
        truth="reversible",
        rows=FULL_ROWS,
    ),
    Case(
        "NOT NULL dropped in a batch and left",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("name", existing_type=sa.String(50), nullable=True)
        """,
        "pass",
        truth="broken",
        rows=FULL_ROWS,
        kinds=["column users.name"],
    ),
    Case(
        "NULLs overwritten before NOT NULL stay overwritten",
        USERS,
        """
        op.execute("UPDATE users SET phone = '' WHERE phone IS NULL")
        op.alter_column("users", "phone", nullable=False)
        """,
        'op.alter_column("users", "phone", nullable=True)',
        truth="lossy",
        says="lossy",
        rows=USER_ROWS,
        databases=PG,
        kinds=["column users.phone"],
    ),
    Case(
        "NULLs overwritten and every row turned back to NULL",
        USERS,
        """
        op.execute("UPDATE users SET phone = 'none' WHERE phone IS NULL")
        """,
        """
        op.execute("UPDATE users SET phone = NULL")
        """,
        truth="lossy",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "NULLs overwritten by a value that nobody had, and turned back",
        USERS,
        """
        op.execute("UPDATE users SET phone = 'none' WHERE phone IS NULL")
        op.alter_column("users", "phone", nullable=False)
        """,
        """
        op.alter_column("users", "phone", nullable=True)
        op.execute("UPDATE users SET phone = NULL WHERE phone = 'none'")
        """,
        truth="reversible",
        says="plausible lossy",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "NULLs overwritten by a value that some had, and turned back",
        USERS,
        """
        op.execute("UPDATE users SET phone = '' WHERE phone IS NULL")
        op.alter_column("users", "phone", nullable=False)
        """,
        """
        op.alter_column("users", "phone", nullable=True)
        op.execute("UPDATE users SET phone = NULL WHERE phone = ''")
        """,
        truth="lossy",
        says="plausible lossy",
        rows=[*USER_ROWS, "INSERT INTO users (id, name, phone) VALUES (4, 'Dora', '')"],
        databases=PG,
        kinds=["column users.phone"],
    ),
    Case(
        "rows with NULL deleted before NOT NULL",
        ROLES,
        """
        op.execute("DELETE FROM members WHERE role_id IS NULL")
        op.alter_column("members", "role_id", nullable=False, existing_type=sa.Integer())
        """,
        'op.alter_column("members", "role_id", nullable=True, existing_type=sa.Integer())',
        truth="lossy",
        rows=ROLE_ROWS,
        databases=(POSTGRESQL, MARIADB),
        kinds=["table members"],
    ),
    Case(
        "NOT NULL prepared by a check that is dropped again",
        USERS,
        """
        op.execute("ALTER TABLE users ADD CONSTRAINT ck_phone CHECK (phone IS NOT NULL) NOT VALID")
        op.execute("ALTER TABLE users VALIDATE CONSTRAINT ck_phone")
        op.alter_column("users", "phone", nullable=False)
        op.drop_constraint("ck_phone", "users")
        """,
        'op.alter_column("users", "phone", nullable=True)',
        truth="reversible",
        rows=FULL_ROWS,
        databases=PG,
    ),
    Case(
        "a column added nullable, filled, made NOT NULL, and dropped",
        USERS,
        """
        op.add_column("users", sa.Column("email", sa.String(80)))
        op.execute("UPDATE users SET email = name || '@example.org'")
        op.alter_column("users", "email", nullable=False)
        """,
        'op.drop_column("users", "email")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "the downgrade sets a NOT NULL that rows stand against",
        USERS,
        'op.alter_column("users", "phone", new_column_name="mobile")',
        'op.alter_column("users", "mobile", new_column_name="phone", nullable=False)',
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["column users.phone"],
        unseen=True,
    ),
]
