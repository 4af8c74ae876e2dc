"""What env.py says that a migration depends on: naming convention, transactions, version table, timeouts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from mrt_lint.errors import MeaningError, SourceError
from mrt_lint.evaluate.journal import UNSET
from mrt_lint.project import Project
from mrt_rules_alembic.enforcing import enforces_keys

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator
    from mrt_lint.evaluate.modules import Module
    from mrt_lint.source.source import Source

_TIMEOUTS: Final = (
    "lock_timeout",
    "lock_wait_timeout",
    "statement_timeout",
    "max_execution_time",
    "busy_timeout",
)


def with_environment(project: Project) -> Project:
    """Returns the project with what its env.py says literally; unchanged when there is none."""
    from mrt_lint.evaluate.evaluator import Evaluator
    from mrt_lint.source.source import read_source
    from mrt_rules_alembic.meanings import meanings

    path = project.root / "env.py"
    if not path.is_file():
        return project
    try:
        source = read_source(path)
        tree = source.ast
    except SourceError as error:
        trouble = (path.as_posix(), error.line, f"env.py {error.reason}")
        return replace(project, trouble=(*project.trouble, trouble))
    settings = dict(_constant_settings(tree))
    evaluator = Evaluator(source, project, meanings(), ("postgresql",))
    try:
        settings |= _evaluated_settings(source, evaluator)
        convention = _convention(evaluator, project)
        hidden = convention is None and _names_metadata(evaluator)
        enforces = project.dialect in (None, "sqlite") and enforces_keys(source, evaluator)
    except MeaningError as error:
        trouble = (path.as_posix(), error.line, str(error))
        return replace(project, trouble=(*project.trouble, trouble))
    version_table = settings.get("version_table")
    return replace(
        project,
        naming_convention=convention or (),
        naming_known=convention is not None,
        naming_hidden=hidden,
        enforces_keys=enforces,
        transaction_per_migration=settings.get("transaction_per_migration") is True,
        lock_timeout=_sets_timeout(tree),
        version_table=version_table if isinstance(version_table, str) else project.version_table,
        settings=tuple(
            sorted(
                (name, value) for name, value in settings.items() if isinstance(value, (str, int, type(None)))
            )
        ),
        options=None if _writes_options(tree) else project.options,
    )


def _configure_calls(tree: ast.Module) -> Iterator[ast.Call]:
    """Yields the calls of `context.configure(...)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name == "configure":
                yield node


def _writes_options(tree: ast.Module) -> bool:
    """Returns whether env.py sets options of the configuration itself."""
    written = ("set_main_option", "set_section_option")
    return any(isinstance(node, ast.Attribute) and node.attr in written for node in ast.walk(tree))


def _constant_settings(tree: ast.Module) -> Iterator[tuple[str, Any]]:
    for call in _configure_calls(tree):
        for keyword in call.keywords:
            if keyword.arg is not None and isinstance(keyword.value, ast.Constant):
                yield keyword.arg, keyword.value.value


def _evaluated_settings(source: Source, evaluator: Evaluator) -> dict[str, Any]:
    """Returns the settings given by module-level names: `configure(**options)`, `version_table=TABLE`."""
    module = _module(evaluator)
    found: dict[str, Any] = {}
    if module is None:
        return found
    for call in _configure_calls(source.ast):
        for keyword in call.keywords:
            if not isinstance(keyword.value, ast.Name):
                continue
            value = module.get(keyword.value.id, evaluator)
            if keyword.arg is not None:
                found.setdefault(keyword.arg, value)
            elif isinstance(value, dict):
                for name, option in value.items():
                    found.setdefault(name, option)
    return found


def _module(evaluator: Evaluator) -> Module | None:
    """Returns env.py as a module of which only the names asked for are evaluated."""
    path = evaluator.source.path
    return evaluator.modules.load(path.with_suffix(""), "env")


def _convention(evaluator: Evaluator, project: Project) -> tuple[tuple[str, str], ...] | None:
    """Returns the naming convention of `target_metadata`, also from the project's modules; None: unknown."""
    from mrt_rules_alembic.sqlalchemy.schema_items import MetaDataItem

    module = _module(evaluator)
    if module is None:
        return None
    value = module.get("target_metadata", evaluator)
    items = value if isinstance(value, (list, tuple)) else [value]
    for item in items:
        if isinstance(item, MetaDataItem) and item.convention:
            return tuple(sorted(item.convention.items()))
    return () if all(item is None or isinstance(item, MetaDataItem) for item in items) else None


def _names_metadata(evaluator: Evaluator) -> bool:
    """Returns whether env.py binds `target_metadata`, to whatever it is."""
    module = _module(evaluator)
    return module is not None and module.get("target_metadata", evaluator) is not UNSET


def _sets_timeout(tree: ast.Module) -> bool:
    """Returns whether a string in a call, a dict or an assignment names a lock or statement timeout."""
    for node in ast.walk(tree):
        values: list[ast.expr | None] = []
        if isinstance(node, ast.Call):
            values = [*node.args, *(keyword.value for keyword in node.keywords)]
            if any(keyword.arg in _TIMEOUTS for keyword in node.keywords):
                return True
        elif isinstance(node, ast.Dict):
            values = [*node.keys, *node.values]
        elif isinstance(node, ast.Assign):
            values = [node.value]
        for value in values:
            if value is not None and any(timeout in text for text in _texts(value) for timeout in _TIMEOUTS):
                return True
    return False


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value
