"""The Alembic package: its frontend, the meaning of its calls, its rules; a plugin of mrt-lint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from mrt_lint.lint.hookspecs import hookimpl
from mrt_lint.lint.meanings import Later

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Meaning
    from mrt_lint.frontend import Frontend
    from mrt_lint.lint.rule import Rule

PACKAGES: Final = (
    "alembic",
    "alembic_postgresql_enum",
    "alembic_utils",
    "flask_appbuilder",
    "flask_sqlalchemy",
    "geoalchemy2",
    "pgvector",
    "sqlalchemy",
    "sqlalchemy_json",
    "sqlalchemy_utils",
    "sqlmodel",
)
"""The packages whose names have a meaning here."""


@hookimpl
def mrt_frontends() -> Iterable[Frontend]:
    """Returns the Alembic frontend."""
    from mrt_rules_alembic.frontend import AlembicFrontend

    return [AlembicFrontend()]


@hookimpl
def mrt_values() -> Mapping[str, Meaning]:
    """Returns what Alembic's and SQLAlchemy's names mean."""

    def made() -> Mapping[str, Meaning]:
        from mrt_rules_alembic.meanings import meanings

        return meanings()

    return Later(PACKAGES, made)


@hookimpl
def mrt_rules() -> Iterable[type[Rule]]:
    """Returns the rules that only make sense for Alembic."""
    from mrt_lint.lint.collect import rules_in
    from mrt_rules_alembic import rules

    return rules_in(rules)
