"""INSERT, UPDATE and DELETE as values, built step by step and run through the reader of SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mrt_lint.evaluate.values import NotKnown, Value
from mrt_lint.ops import Delete, Insert, Merge, Update
from mrt_lint.schema.dialects import Dialect
from mrt_rules_alembic.sqlalchemy.execution import MAX_STATEMENTS, run_sql
from mrt_rules_alembic.sqlalchemy.expressions import (
    ATOM,
    BindParameter,
    ColumnRef,
    Expression,
    Sql,
    Writing,
    as_sql,
    grouped,
    unique_froms,
)
from mrt_rules_alembic.sqlalchemy.froms import From, as_from
from mrt_rules_alembic.sqlalchemy.operators import conjunction, python_operator
from mrt_rules_alembic.sqlalchemy.quoting import quoted
from mrt_rules_alembic.sqlalchemy.sqltext import unknown_text

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call

_NEUTRAL = frozenset(
    ("returning", "execution_options", "inline", "return_defaults", "with_dialect_options", "options")
)


def key_name(key: Value, table: From | None = None) -> str | None:
    """Returns the column that a key of `values()` names."""
    if isinstance(key, str):
        return str(key) if table is None else table.column_named(str(key))
    return key.name if isinstance(key, ColumnRef) else None


class Statement(Sql):
    """Base of INSERT, UPDATE and DELETE."""

    level = 0

    def execute(self, call: Call, parameters: Value, many: bool) -> None:
        """Emits what the statement does with these parameters."""
        raise NotImplementedError

    def reads(self) -> bool:
        """Returns whether it returns rows."""
        return False


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
        if name in _NEUTRAL:
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
            return (
                f"{head} () VALUES (){end}"
                if dialect in ("mysql", "mariadb")
                else f"{head} DEFAULT VALUES{end}"
            )
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


@dataclass(frozen=True, eq=False)
class UpdateStatement(Statement):
    """UPDATE; `unknown` says what of it is not known."""

    table: From
    assignments: tuple[tuple[str, Sql], ...] = ()
    where: tuple[Sql, ...] = ()
    unknown: str = ""

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
            return replace(self, assignments=(*self.assignments, *pairs))
        if name in _NEUTRAL or name == "prefix_with":
            return self
        return replace(self, unknown=f"{call.spelling}() of an UPDATE is not followed")

    def execute(self, call: Call, parameters: Value, many: bool) -> None:
        """Emits the UPDATE, once per set of parameters."""
        name = self.table.plain_table()
        if name is None:
            call.opaque("an UPDATE of what is not a plain table", data_only=True)
            return
        known = parameters is None or _known_parameters(parameters)
        waiting = has_parameters((*self.where, *(value for _, value in self.assignments)))
        if self.unknown or not (known or (self.assignments and waiting)):
            call.emit(Update, table=name, assignments=None, where=unknown_text(call) if self.where else "")
            return
        for values in _sets(parameters) if known else [{}]:
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
        mysql = how.dialect in ("mysql", "mariadb")
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
    from mrt_rules_alembic.sqlalchemy.select import Select

    return (table,) if any(_holds(part, Select) for part in (*values, *where)) else ()


def _holds(part: Sql, kind: type[Sql]) -> bool:
    if isinstance(part, kind):
        return True
    return isinstance(part, Expression) and any(
        _holds(inner, kind) for inner in part.parts if isinstance(inner, Sql)
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
        if name in _NEUTRAL or name == "prefix_with":
            return self
        return replace(self, unknown=f"{call.spelling}() of a DELETE is not followed")

    def execute(self, call: Call, parameters: Value, many: bool) -> None:
        """Emits the DELETE, once per set of parameters."""
        name = self.table.plain_table()
        if name is None:
            call.opaque("a DELETE from what is not a plain table", data_only=True)
            return
        known = parameters is None or _known_parameters(parameters)
        if self.unknown or not (known or has_parameters(self.where)):
            call.emit(Delete, table=name, where=unknown_text(call) if self.where or self.unknown else "")
            return
        for values in _sets(parameters) if known else [{}]:
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
        if others and how.dialect in ("mysql", "mariadb"):
            text = f"DELETE FROM {target} USING {target}, {listed}"
        else:
            text = f"DELETE FROM {target}" + (f" USING {listed}" if others else "")
        if self.where:
            text += f" WHERE {conjunction(self.where).write(scope)}"
        return text


def by_name(table: From, call: Call) -> list[Sql]:
    """Returns the conditions of `filter_by(name=value)`."""
    made = (
        python_operator(table.column(name), "==", value, False, call) for name, value in call.kwargs.items()
    )
    return [part for part in made if isinstance(part, Sql)]


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


def bind_parts(
    parts: tuple[Sql, ...], values: Mapping[str, Value], call: Call
) -> tuple[tuple[Sql, ...], set[str]]:
    """Returns expressions with their `bindparam`s filled in, and the names that were used."""
    used: set[str] = set()

    def pieces(form: tuple[str | Sql, ...]) -> tuple[str | Sql, ...]:
        return tuple(piece if isinstance(piece, str) else bound(piece) for piece in form)

    def bound(part: Sql) -> Sql:
        if isinstance(part, BindParameter) and part.value is None:
            used.add(part.key)
            return as_sql(values.get(part.key, NotKnown(f"the parameter {part.key}", call.span.line)), call)
        if isinstance(part, Expression):
            forms = {name: pieces(form) for name, form in part.by_dialect.items()}
            return replace(part, parts=pieces(part.parts), by_dialect=forms)
        return part

    return tuple(bound(part) for part in parts), used


def has_parameters(parts: Iterable[Sql]) -> bool:
    """Returns whether an expression has a `bindparam` that waits for its value."""
    return any(
        (isinstance(part, BindParameter) and part.value is None)
        or (
            isinstance(part, Expression)
            and has_parameters(piece for piece in part.parts if isinstance(piece, Sql))
        )
        for part in parts
    )


def _known_parameters(parameters: Value) -> bool:
    sets = [parameters] if isinstance(parameters, dict) else parameters
    return (
        isinstance(sets, (list, tuple))
        and len(sets) <= MAX_STATEMENTS
        and all(isinstance(item, dict) and all(isinstance(key, str) for key in item) for item in sets)
    )


def _sets(parameters: Value) -> list[Mapping[str, Value]]:
    if parameters is None or parameters == [] or parameters == ():
        return [{}]
    return [parameters] if isinstance(parameters, dict) else list(parameters)


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
                made_update, assignments=tuple((name, value) for name, value in pairs if name is not None)
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
