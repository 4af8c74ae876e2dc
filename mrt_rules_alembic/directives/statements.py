"""Directives that run SQL or Python, or only make values: execute, bulk_insert, f, get_bind, invoke, ..."""

from __future__ import annotations

from typing import Final

from mrt_lint.evaluate.values import Value
from mrt_rules_alembic.directives.context import MigrationContext
from mrt_rules_alembic.directives.step import Directive, Step, UnclearError, reason_of
from mrt_rules_alembic.naming import Conv
from mrt_rules_alembic.sqlalchemy.connection import Connection
from mrt_rules_alembic.sqlalchemy.execution import execute_statement
from mrt_rules_alembic.sqlalchemy.expressions import as_sql
from mrt_rules_alembic.sqlalchemy.froms import as_from
from mrt_rules_alembic.sqlalchemy.inserts import InsertStatement


def execute(step: Step) -> Value:
    """Runs SQL: a string (with `:name` parameters, as in text()), a text, a Core statement or DDL.

    Inside a batch it runs at once, before the batch's own operations.
    """
    options = step.get("execution_options")
    execute_statement(step.get("sqltext"), step.call, options=options if isinstance(options, dict) else {})
    return None


def bulk_insert(step: Step) -> Value:
    """Emits the INSERT of the rows."""
    table = as_from(step.get("table"))
    name = table.plain_table() if table is not None else None
    if table is None or name is None:
        raise UnclearError(f"the table is not known{reason_of(step.get('table'))}")
    rows = step.get("rows")
    execute_statement(InsertStatement(table), step.call, parameters=rows, many=True)
    return None


def final_name(step: Step) -> Value:
    """Returns the name, to which no convention is applied."""
    name = step.get("name")
    return Conv(name) if isinstance(name, str) else name


def inline_literal(step: Step) -> Value:
    """Returns the value as an SQL literal."""
    return as_sql(step.get("value"), step.call)


def get_bind(step: Step) -> Value:
    """Returns the connection."""
    return Connection()


def get_context(step: Step) -> Value:
    """Returns the migration context."""
    return MigrationContext()


def run_async(step: Step) -> Value:
    """Calls the function with the connection in front of its arguments."""
    function = step.get("async_function")
    kwargs = step.options("async_function")
    return step.call.evaluator.invoke(function, (Connection(), *step.rest), kwargs, step.call)


def invoke(step: Step) -> Value:
    """Carries out an operation object (`ops.DropColumnOp(...)`)."""
    from mrt_rules_alembic.directives.operation_objects import OperationObject

    operation = step.get("operation")
    if isinstance(operation, OperationObject):
        return operation.carry_out(step)
    raise UnclearError(f"the operation given to {step.call.spelling}() is not known{reason_of(operation)}")


def decorator(step: Step) -> Value:
    """Returns what registers a directive: a decorator that gives its class back unchanged."""
    from mrt_rules_alembic.directives.operation_objects import Unchanged

    return Unchanged()


DIRECTIVES: Final = (
    Directive("execute", execute, ("sqltext", "execution_options"), ("sqltext", "execution_options")),
    Directive("bulk_insert", bulk_insert, ("table", "rows", "multiinsert")),
    Directive("f", final_name, ("name",), ("name",)),
    Directive("inline_literal", inline_literal, ("value", "type_"), ("value", "type_")),
    Directive("get_bind", get_bind, (), ()),
    Directive("get_context", get_context, (), ()),
    Directive("run_async", run_async, ("async_function",), ("async_function",), variadic=True),
    Directive("invoke", invoke, ("operation",), ("operation",)),
    Directive("implementation_for", decorator, ("op_cls", "replace"), ("op_cls", "replace")),
    Directive("register_operation", decorator, ("name", "sourcename"), ("name", "sourcename")),
)
