"""Revisions that say of themselves that there is no way back, and revisions that are left out."""

from tests.dynamic.catalogue.case import POSTGRESQL, SQLITE, Case, Rev, Wrong
from tests.dynamic.catalogue.givens import NOTES, ORDERS, USERS

LOSSY = Rev("purged", "op.execute(\"DELETE FROM users WHERE role = 'guest'\")")

CASES = [
    Case(
        "declared irreversible",
        (
            *USERS.revisions,
            Rev(
                "dropped",
                'op.drop_column("users", "phone")',
                'raise NotImplementedError("the phone numbers are gone")',
            ),
            *USERS.after,
        ),
        {"dropped": Wrong("irreversible")},
    ),
    Case(
        "declared irreversible in a helper of the same file",
        (
            *USERS.revisions,
            Rev(
                "dropped",
                'op.drop_column("users", "phone")',
                "no_way_back()",
                module="""
                def no_way_back():
                    raise NotImplementedError("the phone numbers are gone")
                """,
            ),
            *USERS.after,
        ),
        {"dropped": Wrong("irreversible")},
    ),
    Case(
        "declared irreversible after half of the way",
        (
            *USERS.revisions,
            Rev(
                "dropped",
                """
                op.add_column("users", sa.Column("city", sa.String(30)))
                op.drop_column("users", "phone")
                """,
                """
                op.drop_column("users", "city")
                raise NotImplementedError("the phone numbers are gone")
                """,
            ),
            *USERS.after,
        ),
        {"dropped": Wrong("irreversible")},
    ),
    Case(
        "a bug after a declared irreversible revision",
        (
            *USERS.revisions,
            Rev(
                "dropped",
                'op.drop_column("users", "phone")',
                'raise NotImplementedError("the phone numbers are gone")',
            ),
            LOSSY,
            *USERS.after,
        ),
        {"dropped": Wrong("irreversible"), "purged": Wrong("lossy", "rows-lost", "users")},
    ),
    Case(
        "irreversible is not allowed here",
        (
            *USERS.revisions,
            Rev(
                "dropped",
                'op.drop_column("users", "phone")',
                'raise NotImplementedError("the phone numbers are gone")',
            ),
            *USERS.after,
        ),
        {"dropped": Wrong("irreversible")},
        settings={"fail_on_irreversible": True},
        databases=(SQLITE,),
    ),
    Case(
        "a wrong revision is skipped",
        (*USERS.revisions, LOSSY, *USERS.after),
        {"purged": Wrong("skipped")},
        settings={"skip": {"purged": "agreed with the owners of the data"}},
    ),
    Case(
        "wrong revisions below the floor are not tested, those above are",
        (
            *USERS.revisions,
            LOSSY,
            Rev("floor", 'op.create_table("floor", sa.Column("id", sa.Integer(), primary_key=True))', "pass"),
            Rev("grown", 'op.execute("UPDATE users SET age = 18 WHERE age < 18")'),
            *USERS.after,
        ),
        {
            "users": Wrong("skipped"),
            "purged": Wrong("skipped"),
            "floor": Wrong("skipped"),
            "grown": Wrong("lossy", "rows-changed", "users", "age"),
        },
        settings={"minimum_downgrade_revision": "floor"},
    ),
    Case(
        "a declared irreversible merge",
        (
            *USERS.revisions,
            Rev(
                "left",
                'op.add_column("users", sa.Column("city", sa.String(30)))',
                'op.drop_column("users", "city")',
                parents=("users",),
            ),
            Rev("right", NOTES[0].upgrade, NOTES[0].downgrade, parents=("users",)),
            Rev("merge", downgrade='raise NotImplementedError("stay merged")', parents=("left", "right")),
            Rev(
                "later",
                'op.add_column("users", sa.Column("zip", sa.Integer()))',
                'op.drop_column("users", "zip")',
            ),
        ),
        {"merge": Wrong("irreversible")},
        databases=(SQLITE, POSTGRESQL),
    ),
    Case(
        "the base is declared irreversible",
        (
            Rev(
                ORDERS.revisions[0].id,
                ORDERS.revisions[0].upgrade,
                'raise NotImplementedError("keep the orders")',
                rows=ORDERS.revisions[0].rows,
            ),
            Rev("unindexed", 'op.drop_index("ix_orders_status", table_name="orders")'),
            *NOTES,
        ),
        {"orders": Wrong("irreversible"), "unindexed": Wrong("broken", "schema-missing", "orders")},
    ),
]
