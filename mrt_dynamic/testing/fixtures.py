"""The fixtures `mrt` and `mrt_config`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mrt_dynamic.config import MRTConfig
    from mrt_dynamic.testing.fixture import MRT


@pytest.fixture(scope="session")
def mrt_config(pytestconfig: pytest.Config) -> MRTConfig | None:
    """Returns the settings given as `config._mrt_config`, None for the file's. Made to be overridden."""
    found: MRTConfig | None = getattr(pytestconfig, "_mrt_config", None)
    return found


@pytest.fixture
def mrt(mrt_config: MRTConfig | None, request: pytest.FixtureRequest) -> MRT:
    """Returns migrations to step up and down, on a scratch database at base."""
    from mrt_dynamic.testing.session import Verifications, asking
    from mrt_dynamic.testing.telling import told

    return told(lambda: Verifications.of(request.config, mrt_config).fresh(asking(request.node)))
