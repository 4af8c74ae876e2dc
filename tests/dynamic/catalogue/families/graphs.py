"""Branches, merges, several heads and bases, depends_on: the bug on one side alone."""

from tests.dynamic.catalogue.case import POSTGRESQL, SQLITE, Case, Rev, Wrong
from tests.dynamic.catalogue.givens import MEMBERS, ORDERS, USERS

ROOT = USERS.revisions[0]
HEALTHY = {
    "left": Rev(
        "left",
        'op.add_column("users", sa.Column("city", sa.String(30)))',
        'op.drop_column("users", "city")',
        parents=("users",),
    ),
    "right": Rev(
        "right",
        'op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(20)))',
        'op.drop_table("teams")',
        parents=("users",),
    ),
}
EMPTY_PHONE = Rev(
    "left",
    'op.drop_column("users", "phone")',
    'op.add_column("users", sa.Column("phone", sa.String(20)))',
    parents=("users",),
)
MERGE = Rev("merge", parents=("left", "right"))
LATER = Rev(
    "later",
    'op.add_column("users", sa.Column("later", sa.Integer()))',
    'op.drop_column("users", "later")',
)

CASES = [
    Case(
        "a bug on the left of two branches",
        (ROOT, EMPTY_PHONE, HEALTHY["right"], MERGE, LATER),
        {"left": Wrong("lossy", "rows-changed", "users", "phone")},
    ),
    Case(
        "a bug on the right of two branches",
        (
            ROOT,
            HEALTHY["left"],
            Rev(
                "right",
                "op.execute(\"UPDATE users SET role = 'root' WHERE role = 'admin'\")",
                parents=("users",),
            ),
            MERGE,
            LATER,
        ),
        {"right": Wrong("lossy", "rows-changed", "users", "role")},
    ),
    Case(
        "a bug deep in one branch",
        (
            ROOT,
            HEALTHY["left"],
            Rev(
                "deeper",
                'op.create_index("ix_users_city", "users", ["city"])',
                'op.drop_index("ix_users_city", table_name="users")',
                parents=("left",),
            ),
            HEALTHY["right"],
            Rev(
                "deepest",
                """
                op.add_column("users", sa.Column("zip", sa.String(10)))
                op.add_column("users", sa.Column("street", sa.String(30)))
                """,
                'op.drop_column("users", "zip")',
                parents=("deeper",),
            ),
            Rev("merge", parents=("deepest", "right")),
            LATER,
        ),
        {"deepest": Wrong("broken", "schema-extra", "users", "street")},
    ),
    Case(
        "a bug in the merge itself",
        (
            ROOT,
            HEALTHY["left"],
            HEALTHY["right"],
            Rev(
                "merge",
                'op.create_index("ix_users_role", "users", ["role"])',
                "pass",
                parents=("left", "right"),
            ),
            LATER,
        ),
        {"merge": Wrong("broken", "schema-extra", "users")},
    ),
    Case(
        "a bug after the merge",
        (
            ROOT,
            HEALTHY["left"],
            HEALTHY["right"],
            MERGE,
            Rev("purged", "op.execute(\"DELETE FROM users WHERE role = 'guest'\")"),
            LATER,
        ),
        {"purged": Wrong("lossy", "rows-lost", "users")},
    ),
    Case(
        "two heads, one of them wrong",
        (
            ROOT,
            EMPTY_PHONE,
            HEALTHY["right"],
            Rev(
                "names",
                'op.create_index("ix_teams_name", "teams", ["name"])',
                'op.drop_index("ix_teams_name", table_name="teams")',
                parents=("right",),
            ),
        ),
        {"left": Wrong("lossy", "rows-changed", "users", "phone")},
    ),
    Case(
        "a revision that depends on another branch is wrong",
        (
            ROOT,
            *(
                Rev(each.id, each.upgrade, each.downgrade, parents=(), rows=each.rows)
                for each in ORDERS.revisions
            ),
            Rev(
                "buyers",
                """
                op.execute("CREATE TABLE buyers AS SELECT id, customer FROM orders WHERE customer IN (SELECT name FROM users)")
                op.execute("DELETE FROM orders WHERE status = 'void'")
                """,
                'op.drop_table("buyers")',
                parents=("users",),
                depends=("orders",),
            ),
            Rev(
                "shipped",
                'op.add_column("orders", sa.Column("shipped", sa.Date()))',
                'op.drop_column("orders", "shipped")',
                parents=("orders",),
            ),
        ),
        {"buyers": Wrong("lossy", "rows-lost", "orders")},
    ),
    Case(
        "two bases with labels, joined by a wrong merge",
        (
            Rev(ROOT.id, ROOT.upgrade, ROOT.downgrade, labels=("people",), rows=ROOT.rows),
            Rev(
                "shelves",
                'op.create_table("shelves", sa.Column("id", sa.Integer(), primary_key=True))',
                'op.drop_table("shelves")',
                parents=(),
                labels=("stock",),
            ),
            Rev(
                "joined",
                """
                op.add_column("shelves", sa.Column("user_id", sa.Integer()))
                op.execute("UPDATE users SET age = 0 WHERE age IS NULL")
                """,
                'op.drop_column("shelves", "user_id")',
                parents=("users", "shelves"),
            ),
            LATER,
        ),
        {"joined": Wrong("lossy", "rows-changed", "users", "age")},
    ),
    Case("two branches and their merge", (ROOT, HEALTHY["left"], HEALTHY["right"], MERGE, LATER)),
    Case("two heads", (ROOT, HEALTHY["left"], HEALTHY["right"])),
    Case(
        "three branches, merged two by two",
        (
            ROOT,
            HEALTHY["left"],
            HEALTHY["right"],
            Rev(
                "middle",
                'op.add_column("users", sa.Column("zip", sa.String(10)))',
                'op.drop_column("users", "zip")',
                parents=("users",),
            ),
            MERGE,
            Rev("all", parents=("merge", "middle")),
            LATER,
        ),
    ),
    Case(
        "depends_on across two bases",
        (
            *MEMBERS.revisions,
            Rev(ROOT.id, ROOT.upgrade, ROOT.downgrade, parents=(), depends=("roles",), rows=ROOT.rows),
            Rev(
                "linked",
                """
                op.create_table(
                    "links",
                    sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id", name="fk_links_user"), primary_key=True),
                    sa.Column(
                        "member_id", sa.Integer(), sa.ForeignKey("members.id", name="fk_links_member"), primary_key=True
                    ),
                )
                """,
                'op.drop_table("links")',
                parents=("users",),
                depends=("members",),
            ),
        ),
    ),
    Case(
        "empty revisions",
        (ROOT, Rev("nothing"), Rev("stamp", '"""Only a label for the release."""', "pass"), *USERS.after),
    ),
    Case(
        "a merge that does work and undoes it",
        (
            ROOT,
            HEALTHY["left"],
            HEALTHY["right"],
            Rev(
                "merge",
                """
                op.add_column("teams", sa.Column("city", sa.String(30)))
                op.create_index("ix_teams_city", "teams", ["city"])
                """,
                """
                op.drop_index("ix_teams_city", table_name="teams")
                op.drop_column("teams", "city")
                """,
                parents=("left", "right"),
            ),
            LATER,
        ),
    ),
    Case(
        "both branches fill the same table",
        (
            ROOT,
            Rev(
                "left",
                """
                op.add_column("users", sa.Column("city", sa.String(30)))
                op.execute("UPDATE users SET city = 'Berlin' WHERE phone LIKE '+49%'")
                """,
                'op.drop_column("users", "city")',
                parents=("users",),
            ),
            Rev(
                "right",
                """
                op.add_column("users", sa.Column("country", sa.String(2)))
                op.execute("UPDATE users SET country = 'DE' WHERE phone LIKE '+49%'")
                """,
                'op.drop_column("users", "country")',
                parents=("users",),
            ),
            MERGE,
        ),
        databases=(SQLITE, POSTGRESQL),
    ),
]
