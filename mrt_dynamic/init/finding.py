"""What kind of project a folder holds: Alembic, Django, both, or neither."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mrt_rules_alembic.ini import read_pyproject, read_sections
from mrt_rules_django.settings import read_settings

_PLACES = ("", "alembic", "migrations")
"""Where an alembic.ini is looked for."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A project. `ini`: its alembic.ini, or the pyproject.toml that has `[tool.alembic]`, relative.

    `dialect`: the database that alembic.ini or Django's settings name. `manage`: its manage.py. `tests`:
    the folder of tests, the root if none.
    """

    root: Path
    ini: Path | None = None
    dialect: str | None = None
    manage: Path | None = None
    tests: Path = Path()

    @property
    def kind(self) -> str:
        """Returns what it is in a word: Alembic, Django, Alembic and Django, or nothing."""
        found = [
            name for name, place in (("Alembic", self.ini), ("Django", self.manage)) if place is not None
        ]
        return " and ".join(found) or "nothing"


def layout(root: Path) -> Layout:
    """Returns the layout of the project in a folder; nothing is run or imported."""
    ini, dialect = _alembic(root)
    manage = root / "manage.py"
    if manage.is_file() and ini is None:  # it would hold for Alembic's history as well
        dialect = read_settings(root).dialect
    tests = next((Path(name) for name in ("tests", "test") if (root / name).is_dir()), Path())
    return Layout(root, ini, dialect, Path("manage.py") if manage.is_file() else None, tests)


def _alembic(root: Path) -> tuple[Path | None, str | None]:
    """Returns the file that names the script directory, and the database it is for."""
    for place in _PLACES:
        file = root / place / "alembic.ini"
        if file.is_file() and (sections := read_sections(file)[0]):
            return file.relative_to(root), next((each.dialect for each in sections if each.dialect), None)
    pyproject = root / "pyproject.toml"
    if pyproject.is_file() and (sections := read_pyproject(pyproject)[0]):
        return Path("pyproject.toml"), sections[0].dialect
    return None, None
