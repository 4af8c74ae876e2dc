"""Rows and contents put into another table and read back from there: not proven, but not lost either."""

from tests.truth.case import ALL, Case
from tests.truth.givens import USER_ROWS, USERS, steps

FACTS = """
op.create_table(
    "facts",
    sa.Column("user_id", sa.Integer(), nullable=False),
    sa.Column("what", sa.String(20), nullable=False),
    sa.Column("words", sa.String(60)),
)
"""
FACT_ROWS = ["INSERT INTO facts (user_id, what, words) VALUES (1, 'colour', 'blue')"]
GIVEN = USERS + FACTS
ROWS = USER_ROWS + FACT_ROWS

ADDED = 'op.add_column("users", sa.Column("phone", sa.String(20)))'
DROPPED = 'op.drop_column("users", "phone")'
FORGET = "op.execute(\"DELETE FROM facts WHERE what = 'phone'\")"
OUT = """
op.execute(
    "INSERT INTO facts (user_id, what, words) SELECT id, 'phone', phone FROM users WHERE phone IS NOT NULL"
)
"""
BACK = """
op.execute(
    "UPDATE users SET phone ="
    " (SELECT words FROM facts WHERE facts.user_id = users.id AND facts.what = 'phone' LIMIT 1)"
)
"""
LOOP_OUT = """
bind = op.get_bind()
for row in bind.execute(sa.text("SELECT id, phone FROM users WHERE phone IS NOT NULL")).fetchall():
    bind.execute(
        sa.text("INSERT INTO facts (user_id, what, words) VALUES (:id, 'phone', :words)"),
        {"id": row[0], "words": row[1]},
    )
"""
LOOP_BACK = """
bind = op.get_bind()
for row in bind.execute(sa.text("SELECT user_id, words FROM facts WHERE what = 'phone'")).fetchall():
    bind.execute(sa.text("UPDATE users SET phone = :words WHERE id = :id"), {"id": row[0], "words": row[1]})
"""
NOTED = """
op.create_table("noted", sa.Column("user_id", sa.Integer(), nullable=False))
op.execute("INSERT INTO noted (user_id) SELECT id FROM users WHERE asked = 1")
op.drop_column("users", "asked")
"""
ASKED = """
op.add_column("users", sa.Column("asked", sa.Integer()))
op.execute("UPDATE users SET asked = 1 WHERE id IN (SELECT user_id FROM noted)")
op.execute("UPDATE users SET asked = 0 WHERE asked IS NULL")
op.drop_table("noted")
"""
FLAGGED = 'op.add_column("users", sa.Column("asked", sa.Integer()))'
FLAGS = ["UPDATE users SET asked = 0 WHERE id <> 2", "UPDATE users SET asked = 1 WHERE id = 2"]
PETS = """
op.create_table(
    "pets",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("name", sa.String(20), nullable=False),
    sa.Column("age", sa.Integer()),
    sa.PrimaryKeyConstraint("id", name="pk_pets"),
)
"""
PET_ROWS = ["INSERT INTO pets (id, name, age) VALUES (7, 'Rex', 3), (8, 'Mia', NULL)"]
PETS_BACK = """
op.execute("INSERT INTO pets (id, name, age) SELECT id - 100, name, age FROM users WHERE phone = 'pet'")
op.execute("DELETE FROM users WHERE phone = 'pet'")
"""
PETS_OUT = """
op.execute("INSERT INTO users (id, name, phone, age) SELECT id + 100, name, 'pet', age FROM pets")
op.drop_table("pets")
"""
PET_LOOP_OUT = """
bind = op.get_bind()
for row in bind.execute(sa.text("SELECT id, name, age FROM pets")).fetchall():
    bind.execute(
        sa.text("INSERT INTO users (id, name, phone, age) VALUES (:id, :name, 'pet', :age)"),
        {"id": row[0] + 100, "name": row[1], "age": row[2]},
    )
op.drop_table("pets")
"""
PET_LOOP_BACK = """
bind = op.get_bind()
for row in bind.execute(sa.text("SELECT id, name, age FROM users WHERE phone = 'pet'")).fetchall():
    bind.execute(
        sa.text("INSERT INTO pets (id, name, age) VALUES (:id, :name, :age)"),
        {"id": row[0] - 100, "name": row[1], "age": row[2]},
    )
op.execute("DELETE FROM users WHERE phone = 'pet'")
"""
HALF_OUT = """
op.execute("INSERT INTO users (id, name, phone) SELECT id + 100, name, 'pet' FROM pets")
op.drop_table("pets")
"""
HALF_BACK = """
op.execute("INSERT INTO pets (id, name, age) SELECT id - 100, name, age FROM users WHERE phone = 'pet'")
op.execute("DELETE FROM users WHERE phone = 'pet'")
"""


def case(
    what: str,
    upgrade: str,
    downgrade: str,
    truth: str,
    says: str = "",
    kinds: tuple[str, ...] = (),
    given: str = GIVEN,
    rows: list[str] = ROWS,
) -> Case:
    return Case(what, given, upgrade, downgrade, truth, rows, ALL, says, kinds=kinds)


CASES = [
    case(
        "a column kept as rows of another table, fetched back by a subquery",
        steps(OUT, DROPPED),
        steps(ADDED, BACK, FORGET),
        "reversible",
        "plausible",
    ),
    case(
        "a column left alone, copied as rows of another table and written again from there",
        OUT,
        steps(BACK, FORGET),
        "reversible",
        "plausible",
    ),
    case(
        "a column kept as rows of another table by loops",
        steps(LOOP_OUT, DROPPED),
        steps(ADDED, LOOP_BACK, FORGET),
        "reversible",
        "plausible unknown",
    ),
    case(
        "a column kept as rows of another table by loops, what is NULL then written by a statement",
        steps("op.execute(\"UPDATE users SET phone = '' WHERE phone IS NULL\")", LOOP_OUT, DROPPED),
        steps(ADDED, LOOP_BACK, FORGET, "op.execute(\"UPDATE users SET phone = NULL WHERE phone = ''\")"),
        "reversible",
        "plausible unknown",
    ),
    case(
        "a flag kept as the rows for which it is set",
        NOTED,
        ASKED,
        "reversible",
        "plausible",
        given=GIVEN + FLAGGED,
        rows=[*ROWS, *FLAGS],
    ),
    case(
        "a column kept as rows of another table, and not read back",
        steps(OUT, DROPPED),
        steps(ADDED, FORGET),
        "lossy",
        kinds=("column users.phone",),
    ),
    case(
        "a column kept as rows of another table, read back and then overwritten",
        steps(OUT, DROPPED),
        steps(ADDED, BACK, FORGET, "op.execute(\"UPDATE users SET phone = 'none'\")"),
        "lossy",
        kinds=("column users.phone",),
    ),
    case(
        "a column kept as rows of another table, read back and then cut",
        steps(OUT, DROPPED),
        steps(ADDED, BACK, FORGET, 'op.execute("UPDATE users SET phone = substr(phone, 1, 2)")'),
        "lossy",
        kinds=("column users.phone",),
    ),
    case(
        "a column that comes from a table into which nothing of it was put",
        DROPPED,
        steps(ADDED, BACK.replace("'phone'", "'colour'")),
        "lossy",
        kinds=("column users.phone",),
    ),
    case(
        "another column is put into the table from which the lost one is read",
        steps(OUT.replace("phone FROM", "name FROM").replace("phone IS", "name IS"), DROPPED),
        steps(ADDED, BACK, FORGET),
        "lossy",
        kinds=("column users.phone",),
    ),
    *(
        case(f"rows moved to another table {how} and picked again", out, PETS + back, "reversible", says,
             given=USERS + PETS, rows=USER_ROWS + PET_ROWS)
        for how, out, back, says in (
            ("by a query", PETS_OUT, PETS_BACK, "plausible"),
            ("by loops", PET_LOOP_OUT, PET_LOOP_BACK, "plausible unknown"),
        )
    ),
    case(
        "rows moved to another table without one of their columns",
        HALF_OUT,
        PETS + HALF_BACK,
        "lossy",
        kinds=("column pets.age",),
        given=USERS + PETS,
        rows=USER_ROWS + PET_ROWS,
    ),
    *(
        case(
            f"rows moved to another table and back, and then {what}",
            PETS_OUT,
            PETS + PETS_BACK + f'op.execute("DELETE FROM pets{which}")\n',
            "lossy",
            says,
            kinds=("table pets",),
            given=USERS + PETS,
            rows=USER_ROWS + PET_ROWS,
        )
        for what, which, says in (
            ("all deleted", "", "lossy"),
            ("some deleted", " WHERE id >= 8", "lossy plausible"),
        )
    ),
    case(
        "rows moved to another table, and the table is made again empty",
        PETS_OUT,
        PETS + "op.execute(\"DELETE FROM users WHERE phone = 'pet'\")\n",
        "lossy",
        kinds=("table pets",),
        given=USERS + PETS,
        rows=USER_ROWS + PET_ROWS,
    ),
]  # fmt: skip
