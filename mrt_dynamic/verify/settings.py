"""What a verification is asked to do: `[tool.mrt-lint.verify]` and the command line as one value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from mrt_lint.config.functions import function
from mrt_lint.config.verify import VERIFY
from mrt_rules_alembic.ini import in_effect

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from mrt_lint.config.settings import Settings

_FUNCTION: Final = re.compile(r"([A-Za-z_]\w*(\.[A-Za-z_]\w*)+|[^:]+\.py):[A-Za-z_]\w*")
"""How a value of a column names a function: with a dotted module or a file, unlike `scope:read`."""


@dataclass(frozen=True, slots=True)
class VerifySettings:
    """The settings of one verification; each field is the key of the same name, with `_` for `-`.

    `alembic_ini`: absolute, or the pyproject.toml in its place. `timeout`: seconds for one step, None:
    no limit. `skip`: revisions to reasons. `custom_seeds`: tables to rows, or to a function.
    `initial_schema`: makes what the first revision builds on. `root`: the folder of the configuration, to
    which its paths are relative.
    """

    alembic_ini: Path
    root: Path
    db_url: str | None = None
    allow_hosts: tuple[str, ...] = ()
    isolation: str = "scratch"
    seed_rows: int = 3
    custom_seeds: Mapping[str, Any] = field(default_factory=dict)
    seed_overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    strict_seeding: bool = False
    allow_unverified: bool = False
    post_upgrade_rows: bool = True
    skip: Mapping[str, str] = field(default_factory=dict)
    minimum_downgrade_revision: str | None = None
    timeout: float | None = 60
    fail_on_irreversible: bool = False
    initial_schema: Callable[[Connection], object] | None = None


def verify_settings(settings: Settings, given: Mapping[str, Any], cwd: Path) -> VerifySettings:
    """Returns what applies. `given`: values of the command line by key; None: not given.

    Paths of the command line are relative to `cwd`, those of the configuration to its folder. Functions
    that it names are imported. Raises ConfigError when that fails.
    """
    values = {option.name: option.default for option in VERIFY}
    values |= dict(settings["verify"])
    said = {key: value for key, value in given.items() if value is not None}
    base = cwd if "alembic-ini" in said or settings.file is None else settings.root
    values |= said
    limit = values["migration-timeout"]
    return VerifySettings(
        alembic_ini=in_effect((base / values["alembic-ini"]).absolute()),
        root=settings.root,
        db_url=values["db-url"],
        allow_hosts=values["allow-hosts"],
        isolation=values["isolation"] or "scratch",
        seed_rows=values["seed-rows"],
        custom_seeds={
            table: _called(settings, "custom-seeds", seed) if isinstance(seed, str) else seed
            for table, seed in dict(values["custom-seeds"]).items()
        },
        seed_overrides={
            table: {column: _value(settings, value) for column, value in dict(columns).items()}
            for table, columns in dict(values["seed-overrides"]).items()
        },
        strict_seeding=values["strict-seeding"],
        allow_unverified=values["allow-unverified"],
        post_upgrade_rows=values["post-upgrade-rows"],
        skip=dict(values["skip"]) or dict(settings["skip"]),
        minimum_downgrade_revision=values["minimum-downgrade-revision"] or settings["min-revision"],
        timeout=float(limit) if limit else None,
        fail_on_irreversible=values["fail-on-irreversible"],
        initial_schema=_initial(settings, values["initial-schema"]),
    )


def _initial(settings: Settings, value: Any) -> Callable[[Connection], object] | None:
    """Returns the function that makes the initial schema.

    One that is named is imported when it is called: its module may be the project's own, which is not to
    be imported where it could read the address of the user's database.
    """
    if not isinstance(value, str):
        return cast("Callable[[Connection], object] | None", value)
    return lambda connection: _called(settings, "initial-schema", value)(connection)


def _value(settings: Settings, value: Any) -> Any:
    """Returns what a column gets: the function that a string names, or the value itself."""
    if isinstance(value, str) and _FUNCTION.fullmatch(value):
        return _called(settings, "seed-overrides", value)
    return value


def _called(settings: Settings, key: str, written: str) -> Callable[..., Any]:
    return function(written, settings.root, f"{settings.where('verify')}: {key!r}")
