"""The configurations of one pytest run, as far as they are known before any fixture can be used."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mrt_dynamic.config import MRTConfig
from mrt_dynamic.testing.settings import has_table

_CALLED = pytest.StashKey[dict[int, "MRTConfig | None"]]()
"""What each fixture `mrt_config` returned when it was called early, by its identity."""


@dataclass(frozen=True, slots=True)
class Configured:
    """One configuration. `folder`: whose conftest.py brings it, None: it holds for the whole run.

    `said`: what its MRTConfig says; None for the file's table, and where a fixture cannot be asked yet.
    """

    folder: Path | None = None
    said: MRTConfig | None = None
    asked: bool = True

    @property
    def hint(self) -> str:
        """Returns what to do about a fixture `mrt_config` that cannot be asked before tests run."""
        if self.asked:
            return ""
        return (
            " (the fixture mrt_config needs other fixtures, or yields: what is needed before tests run,"
            " such as alembic-ini, belongs into [tool.mrt-lint.verify])"
        )


def configurations(config: pytest.Config) -> list[Configured]:
    """Returns each configuration that tests are wanted for, outer folders first; none: nobody asked for any.

    A fixture `mrt_config` in a conftest.py counts for its folder; only where there is none, another plugin's,
    `config._mrt_config` or the file's table count, for the whole run. The same one in several folders counts
    once. A conftest.py that pytest has not loaded yet is not known yet. Raises ConfigError.
    """
    found: list[Configured] = []
    given = getattr(config, "_mrt_config", None)
    given = given if isinstance(given, MRTConfig) else None
    for folder, fixture in overriding(config):
        said, asked = _called(config, fixture)
        if not asked and given is not None:
            said, asked = given, True
        if said is None or all(each.said != said for each in found):
            found.append(Configured(folder, said, asked))
    inner = [each for each in found if each.folder is not None]
    if found:
        return inner or found[:1]
    return [Configured(said=given)] if given is not None or has_table(config) else []


def nearest(config: pytest.Config, file: Path) -> Configured:
    """Returns the configuration that holds for the tests of a file. Raises ConfigError."""
    found = configurations(config)
    around = [each for each in found if each.folder is None or each.folder in file.parents]
    return around[-1] if around else Configured()


def overriding(config: pytest.Config) -> Iterator[tuple[Path | None, Any]]:
    """Yields each fixture `mrt_config` that is not ours, with its folder; None: of no conftest.py.

    The same one imported in several places comes once.
    """
    found = []
    for plugin in config.pluginmanager.get_plugins():
        if getattr(plugin, "__name__", "") != "mrt_dynamic.testing.fixtures":
            fixture = getattr(plugin, "mrt_config", None)
            if fixture is not None:
                file = Path(getattr(plugin, "__file__", None) or "")
                found.append((file.parent if file.name == "conftest.py" else None, fixture))
    seen: list[Any] = []
    for folder, fixture in sorted(found, key=lambda each: str(each[0] or "")):
        if not any(fixture is each for each in seen):
            seen.append(fixture)
            yield folder, fixture


def _called(config: pytest.Config, fixture: Any) -> tuple[MRTConfig | None, bool]:
    """Returns what a fixture returns, and whether it could be called: it needs no other one, and returns."""
    function = inspect.unwrap(fixture)
    if inspect.isgeneratorfunction(function) or not callable(function):
        return None, False
    wanted = list(inspect.signature(function).parameters)
    if wanted not in ([], ["pytestconfig"]):
        return None, False
    known = config.stash.setdefault(_CALLED, {})
    if id(fixture) not in known:
        found = function(*[config] * len(wanted))
        known[id(fixture)] = found if isinstance(found, MRTConfig) else None
    return known[id(fixture)], True
