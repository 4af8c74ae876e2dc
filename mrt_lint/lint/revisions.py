"""Revisions as users name them: which migrations of a history such a name means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mrt_lint.classes import dataclass
from mrt_lint.errors import UsageError, nearest
from mrt_lint.history import History

SYMBOLS = ("base", "head", "heads")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a history: the revisions it is at. None: `base`, before every migration."""

    history: History
    ids: frozenset[str]

    @property
    def after(self) -> frozenset[str]:
        """Returns the revisions that come after the place."""
        if not self.ids:
            return frozenset(self.history.by_id)
        return frozenset().union(*(self.history.descendants(name) for name in self.ids)) - self.ids

    @property
    def until(self) -> frozenset[str]:
        """Returns the revisions at the place and before it."""
        return self.ids.union(*(self.history.ancestors(name) for name in self.ids))


def place(history: History, word: str) -> Place | None:
    """Returns the place that a word names, None if it names none in this history.

    As Alembic takes it (`alembic.script.revision.RevisionMap`): an id, the beginning of one id of at
    least four characters, a branch label, `base`, `head`, `heads`, each also as `label@...`. Raises
    UsageError when it could be several.
    """
    label, _, name = word.rpartition("@")
    branch = _branch(history, label) if label else None
    if label and branch is None:
        return None
    if name == "base":
        return Place(history, frozenset())
    if name in ("head", "heads"):
        return _head(history, name, branch, word)
    if name in history.by_id:
        found = [name]
    elif (labelled := _labelled(history, name)) is not None:
        found = [labelled]
    else:
        found = [known for known in history.by_id if name and len(known) > 3 and known.startswith(name)]
    if branch is not None:
        found = [each for each in found if each in branch]
    if len(found) > 1:
        raise UsageError(f"{word!r} could be any of {_several(found)}; give more of it")
    return Place(history, frozenset(found)) if found else None


def _head(history: History, name: str, branch: frozenset[str] | None, word: str) -> Place | None:
    heads = [head.id for head in history.heads if branch is None or head.id in branch]
    if name == "head" and len(heads) > 1:
        raise UsageError(f"{word!r}: there are several heads, {_several(heads)}; name one, or say 'heads'")
    return Place(history, frozenset(heads)) if heads else None


def _branch(history: History, label: str) -> frozenset[str] | None:
    """Returns the revisions on the branch with a label: its start, what leads to it, what follows."""
    start = _labelled(history, label)
    if start is None:
        return None
    return history.descendants(start) | history.ancestors(start) | {start}


def _labelled(history: History, label: str) -> str | None:
    return next((each.id for each in history.order if label in each.branch_labels), None)


def _several(ids: Sequence[str]) -> str:
    return ", ".join(sorted(ids)[:3]) + (", ..." if len(ids) > 3 else "")


def suggestion(word: str, histories: Iterable[History]) -> str:
    """Returns `"; did you mean 'x'?"` for the nearest name of a revision, or an empty string."""
    known = list(SYMBOLS)
    for history in histories:
        known += history.by_id
        known += [label for each in history.migrations for label in each.branch_labels]
    return nearest(word, known)
