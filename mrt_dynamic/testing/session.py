"""What the tests of one pytest run share: the project, one scratch database, results of revisions."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mrt_dynamic.testing.settings import configuration, settings_of

if TYPE_CHECKING:
    from mrt_dynamic.config import MRTConfig
    from mrt_dynamic.results import Verification, Verified
    from mrt_dynamic.static import Predictions
    from mrt_dynamic.testing.fixture import MRT
    from mrt_dynamic.verify.run import Verifier

_KEY = pytest.StashKey["Verifications"]()


class Verifications:
    """One verifier for a whole run of pytest; each pytest-xdist worker has its own."""

    def __init__(self, config: pytest.Config, said: MRTConfig | None) -> None:
        """Prepares; the scratch database is made when the first test needs it."""
        self.said = said
        self.config = config
        self.results: dict[str, Verified] = {}
        self._stack = ExitStack()
        self._verifier: Verifier | None = None

    @classmethod
    def of(cls, config: pytest.Config, said: MRTConfig | None) -> Verifications:
        """Returns the one of this run; it is closed when pytest ends."""
        found = config.stash.get(_KEY, None)
        if found is None:
            found = config.stash[_KEY] = cls(config, said)
            config.add_cleanup(found.close)
        return found

    @property
    def verifier(self) -> Verifier:
        """Returns the verifier, made on first use. Raises MrtError."""
        if self._verifier is None:
            from mrt_dynamic.extras import require

            require()
            from mrt_dynamic.verify.run import Verifier

            self._verifier = self._stack.enter_context(Verifier(settings_of(self.config, self.said)))
        return self._verifier

    def close(self) -> None:
        """Drops the scratch database."""
        self._stack.close()

    def fresh(self) -> MRT:
        """Returns the fixture on an empty database. Raises MrtError."""
        from mrt_dynamic.extras import require

        require()
        from mrt_dynamic.testing.fixture import MRT

        migrations = MRT(self)
        migrations.reset()
        return migrations

    def result(self, revision: str, together: Sequence[str] = ()) -> Verified:
        """Returns what came of one revision; `together`: others to verify in the same go."""
        if revision not in self.results:
            from mrt_dynamic.verify.request import Request
            from mrt_dynamic.verify.run import displayed

            asked = {revision, *together}
            found = self.verifier.walk(self.verifier.plan(Request(tuple(sorted(asked)))))
            root = self.config.rootpath
            self.results |= {name: displayed(each, root) for name, each in found.items() if name in asked}
        return self.results[revision]

    def verification(self) -> Verification:
        """Returns what came of the whole history, one after the other and as a whole."""
        from mrt_dynamic.verify.request import Request

        return self.verifier.verify(Request(cwd=self.config.rootpath))

    @property
    def ini(self) -> Path:
        """Returns the project's alembic.ini."""
        return settings_of(self.config, self.said).alembic_ini

    def story(self, verified: Verified) -> str:
        """Returns what is wrong with a revision, where, and which findings predicted it."""
        from mrt_dynamic.report.story import story

        return story(verified, self._predicted.get(verified.revision, ()))

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
        return dict(configuration(self.config.rootpath)["verify"]).get("target-metadata")
