"""Catalogue queries planned once for a connection: planning them costs far more than running them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Connection


def rows(connection: Connection, query: str) -> list[dict[str, Any]]:
    """Returns what a query on PostgreSQL's system catalogues gives, each row by its columns' names.

    Only for system catalogues: a plan for a user's table would not survive a change of that table.
    """
    names: dict[str, str] = connection.info.setdefault("prepared queries", {})
    if query not in names:
        connection.exec_driver_sql(f"PREPARE mrt_{len(names)} AS {query}")
        names[query] = f"mrt_{len(names)}"
    return [dict(row) for row in connection.exec_driver_sql(f"EXECUTE {names[query]}").mappings()]
