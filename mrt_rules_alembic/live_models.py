"""Finds where a migration imports ORM models of the application, by its source and that of the application.

A class of the application counts as a model when its source says so (a table name, a declarative base).
Where the source is not at hand, what the migration does with the name decides: a class that is queried,
or whose table or metadata is taken, is a model; constants, enums and column types are not.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from mrt_lint.classes import dataclass
from mrt_lint.errors import SourceError
from mrt_lint.project import Project
from mrt_lint.source.source import Source

_FRAMEWORKS: Final = frozenset(("alembic", "sqlalchemy", "sqlalchemy_utils", "geoalchemy2", "pgvector"))
_MODEL_WORDS: Final = frozenset(("models", "model", "orm", "entities", "dbmodels", "db_models", "ormmodels"))
_MIGRATION_WORDS: Final = frozenset(("migrations", "migration", "alembic", "versions"))
_MARKS: Final = frozenset(("__tablename__", "__table__", "__mapper_args__", "__abstract__"))
_BASES: Final = frozenset(("Base", "Model", "DeclarativeBase", "SQLModel", "DeclarativeBaseNoMeta"))
_PLAIN: Final = frozenset(
    ("ABC", "BaseModel", "Enum", "Exception", "Flag", "IntEnum", "IntFlag", "NamedTuple", "Protocol")
    + ("StrEnum", "TypeDecorator", "TypedDict", "TypeEngine", "UserDefinedType", "ValueError")
    + ("bool", "bytes", "dict", "float", "int", "list", "object", "set", "str", "tuple")
)
_MAKERS: Final = frozenset(("declarative_base", "automap_base", "generate_base", "Table"))
_TAKEN: Final = frozenset(("__table__", "__tablename__", "__mapper__", "metadata", "query"))
_SELECTS: Final = frozenset(("outerjoin", "query", "scalars", "select", "select_from", "with_entities"))
_QUERIES: Final = _SELECTS | frozenset(
    ("aliased", "bulk_insert_mappings", "bulk_update_mappings", "delete", "exists", "get", "insert", "join")
    + ("update",)
)
_ADDS: Final = frozenset(("add", "merge"))
_OF_MEMBERS: Final = frozenset(("name", "value"))
_DEPTH: Final = 6


@dataclass(frozen=True, slots=True)
class LiveModel:
    """Models that one import brings in: their qualified names, the statement and what of it names them."""

    paths: tuple[str, ...]
    statement: ast.stmt
    node: ast.AST


@dataclass(frozen=True, slots=True)
class _Binding:
    """What an import binds: `local` in the file stands for `path` (`module`: None if not found)."""

    local: str
    path: str
    statement: ast.stmt
    node: ast.AST
    module: Path | None
    name: str


def live_models(source: Source, project: Project) -> Iterator[LiveModel]:
    """Yields the imports by which a migration gets models of the application.

    Raises SourceError when the migration itself cannot be parsed; other modules that cannot are passed over.
    """
    bindings = list(_bindings(ast.walk(source.ast), source.path, project))
    if not bindings:
        return  # Most files: the rest of the tree need not be looked at.
    seen_by_checkers = _type_checking(source.ast)
    bindings = [binding for binding in bindings if binding.statement not in seen_by_checkers]
    uses = _Uses(source.ast)
    seen: set[str] = set()
    for binding in bindings:
        paths = tuple(path for path in _models(binding, uses, project) if path not in seen)
        seen.update(paths)
        if paths:
            yield LiveModel(paths, binding.statement, binding.node)


def _is_foreign(path: str) -> bool:
    top = path.partition(".")[0]
    return top not in sys.stdlib_module_names and top not in _FRAMEWORKS


def _bindings(nodes: Iterable[ast.AST], path: Path, project: Project) -> Iterator[_Binding]:
    """Yields what is imported from anywhere but the standard library, SQLAlchemy and the migrations."""
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if _is_foreign(alias.name):
                    file = _file_of(alias.name, project)
                    if not _is_helper(alias.name, file, project):
                        yield _Binding(alias.asname or alias.name, alias.name, node, alias, file, "")
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level == 0 and not _is_foreign(module):
                continue
            file = _relative(path, node) if node.level else _file_of(module, project)
            if (node.level and file is None) or _is_helper(module, file, project):
                continue
            for alias in node.names:
                name = f"{module}.{alias.name}" if module else alias.name
                yield _Binding(alias.asname or alias.name, name, node, alias, file, alias.name)


def _type_checking(tree: ast.Module) -> set[ast.AST]:
    """Returns the nodes that only type checkers see."""
    return {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and _dotted(node.test).rpartition(".")[2] == "TYPE_CHECKING"
        for statement in node.body
        for inner in ast.walk(statement)
    }


def _is_helper(module: str, file: Path | None, project: Project) -> bool:
    """Returns whether a module belongs to the migrations themselves."""
    if file is None:
        return bool(_MIGRATION_WORDS.intersection(module.split(".")))
    places = (project.root, *project.locations)
    real = file.resolve()
    return any(place.resolve() in (real, *real.parents) for place in places)


def _file_of(module: str, project: Project) -> Path | None:
    for root in project.import_roots:
        file = _module_file(root.joinpath(*module.split(".")))
        if file is not None:
            return file
    return None


def _module_file(place: Path) -> Path | None:
    for file in (place.with_name(place.name + ".py"), place / "__init__.py"):
        if file.is_file():
            return file
    return place if place.is_dir() and any(place.glob("*.py")) else None


def _relative(path: Path, node: ast.ImportFrom) -> Path | None:
    place = path.parent
    for _ in range(node.level - 1):
        place = place.parent
    return _module_file(place.joinpath(*node.module.split("."))) if node.module else _module_file(place)


def _models(binding: _Binding, uses: _Uses, project: Project) -> Iterator[str]:
    """Yields the qualified names of the models that a binding brings in."""
    if binding.name == "*":
        return
    if binding.name and binding.module is not None:
        verdict = _is_model(binding.module, binding.name, project)
        if verdict is not None:
            if verdict:
                yield binding.path
            return
    inner = _inner_module(binding, project)
    if inner is None and binding.name:
        if uses.as_model(binding.local, binding.module, binding.path.rpartition(".")[0]):
            yield binding.path
        if binding.module is not None:
            return
    for dotted in sorted(uses.queried | uses.made | uses.accessed):
        owner, _, name = dotted.rpartition(".")
        if owner != binding.local or not name[:1].isupper():
            continue
        verdict = _is_model(inner, name, project) if inner is not None else None
        if uses.as_model(dotted, inner, binding.path) if verdict is None else verdict:
            yield f"{binding.path}.{name}"


def _inner_module(binding: _Binding, project: Project) -> Path | None:
    """Returns the module that a binding stands for, None if it is none or not found."""
    if not binding.name:
        return binding.module
    if binding.module is None:
        return None
    folder = binding.module.parent if binding.module.name == "__init__.py" else binding.module
    return _module_file(folder / binding.name) if folder.is_dir() else None


def _is_model(file: Path, name: str, project: Project, depth: int = 0) -> bool | None:
    """Returns whether a name of a module is a model, None if its source does not tell."""
    tree = _tree(file)
    if tree is None or depth > _DEPTH:
        return None
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return _class_is_model(file, node, project, depth)
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    target = _relative(file, node) if node.level else _file_of(node.module or "", project)
                    if target is None:
                        foreign = node.level or _is_foreign(node.module or "")
                        return None if foreign else _is_base(alias.name)
                    return _is_model(target, alias.name, project, depth + 1)
        value = _assigned(node, name)
        if value is not None:
            return isinstance(value, ast.Call) and _dotted(value.func).rpartition(".")[2] in _MAKERS
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            return False
    return None


def _class_is_model(file: Path, node: ast.ClassDef, project: Project, depth: int) -> bool | None:
    for statement in node.body:
        targets = (
            statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        )
        if any(isinstance(target, ast.Name) and target.id in _MARKS for target in targets):
            return True
    unsure = False
    for base in node.bases:
        name = _dotted(base if not isinstance(base, ast.Subscript) else base.value)
        last = name.rpartition(".")[2]
        if _is_base(last):
            return True
        if last in _PLAIN:
            return False
        verdict = _is_model(file, name, project, depth + 1) if name and "." not in name else None
        if verdict:
            return True
        unsure = unsure or verdict is None
    return None if unsure and node.bases else False


def _is_base(name: str) -> bool:
    return name in _BASES


def _assigned(node: ast.stmt, name: str) -> ast.expr | None:
    if isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == name for target in node.targets
    ):
        return node.value
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
        return node.value
    return None


def _tree(file: Path) -> ast.Module | None:
    try:
        facts = file.stat()
    except OSError:
        return None
    return _parsed(file, facts.st_mtime_ns, facts.st_size) if file.is_file() else None


@lru_cache(maxsize=64)
def _parsed(file: Path, changed: int, size: int) -> ast.Module | None:
    try:
        return Source.read(file).ast
    except SourceError:
        return None


class _Uses:
    """What a file does with names: `queried` as only a model is, `made` for a session, `accessed`."""

    def __init__(self, tree: ast.Module) -> None:
        self.queried: set[str] = set()
        self.made: set[str] = set()
        self.accessed: set[str] = set()
        enums: set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in _OF_MEMBERS:
                enums.add(_dotted(node.value).rpartition(".")[0])
            if isinstance(node, ast.Attribute):
                self._attribute(node)
            elif isinstance(node, ast.Call):
                self._call(node)
        self.accessed -= enums

    def as_model(self, name: str, file: Path | None, module: str) -> bool:
        """Returns whether a name that nothing else tells of is used as a model is.

        Less is enough where the name comes from a file of the application, or from a module called `models`.
        """
        if name in self.queried:
            return True
        if not name.rpartition(".")[2][:1].isupper():
            return False
        if name in self.made and (file is not None or not _MODEL_WORDS.isdisjoint(module.split("."))):
            return True
        return name in self.accessed and file is not None

    def _attribute(self, node: ast.Attribute) -> None:
        owner = _dotted(node.value)
        if not owner:
            return
        if node.attr in _TAKEN:
            self.queried.add(owner)
        elif node.attr.islower() and not node.attr.startswith("__"):
            self.accessed.add(owner)

    def _call(self, node: ast.Call) -> None:
        method = node.func.attr if isinstance(node.func, ast.Attribute) else _dotted(node.func)
        for argument in node.args:
            name = _dotted(argument.func if isinstance(argument, ast.Call) else argument)
            owner, _, last = name.rpartition(".")
            if isinstance(argument, ast.Call):
                if method in _ADDS:
                    self.made.add(name)
            elif last[:1].isupper() and method in _QUERIES:
                self.queried.add(name)
            elif owner.rpartition(".")[2][:1].isupper() and method in _SELECTS:
                self.queried.add(owner)


def _dotted(node: ast.AST) -> str:
    """Returns `a.b.c` for a chain of attributes on a name, "" for anything else."""
    trail: list[str] = []
    while isinstance(node, ast.Attribute):
        trail.append(node.attr)
        node = node.value
    return ".".join((node.id, *reversed(trail))) if isinstance(node, ast.Name) else ""
