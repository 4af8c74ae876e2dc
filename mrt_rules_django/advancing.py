"""What every operation of Django makes of the models (`state_forwards`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mrt_lint.schema.replacing import replace
from mrt_rules_django.arguments import spec_of, text_of
from mrt_rules_django.meta import name_of, sets_of
from mrt_rules_django.models import Models
from mrt_rules_django.references import model_of
from mrt_rules_django.specs import Draft, Model, Plain, Spec

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
    name = text_of(draft, "name")
    options = draft.get("options")
    bases = draft.get("bases", ())
    fields, complete = _fields(draft.get("fields"))
    plain = options.options if isinstance(options, Spec) else ()
    model = Model(app, name, fields, plain, bases if isinstance(bases, tuple) else (), complete)
    return models.put(model)


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


def _delete(models: Models, app: str, draft: Draft) -> Models:
    return models.drop(app, text_of(draft, "name"))


def _rename_model(models: Models, app: str, draft: Draft) -> Models:
    old, new = text_of(draft, "old_name"), text_of(draft, "new_name")
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


def _put_field(models: Models, app: str, draft: Draft) -> Models:
    model = models.get(app, text_of(draft, "model_name"))
    if model is None:
        return models
    spec, name = spec_of(models, app, draft), text_of(draft, "name")
    if draft.get("preserve_default", True) is False:
        spec = spec.without("default")
    if model.field(name) is not None:
        fields = tuple((key, spec if key == name else old) for key, old in model.fields)
    else:
        fields = (*model.fields, (name, spec))
    return models.put(model.with_fields(fields))


def _remove_field(models: Models, app: str, draft: Draft) -> Models:
    model = models.get(app, text_of(draft, "model_name"))
    name = text_of(draft, "name")
    if model is None:
        return models
    return models.put(model.with_fields(tuple(item for item in model.fields if item[0] != name)))


def _rename_field(models: Models, app: str, draft: Draft) -> Models:
    model = models.get(app, text_of(draft, "model_name"))
    old, new = text_of(draft, "old_name"), text_of(draft, "new_name")
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
    for owner, name, spec in models.referring(model):
        if spec.get("to_field") == old:
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
        model = models.get(app, text_of(draft, "model_name"))
        if model is None:
            return models
        old = model.option(option, ())
        items = old if isinstance(old, tuple) else (old,)
        return models.put(model.with_options(**{option: (*items, draft.get(argument))}))

    return change


def _remove_item(option: str) -> Callable[[Models, str, Draft], Models]:
    def change(models: Models, app: str, draft: Draft) -> Models:
        model = models.get(app, text_of(draft, "model_name"))
        if model is None:
            return models
        old = model.option(option, ())
        items = old if isinstance(old, tuple) else (old,)
        kept = tuple(item for item in items if name_of(item) != draft.get("name"))
        return models.put(model.with_options(**{option: kept}))

    return change


def _alter_constraint(models: Models, app: str, draft: Draft) -> Models:
    model = models.get(app, text_of(draft, "model_name"))
    items = model.option("constraints", ()) if model is not None else ()
    if model is None or not isinstance(items, tuple):
        return models
    new = draft.get("constraint")
    changed = tuple(new if name_of(item) == draft.get("name") else item for item in items)
    return models.put(model.with_options(constraints=changed))


def _rename_index(models: Models, app: str, draft: Draft) -> Models:
    model = models.get(app, text_of(draft, "model_name"))
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
    "AlterOrderWithRespectTo": _option_setter("order_with_respect_to", "order_with_respect_to"),
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
    "AlterConstraint": _alter_constraint,
    "RemoveConstraint": _remove_item("constraints"),
}
