"""Which folders are migration packages, which files in them Django loads, and what their app is called."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

from mrt_lint.classes import dataclass
from mrt_lint.source.listing import beginning, files_in


@dataclass(frozen=True, slots=True)
class App:
    """One app's migrations. `label`: as dependencies name it; `auto_field`: of its AppConfig."""

    folder: Path
    label: str
    files: tuple[Path, ...]
    auto_field: str | None = None


def walk(top: Path) -> Iterator[Path]:
    """Yields a folder and all below it in order; hidden ones and other people's packages are left out."""
    for root, names, _ in os.walk(top):
        folder = Path(root)
        names[:] = sorted(name for name in names if not is_skipped(folder, name))
        yield folder


def is_skipped(folder: Path, name: str) -> bool:
    """Returns whether a folder in another one holds nothing of the project around it."""
    if name.startswith(".") or name in ("node_modules", "__pycache__", "site-packages"):
        return True
    return (folder / name / "pyvenv.cfg").is_file()


def candidates(folder: Path) -> tuple[Path, ...]:
    """Returns the files that Django loads from a migration package, sorted (`MigrationLoader.load_disk`)."""
    return tuple(_candidates(folder))


def _candidates(folder: Path) -> Iterator[Path]:
    return files_in(folder, lambda name: name.endswith(".py") and name[0] not in "_~.")


def is_called_so(folder: Path) -> bool:
    """Returns whether a folder is called as packages of migrations are.

    `migrations`, or what MIGRATION_MODULES moves them to by custom (`db_migrations`, `migrations_pg`).
    """
    return "migrations" in folder.name.lower()


def is_package_of_migrations(folder: Path) -> bool:
    """Returns whether a folder holds Django's migrations: a class `Migration` in one of its files."""
    return any(_defines_migration(file) for file in _candidates(folder))


def _defines_migration(file: Path) -> bool:
    data = beginning(file)
    return b"class Migration" in data and b"django" in data


def app_in(folder: Path) -> App:
    """Returns the app of a migration package; without an AppConfig it is called as its folder."""
    label, auto_field = folder.parent.name, None
    configs = _configs(folder.parent)
    for name, values in configs:
        named = values.get("name", "").rpartition(".")[2]
        if len(configs) > 1 and named not in ("", folder.parent.name):
            continue
        label = values.get("label") or named or label
        auto_field = values.get("default_auto_field") or auto_field
        if name:
            break
    return App(folder, label, candidates(folder), auto_field)


def _configs(package: Path) -> list[tuple[str, dict[str, str]]]:
    """Returns the literal texts that each AppConfig of a package's apps.py sets, by class."""
    tree = parsed(package / "apps.py")
    found = []
    for statement in tree.body if tree is not None else ():
        if isinstance(statement, ast.ClassDef) and statement.bases:
            values = literals(statement.body)
            if "name" in values or "label" in values:
                texts = {key: value for key, value in values.items() if isinstance(value, str)}
                found.append((statement.name, texts))
    return found


def parsed(file: Path) -> ast.Module | None:
    """Returns the syntax tree of a file, None if there is none."""
    try:
        data = file.read_bytes()
        return ast.parse(data) if len(data) < 1_000_000 else None
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def literals(body: list[ast.stmt]) -> dict[str, object]:
    """Returns the names that statements set to literals; the last one counts."""
    found: dict[str, object] = {}
    for statement in body:
        target, value = None, None
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target, value = statement.targets[0], statement.value
        elif isinstance(statement, ast.AnnAssign):
            target, value = statement.target, statement.value
        if isinstance(target, ast.Name) and value is not None:
            try:
                found[target.id] = ast.literal_eval(value)
            except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
                found.pop(target.id, None)
    return found
