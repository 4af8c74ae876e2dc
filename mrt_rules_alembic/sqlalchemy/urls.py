"""`engine.url`: of all that it says, only which database it leads to is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mrt_lint.evaluate.values import Condition, FrameworkValue, Method, NotKnown, Value
from mrt_rules_alembic.sqlalchemy.guards import DIALECT_NAMES, dialect_name, on_dialects

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call


class EngineUrl(FrameworkValue):
    """A URL object, its text, or its driver's name: each begins with the name of the database.

    So does a dialect's `dialect_description`.
    """

    textual = True

    def attribute(self, name: str, call: Call) -> Value:
        """Returns the driver's name; host, database and the like are not known."""
        if name == "drivername":
            return self
        if name in ("host", "port", "database", "username", "password", "query"):
            return NotKnown(f"{call.spelling} is known only at run time", call.span.line)
        return Method(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns its text, the database's name, or what its beginning tells of the database."""
        if name in ("render_as_string", "lower"):
            return self
        if name == "get_backend_name":
            return dialect_name()
        if name == "get_dialect":
            from mrt_rules_alembic.sqlalchemy.connection import DialectValue

            return DialectValue()
        if name == "startswith":
            return self._begins(call.argument(0, "prefix"), call)
        return NotKnown(f"{call.spelling}() is known only at run time", call.span.line)

    def contains(self, item: Value, call: Call) -> Value:
        """Returns whether the database is the one whose name is looked for in the text."""
        known = isinstance(item, str) and any(item == name for name, _ in DIALECT_NAMES)
        return self._begins(item, call) if known else super().contains(item, call)

    def _begins(self, prefix: Value, call: Call) -> Value:
        """Returns on which databases a URL begins so; a driver's name (`mysql+pymysql`) tells too much."""
        prefixes = prefix if isinstance(prefix, tuple) else (prefix,)
        found: list[str] = []
        for text in prefixes:
            if not isinstance(text, str) or not text:
                return NotKnown("a URL known only at run time", call.span.line)
            driver = any(text.startswith(f"{name}{sign}") for name, _ in DIALECT_NAMES for sign in "+:")
            if driver or text.startswith("maria"):  # MariaDB is reached as mysql:// too
                return NotKnown("a URL known only at run time", call.span.line)
            found += [one for name, databases in DIALECT_NAMES if name.startswith(text) for one in databases]
        return Condition(on_dialects(tuple(dict.fromkeys(found)))) if found else False
