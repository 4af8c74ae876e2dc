"""Modules: what a qualified name stands for, and the project's own modules, read only as far as asked for."""

from __future__ import annotations

import ast
import math
import string
import sys
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from mrt_lint.classes import dataclass
from mrt_lint.errors import SourceError
from mrt_lint.evaluate.journal import UNSET
from mrt_lint.evaluate.limits import MAX_KEPT, MAX_MODULES
from mrt_lint.evaluate.scopes import Scope
from mrt_lint.evaluate.startup import global_set_at_start
from mrt_lint.evaluate.stored import stored_names
from mrt_lint.evaluate.values import FrameworkValue, NotKnown, Symbol, Value
from mrt_lint.source.source import Source, read_source

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator

_NOT_OURS: Final = frozenset(("site-packages", "dist-packages"))


CONSTANTS: Final[dict[str, Value]] = {
    "typing.TYPE_CHECKING": False,
    "typing_extensions.TYPE_CHECKING": False,
    "string.ascii_letters": string.ascii_letters,
    "string.ascii_lowercase": string.ascii_lowercase,
    "string.ascii_uppercase": string.ascii_uppercase,
    "string.digits": string.digits,
    "os.linesep": "\n",
    "math.pi": math.pi,
    "math.inf": math.inf,
}
"""Names of the standard library that are values, the same in every run."""


@dataclass(frozen=True, slots=True)
class Deferred:
    """A name imported from a module of the project that is not read before the name is used."""

    place: Path
    package: str
    name: str


@dataclass(eq=False)
class Module:
    """A module of the project. `pending`: statements by the names they bind, None in the migration.

    `bound_later`: names that its functions bind, once that was asked.
    """

    name: str
    source: Source
    main: bool = False
    pending: dict[str, list[ast.stmt]] | None = None
    bound_later: frozenset[str] | None = None
    scope: Scope = field(init=False)
    _under_way: set[int] = field(default_factory=set)
    _finished: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.scope = Scope(self, kind="module")
        self.scope.names["__name__"] = self.name
        self.scope.names["__file__"] = str(self.source.path)

    @property
    def path(self) -> Path:
        """Returns the file."""
        return self.source.path

    @property
    def is_package(self) -> bool:
        """Returns whether it is the `__init__` of a package."""
        return self.path.name == "__init__.py"

    def get(self, name: str, evaluator: Evaluator) -> Value:
        """Returns a name of the module, UNSET if it has none; evaluates only what binds it."""
        value = self._bound(name, evaluator)
        if type(value) is Deferred:
            return evaluator.modules.from_relative(value)
        if value is None or value is False:
            return global_set_at_start(evaluator, self, name, value) or value
        return evaluator.modules.resolve(value.path) if type(value) is Symbol else value

    def _bound(self, name: str, evaluator: Evaluator) -> Value:
        for statement in (self.pending or {}).get(name, ()):
            identity = id(statement)
            if identity in self._finished:
                continue
            if identity in self._under_way:
                return self.scope.names.get(name, NotKnown(f"{self.name}.{name} is defined in a circle"))
            self._under_way.add(identity)
            evaluator.run_at_module_level(statement, self)
            self._finished.add(identity)
        return self.scope.names.get(name, UNSET)

    def get_cheaply(self, name: str, evaluator: Evaluator) -> Value:
        """Returns a name like `get`, but leaves what would have to be computed or read UNSET."""
        for statement in (self.pending or {}).get(name, ()):
            if not isinstance(statement, (ast.Import, ast.ImportFrom, ast.FunctionDef)):
                return self.scope.names.get(name, UNSET)
        return self._bound(name, evaluator)


@dataclass(frozen=True)
class _Index:
    """The prefixes of the names that have a meaning; `open`: modules of which every name has one."""

    meanings: Mapping[str, object]
    known: frozenset[str]
    open: frozenset[str]
    effects: frozenset[str]


_last_index: list[_Index] = []
"""The index of the meanings of this run: they are the same for every file."""


def _index_of(meanings: Mapping[str, object]) -> _Index:
    if _last_index and _last_index[0].meanings is meanings:
        return _last_index[0]
    known: set[str] = set()
    opened: set[str] = set()
    effects: set[str] = set()
    for path, meaning in meanings.items():
        stem = path[:-2] if path.endswith(".*") else path
        if stem is not path:
            opened.add(stem)
        carries = getattr(meaning, "carries_effects", False) is True
        parts = stem.split(".")
        for length in range(1, len(parts) + 1):
            prefix = ".".join(parts[:length])
            known.add(prefix)
            if carries:
                effects.add(prefix)
    _last_index[:] = [_Index(meanings, frozenset(known), frozenset(opened), frozenset(effects))]
    return _last_index[0]


class Modules:
    """Finds what qualified names mean: framework values, symbols, modules of the project."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._symbols: dict[str, Value] = {}
        self._loaded: dict[Path, Module | None] = {}
        self._own: dict[str, bool] = {}
        self._under_way: set[str] = set()
        self._home = _package_of(evaluator.project.root)
        index = _index_of(evaluator.meanings)
        self._known, self._open, self.effects = index.known, index.open, index.effects

    def resolve(self, path: str) -> Value:
        """Returns what a qualified name stands for; a Symbol when it is not the project's own."""
        if path in self._symbols:
            return self._symbols[path]
        meaning = self._evaluator.meanings.get(path)
        value: Value
        if isinstance(meaning, FrameworkValue):
            value = meaning
        elif path in CONSTANTS:
            value = CONSTANTS[path]
        elif meaning is not None or self.has_meaning(path):
            value = Symbol(path)
        else:
            top = path.partition(".")[0]
            if top in sys.stdlib_module_names or top in self._known or not self._is_own(top):
                value = Symbol(path)
            else:
                return self._in_project(path)
        self._symbols[path] = value
        return value

    def known(self, path: str) -> Value:
        """Returns what a name stands for if no module must be read for it, else its Symbol."""
        return self._symbols.get(path, Symbol(path)) if not self.has_meaning(path) else self.resolve(path)

    def has_meaning(self, path: str) -> bool:
        """Returns whether a plugin explains this name, a name below it, or all names of a module above it."""
        if path in self._known:
            return True
        while "." in path:
            path = path.rpartition(".")[0]
            if path in self._open:
                return True
        return False

    def meaning_of(self, path: str) -> object:
        """Returns the meaning of a name: its own, or that of `<module above>.*`; None without one."""
        meanings = self._evaluator.meanings
        found = meanings.get(path)
        while found is None and "." in path:
            path = path.rpartition(".")[0]
            if path in self._open:
                found = meanings.get(f"{path}.*")
        return found

    def carries_effects(self, path: str) -> bool:
        """Returns whether operations can be emitted through this name."""
        if path in self.effects:
            return True
        while "." in path:
            path = path.rpartition(".")[0]
            if path in self._open and path in self.effects:
                return True
        return False

    def _is_own(self, top: str) -> bool:
        if top not in self._own:
            self._own[top] = any(self._file(root / top) is not None for root in self._roots(top))
        return self._own[top]

    def _roots(self, top: str) -> Iterator[Path]:
        """Yields the folders that may hold the top-level module of that name.

        After the import roots: the folder around one of that name in which the migrations lie
        themselves. Such a package needs no `__init__` (a namespace package). Then `src` beside them or one
        folder above ("src layout", Python Packaging User Guide), from where it is installed.
        """
        yield from self._evaluator.project.import_roots
        above = self._evaluator.project.root.parents
        for folder in above:
            if folder.name == top:
                yield folder.parent
        for folder in list(above)[:2]:
            if (folder / "src" / top / "__init__.py").is_file():
                yield folder / "src"

    def _file(self, place: Path) -> Path | None:
        """Returns the file of a module, the folder of a package without `__init__`, None for neither.

        What is installed is not the project's own, except the package in which the migrations lie.
        """
        installed = _package_of(place)
        if installed is not None and installed != self._home:
            return None
        file = place.with_name(f"{place.name}.py")
        if file.is_file():
            return file
        inside = place / "__init__.py"
        if inside.is_file():
            return inside
        return place if place.is_dir() else None

    def file_of(self, path: str) -> Path | None:
        """Returns the file of a module of the project by its dotted name, None for any other."""
        first, *rest = path.split(".")
        for root in self._roots(first):
            file = self._file(root.joinpath(first, *rest))
            if file is not None and file.is_file():
                return file
        return None

    def _in_project(self, path: str) -> Value:
        if path in self._under_way:
            return NotKnown(f"{path} is imported in a circle", reach="code")
        self._under_way.add(path)
        try:
            return self._found(path)
        finally:
            self._under_way.discard(path)

    def _found(self, path: str) -> Value:
        first, *rest = path.split(".")
        for root in self._roots(first):
            if self._file(root / first) is not None:
                return self._below(root / first, first, rest)
        return Symbol(path)

    def _below(self, place: Path, name: str, rest: list[str]) -> Value:
        """Returns the value at the end of a dotted path that begins at a module or package.

        Only the last module on the way is read: `a.b.c` asks `a/__init__.py` for nothing when there is a
        file `a/b.py` or `a/b/`.
        """
        while len(rest) > 1 and place.is_dir() and self._file(place / rest[0]) is not None:
            place, name, rest = place / rest[0], f"{name}.{rest[0]}", rest[1:]
        module = self.load(place, name)
        if not rest:
            return module if module is not None else NotKnown(f"module {name} cannot be read", reach="code")
        if module is not None:
            value = module.get(rest[0], self._evaluator)
            if value is UNSET:
                value = self._from_stars(module, rest[0])
            if value is not UNSET:
                return self._evaluator.attributes(value, rest[1:])
        inner = place / rest[0]
        if place.is_dir() and self._file(inner) is not None:
            return self._below(inner, f"{name}.{rest[0]}", rest[1:])
        return NotKnown(f"{rest[0]!r} is not found in module {name}", reach="code")

    def _from_stars(self, module: Module, name: str) -> Value:
        if module.pending is None or "*" not in module.pending or name.startswith("_"):
            return UNSET
        module.get("*", self._evaluator)
        return star_name(module.scope.stars, name, self._evaluator)

    def attribute(self, module: Module, name: str) -> Value:
        """Returns `module.name`: a name it binds, or a submodule."""
        place = module.path.parent if module.is_package else module.path.with_suffix("")
        return self._below(place, module.name, [name])

    def relative(self, module: Module, level: int, target: str | None) -> tuple[Path, str] | None:
        """Returns the place and name that `from ..target import x` speaks of; None if there is none."""
        place = module.path.parent
        for _ in range(level - 1):
            place = place.parent
        package = module.name if module.is_package else module.name.rpartition(".")[0]
        for _ in range(level - 1):
            package = package.rpartition(".")[0]
        for part in target.split(".") if target else ():
            place = place / part
            package = f"{package}.{part}" if package else part
        found = self._file(place) is not None or place.is_dir()
        return (place, package or place.name) if found else None

    def from_relative(self, deferred: Deferred) -> Value:
        """Returns a name of a module found by a relative import."""
        return self._below(deferred.place, deferred.package, [deferred.name])

    def load(self, place: Path, name: str) -> Module | None:
        """Returns the module at a path without suffix; None if there is no file or it cannot be read."""
        file = self._file(place)
        if file is None or not file.is_file():
            return None
        if file not in self._loaded:
            self._loaded[file] = None
            if len(self._loaded) > MAX_MODULES:
                return None
            try:
                source = self._evaluator.reader(file)
                module = Module(name, source, pending=_pending(source))
            except SourceError:
                return None
            self._loaded[file] = module
            self._evaluator.note_helper(source)
        return self._loaded[file]


def _package_of(place: Path) -> Path | None:
    """Returns the installed package that a place is in, without a suffix; None for what is not installed.

    >>> _package_of(Path("lib/site-packages/shop/db/migrations")).as_posix()
    'lib/site-packages/shop'
    """
    parts = place.parts
    if not _NOT_OURS.intersection(parts):
        return None
    last = max(index for index, part in enumerate(parts) if part in _NOT_OURS)
    return Path(*parts[: last + 2]).with_suffix("")


_pending_of: WeakKeyDictionary[Source, dict[str, list[ast.stmt]]] = WeakKeyDictionary()


def _pending(source: Source) -> dict[str, list[ast.stmt]]:
    """Returns the statements of a module by the names that they bind or change."""
    known = _pending_of.get(source)
    if known is None:
        known = {}
        for statement in source.ast.body:
            for name in stored_names([statement]):
                known.setdefault(name, []).append(statement)
        _pending_of[source] = known
    return known


_read: dict[Path, tuple[int, int, Source]] = {}


def read_helper(path: Path) -> Source:
    """Returns a module of the project; the same Source again as long as the file is the same.

    Raises SourceError, as `read_source` does.
    """
    try:
        found = path.stat()
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror or error}") from None
    known = _read.get(path)
    if known is None or known[:2] != (found.st_mtime_ns, found.st_size):
        if len(_read) >= MAX_KEPT:
            _read.clear()
        known = _read[path] = (found.st_mtime_ns, found.st_size, read_source(path))
    return known[2]


def star_name(stars: list[Value], name: str, evaluator: Evaluator) -> Value:
    """Returns a name that one of the `import *` binds, UNSET if none surely does."""
    for star in reversed(stars):
        if isinstance(star, Module):
            value = star.get(name, evaluator)
            if value is UNSET and star.pending is not None and "*" in star.pending:
                star.get("*", evaluator)
                value = star_name(star.scope.stars, name, evaluator)
            if value is not UNSET:
                return value
        elif isinstance(star, Symbol) and evaluator.modules.has_meaning(f"{star.path}.{name}"):
            return evaluator.modules.resolve(f"{star.path}.{name}")
    return UNSET
