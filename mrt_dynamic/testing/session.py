"""What the tests of one pytest run share: the project, one scratch database, results of revisions."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mrt_dynamic.errors import LateError
from mrt_dynamic.testing.settings import configuration, only_read, settings_of
from mrt_dynamic.testing.sharing import share_of

if TYPE_CHECKING:
    from mrt_dynamic.config import MRTConfig
    from mrt_dynamic.results import Verification, Verified
    from mrt_dynamic.static import Predictions
    from mrt_dynamic.testing.consistency import Consistency
    from mrt_dynamic.testing.fixture import MRT
    from mrt_dynamic.verify.run import Verifier
    from mrt_dynamic.verify.settings import VerifySettings

CONSISTENCY = "test_mrt_up_down_consistency"
"""The built-in test that is one item for each revision."""

_KEY = pytest.StashKey[list["Verifications"]]()
_ASKED = pytest.StashKey[dict[str, tuple[str, ...]]]()


def note_asked(session: pytest.Session) -> None:
    """Notes the revisions that built-in tests are going to ask for; to be called after collection."""
    found: dict[str, set[str]] = {}
    for item in session.items:
        if getattr(item, "originalname", "") == CONSISTENCY and hasattr(item, "callspec"):
            revision = item.callspec.params.get("mrt_revision")
            if revision is not None:
                found.setdefault(_module(item), set()).add(revision)
    session.config.stash[_ASKED] = {place: tuple(sorted(each)) for place, each in found.items()}


def asking(item: pytest.Item) -> str:
    """Returns the module of built-in tests that are for the same configuration as a test, empty without one.

    Each is known by its node id: several projects may have revisions of the same names.
    """
    asked, own = item.config.stash.get(_ASKED, {}), _module(item)
    around = [place for place in asked if own.startswith(place.rpartition("/")[0])]
    return own if own in asked else max(around, key=len, default="")


def _module(item: pytest.Item) -> str:
    module = item.getparent(pytest.Module)
    return module.nodeid if module is not None else ""


class Verifications:
    """One verifier for a whole run of pytest; each pytest-xdist worker has its own."""

    def __init__(self, config: pytest.Config, said: MRTConfig | None) -> None:
        """Prepares; the scratch database is made when the first test needs it."""
        self.said = said
        self.config = config
        self.results: dict[str, Verified] = {}
        self.revisions: list[str] | None = None
        self._stack = ExitStack()
        self._verifier: Verifier | None = None
        self._late: LateError | None = None
        self._consistency: Consistency | None = None

    @classmethod
    def of(cls, config: pytest.Config, said: MRTConfig | None) -> Verifications:
        """Returns the one of this run for a configuration; it is closed when pytest ends."""
        known = config.stash.setdefault(_KEY, [])
        found = next((each for each in known if each.said == said), None)
        if found is None:
            found = cls(config, said)
            known.append(found)
            config.add_cleanup(found.close)
        return found

    @staticmethod
    def all_of(config: pytest.Config) -> Sequence[Verifications]:
        """Returns those that this run has needed so far."""
        return config.stash.get(_KEY, [])

    @property
    def verifier(self) -> Verifier:
        """Returns the verifier, made on first use. Raises MrtError; RuntimeError for a Django project."""
        if self._verifier is None:
            from mrt_dynamic.extras import require

            require()
            if self.only_read:
                raise RuntimeError(
                    f"{self.only_read}: of this fixture only check_static() and assert_no_static_errors()"
                    " can be used"
                )
            from mrt_dynamic.verify.run import Verifier

            if self._late is not None:  # to wait again for every test would help nobody
                raise self._late
            try:
                self._verifier = self._stack.enter_context(Verifier(self.settings))
            except LateError as error:
                self._late = error
                raise
        return self._verifier

    @cached_property
    def settings(self) -> VerifySettings:
        """Returns what applies. Raises ConfigError."""
        return settings_of(self.config, self.said)

    @cached_property
    def only_read(self) -> str:
        """Returns why nothing can be run, empty for an Alembic project."""
        return only_read(self.config, self.said)

    def close(self) -> None:
        """Drops the scratch database."""
        self._verifier = self._consistency = None
        self._stack.close()

    def fresh(self, asking: str) -> MRT:
        """Returns the fixture on an empty database; `asking`: see there. Raises MrtError."""
        from mrt_dynamic.extras import require

        require()
        from mrt_dynamic.testing.fixture import MRT

        migrations = MRT(self, asking)
        if not self.only_read:
            migrations.reset()
        return migrations

    def keep(self) -> None:
        """Keeps what is to be gone on with: the database is about to be used for something else."""
        if self._consistency is not None:
            self._consistency.keep()

    def finish(self) -> None:
        """Ends what other workers will ask for: this one has no test to run any more."""
        if self._consistency is not None:
            self._consistency.finish(everything=not self.config.getoption("maxfail", 0))

    def result(self, revision: str, asking: str) -> Verified:
        """Returns what came of one revision, its file relative to pytest's rootdir. Raises MrtError.

        `asking`: the built-in tests that ask for revisions of the same configuration.
        """
        if revision not in self.results:
            from mrt_dynamic.verify.run import displayed

            self.results[revision] = displayed(self._found(revision, asking), self.config.rootpath)
        return self.results[revision]

    def _found(self, revision: str, asking: str) -> Verified:
        """Returns what came of it: verified together with what else is asked for, or by itself."""
        asked = self.config.stash.get(_ASKED, {}).get(asking, ())
        share = share_of(self.config, asking)
        if revision in asked and (share is not None or not hasattr(self.config, "workerinput")):
            if self._consistency is None:
                from mrt_dynamic.testing.consistency import Consistency

                self._consistency = Consistency(self.verifier, asked, share)
            if self._consistency.has(revision):
                return self._consistency.result(revision)
        from mrt_dynamic.verify.request import Request

        return self.verifier.walk(self.verifier.plan(Request((revision,))))[revision]

    def verification(self) -> Verification:
        """Returns what came of the whole history, one after the other and as a whole."""
        from mrt_dynamic.verify.request import Request

        return self.verifier.verify(Request(cwd=self.config.rootpath))

    @property
    def place(self) -> Path:
        """Returns where the static half finds the project: its alembic.ini, or the folder of manage.py."""
        if not self.only_read:
            return self.settings.alembic_ini
        said = self.said.django_project_dir if self.said is not None else None
        named = said or dict(configuration(self.config)["verify"]).get("django-project-dir")
        return (self.config.rootpath if said else self.settings.root) / (named or "")

    def story(self, verified: Verified) -> str:
        """Returns what is wrong with a revision, where, and which findings predicted it."""
        from mrt_dynamic.report.story import story
        from mrt_dynamic.static import evidence

        settings, root = configuration(self.config), self.config.rootpath
        return story(verified, evidence(self.place, settings, root, [verified], self._predicted))

    @cached_property
    def _predicted(self) -> Predictions:
        """Returns the static findings by revision."""
        from mrt_dynamic.static import predictions
        from mrt_dynamic.testing.static import findings

        return predictions(lambda: findings(self))

    @property
    def metadata(self) -> Any:
        """Returns the models of the configuration, None if it names none."""
        if self.said is not None and self.said.target_metadata is not None:
            return self.said.target_metadata
        return dict(configuration(self.config)["verify"]).get("target-metadata")
