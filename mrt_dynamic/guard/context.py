"""Compares the connection that env.py really opened with the scratch database, before any step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mrt_dynamic.guard.wrong import wrong_database
from mrt_dynamic.scratch.trouble import shown

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from mrt_dynamic.scratch.base import Scratch


def require_scratch(connection: Connection, scratch: Scratch) -> None:
    """Raises RefusedError unless the connection is on the scratch database; nothing is written.

    To be called with the migration context's connection before its version table is looked at.
    """
    family = {"mariadb": "mysql"}
    ours = family.get(scratch.dialect, scratch.dialect)
    theirs = family.get(connection.dialect.name, connection.dialect.name)
    if ours != theirs or not scratch.owns(connection):
        raise wrong_database(shown(connection.engine.url), scratch)
