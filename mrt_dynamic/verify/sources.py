"""The static half's view of the migrations under test: the literals that they compare columns with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mrt_dynamic.seeding.literals import Literals, mined

if TYPE_CHECKING:
    from mrt_lint.lint.files import Files
    from mrt_lint.schema.dialects import Dialect
    from mrt_lint.schema.state import State

_DATA: Final = (b"execute", b"scalar", b"update", b"delete", b"insert", b"select", b"query", b"where")
"""Words, one of which is in every file that looks at rows; a file without is not read any further."""


class Sources:
    """Lowers single migrations when they are asked for. `files`: revisions to their files, absolute."""

    def __init__(self, ini: Path, files: Mapping[str, Path], dialect: Dialect) -> None:
        """Prepares; nothing is read yet."""
        self._ini, self._paths, self._dialect = ini, files, dialect

    def literals(self, revision: str, schema: State) -> Literals:
        """Returns the literals that one migration compares columns with; none if it cannot be read."""
        path = self._paths[revision]
        data = path.read_bytes().lower()
        if not any(word in data for word in _DATA):
            return Literals()
        files, known = self._known
        own = known.get(path.resolve())
        if files is None or own is None:
            return Literals()
        migration = files.lower_one(own, (self._dialect,)).migration
        if migration is None:
            return Literals()
        return mined(migration, files.source(str(own)).text, schema)

    @cached_property
    def _known(self) -> tuple[Files | None, dict[Path, Path]]:
        """Returns the static project that holds the migrations, and its files by their real paths."""
        from mrt_lint.config.settings import settings
        from mrt_lint.lint.files import Files
        from mrt_lint.lint.plugins import installed
        from mrt_lint.lint.registry import build
        from mrt_lint.lint.scope import projects, scope

        wanted = {path.resolve() for path in self._paths.values()}
        registry, usual = build(installed()), settings()
        for project in projects(scope([self._ini], usual), usual, registry):
            known = {path.resolve(): path for path in project.files}
            if wanted & known.keys():
                files = Files(project, registry.frontend(project.framework), registry.meanings)
                files.read()
                return files, known
        return None, {}
