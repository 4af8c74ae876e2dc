"""What a migration reads of its run's configuration: options of `configure` and of alembic.ini."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import FrameworkValue, Method, NotKnown, Value

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call


def version_table_schema(call: Call) -> str | None:
    """Returns the schema of the version table: the one env.py gives literally, else the default schema.

    An env.py that takes it from the deployment leaves it out where the deployment names none.
    """
    schema = dict(call.evaluator.project.settings).get("version_table_schema")
    return schema if isinstance(schema, str) else None


@dataclass(frozen=True, eq=False)
class Options(FrameworkValue):
    """`op.get_context().opts`: what env.py gives to `configure`."""

    def item(self, key: Value, call: Call) -> Value:
        """Returns an option that env.py gives literally."""
        settings = dict(call.evaluator.project.settings)
        if isinstance(key, str) and key in settings:
            return settings[key]
        return NotKnown(f"{call.spelling} is set by env.py", call.span.line)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns `get(name)` of an option that env.py gives literally."""
        if name == "get":
            return self.item(call.argument(0, "key"), call)
        return NotKnown(f"{call.spelling}() is set by env.py", call.span.line)


@dataclass(frozen=True, eq=False)
class Configuration(FrameworkValue):
    """`context.config`: the section of alembic.ini."""

    def attribute(self, name: str, call: Call) -> Value:
        """Returns a method; what env.py or a caller puts there is known only at run time."""
        if name == "config_ini_section":
            return call.evaluator.project.section or NotKnown(f"{call.spelling} is an option of the run")
        if name in ("get_main_option", "get_section_option", "get_alembic_option"):
            return Method(self, name)
        return NotKnown(f"{call.spelling} is known only at run time", call.span.line)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns what the section says; an option that it leaves out is not set in an ordinary run."""
        project = call.evaluator.project
        first = 1 if name == "get_section_option" else 0
        section = call.argument(0, "section") if first else project.section
        option = call.argument(first, "name")
        if section == project.section and isinstance(option, str) and project.options is not None:
            return dict(project.options).get(option, call.argument(first + 1, "default", None))
        return NotKnown(f"{call.spelling}() is an option of the run", call.span.line)
