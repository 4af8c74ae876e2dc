"""What can stand in FROM: tables, aliases, subqueries, joins; and their column collections."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import FrameworkValue, Method, NotKnown, Value
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name
from mrt_rules_alembic.sqlalchemy.expressions import ATOM, ColumnRef, Hole, Sql, Writing, as_sql
from mrt_rules_alembic.sqlalchemy.quoting import quoted

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call


class From(FrameworkValue):
    """Base of everything that has columns and can be read from."""

    def reference(self, dialect: Dialect) -> str:
        """Returns how its columns are qualified."""
        raise NotImplementedError

    def from_text(self, how: Writing) -> str:
        """Returns how it stands in FROM."""
        raise NotImplementedError

    def column(self, name: str) -> Sql:
        """Returns one of its columns; it need not be known that it exists."""
        return ColumnRef(name, self)

    def column_names(self) -> list[str] | None:
        """Returns the names of all its columns, None if they are not known."""
        return None

    def column_named(self, key: str) -> str:
        """Returns the column that a key of `values()` means; mapped attributes may be named otherwise."""
        return key

    def plain_table(self) -> Name | None:
        """Returns the table it is, None for anything else."""
        return None

    def attribute(self, name: str, call: Call) -> Value:
        """Returns the column collection under `c` and `columns`."""
        if name in ("c", "columns", "exported_columns", "selected_columns"):
            return Columns(self)
        return Method(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns `alias`, `join`, `select` and the like."""
        if name in ("alias", "tablesample", "lateral"):
            given = call.argument(0, "name", None)
            return Alias(self, given if isinstance(given, str) else "anon_" + str(call.span.line))
        if name in ("join", "outerjoin"):
            return joined(self, name == "outerjoin", call)
        if name == "select":
            from mrt_rules_alembic.sqlalchemy.select import Select

            return Select(
                from_=(self,), columns=tuple(self.column(column) for column in self.column_names() or ())
            )
        return NotKnown(f"{call.spelling}() is not followed", call.span.line)


@dataclass(frozen=True, eq=False)
class Columns(FrameworkValue):
    """`table.c`: columns by attribute, by key and in a loop."""

    owner: From

    def attribute(self, name: str, call: Call) -> Value:
        """Returns the column of that name; methods of the collection by their names."""
        if name in ("keys", "values", "items", "get", "contains_column"):
            names = self.owner.column_names()
            if names is None or name not in names:
                return Method(self, name)
        return self.owner.column(name)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns `keys()`, `values()`, `items()`, `get(...)` where the columns are known."""
        key = call.argument(0, "key", None)
        if name == "get" and isinstance(key, str):
            return self.owner.column(key)
        names = self.owner.column_names()
        if names is None:
            return NotKnown("the columns of a table known only at run time", call.span.line)
        if name == "keys":
            return list(names)
        if name == "values":
            return [self.owner.column(column) for column in names]
        return [(column, self.owner.column(column)) for column in names]

    def item(self, key: Value, call: Call) -> Value:
        """Returns the column of that name."""
        return self.owner.column(key) if isinstance(key, str) else Hole.of(key, call)

    def contains(self, item: Value, call: Call) -> Value:
        """Returns whether the table has a column of that name, when its columns are known."""
        names = self.owner.column_names()
        return (
            item in names
            if names is not None and isinstance(item, str)
            else NotKnown("the columns of a table")
        )

    def iterate(self, call: Call) -> list[Value] | NotKnown:
        """Returns the columns when they are known."""
        names = self.owner.column_names()
        if names is None:
            return NotKnown("the columns of a table known only at run time", call.span.line)
        return [self.owner.column(column) for column in names]


@dataclass(frozen=True, eq=False)
class Alias(From):
    """`table.alias("a")`."""

    inner: From
    name: str

    def reference(self, dialect: Dialect) -> str:
        """Returns the alias."""
        return quoted(self.name, dialect)

    def from_text(self, how: Writing) -> str:
        """Returns `inner AS name`."""
        return f"{self.inner.from_text(how)} AS {quoted(self.name, how.dialect)}"

    def column_names(self) -> list[str] | None:
        """Returns the columns of what it stands for."""
        return self.inner.column_names()


@dataclass(frozen=True, eq=False)
class Join(From):
    """`a.join(b, condition)`; `condition` None: SQLAlchemy derives it from a foreign key."""

    left: From
    right: From
    condition: Sql | None
    outer: bool = False

    def reference(self, dialect: Dialect) -> str:
        """Returns the left side's reference; columns of a join belong to its sides."""
        return self.left.reference(dialect)

    def from_text(self, how: Writing) -> str:
        """Returns `left JOIN right ON condition`."""
        word = "LEFT OUTER JOIN" if self.outer else "JOIN"
        text = f"{self.left.from_text(how)} {word} {self.right.from_text(how)}"
        return text if self.condition is None else f"{text} ON {self.condition.write(how)}"

    def members(self) -> tuple[From, ...]:
        """Returns every table joined."""
        found: list[From] = []
        for side in (self.left, self.right):
            found.extend(side.members() if isinstance(side, Join) else (side,))
        return tuple(found)


def joined(left: From, outer: bool, call: Call) -> Value:
    """Returns the join that `left.join(right, onclause, isouter)` makes."""
    right = as_from(call.argument(0, "right"))
    if right is None:
        return NotKnown("a join with what is not known", call.span.line)
    condition = call.argument(1, "onclause", None)
    isouter = outer or call.argument(2, "isouter", False) is True
    on = (
        as_sql(condition, call)
        if condition is not None
        else Hole.of(NotKnown("a join without condition"), call)
    )
    return Join(left, right, on, isouter)


def as_from(value: Value) -> From | None:
    """Returns what a value is in FROM, None if it is nothing that can be read from."""
    if isinstance(value, From):
        return value
    if hasattr(value, "mapped_table"):
        found = value.mapped_table()
        return found if isinstance(found, From) else None
    return None


@dataclass(frozen=True, eq=False)
class Labelled(Sql):
    """`expression.label("name")`."""

    inner: Sql
    label: str
    level: int = field(default=ATOM)

    def write(self, how: Writing) -> str:
        """Returns the expression; its label stands in the select list only."""
        return self.inner.write(how)

    def froms(self) -> tuple[From, ...]:
        """Returns the tables of the expression."""
        return self.inner.froms()
