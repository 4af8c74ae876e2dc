"""A project: the folder of one migration history and what its configuration says."""

from __future__ import annotations

from pathlib import Path

from mrt_lint.classes import dataclass
from mrt_lint.schema.dialects import Dialect


@dataclass(frozen=True, slots=True)
class Project:
    """One history on disk.

    `framework`: the frontend's name. `root`: the script directory (Alembic) or package. `files`:
    every candidate file of the history, sorted. `import_roots`: folders from which the project's
    own modules may be read. `dialect`: the database its configuration names, None if unknown.
    `naming_convention`: SQLAlchemy's keys (`ix uq ck fk pk`) to templates; `naming_known` False: there may
    be one that was not found, `naming_hidden`: env.py names a MetaData that cannot be followed, which may
    have one. `locations`: version locations (several may hold branches of their
    own). `lock_timeout`: env.py sets one. `settings`: what its configuring call is given literally;
    `options`: what the section of its configuration file says, None if env.py adds to it.
    `trouble`: what could not be read, as (path, line, message). `labels`: the name under which each
    location's migrations are known (Django's app labels). `one_line`: the runner applies everything in one
    order, whatever builds on what (Django's plan), so that each migration finds all before it applied.
    `enforces_keys`: its connections to SQLite enforce foreign keys. `finds_by_columns`: the framework looks
    constraints and indexes up by their columns, not by name. `runs_alone` False: nothing here runs the
    history (Alembic's env.py), so it may be a package's share in the history of whoever installs it.
    """

    framework: str
    root: Path
    files: tuple[Path, ...] = ()
    import_roots: tuple[Path, ...] = ()
    dialect: Dialect | None = None
    naming_convention: tuple[tuple[str, str], ...] = ()
    naming_known: bool = False
    naming_hidden: bool = False
    enforces_keys: bool = False
    transaction_per_migration: bool = False
    lock_timeout: bool = False
    locations: tuple[Path, ...] = ()
    config_file: Path | None = None
    section: str = ""
    version_table: str = "alembic_version"
    settings: tuple[tuple[str, str | int | None], ...] = ()
    options: tuple[tuple[str, str], ...] | None = None
    trouble: tuple[tuple[str, int, str], ...] = ()
    labels: tuple[tuple[Path, str], ...] = ()
    one_line: bool = False
    finds_by_columns: bool = False
    runs_alone: bool = True
