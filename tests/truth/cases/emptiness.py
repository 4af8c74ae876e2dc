"""Tables dropped where the migration's own query has found no rows in them."""

from tests.truth.case import ALL, Case
from tests.truth.givens import steps

NOTES = """
op.create_table(
    "notes", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("body", sa.String(40))
)
"""
ROW = ["INSERT INTO notes (id, body) VALUES (1, 'milk')"]
COUNT = 'count = op.get_bind().execute(sa.text("SELECT count(*) FROM notes")).scalar()'
FIRST = 'row = op.get_bind().execute(sa.text("SELECT id FROM notes LIMIT 1")).first()'
DROP = 'op.drop_table("notes")'
CLEAR = 'op.execute("DELETE FROM notes")'
ANY = "if count > 0:\n    raise RuntimeError('there are notes')"
ONE = "if row is not None:\n    raise RuntimeError('there is a note')"
MANY = "if count > 1:\n    raise RuntimeError('there are several notes')"

CASES = [
    Case(
        "no rows counted or it stops",
        NOTES,
        steps(COUNT, ANY, DROP),
        NOTES,
        "reversible",
        databases=ALL,
    ),
    Case(
        "no first row or it stops",
        NOTES,
        steps(FIRST, ONE, DROP),
        NOTES,
        "reversible",
        databases=ALL,
    ),
    Case(
        "emptied, then counted",
        NOTES,
        steps(CLEAR, COUNT, ANY, DROP),
        NOTES,
        "lossy",
        ROW,
        ALL,
        kinds=["table notes"],
    ),
    Case(
        "dropped if there are rows",
        NOTES,
        steps(COUNT, f"if count > 0:\n    {DROP}"),
        "op.execute('DROP TABLE IF EXISTS notes')\n" + NOTES,
        "lossy",
        ROW,
        ALL,
        kinds=["table notes"],
    ),
    Case(
        "one row is not none",
        NOTES,
        steps(COUNT, MANY, DROP),
        NOTES,
        "lossy",
        ROW,
        ALL,
        kinds=["table notes"],
    ),
]
