"""What Acme's own directives do, for mrt-lint to understand.

At run time they are registered with Alembic (`Operations.register_operation`) in another package;
here they are told in operations: `op.create_audit_table("orders")` creates `orders_audit`.
"""

from __future__ import annotations

from mrt_lint.evaluate.call import Call
from mrt_lint.evaluate.values import Value
from mrt_lint.ops.tables import CreateTable, DropTable
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Constraint
from mrt_lint.schema.types import sql_type


def create_audit_table(call: Call) -> Value:
    """`op.create_audit_table(table)`: the table that holds every change of another."""
    table = call.argument(0, "table")
    if not isinstance(table, str):
        return call.opaque("the table whose audit table is created is not known")
    columns = (
        Column("id", sql_type("bigint"), nullable=False, autoincrement=True),
        Column("changed_at", sql_type("timestamptz"), nullable=False, default="now()"),
        Column("row", sql_type("jsonb"), nullable=False),
    )
    primary = Constraint("primary", columns=("id",))
    call.emit(CreateTable, table=Name(f"{table}_audit"), columns=columns, constraints=(primary,))
    return None


def drop_audit_table(call: Call) -> Value:
    """`op.drop_audit_table(table)`."""
    table = call.argument(0, "table")
    if not isinstance(table, str):
        return call.opaque("the table whose audit table is dropped is not known")
    call.emit(DropTable, table=Name(f"{table}_audit"))
    return None
