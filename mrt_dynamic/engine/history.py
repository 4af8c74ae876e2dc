"""The revisions of a project, imported by Alembic, in order of application."""

from __future__ import annotations

import re
import traceback
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import event
from sqlalchemy.engine import Engine

from mrt_dynamic.engine.base import Revision
from mrt_dynamic.engine.failures import one_line
from mrt_dynamic.engine.process import is_below
from mrt_dynamic.errors import ProjectError, RefusedError
from mrt_lint.errors import MrtError

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import Script


_DOUBLE: Final = re.compile(r"Revision (\S+) is present more than once")


@dataclass(frozen=True, slots=True)
class History:
    """The revisions of a script directory: Alembic's own objects by id, and ours, parents first."""

    script: ScriptDirectory
    scripts: Mapping[str, Script]
    revisions: tuple[Revision, ...]


def open_scripts(config: Config) -> ScriptDirectory:
    """Returns the script directory of a configuration; no revision is imported yet. Raises ProjectError."""
    try:
        return ScriptDirectory.from_config(config)
    except CommandError as error:
        raise ProjectError(one_line(error, name=False)) from error


def read(script: ScriptDirectory, folder: Path) -> History:
    """Imports the revisions of a script directory. `folder`: the project's. Raises ProjectError."""
    places = script._version_locations
    if not any(Path(place).is_dir() for place in places):
        raise ProjectError(f"{places[0]} does not exist: there are no migrations to verify")
    ordered = _walk(script, folder)
    revisions = (
        Revision(each.revision, each.path, tuple(each._all_down_revisions), each.doc) for each in ordered
    )
    return History(script, {each.revision: each for each in ordered}, tuple(revisions))


def _walk(script: ScriptDirectory, folder: Path) -> list[Script]:
    """Imports the revisions and returns them, parents first. Raises ProjectError."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", UserWarning)
        try:
            ordered = list(script.walk_revisions())
        except MrtError:
            raise
        except (Exception, SystemExit) as error:
            sentences = [str(each.message) for each in said]
            _refuse_doubles(script, sentences)
            raise ProjectError(_reason(error, sentences, folder)) from error
    _refuse_doubles(script, [str(each.message) for each in said])
    ordered.reverse()
    return ordered


def _reason(error: BaseException, said: Sequence[str], folder: Path) -> str:
    """Returns why the revisions cannot be put in order. `said`: Alembic's warnings until then."""
    if isinstance(error, CommandError):
        return one_line(error, name=False)
    missing = [sentence for sentence in said if "not present" in sentence]
    return missing[-1] if missing and isinstance(error, KeyError) else _located(error, folder)


def _refuse_doubles(script: ScriptDirectory, said: Sequence[str]) -> None:
    """Raises ProjectError if two files are the same revision: Alembic runs the last one and warns."""
    for sentence in said:
        double = _DOUBLE.fullmatch(sentence)
        if double is None:
            continue
        names = [
            file
            for place in script._version_locations
            for file in sorted(Path(place).rglob("*.py"))
            if re.search(rf"""^revision\b.*["']{re.escape(double[1])}["']""", _text(file), re.MULTILINE)
        ]
        where = f": {', '.join(map(str, names))}" if len(names) > 1 else ""
        raise ProjectError(f"several files are the revision {double[1]}{where}; Alembic runs only one")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _located(error: BaseException, folder: Path) -> str:
    """Returns what a revision file raised when it was imported, with its place."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno or 1}: {error.msg}"
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if is_below(Path(frame.filename), folder)]
    if not inside and isinstance(error, AttributeError) and isinstance(error.obj, ModuleType):
        # Alembic asks each file for its variables.
        return f"{error.obj.__file__}:1: the revision file has no {error.name}"
    place = f"{inside[-1].filename}:{inside[-1].lineno}: " if inside else ""
    return place + one_line(error)


@contextmanager
def no_connections() -> Iterator[None]:
    """Refuses connections of SQLAlchemy: before there is a scratch database, none can be right."""

    def refuse(*_: Any) -> None:
        raise RefusedError("a revision file connects to a database when it is imported: it was not let")

    event.listen(Engine, "do_connect", refuse)
    try:
        yield
    finally:
        event.remove(Engine, "do_connect", refuse)
