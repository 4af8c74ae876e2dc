"""What Django's schema editor does to the database for each change of a field, as operations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mrt_lint.classes import dataclass
from mrt_lint.ops import (
    AddColumn,
    AddConstraint,
    AlterColumnType,
    CreateIndex,
    DropColumn,
    DropConstraint,
    Expression,
    Opaque,
    RenameColumn,
    SetColumnComment,
    SetDefault,
    SetIdentity,
    SetNullable,
    Update,
    WrongCall,
)
from mrt_lint.ops.contents import ColumnTest
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import Column, Constraint, Index
from mrt_lint.schema.types import SqlType
from mrt_rules_django.alike import alike
from mrt_rules_django.defaults import effective_default
from mrt_rules_django.models import Models, has_column, is_many_to_many
from mrt_rules_django.naming import part_name
from mrt_rules_django.parts import Parts, join_parts, parts_of
from mrt_rules_django.specs import Model, Spec
from mrt_rules_django.tables import Tables


@dataclass(slots=True)
class Editor(Tables):
    """Adds, removes and alters fields; the tables and indexes come from the classes below it."""

    def add_field(self, models: Models, model: Model, name: str, spec: Spec) -> None:
        """Adds a column, or a join table."""
        if not models.has_table(model):
            return
        if is_many_to_many(spec):
            self.create_join(models, model, name, spec)
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
            self.drop_join(models, model, name, spec)
        if not has_column(spec):
            return
        table, column = models.table(model), models.column_name(name, spec)
        if self.dialect in MYSQL:
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
        same_type = alike(before, old, old_spec, after, new, new_spec)
        self._alter_column(after, after.table(new), one, other, temporary, same_type)
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
        elif key is not None and later is not None and key not in gone and self.dialect in MYSQL:
            # Django takes the key off while it alters the field, so that no index of it stands in the way.
            gone, come = ([key, *gone], [*come, later]) if gone or come else (gone, come)
        for constraint in gone:
            if constraint.kind != "primary":
                self.drop_constraint(table, constraint)
        if renamed:
            self.emit(RenameColumn, table=table, name=old.name, new=new.name)
        named_anew = renamed and self.dialect == "sqlite"
        for index in one.indexes if named_anew else _lost(one.indexes, other.indexes, old.name, new.name):
            moved = tuple(new.name if text == old.name else text for text in index.columns or ())
            self.drop_index(table, replace(index, columns=moved) if renamed else index)
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
        if isinstance(new.nullable, Unknown) and isinstance(old.nullable, bool):
            reason = f"whether {table}.{new.name} may hold NULL is decided by its class"
            self.emit(Opaque, reason=reason, tables=(table,))
        for constraint in gone:
            if constraint.kind == "primary":
                self.drop_constraint(table, constraint)
        if old.comment != new.comment and self.dialect != "sqlite":
            self.emit(SetColumnComment, table=table, name=new.name, comment=new.comment)
        for constraint in come:
            self.add_constraint(table, constraint, new.name)
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
        for owner, field_name, spec in after.referring(new):
            if owner.key == new.key and field_name == name:
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
                    self.drop_constraint(table, key)
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
