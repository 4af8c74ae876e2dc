"""What env.py and migrations do to the process, undone: paths, modules, environment, logging, output."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import signal
import sys
import threading
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

T = TypeVar("T")

_LIBRARIES = ("site-packages", "dist-packages")


@contextmanager
def started_in(folder: Path) -> Iterator[None]:
    """Makes the process look as if `alembic upgrade heads` had been started in a folder.

    Restores working directory, arguments and environment variables; warnings are not shown, and no
    bytecode is written beside the project's files.
    """
    before = Path.cwd()
    arguments, environment = sys.argv[:], dict(os.environ)
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            os.chdir(folder)
            _forget_relative_places()
            sys.argv[:] = ["alembic", "upgrade", "heads"]
            yield
    finally:
        os.chdir(before)
        _forget_relative_places()
        sys.argv[:] = arguments
        sys.dont_write_bytecode = writes
        _restore_environment(environment)


def _forget_relative_places() -> None:
    """Lets Python look again what `.` on sys.path means: it keeps what it meant the first time."""
    for place in list(sys.path_importer_cache):
        if not os.path.isabs(place):  # noqa: PTH117 -- a Path for each takes longer than all the rest of a run
            del sys.path_importer_cache[place]


def _restore_environment(environment: dict[str, str]) -> None:
    for name in set(os.environ) - set(environment):
        del os.environ[name]
    for name, value in environment.items():
        if os.environ.get(name) != value:
            os.environ[name] = value


@dataclass(slots=True)
class Imports:
    """What a project put on sys.path, and the modules below `folder` that it imported, kept between runs.

    Outside of a run another project may have modules of the same names. A module of a package that
    the process had imported itself stays where it is: the rest of that package knows it.
    """

    folder: Path
    path: list[str] = field(default_factory=list)
    modules: dict[str, ModuleType] = field(default_factory=dict)

    @contextmanager
    def present(self) -> Iterator[None]:
        """Puts them in their places, and takes them away again."""
        path, known = list(sys.path), set(sys.modules)
        sys.path[:0] = self.path
        sys.modules.update(
            {name: module for name, module in self.modules.items() if _package(name) not in known}
        )
        try:
            yield
        finally:
            self.path = [str(self.folder / place) for place in _added(path, sys.path)]
            sys.path[:] = path
            for name in set(sys.modules) - known:
                if _package(name) not in known and _is_of(sys.modules[name], self.folder):
                    self.modules[name] = sys.modules.pop(name)


def _added(before: list[str], after: list[str]) -> Iterator[str]:
    """Yields what a list has more; a place may be there twice."""
    known = Counter(before)
    for place in after:
        if known[place]:
            known[place] -= 1
        else:
            yield place


def _package(name: str) -> str:
    return name.partition(".")[0]


def _is_of(module: Any, folder: Path) -> bool:
    """Returns whether a module is a project's own."""
    try:
        places = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
    except KeyError:  # a namespace package looks its parent up, and that one's own import failed
        return False
    place = next((Path(place) for place in places if isinstance(place, str)), None)
    if place is None or set(_LIBRARIES).intersection(place.parts):
        return False
    return is_below(place, folder)


def is_below(place: Path, folder: Path) -> bool:
    """Returns whether a place is in a folder, whatever links lead to them."""
    return place.resolve().is_relative_to(folder.resolve())


@contextmanager
def logging_restored() -> Iterator[None]:
    """Restores every logger and handler; `fileConfig` of an env.py replaces them all and closes them."""
    root = logging.getLogger()
    loggers = [
        root,
        *(each for each in list(root.manager.loggerDict.values()) if isinstance(each, logging.Logger)),
    ]
    states = [
        (each, each.handlers[:], each.filters[:], each.level, each.propagate, each.disabled)
        for each in loggers
    ]
    disabled = root.manager.disable
    # Private names, but the only way: fileConfig closes every handler that is listed here.
    listed: list[Any] = getattr(logging, "_handlerList", [])
    named: Any = getattr(logging, "_handlers", {})
    open_handlers, by_name = listed[:], dict(named)
    listed.clear()
    try:
        yield
    finally:
        listed[:] = open_handlers
        named.clear()
        named.update(by_name)
        logging.disable(disabled)
        for logger, handlers, filters, level, propagate, off in states:
            logger.handlers[:] = handlers
            logger.filters[:] = filters
            logger.setLevel(level)
            logger.propagate = propagate
            logger.disabled = off


class Output:
    """What env.py and the migrations print, kept from the terminal."""

    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        self._stream = io.TextIOWrapper(self._bytes, "utf-8", "replace", write_through=True)
        self._shown = (sys.stdout, sys.stderr)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Takes what is printed."""
        with redirect_stdout(self._stream), redirect_stderr(self._stream):
            yield

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Lets the caller's own code print where it printed before."""
        with redirect_stdout(self._shown[0]), redirect_stderr(self._shown[1]):
            yield

    @property
    def last_line(self) -> str:
        """Returns the last line that is not blank."""
        lines = self._bytes.getvalue().decode("utf-8", "replace").splitlines()
        return next((line.strip() for line in reversed(lines) if line.strip()), "")


@contextmanager
def interruptible(handler: Any) -> Iterator[None]:
    """Lets Ctrl-C end the run at once; `asyncio.run` in an env.py would wait for the next await.

    `handler`: what answered SIGINT before env.py was run, None when that is not to be set here.
    """
    if handler is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def interrupt_handler() -> Any:
    """Returns what answers SIGINT, None outside of the main thread."""
    if threading.current_thread() is not threading.main_thread():
        return None
    return signal.getsignal(signal.SIGINT)


def outside_of_event_loops(function: Callable[[], T]) -> T:
    """Returns what a function returns; called from a coroutine it runs in a thread of its own.

    An asynchronous env.py begins its own event loop, which cannot be done inside another.
    """
    if not _is_in_event_loop():
        return function()
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result()


def _is_in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
