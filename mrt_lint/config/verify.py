"""The keys of `[tool.mrt-lint.verify]`: what the dynamic verifier reads."""

from __future__ import annotations

from typing import Any, Final

from mrt_lint.config.option import Option, boolean, number, one_of, table, text, texts


def plain(value: Any) -> Any:
    """Returns any TOML value as it is; what it may hold is known only to the database."""
    return value


def rows(value: Any) -> Any:
    """Returns rows given as a list of tables, or the function `package.module:name` that makes them."""
    if isinstance(value, str) and value.rpartition(":")[0]:
        return value
    if not isinstance(value, list | tuple) or not all(isinstance(row, dict) for row in value):
        raise ValueError(f"must be a list of rows (tables) or 'package.module:function', not {value!r}")
    return tuple(value)


def function_name(value: Any) -> str:
    """Returns the name of a function, `package.module:name` or `folder/file.py:name`."""
    if not isinstance(value, str) or not all(value.rpartition(":")[::2]):
        raise ValueError(f"must be 'package.module:function', not {value!r}")
    return value


VERIFY: Final = (
    Option("alembic-ini", text, "The alembic.ini of the project.", "alembic.ini"),
    Option("db-url", text, "Where a scratch database may be made; `${NAME}` is expanded."),
    Option("allow-hosts", texts, "Hosts other than the local one that may be connected to.", ()),
    Option("isolation", one_of("in-place"), "`in-place`: work in an empty database that db-url names."),
    Option(
        "initial-schema",
        function_name,
        "A function of a connection: makes what the first revision builds on.",
    ),
    Option("seed-rows", number, "Rows to write into each table, besides those at the edges.", 3),
    Option("custom-seeds", table(rows), "Rows of single tables, which replace ours.", ()),
    Option(
        "seed-overrides", table(table(plain)), "Values of single columns: tables to columns to values.", ()
    ),
    Option("strict-seeding", boolean, "A table that could not be filled fails the run.", False),
    Option("allow-unverified", boolean, "What could not be verified does not fail the run.", False),
    Option("post-upgrade-rows", boolean, "Also write rows that only the new schema allows.", True),
    Option("skip", table(text), "Revisions not to test: ids to reasons.", ()),
    Option("minimum-downgrade-revision", text, "At and before it nothing is tested."),
    Option("migration-timeout", number, "Seconds that one step may take; 0: no limit.", 60),
    Option("fail-on-irreversible", boolean, "Declared irreversible migrations fail the run.", False),
    Option("severity-overrides", table(one_of("error", "warning", "info")), "Other severities, by name.", ()),
    Option("custom-checks", texts, "Check functions of your own: package.module:function.", ()),
    Option("target-metadata", text, "The models' metadata: package.module:name."),
    Option("skip-default-tests", texts, "Built-in tests that do not run.", ()),
    Option("django-settings", text, "The settings module of a Django project."),
    Option("django-apps", texts, "The Django apps to test; none: all.", ()),
    Option("django-project-dir", text, "The folder of manage.py."),
    Option("explain-model", text, "The model that explains failures."),
)
"""Every key of the table, hyphenated, with what it may hold."""
