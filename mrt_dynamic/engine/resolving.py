"""Revisions as users name them, resolved as Alembic does, with errors of one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from alembic.script.revision import MultipleHeads, ResolutionError, Revision, RevisionError

from mrt_lint.errors import UsageError, nearest
from mrt_lint.lint.revisions import SYMBOLS

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory


def resolve(script: ScriptDirectory, word: str) -> tuple[str, ...]:
    """Returns the full ids that a word means, none for `base`.

    An id, the beginning of one of at least four characters, a branch label, `head`, `heads`, `base`,
    each also as `label@...`, and `-n`: n steps before the heads. Raises UsageError.
    """
    revisions = script.revision_map
    try:
        if not word:
            raise ResolutionError("no name", word)
        found = revisions.get_revisions(word)
    except MultipleHeads as error:
        raise UsageError(
            f"{word!r}: there are several heads, {_several(error.heads)}; name one, or say 'heads'"
        ) from error
    except ResolutionError as error:
        begun = [name for name in _ids(script) if name.startswith(word)]
        if len(begun) > 1 and len(word) > 3:
            raise UsageError(f"{word!r} could be any of {_several(begun)}; give more of it") from error
        near = nearest(word, [*SYMBOLS, *_ids(script), *_labels(script)]) or "; `alembic history` lists them"
        raise UsageError(f"no migration is called {word!r}{near}") from error
    except RevisionError as error:
        raise UsageError(f"{word!r}: {error}") from error
    return tuple(each.revision for each in found if isinstance(each, Revision))


def _ids(script: ScriptDirectory) -> list[str]:
    return [each.revision for each in script.walk_revisions()]


def _labels(script: ScriptDirectory) -> list[str]:
    return sorted({label for each in script.walk_revisions() for label in each.branch_labels})


def _several(ids: Sequence[str]) -> str:
    return ", ".join(sorted(ids)[:3]) + (", ..." if len(ids) > 3 else "")
