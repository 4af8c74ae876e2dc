"""Two plugins cannot own the fixture `mrt`: ours steps aside where pytest loads pytest-mrt."""

from __future__ import annotations

from pathlib import Path

import pytest

from mrt_dynamic.testing import plugin
from tests.dynamic.commands import shop
from tests.dynamic.plugin.conftest import Run


@pytest.mark.parametrize(
    ("installed", "autoload_off", "aside"),
    [(True, "", True), (True, "1", False), (False, "", False)],
    ids=["installed", "not loaded", "not installed"],
)
def test_it_steps_aside(
    monkeypatch: pytest.MonkeyPatch, installed: bool, autoload_off: str, aside: bool
) -> None:
    monkeypatch.setattr(plugin, "find_spec", lambda name: object() if installed else None)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", autoload_off)
    header = plugin.pytest_report_header()
    assert (header is not None) == aside
    assert header is None or "pip uninstall pytest-mrt" in header


def test_our_modules_are_imported_as_they_are_installed(run: Run, tmp_path: Path) -> None:
    """pytest marks the packages of every plugin so, and would compile each of their modules anew."""
    shop(tmp_path)
    (tmp_path / "conftest.py").write_text(
        """
import sys

import pytest

pytest.register_assert_rewrite("mrt_dynamic", "mrt_lint", "mrt_rules_alembic")

def pytest_sessionfinish():
    ours = [module for name, module in sys.modules.items() if name.startswith("mrt_")]
    rewritten = [each.__name__ for each in ours if type(each.__spec__.loader).__name__ != "SourceFileLoader"]
    print("rewritten:", rewritten, len(ours) > 100)
"""
    )
    done = run("-s", "-k", "downgrade_base or single_head or consistency")
    assert "rewritten: ['mrt_dynamic.testing.plugin', 'mrt_dynamic.testing.importing'] True" in done.text, (
        done.text
    )
