"""Flask-SQLAlchemy's `db = SQLAlchemy()`: SQLAlchemy's names as attributes, models, a session.

Source: Flask-SQLAlchemy, API (`SQLAlchemy.__getattr__` looks names up in `sqlalchemy` and
`sqlalchemy.orm`); Flask-AppBuilder's `SQLA` is a subclass, which `get_sqla_class()` returns.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Final

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import FrameworkValue, Method, NotKnown, Symbol, Value
from mrt_rules_alembic.sqlalchemy.orm import Base
from mrt_rules_alembic.sqlalchemy.schema_items import MetaDataItem
from mrt_rules_alembic.sqlalchemy.session import Session

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call, Meaning

_OF_ORM: Final = ("Session", "aliased", "declarative_base", "mapped_column", "scoped_session", "sessionmaker")

_OF_THE_APPLICATION: Final = ("engine", "engines", "get_engine", "create_all", "drop_all", "reflect")


@dataclass(eq=False)
class FlaskDatabase(FrameworkValue):
    """The extension object."""

    carries_effects = True
    metadata: MetaDataItem = field(default_factory=lambda: MetaDataItem(complete=False))

    def attribute(self, name: str, call: Call) -> Value:
        """Returns the base of models, a session, a name of SQLAlchemy."""
        if name == "Model":
            return Base(self.metadata)
        if name == "metadata":
            return self.metadata
        if name == "session":
            return Session()
        if name in _OF_THE_APPLICATION:
            return Method(self, name)
        return Symbol(f"sqlalchemy.orm.{name}" if name in _OF_ORM else f"sqlalchemy.{name}")

    def call_method(self, name: str, call: Call) -> Value:
        """Returns not known, with an Opaque: what reaches the database through the application."""
        return call.opaque(f"{call.spelling}() goes through the application")


@dataclass(frozen=True, eq=False)
class FlaskDatabaseClass(FrameworkValue):
    """The class `flask_sqlalchemy.SQLAlchemy`."""

    def call(self, call: Call) -> Value:
        """Returns the extension object."""
        return FlaskDatabase()

    def subclass(self, cls: object, call: Call) -> Value:
        """Returns not known: what a subclass changes is not followed."""
        return NotKnown("a subclass of Flask-SQLAlchemy's SQLAlchemy", call.span.line)


def _class_of_appbuilder(call: Call) -> Value:
    return FlaskDatabaseClass()


FLASK: Final[dict[str, Meaning]] = {
    "flask_sqlalchemy.SQLAlchemy": FlaskDatabaseClass(),
    "flask_sqlalchemy.extension.SQLAlchemy": FlaskDatabaseClass(),
    "flask_appbuilder.SQLA": FlaskDatabaseClass(),
    "flask_appbuilder.models.sqla.SQLA": FlaskDatabaseClass(),
    "flask_appbuilder.utils.legacy.get_sqla_class": _class_of_appbuilder,
}
