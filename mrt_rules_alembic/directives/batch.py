"""`op.batch_alter_table`: directives on one table that take effect together at the end of the block."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Final

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import FrameworkValue, Method, Value
from mrt_lint.ops.base import Operation
from mrt_lint.ops.guard import ALWAYS, Guard
from mrt_lint.ops.span import Span
from mrt_lint.schema.names import Name
from mrt_rules_alembic.directives.rebuilding import carried_out
from mrt_rules_alembic.directives.step import Directive, Step

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call
    from mrt_rules_alembic.sqlalchemy.expressions import Sql


@dataclass(eq=False)
class Batch(FrameworkValue):
    """What `with op.batch_alter_table(...) as batch_op` binds.

    `pending`: operations that wait for the end of the block, as in Alembic, where
    `batch_op.execute` inside it runs before them. `table_args`: what a rebuild adds to the table.
    `names_by_convention`: a rebuild calls unnamed constraints by names that a convention makes.
    `causes`: the conditions under which something makes SQLite create the table anew, `caused_at`: the
    calls that do; `entered`: the condition under which the block was entered. `by_columns`: conditions of
    checks that are expressions, which a rebuild leaves out if it does not know their columns.
    """

    carries_effects = True
    table: Name
    recreate: str
    step: Step
    names_by_convention: bool = False
    table_args: tuple[Value, ...] = ()
    pending: list[Operation] = field(default_factory=list)
    causes: list[Guard] = field(default_factory=list)
    caused_at: list[Span] = field(default_factory=list)
    entered: Guard = ALWAYS
    by_columns: list[Sql] = field(default_factory=list)

    def enter(self, call: Call) -> Value:
        """Opens the block."""
        call.evaluator.open_block(batch=self.recreate)
        self.entered = call.evaluator.facts(call)["guard"]
        return self

    def leave(self, call: Call) -> None:
        """Emits what has waited, in order, between the two ends of a rebuild if there may be one."""
        for operation in carried_out(self):
            call.evaluator.emit(operation)
        self.pending, self.causes, self.caused_at, self.by_columns = [], [], [], []
        call.evaluator.close_block()

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
