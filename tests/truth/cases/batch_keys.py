"""Batches that rebuild: columns are known by the names they had before, and what names others is left out."""

from tests.truth.case import ALL, MARIADB, POSTGRESQL, SQLITE, Case
from tests.truth.givens import USER_ROWS, USERS, steps

LITE = (SQLITE,)
RENAME = 'b.alter_column("phone", new_column_name="mobile", existing_type=sa.String(20))'
BACK = 'b.alter_column("mobile", new_column_name="phone", existing_type=sa.String(20))'
RETYPE = 'b.alter_column("age", existing_type=sa.Integer(), type_=sa.BigInteger())'
RETYPE_BACK = 'b.alter_column("age", existing_type=sa.BigInteger(), type_=sa.Integer())'


def batch(*calls: str, args: str = "") -> str:
    """Returns a batch on the users with these calls."""
    return "\n".join([f'with op.batch_alter_table("users"{args}) as b:', *(f"    {call}" for call in calls)])


def on(column: str) -> dict[str, tuple[str, str]]:
    """Returns what can be created on a column: kind -> the call that creates it, the one that drops it."""
    return {
        "unique constraint": (
            f'b.create_unique_constraint("c", ["{column}"])',
            'b.drop_constraint("c", type_="unique")',
        ),
        "foreign key": (
            f'b.create_foreign_key("c", "phones", ["{column}"], ["id"])',
            'b.drop_constraint("c", type_="foreignkey")',
        ),
        "check": (
            f'b.create_check_constraint("c", "length({column}) < 50")',
            'b.drop_constraint("c", type_="check")',
        ),
        "index": (f'b.create_index("c", ["{column}"])', 'b.drop_index("c")'),
    }


WITH_PHONES = steps('op.create_table("phones", sa.Column("id", sa.String(20), primary_key=True))', USERS)
PHONE_ROWS = ["INSERT INTO phones VALUES ('+44 1'), ('+49 30 7')", *USER_ROWS]


def _made_with_rename(kind: str, column: str, truth: str) -> Case:
    create, drop = on(column)[kind]
    which = "old" if column == "phone" else "new"
    return Case(
        f"a {kind} on the {which} name of a column that the same batch renames",
        WITH_PHONES,
        batch(RENAME, create),
        batch(drop, BACK),
        truth=truth,
        says="reversible plausible fragile" if truth == "reversible" else "",
        rows=PHONE_ROWS,
        databases=LITE,
    )


def _made_before_rename_back(kind: str, truth: str) -> Case:
    create, drop = on("phone")[kind]
    return Case(
        f"a {kind} comes back in the batch that gives its column the name back",
        steps(WITH_PHONES, batch(create)),
        batch(RENAME, drop),
        batch(BACK, create),
        truth=truth,
        says="reversible fragile" if truth == "reversible" else "",
        rows=PHONE_ROWS,
        databases=LITE,
    )


CASES = [
    *(
        _made_with_rename(kind, "phone", "reversible")
        for kind in ("unique constraint", "foreign key", "index")
    ),
    *(_made_with_rename(kind, "mobile", "broken") for kind in ("unique constraint", "foreign key")),
    _made_with_rename("check", "mobile", "reversible"),
    *(_made_before_rename_back(kind, "broken") for kind in ("unique constraint", "foreign key", "index")),
    _made_before_rename_back("check", "reversible"),
    Case(
        "a check that is an expression is left out without its column",
        steps(USERS, batch('b.create_check_constraint("c", sa.column("phone") != "zz")')),
        batch(RENAME, 'b.drop_constraint("c", type_="check")'),
        batch(BACK, 'b.create_check_constraint("c", sa.column("phone") != "zz")'),
        truth="broken",
        says="broken unknown",
        rows=USER_ROWS,
        databases=LITE,
    ),
    Case(
        "a unique constraint on the new name in a batch that always rebuilds",
        USERS,
        batch(RENAME, 'b.create_unique_constraint("c", ["mobile"])', args=', recreate="always"'),
        batch('b.drop_constraint("c", type_="unique")', BACK, args=', recreate="always"'),
        truth="broken",
        rows=USER_ROWS,
        databases=(SQLITE, MARIADB),
    ),
    Case(
        "to a batch that rebuilds a unique constraint of MariaDB is an index",
        USERS,
        batch('b.create_unique_constraint("c", ["phone"])'),
        batch('b.drop_constraint("c", type_="unique")', args=', recreate="always"'),
        truth="broken",
        rows=USER_ROWS,
        databases=(MARIADB,),
    ),
    Case(
        "a column renamed and altered under its old name",
        USERS,
        batch(RENAME, 'b.alter_column("phone", existing_type=sa.String(20), type_=sa.Text())'),
        batch('b.alter_column("mobile", new_column_name="phone", type_=sa.String(20))'),
        truth="reversible",
        says="reversible fragile",
        rows=USER_ROWS,
        databases=LITE,
    ),
    Case(
        "a downgrade that renames a column and goes on with its new name",
        USERS.replace("phone", "mobile"),
        batch(BACK),
        batch(RENAME, 'b.alter_column("mobile", existing_type=sa.String(20), nullable=True)'),
        truth="broken",
        rows=[row.replace("phone", "mobile") for row in USER_ROWS],
        databases=LITE,
        kinds=["column users.mobile"],
    ),
    Case(
        "two columns change their names in one batch",
        USERS,
        batch(
            'b.alter_column("phone", new_column_name="name", nullable=True)',
            'b.alter_column("name", new_column_name="phone", nullable=True)',
        ),
        batch(
            'b.alter_column("phone", new_column_name="name", nullable=False)',
            'b.alter_column("name", new_column_name="phone", nullable=True)',
        ),
        truth="reversible",
        says="reversible fragile",
        rows=USER_ROWS,
        databases=LITE,
    ),
    Case(
        "a column takes the name of one that the batch drops, and the downgrade's added one takes its place",
        USERS,
        batch('b.drop_column("age")', 'b.alter_column("phone", new_column_name="age", type_=sa.String(20))'),
        batch(
            'b.alter_column("age", new_column_name="phone", existing_type=sa.String(20))',
            'b.add_column(sa.Column("age", sa.Integer()))',
        ),
        truth="broken",
        rows=USER_ROWS,
        databases=LITE,
        kinds=["column users.phone"],
    ),
    Case(
        "a downgrade that adds a column and drops it in one batch",
        USERS,
        batch('b.add_column(sa.Column("x", sa.Integer()))'),
        batch(
            'b.add_column(sa.Column("y", sa.Integer()))',
            'b.drop_column("y")',
            'b.drop_column("x")',
        ),
        truth="broken",
        rows=USER_ROWS,
        databases=LITE,
        kinds=["column users.y"],
        unseen=True,
    ),
    Case(
        "a downgrade's rebuild cannot create an index on an expression",
        steps(USERS, 'op.create_index("ix_lower", "users", [sa.text("lower(name)")])'),
        'op.drop_index("ix_lower", "users")\n' + batch(RETYPE),
        batch(RETYPE_BACK, 'b.create_index("ix_lower", [sa.text("lower(name)")])'),
        truth="broken",
        says="broken unknown",
        rows=USER_ROWS,
        databases=LITE,
    ),
    Case(
        "a place among the columns asks for recreate='always'",
        steps(USERS, 'op.add_column("users", sa.Column("x", sa.Integer()))'),
        batch('b.drop_column("x")'),
        batch('b.add_column(sa.Column("x", sa.Integer()), insert_after="name")'),
        truth="broken",
        rows=USER_ROWS,
        databases=ALL,
        says={SQLITE: "broken", POSTGRESQL: "broken", MARIADB: "broken"},
    ),
    Case(
        "a generated column on the old name of a column that the downgrade renames",
        steps(USERS, 'op.add_column("users", sa.Column("x", sa.Integer()))'),
        batch('b.drop_column("x")'),
        batch(
            RENAME,
            'b.add_column(sa.Column("x", sa.String(20), sa.Computed("lower(phone)")))',
        ),
        truth="broken",
        rows=USER_ROWS,
        databases=LITE,
        kinds=["column users.x"],
        unseen=True,
    ),
]
