"""What operations on indexes, constraints, extensions and collations do to the database, both ways."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mrt_lint.ops import AddConstraint, CreateIndex, CreateObject, DropIndex, DropObject, ValidateConstraint
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Constraint, Index, SchemaObject
from mrt_rules_django.arguments import UnclearError, model_in, text_of
from mrt_rules_django.editor import Editor
from mrt_rules_django.meta import MetaParts, name_of, part_of, together_part
from mrt_rules_django.models import Models
from mrt_rules_django.specs import Draft, Model

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


def change_index(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    """Adds or removes an index or a constraint."""
    adds = d.kind.startswith("Add")
    models = after if adds else before
    model = model_in(models, app, d)
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


def validate(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    """Validates a constraint; backwards Django does nothing."""
    if forward:
        e.emit(ValidateConstraint, table=after.table(model_in(after, app, d)), name=text_of(d, "name"))


def rename_index(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    """Renames an index; one without a name keeps its new one backwards."""
    model = model_in(after, app, d)
    if not after.has_table(model):
        return
    table, new, fields = after.table(model), text_of(d, "new_name"), d.get("old_fields")
    if isinstance(fields, tuple):
        if forward:
            part = together_part(before, model_in(before, app, d), "index_together", fields)
            e.rename_index(table, part.indexes[0].name or "", new)
        return
    old = text_of(d, "old_name")
    e.rename_index(table, *((old, new) if forward else (new, old)))


def change_extension(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    """Creates an extension, or drops it again."""
    if e.dialect != "postgresql":
        return
    name = EXTENSIONS.get(d.kind) or text_of(d, "name")
    value = SchemaObject("extension", Name(name), "")
    if forward:
        e.emit(CreateObject, object=value, conditional=True)
    else:
        e.emit(DropObject, kind="extension", name=Name(name), conditional=True)


def change_collation(e: Editor, app: str, d: Draft, before: Models, after: Models, forward: bool) -> None:
    """Creates or drops a collation."""
    if e.dialect != "postgresql":
        return
    name = Name(f"collation {text_of(d, 'name')}")
    if forward is (d.kind == "CreateCollation"):
        words = [f"locale = {d.get('locale')}"]
        words += [f"provider = {d.get('provider')}"] if d.get("provider") else []
        words += ["deterministic = false"] if d.get("deterministic") is False else []
        e.emit(CreateObject, object=SchemaObject("other", name, f"({', '.join(words)})"))
    else:
        e.emit(DropObject, kind="other", name=name)
