"""The fixture `mrt`: migrations stepped up and down by a test, on a scratch database of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from mrt_dynamic.revision_result import RevisionResult
from mrt_dynamic.testing import stepping
from mrt_dynamic.testing.rows import Rows
from mrt_dynamic.testing.telling import at_the_call

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from mrt_dynamic.engine.base import Driver
    from mrt_dynamic.testing.session import Verifications
    from mrt_lint.lint.migration_file import RiskWarning

T = TypeVar("T")


class Heads(tuple[str, ...]):
    """Heads of a history. They may be called as well: for pytest-alembic they are no method."""

    def __call__(self) -> Heads:
        """Returns the same."""
        return self


class MRT:
    """Steps the project's migrations and checks them.

    Begins at base, on an empty database that is nobody else's. A step that fails raises StepError, its
    cause what the migration raised; one that does not end in time is cancelled and raises TimeoutError.
    """

    def __init__(self, shared: Verifications, asking: str = "") -> None:
        self._shared = shared
        self._asking = asking
        self._rows = Rows()

    # Stepping

    @at_the_call
    def upgrade(self, revision: str = "head") -> None:
        """Applies everything up to a revision, as `alembic upgrade` takes it (`+1` too)."""
        self._move(revision, up=True)

    @at_the_call
    def downgrade(self, revision: str = "-1") -> None:
        """Takes back everything down to a revision, as `alembic downgrade` takes it (`-1` too)."""
        self._move(revision, up=False)

    @at_the_call
    def upgrade_to(self, revision: str) -> None:
        """Applies everything up to a revision."""
        self.upgrade(revision)

    @at_the_call
    def upgrade_one(self) -> None:
        """Applies the next revision."""
        self.upgrade("+1")

    @at_the_call
    def downgrade_one(self) -> None:
        """Takes the last revision back."""
        self.downgrade("-1")

    @at_the_call
    def downgrade_to(self, revision: str) -> None:
        """Takes back everything down to a revision."""
        self.downgrade(revision)

    @at_the_call
    def current_revision(self) -> str | None:
        """Returns the revision that the database stands at, None at base; several are joined by commas."""
        return ", ".join(self._run(lambda driver: driver.heads())) or None

    @property
    def heads(self) -> Heads:
        """Returns the heads of the history, sorted; `heads()` is the same."""
        return Heads(sorted(self._shared.verifier.project.script.get_heads()))

    @property
    def floor(self) -> str | None:
        """Returns the revision at and before which nothing is taken back, None if there is none."""
        return self._shared.settings.minimum_downgrade_revision

    @property
    def metadata(self) -> Any:
        """Returns the models of the configuration, None if it names none."""
        return self._shared.metadata

    @at_the_call
    def reset(self) -> None:
        """Empties the database, and forgets the rows that were seeded."""
        self._shared.keep()
        self._shared.verifier.ground.reset(0)
        self._shared.verifier.ground.clean = True
        self._rows = Rows()

    # The names of pytest-alembic

    @at_the_call
    def migrate_up_to(self, revision: str) -> str | None:
        """Applies everything up to a revision, and returns where the database stands."""
        self.upgrade(revision)
        return self.current_revision()

    @at_the_call
    def migrate_up_one(self) -> str | None:
        """Applies the next revision, and returns where the database stands; None: there is no next one."""
        standing = set(self._run(lambda driver: driver.heads()))
        if standing == set(self.heads):
            return None
        self.upgrade_one()
        return self.current_revision()

    @at_the_call
    def migrate_down_to(self, revision: str) -> str | None:
        """Takes back everything down to a revision, and returns where the database stands, None at base."""
        self.downgrade(revision)
        return self.current_revision()

    @at_the_call
    def migrate_down_one(self) -> str | None:
        """Takes the last revision back, if there is one; returns where the database stands, None at base."""
        if self.current_revision() is not None:
            self.downgrade_one()
        return self.current_revision()

    @property
    def current(self) -> str | None:
        """Returns the revision that the database stands at (pytest-alembic's name)."""
        return self.current_revision()

    @at_the_call
    def insert_into(self, table: str, data: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> None:
        """Writes a row or several (pytest-alembic's name for `seed`)."""
        self.seed(table, [data] if isinstance(data, Mapping) else data)

    # Rows

    @property
    def engine(self) -> Engine:
        """Returns an engine on the scratch database, for whatever a test wants to look at."""
        return self._shared.verifier.scratch.engine()

    @at_the_call
    def seed(self, table: str, rows: Sequence[Mapping[str, Any]], pk_col: str = "id") -> None:
        """Writes rows, to be compared by `assert_data_intact`. Raises ValueError for an unknown table."""
        self._run(lambda driver: self._rows.seed(driver.connection, table, rows, pk_col))

    @at_the_call
    def assert_data_intact(self) -> None:
        """Fails the test unless every value of every seeded row is what it was."""
        found = self._run(lambda driver: list(self._rows.differences(driver.connection)))
        if found:
            pytest.fail("The rows are not what they were:\n" + _list(found), pytrace=False)

    # Verification

    @at_the_call
    def check_revision(self, revision: str) -> RevisionResult:
        """Returns what comes of one revision: up, down and up again, rows compared.

        Leaves the database where the revision begins, before it, whatever it stood at. Raises
        UsageError for a revision that does not exist, ValueError for a name of several.
        """
        (name,) = self._resolved(revision)
        result = RevisionResult.of(self._shared.result(name, self._asking))
        self.reset()
        for parent in self._shared.verifier.project.scripts[name]._all_down_revisions:
            self.upgrade(parent)
        return result

    @at_the_call
    def check_all(self, apps: Sequence[str] | None = None) -> list[RevisionResult]:
        """Returns what comes of every revision, in order of application."""
        self._no_apps(apps, "check_all")
        self._shared.keep()
        return [RevisionResult.of(each) for each in self._shared.verification().revisions]

    @at_the_call
    def check_migration(self, app: str, name: str) -> RevisionResult:
        """Checks a Django migration: raises RuntimeError so far, and always of an Alembic project."""
        self._shared.verifier  # noqa: B018 -- raises RuntimeError for a Django project
        raise RuntimeError("check_migration() is for Django projects: use check_revision(revision)")

    @at_the_call
    def assert_reversible(self, revision: str = "head") -> None:
        """Fails the test unless a revision can be taken back without loss."""
        result = self.check_revision(revision)
        if not result.passed:
            pytest.fail(
                f"Revision {result.revision} cannot be rolled back:\n{result.failure_summary()}",
                pytrace=False,
            )

    @at_the_call
    def assert_all_reversible(self, apps: Sequence[str] | None = None) -> None:
        """Fails the test unless every revision can be taken back; prints a table of all."""
        self._no_apps(apps, "assert_all_reversible")
        verification = self._shared.verification()
        from mrt_dynamic.report.table import render
        from mrt_lint.render.style import Style

        print(render(verification, Style()))  # noqa: T201 -- pytest shows it with the failure, or with -s
        failed = [each for each in verification.revisions if not each.passed]
        if failed:
            texts = [f"{each.revision}:\n{RevisionResult.of(each).failure_summary()}" for each in failed]
            pytest.fail("Some revisions cannot be rolled back:\n" + "\n".join(texts), pytrace=False)

    # The static half

    @at_the_call
    def check_static(self, versions_dir: str | None = None) -> list[RiskWarning]:
        """Returns the findings of `mrt-lint check` on the project, or on a folder of versions."""
        from mrt_dynamic.testing.static import findings

        return findings(self._shared, versions_dir)

    @at_the_call
    def assert_no_static_errors(self, versions_dir: str | None = None) -> None:
        """Fails the test if `mrt-lint check` finds errors."""
        errors = [each for each in self.check_static(versions_dir) if each.severity == "error"]
        if errors:
            told = [
                f"[{each.revision}] {each.code} {each.message} ({each.file}:{each.line})" for each in errors
            ]
            pytest.fail("mrt-lint check finds errors:\n" + _list(told), pytrace=False)

    @at_the_call
    def assert_schema_matches(self, target_metadata: Any = None, metadata_path: str | None = None) -> None:
        """Fails the test unless the migrated schema is what the models say.

        `target_metadata`: a MetaData or declarative base; `metadata_path`: `package.module:name`; else
        that of the configuration. Raises ValueError when there is none.
        """
        from mrt_dynamic.drift.run import metadata_of, migrated

        verifier = self._shared.verifier
        wanted = metadata_path or target_metadata or self.metadata
        if wanted is None:
            raise ValueError(
                "assert_schema_matches() needs models: pass target_metadata, or set target-metadata"
                " = 'package.module:Base' in [tool.mrt-lint.verify]"
            )
        models = metadata_of(wanted, verifier.project, verifier.scratch)
        found = migrated(verifier, models, back=True).found
        if found:
            pytest.fail(
                "The models and the migrated schema differ:\n" + _list(each.message for each in found),
                pytrace=False,
            )

    # Inside

    def _move(self, destination: str, up: bool) -> None:
        stepping.move(self._shared.verifier, destination, up)

    def _run(self, work: Callable[[Driver], T]) -> T:
        return stepping.run(self._shared.verifier, work)

    def _resolved(self, revision: str) -> tuple[str, ...]:
        found = self._shared.verifier.project.resolve(revision)
        if len(found) != 1:
            raise ValueError(f"{revision!r} is no single revision: {', '.join(found) or 'nothing'}")
        return found

    def _no_apps(self, apps: Sequence[str] | None, method: str) -> None:
        self._shared.verifier  # noqa: B018 -- raises RuntimeError for a Django project
        if apps:
            raise RuntimeError(f"{method}(apps=...) is for Django projects; an Alembic project has no apps")


def _list(lines: Any) -> str:
    return "\n".join(f"  - {line}" for line in lines)
