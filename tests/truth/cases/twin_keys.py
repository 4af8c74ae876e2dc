"""Foreign keys that a batch on SQLite does not see: twins of others, and what is written beside a column."""

from tests.truth.case import SQLITE, Case

LITE = (SQLITE,)
PIERS = 'op.create_table("piers", sa.Column("id", sa.Integer(), primary_key=True))'
ROWS = (
    "INSERT INTO piers (id) VALUES (1), (2)",
    "INSERT INTO ferries (id, home, name) VALUES (1, 1, 'Ida'), (2, 2, 'Nora')",
)


def ferries(key: str) -> str:
    """Returns the table of ferries with a key to their home pier."""
    return f"""
{PIERS}
op.create_table(
    "ferries",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("home", sa.Integer()),
    sa.Column("name", sa.String(20)),
    {key},
)
"""


UNNAMED = ferries('sa.ForeignKeyConstraint(["home"], ["piers.id"])')
NAMED = ferries('sa.ForeignKeyConstraint(["home"], ["piers.id"], name="fk_z")')
BESIDE = f"""
{PIERS}
op.execute(
    "CREATE TABLE ferries (id INTEGER PRIMARY KEY, home INTEGER REFERENCES piers (id) ON DELETE CASCADE,"
    " name VARCHAR(20))"
)
"""


def batch(*calls: str) -> str:
    """Returns a batch on the ferries with these calls."""
    return "\n".join(['with op.batch_alter_table("ferries") as b:', *(f"    {call}" for call in calls)])


ADD = 'b.create_foreign_key("fk_a", "piers", ["home"], ["id"], ondelete="CASCADE")'
DROP = 'b.drop_constraint("fk_a", type_="foreignkey")'
OTHER = 'b.create_unique_constraint("uq_name", ["name"])'
NO_OTHER = 'b.drop_constraint("uq_name", type_="unique")'

CASES = [
    Case(
        "a batch loses a key without a name beside one with a name",
        UNNAMED,
        batch(ADD),
        batch(DROP),
        truth="broken",
        rows=ROWS,
        databases=LITE,
    ),
    Case(
        "a key with a name outlives its twin without one, with another action",
        UNNAMED,
        batch(ADD),
        batch('b.alter_column("name", existing_type=sa.String(20))'),
        truth="broken",
        rows=ROWS,
        databases=LITE,
    ),
    Case(
        "of two keys with names the later one is lost in the next batch",
        NAMED,
        f"{batch(ADD)}\n{batch(OTHER)}",
        batch(NO_OTHER),
        truth="reversible",
        says="reversible fragile",
        rows=ROWS,
        databases=LITE,
    ),
    Case(
        "the later one of two keys with names cannot be dropped in a batch, which does not see it",
        NAMED,
        batch(ADD),
        batch(DROP),
        truth="broken",
        rows=ROWS,
        databases=LITE,
    ),
    Case(
        "a batch loses the action of a key written beside its column",
        BESIDE,
        batch(OTHER),
        batch(NO_OTHER),
        truth="broken",
        rows=ROWS,
        databases=LITE,
    ),
    Case(
        "a key that a batch adds with its column keeps its action in the next one",
        PIERS
        + """
op.create_table("ferries", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(20)))
with op.batch_alter_table("ferries") as b:
    b.add_column(sa.Column("home", sa.Integer(), sa.ForeignKey("piers.id", name="fk_h", ondelete="CASCADE")))
""",
        batch(OTHER),
        batch(NO_OTHER),
        truth="reversible",
        says="reversible fragile",
        rows=ROWS,
        databases=LITE,
    ),
]
