"""The findings of `mrt-lint check` on the project under test, as the fixture returns them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from mrt_dynamic import static

if TYPE_CHECKING:
    from mrt_dynamic.testing.session import Verifications
    from mrt_lint.lint.migration_file import RiskWarning


def findings(shared: Verifications, versions_dir: str | None = None) -> list[RiskWarning]:
    """Returns the findings, by file and line; `versions_dir`: of another folder than the project's.

    Custom checks and severity overrides of the configuration count. Raises MrtError.
    """
    from mrt_dynamic.testing.settings import configuration

    root, said = shared.config.rootpath, shared.said
    settings = configuration(root)
    severities = dict(dict(settings["verify"]).get("severity-overrides", ()))
    if said is not None:
        severities |= dict(said.severity_overrides)
    return static.findings(
        Path(os.path.relpath(root / versions_dir)) if versions_dir else shared.ini,
        settings,
        root,
        said.custom_checks if said is not None else (),
        severities,
    )
