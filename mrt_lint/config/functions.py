"""Functions that the configuration names, imported: `package.module:function`, `folder/file.py:function`."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from mrt_lint.errors import ConfigError, nearest


def function(written: str, root: Path, where: str) -> Callable[..., Any]:
    """Returns the function; modules and files are looked for in `root` first.

    `where`: the place of the configuration, which begins every message. The module is imported, so its
    code runs. Raises ConfigError when that fails, or when it holds no such function.
    """
    place, _, name = written.rpartition(":")
    try:
        with _importable(root):
            module = _from_file(root / place) if place.endswith(".py") else importlib.import_module(place)
    except ModuleNotFoundError as error:
        if error.name is not None and (place == error.name or place.startswith(f"{error.name}.")):
            raise ConfigError(
                f"{where}: {written!r}: there is no module {place!r} beside the configuration"
                " or among what is installed; a file is named 'folder/file.py:function'"
            ) from error
        raise ConfigError(f"{where}: {written!r} cannot be imported: {_one_line(error)}") from error
    except (Exception, SystemExit) as error:
        raise ConfigError(f"{where}: {written!r} cannot be imported: {_one_line(error)}") from error
    found = getattr(module, name, None)
    if not callable(found):
        known = [key for key, value in vars(module).items() if callable(value) and not key.startswith("_")]
        what = "is no function" if hasattr(module, name) else "does not exist"
        raise ConfigError(f"{where}: {written!r}: {name!r} {what} in {place}{nearest(name, known)}")
    made: Callable[..., Any] = found
    return made


def _from_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise FileNotFoundError(f"no such file: {path.as_posix()}")
    name = f"_mrt_lint_{hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]}_{path.stem}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path.as_posix()} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


@contextmanager
def _importable(root: Path) -> Iterator[None]:
    """Puts a folder first on the path while importing and last after it, for imports made later."""
    entry = str(root)
    there = entry in sys.path
    sys.path.insert(0, entry)
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(entry)
        if not there:
            sys.path.append(entry)


def _one_line(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
