"""Acme's plugin for mrt-lint: two rules of our own, and the meaning of our `op` directives.

The entry point names this module, so it is imported at every start: what is heavy stays in the hooks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mrt_lint.lint.hookspecs import hookimpl

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Meaning
    from mrt_lint.lint.rule import Rule


@hookimpl
def mrt_rules() -> list[type[Rule]]:
    from mrt_lint_acme.money_as_float import MoneyAsFloat
    from mrt_lint_acme.sleep_in_migration import SleepInMigration

    return [MoneyAsFloat, SleepInMigration]


@hookimpl
def mrt_values() -> dict[str, Meaning]:
    from mrt_lint_acme.directives import create_audit_table, drop_audit_table

    return {
        "alembic.op.create_audit_table": create_audit_table,
        "alembic.op.drop_audit_table": drop_audit_table,
    }
