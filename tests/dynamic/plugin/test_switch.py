"""Two plugins cannot own the fixture `mrt`: ours steps aside where pytest loads pytest-mrt."""

from __future__ import annotations

import pytest

from mrt_dynamic.testing import plugin


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
