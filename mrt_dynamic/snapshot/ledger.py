"""Keeps a State from one reading to the next, so that only what changed is written into it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Key
from mrt_lint.schema.objects import AnyObject
from mrt_lint.schema.state import State

Bundle = tuple[AnyObject, ...]
"""Objects that are read together: a table with its triggers."""


def written_since(state: State, earlier: State) -> list[Key] | None:
    """Returns the keys written since an earlier State of the same ledger, sorted; None if that is not known.

    One without a log (it was made fresh, or nothing was in it) is not known to be an earlier one.
    """
    return None if earlier.log is None else state.changed_since(earlier)


class Ledger:
    """The State of the last reading and where each of its objects came from."""

    def __init__(self, dialect: Dialect) -> None:
        self.state = State(dialect)
        self._bundles: dict[Hashable, Bundle] = {}

    def write(self, read: Mapping[Hashable, Bundle], gone: Iterable[Hashable] = ()) -> State:
        """Returns the State with these bundles in the place of those of the same id, and without `gone`.

        What reads as it did before stays the same object, so that a comparison passes it over.
        """
        state = self.state
        old: dict[Key, AnyObject] = {}
        for name in (*gone, *read):
            for item in self._bundles.pop(name, ()):
                old[state.key(item.kind, item.name)] = item
        new: dict[Key, AnyObject] = {}
        for name, bundle in read.items():
            kept = []
            for item in bundle:
                key = state.key(item.kind, item.name)
                before = old.get(key)
                new[key] = before if before is not None and before == item else item
                kept.append(new[key])
            self._bundles[name] = tuple(kept)
        for key, item in old.items():
            if key not in new:
                state = state.drop(item.kind, item.name)
        for key, item in new.items():
            if old.get(key) is not item:
                state = state.put(item)
        self.state = state
        return state
