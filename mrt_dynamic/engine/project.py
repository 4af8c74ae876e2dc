"""An Alembic project: its configuration, and its revisions once they are imported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mrt_dynamic.engine.history import History, no_connections, open_scripts, read
from mrt_dynamic.engine.loading import load_config
from mrt_dynamic.engine.process import Imports, logging_restored, started_in
from mrt_dynamic.engine.resolving import resolve
from mrt_dynamic.engine.urls import Urls
from mrt_dynamic.errors import ProjectError

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import Script, ScriptDirectory

    from mrt_dynamic.engine.base import Revision
    from mrt_lint.schema.dialects import Dialect
    from mrt_lint.schema.names import Name


@dataclass(frozen=True, slots=True)
class Survey:
    """What a first run of env.py showed. `calls`: how often it runs migrations.

    `version_table`: where the first of them keeps its revisions.
    """

    calls: int
    version_table: Name


@dataclass(slots=True)
class AlembicProject:
    """A project whose configuration is loaded. `folder`: the working directory of its code.

    Its revisions are imported by `mrt_dynamic.engine.alembic.survey`, where the address of the user's
    database is hidden from them, and an env.py can choose their place; asked for before, they are
    imported as they are, without a database. `dialect`: what the configuration names, None when it does
    not. `in_worker`: env.py calls back into an event loop, and is run in a worker thread of one.
    `notes`: sentences for the user, each once. `survey`: once it was made.
    """

    config: Config
    folder: Path
    env: Path
    dialect: Dialect | None
    urls: Urls
    imports: Imports
    in_worker: bool = False
    notes: list[str] = field(default_factory=list)
    survey: Survey | None = None
    _history: History | None = None

    @property
    def history(self) -> History:
        """Returns its revisions. Raises ProjectError when they cannot be imported."""
        if self._history is None:
            with logging_restored(), self.imports.present(), started_in(self.folder), no_connections():
                self._history = read(open_scripts(self.config), self.folder)
            # What they imported may have read the address of the user's database.
            self.imports.modules.clear()
        return self._history

    @property
    def script(self) -> ScriptDirectory:
        """Returns Alembic's own object."""
        return self.history.script

    @property
    def scripts(self) -> Mapping[str, Script]:
        """Returns Alembic's own revisions by id."""
        return self.history.scripts

    @property
    def revisions(self) -> tuple[Revision, ...]:
        """Returns the revisions in order of application."""
        return self.history.revisions

    def resolve(self, word: str) -> tuple[str, ...]:
        """Returns the revisions that a word means to Alembic, in order; `base` is none. Raises UsageError."""
        return resolve(self.script, word)

    def renew(self, script: ScriptDirectory) -> None:
        """Imports the revisions of a script directory through which env.py was run.

        To be called where the project's code may run. Raises ProjectError.
        """
        self._history = read(script, self.folder)

    def note(self, sentence: str) -> None:
        """Notes a sentence for the user, unless it is noted already."""
        if sentence not in self.notes:
            self.notes.append(sentence)


def load(ini: Path, section: str = "alembic", x_arguments: Sequence[str] = ()) -> AlembicProject:
    """Returns the project of an alembic.ini, or of a pyproject.toml with `[tool.alembic]`.

    Nothing of the project is imported. `section`: as `alembic --name`; `x_arguments`: as `alembic -x`,
    `name=value` each. Raises ProjectError.
    """
    config, folder, place, dialect = load_config(ini, section, x_arguments)
    env = place / "env.py"
    if not env.is_file():
        raise ProjectError(f"{env} does not exist: `alembic init` makes one")
    return AlembicProject(config, folder, env, dialect, Urls.of(config, env), Imports(folder))
