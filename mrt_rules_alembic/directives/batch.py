"""`op.batch_alter_table`: directives on one table that take effect together at the end of the block."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from mrt_lint.evaluate.values import FrameworkValue, Method, Value
from mrt_lint.ops import AddConstraint, CreateIndex
from mrt_lint.ops.base import Operation
from mrt_lint.schema.names import Name
from mrt_rules_alembic.directives.step import Directive, Step
from mrt_rules_alembic.sqlalchemy.definitions import constraint_definition, indexes_by_dialect
from mrt_rules_alembic.sqlalchemy.schema_items import ConstraintItem, IndexItem

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call


@dataclass(eq=False)
class Batch(FrameworkValue):
    """What `with op.batch_alter_table(...) as batch_op` binds.

    `pending`: operations that wait for the end of the block, as in Alembic, where
    `batch_op.execute` inside it runs before them. `table_args`: what a rebuild adds to the table.
    `names_by_convention`: a rebuild calls unnamed constraints by names that a convention makes.
    """

    carries_effects = True
    table: Name
    recreate: str
    step: Step
    names_by_convention: bool = False
    table_args: tuple[Value, ...] = ()
    pending: list[Operation] = field(default_factory=list)

    def enter(self, call: Call) -> Value:
        """Opens the block."""
        call.evaluator.open_block(batch=self.recreate)
        return self

    def leave(self, call: Call) -> None:
        """Emits what has waited, in order, and what a rebuild adds to the table."""
        self._rebuilt()
        pending, self.pending = self.pending, []
        for operation in pending:
            call.evaluator.emit(operation)
        call.evaluator.close_block()

    def _rebuilt(self) -> None:
        """Adds `table_args` where the table is rebuilt: always, or on SQLite."""
        if self.recreate == "never" or not self.pending:
            return
        inner = Step(self.step.call, self.step.name, {}, batch=self, convention=self.step.convention)
        for item in self.table_args:
            if isinstance(item, ConstraintItem):
                made = constraint_definition(item, self.table, self.step.call, self.step.convention)
                operation, fields = AddConstraint, {"table": self.table, "constraint": made}
            elif isinstance(item, IndexItem):
                convention = self.step.convention
                for names, index in indexes_by_dialect(item, self.table, self.step.call, convention):
                    if self.recreate == "always" or "sqlite" in names:
                        wanted = names if self.recreate == "always" else ("sqlite",)
                        inner.emit_on(wanted, CreateIndex, table=self.table, index=index)
                continue
            else:
                continue
            if self.recreate == "always":
                inner.emit(operation, **fields)
            else:
                inner.emit_on(("sqlite",), operation, **fields)

    def attribute(self, name: str, call: Call) -> Value:
        """Returns a directive, or the migration context."""
        from mrt_rules_alembic.directives.context import MigrationContext

        return MigrationContext() if name == "migration_context" else Method(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        """Carries out `batch_op.<name>(...)`."""
        from mrt_rules_alembic.directives.table import batch_directive, run_named

        directive = batch_directive(name)
        if directive is not None:
            return run_named(directive, call, self)
        return call.opaque(f"{call.spelling}() is not a directive of Alembic", (self.table,))


def batch_alter_table(step: Step) -> Value:
    """Returns the batch; nothing happens before its `with` block."""
    recreate = step.get("recreate", "auto")
    args = step.get("table_args", ())
    return Batch(
        step.table(),
        recreate if recreate in ("auto", "always", "never") else "auto",
        step,
        bool(step.get("naming_convention")),
        tuple(args) if isinstance(args, (list, tuple)) else (),
    )


DIRECTIVES: Final = (
    Directive(
        "batch_alter_table",
        batch_alter_table,
        (
            "table_name",
            "schema",
            "recreate",
            "partial_reordering",
            "copy_from",
            "table_args",
            "table_kwargs",
            "reflect_args",
            "reflect_kwargs",
            "naming_convention",
        ),
    ),
)
