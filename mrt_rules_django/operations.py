"""Every operation of Django: what it makes of the models, and of the database in both directions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from mrt_lint.ops import (
    AddConstraint,
    CreateIndex,
    CreateObject,
    DropIndex,
    DropObject,
    Opaque,
    ValidateConstraint,
)
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Constraint, Index, SchemaObject
from mrt_rules_django.editor import ORDER, Editor
from mrt_rules_django.meta import MetaParts, name_of, part_of, sets_of, together_part
from mrt_rules_django.models import Models, is_many_to_many, is_relation
from mrt_rules_django.references import model_of
from mrt_rules_django.specs import UNKNOWN, Draft, Model, Plain, Ref, Spec

EXTENSIONS: Final = {
    "BloomExtension": "bloom",
    "BtreeGinExtension": "btree_gin",
    "BtreeGistExtension": "btree_gist",
    "CITextExtension": "citext",
    "CryptoExtension": "pgcrypto",
    "HStoreExtension": "hstore",
    "TrigramExtension": "pg_trgm",
    "UnaccentExtension": "unaccent",
}

STATE_ONLY: Final = ("AlterModelOptions", "AlterModelManagers", "AlterConstraint")
_MODEL_OPTIONS: Final = (
    "base_manager_name",
    "default_manager_name",
    "default_related_name",
    "get_latest_by",
    "managed",
    "ordering",
    "permissions",
    "default_permissions",
    "select_on_save",
    "verbose_name",
    "verbose_name_plural",
)
"""Options that AlterModelOptions sets, and resets where it does not name them."""


class UnclearError(Exception):
    """An operation's argument is not known; it becomes an Opaque that may touch `tables` (None: any)."""

    def __init__(self, reason: str, tables: tuple[Name, ...] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.tables = tables


def _text(draft: Draft, name: str) -> str:
    value = draft.get(name)
    if not isinstance(value, str):
        raise UnclearError(f"the {name} of {draft.kind} is known only at run time")
    return value


def _model(models: Models, app: str, draft: Draft, name: str = "model_name") -> Model:
    text = _text(draft, name)
    found = models.get(app, text)
    if found is None:
        table = models.table_of((app, text.lower()))
        raise UnclearError(f"the model {app}.{text} is not known at that point", (table,))
    return found


def _spec(models: Models, app: str, draft: Draft, name: str = "field") -> Spec:
    value = draft.get(name)
    if isinstance(value, Spec) and value.path != "dict":
        return value
    model = models.get(app, str(draft.get("model_name")))
    tables = (models.table(model),) if model is not None else None
    raise UnclearError(f"the {name} of {draft.kind} is known only at run time", tables)


# -- the models ------------------------------------------------------------------------------------


def advance(models: Models, app: str, draft: Draft) -> Models:
    """Returns the models after an operation (`state_forwards`). Raises UnclearError."""
    if draft.kind in ("SeparateDatabaseAndState", "RunSQL"):
        for part in draft.state_parts:
            if isinstance(part, Draft):
                models = advance(models, app, part)
        return models
    change = _STATE.get(draft.kind)
    return change(models, app, draft) if change is not None else models


def _create(models: Models, app: str, draft: Draft) -> Models:
    name = _text(draft, "name")
    options = draft.get("options")
    bases = draft.get("bases", ())
    fields, complete = _fields(draft.get("fields"))
    plain = options.options if isinstance(options, Spec) else ()
    model = Model(app, name, fields, plain, bases if isinstance(bases, tuple) else (), complete)
    return models.put(_inheriting(models, model))


def _fields(value: Plain) -> tuple[tuple[tuple[str, Spec], ...], bool]:
    """Returns the fields of a CreateModel, and whether these are all."""
    if not isinstance(value, tuple):
        return (), value is None
    found: list[tuple[str, Spec]] = []
    complete = True
    for item in value:
        if isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], str):
            spec = item[1]
            if isinstance(spec, Spec) and spec.path != "dict":
                found.append((item[0], spec))
                continue
        complete = False
    return tuple(found), complete


def _inheriting(models: Models, model: Model) -> Model:
    """Returns the model; a base class of the project that is abstract adds nothing that is not written."""
    for base in model.bases if isinstance(model.bases, tuple) else ():
        if base is UNKNOWN:
            return replace(model, complete=model.complete)
    return model


def _delete(models: Models, app: str, draft: Draft) -> Models:
    return models.drop(app, _text(draft, "name"))


def _rename_model(models: Models, app: str, draft: Draft) -> Models:
    old, new = _text(draft, "old_name"), _text(draft, "new_name")
    model = models.get(app, old)
    if model is None:
        return models
    models = models.drop(app, old).put(replace(model, name=new))
    for other in list(models.items.values()):
        fields = tuple(
            (name, _repointed(models, other, spec, (app, old.lower()), new)) for name, spec in other.fields
        )
        if fields != other.fields:
            models = models.put(other.with_fields(fields))
    return models


def _repointed(models: Models, owner: Model, spec: Spec, old: tuple[str, str], new: str) -> Spec:
    changes: dict[str, Plain] = {}
    for option in ("to", "through"):
        value = spec.get(option)
        named = isinstance(value, str) and value != "self"
        if named and model_of(value, owner.app, owner.name, models.project) == old:
            changes[option] = f"{old[0]}.{new}"
    return spec.changed(**changes) if changes else spec


def _alter_options(models: Models, app: str, draft: Draft) -> Models:
    model = models.get(app, str(draft.get("name")))
    options = draft.get("options")
    if model is None or not isinstance(options, Spec):
        return models
    kept = {key: value for key, value in model.options if key not in _MODEL_OPTIONS}
    merged = {**kept, **dict(options.options)}
    return models.put(replace(model, options=tuple(merged.items())))


def _option_setter(option: str, argument: str) -> Callable[[Models, str, Draft], Models]:
    def change(models: Models, app: str, draft: Draft) -> Models:
        model = models.get(app, str(draft.get("name")))
        if model is None:
            return models
        return models.put(model.with_options(**{option: draft.get(argument)}))

    return change


def _order(models: Models, app: str, draft: Draft) -> Models:
    model = models.get(app, str(draft.get("name")))
    if model is None:
        return models
    return models.put(model.with_options(order_with_respect_to=draft.get("order_with_respect_to")))


def _put_field(models: Models, app: str, draft: Draft) -> Models:
    model = models.get(app, _text(draft, "model_name"))
    if model is None:
        return models
    spec, name = _spec(models, app, draft), _text(draft, "name")
    if draft.get("preserve_default", True) is False:
        spec = spec.without("default")
    if model.field(name) is not None:
        fields = tuple((key, spec if key == name else old) for key, old in model.fields)
    else:
        fields = (*model.fields, (name, spec))
    return models.put(model.with_fields(fields))


def _remove_field(models: Models, app: str, draft: Draft) -> Models:
    model = models.get(app, _text(draft, "model_name"))
    name = _text(draft, "name")
    if model is None:
        return models
    return models.put(model.with_fields(tuple(item for item in model.fields if item[0] != name)))


def _rename_field(models: Models, app: str, draft: Draft) -> Models:
    model = models.get(app, _text(draft, "model_name"))
    old, new = _text(draft, "old_name"), _text(draft, "new_name")
    if model is None:
        return models
    fields = tuple((new if name == old else name, spec) for name, spec in model.fields)
    options: dict[str, Plain] = {}
    for option in ("unique_together", "index_together"):
        sets = sets_of(model.option(option))
        if sets:
            options[option] = tuple(tuple(new if name == old else name for name in one) for one in sets)
    for option in ("indexes", "constraints"):
        value = model.option(option)
        if isinstance(value, tuple):
            options[option] = tuple(_with_renamed(item, old, new) for item in value)
    if model.option("order_with_respect_to") == old:
        options["order_with_respect_to"] = new
    model = model.with_fields(fields)
    models = models.put(model.with_options(**options) if options else model)
    for owner, name, spec in list(models.relations()):
        if spec.get("to_field") == old and models.target(owner, spec) == model.key:
            changed = tuple(
                (key, spec.changed(to_field=new) if key == name else one) for key, one in owner.fields
            )
            models = models.put(owner.with_fields(changed))
    return models


def _with_renamed(item: Plain, old: str, new: str) -> Plain:
    """Returns an index or constraint over the renamed field."""
    if not isinstance(item, Spec):
        return item
    fields = item.get("fields")
    if not isinstance(fields, tuple):
        return item
    names = tuple(f"-{new}" if name == f"-{old}" else new if name == old else name for name in fields)
    return item.changed(fields=names) if names != fields else item


def _add_item(option: str, argument: str) -> Callable[[Models, str, Draft], Models]:
    def change(models: Models, app: str, draft: Draft) -> Models:
        model = models.get(app, _text(draft, "model_name"))
        if model is None:
            return models
        old = model.option(option, ())
        items = old if isinstance(old, tuple) else (old,)
        return models.put(model.with_options(**{option: (*items, draft.get(argument))}))

    return change


def _remove_item(option: str) -> Callable[[Models, str, Draft], Models]:
    def change(models: Models, app: str, draft: Draft) -> Models:
        model = models.get(app, _text(draft, "model_name"))
        if model is None:
            return models
        old = model.option(option, ())
        items = old if isinstance(old, tuple) else (old,)
        kept = tuple(item for item in items if name_of(item) != draft.get("name"))
        return models.put(model.with_options(**{option: kept}))

    return change


def _rename_index(models: Models, app: str, draft: Draft) -> Models:
    model = models.get(app, _text(draft, "model_name"))
    if model is None:
        return models
    new, fields = draft.get("new_name"), draft.get("old_fields")
    items = model.option("indexes", ())
    items = items if isinstance(items, tuple) else ()
    if isinstance(fields, tuple):
        sets = [one for one in sets_of(model.option("index_together")) or [] if one != fields]
        index = Spec("django.db.models.Index", (), (("fields", fields), ("name", new)))
        return models.put(model.with_options(index_together=tuple(sets), indexes=(*items, index)))
    old = draft.get("old_name")
    changed = tuple(
        item.changed(name=new) if isinstance(item, Spec) and name_of(item) == old else item for item in items
    )
    return models.put(model.with_options(indexes=changed))


_STATE: Final[dict[str, Callable[[Models, str, Draft], Models]]] = {
    "CreateModel": _create,
    "DeleteModel": _delete,
    "RenameModel": _rename_model,
    "AlterModelOptions": _alter_options,
    "AlterModelTable": _option_setter("db_table", "table"),
    "AlterModelTableComment": _option_setter("db_table_comment", "table_comment"),
    "AlterUniqueTogether": _option_setter("unique_together", "unique_together"),
    "AlterIndexTogether": _option_setter("index_together", "index_together"),
    "AlterOrderWithRespectTo": _order,
    "AddField": _put_field,
    "AlterField": _put_field,
    "RemoveField": _remove_field,
    "RenameField": _rename_field,
    "AddIndex": _add_item("indexes", "index"),
    "AddIndexConcurrently": _add_item("indexes", "index"),
    "RemoveIndex": _remove_item("indexes"),
    "RemoveIndexConcurrently": _remove_item("indexes"),
    "RenameIndex": _rename_index,
    "AddConstraint": _add_item("constraints", "constraint"),
    "AddConstraintNotValid": _add_item("constraints", "constraint"),
    "RemoveConstraint": _remove_item("constraints"),
}


# -- the database ----------------------------------------------------------------------------------


def run(editor: Editor, app: str, draft: Draft, before: Models, after: Models, forward: bool) -> None:
    """Emits what an operation does to the database. Raises UnclearError.

    `before` and `after`: the models on both sides of it, in the order of the upgrade.
    """
    if draft.kind in STATE_ONLY:
        return
    _DATABASE[draft.kind](editor, app, draft, before, after, forward)


def _db_create(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    model = _model(after, app, d, "name")
    if forward:
        e.create_model(after, model)
    else:
        e.delete_model(after, model)


def _db_delete(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    model = _model(before, app, d, "name")
    if forward:
        e.delete_model(before, model)
    else:
        e.create_model(before, model)


def _db_rename_model(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    old, new = _model(before, app, d, "old_name"), _model(after, app, d, "new_name")
    if not forward:
        before, old, after, new = after, new, before, old
    if before.table(old) == after.table(new):
        return
    e.rename_table(before, old, after, new)
    e.rename_joins(before, old, after, new)
    for owner, name, spec in list(before.relations()):
        if owner.key == old.key or before.target(owner, spec) != old.key:
            continue
        other = after.items.get(owner.key)
        if other is not None and is_relation(spec):
            e.repoint(before, owner, after, other, name)
        later = other.field(name) if other is not None else None
        if other is not None and later is not None and is_many_to_many(spec):
            e.alter_join(before, owner, name, spec, after, other, name, later)


def _db_table(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    old, new = _model(before, app, d, "name"), _model(after, app, d, "name")
    if not forward:
        before, old, after, new = after, new, before, old
    e.rename_table(before, old, after, new)
    e.rename_joins(before, old, after, new, anew=False)


def _db_comment(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    models = after if forward else before
    model = _model(models, app, d, "name")
    comment = model.option("db_table_comment")
    if models.has_table(model):
        e.set_comment(models.table(model), comment if isinstance(comment, str) else None)


def _db_together(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    option = "unique_together" if d.kind == "AlterUniqueTogether" else "index_together"
    old, new = _model(before, app, d, "name"), _model(after, app, d, "name")
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


def _db_order(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    old, new = _model(before, app, d, "name"), _model(after, app, d, "name")
    if not forward:
        before, old, after, new = after, new, before, old
    had, has = old.option("order_with_respect_to"), new.option("order_with_respect_to")
    if has and not had:
        e.add_field(after, new, "_order", ORDER.changed(default=0))
    elif had and not has:
        e.remove_field(before, old, "_order", ORDER)


def _db_add_field(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    model, name = _model(after, app, d), _text(d, "name")
    spec = _spec(after, app, d)
    if forward:
        e.add_field(after, model, name, spec)
    else:
        e.remove_field(after, model, name, spec)


def _db_remove_field(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    model, name = _model(before, app, d), _text(d, "name")
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


def _db_alter_field(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    old, new, name = _model(before, app, d), _model(after, app, d), _text(d, "name")
    spec, earlier = _spec(after, app, d), old.field(name)
    if earlier is None:
        raise UnclearError(f"the field {old.name}.{name} is not known at that point", (after.table(new),))
    if forward:
        e.alter_field(before, old, name, after, new, name, spec)
    else:
        e.alter_field(after, new, name, before, old, name, earlier)


def _db_rename_field(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    old, new = _model(before, app, d), _model(after, app, d)
    one, other = _text(d, "old_name"), _text(d, "new_name")
    spec = old.field(one)
    if spec is None:
        raise UnclearError(f"the field {old.name}.{one} is not known at that point", (after.table(new),))
    if forward:
        e.alter_field(before, old, one, after, new, other, spec)
    else:
        e.alter_field(after, new, other, before, old, one, spec)


def _db_index(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    adds = d.kind.startswith("Add")
    models = after if adds else before
    model = _model(models, app, d)
    if not models.has_table(model):
        return
    part = _of_meta(models, model, d, "indexes" if "Index" in d.kind else "constraints")
    table = models.table(model)
    creates = adds is forward
    if d.kind.endswith("Concurrently"):
        for index in part.indexes:
            if creates:
                e.emit(CreateIndex, table=table, index=index, concurrently=True)
            else:
                e.emit(DropIndex, name=Name(index.name or "", table.schema), table=table, concurrently=True)
    elif creates and d.kind == "AddConstraintNotValid":
        for constraint in part.constraints:
            e.emit(AddConstraint, table=table, constraint=replace(constraint, validated=False))
    elif creates:
        e.add_parts(table, part.constraints, part.indexes)
    else:
        parts: list[Constraint | Index] = [*part.constraints, *part.indexes]
        for one in parts:
            e.keep_key_index(models, model, one)
        e.drop_parts(table, part.constraints, part.indexes)


def _of_meta(models: Models, model: Model, draft: Draft, option: str) -> MetaParts:
    """Returns the index or constraint that an operation adds, or that the state knows by its name."""
    table = models.table(model)
    argument = draft.get("index" if option == "indexes" else "constraint")
    if argument is None:
        items = model.option(option, ())
        name = draft.get("name")
        named = [item for item in items if name_of(item) == name] if isinstance(items, tuple) else []
        if not named:
            raise UnclearError(f"{name} of {model.name} is not known at that point", (table,))
        argument = named[0]
    part = part_of(models, model, argument)
    if part.unclear:
        raise UnclearError(part.unclear[0], (table,))
    return part


def _db_validate(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    if forward:
        e.emit(ValidateConstraint, table=after.table(_model(after, app, d)), name=_text(d, "name"))


def _db_rename_index(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    model = _model(after, app, d)
    if not after.has_table(model):
        return
    table, new, fields = after.table(model), _text(d, "new_name"), d.get("old_fields")
    if isinstance(fields, tuple):
        if forward:
            part = together_part(before, _model(before, app, d), "index_together", fields)
            e.rename_index(table, part.indexes[0].name or "", new)
        return
    old = _text(d, "old_name")
    e.rename_index(table, *((old, new) if forward else (new, old)))


def _db_extension(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    if e.dialect != "postgresql":
        return
    name = EXTENSIONS.get(d.kind) or _text(d, "name")
    value = SchemaObject("extension", Name(name), "")
    if forward:
        e.emit(CreateObject, object=value, conditional=True)
    else:
        e.emit(DropObject, kind="extension", name=Name(name), conditional=True)


def _db_collation(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    if e.dialect != "postgresql":
        return
    name = Name(f"collation {_text(d, 'name')}")
    if forward is (d.kind == "CreateCollation"):
        words = [f"locale = {d.get('locale')}"]
        words += [f"provider = {d.get('provider')}"] if d.get("provider") else []
        words += ["deterministic = false"] if d.get("deterministic") is False else []
        e.emit(CreateObject, object=SchemaObject("other", name, f"({', '.join(words)})"))
    else:
        e.emit(DropObject, kind="other", name=name)


def _db_nothing(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    e.emit(Opaque, reason=f"{d.kind} is an operation of its own kind")


_Database = Callable[[Editor, str, Draft, Models, Models, bool], None]

_DATABASE: Final[dict[str, _Database]] = {
    "CreateModel": _db_create,
    "DeleteModel": _db_delete,
    "RenameModel": _db_rename_model,
    "AlterModelTable": _db_table,
    "AlterModelTableComment": _db_comment,
    "AlterUniqueTogether": _db_together,
    "AlterIndexTogether": _db_together,
    "AlterOrderWithRespectTo": _db_order,
    "AddField": _db_add_field,
    "RemoveField": _db_remove_field,
    "AlterField": _db_alter_field,
    "RenameField": _db_rename_field,
    "AddIndex": _db_index,
    "RemoveIndex": _db_index,
    "AddIndexConcurrently": _db_index,
    "RemoveIndexConcurrently": _db_index,
    "AddConstraint": _db_index,
    "RemoveConstraint": _db_index,
    "AddConstraintNotValid": _db_index,
    "ValidateConstraint": _db_validate,
    "RenameIndex": _db_rename_index,
    "CreateExtension": _db_extension,
    **dict.fromkeys(EXTENSIONS, _db_extension),
    "CreateCollation": _db_collation,
    "RemoveCollation": _db_collation,
}

__all__ = ["STATE_ONLY", "Ref", "UnclearError", "advance", "run"]
