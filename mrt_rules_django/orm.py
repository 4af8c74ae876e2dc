"""The arguments of a RunPython's function: the registry of frozen models and the schema editor."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import Choice, FrameworkValue, NotKnown, Value
from mrt_lint.ops.guard import ALWAYS, DialectIs, Guard, Test, both, negate
from mrt_lint.schema.dialects import dialect_named
from mrt_rules_django.sqltext import one_statement

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call


@dataclass(frozen=True)
class Apps(FrameworkValue):
    """`apps`: gives the models as they are at this point. `label`: one app's config."""

    carries_effects: ClassVar[bool] = True
    label: str = ""

    def call_method(self, name: str, call: Call) -> Value:
        """Returns a model for `get_model`."""
        from mrt_rules_django.querysets import ModelClass

        if name == "get_app_config":
            label = call.argument(0, "app_label", "")
            return (
                Apps(str(label)) if isinstance(label, str) else NotKnown("an app", call.span.line, "database")
            )
        if name == "get_model":
            app = call.argument(0, "model_name" if self.label else "app_label", "")
            model = call.argument(1, "model_name", None)
            if self.label:
                app, model = self.label, app
            if isinstance(app, str) and model is None and "." in app:
                app, _, model = app.partition(".")
            if isinstance(app, str) and isinstance(model, str):
                return ModelClass(str(app), str(model))
            call.opaque("which model is written is known only at run time", data_only=True)
            return NotKnown("a model known only at run time", call.span.line, "")
        if name in ("get_models", "get_app_configs"):
            return NotKnown(f"{call.spelling}() is known only at run time", call.span.line, "database")
        return self._not_understood(call)

    def attribute(self, name: str, call: Call) -> Value:
        """Returns the dictionaries of models, which are not followed, or a method."""
        if name in ("all_models", "app_configs"):
            return NotKnown(f"apps.{name} is known only at run time", call.span.line, "database")
        return super().attribute(name, call)

    def truth(self, call: Call) -> Value:
        """Returns that it is there."""
        return True


@dataclass(frozen=True)
class SchemaEditor(FrameworkValue):
    """`schema_editor`."""

    carries_effects: ClassVar[bool] = True

    def attribute(self, name: str, call: Call) -> Value:
        """Returns the connection, or a method."""
        return DatabaseConnection() if name == "connection" else super().attribute(name, call)

    def call_method(self, name: str, call: Call) -> Value:
        """Runs SQL; any other change that it makes is not followed."""
        if name == "execute":
            _emit_sql(call, call.argument(0, "sql"), call.argument(1, "params", None))
            return None
        if name == "quote_name":
            value = call.argument(0, "name")
            return f'"{value}"' if isinstance(value, str) else NotKnown("a name", call.span.line)
        if name in ("atomic", "__enter__"):
            return self
        return self._not_understood(call)


@dataclass(frozen=True)
class DatabaseConnection(FrameworkValue):
    """`schema_editor.connection`, `django.db.connection`."""

    carries_effects: ClassVar[bool] = True

    def attribute(self, name: str, call: Call) -> Value:
        """Returns the vendor, which hangs on the database, the alias, or a method."""
        if name == "vendor":
            return _vendor(call)
        if name == "alias":
            return "default"
        if name in ("features", "introspection", "ops", "settings_dict"):
            return NotKnown(f"connection.{name} is known only at run time", call.span.line)
        return super().attribute(name, call)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns a cursor or a schema editor."""
        if name == "cursor":
            return Cursor()
        if name == "schema_editor":
            return SchemaEditor()
        if name in ("ensure_connection", "close"):
            return None
        return self._not_understood(call)


def _vendor(call: Call) -> Value:
    """Returns `connection.vendor`: one of the databases that are read here. MariaDB says "mysql"."""
    known: dict[str, Guard] = {}
    rest: Guard = ALWAYS
    for dialect in call.evaluator.dialects():
        vendor: str = "mysql" if dialect == "mariadb" else "microsoft" if dialect == "mssql" else dialect
        if vendor not in known:
            known[vendor] = Test(DialectIs((dialect_named(vendor) or vendor,)))
    if len(known) == 1:
        return next(iter(known))
    options: list[tuple[Guard, Value]] = []
    for place, (vendor, guard) in enumerate(known.items()):
        options.append((guard if place < len(known) - 1 else rest, vendor))
        rest = both(rest, negate(guard))
    return Choice(tuple(options))


@dataclass(frozen=True)
class Cursor(FrameworkValue):
    """`connection.cursor()`."""

    carries_effects: ClassVar[bool] = True

    def call_method(self, name: str, call: Call) -> Value:
        """Runs SQL, or returns rows that are not known."""
        if name in ("execute", "executemany"):
            parameters = call.argument(1, "params", None)
            _emit_sql(call, call.argument(0, "sql"), () if name == "executemany" else parameters)
            return self
        if name.startswith("fetch"):
            return NotKnown("rows read at run time", call.span.line)
        if name in ("close",):
            return None
        return self._not_understood(call)

    def enter(self, call: Call) -> Value:
        """Returns the cursor."""
        return self

    def row(self, call: Call) -> Value:
        """Returns what stands for a row."""
        return NotKnown("a row read at run time", call.span.line)


def _emit_sql(call: Call, sql: Value, parameters: Value) -> None:
    facts = call.evaluator.facts(call)
    for operation in one_statement(sql, parameters, call.evaluator.dialects(), facts):
        guard = (
            both(facts["guard"], operation.guard) if facts["guard"] != operation.guard else operation.guard
        )
        call.evaluator.emit(replace(operation, guard=guard))
