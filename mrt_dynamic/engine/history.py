"""The revisions of a project, imported by Alembic, in order of application."""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
        except CommandError as error:
            raise ProjectError(one_line(error, name=False)) from error
        except KeyError as error:
            missing = [str(each.message) for each in said if "not present" in str(each.message)]
            raise ProjectError(missing[-1] if missing else _located(error, folder)) from error
        except (Exception, SystemExit) as error:
            raise ProjectError(_located(error, folder)) from error
    ordered.reverse()
    return ordered


def _located(error: BaseException, folder: Path) -> str:
    """Returns what a revision file raised when it was imported, with its place."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno or 1}: {error.msg}"
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if is_below(Path(frame.filename), folder)]
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
