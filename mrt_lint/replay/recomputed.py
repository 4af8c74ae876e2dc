"""Contents that the downgrade computes by the words of the upgrade, with another function behind them."""

from __future__ import annotations

from mrt_lint.schema.expressions import identifiers
from mrt_lint.schema.names import Key
from mrt_lint.schema.origin import Derived, Origin
from mrt_lint.schema.state import State


def by_replaced_function(origin: Origin | None, between: State, after: State) -> bool:
    """Returns whether contents are computed by a function that the downgrade has made anew.

    The same expression then gives other values than it gave in the upgrade.
    """
    if not isinstance(origin, Derived):
        return False
    made = {after.fold(key.name).partition("(")[0] for key in _changed(between, after)}
    return any(after.fold(word) in made for word in identifiers(origin.expression))


def _changed(between: State, after: State) -> list[Key]:
    return [
        key
        for key in after.changed_since(between) or ()
        if key.kind == "function" and between.objects.get(key) != after.objects.get(key)
    ]
