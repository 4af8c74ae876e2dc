"""What Django's schema editor does to indexes and constraints, as operations that are collected in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import Any

from mrt_lint.classes import dataclass
from mrt_lint.ops import (
    AddConstraint,
    CreateIndex,
    DropConstraint,
    DropIndex,
    Operation,
    RenameIndex,
    SetTableComment,
)
from mrt_lint.schema.automatic_names import object_name
from mrt_lint.schema.dialects import MYSQL, Dialect
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Constraint, Index
from mrt_rules_django.looked_up import DropConstraintFound, DropIndexFound
from mrt_rules_django.models import Models, is_relation
from mrt_rules_django.naming import part_name
from mrt_rules_django.parts import parts_of
from mrt_rules_django.specs import Model


@dataclass(slots=True)
class Steps:
    """Collects what one Django operation does on one database. `deferred`: for the migration's end."""

    dialect: Dialect
    facts: Mapping[str, Any]
    steps: list[Operation] = field(default_factory=list)
    deferred: list[Operation] = field(default_factory=list)

    def emit(self, operation: Callable[..., Operation], **fields: Any) -> None:
        """Adds an operation."""
        self.steps.append(self.made(operation, fields))

    def made(self, operation: Callable[..., Operation], fields: dict[str, Any]) -> Operation:
        """Returns an operation with the facts of the one of Django that it belongs to."""
        batch = "auto" if self.dialect == "sqlite" else None
        return operation(**{**self.facts, "batch": batch, **fields})

    def drop_constraint(self, table: Name, constraint: Constraint) -> None:
        """Drops a constraint that Django looks up by its columns."""
        name = constraint.name
        if name is None and self.dialect == "postgresql":
            label = {"unique": "key", "check": "check", "foreign": "fkey"}.get(str(constraint.kind), "")
            named = constraint.columns or tuple((constraint.expression or "").split()[:1])
            name = object_name(table.name, "_".join(named), label)
        elif name is None and self.dialect in MYSQL and constraint.columns:
            name = constraint.columns[0]
        self.emit(DropConstraintFound, table=table, name=name, kind=constraint.kind, constraint=constraint)

    def drop_index(self, table: Name, index: Index) -> None:
        """Drops an index that Django looks up by its columns."""
        self.emit(DropIndexFound, name=Name(index.name or "", table.schema), table=table, index=index)

    def add_constraint(self, table: Name, constraint: Constraint, column: str) -> None:
        """Adds a constraint of a column under the name that Django gives it."""
        suffix = {"unique": "_uniq", "check": "_check", "primary": "_pk"}.get(str(constraint.kind), "")
        if constraint.name is None and self.dialect != "sqlite":
            constraint = replace(
                constraint, name=part_name(table, (column,), suffix, self.dialect), automatic=True
            )
        self.emit(AddConstraint, table=table, constraint=constraint)

    def add_parts(self, table: Name, constraints: tuple[Constraint, ...], indexes: tuple[Index, ...]) -> None:
        """Adds constraints and indexes of the table as a whole."""
        for constraint in constraints:
            self.emit(AddConstraint, table=table, constraint=constraint)
        for index in indexes:
            self.emit(CreateIndex, table=table, index=index)

    def keep_key_index(self, models: Models, model: Model, part: Constraint | Index) -> None:
        """Makes the index that MySQL needs for a foreign key before the one that served it goes.

        Source: `DatabaseSchemaEditor._create_missing_fk_index` of Django's MySQL backend.
        """
        columns = tuple(part.columns or ())[:1]
        if self.dialect not in MYSQL or not columns or not models.has_table(model):
            return
        for name, spec in model.fields:
            own = is_relation(spec) and (models.column_name(name, spec),) == columns
            if own and parts_of(models, model, name, spec).foreign is not None:
                table = models.table(model)
                index = Index(part_name(table, columns, "", self.dialect), columns, implied=True)
                self.emit(CreateIndex, table=table, index=index, conditional=True)

    def drop_found(
        self, table: Name, constraints: tuple[Constraint, ...], indexes: tuple[Index, ...]
    ) -> None:
        """Drops constraints and indexes that Django looks up by their columns."""
        for constraint in constraints:
            self.drop_constraint(table, constraint)
        for index in indexes:
            self.drop_index(table, index)

    def drop_parts(
        self, table: Name, constraints: tuple[Constraint, ...], indexes: tuple[Index, ...]
    ) -> None:
        """Drops constraints and indexes by their names."""
        for constraint in constraints:
            self.emit(DropConstraint, table=table, name=constraint.name, kind=constraint.kind)
        for index in indexes:
            self.emit(DropIndex, name=Name(index.name or "", table.schema), table=table)

    def rename_index(self, table: Name, old: str, new: str) -> None:
        """Renames an index."""
        self.emit(RenameIndex, name=Name(old, table.schema), new=new, table=table)

    def set_comment(self, table: Name, comment: str | None) -> None:
        """Sets the table's comment; SQLite keeps none."""
        if self.dialect != "sqlite":
            self.emit(SetTableComment, table=table, comment=comment)
