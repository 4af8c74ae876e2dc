"""What a domain of PostgreSQL admits since its definition was changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mrt_lint.schema.objects import AnyObject, SchemaObject

_CHECK: Final = re.compile(r" constraint \S+ CHECK \((.*?)\)(?: NOT VALID)?(?= constraint | comment |$)")
"""As the snapshot writes it: `domain over integer not null constraint c CHECK ((VALUE > 0))`."""


def admitted(old: AnyObject, new: AnyObject) -> Iterator[tuple[str | None, str]]:
    """Yields the conditions on `VALUE` that no longer hold, with their words; None: NOT NULL is gone."""
    if not isinstance(old, SchemaObject) or not isinstance(new, SchemaObject):
        return
    before, after = str(old.definition), str(new.definition)
    if not before.startswith("domain over ") or not after.startswith("domain over "):
        return
    if " not null" in before and " not null" not in after:
        yield None, "NOT NULL"
    kept = set(_CHECK.findall(after))
    for condition in _CHECK.findall(before):
        if condition not in kept:
            yield condition, condition
