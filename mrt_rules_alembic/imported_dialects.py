"""The databases that a file shows by importing their SQLAlchemy dialects."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from mrt_lint.lowered import ELSEWHERE
from mrt_lint.source.source import Source

_DATABASES = frozenset({"postgresql", "mysql", "mariadb", "sqlite", "oracle", "mssql"})


def signs_of(source: Source, noted: Iterable[str]) -> tuple[str, ...]:
    """Returns the databases that a file shows: by its imports, and what was noted as it was evaluated.

    The variants of a helper's types count where the file imports no dialect itself.
    """
    imported = imported_dialects(source)
    signs = {*noted, *imported}
    if imported and ELSEWHERE not in imported:
        signs.discard(ELSEWHERE)
    return tuple(sorted(signs))


def imported_dialects(source: Source) -> set[str]:
    """Returns the databases whose dialect the file imports; with `ELSEWHERE` if for variants alone.

    `sa.JSON().with_variant(JSONB(), "postgresql")` is another type elsewhere: such a file runs on more than
    one database.
    """
    if b"dialects" not in source.data:
        return set()  # the walks below are what costs, and few files name a dialect
    imported = {(name, dialect) for node in ast.walk(source.ast) for name, dialect in _bound(node)}
    found = {dialect for _, dialect in imported}
    if not found or b"with_variant" not in source.data:
        return found
    alone = all(_for_variants_alone(source.ast, name) for name, _ in imported)
    return {*found, ELSEWHERE} if alone else found


def _bound(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yields (the name that an import binds, the dialect it belongs to); "" for a name with dots."""
    names: list[tuple[str, str]] = []
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        names = [(alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names]
    elif isinstance(node, ast.Import):
        names = [(alias.asname or "", alias.name) for alias in node.names]
    for bound, path in names:
        parts = path.split(".")
        if parts[:2] == ["sqlalchemy", "dialects"] and len(parts) > 2 and parts[2] in _DATABASES:
            yield bound, parts[2]


def _for_variants_alone(tree: ast.AST, name: str) -> bool:
    """Returns whether a name is used, and nowhere but as the type given to `with_variant`."""
    variants = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "with_variant"
        for given in node.args[:1]
        for inner in ast.walk(given)
    }
    uses = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == name]
    return bool(uses) and all(id(use) in variants for use in uses)
