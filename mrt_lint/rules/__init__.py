"""The rules that hold for every framework: round trip, history, hygiene. A plugin like any other."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from mrt_lint.lint.hookspecs import hookimpl

if TYPE_CHECKING:
    from mrt_lint.lint.rule import Rule


@hookimpl
def mrt_rules() -> list[type[Rule]]:
    """Returns every rule of this package."""
    from mrt_lint.lint.collect import rules_in

    return rules_in(sys.modules[__name__])
