"""The table of configuration keys: the only place where a key is named, checked and explained."""

from __future__ import annotations

import re
from typing import Any, Final

from mrt_lint.config.option import Option, boolean, keyed, one_of, table, text, texts
from mrt_lint.config.verify import VERIFY
from mrt_lint.errors import nearest
from mrt_lint.schema.dialects import ALIASES, DIALECTS, dialect_named
from mrt_lint.verdict import Verdict


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


def convention(value: Any) -> tuple[tuple[str, str], ...]:
    """Returns SQLAlchemy's naming convention as pairs."""
    pairs: tuple[tuple[str, str], ...] = table(text)(value)
    for key, _ in pairs:
        if key not in ("ix", "uq", "ck", "fk", "pk"):
            raise ValueError(f"holds {key!r}; SQLAlchemy's keys are ix, uq, ck, fk and pk")
    return pairs


FAILING: Final = tuple(verdict.value for verdict in Verdict if verdict is not Verdict.REVERSIBLE)


def verdicts(value: Any) -> tuple[str, ...]:
    """Returns the names of verdicts, worst first. `reversible` is none that a run could fail on."""
    words = tuple(word.strip().lower() for word in texts(value))
    for word in words:
        if word not in FAILING:
            raise ValueError(
                f"must hold verdicts of {', '.join(FAILING)}, not {word!r}{nearest(word, FAILING)}"
            )
    return tuple(word for word in FAILING if word in words)


def checks(value: Any) -> tuple[str, ...]:
    """Returns the functions that a list names, each as `module:function` or `file.py:function`."""
    for each in texts(value):
        place, _, function = each.rpartition(":")
        if not place or not function.isidentifier():
            raise ValueError(
                f"must hold functions as 'package.module:function' or 'file.py:function', not {each!r}"
            )
    return texts(value)


severity = one_of("error", "warning", "info")

KEYS: Final = (
    Option(
        "paths",
        texts,
        "Files and folders to check when none are given, relative to this file.",
        (),
        '["migrations"]',
    ),
    Option("exclude", texts, "Files (globs) that are read but not reported on.", (), '["migrations/old/*"]'),
    Option("database", database, f"The target database: {', '.join(DIALECTS)}.", None, '"postgresql"'),
    Option("database-version", version, 'The oldest version of it that you run, such as "15".', None, '"15"'),
    Option(
        "select", texts, "Rules to apply: codes, prefixes of codes, groups, ALL.", ("ALL",), '["rollback"]'
    ),
    Option("extend-select", texts, "Rules to apply besides those of `select`.", (), '["rolling-deploy"]'),
    Option(
        "ignore",
        texts,
        "Rules not to apply; the most specific of `select` and `ignore` wins.",
        (),
        '["MRT408"]',
    ),
    Option(
        "check-compat",
        boolean,
        "Apply the group `rolling-deploy` too: does the old code still run after the upgrade?",
        False,
        "true",
    ),
    Option(
        "per-file-ignores",
        table(texts),
        "Rules not to apply to single files: globs to lists.",
        (),
        '{ "migrations/2019_*" = ["rollback"] }',
    ),
    Option(
        "severity",
        table(severity),
        "Other severities: codes, prefixes, groups or names of rules to error, warning, info.",
        (),
        '{ "MRT407" = "error", "DROP INDEX without reverse" = "info" }',
    ),
    Option(
        "custom-checks",
        checks,
        "Check functions of your own: package.module:function or file.py:function.",
        (),
        '["checks/migrations.py:no_sleep"]',
    ),
    Option(
        "skip",
        table(text),
        "Revisions whose findings are shown as skipped and do not fail: ids to reasons.",
        (),
        '{ "9c27f4a6e138" = "the numbers were exported" }',
    ),
    Option(
        "min-revision",
        text,
        "At this revision and below it only the rules about the history speak.",
        None,
        '"9c27f4a6e138"',
    ),
    Option(
        "baseline",
        text,
        "A file of known findings, which are not reported again (--write-baseline makes it).",
        None,
        '"mrt-lint-baseline.json"',
    ),
    Option("strict", boolean, "Warnings fail the run as errors do.", False, "true"),
    Option(
        "fail-on",
        verdicts,
        f"Verdicts that fail the run besides errors: {', '.join(FAILING)}.",
        (),
        '["lossy", "broken", "unknown"]',
    ),
    Option(
        "naming-convention",
        convention,
        "The naming convention of constraints, if env.py hides it.",
        (),
        '{ fk = "fk_%(table_name)s_%(column_0_name)s" }',
    ),
    Option(
        "transaction-per-migration",
        boolean,
        "Whether each migration has a transaction of its own, if env.py hides it.",
        None,
        "true",
    ),
    Option(
        "verify",
        keyed(VERIFY),
        "The table `[tool.mrt-lint.verify]` of the dynamic verifier.",
        (),
        "{ seed-rows = 5 }",
    ),
)
"""Every key of `[tool.mrt-lint]` besides those that rules declare."""

PROMISED: Final = (
    Option(
        "cascade-in-new-tables",
        one_of("report", "allow"),
        "Whether ON DELETE CASCADE of a foreign key inside a CREATE TABLE is reported.",
        "report",
        '"allow"',
    ),
    Option(
        "runpython-noop",
        one_of("info", "warning", "error", "allow"),
        "How RunPython with an explicit noop as its reverse is reported (Django).",
        "info",
        '"allow"',
    ),
)
"""Keys of rules, accepted also where no installed rule declares them yet; a declaration replaces them."""
