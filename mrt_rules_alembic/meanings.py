"""The meaning of every qualified name that migrations of Alembic call."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Meaning


@lru_cache(maxsize=1)
def meanings() -> dict[str, Meaning]:
    """Returns the meanings of Alembic, SQLAlchemy and the packages that extend them."""
    from mrt_rules_alembic.directives.table import directive_meanings
    from mrt_rules_alembic.directives.third_party import ENTITIES, entity, table_reference
    from mrt_rules_alembic.sqlalchemy.meanings import sqlalchemy_meanings

    found: dict[str, Meaning] = {**sqlalchemy_meanings(), **directive_meanings()}
    for path in (
        "alembic_postgresql_enum",
        "alembic_postgresql_enum.sql_commands.column_default",
        "alembic_postgresql_enum.get_enum_data",
    ):
        found[f"{path}.TableReference"] = table_reference
    for kind in ENTITIES:
        meaning = partial(entity, kind)
        for module in _MODULES[kind]:
            found[f"{module}.{kind}"] = meaning
    return found


_MODULES = {
    "PGFunction": ("alembic_utils.pg_function",),
    "PGView": ("alembic_utils.pg_view",),
    "PGMaterializedView": ("alembic_utils.pg_materialized_view",),
    "PGTrigger": ("alembic_utils.pg_trigger",),
    "PGExtension": ("alembic_utils.pg_extension",),
    "PGPolicy": ("alembic_utils.pg_policy",),
    "PGGrantTable": ("alembic_utils.pg_grant_table",),
}
