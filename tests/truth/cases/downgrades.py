"""The forms a downgrade can take: missing, empty, refusing, for another migration."""

from tests.truth.case import ALL, BOTH, POSTGRESQL, SQLITE, Case
from tests.truth.givens import USER_ROWS, USERS, steps

ADD = 'op.add_column("users", sa.Column("email", sa.String(80)))'

CASES = [
    Case(
        "no downgrade function",
        USERS,
        ADD,
        None,
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.email"],
        unseen=True,
    ),
    Case(
        "the downgrade is a docstring",
        USERS,
        ADD,
        '"""Nothing to do."""',
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.email"],
    ),
    Case(
        "the downgrade is an ellipsis",
        USERS,
        ADD,
        "...",
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.email"],
    ),
    Case(
        "the downgrade returns at once",
        USERS,
        ADD,
        """
        return
        op.drop_column("users", "email")
        """,
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.email"],
    ),
    Case(
        "the downgrade only prints",
        USERS,
        ADD,
        'print("nothing is undone")',
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.email"],
    ),
    Case(
        "nothing is done and nothing undone",
        USERS,
        "pass",
        "pass",
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "NotImplementedError with a message",
        USERS,
        'op.drop_column("users", "phone")',
        'raise NotImplementedError("the numbers are gone")',
        truth="irreversible",
        rows=USER_ROWS,
    ),
    Case(
        "NotImplementedError without call",
        USERS,
        'op.drop_column("users", "phone")',
        "raise NotImplementedError",
        truth="irreversible",
        rows=USER_ROWS,
    ),
    Case(
        "an exception class of the file's own",
        USERS,
        'op.drop_column("users", "phone")',
        'raise Irreversible(f"revision {revision} cannot be undone")',
        truth="irreversible",
        rows=USER_ROWS,
        module="class Irreversible(Exception): ...",
    ),
    Case(
        "a refusal after some work",
        USERS,
        """
        op.add_column("users", sa.Column("email", sa.String(80)))
        op.drop_column("users", "phone")
        """,
        """
        op.drop_column("users", "email")
        raise RuntimeError("phone cannot be restored")
        """,
        truth="irreversible",
        rows=USER_ROWS,
    ),
    Case(
        "a refusal only on one database",
        USERS,
        'op.drop_column("users", "phone")',
        """
        if op.get_context().dialect.name == "postgresql":
            raise NotImplementedError("not here")
        op.add_column("users", sa.Column("phone", sa.String(20)))
        """,
        truth={POSTGRESQL: "irreversible", SQLITE: "lossy"},
        rows=USER_ROWS,
        databases=BOTH,
        kinds={SQLITE: ["column users.phone"]},
    ),
    Case(
        "a helper of the file refuses",
        USERS,
        'op.drop_column("users", "phone")',
        "refuse()",
        truth="irreversible",
        rows=USER_ROWS,
        module="""
        def refuse():
            raise NotImplementedError("no way back")
        """,
    ),
    Case(
        "the downgrade undoes another table",
        steps(
            USERS,
            """
            op.create_table(
                "pets", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String(80))
            )
            """,
        ),
        ADD,
        'op.drop_column("pets", "email")',
        truth="broken",
        rows=USER_ROWS + ["INSERT INTO pets (id, email) VALUES (1, 'rex@x.org')"],
        kinds=["column users.email", "column pets.email"],
    ),
    Case(
        "the downgrade repeats the upgrade",
        USERS,
        ADD,
        ADD,
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.email"],
    ),
    Case(
        "upgrade and downgrade exchanged: the downgrade drops what is old",
        USERS,
        'op.alter_column("users", "phone", new_column_name="mobile")',
        'op.drop_column("users", "mobile")',
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "the downgrade undoes more than the upgrade did",
        USERS,
        ADD,
        """
        op.drop_column("users", "email")
        op.drop_column("users", "phone")
        """,
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "an upgrade that only reads",
        USERS,
        """
        bind = op.get_bind()
        bind.execute(sa.text("SELECT count(*) FROM users"))
        """,
        "pass",
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "an upgrade that leaves no trace",
        USERS,
        """
        op.add_column("users", sa.Column("tmp", sa.Integer()))
        op.drop_column("users", "tmp")
        """,
        "pass",
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "the steps of the downgrade in the order of the upgrade",
        USERS,
        """
        op.create_table("plans", sa.Column("id", sa.Integer(), primary_key=True))
        op.add_column("users", sa.Column("plan_id", sa.Integer()))
        op.create_foreign_key("fk_users_plan", "users", "plans", ["plan_id"], ["id"])
        """,
        """
        op.drop_table("plans")
        op.drop_column("users", "plan_id")
        """,
        truth="broken",
        rows=USER_ROWS,
        databases=(POSTGRESQL,),
        kinds=["table plans"],
    ),
]
