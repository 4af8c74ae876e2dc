"""How Alembic enters a migration: the arguments of its functions, and those of several engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mrt_lint.evaluate.journal import UNSET
from mrt_lint.evaluate.values import Function, NotKnown, Symbol, Value
from mrt_lint.ops import Opaque
from mrt_lint.schema.names import Name
from mrt_rules_alembic.handed import handed

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator
    from mrt_lint.ops.base import Direction, Operation


def entry_arguments(evaluator: Evaluator, function: Value) -> list[Value]:
    """Returns what env.py gives to the parameters of a direction's function.

    `context.run_migrations(**kw)` passes keyword arguments: usual names tell what they are, of others
    env.py's own call does.
    """
    from mrt_rules_alembic.directives.context import MigrationContext
    from mrt_rules_alembic.sqlalchemy.connection import Connection
    from mrt_rules_alembic.sqlalchemy.session import Session

    if not isinstance(function, Function):
        return []
    given = function.node.args
    parameters = [*given.posonlyargs, *given.args]
    without_default = parameters[: len(parameters) - len(given.defaults)]
    values: list[Value] = []
    for parameter in without_default:
        name = parameter.arg
        if name in ("op", "ops", "operations", "alembic_op", "migrate_op"):
            values.append(Symbol("alembic.op"))
        elif name in ("connection", "conn", "bind", "engine"):
            values.append(Connection())
        elif name == "session":
            values.append(Session())
        elif name in ("context", "ctx", "migration_context"):
            values.append(MigrationContext())
        else:
            value = handed(evaluator, name)
            if value is UNSET:
                reason = f"the argument {name!r} that env.py gives"
                value = NotKnown(reason, function.node.lineno, "database")
            values.append(value)
    return values


def engine_functions(evaluator: Evaluator, function: Value, direction: Direction) -> list[str]:
    """Returns `upgrade_engine1`, `upgrade_engine2`, ... when the function takes an `engine_name`."""
    if not isinstance(function, Function):
        return []
    parameters = [parameter.arg for parameter in function.node.args.args]
    if "engine_name" not in parameters:
        return []
    names = evaluator.module().scope.names
    return sorted(
        name
        for name, value in names.items()
        if isinstance(name, str) and name.startswith(f"{direction}_") and isinstance(value, Function)
    )


def joined_engines(parts: list[tuple[Operation, ...]], direction: Direction) -> tuple[Operation, ...]:
    """Returns the operations of several engines in a row.

    They act on different databases; a table that two of them touch cannot be told apart, which
    is said by an Opaque.
    """
    whole = tuple(operation for part in parts for operation in part)
    seen: dict[Name, int] = {}
    for place, part in enumerate(parts):
        for operation in part:
            table = getattr(operation, "table", None)
            if not isinstance(table, Name):
                continue
            if seen.setdefault(table, place) != place:
                reason = f"{table} is touched on several databases"
                note = Opaque(
                    span=operation.span, statement=operation.statement, direction=direction, reason=reason
                )
                return (*whole, note)
    return whole
