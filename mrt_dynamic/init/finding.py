"""What kind of project a folder holds: Alembic, Django, both, or neither."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from mrt_rules_alembic.ini import read_pyproject, read_sections

_PLACES = ("", "alembic", "migrations")
"""Where an alembic.ini is looked for."""

_SETTINGS = re.compile(r"""DJANGO_SETTINGS_MODULE['"]\s*,\s*['"]([\w.]+)['"]""")
"""How the manage.py that Django writes names the settings module."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A project. `ini`: its alembic.ini, or the pyproject.toml that has `[tool.alembic]`, relative.

    `manage`: its manage.py, with `django_settings`. `tests`: the folder of tests, the root if none.
    """

    root: Path
    ini: Path | None = None
    dialect: str | None = None
    manage: Path | None = None
    django_settings: str | None = None
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
    settings = None
    if manage.is_file():
        match = _SETTINGS.search(manage.read_text(encoding="utf-8", errors="replace"))
        settings = match.group(1) if match else None
    tests = next((Path(name) for name in ("tests", "test") if (root / name).is_dir()), Path())
    return Layout(root, ini, dialect, Path("manage.py") if manage.is_file() else None, settings, tests)


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
