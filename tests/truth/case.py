"""One case of the catalogue: a small migration and what really happens to schema and rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SQLITE, POSTGRESQL, MARIADB = "sqlite", "postgresql", "mariadb"
BOTH = (SQLITE, POSTGRESQL)
ALL = (SQLITE, POSTGRESQL, MARIADB)

TRUTHS = ("reversible", "lossy", "broken", "irreversible")
SAYINGS = (*TRUTHS, "unknown", "fragile", "plausible")

PerDatabase = str | Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """A migration `upgrade` / `downgrade` (bodies of functions) on a database that holds something.

    `name`: what it shows. `given`: body of the earlier migration's upgrade; `rows`: SQL run after
    it. `downgrade` None: the function is missing. `truth`: what a real round trip does, one word or
    one per database. `says`: the verdicts that the static half may honestly give, words with
    spaces between; empty: exactly the truth. `kinds`: what must be named, as `column users.phone`;
    the real differences are checked for them too, unless `unseen` (what only another set of rows
    would show, or a downgrade that stops before).
    `module`: code before the functions. `helpers`: file name -> text of modules next to the
    versions folder. `naming`: the naming convention of env.py's metadata.
    `earlier`: bodies of upgrades that came before `given`, each a revision of its own.
    """

    name: str
    given: str
    upgrade: str
    downgrade: str | None
    truth: PerDatabase
    rows: tuple[str, ...] | list[str] = ()
    databases: tuple[str, ...] = BOTH
    says: PerDatabase = ""
    kinds: tuple[str, ...] | list[str] | Mapping[str, tuple[str, ...] | list[str]] = ()
    unseen: bool = False
    module: str = ""
    helpers: Mapping[str, str] = field(default_factory=dict)
    naming: Mapping[str, str] = field(default_factory=dict)
    earlier: tuple[str, ...] = ()

    def truth_on(self, database: str) -> str:
        """Returns what really happens on one database."""
        return self.truth if isinstance(self.truth, str) else self.truth[database]

    def says_on(self, database: str) -> frozenset[str]:
        """Returns the verdicts that the static half may give for one database."""
        says = self.says if isinstance(self.says, str) else self.says.get(database, "")
        return frozenset((says or self.truth_on(database)).split())

    def kinds_on(self, database: str) -> tuple[str, ...]:
        """Returns what must be named on one database, as `<kind> <subject>`."""
        if isinstance(self.kinds, Mapping):
            return tuple(self.kinds.get(database, ()))
        return tuple(self.kinds)
