"""What operations on models and fields do to the database, in both directions.

Each function is given the models on both sides of the operation, in the order of the upgrade.
"""

from __future__ import annotations

from mrt_lint.schema.objects import Constraint, Index
from mrt_rules_django.arguments import UnclearError, model_in, spec_of, text_of
from mrt_rules_django.editor import Editor
from mrt_rules_django.meta import sets_of, together_part
from mrt_rules_django.models import Models, is_many_to_many, is_relation
from mrt_rules_django.specs import Draft
from mrt_rules_django.tables import ORDER


def create_model(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    """Makes the table of a model, or drops it again."""
    model = model_in(after, app, d, "name")
    if forward:
        e.create_model(after, model)
    else:
        e.delete_model(after, model)


def delete_model(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    """Drops the table of a model, or makes it again."""
    model = model_in(before, app, d, "name")
    if forward:
        e.delete_model(before, model)
    else:
        e.create_model(before, model)


def rename_model(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    """Renames the table, the join tables, and points the foreign keys at it."""
    old, new = model_in(before, app, d, "old_name"), model_in(after, app, d, "new_name")
    if not forward:
        before, old, after, new = after, new, before, old
    if before.table(old) == after.table(new):
        return
    e.rename_table(before, old, after, new)
    e.rename_joins(before, old, after, new)
    for owner, name, spec in before.referring(old):
        if owner.key == old.key:
            continue
        other = after.items.get(owner.key)
        if other is not None and is_relation(spec):
            e.repoint(before, owner, after, other, name)
        later = other.field(name) if other is not None else None
        if other is not None and later is not None and is_many_to_many(spec):
            e.alter_join(before, owner, name, spec, after, other, name, later)


def alter_table(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    """Renames the table."""
    old, new = model_in(before, app, d, "name"), model_in(after, app, d, "name")
    if not forward:
        before, old, after, new = after, new, before, old
    e.rename_table(before, old, after, new)
    e.rename_joins(before, old, after, new, anew=False)


def alter_comment(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    """Sets the comment of the table."""
    models = after if forward else before
    model = model_in(models, app, d, "name")
    comment = model.option("db_table_comment")
    if models.has_table(model):
        e.set_comment(models.table(model), comment if isinstance(comment, str) else None)


def alter_together(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    """Drops and adds what `unique_together` or `index_together` asks for."""
    option = "unique_together" if d.kind == "AlterUniqueTogether" else "index_together"
    old, new = model_in(before, app, d, "name"), model_in(after, app, d, "name")
    if not forward:
        before, old, after, new = after, new, before, old
    if not after.has_table(new):
        return
    olds, news = sets_of(old.option(option)), sets_of(new.option(option))
    table = after.table(new)
    if olds is None or news is None:
        raise UnclearError(f"the {option} of {new.name} is known only at run time", (table,))
    for fields in olds:
        if fields not in news:
            part = together_part(before, old, option, fields)
            parts: list[Constraint | Index] = [*part.constraints, *part.indexes]
            for one in parts:
                e.keep_key_index(before, old, one)
            e.drop_found(table, part.constraints, part.indexes)
    for fields in news:
        if fields not in olds:
            part = together_part(after, new, option, fields)
            e.add_parts(table, part.constraints, part.indexes)


def alter_order(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    """Adds or removes the column that keeps an order."""
    old, new = model_in(before, app, d, "name"), model_in(after, app, d, "name")
    if not forward:
        before, old, after, new = after, new, before, old
    had, has = old.option("order_with_respect_to"), new.option("order_with_respect_to")
    if has and not had:
        e.add_field(after, new, "_order", ORDER.changed(default=0))
    elif had and not has:
        e.remove_field(before, old, "_order", ORDER)


def add_field(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    """Adds the column of a field, or removes it again."""
    model, name = model_in(after, app, d), text_of(d, "name")
    spec = spec_of(after, app, d)
    if forward:
        e.add_field(after, model, name, spec)
    else:
        e.remove_field(after, model, name, spec)


def remove_field(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    """Removes the column of a field, or adds it again."""
    model, name = model_in(before, app, d), text_of(d, "name")
    spec = model.field(name)
    if spec is None:
        if model.complete:
            raise UnclearError(f"{model.name} has no field {name} at that point", (before.table(model),))
        raise UnclearError(
            f"the field {model.name}.{name} is not known at that point", (before.table(model),)
        )
    if forward:
        e.remove_field(before, model, name, spec)
    else:
        e.add_field(before, model, name, spec)


def alter_field(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    """Changes the column of a field, or changes it back."""
    old, new, name = model_in(before, app, d), model_in(after, app, d), text_of(d, "name")
    spec, earlier = spec_of(after, app, d), old.field(name)
    if earlier is None:
        raise UnclearError(f"the field {old.name}.{name} is not known at that point", (after.table(new),))
    if forward:
        e.alter_field(before, old, name, after, new, name, spec)
    else:
        e.alter_field(after, new, name, before, old, name, earlier)


def rename_field(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    """Renames the column of a field."""
    old, new = model_in(before, app, d), model_in(after, app, d)
    one, other = text_of(d, "old_name"), text_of(d, "new_name")
    spec = old.field(one)
    if spec is None:
        raise UnclearError(f"the field {old.name}.{one} is not known at that point", (after.table(new),))
    if forward:
        e.alter_field(before, old, one, after, new, other, spec)
    else:
        e.alter_field(after, new, other, before, old, one, spec)
