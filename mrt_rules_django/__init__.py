"""The Django package: its frontend, the meaning of its calls, its rules; a plugin of mrt-lint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from mrt_lint.lint.hookspecs import hookimpl
from mrt_lint.lint.meanings import Later

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Meaning
    from mrt_lint.frontend import Frontend
    from mrt_lint.lint.rule import Rule


@hookimpl
def mrt_frontends() -> Iterable[Frontend]:
    """Returns the Django frontend."""
    from mrt_rules_django.frontend import DjangoFrontend

    return [DjangoFrontend()]


@hookimpl
def mrt_values() -> Mapping[str, Meaning]:
    """Returns what the names of Django's migrations and models mean."""

    def made() -> Mapping[str, Meaning]:
        from mrt_rules_django.meanings import meanings

        return meanings()

    return Later(("django",), made)


@hookimpl
def mrt_rules() -> Iterable[type[Rule]]:
    """Returns the rules that only make sense for Django."""
    from mrt_lint.lint.collect import rules_in
    from mrt_rules_django import rules

    return rules_in(rules)
