"""Every operation of Django and what carries it out on the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mrt_rules_django import on_models, on_parts
from mrt_rules_django.editor import Editor
from mrt_rules_django.models import Models
from mrt_rules_django.specs import Draft

STATE_ONLY: Final = ("AlterModelOptions", "AlterModelManagers", "AlterConstraint")
"""Operations that change nothing but the models."""


def run(editor: Editor, app: str, draft: Draft, before: Models, after: Models, forward: bool) -> None:
    """Emits what an operation does to the database. Raises UnclearError.

    `before` and `after`: the models on both sides of it, in the order of the upgrade.
    """
    if draft.kind in STATE_ONLY:
        return
    _DATABASE[draft.kind](editor, app, draft, before, after, forward)


_Database = Callable[[Editor, str, Draft, Models, Models, bool], None]

_DATABASE: Final[dict[str, _Database]] = {
    "CreateModel": on_models.create_model,
    "DeleteModel": on_models.delete_model,
    "RenameModel": on_models.rename_model,
    "AlterModelTable": on_models.alter_table,
    "AlterModelTableComment": on_models.alter_comment,
    "AlterUniqueTogether": on_models.alter_together,
    "AlterIndexTogether": on_models.alter_together,
    "AlterOrderWithRespectTo": on_models.alter_order,
    "AddField": on_models.add_field,
    "RemoveField": on_models.remove_field,
    "AlterField": on_models.alter_field,
    "RenameField": on_models.rename_field,
    "AddIndex": on_parts.change_index,
    "RemoveIndex": on_parts.change_index,
    "AddIndexConcurrently": on_parts.change_index,
    "RemoveIndexConcurrently": on_parts.change_index,
    "AddConstraint": on_parts.change_index,
    "RemoveConstraint": on_parts.change_index,
    "AddConstraintNotValid": on_parts.change_index,
    "ValidateConstraint": on_parts.validate,
    "RenameIndex": on_parts.rename_index,
    "CreateExtension": on_parts.change_extension,
    **dict.fromkeys(on_parts.EXTENSIONS, on_parts.change_extension),
    "CreateCollation": on_parts.change_collation,
    "RemoveCollation": on_parts.change_collation,
}
