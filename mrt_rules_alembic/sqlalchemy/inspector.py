"""`sa.inspect(bind)`: questions about the schema as conditions that the replay answers."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Final

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import FrameworkValue, Method, NotKnown, Value
from mrt_lint.ops import Probe
from mrt_lint.ops.guard import Exists
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import ConstraintKind
from mrt_rules_alembic.sqlalchemy.listings import Listing, What
from mrt_rules_alembic.sqlalchemy.questions import Answers, ask

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call

_LISTS: Final[dict[str, What]] = {
    "get_table_names": "table",
    "get_view_names": "view",
    "get_columns": "column",
    "get_indexes": "index",
    "get_foreign_keys": "constraint",
    "get_unique_constraints": "constraint",
    "get_check_constraints": "constraint",
    "get_enums": "type",
}
"""Methods that list objects, and what the entries are. With a table they list its parts."""

_CONSTRAINTS: Final[dict[str, ConstraintKind]] = {
    "get_foreign_keys": "foreign",
    "get_unique_constraints": "unique",
    "get_check_constraints": "check",
}
"""Which constraints a method lists."""


def _schema_of(call: Call, position: int) -> str | NotKnown | None:
    schema = call.argument(position, "schema", None)
    if schema is None or isinstance(schema, str):
        return schema
    return NotKnown("a schema that is not known", call.span.line)


@dataclass(eq=False)
class Inspector(FrameworkValue):
    """`sa.inspect(bind)` or `Inspector.from_engine(bind)`; `answers`: what it has been asked.

    `apart`: it asks through a connection of its own, which does not see what is not committed yet.
    """

    answers: Answers = field(default_factory=dict)
    apart: bool = False

    def attribute(self, name: str, call: Call) -> Value:
        """Returns the dialect and the bind; a method else."""
        from mrt_rules_alembic.sqlalchemy.connection import Connection, DialectValue

        if name == "dialect":
            return DialectValue()
        if self.apart and name in ("bind", "engine"):
            return NotKnown(f"{call.spelling} may connect to another database", call.span.line)
        return Connection() if name in ("bind", "engine") else Method(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns a condition or a list of what is there."""
        if self.apart and not all(isinstance(done, Probe) for done in call.evaluator.operations):
            why = "asks through another connection what this migration may not have committed"
            return NotKnown(f"{call.spelling}() {why}", call.span.line)
        if name == "has_table":
            return self._exists("table", call)
        if name == "has_index":
            return self._index(call)
        if name == "clear_cache":
            self.answers.clear()
            return None
        if name not in _LISTS:
            return NotKnown(f"{call.spelling}() asks the database", call.span.line)
        of_schema = name in ("get_table_names", "get_view_names", "get_enums")
        schema = _schema_of(call, 0 if of_schema else 1)
        if isinstance(schema, NotKnown):
            return schema
        dicts = name not in ("get_table_names", "get_view_names")
        if of_schema:
            return Listing(_LISTS[name], None, schema, dicts, self.answers)
        table = call.argument(0, "table_name")
        if not isinstance(table, str):
            return NotKnown(f"{call.spelling}() of a table that is not known", call.span.line)
        kind = _CONSTRAINTS.get(name)
        return Listing(_LISTS[name], Name(table, schema), schema, dicts, self.answers, kind=kind)

    def _exists(self, what: What, call: Call) -> Value:
        name, schema = call.argument(0, "table_name"), _schema_of(call, 1)
        if not isinstance(name, str) or isinstance(schema, NotKnown):
            return NotKnown(f"{call.spelling}() of a name that is not known", call.span.line)
        return ask(Exists(what, Name(name, schema)), self.answers, call)

    def _index(self, call: Call) -> Value:
        table, index, schema = (
            call.argument(0, "table_name"),
            call.argument(1, "index_name"),
            _schema_of(call, 2),
        )
        if not isinstance(table, str) or not isinstance(index, str) or isinstance(schema, NotKnown):
            return NotKnown(f"{call.spelling}() of a name that is not known", call.span.line)
        return ask(Exists("index", Name(table, schema), index), self.answers, call)


def inspect(call: Call) -> Value:
    """Returns the inspector of a connection; of a mapped class its mapper, which is not followed."""
    from mrt_rules_alembic.sqlalchemy.connection import Connection, EngineOfConfig, Transaction
    from mrt_rules_alembic.sqlalchemy.session import Query

    subject = call.argument(0, "subject")
    if isinstance(subject, Query):
        return subject
    if isinstance(subject, (Connection, Transaction)):
        return Inspector()
    if isinstance(subject, EngineOfConfig):
        return Inspector(apart=True)
    if isinstance(subject, NotKnown):
        return NotKnown(f"{call.spelling}() of {subject.reason}", call.span.line, subject.reach)
    return NotKnown(f"{call.spelling}() of what is no connection", call.span.line)
