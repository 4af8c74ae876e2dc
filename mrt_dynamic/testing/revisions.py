"""The revisions of the project under test, known before any of them is run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mrt_dynamic.errors import ProjectError
from mrt_dynamic.testing.session import Verifications
from mrt_dynamic.verify.plan import left_out

if TYPE_CHECKING:
    import pytest

    from mrt_dynamic.config import MRTConfig
    from mrt_dynamic.engine.project import AlembicProject

_CHOSEN: Final = "version_locations"
"""What an env.py names that chooses the folders of its revisions itself."""


def revisions(config: pytest.Config, said: MRTConfig | None) -> list[str]:
    """Returns the revisions in order of application. Raises MrtError when the project cannot be loaded, or
    the configuration names one that does not exist.

    env.py is run for it only where it may say where the revisions are; then on the scratch database that the
    tests will use.
    """
    from mrt_dynamic.engine.project import load

    shared = Verifications.of(config, said)
    if shared.revisions is None:
        project = load(shared.settings.alembic_ini)
        if _chooses(project):
            project = shared.verifier.project
        shared.revisions = [each.id for each in project.revisions]
        left_out(shared.settings, project.resolve)
    return shared.revisions


def _chooses(project: AlembicProject) -> bool:
    """Returns whether env.py may choose other folders than the configuration's."""
    try:
        return _CHOSEN in project.env.read_text(encoding="utf-8", errors="replace") or not project.revisions
    except ProjectError:
        return not any(project.env.parent.glob("versions/*.py"))
