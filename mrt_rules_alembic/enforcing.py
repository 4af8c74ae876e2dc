"""Whether a project lets SQLite enforce foreign keys, which it does not do by itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mrt_lint.errors import SourceError

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator
    from mrt_lint.source.source import Source

_PRAGMA: Final = b"foreign_keys"
_ON: Final = {"on", "1", "yes", "true"}
_OFF: Final = {"off", "0", "no", "false"}
_STEPS: Final = 2
"""How many imports away from env.py the engine is looked for: env.py -> settings -> event handlers."""
_FILES: Final = 150
"""Modules that are looked into at most."""


def enforces_keys(env: Source, evaluator: Evaluator) -> bool:
    """Returns whether env.py, or else a module that it imports, tells SQLite to enforce foreign keys.

    What env.py says itself counts before what the modules behind its engine say. Imports inside of functions
    count too: engines are often set up there.
    """
    said = _said(env)
    if said is not None:
        return said
    seen: set[Path] = {env.path}
    level = [env]
    for _ in range(_STEPS):
        following: list[Source] = []
        for source in level:
            for name in _imported(source, evaluator):
                file = evaluator.modules.file_of(name)
                if file is None or file in seen or len(seen) > _FILES:
                    continue
                seen.add(file)
                try:
                    found = evaluator.reader(file)
                except SourceError:
                    continue
                if _said(found):
                    return True
                following.append(found)
        level = following
    return False


def _said(source: Source) -> bool | None:
    """Returns what the PRAGMAs in a file say, None if there is none that can be read.

    One that turns it off counts first: it stands around the migrations, the other one behind them.
    """
    if _PRAGMA not in source.data.lower():
        return None
    said: set[str] = set()
    try:
        nodes = list(ast.walk(source.ast))
    except SourceError:
        return None
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = node.value.lower().replace("=", " ").replace("(", " ").strip(" ;)").split()
            if words[:2] == ["pragma", "foreign_keys"] and len(words) == 3:
                said.add(words[2])
    return False if said & _OFF else True if said & _ON else None


def _imported(source: Source, evaluator: Evaluator) -> Iterator[str]:
    """Yields the modules that a file imports anywhere, by dotted names; `from a import b` may be a.b."""
    try:
        nodes = list(ast.walk(source.ast))
    except SourceError:
        return
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
