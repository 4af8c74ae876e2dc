"""Names that are longer than the database allows: `op.f()` lets SQLAlchemy cut them, with a digest behind."""

from tests.truth.case import MARIADB, POSTGRESQL, Case
from tests.truth.givens import ROLE_ROWS, ROLES

SERVERS = (POSTGRESQL, MARIADB)
LONG = "members_who_have_a_role_and_the_role_that_they_have__role_id__and_more"


def pair(create: str, drop: str) -> tuple[str, str]:
    """Returns a call that makes something with the long name, and one that drops it."""
    name = f'op.f("{{}}_{LONG}")'
    return create.format(name.format("c")), drop.format(name.format("c"))


INDEX = pair('op.create_index({}, "members", ["role_id"])', 'op.drop_index({}, table_name="members")')
UNIQUE = pair(
    'op.create_unique_constraint({}, "members", ["id", "role_id"])',
    'op.drop_constraint({}, "members", type_="unique")',
)
FOREIGN = pair(
    'op.create_foreign_key({}, "members", "roles", ["role_id"], ["id"])',
    'op.drop_constraint({}, "members", type_="foreignkey")',
)

CASES = [
    Case(
        "an index with a name that is too long, dropped by it",
        ROLES,
        INDEX[0],
        INDEX[1],
        truth="reversible",
        rows=ROLE_ROWS,
        databases=SERVERS,
    ),
    Case(
        "an index with a name that is too long, dropped and made again",
        f"{ROLES}\n{INDEX[0]}",
        INDEX[1],
        INDEX[0],
        truth="reversible",
        rows=ROLE_ROWS,
        databases=SERVERS,
    ),
    Case(
        "a unique constraint with a name that is too long, dropped by it",
        ROLES,
        UNIQUE[0],
        UNIQUE[1],
        truth="reversible",
        rows=ROLE_ROWS,
        databases=SERVERS,
    ),
    Case(
        "a foreign key with a name that is too long, dropped by it",
        ROLES,
        FOREIGN[0],
        FOREIGN[1],
        truth="reversible",
        rows=ROLE_ROWS,
        databases=(POSTGRESQL,),
    ),
    Case(
        "an index with a name that is too long is left",
        ROLES,
        INDEX[0],
        "pass",
        truth="broken",
        rows=ROLE_ROWS,
        databases=SERVERS,
    ),
]
