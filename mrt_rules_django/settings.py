"""What a project's settings say literally: the database, the user model, the type of automatic keys."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mrt_lint.classes import dataclass
from mrt_lint.schema.dialects import Dialect
from mrt_rules_django.packages import literals, parsed

_ENGINES: Final[dict[str, Dialect]] = {
    "postgresql": "postgresql",
    "postgresql_psycopg2": "postgresql",
    "postgis": "postgresql",
    "mysql": "mysql",
    "sqlite3": "sqlite",
    "spatialite": "sqlite",
    "oracle": "oracle",
    "mssql": "mssql",
}
"""The last part of an ENGINE (Django, "Settings", DATABASES)."""

_NAMES: Final = ("AUTH_USER_MODEL", "DEFAULT_AUTO_FIELD")


@dataclass(frozen=True, slots=True)
class DjangoSettings:
    """`dialect`: of the default database, None if not literal or not the same everywhere."""

    dialect: Dialect | None = None
    names: tuple[tuple[str, str], ...] = ()


def read_settings(*roots: Path) -> DjangoSettings:
    """Returns what the settings modules below the roots of a project agree on."""
    engines: set[Dialect | None] = set()
    values: dict[str, set[str]] = {name: set() for name in _NAMES}
    for file in dict.fromkeys(file for root in roots for file in _modules(root)):
        tree = parsed(file)
        if tree is None:
            continue
        known = literals(tree.body)
        for name in _NAMES:
            if isinstance(value := known.get(name), str):
                values[name].add(value)
        engines |= set(_engines(tree))
    names = tuple((name, found.pop()) for name, found in values.items() if len(found) == 1)
    return DjangoSettings(engines.pop() if len(engines) == 1 else None, names)


def _modules(root: Path) -> Iterator[Path]:
    """Yields settings modules at the usual places: at most three folders below the root."""
    for pattern in ("settings*.py", "settings/*.py"):
        for depth in ("", "*/", "*/*/"):
            for file in sorted(root.glob(depth + pattern)):
                if file.is_file() and not any(part.startswith(".") for part in file.parts[len(root.parts) :]):
                    yield file


def _engines(tree: ast.Module) -> Iterator[Dialect | None]:
    """Yields the database of each literal DATABASES["default"]; None for one that is not known."""
    for statement in tree.body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Dict):
            continue
        target = statement.targets[0]
        if isinstance(target, ast.Name) and target.id == "DATABASES":
            default = _item(statement.value, "default")
            engine = _item(default, "ENGINE") if isinstance(default, ast.Dict) else None
            text = engine.value if isinstance(engine, ast.Constant) else None
            yield _ENGINES.get(text.rpartition(".")[2]) if isinstance(text, str) else None


def _item(node: ast.Dict, name: str) -> ast.expr | None:
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and key.value == name:
            return value
    return None
