"""`MRTConfig`: the settings of the fixture `mrt`, as Python; the names that users of pytest-mrt know."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final

from mrt_lint.config.verify import VERIFY
from mrt_lint.errors import ConfigError


@dataclass(slots=True)
class MRTConfig:
    """Each field is the key of `[tool.mrt-lint.verify]` with `_` for `-`; both say the same.

    `migration_timeout`: seconds for one step, None: no limit. `custom_seeds`: tables to rows or to a
    function that returns rows. `seed_overrides`: tables to columns to values or functions.
    `initial_schema`: a function of a connection, or its name. `target_metadata`: a MetaData, a declarative
    base, or `package.module:name`.
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
    initial_schema: str | Callable[..., Any] | None = None

    def values(self) -> dict[str, Any]:
        """Returns what is set, by key of the configuration file; what has its default is left out.

        Raises ConfigError for what a key cannot hold.
        """
        usual = MRTConfig()
        return {
            each.name.replace("_", "-"): _checked(each.name, getattr(self, each.name))
            for each in fields(self)
            if getattr(self, each.name) != getattr(usual, each.name)
        }


_PARSERS: Final = {option.name.replace("-", "_"): option.parse for option in VERIFY}


def _checked(name: str, value: Any) -> Any:
    """Returns the value of a field as the configuration file gives it. Raises ConfigError."""
    if name == "migration_timeout":
        if value is None:
            return 0
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            return value
    if name in ("custom_seeds", "seed_overrides") and isinstance(value, Mapping):
        return dict(value)
    if name in ("custom_checks", "target_metadata", "initial_schema"):
        return value
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if hasattr(value, "render_as_string"):  # a URL of SQLAlchemy's: str() would mask the password
        value = value.render_as_string(hide_password=False)
    if isinstance(value, set | frozenset):
        value = sorted(value)
    try:
        parsed = _PARSERS[name](dict(value) if isinstance(value, Mapping) else value)
    except ValueError as error:
        raise ConfigError(f"MRTConfig({name}=...) {error}") from None
    return dict(parsed) if isinstance(value, Mapping) else parsed
