"""What Alembic and the drivers keep about a schema: a new command, in a new process, would not know it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext


def begin_command(context: MigrationContext) -> None:
    """Forgets which types Alembic made, as between two commands.

    Within one command SQLAlchemy makes a PostgreSQL enum once however many tables use it
    (`_check_for_name_in_memos`), so after a downgrade that drops it the next upgrade would not make it.
    """
    context.impl.memo.clear()


def forget_plans(context: MigrationContext) -> None:
    """Lets asyncpg prepare statements anew: a plan made for a schema before fails once on the next.

    psycopg's are switched off by the scratch database itself.
    """
    assert context.connection is not None
    forget = getattr(context.connection.dialect, "_invalidate_schema_cache", None)
    if forget is not None:
        forget()
