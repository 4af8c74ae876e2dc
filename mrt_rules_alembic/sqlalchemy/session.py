"""ORM sessions: statements as through a connection, queries, and objects that are written."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import FrameworkValue, Method, NotKnown, Value
from mrt_lint.ops import Delete, Operation, PythonCode, Update
from mrt_lint.schema.names import Name
from mrt_rules_alembic.sqlalchemy.connection import Connection, Transaction
from mrt_rules_alembic.sqlalchemy.dml import DeleteStatement, UpdateStatement
from mrt_rules_alembic.sqlalchemy.execution import execute_statement
from mrt_rules_alembic.sqlalchemy.expressions import Sql, as_sql
from mrt_rules_alembic.sqlalchemy.froms import From, as_from
from mrt_rules_alembic.sqlalchemy.inserts import InsertStatement
from mrt_rules_alembic.sqlalchemy.loaded import LoadedObject, LoadedRows, is_plain
from mrt_rules_alembic.sqlalchemy.orm import MappedClass, OrmObject, Queried, QueryProperty
from mrt_rules_alembic.sqlalchemy.related import related
from mrt_rules_alembic.sqlalchemy.results import Result
from mrt_rules_alembic.sqlalchemy.select import Select, columns_of
from mrt_rules_alembic.sqlalchemy.sqltext import unknown_text
from mrt_rules_alembic.sqlalchemy.statements import by_name, key_name

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call


@dataclass(eq=False)
class Session(FrameworkValue):
    """A session on the migration's connection.

    `loaded`: tables whose objects were handed out and are not followed, so that a later flush may
    write them; `related`: those that their relationships lead to. `pending`: what it surely writes.
    """

    carries_effects = True
    loaded: list[Name] = field(default_factory=list)
    related: list[Name] = field(default_factory=list)
    pending: list[Operation] = field(default_factory=list)

    def attribute(self, name: str, call: Call) -> Value:
        """Returns the bind, the collections of objects; a method else."""
        if name in ("bind", "connection_callable", "sync_session"):
            return Connection() if name == "bind" else self
        if name in ("new", "dirty", "deleted", "info", "no_autoflush", "is_active"):
            return (
                self if name == "no_autoflush" else NotKnown(f"{call.spelling} of a session", call.span.line)
            )
        return Method(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        """Runs statements, queries and writes of objects."""
        if name in ("execute", "scalar", "scalars", "stream", "stream_scalars"):
            statement = call.argument(0, "statement")
            if isinstance(statement, Query):
                return statement.executed(name, call)
            self._note(statement, call)
            return Connection().call_method(name, call)
        if name == "query":
            return self._query(call)
        if name in ("add", "add_all", "merge", "delete", "bulk_save_objects", "expunge"):
            return self._write(name, call)
        if name in ("bulk_insert_mappings", "bulk_update_mappings"):
            return self._mappings(name, call)
        if name in ("flush", "commit"):
            self.flush(call)
            return None
        if name in ("get", "get_one"):
            self._note(call.argument(0, "entity"), call)
            return NotKnown("an object of the database", call.span.line)
        if name in ("connection", "get_bind"):
            return Connection()
        if name in ("begin", "begin_nested"):
            return SessionTransaction(self)
        if name in ("run_sync",):
            rest = call.args[1:]
            return call.evaluator.invoke(call.argument(0, "fn"), (self, *rest), dict(call.kwargs), call)
        if name in _HARMLESS:
            if name == "remove" and call.args and not call.starred:
                # scoped_session.remove() ends the session (SQLAlchemy, "Contextual/Thread-local Sessions").
                wrong = f"{call.spelling}() takes no object to remove"
                if call.evaluator.mistaken(call, "TypeError", wrong):
                    return NotKnown(wrong, call.span.line)
                return call.opaque(wrong, data_only=True)
            return None
        return call.opaque(f"{call.spelling}() of a session is not known", data_only=True)

    def flush(self, call: Call) -> None:
        """Emits what was set on objects, and that others handed out may have been written."""
        for operation in self.pending:
            call.evaluator.emit(operation)
        self.pending.clear()
        if self.loaded:
            tables = tuple(dict.fromkeys(self.loaded))
            names = ", ".join(str(table) for table in tables)
            more = tuple(dict.fromkeys(name for name in self.related if name not in tables))
            fields = {"reads": tables, "writes": (*tables, *more), "related": more}
            call.emit(PythonCode, what=f"changes to objects of {names}", **fields)
            self.loaded.clear()
            self.related.clear()

    def _note(self, statement: Value, call: Call) -> None:
        """Notes the tables whose objects a statement hands out."""
        if isinstance(statement, MappedClass):
            self.loaded.append(statement.table.name)
            self.related.extend(related(statement, call))
        elif isinstance(statement, Select) and statement.entities:
            self.loaded.extend(statement.entities)
            self.related.extend(statement.related)

    def _query(self, call: Call) -> Value:
        if call.starred:
            return NotKnown(f"{call.spelling}() of what is not known", call.span.line)
        classes = tuple(value for value in call.args if isinstance(value, MappedClass))
        followed = len(classes) == len(call.args) and all(map(is_plain, classes))
        entities = [] if followed else [value.table.name for value in classes]
        self.related.extend(name for value in classes for name in related(value, call))
        unknown = [value for value in call.args if isinstance(value, NotKnown)]
        first = as_from(call.args[0]) if call.args else None
        rows = LoadedRows(session=self, classes=classes) if followed and classes else None
        query = Query(self, Select(columns=columns_of(call.args, call)), first, tuple(entities), rows=rows)
        return replace(query, unknown=unknown[0].reason) if unknown else query

    def _write(self, name: str, call: Call) -> Value:
        if name == "expunge":
            return None
        value = call.argument(0, "instance") if call.args else next(iter(call.kwargs.values()), None)
        objects = list(value) if isinstance(value, (list, tuple)) else [value]
        if isinstance(value, LoadedRows):
            objects = [value.row(call)]
        if objects and all(isinstance(item, LoadedObject) for item in objects):
            for item in objects:
                if isinstance(item, LoadedObject) and name == "delete":
                    item.deleted(call)
            return value if name == "merge" else None
        tables: list[Name] | None = []
        for item in objects:
            if isinstance(item, OrmObject) and tables is not None:
                tables.append(item.cls.table.name)
            elif (
                isinstance(item, NotKnown)
                and self.loaded
                and name in ("add", "delete", "merge")
                and tables is not None
            ):
                tables.extend(self.loaded)
            else:
                tables = None
        writes = tuple(dict.fromkeys(tables)) if tables is not None else None
        more = () if writes is None else dict.fromkeys(name for name in self.related if name not in writes)
        fields = {"writes": None if writes is None else (*writes, *more), "related": tuple(more)}
        call.emit(PythonCode, what=f"{call.spelling}()", **fields)
        return value if name == "merge" else None

    def _mappings(self, name: str, call: Call) -> Value:
        table = as_from(call.argument(0, "mapper"))
        plain = table.plain_table() if table is not None else None
        rows = call.argument(1, "mappings")
        if table is None or plain is None:
            call.emit(PythonCode, what=f"{call.spelling}()", writes=None)
        elif name == "bulk_insert_mappings":
            execute_statement(InsertStatement(table), call, parameters=rows, many=True)
        else:
            call.emit(PythonCode, what=f"{call.spelling}()", writes=(plain,))
        return None

    def enter(self, call: Call) -> Value:
        """Returns the session."""
        return self

    def truth(self, call: Call) -> Value:
        """Returns True."""
        return True


_HARMLESS = frozenset(
    (
        "close",
        "expire",
        "expire_all",
        "expunge_all",
        "refresh",
        "rollback",
        "invalidate",
        "reset",
        "remove",
        "close_all",
        "enable_relationship_loading",
        "prepare",
    )
)


@dataclass(frozen=True, eq=False)
class SessionTransaction(Transaction):
    """`session.begin()`: flushes at its end."""

    def enter(self, call: Call) -> Value:
        """Returns the session, which takes every use of it."""
        return self.owner if self.owner is not None else self

    def leave(self, call: Call) -> None:
        """Flushes the session."""
        if isinstance(self.owner, Session):
            self.owner.flush(call)


@dataclass(frozen=True, eq=False)
class Query(FrameworkValue):
    """`session.query(...)`; `table` is what `update` and `delete` act on."""

    carries_effects = True
    session: Session
    select: Select
    table: From | None
    entities: tuple[Name, ...] = ()
    where: tuple[Sql, ...] = ()
    unknown: str = ""
    rows: LoadedRows | None = None

    def attribute(self, name: str, call: Call) -> Value:
        """Returns the session; a method else."""
        return self.session if name == "session" else Method(self, name)

    def executed(self, name: str, call: Call) -> Value:
        """Returns what `session.execute(query)` gives: its rows."""
        if self.rows is None:
            self.session.loaded.extend(self.entities)
            return Result()
        rows = replace(self.rows, wrapped=True)
        return rows if name in ("execute", "stream") else rows.call_method(name.removeprefix("stream_"), call)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns the query with a clause more, or carries out `update`, `delete`."""
        if name in ("filter", "where"):
            conditions = tuple(as_sql(value, call) for value in call.args)
            return replace(self, where=(*self.where, *conditions), select=self._select(name, call))
        if name == "filter_by":
            conditions = tuple(by_name(self.table, call)) if self.table is not None else ()
            return replace(self, where=(*self.where, *conditions), select=self._select(name, call))
        if name == "update":
            return self._update(call)
        if name == "delete":
            return self._delete(call)
        if name in ("add_columns", "with_entities"):
            return replace(self, rows=None, entities=_tables_of(self.rows) or self.entities)
        if name in _CLAUSES:
            return replace(self, select=self._select(name, call), unknown=self.unknown or _limits(name))
        if name in _NEUTRAL:
            return self
        if name in (
            "subquery",
            "alias",
            "cte",
            "scalar_subquery",
            "as_scalar",
            "exists",
            "label",
            "union",
            "union_all",
        ):
            return self.select.call_method(name, call)
        return self._read(name, call)

    def _select(self, name: str, call: Call) -> Select:
        made = self.select.call_method(name, call)
        return made if isinstance(made, Select) else self.select

    def _read(self, name: str, call: Call) -> Value:
        if self.rows is not None:
            if name == "count":
                return NotKnown(f"the number of rows ({call.spelling}())", call.span.line)
            return self.rows.call_method(name, call)
        self.session.loaded.extend(self.entities)
        if name in ("all", "yield_per", "distinct", "values", "from_statement"):
            return Result()
        return NotKnown(f"the rows of a query ({call.spelling}())", call.span.line)

    def iterate(self, call: Call) -> list[Value] | NotKnown:
        """Returns not known: the rows of a query, whose objects a loop may change."""
        if self.rows is not None:
            return self.rows.iterate(call)
        self.session.loaded.extend(self.entities)
        return NotKnown("a loop over the rows of a query", call.span.line)

    def row(self, call: Call) -> Value:
        """Returns the objects of any one row, None when these are not followed."""
        return self.rows.row(call) if self.rows is not None else None

    def item(self, key: Value, call: Call) -> Value:
        """Returns one row, or some."""
        if self.rows is not None:
            return self.rows.item(key, call)
        self.session.loaded.extend(self.entities)
        return NotKnown("the rows of a query", call.span.line)

    def _update(self, call: Call) -> Value:
        table = self._target(call)
        if table is None:
            return NotKnown("an update", call.span.line)
        values = call.argument(0, "values")
        pairs = (
            [(key_name(key, table), value) for key, value in values.items()]
            if isinstance(values, dict)
            else [(None, None)]
        )
        if self.unknown or any(key is None for key, _ in pairs):
            where = unknown_text(call) if self.where or self.unknown else ""
            call.emit(Update, table=table.plain_table(), assignments=None, where=where)
        else:
            assigned = tuple((str(key), as_sql(value, call)) for key, value in pairs)
            execute_statement(UpdateStatement(table, assigned, self.where), call)
        return NotKnown("the number of rows updated", call.span.line)

    def _delete(self, call: Call) -> Value:
        table = self._target(call)
        if table is None:
            return NotKnown("a delete", call.span.line)
        if self.unknown:
            call.emit(Delete, table=table.plain_table(), where=unknown_text(call))
        else:
            execute_statement(DeleteStatement(table, self.where), call)
        return NotKnown("the number of rows deleted", call.span.line)

    def _target(self, call: Call) -> From | None:
        if self.table is None or self.table.plain_table() is None:
            fields: dict[str, Any] = {
                "what": f"{call.spelling}() of a table that is not known",
                "writes": None,
            }
            call.emit(PythonCode, **fields)
            return None
        return self.table


def _tables_of(rows: LoadedRows | None) -> tuple[Name, ...]:
    return tuple(cls.table.name for cls in rows.classes) if rows is not None else ()


_CLAUSES = frozenset(
    (
        "join",
        "outerjoin",
        "group_by",
        "having",
        "order_by",
        "limit",
        "offset",
        "distinct",
        "select_from",
    )
)
_NEUTRAL = frozenset(
    (
        "options",
        "execution_options",
        "enable_eagerloads",
        "with_for_update",
        "populate_existing",
        "autoflush",
        "params",
        "correlate",
    )
)


def _limits(name: str) -> str:
    """Returns why an update of such a query is not known: a join or limit narrows it."""
    return (
        "a query with a join or limit" if name in ("join", "outerjoin", "limit", "offset", "group_by") else ""
    )


@dataclass(frozen=True, eq=False)
class SessionMaker(FrameworkValue):
    """`sessionmaker(...)`: makes sessions."""

    carries_effects = True

    def call(self, call: Call) -> Value:
        """Returns a session."""
        return Session()

    def attribute(self, name: str, call: Call) -> Value:
        """Returns a method."""
        return Method(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns a session for `begin()`."""
        if name == "configure":
            return None
        if name == "begin":
            return SessionTransaction(Session())
        return Session().call_method(name, call)


@dataclass(eq=False)
class SessionOfRun:
    """The one session that all uses within a direction of a migration share."""

    _session: Session = field(default_factory=Session)
    _direction: object = None

    def of(self, call: Call) -> Session:
        """Returns the session; each direction begins with a new one."""
        if self._direction is not call.evaluator.operations:
            self._session, self._direction = Session(), call.evaluator.operations
        return self._session


@dataclass(frozen=True, eq=False)
class ScopedSession(Queried):
    """`scoped_session(...)`: passes everything on to the session of the run, which a call returns."""

    carries_effects = True
    run: SessionOfRun = field(default_factory=SessionOfRun)

    def call(self, call: Call) -> Value:
        """Returns the session."""
        return self.run.of(call)

    def attribute(self, name: str, call: Call) -> Value:
        """Returns what the session has."""
        found = self.run.of(call).attribute(name, call)
        return Method(self, name) if isinstance(found, Method) else found

    def call_method(self, name: str, call: Call) -> Value:
        """Does what the session does; a property for the classes' `query`."""
        if name in ("query_property", "configure"):
            return QueryProperty(self) if name == "query_property" else None
        return self.run.of(call).call_method(name, call)

    def queried(self, call: Call) -> Value:
        """Returns a query of the session."""
        return self.run.of(call).call_method("query", call)


def scoped_session(call: Call) -> Value:
    """Returns `scoped_session(sessionmaker(...))`."""
    return ScopedSession()


def session(call: Call) -> Value:
    """Returns `Session(bind=...)`."""
    return Session()


def session_maker(call: Call) -> Value:
    """Returns `sessionmaker(bind=...)`."""
    return SessionMaker()
