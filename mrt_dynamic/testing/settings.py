"""What is configured for one pytest run: by file, `config._mrt_config`, or the fixture `mrt_config`."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mrt_dynamic.config import MRTConfig

if TYPE_CHECKING:
    import pytest

    from mrt_dynamic.verify.settings import VerifySettings
    from mrt_lint.config.settings import Settings


def configuration(root: Path) -> Settings:
    """Returns the settings of mrt-lint that apply at a folder. Raises ConfigError."""
    from mrt_lint.config.load import load_settings
    from mrt_lint.lint.plugins import installed
    from mrt_lint.lint.registry import build

    return load_settings(None, root, {}, build(installed()).options)


def is_configured(config: pytest.Config) -> bool:
    """Returns whether the user has asked for the built-in tests in one of the three ways."""
    if getattr(config, "_mrt_config", None) is not None:
        return True
    if any(True for _ in _overriding(config)):
        return True
    return "verify" in _table(config.rootpath)


def said_early(config: pytest.Config) -> MRTConfig | None:
    """Returns what is known before any fixture can be used, for what is asked while tests are collected.

    A fixture `mrt_config` of the user's own is called if it needs no other one and just returns.
    """
    for fixture in _overriding(config):
        function = inspect.unwrap(fixture)
        if inspect.isgeneratorfunction(function) or not callable(function):
            continue
        wanted = list(inspect.signature(function).parameters)
        if wanted in ([], ["pytestconfig"]):
            found = function(*[config] * len(wanted))
            return found if isinstance(found, MRTConfig) else None
    found = getattr(config, "_mrt_config", None)
    return found if isinstance(found, MRTConfig) else None


def left_out(config: pytest.Config) -> Collection[str]:
    """Returns the names of built-in tests that are not to run."""
    said = said_early(config)
    if said is not None and said.skip_default_tests:
        return said.skip_default_tests
    found: Collection[str] = dict(configuration(config.rootpath)["verify"]).get("skip-default-tests", ())
    return found


def _overriding(config: pytest.Config) -> Iterator[Any]:
    """Yields each fixture `mrt_config` of a conftest.py or another plugin than ours."""
    for plugin in config.pluginmanager.get_plugins():
        if getattr(plugin, "__name__", "") != "mrt_dynamic.testing.fixtures":
            fixture = getattr(plugin, "mrt_config", None)
            if fixture is not None:
                yield fixture


def _table(root: Path) -> dict[str, Any]:
    from mrt_lint.config.file import find

    found = find(root)
    return dict(found.table) if found is not None else {}


def settings_of(config: pytest.Config, said: MRTConfig | None) -> VerifySettings:
    """Returns what applies: the file's table, and over it what an MRTConfig says.

    Paths of an MRTConfig are relative to pytest's rootdir. Raises ConfigError.
    """
    from mrt_dynamic.verify.settings import verify_settings

    given = said.values() if said is not None else {}
    if said is not None and said.migration_timeout is None:
        given["migration-timeout"] = 0
    for name in ("skip", "custom-seeds", "seed-overrides"):
        if name in given:
            given[name] = dict(given[name])
    return verify_settings(configuration(config.rootpath), given, config.rootpath)
