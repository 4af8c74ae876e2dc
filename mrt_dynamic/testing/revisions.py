"""The revisions of the project under test, known before any database is made."""

from __future__ import annotations

import pytest

from mrt_dynamic.testing.settings import said_early, settings_of

_KEY = pytest.StashKey[list[str]]()


def revisions(config: pytest.Config) -> list[str]:
    """Returns the revisions in order of application. Raises MrtError when the project cannot be loaded."""
    from mrt_dynamic.engine.project import load

    found = config.stash.get(_KEY, None)
    if found is None:
        settings = settings_of(config, said_early(config))
        found = config.stash[_KEY] = [each.id for each in load(settings.alembic_ini).revisions]
    return found
