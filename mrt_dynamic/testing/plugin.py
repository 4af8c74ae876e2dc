"""The pytest plugin as pytest loads it: next to nothing, until it is known that it may act.

Imports neither SQLAlchemy nor Alembic: a test run in an environment without them stays unharmed. Where
pytest-mrt is loaded as well, it keeps its names (`mrt`, `mrt_config`, `mrt_default_tests`) and this one
says so in the header and does nothing else: two plugins cannot own one fixture.
"""

from __future__ import annotations

import os
from importlib.util import find_spec

import pytest


def _steps_aside() -> bool:
    """Returns whether pytest loads pytest-mrt by itself: it is installed, and autoloading is not off."""
    return not os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD") and find_spec("pytest_mrt") is not None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the ini option that turns the built-in tests off."""
    if not _steps_aside():
        help_text = "Whether mrt-lint's built-in tests run where mrt-lint verify is configured."
        parser.addini("mrt_default_tests", help_text, "bool", default=True)


def pytest_configure(config: pytest.Config) -> None:
    """Registers the marker, the fixtures and the hooks."""
    if _steps_aside():
        return
    config.addinivalue_line("markers", "mrt: a test of database migrations (mrt-lint)")
    from mrt_dynamic.testing.importing import as_installed

    config.add_cleanup(as_installed())
    import mrt_dynamic.testing.fixtures as fixtures
    import mrt_dynamic.testing.hooks as hooks

    config.pluginmanager.register(fixtures, "mrt_lint_fixtures")
    config.pluginmanager.register(hooks, "mrt_lint_hooks")


def pytest_report_header() -> str | None:
    """Says who owns the fixture where two could."""
    if not _steps_aside():
        return None
    return "mrt-lint: pytest-mrt is installed too and keeps the fixture 'mrt' (pip uninstall pytest-mrt)"
