"""INSERT as a value, built step by step and run through the reader of SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import NotKnown, Value
from mrt_lint.ops import Insert, Merge
from mrt_lint.schema.dialects import MYSQL, Dialect
from mrt_rules_alembic.sqlalchemy.execution import MAX_STATEMENTS, run_sql
from mrt_rules_alembic.sqlalchemy.expressions import ATOM, Expression, Sql, Writing, as_sql, grouped
from mrt_rules_alembic.sqlalchemy.froms import From
from mrt_rules_alembic.sqlalchemy.quoting import quoted
from mrt_rules_alembic.sqlalchemy.statements import NEUTRAL, Statement, key_name
from mrt_rules_alembic.sqlalchemy.unconsumed import names_of, raises_for

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call


@dataclass(frozen=True, eq=False)
class InsertStatement(Statement):
    """INSERT; `rows` None: no values given yet. `tail`: ON CONFLICT and the like, by database.

    `overwrites`: on a conflict it updates columns that are not known.
    """

    table: From
    rows: tuple[Mapping[str, Value], ...] | None = None
    source: tuple[tuple[str, ...], Sql] | None = None
    prefix: str = ""
    tail: Mapping[str, tuple[str | Sql, ...]] = field(default_factory=dict)
    overwrites: bool = False
    unknown: str = ""

    def call_method(self, name: str, call: Call) -> Value:
        """Returns the statement with values, a source or a conflict clause."""
        if name == "values":
            return self._values(call)
        if name == "from_select":
            names = call.argument(0, "names")
            query = call.argument(1, "select")
            columns = [key_name(item) for item in names] if isinstance(names, (list, tuple)) else [None]
            if None in columns or not isinstance(query, Sql):
                return replace(self, unknown="INSERT from a query that is not known")
            return replace(self, source=(tuple(column for column in columns if column), query))
        if name == "prefix_with":
            words = [word for word in call.args if isinstance(word, str)]
            return replace(self, prefix=" ".join(words))
        if name == "on_conflict_do_update" and not isinstance(call.kwargs.get("set_"), dict):
            return replace(self, overwrites=True)
        if name in ("on_conflict_do_nothing", "on_conflict_do_update", "on_duplicate_key_update"):
            return replace(self, tail=self._conflict(name, call))
        if name in NEUTRAL:
            return self
        return replace(self, unknown=f"{call.spelling}() of an INSERT is not followed")

    def _values(self, call: Call) -> Value:
        given = call.argument(0, "values", None)
        if given is None or isinstance(given, dict):
            rows: Iterable[Value] = ({**dict(given or {}), **call.kwargs},)
        elif isinstance(given, (list, tuple)) and given and all(isinstance(item, dict) for item in given):
            rows = given
        elif isinstance(given, (list, tuple)) and not any(
            isinstance(item, (dict, NotKnown)) for item in given
        ):
            names = self.table.column_names() or []
            rows = (dict(zip(names, given, strict=False)),) if len(names) >= len(given) else (None,)
        else:
            return replace(self, unknown="the values of an INSERT are known only at run time")
        made = _rows(rows, self.table)
        if made is None:
            return replace(self, unknown="the columns of an INSERT are known only at run time")
        return replace(self, rows=(*(self.rows or ()), *made) if len(made) > 1 else _merged(self.rows, made))

    def _conflict(self, name: str, call: Call) -> Mapping[str, tuple[str | Sql, ...]]:
        if name == "on_duplicate_key_update":
            values = {
                **dict(call.args[0] if call.args and isinstance(call.args[0], dict) else {}),
                **call.kwargs,
            }
            return {"mysql": (" ON DUPLICATE KEY UPDATE ", *_assigned(values, call))}
        elements = call.kwargs.get("index_elements")
        names = [key_name(item) for item in elements] if isinstance(elements, (list, tuple)) else []
        target = f" ({', '.join(quoted(item, 'postgresql') for item in names if item)})" if names else ""
        if isinstance(call.kwargs.get("constraint"), str):
            target = f" ON CONSTRAINT {quoted(call.kwargs['constraint'], 'postgresql')}"
        if name == "on_conflict_do_nothing":
            clause: tuple[str | Sql, ...] = (f" ON CONFLICT{target} DO NOTHING",)
        else:
            clause = (f" ON CONFLICT{target} DO UPDATE SET ", *_assigned(call.kwargs["set_"], call))
        return {"postgresql": clause, "sqlite": clause}

    def attribute(self, name: str, call: Call) -> Value:
        """Returns the row that was refused under `excluded` and `inserted`."""
        if name in ("excluded", "inserted"):
            from mrt_rules_alembic.sqlalchemy.froms import Columns

            return Columns(Excluded(name))
        return super().attribute(name, call)

    def execute(self, call: Call, parameters: Value, many: bool) -> None:
        """Emits the INSERT of the rows given here and in the parameters."""
        name = self.table.plain_table()
        if name is None:
            call.opaque("an INSERT into what is not a plain table", data_only=True)
            return
        if raises_for(names_of(key for row in self.rows or () for key in row), self.table, call):
            return
        if self.overwrites:
            call.emit(Merge, table=name)
            return
        rows, counted = self._all_rows(parameters, many)
        if self.unknown and self.source is None:
            call.emit(Insert, table=name)
            return
        if self.source is None and (rows is None or not counted or len(rows) > MAX_STATEMENTS * 10):
            keys = sorted({key for row in rows or () for key in row})
            call.emit(Insert, table=name, columns=tuple(keys) or None)
            return
        if rows == []:
            return
        texts = {dialect: self._text(dialect, rows or [], call) for dialect in call.evaluator.dialects()}
        run_sql(texts, call)

    def _all_rows(self, parameters: Value, many: bool) -> tuple[list[Mapping[str, Value]] | None, bool]:
        """Returns the rows and whether their number is known."""
        own = self.rows or ()
        if parameters is None:
            return (list(own) if own else [{}]), not many
        if isinstance(parameters, dict):
            parameters = [parameters]
        if isinstance(parameters, (list, tuple)):
            if not parameters:
                return (list(own) if own or not many else []), True
            given = _rows(parameters, self.table)
            if given is not None:
                return [{**(own[0] if own else {}), **row} for row in given], True
            return None, False
        return (list(own) or None), False

    def _text(self, dialect: Dialect, rows: list[Mapping[str, Value]], call: Call) -> str:
        how = Writing(dialect)
        prefix = f" {self.prefix}" if self.prefix else ""
        head = f"INSERT{prefix} INTO {self.table.from_text(how)}"
        tail = self.tail.get("mysql" if dialect == "mariadb" else dialect, ())
        end = "".join(part if isinstance(part, str) else part.write(how) for part in tail)
        if self.source is not None:
            columns, query = self.source
            listed = ", ".join(quoted(column, dialect) for column in columns)
            return f"{head} ({listed}) {query.write(how)}{end}"
        columns = tuple(dict.fromkeys(key for row in rows for key in row))
        if not columns:
            return f"{head} () VALUES (){end}" if dialect in MYSQL else f"{head} DEFAULT VALUES{end}"
        listed = ", ".join(quoted(column, dialect) for column in columns)
        values = ", ".join(
            "(" + ", ".join(_cell(row, column, how, call) for column in columns) + ")" for row in rows
        )
        return f"{head} ({listed}) VALUES {values}{end}"

    def write(self, how: Writing) -> str:
        """Returns a note: an INSERT inside another statement is not written."""
        return "mrt_hole_insert"


def _cell(row: Mapping[str, Value], column: str, how: Writing, call: Call) -> str:
    if column not in row:
        return "DEFAULT"
    value = as_sql(row[column], call)
    return grouped(value, 1).write(how)


def _rows(values: Iterable[Value], table: From) -> tuple[Mapping[str, Value], ...] | None:
    """Returns rows with plain column names, None when a key is not known."""
    found: list[Mapping[str, Value]] = []
    for row in values:
        if not isinstance(row, dict):
            return None
        named = {key_name(key, table): value for key, value in row.items()}
        if None in named:
            return None
        found.append({key: value for key, value in named.items() if key is not None})
    return tuple(found)


def _merged(
    old: tuple[Mapping[str, Value], ...] | None, new: tuple[Mapping[str, Value], ...]
) -> tuple[Mapping[str, Value], ...]:
    return ({**(old[0] if old else {}), **new[0]},)


def _assigned(values: Mapping[Value, Value], call: Call) -> tuple[str | Sql, ...]:
    parts: list[str | Sql] = []
    for key, value in values.items():
        name = key_name(key)
        if name is not None:
            parts += [", " if parts else "", f"{quoted(name, 'sqlite')} = ", as_sql(value, call)]
    return tuple(parts)


@dataclass(frozen=True, eq=False)
class Excluded(From):
    """The row that ON CONFLICT refused."""

    name: str = "excluded"

    def column(self, name: str) -> Sql:
        """Returns `excluded.name`; MySQL writes `VALUES(name)`."""
        plain = f"excluded.{quoted(name, 'postgresql')}"
        return Expression((plain,), ATOM, {"mysql": (f"VALUES({quoted(name, 'mysql')})",)})
