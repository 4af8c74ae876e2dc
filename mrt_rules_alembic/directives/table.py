"""The table of all directives, and what their qualified names mean."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from mrt_lint.evaluate.call import with_effects
from mrt_lint.evaluate.values import FrameworkValue, Method, Value
from mrt_rules_alembic.directives import (
    batch,
    columns,
    constraints,
    context,
    indexes,
    options,
    statements,
    tables,
)
from mrt_rules_alembic.directives.operation_objects import OPERATION_CLASSES, OperationObject
from mrt_rules_alembic.directives.step import Directive, run
from mrt_rules_alembic.directives.third_party import DIRECTIVES as THIRD_PARTY

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call, Meaning
    from mrt_rules_alembic.directives.batch import Batch

DIRECTIVES: Final[Mapping[str, Directive]] = {
    directive.name: directive
    for group in (
        tables.DIRECTIVES,
        columns.DIRECTIVES,
        constraints.DIRECTIVES,
        indexes.DIRECTIVES,
        batch.DIRECTIVES,
        statements.DIRECTIVES,
        THIRD_PARTY,
    )
    for directive in group
}
"""Every directive by its name."""


def batch_directive(name: str) -> Directive | None:
    """Returns the directive `batch_op.<name>`, None if there is none."""
    directive = DIRECTIVES.get(name)
    return directive if directive is not None and directive.in_batch is not None else None


def run_named(directive: Directive, call: Call, within: Batch | None = None) -> Value:
    """Carries out a directive, on `op` or on a batch."""
    return run(directive, call, within)


class Operations(FrameworkValue):
    """`Operations(context)`: the same directives as `op`, on an object."""

    carries_effects = True

    def attribute(self, name: str, call: Call) -> Value:
        """Returns a directive, or the migration context."""
        if name == "migration_context":
            return context.MigrationContext()
        return Method(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        """Carries out the directive; one that is not known is opaque."""
        directive = DIRECTIVES.get(name)
        if directive is not None and directive.on_op:
            return run(directive, call)
        return unknown_directive(call)


def unknown_directive(call: Call) -> Value:
    """Emits an Opaque for a directive that the project or a package registers and nobody explains."""
    return call.opaque(f"{call.spelling}() is not a directive of Alembic; a plugin can give its meaning")


def _operations(call: Call) -> Value:
    return Operations()


@lru_cache(maxsize=1)
def directive_meanings() -> dict[str, Meaning]:
    """Returns the meaning of every qualified name of Alembic."""
    meanings: dict[str, Meaning] = {}
    for name, directive in DIRECTIVES.items():
        if directive.on_op:
            meanings[f"alembic.op.{name}"] = _meaning(directive)
    meanings["alembic.op._proxy"] = Operations()
    meanings["alembic.op.*"] = with_effects(unknown_directive)
    for class_name, name in OPERATION_CLASSES.items():
        for module in ("alembic.operations.ops", "alembic.operations"):
            meanings[f"{module}.{class_name}"] = _operation_object(name)
    for path in ("alembic.operations.Operations", "alembic.operations.base.Operations"):
        meanings[path] = _operations
        for name in ("register_operation", "implementation_for"):
            meanings[f"{path}.{name}"] = _meaning(DIRECTIVES[name])
    for name in ("register_operation", "implementation_for"):
        meanings[f"alembic.operations.BatchOperations.{name}"] = _meaning(DIRECTIVES[name])
    for module in ("alembic.migration", "alembic.runtime.migration"):
        meanings[f"{module}.MigrationContext.configure"] = with_effects(context.context_value)
    meanings |= {
        "alembic.context.is_offline_mode": context.is_offline_mode,
        "alembic.context.get_context": with_effects(context.context_value),
        "alembic.context.get_bind": with_effects(context.context_bind),
        "alembic.context.execute": with_effects(context.context_execute),
        "alembic.context.get_x_argument": context.only_at_run_time,
        "alembic.context.get_tag_argument": context.only_at_run_time,
        "alembic.context.config": options.Configuration(),
        "alembic.context.*": context.only_at_run_time,
    }
    return meanings


_ONLY_VALUES: Final = frozenset(("f", "inline_literal", "implementation_for", "register_operation"))


def _meaning(directive: Directive) -> Meaning:
    def meaning(call: Call) -> Value:
        return run(directive, call)

    return meaning if directive.name in _ONLY_VALUES else with_effects(meaning)


def _operation_object(name: str) -> Meaning:
    def meaning(call: Call) -> Value:
        return OperationObject(name, call)

    return meaning
