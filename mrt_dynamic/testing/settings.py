"""What is configured for one pytest run: by file, `config._mrt_config`, or the fixture `mrt_config`."""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import TYPE_CHECKING

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


def left_out(config: pytest.Config, said: MRTConfig | None) -> Collection[str]:
    """Returns the names of built-in tests that are not to run. Raises ConfigError."""
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


def has_table(config: pytest.Config) -> bool:
    """Returns whether the file that applies at pytest's rootdir has a table for the verifier."""
    from mrt_lint.config.file import find

    found = find(config.rootpath)
    return found is not None and "verify" in found.table


def settings_of(config: pytest.Config, said: MRTConfig | None) -> VerifySettings:
    """Returns what applies: the file's table, and over it what an MRTConfig says.

    Paths of an MRTConfig are relative to pytest's rootdir. Raises ConfigError.
    """
    from mrt_dynamic.verify.settings import verify_settings

    return verify_settings(configuration(config), said.values() if said is not None else {}, config.rootpath)
