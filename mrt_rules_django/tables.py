"""What Django's schema editor does to the tables of models, and to the join tables of their relations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from mrt_lint.classes import dataclass
from mrt_lint.ops import (
    AddConstraint,
    CreateIndex,
    CreateTable,
    DropTable,
    Opaque,
    RenameColumn,
    RenameTable,
    WrongCall,
)
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Constraint, Index
from mrt_rules_django.meta import meta_parts
from mrt_rules_django.models import Models, has_column, is_many_to_many
from mrt_rules_django.parts import join_parts, parts_of
from mrt_rules_django.specs import Model, Spec
from mrt_rules_django.steps import Steps

ORDER: Final = Spec("django.db.models.fields.proxy.OrderWrt", base="OrderWrt")


def fields_of(model: Model) -> Iterator[tuple[str, Spec]]:
    """Yields the model's fields, with the one by which `order_with_respect_to` keeps the order."""
    yield from model.fields
    if model.option("order_with_respect_to") and model.field("_order") is None:
        yield "_order", ORDER


@dataclass(slots=True)
class Tables(Steps):
    """Makes, drops and renames tables."""

    def create_model(self, models: Models, model: Model) -> None:
        """Makes the model's table, then what belongs to it, then its join tables."""
        if not models.has_table(model):
            return
        table = models.table(model)
        columns: list[Column] = []
        constraints: list[Constraint] = []
        indexes: list[Index] = []
        for name, spec in fields_of(model):
            if not has_column(spec):
                continue
            parts = parts_of(models, model, name, spec)
            columns.append(parts.column)
            constraints += parts.inline
            indexes += parts.indexes
            if parts.foreign is not None:
                self._key_of_new_table(models, model, spec, parts.foreign, constraints)
        meta = meta_parts(models, model)
        constraints += meta.constraints
        comment = model.option("db_table_comment")
        self.emit(
            CreateTable,
            table=table,
            columns=tuple(columns),
            constraints=tuple(constraints),
            comment=comment if isinstance(comment, str) and comment and self.dialect != "sqlite" else None,
            complete=model.complete,
        )
        for index in (*indexes, *meta.indexes):
            self.emit(CreateIndex, table=table, index=index)
        for reason in meta.unclear:
            self.emit(Opaque, reason=reason, tables=(table,))
        for name, spec in model.fields:
            if is_many_to_many(spec):
                self.create_join(models, model, name, spec)

    def _key_of_new_table(
        self, models: Models, model: Model, spec: Spec, key: Constraint, inside: list[Constraint]
    ) -> None:
        """Puts a foreign key into the table, or at the end when what it points at is not there yet."""
        target = models.target(model, spec)
        there = target is None or target == model.key or models.items.get(target) is not None
        if there or self.dialect == "sqlite":
            inside.append(key)
        else:
            made = self.made(AddConstraint, {"table": models.table(model), "constraint": key})
            self.deferred.append(made)

    def delete_model(self, models: Models, model: Model) -> None:
        """Drops the join tables and the table."""
        if not models.has_table(model):
            return
        for name, spec in model.fields:
            if is_many_to_many(spec):
                self.drop_join(models, model, name, spec)
        self.drop_table(models.table(model))

    def drop_table(self, table: Name) -> None:
        """Drops a table, and what was to be added to it at the migration's end."""
        self.emit(DropTable, table=table, cascade=self.dialect == "postgresql")
        self.deferred[:] = [each for each in self.deferred if getattr(each, "table", None) != table]

    def rename_table(self, before: Models, old: Model, after: Models, new: Model) -> None:
        """Renames the table when its name changes, and what is called after it."""
        if not after.has_table(new) or not before.has_table(old):
            return
        table, renamed = before.table(old), after.table(new)
        if table == renamed:
            return
        self.steps += self.deferred
        self.deferred.clear()
        self.emit(RenameTable, table=table, new=renamed)

    def repoint(self, before: Models, owner: Model, after: Models, other: Model, name: str) -> None:
        """Gives a foreign key to a renamed model the name that it gets today; SQLite names none."""
        one, later = owner.field(name), other.field(name)
        if one is None or later is None or self.dialect == "sqlite" or not before.has_table(owner):
            return
        old, new = parts_of(before, owner, name, one).foreign, parts_of(after, other, name, later).foreign
        if old is not None and new is not None and old.name != new.name:
            self.drop_constraint(after.table(other), old)
            self.emit(AddConstraint, table=after.table(other), constraint=new)

    def rename_joins(
        self, before: Models, old: Model, after: Models, new: Model, *, anew: bool = True
    ) -> None:
        """Renames the join tables of a renamed model or table, and their columns.

        `anew`: SQLite makes the tables anew, so that their indexes get other names too.
        """
        for name, spec in old.fields:
            other = new.field(name)
            if is_many_to_many(spec) and other is not None:
                self.alter_join(before, old, name, spec, after, new, name, other, anew=anew)

    def create_join(self, models: Models, model: Model, name: str, spec: Spec) -> None:
        """Makes the join table of a ManyToManyField, if it has one of its own."""
        found = join_parts(models, model, name, spec)
        if found is None:
            return
        table, columns, constraints, keys, indexes = found
        target = models.target(model, spec)
        there = target is None or models.items.get(target) is not None or self.dialect == "sqlite"
        inside = (*constraints, *keys) if there else constraints
        self.emit(CreateTable, table=table, columns=columns, constraints=inside)
        for index in indexes:
            self.emit(CreateIndex, table=table, index=index)
        if not there:
            self.deferred += [self.made(AddConstraint, {"table": table, "constraint": key}) for key in keys]

    def drop_join(self, models: Models, model: Model, name: str, spec: Spec) -> None:
        """Drops the join table of a ManyToManyField, if it has one of its own."""
        table = models.join_table(model, name, spec)
        if table is not None:
            self.drop_table(table)

    def alter_join(
        self,
        before: Models,
        old: Model,
        old_name: str,
        old_spec: Spec,
        after: Models,
        new: Model,
        new_name: str,
        new_spec: Spec,
        *,
        anew: bool = True,
    ) -> None:
        """Renames a join table and its columns."""
        table = before.join_table(old, old_name, old_spec)
        renamed = after.join_table(new, new_name, new_spec)
        if table is None or renamed is None:
            if (table is None) is not (renamed is None):
                self.emit(WrongCall, message=f"Django cannot give {new_name} another `through`: it raises")
            return
        if table != renamed:
            self.emit(RenameTable, table=table, new=renamed)
        olds, news = before.join_columns(old, old_spec), after.join_columns(new, new_spec)
        earlier, later = (
            join_parts(before, old, old_name, old_spec),
            join_parts(after, new, new_name, new_spec),
        )
        for one, other in zip(olds, news, strict=True):
            if one == other:
                continue
            for key in earlier[3] if earlier is not None and self.dialect != "sqlite" else ():
                if key.columns == (one,):
                    self.drop_constraint(renamed, key)
            self.emit(RenameColumn, table=renamed, name=one, new=other)
            for key in later[3] if later is not None and self.dialect != "sqlite" else ():
                if key.columns == (other,):
                    self.emit(AddConstraint, table=renamed, constraint=key)
        if anew and self.dialect == "sqlite" and later is not None and (table != renamed or olds != news):
            # The table is made anew, with the names that its indexes get today.
            for index in later[4]:
                self.drop_index(renamed, replace(index, name=""))
                self.emit(CreateIndex, table=renamed, index=index)
