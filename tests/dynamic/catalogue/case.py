"""One case of the catalogue: a small history, and what a rollback of each of its revisions really does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SQLITE, POSTGRESQL, MARIADB = "sqlite", "postgresql", "mariadb"
ALL = (SQLITE, POSTGRESQL, MARIADB)
SERVERS = (POSTGRESQL, MARIADB)
LIGHT = (SQLITE, POSTGRESQL)

PerDatabase = str | Mapping[str, str]


@dataclass(frozen=True)
class Rev:
    """One revision. `upgrade`, `downgrade`: bodies of functions; None: the function is missing.

    `parents`: empty: it is a base; None: the one before it in the history. `depends`: depends_on.
    `module`: code before the functions. `rows`: SQL that the application runs while this revision
    is the newest; written for the truth, the verifier seeds for itself.
    """

    id: str
    upgrade: str = ""
    downgrade: str | None = ""
    parents: tuple[str, ...] | None = None
    depends: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    module: str = ""
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wrong:
    """What must be said of a revision that does not simply pass.

    `verdict`: `lossy broken fragile unverified irreversible`, or `skipped`; the last two let the run pass.
    `kind`: what must be among its failures, several with spaces between if each must be, with `|`
    between if any one will do; empty where there is no failure. `table`, `column`: what one of these failures must name.
    `truth`: what really happens where the verifier cannot know and must say `unverified`.
    `news`: rows that only the new schema allows, on which a fragile downgrade really stumbles.
    """

    verdict: PerDatabase
    kind: PerDatabase = ""
    table: str | None = None
    column: str | None = None
    news: tuple[str, ...] = ()
    truth: str = ""

    def verdict_on(self, database: str) -> str:
        """Returns the verdict on one database."""
        return self.verdict if isinstance(self.verdict, str) else self.verdict[database]

    def kinds_on(self, database: str) -> tuple[frozenset[str], ...]:
        """Returns groups of kinds; of each group one must be among the failures on one database."""
        kinds = self.kind if isinstance(self.kind, str) else self.kind[database]
        return tuple(frozenset(word.split("|")) for word in kinds.split())


@dataclass(frozen=True)
class Case:
    """A history in the order of application. Revisions that are not in `wrong` must simply pass.

    `options`: more arguments of `context.configure`, as code; `prepare`: lines of env.py that run
    on the `engine` before it connects. `naming`: the naming convention of env.py's metadata.
    `settings`: fields of VerifySettings. `version_table`: its name if it is not the usual one.
    """

    name: str
    history: tuple[Rev, ...]
    wrong: Mapping[str, Wrong] = field(default_factory=dict)
    databases: tuple[str, ...] = ALL
    options: str = ""
    prepare: str = ""
    naming: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, object] = field(default_factory=dict)
    version_table: str = "alembic_version"

    def wrong_on(self, database: str) -> dict[str, Wrong]:
        """Returns what is wrong on one database; there a revision may be right that is wrong elsewhere."""
        return {
            name: wrong for name, wrong in self.wrong.items() if wrong.verdict_on(database) != "reversible"
        }

    @property
    def bug(self) -> bool:
        """Returns whether a revision of it fails the run on some database."""
        return any(
            wrong.verdict_on(database) not in ("irreversible", "skipped", "reversible")
            for wrong in self.wrong.values()
            for database in self.databases
        )


@dataclass(frozen=True)
class Given:
    """What a case starts from: revisions with the rows that they hold, and a healthy one for the end."""

    revisions: tuple[Rev, ...]
    after: tuple[Rev, ...] = ()

    def holding(self, *rows: str) -> Given:
        """Returns the same with other rows."""
        *first, last = self.revisions
        return Given(
            (*first, Rev(last.id, last.upgrade, last.downgrade, module=last.module, rows=rows)), self.after
        )


def bug(
    name: str,
    given: Given,
    upgrade: str,
    downgrade: str | None,
    verdict: PerDatabase,
    kind: PerDatabase,
    table: str | None = None,
    column: str | None = None,
    *,
    databases: tuple[str, ...] = ALL,
    news: tuple[str, ...] = (),
    module: str = "",
    after: tuple[Rev, ...] | None = None,
    options: str = "",
    prepare: str = "",
) -> Case:
    """Returns a case whose revision `case` is wrong; `after`: what follows instead of the usual."""
    return Case(
        name,
        (
            *given.revisions,
            Rev("case", upgrade, downgrade, module=module),
            *(given.after if after is None else after),
        ),
        {"case": Wrong(verdict, kind, table, column, news)},
        databases,
        options,
        prepare,
    )


def right(
    name: str,
    given: Given,
    upgrade: str,
    downgrade: str,
    *,
    databases: tuple[str, ...] = ALL,
    module: str = "",
    rows: tuple[str, ...] = (),
    after: tuple[Rev, ...] | None = None,
    options: str = "",
    prepare: str = "",
    naming: Mapping[str, str] | None = None,
) -> Case:
    """Returns a case in which every revision is right. `rows`: what is written once `case` is applied."""
    return Case(
        name,
        (
            *given.revisions,
            Rev("case", upgrade, downgrade, module=module, rows=rows),
            *(given.after if after is None else after),
        ),
        databases=databases,
        options=options,
        prepare=prepare,
        naming=naming or {},
    )
