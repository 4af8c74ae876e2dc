"""The one way in which a reader of SQL says that it does not understand: an exception inside the package."""

from __future__ import annotations

from mrt_lint.schema.names import Name


class NotUnderstoodError(Exception):
    """Part of a statement has no meaning here; the statement becomes `Opaque`, this never leaves `lower_sql`.

    `reason` completes the sentence "SQL that is not understood: ...". `tables`: what the statement
    may touch when that much is known, None: anything. `data_only`: it surely leaves the schema alone.
    """

    def __init__(self, reason: str, tables: tuple[Name, ...] | None = None, data_only: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.tables = tables
        self.data_only = data_only
