"""`MRTTestCase`: one migration, or several in a row, tested with unittest."""

from __future__ import annotations

import os
import unittest
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from mrt_lint.errors import MrtError

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from mrt_dynamic.engine.base import Driver
    from mrt_dynamic.results import Failure
    from mrt_dynamic.verify.lookout import Moment
    from mrt_dynamic.verify.run import Verifier

__unittest = True
"""unittest shows a failure at the line of the test, without the frames of this module."""

_DJANGO = "Django's migrations are only read so far, by mrt-lint check, not run"


class MRTTestCase(unittest.TestCase):
    """Each test begins at `migrate_from`, on an empty scratch database that is dropped after the class.

    `migrate_to`: the revision to test; what lies between is tested too. `db_url`: where scratch databases may
    be made, else `DATABASE_URL` or the configuration says it. `alembic_ini`: else the configuration's.
    """

    migrate_from: ClassVar[Any] = None
    migrate_to: ClassVar[Any] = None
    db_url: ClassVar[str] = ""
    db_alias: ClassVar[str] = "default"
    alembic_ini: ClassVar[str] = ""

    _verifier: ClassVar[Verifier]
    _path: ClassVar[tuple[str, ...]]

    @classmethod
    def setUpClass(cls) -> None:
        """Makes the scratch database. Raises RuntimeError when something is not set, or cannot be used."""
        super().setUpClass()
        cls._require_names()
        wrong = ""
        with ExitStack() as stack:
            try:
                cls._verifier = stack.enter_context(cls._prepared())
                cls._path = cls._way(cls._verifier)
            except MrtError as error:
                wrong = str(error)
            else:
                cls.addClassCleanup(stack.pop_all().close)
        if wrong:
            raise RuntimeError(f"MRTTestCase: {wrong}")

    def setUp(self) -> None:
        """Empties the database and applies everything up to `migrate_from`."""
        super().setUp()
        from mrt_dynamic.testing.stepping import run

        self._begin()
        self._given = run(self._verifier, self._look).rows.total

    @property
    def engine(self) -> Engine:
        """Returns an engine on the scratch database, to write rows and to look at them."""
        return self._verifier.scratch.engine()

    def seed(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Writes rows. Raises ValueError for an unknown table or column, and for a row that is refused."""
        from mrt_dynamic.testing.rows import Rows
        from mrt_dynamic.testing.stepping import run

        written = Rows()
        run(self._verifier, lambda driver: written.seed(driver.connection, table, rows, "id"))
        for row in written.written:
            if row.trouble is not None:
                raise ValueError(f"{table}: {dict(row.values)!r} could not be written: {row.trouble}")

    @property
    def old_apps(self) -> Any:
        """Raises RuntimeError: Django's models as they were at `migrate_from`."""
        self._models("old_apps")

    @property
    def apps(self) -> Any:
        """Raises RuntimeError: Django's models as they are at `migrate_to`."""
        self._models("apps")

    def assertRollbackSafe(self) -> None:  # noqa: N802 -- as unittest names its own
        """Fails unless every revision of the way can be taken back: up, down and up again, rows compared.

        The rows are the verifier's own; afterwards the database is empty, at `migrate_from`.
        """
        from mrt_dynamic.report.story import story
        from mrt_dynamic.verify.request import Request
        from mrt_dynamic.verify.run import displayed

        verifier = self._verifier
        found = verifier.walk(verifier.plan(Request(self._path)))
        self._begin()
        failed = [displayed(found[name], Path.cwd()) for name in self._path if not found[name].passed]
        if failed:
            self.fail("cannot be rolled back:\n" + "\n".join(story(each) for each in failed))

    def assertDataIntact(self) -> None:  # noqa: N802
        """Fails unless schema and rows are the same after going to `migrate_to` and back.

        The rows are those that the test has written; without any it is `assertRollbackSafe`.
        """
        from mrt_dynamic.engine.base import StepError
        from mrt_dynamic.snapshot.compare import schema_failures
        from mrt_dynamic.snapshot.compare_rows import row_failures
        from mrt_dynamic.testing.stepping import move, run
        from mrt_dynamic.verify.messages import raised

        verifier = self._verifier
        before = run(verifier, self._look)
        if before.rows.total <= self._given:
            self.assertRollbackSafe()
            return
        wrong = ""
        try:
            move(verifier, self.migrate_to, up=True)
            move(verifier, self.migrate_from, up=False)
        except StepError as error:
            wrong = raised(error)
        except TimeoutError as error:
            wrong = str(error)
        if wrong:
            self.fail(wrong)
        after = run(verifier, self._look)
        found: list[Failure] = [
            *schema_failures(before.schema, after.schema),
            *row_failures(before.rows, after.rows),
        ]
        if found:
            lines = "\n".join(f"  - {each.kind.value}: {each.message}" for each in found)
            self.fail(f"{self.migrate_to} and back, and it is not what it was:\n{lines}")

    @classmethod
    def _require_names(cls) -> None:
        meant = {
            "migrate_from": "the revision before the one to test, or 'base'",
            "migrate_to": "the revision to test",
        }
        for name, words in meant.items():
            value = getattr(cls, name)
            if not value:
                raise RuntimeError(f"MRTTestCase: set {name} in {cls.__name__}: {words}")
            if not isinstance(value, str):
                raise RuntimeError(
                    f"MRTTestCase: {name} = {value!r} of {cls.__name__} names a Django migration; {_DJANGO}"
                )

    @classmethod
    def _prepared(cls) -> Verifier:
        from mrt_dynamic.extras import require

        require()
        from mrt_dynamic.scratch.urls import from_environment
        from mrt_dynamic.verify.configuration import configuration
        from mrt_dynamic.verify.run import Verifier
        from mrt_dynamic.verify.settings import verify_settings

        here = Path.cwd()
        url = cls.db_url or os.environ.get("DATABASE_URL")
        given = {"db-url": url or None, "alembic-ini": cls.alembic_ini or None}
        settings = verify_settings(configuration(here), given, here)
        if not settings.db_url and not from_environment(os.environ):
            raise RuntimeError(
                f"MRTTestCase: set db_url in {cls.__name__}, or DATABASE_URL: it says where a scratch"
                " database may be made; what it names is left alone"
            )
        return Verifier(settings)

    @classmethod
    def _way(cls, verifier: Verifier) -> tuple[str, ...]:
        """Returns the revisions to test. Raises UsageError."""
        from mrt_dynamic.engine.paths import way
        from mrt_lint.errors import UsageError

        found = way(verifier.project, verifier.project.resolve(cls.migrate_from), cls.migrate_to, up=True)
        if not found:
            raise UsageError(f"migrate_to {cls.migrate_to!r} does not come after {cls.migrate_from!r}")
        return found

    def _begin(self) -> None:
        from mrt_dynamic.testing.stepping import move

        self._verifier.ground.reset(0)
        if self.migrate_from != "base":
            move(self._verifier, self.migrate_from, up=True)

    def _look(self, driver: Driver) -> Moment:
        return self._verifier.ground.lookout.everything(driver.connection)

    def _models(self, name: str) -> NoReturn:
        raise RuntimeError(
            f"{name} is for Django projects, and {_DJANGO}; in an Alembic project write rows with"
            " self.seed(table, rows) or through self.engine"
        )
