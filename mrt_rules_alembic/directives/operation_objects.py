"""Operation objects (`alembic.operations.ops.DropColumnOp(...)`), made to be given to `op.invoke`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import FrameworkValue, Method, NotKnown, Value
from mrt_rules_alembic.directives.step import Step, UnclearError

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call

OPERATION_CLASSES: Final[Mapping[str, str]] = {
    "CreateTableOp": "create_table",
    "DropTableOp": "drop_table",
    "RenameTableOp": "rename_table",
    "CreateTableCommentOp": "create_table_comment",
    "DropTableCommentOp": "drop_table_comment",
    "AddColumnOp": "add_column",
    "DropColumnOp": "drop_column",
    "AlterColumnOp": "alter_column",
    "CreateIndexOp": "create_index",
    "DropIndexOp": "drop_index",
    "CreatePrimaryKeyOp": "create_primary_key",
    "CreateUniqueConstraintOp": "create_unique_constraint",
    "CreateForeignKeyOp": "create_foreign_key",
    "CreateCheckConstraintOp": "create_check_constraint",
    "DropConstraintOp": "drop_constraint",
    "BulkInsertOp": "bulk_insert",
    "ExecuteSQLOp": "execute",
}
"""The operation classes of `alembic.operations.ops` and the directives that make them."""


@dataclass(frozen=True, eq=False)
class OperationObject(FrameworkValue):
    """An operation not yet carried out: the call that made it."""

    directive: str
    made: Call

    def carry_out(self, step: Step) -> Value:
        """Runs the directive with the arguments that the object was made with."""
        from dataclasses import replace

        from mrt_rules_alembic.directives.table import DIRECTIVES, run_named

        made = self.made
        args = made.args
        if self.directive == "create_table":
            columns = made.argument(1, "columns")
            if not isinstance(columns, (list, tuple)):
                raise UnclearError("the columns of the table are not known")
            args = (*made.args[:1], *columns)
        call = replace(step.call, args=args, kwargs={k: v for k, v in made.kwargs.items() if k != "columns"})
        if self.directive != "create_table" and "columns" in made.kwargs:
            call.kwargs["columns"] = made.kwargs["columns"]
        return run_named(DIRECTIVES[self.directive], call, step.batch)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns not known: reversing an operation object is not followed."""
        return NotKnown(f"{call.spelling}() of an operation object", call.span.line)


@dataclass(frozen=True, eq=False)
class Unchanged(FrameworkValue):
    """A decorator that returns what it decorates."""

    def call(self, call: Call) -> Value:
        """Returns the first argument."""
        return call.args[0] if call.args else None

    def attribute(self, name: str, call: Call) -> Value:
        """Returns a method that does the same."""
        return Method(self, name)
