"""What really happens: a case walked by real Alembic with hand-written rows, revision by revision.

Each revision goes up, down and, if all came back, up again. After one that does not come back the database is built anew
from nothing, so that a later revision is never judged on ruins.
"""

from __future__ import annotations

import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationStep
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine

from tests.dynamic.catalogue.case import Case, Rev
from tests.dynamic.catalogue.project import write_project
from tests.truth import catalog_mariadb, catalog_postgresql, catalog_sqlite
from tests.truth.snapshot import Snapshot, differences

_READ: Mapping[str, Callable[[Connection], Snapshot]] = {
    "sqlite": catalog_sqlite.read,
    "postgresql": catalog_postgresql.read,
    "mariadb": catalog_mariadb.read,
}
# What belongs to no schema and so outlives them all.
_SCHEMALESS = """DO $$ DECLARE it record; BEGIN
    FOR it IN SELECT pubname FROM pg_publication LOOP
        EXECUTE 'DROP PUBLICATION ' || quote_ident(it.pubname);
    END LOOP;
    FOR it IN SELECT castsource::regtype AS source, casttarget::regtype AS target FROM pg_cast WHERE oid >= 16384 LOOP
        EXECUTE 'DROP CAST (' || it.source || ' AS ' || it.target || ')';
    END LOOP;
    PERFORM lo_unlink(oid) FROM pg_largeobject_metadata;
END $$"""
_RESET = {"postgresql": catalog_postgresql.reset, "mariadb": catalog_mariadb.reset}


@dataclass
class Found:
    """What one revision really did: `kinds` -> sentences about them; `refused`: the downgrade raised
    NotImplementedError."""

    kinds: dict[str, list[str]] = field(default_factory=dict)
    refused: bool = False

    @property
    def verdict(self) -> str:
        """Returns the word for it, in the order of precedence of `mrt_lint.verdict`."""
        if self.kinds.keys() - {"rows-lost", "rows-changed", "rows-extra", "post-upgrade-rows"}:
            return "broken"
        if self.kinds.keys() - {"post-upgrade-rows"}:
            return "lossy"
        if self.refused:
            return "irreversible"
        return "fragile" if self.kinds else "reversible"

    @property
    def story(self) -> str:
        """Returns what happened in words."""
        return "\n".join(f"  {kind}: {text}" for kind, texts in self.kinds.items() for text in texts)

    def note(self, kind: str, text: str) -> None:
        """Adds one thing that went wrong."""
        self.kinds.setdefault(kind, []).append(text)


class Walk:
    """Walks one case on one database, which is emptied first. `folder` must not exist.

    `reader`: a connection in autocommit mode that looks at the database, kept for many cases;
    without it every look opens one.
    """

    def __init__(
        self, case: Case, database: str, engine: Engine, folder: Path, reader: Connection | None = None
    ) -> None:
        self.case, self.database, self.engine, self.reader = case, database, engine, reader
        url = engine.url.render_as_string(hide_password=False)
        self.config = Config(str(write_project(case, folder, url)))
        self.script = ScriptDirectory.from_config(self.config)
        self.folder = folder

    def run(self) -> dict[str, Found]:
        """Returns what each revision really did, in order."""
        found: dict[str, Found] = {}
        with _undisturbed(self.folder):
            self._reset()
            for number, rev in enumerate(self.case.history):
                found[rev.id] = self._revision(rev)
                if "upgrade-failed" in found[rev.id].kinds:
                    break
                if found[rev.id].verdict != "reversible":
                    self._rebuild(self.case.history[: number + 1])
                self._write(rev.rows)
        return found

    def _revision(self, rev: Rev) -> Found:
        found = Found()
        old = self._read()
        try:
            self._step(rev.id, down=False)
        except Exception as error:  # noqa: BLE001 -- whatever a migration raises is its outcome
            found.note("upgrade-failed", str(error))
            return found
        new = self._read()
        try:
            self._step(rev.id, down=True)
        except Exception as error:  # noqa: BLE001
            if isinstance(error, NotImplementedError) and self._own(error):
                found.refused = True
            else:
                found.note("downgrade-failed", f"{type(error).__name__}: {error}")
            return found
        self._compare(old, self._read(), found)
        if found.kinds:
            return found
        try:
            self._step(rev.id, down=False)
        except Exception as error:  # noqa: BLE001
            found.note("reupgrade-failed", f"{type(error).__name__}: {error}")
            return found
        for difference in differences(new, self._read()):
            if not difference.data:
                found.note("reupgrade-failed", str(difference))
        wrong = self.case.wrong_on(self.database).get(rev.id)
        if wrong is not None and wrong.news and not found.kinds:
            self._written_since(rev, wrong.news, found)
        return found

    def _written_since(self, rev: Rev, news: tuple[str, ...], found: Found) -> None:
        self._write(news)
        try:
            self._step(rev.id, down=True)
        except Exception as error:  # noqa: BLE001
            found.note("post-upgrade-rows", f"{type(error).__name__}: {error}")

    def _compare(self, old: Snapshot, new: Snapshot, found: Found) -> None:
        kinds = {"left": "schema-extra", "lost": "schema-missing", "changed": "schema-changed"}
        for difference in differences(old, new):
            if not difference.data:
                kind = kinds[difference.what]
            elif difference.kind == "sequence":
                kind = "schema-changed"
            elif difference.kind == "column":
                kind = "rows-changed"
            else:
                before, after = old.rows[difference.name], new.rows.get(difference.name)
                gone = before.rows.total() - (after.rows.total() if after is not None else 0)
                kind = "rows-lost" if gone > 0 else "rows-extra" if gone < 0 else "rows-changed"
            found.note(kind, str(difference))

    def _rebuild(self, history: tuple[Rev, ...]) -> None:
        self._reset()
        for number, rev in enumerate(history):
            self._step(rev.id, down=False)
            if number < len(history) - 1:
                self._write(rev.rows)

    def _step(self, revision: str, down: bool) -> None:
        make = MigrationStep.downgrade_from_script if down else MigrationStep.upgrade_from_script

        def steps(_heads: object, _context: object) -> list[MigrationStep]:
            return [make(self.script.revision_map, self.script.get_revision(revision))]

        self._run_env(steps)

    def _run_env(self, steps: Callable[[object, object], list[MigrationStep]]) -> None:
        with EnvironmentContext(self.config, self.script, fn=steps, as_sql=False):
            self.script.run_env()

    def _reset(self) -> None:
        if self.database == "sqlite":
            Path(str(self.engine.url.database)).unlink(missing_ok=True)
        else:
            with self.engine.begin() as connection:
                _RESET[self.database](connection)
                if self.database == "postgresql":
                    connection.exec_driver_sql(_SCHEMALESS)
        if self.case.prepare:  # what env.py itself makes is no work of a revision
            self._run_env(lambda _heads, _context: [])

    def _write(self, rows: tuple[str, ...]) -> None:
        with self.engine.begin() as connection:
            for statement in rows:
                connection.exec_driver_sql(statement.replace("%", "%%"))

    def _read(self) -> Snapshot:
        with nullcontext(self.reader) if self.reader is not None else self.engine.connect() as connection:
            read = _READ[self.database](connection)
        own = self.case.version_table
        return Snapshot(
            {subject: fields for subject, fields in read.schema.items() if not _belongs(subject[1], own)},
            {table: rows for table, rows in read.rows.items() if not _belongs(table, own)},
            read.positions,
        )

    def _own(self, error: Exception) -> bool:
        return Path(traceback.extract_tb(error.__traceback__)[-1].filename).is_relative_to(self.folder)


def _belongs(name: str, table: str) -> bool:
    parts = name.split(".")
    return table in parts[:2] or parts[0] == "alembic_version"


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
            origin: Any = getattr(sys.modules[name], "__file__", None) or ""
            if origin.startswith(str(folder)):
                del sys.modules[name]
