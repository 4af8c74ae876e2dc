"""UPDATE and DELETE as values, and the functions and methods that begin a statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import NotKnown, Value
from mrt_lint.ops import Delete, Update
from mrt_lint.schema.dialects import MYSQL
from mrt_rules_alembic.sqlalchemy.execution import run_sql
from mrt_rules_alembic.sqlalchemy.expressions import Expression, Sql, Writing, as_sql, grouped, unique_froms
from mrt_rules_alembic.sqlalchemy.froms import From, as_from
from mrt_rules_alembic.sqlalchemy.inserts import InsertStatement
from mrt_rules_alembic.sqlalchemy.operators import conjunction
from mrt_rules_alembic.sqlalchemy.quoting import quoted
from mrt_rules_alembic.sqlalchemy.sqltext import unknown_text
from mrt_rules_alembic.sqlalchemy.statements import (
    NEUTRAL,
    Statement,
    bind_parts,
    by_name,
    has_parameters,
    key_name,
    known_parameters,
    parameter_sets,
)
from mrt_rules_alembic.sqlalchemy.unconsumed import names_of, raises_for

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call


@dataclass(frozen=True, eq=False)
class UpdateStatement(Statement):
    """UPDATE; `unknown` says what of it is not known. `named`: the columns that `values()` gives by name."""

    table: From
    assignments: tuple[tuple[str, Sql], ...] = ()
    where: tuple[Sql, ...] = ()
    unknown: str = ""
    named: tuple[str, ...] = ()

    def call_method(self, name: str, call: Call) -> Value:
        """Returns the statement with values or a condition."""
        if name in ("where", "filter"):
            return replace(self, where=(*self.where, *(as_sql(value, call) for value in call.args)))
        if name == "filter_by":
            return replace(self, where=(*self.where, *by_name(self.table, call)))
        if name in ("values", "ordered_values"):
            pairs = _pairs(self.table, call)
            if pairs is None:
                return replace(self, unknown="the columns of an UPDATE are known only at run time")
            keys = [key for given in call.args if isinstance(given, dict) for key in given]
            named = (*self.named, *names_of((*keys, *call.kwargs)))
            return replace(self, assignments=(*self.assignments, *pairs), named=named)
        if name in NEUTRAL or name == "prefix_with":
            return self
        return replace(self, unknown=f"{call.spelling}() of an UPDATE is not followed")

    def execute(self, call: Call, parameters: Value, many: bool) -> None:
        """Emits the UPDATE, once per set of parameters."""
        name = self.table.plain_table()
        if name is None:
            call.opaque("an UPDATE of what is not a plain table", data_only=True)
            return
        if raises_for(self.named, self.table, call):
            return
        known = parameters is None or known_parameters(parameters)
        waiting = has_parameters((*self.where, *(value for _, value in self.assignments)))
        if self.unknown or not (known or (self.assignments and waiting)):
            call.emit(Update, table=name, assignments=None, where=unknown_text(call) if self.where else "")
            return
        for values in parameter_sets(parameters) if known else [{}]:
            bound = self._bound(values, call)
            if not bound.assignments:
                call.emit(Update, table=name, assignments=None)
                continue
            run_sql({dialect: bound.write(Writing(dialect)) for dialect in call.evaluator.dialects()}, call)

    def _bound(self, values: Mapping[str, Value], call: Call) -> UpdateStatement:
        where, used = bind_parts(self.where, values, call)
        assigned, more = bind_parts(tuple(value for _, value in self.assignments), values, call)
        pairs = list(zip((column for column, _ in self.assignments), assigned, strict=True))
        known = {column for column, _ in pairs}
        pairs += [
            (key, as_sql(value, call)) for key, value in values.items() if key not in used | more | known
        ]
        return replace(self, where=where, assignments=tuple(pairs))

    def write(self, how: Writing) -> str:
        """Returns the statement; tables of its condition besides its own are joined in."""
        inner = [value for _, value in self.assignments]
        others = tuple(table for table in unique_froms((*self.where, *inner)) if table is not self.table)
        scope = Writing(how.dialect, bool(others), (self.table, *others))
        plain = Writing(
            how.dialect,
            bool(others),
            (self.table, *others) if others else _outer(self.table, inner, self.where),
        )
        mysql = how.dialect in MYSQL
        target = self.table.from_text(how)
        owner = f"{self.table.reference(how.dialect)}." if mysql and others else ""
        sets = ", ".join(
            f"{owner}{quoted(column, how.dialect)} = {grouped(value, 1).write(scope if others else plain)}"
            for column, value in self.assignments
        )
        listed = ", ".join(table.from_text(how) for table in others)
        text = f"UPDATE {target}, {listed} SET {sets}" if mysql and others else f"UPDATE {target} SET {sets}"
        if others and not mysql:
            text += f" FROM {listed}"
        if self.where:
            text += f" WHERE {conjunction(self.where).write(scope if others else plain)}"
        return text


def _outer(table: From, values: Iterable[Sql], where: Iterable[Sql]) -> tuple[From, ...]:
    """Returns the table as outer scope for subqueries inside, where its columns are then qualified."""
    return (table,) if any(_holds_query(part) for part in (*values, *where)) else ()


def _holds_query(part: Sql) -> bool:
    if part.is_query:
        return True
    return isinstance(part, Expression) and any(
        _holds_query(inner) for inner in part.parts if isinstance(inner, Sql)
    )


@dataclass(frozen=True, eq=False)
class DeleteStatement(Statement):
    """DELETE."""

    table: From
    where: tuple[Sql, ...] = ()
    unknown: str = ""

    def call_method(self, name: str, call: Call) -> Value:
        """Returns the statement with a condition."""
        if name in ("where", "filter"):
            return replace(self, where=(*self.where, *(as_sql(value, call) for value in call.args)))
        if name == "filter_by":
            return replace(self, where=(*self.where, *by_name(self.table, call)))
        if name in NEUTRAL or name == "prefix_with":
            return self
        return replace(self, unknown=f"{call.spelling}() of a DELETE is not followed")

    def execute(self, call: Call, parameters: Value, many: bool) -> None:
        """Emits the DELETE, once per set of parameters."""
        name = self.table.plain_table()
        if name is None:
            call.opaque("a DELETE from what is not a plain table", data_only=True)
            return
        known = parameters is None or known_parameters(parameters)
        if self.unknown or not (known or has_parameters(self.where)):
            call.emit(Delete, table=name, where=unknown_text(call) if self.where or self.unknown else "")
            return
        for values in parameter_sets(parameters) if known else [{}]:
            where, _ = bind_parts(self.where, values, call)
            bound = replace(self, where=where)
            run_sql({dialect: bound.write(Writing(dialect)) for dialect in call.evaluator.dialects()}, call)

    def write(self, how: Writing) -> str:
        """Returns the statement; other tables of its condition come in by USING."""
        others = tuple(table for table in unique_froms(self.where) if table is not self.table)
        outer = (self.table, *others) if others else _outer(self.table, (), self.where)
        scope = Writing(how.dialect, bool(others), outer)
        listed = ", ".join(table.from_text(how) for table in others)
        target = self.table.from_text(how)
        if others and how.dialect in MYSQL:
            text = f"DELETE FROM {target} USING {target}, {listed}"
        else:
            text = f"DELETE FROM {target}" + (f" USING {listed}" if others else "")
        if self.where:
            text += f" WHERE {conjunction(self.where).write(scope)}"
        return text


def _pairs(table: From, call: Call) -> tuple[tuple[str, Sql], ...] | None:
    """Returns the assignments of `values(...)` / `ordered_values(...)`, None if a column is not known."""
    pairs: list[tuple[Value, Value]] = []
    if call.starred:
        return None
    for argument in call.args:
        if isinstance(argument, dict):
            pairs.extend(argument.items())
        elif isinstance(argument, (list, tuple)) and len(argument) == 2 and key_name(argument[0]) is not None:
            pairs.append((argument[0], argument[1]))
        elif isinstance(argument, (list, tuple)) and all(
            isinstance(item, (list, tuple)) for item in argument
        ):
            pairs.extend((item[0], item[1]) for item in argument if len(item) == 2)
        else:
            return None
    pairs.extend(call.kwargs.items())
    found: list[tuple[str, Sql]] = []
    for key, value in pairs:
        name = key_name(key, table)
        if name is None:
            return None
        found.append((name, as_sql(value, call)))
    return tuple(found)


def statement(kind: str, table: From, call: Call) -> Value:
    """Returns `table.insert()`, `.update()`, `.delete()` with what older releases let one give at once."""
    if kind == "insert":
        values = call.argument(0, "values", None)
        made: Value = InsertStatement(table)
        if isinstance(values, (dict, list)):
            return made.call_method("values", call)
        return made
    where = call.argument(0, "whereclause", None)
    conditions = (as_sql(where, call),) if where is not None else ()
    if kind == "delete":
        return DeleteStatement(table, conditions)
    values = call.argument(1, "values", None)
    made_update = UpdateStatement(table, where=conditions)
    if isinstance(values, dict):
        pairs = [(key_name(key, table), as_sql(value, call)) for key, value in values.items()]
        if all(name is not None for name, _ in pairs):
            return replace(
                made_update,
                assignments=tuple((name, value) for name, value in pairs if name is not None),
                named=names_of(values),
            )
        return replace(made_update, unknown="the columns of an UPDATE are known only at run time")
    return made_update


def statement_of(kind: str, call: Call) -> Value:
    """Returns `sa.insert(table)`, `sa.update(table)`, `sa.delete(table)`."""
    table = as_from(call.argument(0, "table"))
    if table is None:
        target = call.argument(0, "table")
        why = f": {target.reason}" if isinstance(target, NotKnown) else ""
        return NotKnown(f"{call.spelling}() of a table that is not known{why}", call.span.line)
    if kind == "insert":
        return InsertStatement(table)
    return UpdateStatement(table) if kind == "update" else DeleteStatement(table)
