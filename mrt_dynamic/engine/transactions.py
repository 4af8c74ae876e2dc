"""The transaction around one step, whatever env.py opened around all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy.engine import Connection

_LOCAL = ("search_path", "role")
"""Settings of PostgreSQL that env.py may make for its own transaction only, and that migrations need."""


def settle(context: MigrationContext) -> None:
    """Commits whatever is open on the connection of a context.

    Alembic's own transaction is ended; one that env.py opened (`with engine.begin()`) is committed below
    SQLAlchemy, by the driver, so that env.py can still end it itself.
    """
    connection = _connection(context)
    if _is_env_py_s(context):
        connection.dialect.do_commit(connection.connection)
        return
    # A migration that commits the connection itself leaves a transaction behind that has ended.
    if context._transaction is not None and context._transaction.is_active:
        context._transaction.commit()
    context._transaction = None
    if connection.in_transaction():
        connection.commit()


def settle_first(context: MigrationContext) -> None:
    """Commits what env.py began, and keeps what it set with SET LOCAL for the steps to come."""
    connection = _connection(context)
    if connection.dialect.name != "postgresql":
        settle(context)
        return
    before = _settings(connection)
    settle(context)
    after = _settings(connection)
    for name, value in before.items():
        if after[name] != value:
            connection.execute(
                text("SELECT set_config(:name, :value, false)"), {"name": name, "value": value}
            )
    settle(context)


def _settings(connection: Connection) -> dict[str, str]:
    shown = ", ".join(f"current_setting('{name}')" for name in _LOCAL)
    return dict(zip(_LOCAL, connection.execute(text(f"SELECT {shown}")).one(), strict=True))


@contextmanager
def step_transaction(context: MigrationContext) -> Iterator[None]:
    """Commits what is done inside, or rolls it back as far as the database can.

    Inside it looks to migrations as in `MigrationContext.run_migrations`: `autocommit_block` commits
    the transaction that it finds in the context, and leaves another one there.
    """
    connection = _connection(context)
    if not _is_env_py_s(context):
        context._transaction = connection.get_transaction() or connection.begin()
    try:
        yield
        settle(context)
    except BaseException:
        # A connection that is gone cannot be rolled back; the error of the step is what matters.
        with suppress(Exception):
            _roll_back(context)
        raise


def _roll_back(context: MigrationContext) -> None:
    connection = _connection(context)
    transaction, context._transaction = context._transaction, None
    if _is_env_py_s(context):
        connection.dialect.do_rollback(connection.connection)
        return
    if transaction is not None and transaction.is_active:
        transaction.rollback()
    if connection.in_transaction():
        connection.rollback()


def _is_env_py_s(context: MigrationContext) -> bool:
    """Returns whether env.py opened the transaction itself: before it configured the context, or as a block.

    For a block that begins between there is no public sign (sqlalchemy.engine.util.TransactionalContext).
    """
    if context._transaction is not None:
        return False
    block = getattr(_connection(context), "_trans_context_manager", None)
    return context._in_external_transaction or block is not None


def _connection(context: MigrationContext) -> Connection:
    assert context.connection is not None
    return context.connection
