"""`MRTConfig`: the settings of the fixture `mrt`, as Python; the names that users of pytest-mrt know."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from mrt_lint.config.verify import VERIFY


@dataclass(slots=True)
class MRTConfig:
    """Each field is the key of `[tool.mrt-lint.verify]` with `_` for `-`; both say the same.

    `migration_timeout`: seconds for one step, None: no limit. `custom_seeds`: tables to rows or to a
    function that returns rows. `seed_overrides`: tables to columns to values or functions.
    `target_metadata`: a MetaData, a declarative base, or `package.module:name`.
    """

    alembic_ini: str = "alembic.ini"
    db_url: str = ""
    seed_rows: int = 3
    skip: Mapping[str, str] = field(default_factory=dict)
    severity_overrides: Mapping[str, str] = field(default_factory=dict)
    custom_seeds: Mapping[str, Sequence[Mapping[str, Any]] | Callable[..., Any]] = field(default_factory=dict)
    custom_checks: Sequence[Callable[..., Any]] = field(default_factory=list)
    migration_timeout: float | None = 60
    minimum_downgrade_revision: str | None = None
    target_metadata: Any = None
    django_settings: str | None = None
    django_apps: Sequence[str] | None = None
    django_project_dir: str | None = None
    explain_model: str | None = None
    skip_default_tests: Collection[str] = field(default_factory=set)
    seed_overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    allow_hosts: Sequence[str] = ()
    isolation: str = "scratch"
    strict_seeding: bool = False
    allow_unverified: bool = False
    post_upgrade_rows: bool = True
    fail_on_irreversible: bool = False

    def values(self) -> dict[str, Any]:
        """Returns what is set, by key of the configuration file; what has its default is left out."""
        usual = MRTConfig()
        said = {
            each.name: getattr(self, each.name)
            for each in fields(self)
            if getattr(self, each.name) != getattr(usual, each.name)
        }
        return {name.replace("_", "-"): value for name, value in said.items()}


KEYS = frozenset(option.name.replace("-", "_") for option in VERIFY)
"""The names of all fields."""
