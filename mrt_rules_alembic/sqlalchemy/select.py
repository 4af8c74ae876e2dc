"""SELECT as a value: built step by step, written as SQL text or used as a subquery."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import Method, NotKnown, Value
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name
from mrt_rules_alembic.sqlalchemy.expressions import (
    LOWEST,
    ColumnRef,
    Expression,
    Hole,
    Sql,
    Writing,
    as_sql,
    unique_froms,
)
from mrt_rules_alembic.sqlalchemy.froms import Columns, From, Join, Labelled, as_from
from mrt_rules_alembic.sqlalchemy.operators import conjunction
from mrt_rules_alembic.sqlalchemy.quoting import quoted

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call


@dataclass(frozen=True, eq=False)
class Select(Sql):
    """A SELECT statement. `tail`: what stands behind WHERE, as (word, expressions) in order.

    `entities`: tables whose mapped objects a session makes of its rows; `related`: those these lead to.
    """

    is_query = True
    columns: tuple[Sql, ...] = ()
    from_: tuple[From, ...] = ()
    where: tuple[Sql, ...] = ()
    tail: tuple[tuple[str, tuple[Sql, ...]], ...] = ()
    distinct: bool = False
    entities: tuple[Name, ...] = ()
    related: tuple[Name, ...] = ()
    level: int = LOWEST

    def write(self, how: Writing) -> str:
        """Returns the statement; tables of the statement around it are not repeated in its FROM."""
        froms = self.own_froms(how.outer)
        inner = Writing(
            how.dialect, len(froms) > 1 or bool(how.outer) or self._joins(froms), (*how.outer, *froms)
        )
        columns = ", ".join(_item(column, inner) for column in self.columns) or "*"
        text = f"SELECT {'DISTINCT ' if self.distinct else ''}{columns}"
        if froms:
            text += " FROM " + ", ".join(table.from_text(inner) for table in froms)
        if self.where:
            text += " WHERE " + conjunction(self.where).write(inner)
        for word in ("GROUP BY", "HAVING", "ORDER BY", "LIMIT", "OFFSET"):
            parts = [part for kind, parts in self.tail if kind == word for part in parts]
            if parts:
                glue = " AND " if word == "HAVING" else ", "
                text += f" {word} " + glue.join(part.write(inner) for part in parts)
        return text

    @staticmethod
    def _joins(froms: tuple[From, ...]) -> bool:
        return any(isinstance(table, Join) for table in froms)

    def own_froms(self, outer: tuple[From, ...] = ()) -> tuple[From, ...]:
        """Returns its tables: the explicit ones and those its columns belong to."""
        covered: list[From] = []
        for table in self.from_:
            covered.extend(table.members() if isinstance(table, Join) else (table,))
        rest = [
            table
            for table in unique_froms((*self.columns, *self.where))
            if table not in covered and not (table in outer and (self.from_ or len(outer) > 0))
        ]
        return (*self.from_, *rest)

    def froms(self) -> tuple[From, ...]:
        """Returns nothing: its tables are its own."""
        return ()

    def attribute(self, name: str, call: Call) -> Value:
        """Returns the columns under `c`, else a method."""
        if name in ("c", "columns", "selected_columns", "exported_columns"):
            return Columns(Subquery(self, "anon_1"))
        return Method(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns the statement with one clause more."""
        if call.starred:
            return NotKnown(f"{call.spelling}() with arguments known only at run time", call.span.line)
        values = tuple(as_sql(value, call) for value in call.args)
        if name in ("where", "filter"):
            return replace(self, where=(*self.where, *values))
        if name == "filter_by":
            return replace(self, where=(*self.where, *self._by_name(call)))
        if name in ("select_from",):
            found = tuple(table for value in call.args if (table := _from_named(value)) is not None)
            return replace(self, from_=(*self.from_, *found))
        if name in ("join", "outerjoin", "join_from"):
            return self._join(name, call)
        if name in _TAIL:
            return replace(self, tail=(*self.tail, (_TAIL[name], values)))
        if name == "distinct":
            return replace(self, distinct=True)
        if name in ("with_only_columns", "add_columns", "column"):
            keep = self.columns if name != "with_only_columns" else ()
            return replace(self, columns=(*keep, *columns_of(call.args, call)))
        if name in ("alias", "subquery", "cte"):
            given = call.argument(0, "name", None)
            return Subquery(self, given if isinstance(given, str) else f"anon_{call.span.line}")
        if name in ("scalar_subquery", "as_scalar", "label", "exists", "in_"):
            return self._as_scalar(name, call)
        if name in ("union", "union_all", "except_", "intersect"):
            word = {"union_all": "UNION ALL", "except_": "EXCEPT"}.get(name, name.upper())
            return Compound((self, *(value for value in values if isinstance(value, Sql))), word)
        if name in (
            "correlate",
            "correlate_except",
            "execution_options",
            "with_for_update",
            "options",
            "prefix_with",
        ):
            return self
        return super().call_method(name, call)

    def _by_name(self, call: Call) -> tuple[Sql, ...]:
        from mrt_rules_alembic.sqlalchemy.operators import python_operator

        froms = self.own_froms()
        table = froms[-1] if froms else None
        made = (
            python_operator(ColumnRef(name, table), "==", value, False, call)
            for name, value in call.kwargs.items()
        )
        return tuple(part for part in made if isinstance(part, Sql))

    def _join(self, name: str, call: Call) -> Value:
        from mrt_rules_alembic.sqlalchemy.froms import joined

        if name == "join_from":
            left = as_from(call.argument(0, "from_"))
            right = as_from(call.argument(1, "target"))
            if left is None or right is None:
                return NotKnown("a join with what is not known", call.span.line)
            condition = call.argument(2, "onclause", None)
            on = as_sql(condition, call) if condition is not None else Hole.of(NotKnown("a join"), call)
            return replace(self, from_=(*self.from_, Join(left, right, on)))
        froms = self.own_froms()
        if not froms:
            return NotKnown("a join of a SELECT without tables", call.span.line)
        made = joined(froms[-1], name == "outerjoin", call)
        return replace(self, from_=(*froms[:-1], made)) if isinstance(made, From) else made

    def _as_scalar(self, name: str, call: Call) -> Value:
        if name == "label":
            given = call.argument(0, "name", None)
            return Labelled(self, given) if isinstance(given, str) else self
        if name == "exists":
            from mrt_rules_alembic.sqlalchemy.expressions import Expression

            return Expression(("EXISTS (", self, ")"))
        return self


_TAIL = {
    "group_by": "GROUP BY",
    "having": "HAVING",
    "order_by": "ORDER BY",
    "limit": "LIMIT",
    "offset": "OFFSET",
}


@dataclass(frozen=True, eq=False)
class Compound(Sql):
    """`union(a, b)` and its relatives."""

    is_query = True
    parts: tuple[Sql, ...]
    word: str
    level: int = LOWEST

    def write(self, how: Writing) -> str:
        """Returns the parts with the word between them."""
        return f" {self.word} ".join(part.write(how) for part in self.parts)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns a subquery of it, or itself for clauses that change no rows' contents."""
        if name in ("alias", "subquery", "cte"):
            given = call.argument(0, "name", None)
            return Subquery(self, given if isinstance(given, str) else f"anon_{call.span.line}")
        return super().call_method(name, call)


@dataclass(frozen=True, eq=False)
class Subquery(From):
    """`select(...).subquery("s")`."""

    query: Sql
    name: str

    def reference(self, dialect: Dialect) -> str:
        """Returns its alias."""
        return quoted(self.name, dialect)

    def from_text(self, how: Writing) -> str:
        """Returns `(SELECT ...) AS name`."""
        return f"({self.query.write(Writing(how.dialect))}) AS {quoted(self.name, how.dialect)}"

    def column_names(self) -> list[str] | None:
        """Returns the names of its select list."""
        if not isinstance(self.query, Select) or not self.query.columns:
            return None
        names = [_name_of(column) for column in self.query.columns]
        return [name for name in names if name is not None] if None not in names else None


def _from_named(value: Value) -> From | None:
    """Returns what is read from; SQLAlchemy before 1.4 takes a text for the name of a table."""
    if isinstance(value, str):
        from mrt_rules_alembic.sqlalchemy.schema_items import TableItem

        return TableItem(Name(value), complete=False, light=True)
    return as_from(value)


def columns_of(values: tuple[Value, ...], call: Call) -> tuple[Sql, ...]:
    """Returns the select list that `select(...)` makes of its arguments: a table gives all its columns."""
    found: list[Sql] = []
    for value in values:
        if isinstance(value, (list, tuple)):
            found.extend(columns_of(tuple(value), call))
            continue
        if isinstance(value, str):
            # SQLAlchemy before 1.4 takes it for SQL text; later ones refuse it.
            found.append(ColumnRef(value) if value.isidentifier() else Expression((value,)))
            continue
        table = as_from(value)
        if table is None:
            found.append(as_sql(value, call))
            continue
        names = table.column_names()
        found.extend([ColumnRef(name, table) for name in names] if names else [_Star(table)])
    return tuple(found)


@dataclass(frozen=True, eq=False)
class _Star(Sql):
    """All columns of a table whose columns are not known."""

    table: From

    def write(self, how: Writing) -> str:
        return f"{self.table.reference(how.dialect)}.*" if how.qualified else "*"

    def froms(self) -> tuple[From, ...]:
        return (self.table,)


def _name_of(column: Sql) -> str | None:
    if isinstance(column, ColumnRef):
        return column.name
    return column.label if isinstance(column, Labelled) else None


def _item(column: Sql, how: Writing) -> str:
    text = column.write(how)
    return f"{text} AS {quoted(column.label, how.dialect)}" if isinstance(column, Labelled) else text
