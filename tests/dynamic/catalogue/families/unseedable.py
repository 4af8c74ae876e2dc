"""Tables that nobody can fill by looking at their definition: never green, unless the user helps."""

from tests.dynamic.catalogue.case import SERVERS, SQLITE, Case, Given, Rev, Wrong
from tests.dynamic.catalogue.givens import NOTES, sql

LOCKED = sql(
    "CREATE TABLE vault (id INTEGER PRIMARY KEY, secret VARCHAR(20) NOT NULL, note VARCHAR(20),"
    " CONSTRAINT ck_vault CHECK (md5(secret) = '34d85d6172825cc2ae8abd869a282cd5'))",
    "vault",
    "INSERT INTO vault (id, secret, note) VALUES (1, 'q7z', 'x')",
)
LITE_LOCKED = sql(
    "CREATE TABLE vault (id INTEGER PRIMARY KEY, secret VARCHAR(20) NOT NULL, note VARCHAR(20),"
    " CONSTRAINT ck_vault CHECK (hex(secret) = '71377A'))",
    "vault",
    "INSERT INTO vault (id, secret, note) VALUES (1, 'q7z', 'x')",
)
EMPTIED = Rev(
    "emptied",
    'op.drop_column("vault", "note")',
    'op.add_column("vault", sa.Column("note", sa.String(20)))',
)
SEEDS = {"custom_seeds": {"vault": ({"id": 5, "secret": "q7z", "note": "kept"}, {"id": 6, "secret": "q7z"})}}


def locked(name: str, given: Given, wrong: Wrong, databases: tuple[str, ...], **settings: object) -> Case:
    """Returns a case that empties a column of a table that cannot be filled."""
    history = (*given.revisions, EMPTIED, *NOTES)
    return Case(name, history, {"emptied": wrong}, databases, settings=settings)


UNSEEN = Wrong("unverified", "unseeded", "vault", truth="lossy")
SEEN = Wrong("lossy", "rows-changed", "vault", "note")

CASES = [
    locked("a table that cannot be filled", LOCKED, UNSEEN, SERVERS),
    locked("a table that cannot be filled on SQLite", LITE_LOCKED, UNSEEN, (SQLITE,)),
    locked("a table that cannot be filled, let through", LOCKED, UNSEEN, SERVERS, allow_unverified=True),
    locked("a table that is filled by custom seeds", LOCKED, SEEN, SERVERS, **SEEDS),
    locked("a table that is filled by custom seeds on SQLite", LITE_LOCKED, SEEN, (SQLITE,), **SEEDS),
    Case(
        "a table that cannot be filled and is not touched",
        (*LITE_LOCKED.revisions, *NOTES),
        databases=(SQLITE,),
    ),
]
