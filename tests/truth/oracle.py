"""What really happens: a case run by real Alembic on a real database, and the verdict on it."""

from __future__ import annotations

import linecache
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection, Engine

from tests.truth import catalog_mariadb, catalog_postgresql, catalog_sqlite
from tests.truth.case import Case
from tests.truth.project import CASE, GIVEN, write_project
from tests.truth.snapshot import Difference, Snapshot, differences

_READ = {
    "sqlite": catalog_sqlite.read,
    "postgresql": catalog_postgresql.read,
    "mariadb": catalog_mariadb.read,
}
_RESET = {"postgresql": catalog_postgresql.reset, "mariadb": catalog_mariadb.reset}

Look = Callable[[Connection], Any]
Fill = Callable[[Connection], None]


@dataclass(frozen=True)
class Project:
    """An Alembic project on disk: its alembic.ini, the revision before the one under test, and that one."""

    ini: Path
    before: str
    target: str


def case_project(case: Case, folder: Path) -> Project:
    """Writes a case to a folder that does not exist yet."""
    return Project(write_project(case, folder), GIVEN, CASE)


@dataclass
class Outcome:
    """One real run. `snapshots` and `seen` are keyed by `before between after`.

    `seen`: what the caller's `look` returned at these moments. `failed`: the step that raised
    (`given upgrade downgrade again`), with `error`, its text; `refused`: the migration's own code
    raised on purpose. `verdict`: reversible, lossy, broken, irreversible, or `cannot upgrade`.
    """

    case: Case
    database: str
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)
    failed: str = ""
    error: str = ""
    refused: bool = False

    @property
    def differences(self) -> list[Difference]:
        """Returns what is different after the round trip; empty when the downgrade did not end."""
        if "after" not in self.snapshots:
            return []
        return differences(self.snapshots["before"], self.snapshots["after"])

    @property
    def verdict(self) -> str:
        """Returns the verdict on what really happened."""
        if self.failed in ("given", "upgrade"):
            return "cannot upgrade"
        if self.failed == "downgrade":
            return "irreversible" if self.refused else "broken"
        found = self.differences
        if self.failed == "again" or any(not difference.data for difference in found):
            return "broken"
        return "lossy" if found else "reversible"

    @property
    def story(self) -> str:
        """Returns what happened in words, for the message of a failing test."""
        lines = [f"on {self.database} the case {self.case.name!r} is {self.verdict}"]
        if self.failed:
            lines.append(f"  the step {self.failed!r} raised {self.error}")
        lines += [f"  {difference}" for difference in self.differences]
        return "\n".join(lines)


def run(
    case: Case,
    database: str,
    engine: Engine,
    folder: Path,
    look: Look | None = None,
    reader: Connection | None = None,
    project: Project | None = None,
    fill: Fill | None = None,
) -> Outcome:
    """Runs the case's round trip on an empty database and returns what happened.

    `folder` must not exist; the Alembic project is written there. For SQLite `engine` is on a new
    file; the servers' database is emptied first. `reader`: a connection in autocommit mode that
    looks at the database, kept for many cases; without it every look opens one. `project`: one that
    stands in `folder` already. `fill`: writes rows instead of the case's own.
    """
    outcome = Outcome(case, database)
    if database in _RESET:
        with engine.begin() as connection:
            _RESET[database](connection)
    project = project or case_project(case, folder)
    ini = project.ini
    insert = fill or (lambda connection: _insert(connection, case))

    def note(moment: str) -> None:
        with nullcontext(reader) if reader is not None else engine.connect() as connection:
            outcome.snapshots[moment] = _READ[database](connection)
            if look is not None:
                outcome.seen[moment] = look(connection)

    with _undisturbed(folder):
        steps: tuple[tuple[str, Callable[[], None], str], ...] = (
            ("given", lambda: _migrate(engine, ini, command.upgrade, project.before), ""),
            ("given", lambda: _write(engine, insert), "before"),
            ("upgrade", lambda: _migrate(engine, ini, command.upgrade, project.target), "between"),
            ("downgrade", lambda: _migrate(engine, ini, command.downgrade, project.before), "after"),
            ("again", lambda: _migrate(engine, ini, command.upgrade, project.target), ""),
        )
        for step, action, moment in steps:
            try:
                action()
            except Exception as error:  # noqa: BLE001 -- whatever a migration raises is its outcome
                outcome.failed = step
                outcome.error = f"{type(error).__name__}: {error}"
                outcome.refused = _on_purpose(error, folder)
                break
            if moment:
                note(moment)
    return outcome


def _migrate(engine: Engine, ini: Path, move: Callable[[Config, str], None], target: str) -> None:
    config = Config(str(ini))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        move(config, target)
        # SQLite outside of a transaction block leaves the last transaction to the caller.
        if connection.in_transaction():
            connection.commit()


def _write(engine: Engine, fill: Fill) -> None:
    with engine.begin() as connection:
        fill(connection)


def _insert(connection: Connection, case: Case) -> None:
    for statement in case.rows:
        connection.exec_driver_sql(statement.replace("%", "%%"))


def _on_purpose(error: Exception, folder: Path) -> bool:
    """Returns whether a `raise` in the migration itself is what ended it."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    line = linecache.getline(last.filename, last.lineno or 0)
    return Path(last.filename).is_relative_to(folder) and line.lstrip().startswith("raise")


@contextmanager
def _undisturbed(folder: Path) -> Iterator[None]:
    """Undoes what a migration environment does to the process: sys.path, imported helpers, warnings."""
    path = list(sys.path)
    known = set(sys.modules)
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.path[:] = path
        sys.dont_write_bytecode = writes
        for name in set(sys.modules) - known:
            origin = getattr(sys.modules[name], "__file__", None) or ""
            if origin.startswith(str(folder)):
                del sys.modules[name]
