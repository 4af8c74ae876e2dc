"""A flag that is kept as what another column holds, and set again by that."""

from tests.truth.case import BOTH, POSTGRESQL, Case
from tests.truth.givens import steps

GIVEN = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("asked", sa.Boolean(), nullable=False),
    sa.Column("phone", sa.String(20)),
)
"""
ROWS = [
    "INSERT INTO users (id, asked, phone) VALUES (1, TRUE, '+44 1')",
    "INSERT INTO users (id, asked, phone) VALUES (2, FALSE, NULL)",
]
NOTED = """
op.add_column("users", sa.Column("mode", sa.Integer(), nullable=False, server_default="1"))
op.execute("UPDATE users SET mode = 3 WHERE NOT asked")
op.drop_column("users", "asked")
"""
NO_MODE = 'op.drop_column("users", "mode")'
SET = 'op.execute("UPDATE users SET asked = FALSE WHERE mode = 3")'
LOOSE = 'op.add_column("users", sa.Column("asked", sa.Boolean()))'
DEFAULTED = """
op.add_column("users", sa.Column("asked", sa.Boolean(), nullable=False, server_default=sa.true()))
op.alter_column("users", "asked", server_default=None)
"""
LINKED = """
op.create_table("links", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("phone", sa.String(20)))
op.add_column("users", sa.Column("link_id", sa.Integer()))
op.execute(
    "WITH old AS (SELECT nextval(pg_get_serial_sequence('links', 'id')) AS link, id AS user_id, phone FROM users"
    " WHERE phone IS NOT NULL), "
    "made AS (INSERT INTO links (id, phone) SELECT link, phone FROM old RETURNING id AS link) "
    "UPDATE users SET link_id = made.link FROM made, old WHERE users.id = old.user_id AND made.link = old.link"
)
op.drop_column("users", "phone")
"""
READ_BACK = """
op.execute(
    "UPDATE users SET phone = l.phone FROM (SELECT id, phone FROM links) l WHERE link_id = l.id"
)
"""
UNLINKED = 'op.drop_column("users", "link_id")\nop.drop_table("links")'
PHONE = 'op.add_column("users", sa.Column("phone", sa.String(20)))'

CASES = [
    Case(
        "a flag noted as a mode, and set again by it", GIVEN, NOTED, steps(DEFAULTED, SET, NO_MODE),
        "reversible", ROWS, (POSTGRESQL,), says="plausible unknown",
    ),
    Case(
        "a flag noted as a mode, of which one value is set again", GIVEN, NOTED, steps(LOOSE, SET, NO_MODE),
        "broken", ROWS, BOTH, kinds=["column users.asked"],
    ),
    Case(
        "a flag noted as a mode, and set by something else", GIVEN, NOTED,
        steps(DEFAULTED, 'op.execute("UPDATE users SET asked = FALSE WHERE id = 7")', NO_MODE),
        "lossy", ROWS, (POSTGRESQL,), kinds=["column users.asked"],
    ),
    Case(
        "numbered, moved and linked by one statement, and read back", GIVEN, LINKED,
        steps(PHONE, READ_BACK, UNLINKED), "reversible", ROWS, (POSTGRESQL,), says="plausible unknown",
    ),
    Case(
        "numbered, moved and linked by one statement, and left there", GIVEN, LINKED,
        steps(PHONE, UNLINKED), "lossy", ROWS, (POSTGRESQL,), kinds=["column users.phone"],
    ),
]  # fmt: skip
