"""Connections, engines, transactions and cursors: whatever a migration runs statements through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import Condition, FrameworkValue, Method, NotKnown, Value
from mrt_lint.ops import TransactionControl
from mrt_rules_alembic.sqlalchemy.execution import execute_statement
from mrt_rules_alembic.sqlalchemy.guards import DIALECT_NAMES, dialect_name, on_dialects
from mrt_rules_alembic.sqlalchemy.results import Result
from mrt_rules_alembic.sqlalchemy.urls import EngineUrl

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call

_CONTROL: Final[dict[str, Literal["commit", "rollback"]]] = {"commit": "commit", "rollback": "rollback"}


def parameters_of(call: Call, position: int = 1) -> Value:
    """Returns the parameters given to `execute`: a dict, a list, several dicts, or keywords (1.x)."""
    for name in ("parameters", "params"):
        if name in call.kwargs:
            return call.kwargs[name]
    given = call.args[position:]
    if len(given) > 1:
        return list(given)
    if given:
        return given[0]
    own = {key: value for key, value in call.kwargs.items() if key not in _OPTIONS}
    return own or None


_OPTIONS: Final = frozenset(
    ("execution_options", "statement", "bind_arguments", "object_", "clause", "mapper")
)


@dataclass(frozen=True, eq=False)
class Connection(FrameworkValue):
    """A connection or an engine of the migration's database; `autocommit`: outside of its transaction."""

    carries_effects = True
    autocommit: bool = False

    def attribute(self, name: str, call: Call) -> Value:
        """Returns its dialect and engine; a method else."""
        if name == "dialect":
            return DialectValue()
        if name == "name":
            return dialect_name()
        if name in ("engine", "bind", "sync_connection", "sync_engine"):
            return self
        if name == "url":
            return EngineUrl()
        if name == "connection":
            return RawConnection()
        if name in ("closed", "invalidated"):
            return False
        return Method(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        """Runs statements; `begin`, `connect` and the like return what a `with` binds."""
        if not self.autocommit:
            return self._call(name, call)
        call.evaluator.open_block(autocommit=True)
        try:
            return self._call(name, call)
        finally:
            call.evaluator.close_block()

    def _call(self, name: str, call: Call) -> Value:
        if name in ("execute", "scalar", "scalars", "stream"):
            result = execute_statement(call.argument(0, "statement"), call, parameters=parameters_of(call))
            if name != "scalar" or not isinstance(result, Result):
                return result
            return result.call_method("scalar", call)
        if name == "exec_driver_sql":
            statement = call.argument(0, "statement")
            given = call.argument(1, "parameters", None)
            return execute_statement(statement, call, plain=True, many=given is not None)
        if name == "begin_nested":
            call.emit(TransactionControl, action="savepoint")
        if name in ("begin", "begin_nested", "begin_twophase"):
            return Transaction(self)
        if name == "execution_options":
            level = call.kwargs.get("isolation_level")
            return Connection(True) if level == "AUTOCOMMIT" else self
        if name in ("connect", "_connection_for_bind", "get_bind", "contextual_connect"):
            return self
        if name in _CONTROL:
            call.emit(TransactionControl, action=_CONTROL[name])
            return None
        if name in ("run_sync", "run_callable"):
            rest = call.args[1:]
            return call.evaluator.invoke(call.argument(0, "fn"), (self, *rest), dict(call.kwargs), call)
        if name in ("close", "detach", "invalidate", "dispose"):
            return None
        if name == "raw_connection":
            return RawConnection()
        if name in ("in_transaction", "in_nested_transaction", "get_transaction", "get_execution_options"):
            return NotKnown(f"{call.spelling}() is known only at run time", call.span.line)
        if name == "has_table":
            from mrt_rules_alembic.sqlalchemy.inspector import Inspector

            return Inspector().call_method(name, call)
        if name == "_run_ddl_visitor":
            return call.opaque(f"{call.spelling}() runs DDL in a way that is not known")
        return call.opaque(f"{call.spelling}() is not known")

    def truth(self, call: Call) -> Value:
        """Returns True: a connection is there."""
        return True


@dataclass(frozen=True, eq=False)
class Transaction(FrameworkValue):
    """`connection.begin()`: as a context it binds the connection (engine) or itself."""

    carries_effects = True

    owner: FrameworkValue | None = None

    def enter(self, call: Call) -> Value:
        """Returns what both uses need: statements go through the owner."""
        return self

    def attribute(self, name: str, call: Call) -> Value:
        """Returns an attribute of the connection behind it."""
        if self.owner is not None and name in ("dialect", "engine", "connection"):
            return self.owner.attribute(name, call) if name != "connection" else self.owner
        return Method(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        """Commits or rolls back; runs statements through the connection."""
        if name in _CONTROL:
            call.emit(TransactionControl, action=_CONTROL[name])
            return None
        if name in ("close", "start"):
            return self
        if self.owner is not None:
            return self.owner.call_method(name, call)
        return NotKnown(f"{call.spelling}() of a transaction", call.span.line)


@dataclass(frozen=True, eq=False)
class RawConnection(FrameworkValue):
    """A DBAPI connection or cursor."""

    carries_effects = True

    def call_method(self, name: str, call: Call) -> Value:
        """Runs SQL text; rows are known only at run time."""
        if name in ("cursor", "connection"):
            return self
        if name in ("execute", "executemany", "executescript", "callproc"):
            if name == "callproc":
                return call.opaque(f"{call.spelling}() runs a procedure")
            given = call.argument(1, "parameters", None)
            many = name == "executemany" or given is not None
            return execute_statement(call.argument(0, "sql"), call, plain=True, many=many)
        if name in _CONTROL:
            call.emit(TransactionControl, action=_CONTROL[name])
            return None
        if name in ("close", "set_session", "set_isolation_level"):
            return None
        if name in ("copy_from", "copy_expert", "copy"):
            return call.opaque(f"{call.spelling}() copies rows in", data_only=True)
        return NotKnown(f"{call.spelling}() of a database driver", call.span.line)

    def iterate(self, call: Call) -> list[Value] | NotKnown:
        """Returns not known: the rows of a query."""
        return NotKnown("a loop over the rows of a query", call.span.line)


_OF_DIALECT: Final = frozenset(("has_table", "has_index", "has_sequence", "get_columns", "type_descriptor"))


_CLASSES: Final = {
    "PGDialect": ("postgresql",),
    "MySQLDialect": ("mysql", "mariadb"),
    "SQLiteDialect": ("sqlite",),
    "OracleDialect": ("oracle",),
    "MSDialect": ("mssql",),
}
"""The base classes of SQLAlchemy's dialects, and the databases whose dialects derive from them."""


class DialectValue(FrameworkValue):
    """`connection.dialect`: its name is one text per target database."""

    def is_a(self, paths: tuple[str, ...], call: Call) -> Value:
        """Returns whether the database is one of those whose dialects derive from these classes."""
        found = [_databases(path) for path in paths if _is_dialect(path)]
        known = [names for names in found if names is not None]
        if not paths or len(known) != len(paths):
            return NotKnown("a dialect known only at run time", call.span.line)
        return Condition(on_dialects(tuple(name for names in known for name in names)))

    def attribute(self, name: str, call: Call) -> Value:
        """Returns its name, or that with the driver's; what depends on server versions is not known."""
        if name == "name":
            return dialect_name()
        if name == "dialect_description":
            return EngineUrl()
        if name in _OF_DIALECT:
            return Method(self, name)
        return NotKnown(f"{call.spelling} depends on the database server", call.span.line)

    def call_method(self, name: str, call: Call) -> Value:
        """Looks at the schema (`dialect.has_table(connection, "t")`); a `type_descriptor` is its type."""
        from dataclasses import replace

        from mrt_rules_alembic.sqlalchemy.inspector import Inspector
        from mrt_rules_alembic.sqlalchemy.types import as_type

        if name == "type_descriptor":
            return as_type(call.argument(0, "typeobj"), call)
        if name in ("has_table", "has_index", "get_columns"):
            return Inspector().call_method(name, replace(call, args=call.args[1:]))
        return NotKnown(f"{call.spelling}() depends on the database server", call.span.line)


def _databases(path: str) -> tuple[str, ...] | None:
    """Returns the databases of a dialect's class; `postgresql.dialect` is the one of the usual driver."""
    module, _, name = path.rpartition(".")
    if name == "dialect":
        return dict(DIALECT_NAMES).get(module.rpartition(".")[2])
    return _CLASSES.get(name)


def _is_dialect(path: str) -> bool:
    return path.startswith("sqlalchemy.dialects.")


@dataclass(frozen=True, slots=True)
class EngineOfConfig(NotKnown):
    """`engine_from_config(...)`: another connection, but to the database that the configuration names.

    What it runs is not followed (it may be another transaction, or other settings); what an inspector of it
    says of the schema is, as long as this migration has done nothing that it may not see yet.
    """


def engine_from_config(call: Call) -> Value:
    """Returns the engine, of which only questions about the schema are understood."""
    return EngineOfConfig(f"{call.spelling}() may connect to another database", call.span.line)


def create_engine(call: Call) -> Value:
    """Returns not known: another database than the one that is migrated may be meant."""
    return NotKnown(f"{call.spelling}() may connect to another database", call.span.line)
