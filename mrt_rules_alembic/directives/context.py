"""`op.get_context()` and `alembic.context`: what a migration asks about its own run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import FrameworkValue, Method, NotKnown, Value
from mrt_rules_alembic.directives import options

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call


@dataclass(frozen=True, eq=False)
class MigrationContext(FrameworkValue):
    """The migration context. Migrations are read as they run on a database, not as offline scripts."""

    carries_effects = True

    def attribute(self, name: str, call: Call) -> Value:
        """Returns the connection, the dialect, whether SQL is only printed (never here)."""
        from mrt_rules_alembic.sqlalchemy.connection import Connection, DialectValue

        if name in ("bind", "connection"):
            return Connection()
        if name == "dialect":
            return DialectValue()
        if name == "as_sql":
            return False
        if name == "impl":
            return self
        if name == "version_table_schema":
            return options.version_table_schema(call)
        if name == "version_table":
            return call.evaluator.project.version_table
        if name == "opts":
            return options.Options()
        if name == "config":
            return options.Configuration()
        if name in ("environment_context", "script"):
            return NotKnown(f"{call.spelling} is set by env.py", call.span.line)
        return Method(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        """Runs `autocommit_block`, `execute`; other methods are known only at run time."""
        from mrt_rules_alembic.sqlalchemy.execution import execute_statement

        if name == "autocommit_block":
            return AutocommitBlock()
        if name in ("is_offline_mode",):
            return False
        if name == "begin_transaction":
            from mrt_rules_alembic.sqlalchemy.connection import Transaction

            return Transaction()
        if name in ("execute", "_exec", "static_output"):
            return execute_statement(call.argument(0, "sql"), call)
        if name in ("get_bind",):
            from mrt_rules_alembic.sqlalchemy.connection import Connection

            return Connection()
        return NotKnown(f"{call.spelling}() is known only at run time", call.span.line)


@dataclass(frozen=True, eq=False)
class AutocommitBlock(FrameworkValue):
    """`with op.get_context().autocommit_block():` - each statement commits on its own."""

    def enter(self, call: Call) -> Value:
        """Opens the block."""
        call.evaluator.open_block(autocommit=True)
        return None

    def leave(self, call: Call) -> None:
        """Closes the block."""
        call.evaluator.close_block()


def is_offline_mode(call: Call) -> Value:
    """Returns False: migrations are read as they run on a database."""
    return False


def only_at_run_time(call: Call) -> Value:
    """Returns not known: an option of the run (`get_x_argument`, `config.get_main_option`)."""
    return NotKnown(f"{call.spelling}() is an option of the run", call.span.line)


def context_value(call: Call) -> Value:
    """Returns the migration context (`context.get_context()`)."""
    return MigrationContext()


def context_bind(call: Call) -> Value:
    """Returns the connection (`context.get_bind()`)."""
    from mrt_rules_alembic.sqlalchemy.connection import Connection

    return Connection()


def context_execute(call: Call) -> Value:
    """Runs SQL (`context.execute(...)`)."""
    from mrt_rules_alembic.sqlalchemy.execution import execute_statement

    return execute_statement(call.argument(0, "sql"), call)
