"""The findings of `mrt-lint check` on the project under test, as the fixture returns them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from mrt_dynamic import static
from mrt_lint.errors import UsageError

if TYPE_CHECKING:
    import pytest

    from mrt_dynamic.config import MRTConfig
    from mrt_dynamic.testing.session import Verifications
    from mrt_lint.lint.migration_file import RiskWarning
    from mrt_lint.lint.registry import Registry
    from mrt_lint.lint.rule import Rule


def findings(shared: Verifications, versions_dir: str | None = None) -> list[RiskWarning]:
    """Returns the findings, by file and line; `versions_dir`: of another folder than the project's.

    Custom checks and severity overrides of the configuration count. Raises MrtError.
    """
    from mrt_dynamic.testing.settings import configuration

    root, said = shared.config.rootpath, shared.said
    severities = _severities(shared.config, said)
    if severities:
        registry = _registry()
        severities |= {
            rule.code: severity for name, severity in severities.items() for rule in _named(registry, name)
        }
    return static.findings(
        Path(os.path.relpath(root / versions_dir if versions_dir else shared.place)),
        configuration(shared.config),
        root,
        said.custom_checks if said is not None else (),
        severities,
    )


def unknown_severities(config: pytest.Config, said: MRTConfig | None) -> Iterator[str]:
    """Yields a sentence for each name among the severity overrides that no rule has. Raises ConfigError.

    A check of the user's own brings patterns that are known only once it has found something: where there
    is one, only what looks like a rule's name misspelled is told.
    """
    from mrt_dynamic.testing.settings import configuration

    severities = _severities(config, said)
    if not severities:
        return
    checks = (said is not None and said.custom_checks) or configuration(config)["custom-checks"]
    registry = _registry()
    for name in severities:
        try:
            registry.named(name)
        except UsageError as error:
            if not checks or "did you mean" in str(error):
                yield f"severity_overrides: {error}"


def _severities(config: pytest.Config, said: MRTConfig | None) -> dict[str, str]:
    from mrt_dynamic.testing.settings import configuration

    severities = dict(dict(configuration(config)["verify"]).get("severity-overrides", ()))
    given: Mapping[str, str] = said.values().get("severity-overrides", {}) if said is not None else {}
    return severities | dict(given)


def _registry() -> Registry:
    from mrt_lint.lint.plugins import installed
    from mrt_lint.lint.registry import build

    return build(installed())


def _named(registry: Registry, name: str) -> tuple[Rule, ...]:
    try:
        return registry.named(name)
    except UsageError:
        return ()
