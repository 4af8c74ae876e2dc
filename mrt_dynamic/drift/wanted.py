"""What a project wants compared: env.py's `include_object` and `include_name`, and the models' schemas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Constraint, Index

if TYPE_CHECKING:
    from sqlalchemy import MetaData, Table

    from mrt_lint.replay.differences import Difference

_ALEMBICS = {"unique constraint": "unique_constraint", "foreign key": "foreign_key_constraint"}
"""What Alembic calls the objects that it asks `include_object` about."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The project's filters, None where it has none."""

    metadata: MetaData
    include_object: Callable[..., bool] | None = None
    include_name: Callable[..., bool] | None = None

    @classmethod
    def of(cls, metadata: MetaData, options: Mapping[str, Any]) -> Wanted:
        """Returns the filters that env.py gave to `context.configure`."""
        return cls(metadata, options.get("include_object"), options.get("include_name"))

    def tables(self) -> list[Table]:
        """Returns the tables of the models that are not left out."""
        return [table for table in self.metadata.sorted_tables if self._table(table)]

    def _table(self, table: Table) -> bool:
        if self.include_name is not None:
            parents = {"schema_name": table.schema, "schema_qualified_table_name": table.fullname}
            if not self.include_name(table.name, "table", parents):
                return False
        return self.include_object is None or self.include_object(table, table.name, "table", False, None)

    def part(self, difference: Difference) -> bool:
        """Returns whether an index or a key that only the database has is not left out."""
        kind = _ALEMBICS.get(difference.kind, difference.kind)
        table = self._model(difference.table)
        if table is None or kind not in ("index", *_ALEMBICS.values()):
            return True
        if self.include_name is not None:
            parents = {
                "schema_name": table.schema,
                "table_name": table.name,
                "schema_qualified_table_name": table.fullname,
            }
            if not self.include_name(difference.part, kind, parents):
                return False
        if self.include_object is None:
            return True
        return self.include_object(_object(difference, table), difference.part, kind, True, None)

    def _model(self, name: Name | None) -> Table | None:
        found = (table for table in self.metadata.sorted_tables if Name(table.name, table.schema) == name)
        return next(found, None)


def _object(difference: Difference, table: Table) -> Any:
    """Returns what stands in for the object that Alembic would have read from the database."""
    import sqlalchemy as sa

    copy = table.to_metadata(sa.MetaData())
    part = difference.old
    names = part.columns if isinstance(part, Constraint | Index) else ()
    columns = [copy.c[name] for name in names or () if name in copy.c]
    if difference.kind == "index":
        return sa.Index(difference.part, *columns, unique=bool(part.unique))
    if difference.kind == "foreign key":
        targets = [f"{part.ref_table}.{name}" for name in part.ref_columns]
        found: Any = sa.ForeignKeyConstraint([column.name for column in columns], targets, difference.part)
    else:
        found = sa.UniqueConstraint(*columns, name=difference.part)
    copy.append_constraint(found)
    return found


def schemas_of(metadata: MetaData, options: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the options by which Alembic looks into the models' schemas, if env.py does not say it.

    It looks into the default schema alone otherwise, and takes all tables elsewhere for missing ones.
    """
    schemas = {table.schema for table in metadata.sorted_tables if table.schema}
    if options.get("include_schemas") or not schemas:
        return {}
    said = options.get("include_name")

    def include_name(name: str | None, kind: str, parents: Mapping[str, Any]) -> bool:
        if kind == "schema":
            return name is None or name in schemas
        return said is None or bool(said(name, kind, parents))

    return {"include_schemas": True, "include_name": include_name}
