"""The table of configuration keys: the only place where a key is named, checked and explained."""

from __future__ import annotations

import re
from typing import Any, Final

from mrt_lint.config.option import Option, boolean, table, text, texts
from mrt_lint.errors import nearest
from mrt_lint.schema.dialects import ALIASES, DIALECTS, dialect_named


def database(value: Any) -> str:
    """Returns the dialect that the value names."""
    name = dialect_named(text(value))
    if name is None:
        known = ", ".join(DIALECTS)
        raise ValueError(
            f"must be one of {known}, not {value!r}{nearest(value.lower(), [*DIALECTS, *ALIASES])}"
        )
    return name


def version(value: Any) -> tuple[int, ...]:
    """Returns the numbers of a database version.

    >>> version("10.11.6-MariaDB")
    (10, 11, 6)
    """
    if isinstance(value, float):
        raise ValueError(f'must be in quotes: "{value}" (a number cannot tell 8.1 from 8.10)')
    found = (
        re.match(r"\d+(\.\d+)*", str(value)) if isinstance(value, str | int) and value is not True else None
    )
    if found is None:
        raise ValueError(f'must be a version such as "15" or "8.0.12", not {value!r}')
    return tuple(int(part) for part in found[0].split("."))


def severity(value: Any) -> str:
    """Returns the name of a severity."""
    if value not in ("error", "warning", "info"):
        raise ValueError(f"must be 'error', 'warning' or 'info', not {value!r}")
    return str(value)


def convention(value: Any) -> tuple[tuple[str, str], ...]:
    """Returns SQLAlchemy's naming convention as pairs."""
    pairs: tuple[tuple[str, str], ...] = table(text)(value)
    for key, _ in pairs:
        if key not in ("ix", "uq", "ck", "fk", "pk"):
            raise ValueError(f"holds {key!r}; SQLAlchemy's keys are ix, uq, ck, fk and pk")
    return pairs


KEYS: Final = (
    Option("paths", texts, "Files and folders to check when none are given, relative to this file.", ()),
    Option("exclude", texts, "Files (globs) that are read but not reported on.", ()),
    Option("database", database, f"The target database: {', '.join(DIALECTS)}."),
    Option("database-version", version, 'The oldest version of it that you run, such as "15".'),
    Option("select", texts, "Rules to apply: codes, prefixes of codes, groups, ALL.", ("ALL",)),
    Option("extend-select", texts, "Rules to apply besides those of `select`.", ()),
    Option("ignore", texts, "Rules not to apply; the most specific of `select` and `ignore` wins.", ()),
    Option("per-file-ignores", table(texts), "Rules not to apply to single files: globs to lists.", ()),
    Option("severity", table(severity), "Other severities: rule codes or names to error, warning, info.", ()),
    Option("strict", boolean, "Warnings fail the run as errors do.", False),
    Option("naming-convention", convention, "The naming convention of constraints, if env.py hides it.", ()),
    Option("transaction-per-migration", boolean, "Whether each migration has a transaction of its own."),
)
"""Every key of `[tool.mrt-lint]` besides those that rules declare."""
