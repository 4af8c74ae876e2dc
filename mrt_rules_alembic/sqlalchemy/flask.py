"""Flask-SQLAlchemy's `db = SQLAlchemy()`: SQLAlchemy's names as attributes, models, a session.

Source: Flask-SQLAlchemy, API (`SQLAlchemy.__getattr__` looks names up in `sqlalchemy` and
`sqlalchemy.orm`); Flask-AppBuilder's `SQLA` is a subclass, which `get_sqla_class()` returns. One of the
project that leaves the session and the models alone (most set options of the engine) is another.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Final

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import Class, FrameworkValue, Method, NotKnown, Symbol, Value
from mrt_rules_alembic.sqlalchemy.orm import Base, Queried, QueryProperty
from mrt_rules_alembic.sqlalchemy.schema_items import MetaDataItem
from mrt_rules_alembic.sqlalchemy.session import SessionOfRun

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call, Meaning

_OF_ORM: Final = ("Session", "aliased", "declarative_base", "mapped_column", "scoped_session", "sessionmaker")

_MAKING: Final = frozenset(
    (
        *("__new__", "__init__", "__getattr__", "__getattribute__"),
        *("session", "metadata", "Model", "metadatas", "get_binds", "get_bind_for"),
        *("make_declarative_base", "_make_declarative_base", "create_scoped_session", "create_session"),
        *("_make_scoped_session", "_make_metadata"),
    )
)
"""Names under which a subclass says anew what the session, the models and the metadata are."""

_OF_THE_APPLICATION: Final = ("engine", "engines", "get_engine", "create_all", "drop_all", "reflect")


@dataclass(eq=False)
class FlaskDatabase(Queried):
    """The extension object; one session for all that a direction of a migration does."""

    carries_effects = True
    metadata: MetaDataItem = field(default_factory=lambda: MetaDataItem(complete=False))
    own: frozenset[str] = frozenset()
    run: SessionOfRun = field(default_factory=SessionOfRun)

    def attribute(self, name: str, call: Call) -> Value:
        """Returns the base of models, the session, a name of SQLAlchemy; none that a subclass defines."""
        if name in self.own:
            return _not_followed(call)
        if name == "Model":
            return Base(self.metadata, {"query": QueryProperty(self)})
        if name == "metadata":
            return self.metadata
        if name == "session":
            return self.run.of(call)
        if name in _OF_THE_APPLICATION:
            return Method(self, name)
        return Symbol(f"sqlalchemy.orm.{name}" if name in _OF_ORM else f"sqlalchemy.{name}")

    def queried(self, call: Call) -> Value:
        """Returns `db.session.query(Model)`."""
        return self.run.of(call).call_method("query", call)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns not known, with an Opaque: what reaches the database through the application."""
        return call.opaque(f"{call.spelling}() goes through the application")


@dataclass(frozen=True, eq=False)
class FlaskDatabaseClass(FrameworkValue):
    """The class `flask_sqlalchemy.SQLAlchemy`, or one below it: `own` is what that defines."""

    own: frozenset[str] = frozenset()

    def call(self, call: Call) -> Value:
        """Returns the extension object."""
        return FlaskDatabase(own=self.own)

    def subclass(self, cls: Class, call: Call) -> Value:
        """Returns the class below it, not known where that may have another session or other models."""
        own = self.own | cls.attributes.keys()
        if len(cls.bases) != 1 or cls.node.keywords or own & _MAKING:
            return _not_followed(call)
        return FlaskDatabaseClass(own)


def _not_followed(call: Call) -> NotKnown:
    """Returns what a subclass of the project has made: it may be a session."""
    return NotKnown("a subclass of Flask-SQLAlchemy's SQLAlchemy", call.span.line, "database")


def _class_of_appbuilder(call: Call) -> Value:
    return FlaskDatabaseClass()


FLASK: Final[dict[str, Meaning]] = {
    "flask_sqlalchemy.SQLAlchemy": FlaskDatabaseClass(),
    "flask_sqlalchemy.extension.SQLAlchemy": FlaskDatabaseClass(),
    "flask_appbuilder.SQLA": FlaskDatabaseClass(),
    "flask_appbuilder.models.sqla.SQLA": FlaskDatabaseClass(),
    "flask_appbuilder.utils.legacy.get_sqla_class": _class_of_appbuilder,
}
