"""What is configured for one pytest run: by file, `config._mrt_config`, or the fixture `mrt_config`."""

from __future__ import annotations

import inspect
import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mrt_dynamic.config import MRTConfig

if TYPE_CHECKING:
    from mrt_dynamic.verify.settings import VerifySettings
    from mrt_lint.config.settings import Settings

_SETTINGS = pytest.StashKey["Settings"]()


def configuration(config: pytest.Config) -> Settings:
    """Returns the settings of mrt-lint that apply at pytest's rootdir, read once. Raises ConfigError."""
    found = config.stash.get(_SETTINGS, None)
    if found is None:
        from mrt_dynamic.verify.configuration import configuration as read

        found = config.stash[_SETTINGS] = read(config.rootpath)
    return found


def is_configured(config: pytest.Config) -> bool:
    """Returns whether the user has asked for the built-in tests in one of the three ways."""
    if getattr(config, "_mrt_config", None) is not None:
        return True
    if any(True for _ in overriding(config)):
        return True
    return "verify" in _table(config.rootpath)


def said_early(config: pytest.Config) -> MRTConfig | None:
    """Returns what is known before any fixture can be used, for what is asked while tests are collected.

    A fixture `mrt_config` of the user's own is called if it needs no other one and just returns.
    """
    for _, fixture in overriding(config):
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
    found: Collection[str] = dict(configuration(config)["verify"]).get("skip-default-tests", ())
    return found


def only_read(config: pytest.Config, said: MRTConfig | None) -> str:
    """Returns a line for a Django project, whose migrations cannot be run so far; empty for any other.

    Django's settings are named by the configuration or the environment, and there is no alembic.ini.
    """
    named = said.django_settings if said is not None else None
    named = named or dict(configuration(config)["verify"]).get("django-settings")
    named = named or os.environ.get("DJANGO_SETTINGS_MODULE")
    if not named or settings_of(config, said).alembic_ini.is_file():
        return ""
    return f"there is no alembic.ini, and Django's migrations ({named}) are only read so far, not run"


def overriding(config: pytest.Config) -> Iterator[tuple[Path | None, Any]]:
    """Yields each fixture `mrt_config` of a conftest.py or another plugin than ours, with its file."""
    for plugin in config.pluginmanager.get_plugins():
        if getattr(plugin, "__name__", "") != "mrt_dynamic.testing.fixtures":
            fixture = getattr(plugin, "mrt_config", None)
            if fixture is not None:
                file = getattr(plugin, "__file__", None)
                yield (Path(file) if file else None), fixture


def _table(root: Path) -> dict[str, Any]:
    from mrt_lint.config.file import find

    found = find(root)
    return dict(found.table) if found is not None else {}


def settings_of(config: pytest.Config, said: MRTConfig | None) -> VerifySettings:
    """Returns what applies: the file's table, and over it what an MRTConfig says.

    Paths of an MRTConfig are relative to pytest's rootdir. Raises ConfigError.
    """
    from mrt_dynamic.verify.settings import verify_settings

    return verify_settings(configuration(config), said.values() if said is not None else {}, config.rootpath)
