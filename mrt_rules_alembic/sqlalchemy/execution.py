"""Running a statement of any kind: SQL text, Core statements, DDL elements; on every target database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mrt_lint.evaluate.values import NotKnown, Symbol, Text, Value
from mrt_lint.ops import AddEnumValue, AlterSequence, CreateType, DropType, Insert, RenameEnumValue
from mrt_lint.ops.base import Operation
from mrt_lint.ops.guard import ALWAYS, both
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Unknown
from mrt_rules_alembic.sqlalchemy.expressions import RawText, Sql, Writing, raw_text
from mrt_rules_alembic.sqlalchemy.guards import on_dialects

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call

MAX_STATEMENTS: Final = 200
"""Parameter sets of one executemany that are read one by one; more stand for an unknown number of rows."""


def run_sql(
    texts: Mapping[Dialect, str], call: Call, *, many: bool = False, interpolated: tuple[str, ...] = ()
) -> None:
    """Emits the operations of SQL text that may differ per database; `many`: run for a number of rows.

    `interpolated`: see Operation.
    """
    from mrt_lint.sql import lower_sql

    targets = [target for target in call.evaluator.dialects() if target in texts]
    groups: dict[str, list[Dialect]] = {}
    for target in targets:
        groups.setdefault(texts[target], []).append(target)
    everywhere = len(targets) == len(call.evaluator.dialects())
    for text, names in groups.items():
        facts = {**call.evaluator.facts(call), "interpolated": interpolated}
        if len(groups) > 1 or not everywhere:
            facts["guard"] = both(facts.get("guard", ALWAYS), on_dialects(tuple(names)))
        for operation in lower_sql(text, tuple(names), facts):
            if _of_postgresql(operation):
                call.evaluator.sign("postgresql")
            call.evaluator.emit(_any_number(operation) if many else operation)


def _of_postgresql(operation: Operation) -> bool:
    """Returns whether no other database has such a statement: enum types, `setval('name', ...)`.

    DROP TYPE of Oracle and SQL Server aside, which nobody writes without saying that it is for them.
    """
    if isinstance(operation, CreateType):
        return not isinstance(operation.labels, Unknown)
    if isinstance(operation, AlterSequence):
        return operation.position
    return isinstance(operation, AddEnumValue | RenameEnumValue | DropType)


def _any_number(operation: Operation) -> Operation:
    """Returns the operation as it is when it runs for a number of rows that is not known."""
    if isinstance(operation, Insert):
        return replace(operation, rows=None)
    return operation


def execute_statement(
    statement: Value,
    call: Call,
    *,
    parameters: Value = None,
    options: Mapping[str, Value] | None = None,
    plain: bool = False,
    many: bool = False,
) -> Value:
    """Emits what executing a value does and returns its result; what cannot be told becomes Opaque.

    `parameters`: a dict or a list of dicts. `plain`: the text goes to the driver, `:name` means
    nothing in it. `many`: `parameters` is a list even when it is not known.
    """
    from mrt_rules_alembic.sqlalchemy.results import Result
    from mrt_rules_alembic.sqlalchemy.statements import Statement

    if isinstance(statement, (str, Text)):
        statement = raw_text(statement, call, plain=plain)
    if isinstance(statement, Symbol):
        return call.opaque(f"{statement.path} is executed, which is not known here")
    if isinstance(statement, NotKnown) or statement is None:
        reason = f": {statement.reason}" if isinstance(statement, NotKnown) else ""
        return call.opaque(f"the SQL of {call.spelling}() is known only at run time{reason}")
    if isinstance(statement, Statement):
        statement.execute(call, parameters, many)
        return Result(statement.reads())
    if hasattr(statement, "run_ddl"):
        return statement.run_ddl(call)
    if isinstance(statement, RawText):
        from mrt_rules_alembic.sqlalchemy.catalogs import answered
        from mrt_rules_alembic.sqlalchemy.counting import counted

        text = _text(statement, call, parameters)
        return answered(text.items(), call) or counted(text.items(), call) or Result()
    if isinstance(statement, Sql):
        from mrt_rules_alembic.sqlalchemy.counting import counted

        text = per_dialect(_as_query(statement), call)
        run_sql(text, call)
        return counted(text.items(), call) or Result()
    return call.opaque(f"{call.spelling}() executes something that is not known here")


def per_dialect(statement: Sql, call: Call) -> dict[Dialect, str]:
    """Returns the statement as text for every target database."""
    return {dialect: statement.write(Writing(dialect)) for dialect in call.evaluator.dialects()}


def _as_query(statement: Sql) -> Sql:
    from mrt_rules_alembic.sqlalchemy.select import Compound, Select

    return statement if isinstance(statement, (Select, Compound)) else Select(columns=(statement,))


def _text(statement: RawText, call: Call, parameters: Value) -> dict[Dialect, str]:
    """Runs SQL text once, or once per set of parameters, which become holes if they have no value.

    Returns the text that was run last, for every target database.
    """
    text: dict[Dialect, str] = {}
    sets: list[Mapping[str, Value]]
    unknown_number = False
    if isinstance(parameters, dict):
        sets = [parameters]
    elif (
        isinstance(parameters, (list, tuple))
        and parameters
        and all(isinstance(item, dict) for item in parameters)
    ):
        sets = list(parameters)
        if len(sets) > MAX_STATEMENTS:
            sets, unknown_number = [{}], True
    elif isinstance(parameters, (list, tuple)) and not parameters:
        sets = [{}]
    else:
        sets = [{}]
        unknown_number = parameters is not None and not isinstance(parameters, dict)
    for values in sets:
        names = {str(name): value for name, value in values.items() if isinstance(name, str)}
        bound = statement.bound(names, call)
        rest = {name: NotKnown(f"the parameter :{name}", call.span.line) for name in sorted(bound.missing())}
        text = per_dialect(bound.bound(rest, call), call)
        run_sql(text, call, many=unknown_number, interpolated=statement.interpolated())
    return text
