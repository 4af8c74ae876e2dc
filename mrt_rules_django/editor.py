"""What Django's schema editor does to the database for each change of a model or field, as operations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from mrt_lint.ops import (
    AddColumn,
    AddConstraint,
    AlterColumnType,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    Expression,
    Opaque,
    Operation,
    RenameColumn,
    RenameIndex,
    RenameTable,
    SetColumnComment,
    SetDefault,
    SetIdentity,
    SetNullable,
    SetTableComment,
    Update,
    WrongCall,
)
from mrt_lint.ops.contents import ColumnTest
from mrt_lint.schema.automatic_names import object_name
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import Column, Constraint, Index
from mrt_lint.schema.types import SqlType
from mrt_rules_django.defaults import effective_default
from mrt_rules_django.looked_up import DropConstraintFound, DropIndexFound
from mrt_rules_django.meta import meta_parts
from mrt_rules_django.models import Models, has_column, is_many_to_many, is_relation
from mrt_rules_django.naming import part_name
from mrt_rules_django.parts import Parts, join_parts, parts_of
from mrt_rules_django.specs import Model, Spec, is_known

_MYSQL: Final = ("mysql", "mariadb")
ORDER: Final = Spec("django.db.models.fields.proxy.OrderWrt", base="OrderWrt")


def fields_of(model: Model) -> Iterator[tuple[str, Spec]]:
    """Yields the model's fields, with the one by which `order_with_respect_to` keeps the order."""
    yield from model.fields
    if model.option("order_with_respect_to") and model.field("_order") is None:
        yield "_order", ORDER


@dataclass(slots=True)
class Editor:
    """Collects what one Django operation does on one database. `deferred`: for the migration's end."""

    dialect: Dialect
    facts: Mapping[str, Any]
    steps: list[Operation] = field(default_factory=list)
    deferred: list[Operation] = field(default_factory=list)

    def emit(self, operation: Callable[..., Operation], **fields: Any) -> None:
        """Adds an operation."""
        self.steps.append(self._made(operation, fields))

    def _made(self, operation: Callable[..., Operation], fields: dict[str, Any]) -> Operation:
        batch = "auto" if self.dialect == "sqlite" else None
        return operation(**{**self.facts, "batch": batch, **fields})

    # -- models --------------------------------------------------------------------------------

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
                self._create_join(models, model, name, spec)

    def _key_of_new_table(
        self, models: Models, model: Model, spec: Spec, key: Constraint, inside: list[Constraint]
    ) -> None:
        """Puts a foreign key into the table, or at the end when what it points at is not there yet."""
        target = models.target(model, spec)
        there = target is None or target == model.key or models.items.get(target) is not None
        if there or self.dialect == "sqlite":
            inside.append(key)
        else:
            made = self._made(AddConstraint, {"table": models.table(model), "constraint": key})
            self.deferred.append(made)

    def delete_model(self, models: Models, model: Model) -> None:
        """Drops the join tables and the table."""
        if not models.has_table(model):
            return
        for name, spec in model.fields:
            if is_many_to_many(spec):
                self._drop_join(models, model, name, spec)
        self._drop_table(models.table(model))

    def _drop_table(self, table: Name) -> None:
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
            self._drop_constraint(after.table(other), old)
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

    # -- join tables ---------------------------------------------------------------------------

    def _create_join(self, models: Models, model: Model, name: str, spec: Spec) -> None:
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
            self.deferred += [self._made(AddConstraint, {"table": table, "constraint": key}) for key in keys]

    def _drop_join(self, models: Models, model: Model, name: str, spec: Spec) -> None:
        table = models.join_table(model, name, spec)
        if table is not None:
            self._drop_table(table)

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
                    self._drop_constraint(renamed, key)
            self.emit(RenameColumn, table=renamed, name=one, new=other)
            for key in later[3] if later is not None and self.dialect != "sqlite" else ():
                if key.columns == (other,):
                    self.emit(AddConstraint, table=renamed, constraint=key)
        if anew and self.dialect == "sqlite" and later is not None and (table != renamed or olds != news):
            # The table is made anew, with the names that its indexes get today.
            for index in later[4]:
                self._drop_index(renamed, replace(index, name=""))
                self.emit(CreateIndex, table=renamed, index=index)

    # -- fields --------------------------------------------------------------------------------

    def add_field(self, models: Models, model: Model, name: str, spec: Spec) -> None:
        """Adds a column, or a join table."""
        if not models.has_table(model):
            return
        if is_many_to_many(spec):
            self._create_join(models, model, name, spec)
        if not has_column(spec):
            return
        table, parts = models.table(model), parts_of(models, model, name, spec)
        column = parts.column
        kept = column.default is not None or column.generated is not None
        once = None if kept else effective_default(models, spec)
        if once is not None:
            column = replace(column, default=once)
        self.emit(AddColumn, table=table, column=column, constraints=parts.constraints)
        if once is not None:
            self.emit(SetDefault, table=table, name=column.name, default=None)
        for index in parts.indexes:
            self.emit(CreateIndex, table=table, index=index)

    def remove_field(self, models: Models, model: Model, name: str, spec: Spec) -> None:
        """Drops a column, or a join table."""
        if not models.has_table(model):
            return
        if is_many_to_many(spec):
            self._drop_join(models, model, name, spec)
        if not has_column(spec):
            return
        table, column = models.table(model), models.column_name(name, spec)
        if self.dialect in _MYSQL:
            foreign = parts_of(models, model, name, spec).foreign
            if foreign is not None:
                self.emit(DropConstraint, table=table, name=foreign.name, kind="foreign")
        self.emit(DropColumn, table=table, name=column, cascade=self.dialect == "postgresql")

    def alter_field(
        self,
        before: Models,
        old: Model,
        old_name: str,
        after: Models,
        new: Model,
        new_name: str,
        temporary: Spec,
    ) -> None:
        """Changes what differs between two definitions of a field. `temporary`: with the one-off default."""
        old_spec, new_spec = old.field(old_name), new.field(new_name)
        if old_spec is None or new_spec is None or not after.has_table(new) or not before.has_table(old):
            return
        if is_many_to_many(old_spec) and is_many_to_many(new_spec):
            self.alter_join(before, old, old_name, old_spec, after, new, new_name, new_spec)
            return
        if is_many_to_many(old_spec) or is_many_to_many(new_spec):
            self.emit(
                WrongCall, message=f"Django cannot alter {old_name} to or from a ManyToManyField: it raises"
            )
            return
        if not has_column(old_spec) or not has_column(new_spec):
            if has_column(new_spec):
                self.add_field(after, new, new_name, new_spec)
            elif has_column(old_spec):
                self.remove_field(before, old, old_name, old_spec)
            return
        one = parts_of(before, old, old_name, old_spec)
        other = parts_of(after, new, new_name, new_spec)
        alike = _alike(before, old, old_spec, after, new, new_spec)
        self._alter_column(after, after.table(new), one, other, temporary, alike)
        if one.column.type != other.column.type:
            self._follow_type(before, old, after, new, new_name)

    def _alter_column(
        self, models: Models, table: Name, one: Parts, other: Parts, temporary: Spec, alike: bool
    ) -> None:
        old, new = one.column, other.column
        if old.generated != new.generated:
            self.emit(Opaque, reason=f"{new.name} is computed in another way", tables=(table,))
        renamed = old.name != new.name
        gone, come = _differences(one, other)
        key, later = one.foreign, other.foreign
        if key is not None and later is not None and key.name != later.name and key not in gone:
            # Django drops and adds the key of a renamed column; its name says the column.
            gone, come = [*gone, key], [*come, later]
        for constraint in gone:
            if constraint.kind != "primary":
                self._drop_constraint(table, constraint)
        if renamed:
            self.emit(RenameColumn, table=table, name=old.name, new=new.name)
        named_anew = renamed and self.dialect == "sqlite"
        for index in one.indexes if named_anew else _lost(one.indexes, other.indexes, old.name, new.name):
            moved = tuple(new.name if text == old.name else text for text in index.columns or ())
            self._drop_index(table, replace(index, columns=moved) if renamed else index)
        self._alter_type(table, old, new, alike)
        fills = old.nullable is True and new.nullable is False
        once = effective_default(models, temporary) if fills and new.default is None else new.default
        if old.default != new.default:
            self.emit(SetDefault, table=table, name=new.name, default=new.default)
        if fills and once is not None:
            text = once if isinstance(once, str) else ""
            value = Expression(sql=text or "<the default>", literal=bool(text))
            self.emit(
                Update,
                table=table,
                assignments=((new.name, value),),
                where=f"{new.name} IS NULL",
                tests=(ColumnTest(new.name, "is null"),),
            )
        if isinstance(new.nullable, bool) and old.nullable != new.nullable:
            self.emit(
                SetNullable, table=table, name=new.name, nullable=new.nullable, existing_nullable=old.nullable
            )
        if old.comment != new.comment and self.dialect != "sqlite":
            self.emit(SetColumnComment, table=table, name=new.name, comment=new.comment)
        for constraint in come:
            if constraint.kind != "primary" or self.dialect != "postgresql":
                self._add_constraint(table, constraint, new.name)
        for index in other.indexes if named_anew else _lost(other.indexes, one.indexes, new.name, old.name):
            self.emit(CreateIndex, table=table, index=index)

    def _alter_type(self, table: Name, old: Column, new: Column, alike: bool) -> None:
        counts = (old.identity, old.autoincrement) != (new.identity, new.autoincrement)
        if counts and not (new.identity or new.autoincrement):
            self.emit(SetIdentity, table=table, name=new.name)
        if old.type != new.type or isinstance(new.type, Unknown):
            if isinstance(new.type, Unknown) and isinstance(old.type, Unknown):
                if not alike:
                    reason = f"whether {table}.{new.name} gets another type is not known"
                    self.emit(Opaque, reason=reason, tables=(table,))
                return
            using = f"CAST({new.name} AS {new.type})" if self.dialect == "postgresql" and old.type else None
            same_family = _family(old.type) == _family(new.type)
            self.emit(
                AlterColumnType,
                table=table,
                name=new.name,
                type=new.type,
                using=None if same_family else using,
                plain_using=using is not None and not same_family,
                existing_type=old.type,
            )
        if counts and (new.identity or new.autoincrement):
            self.emit(
                SetIdentity,
                table=table,
                name=new.name,
                identity=new.identity,
                autoincrement=new.autoincrement,
            )

    def _follow_type(self, before: Models, old: Model, after: Models, new: Model, name: str) -> None:
        """Gives the columns that refer to a changed key its new type."""
        for owner, field_name, spec in after.relations():
            if after.target(owner, spec) != new.key or (owner.key == new.key and field_name == name):
                continue
            earlier = before.items.get(owner.key)
            if earlier is None or not after.has_table(owner):
                continue
            if is_many_to_many(spec):
                self._follow_join(before, earlier, after, owner, field_name, spec)
                continue
            one, other = before.type_of(earlier, spec), after.type_of(owner, spec)
            if one != other and isinstance(other, SqlType):
                table, column = after.table(owner), after.column_name(field_name, spec)
                key = parts_of(after, owner, field_name, spec).foreign if self.dialect != "sqlite" else None
                if key is not None:
                    self._drop_constraint(table, key)
                self.emit(AlterColumnType, table=table, name=column, type=other, existing_type=one)
                if key is not None:
                    name = part_name(table, (column,), "_fk", self.dialect)
                    self.emit(AddConstraint, table=table, constraint=replace(key, name=name))

    def _follow_join(
        self, before: Models, earlier: Model, after: Models, owner: Model, name: str, spec: Spec
    ) -> None:
        one, other = join_parts(before, earlier, name, spec), join_parts(after, owner, name, spec)
        if one is None or other is None:
            return
        for old, new in zip(one[1], other[1], strict=True):
            if old.type != new.type and isinstance(new.type, SqlType):
                self.emit(
                    AlterColumnType, table=other[0], name=new.name, type=new.type, existing_type=old.type
                )

    # -- indexes and constraints ---------------------------------------------------------------

    def _drop_constraint(self, table: Name, constraint: Constraint) -> None:
        """Drops a constraint that Django looks up by its columns."""
        name = constraint.name
        if name is None and self.dialect == "postgresql":
            label = {"unique": "key", "check": "check", "foreign": "fkey"}.get(str(constraint.kind), "")
            named = constraint.columns or tuple((constraint.expression or "").split()[:1])
            name = object_name(table.name, "_".join(named), label)
        elif name is None and self.dialect in _MYSQL and constraint.columns:
            name = constraint.columns[0]
        self.emit(DropConstraintFound, table=table, name=name, kind=constraint.kind, constraint=constraint)

    def _drop_index(self, table: Name, index: Index) -> None:
        """Drops an index that Django looks up by its columns."""
        self.emit(DropIndexFound, name=Name(index.name or "", table.schema), table=table, index=index)

    def _add_constraint(self, table: Name, constraint: Constraint, column: str) -> None:
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
        if self.dialect not in _MYSQL or not columns or not models.has_table(model):
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
            self._drop_constraint(table, constraint)
        for index in indexes:
            self._drop_index(table, index)

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


_NO_TYPE: Final = frozenset(
    (
        "blank",
        "choices",
        "db_column",
        "db_comment",
        "db_constraint",
        "db_index",
        "default",
        "editable",
        "error_messages",
        "help_text",
        "limit_choices_to",
        "null",
        "on_delete",
        "primary_key",
        "related_name",
        "related_query_name",
        "serialize",
        "unique",
        "upload_to",
        "unique_for_date",
        "unique_for_month",
        "unique_for_year",
        "validators",
        "verbose_name",
        "auto_created",
        "parent_link",
    )
)
"""Options of a field that have nothing to do with the type of its column."""


def _alike(before: Models, old: Model, one: Spec, after: Models, new: Model, other: Spec) -> bool:
    """Returns whether two definitions give their columns the same type, whichever that is."""
    if is_relation(one) and is_relation(other):
        return before.referenced(old, one)[:2] == after.referenced(new, other)[:2]

    def typed(spec: Spec) -> tuple[object, ...]:
        return (spec.path, spec.args, [item for item in spec.options if item[0] not in _NO_TYPE])

    return typed(one) == typed(other) and is_known(typed(one)[2])


def _family(kind: SqlType | Unknown) -> str:
    return kind.name if isinstance(kind, SqlType) else "?"


def _differences(one: Parts, other: Parts) -> tuple[list[Constraint], list[Constraint]]:
    """Returns the constraints of a field that go and come; a new name of its column is no difference."""

    def comparable(parts: Parts, constraint: Constraint) -> tuple[object, ...]:
        column = parts.column.name
        columns = tuple("." if name == column else name for name in constraint.columns)
        text = (constraint.expression or "").replace(column, ".")
        return (
            constraint.kind,
            columns,
            text,
            constraint.ref_table,
            constraint.ref_columns,
            constraint.ondelete,
        )

    olds = {comparable(one, constraint): constraint for constraint in one.constraints}
    news = {comparable(other, constraint): constraint for constraint in other.constraints}
    gone = [constraint for key, constraint in olds.items() if key not in news]
    come = [constraint for key, constraint in news.items() if key not in olds]
    return gone, come


def _lost(indexes: tuple[Index, ...], others: tuple[Index, ...], column: str, other: str) -> Iterator[Index]:
    """Yields the indexes that have no counterpart over the other name of the column."""

    def comparable(index: Index, name: str) -> tuple[str, ...]:
        columns = index.columns if isinstance(index.columns, tuple) else ()
        return tuple(text.replace(name, ".", 1) for text in columns)

    kept = {comparable(index, other) for index in others}
    for index in indexes:
        if comparable(index, column) not in kept:
            yield index
