"""Alembic's configuration files: the sections of an ini file and `[tool.alembic]` of pyproject.toml."""

from __future__ import annotations

import configparser
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, Final

from mrt_lint.classes import dataclass
from mrt_lint.config.toml import parse, read
from mrt_lint.errors import ConfigError
from mrt_lint.schema.dialects import Dialect, dialect_named

_SEPARATORS: Final[Mapping[str, str]] = {"space": " ", "newline": "\n", "os": os.pathsep, ":": ":", ";": ";"}
_LEGACY_LOCATIONS = re.compile(r", *|(?: +)|\n+")
_LEGACY_PATHS = re.compile(r", *|(?: +)|\:")


@dataclass(frozen=True)
class Section:
    """One configured script directory: the raw settings of an ini section, of pyproject.toml, or of both.

    Names of places are as written, `%(here)s` filled in; discover.py resolves them.
    """

    file: Path
    name: str
    script_location: str
    version_locations: tuple[str, ...] = ()
    prepend_sys_path: tuple[str, ...] = ()
    recursive: bool = False
    sourceless: bool = False
    dialect: Dialect | None = None
    trouble: tuple[tuple[str, int, str], ...] = field(default=())
    options: tuple[tuple[str, str], ...] = ()


def read_sections(path: Path) -> tuple[list[Section], list[tuple[str, int, str]]]:
    """Returns the sections of an ini file that name a script directory, and what could not be read.

    The part of Alembic's settings that the ini file leaves out is taken from the pyproject.toml
    beside it, as Alembic does.
    """
    trouble: list[tuple[str, int, str]] = []
    parser = _parser(path, trouble)
    if parser is None:
        return [], trouble
    beside, _ = _toml_table(path.parent / "pyproject.toml")
    names = [name for name in parser.sections() if _names_location(parser, name)]
    if not names and parser.has_section("alembic") and "script_location" in beside:
        names = ["alembic"]
    return [_section(path, parser, name, beside if name == "alembic" else {}) for name in names], trouble


def in_effect(file: Path) -> Path:
    """Returns the file that holds the configuration.

    In the place of an alembic.ini that does not exist that is the pyproject.toml beside it, if it has
    `[tool.alembic]` (Alembic 1.16 and later).
    """
    beside = file.parent / "pyproject.toml"
    if file.suffix == ".toml" or file.is_file() or not beside.is_file():
        return file
    return beside if read_pyproject(beside)[0] else file


def _parser(path: Path, trouble: list[tuple[str, int, str]]) -> configparser.ConfigParser | None:
    try:
        data = path.read_bytes()
    except OSError as error:
        trouble.append((path.as_posix(), 1, f"cannot be read: {error.strerror or error}"))
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    parser = configparser.ConfigParser(
        {"here": path.parent.absolute().as_posix().replace("%", "%%")}, strict=False
    )
    try:
        parser.read_string(text)
    except configparser.Error as error:
        line = getattr(error, "lineno", None) or next(
            (number for number, _ in getattr(error, "errors", [])), 1
        )
        message = " ".join(str(error.message).split("\n")[0].split())
        trouble.append((path.as_posix(), line, f"is not a valid ini file: {message}"))
    return parser


def _names_location(parser: configparser.ConfigParser, name: str) -> bool:
    """Returns whether a section itself names a script directory (one in [DEFAULT] counts for [alembic]).

    So does one that has places of its own for the revisions of a shared script directory (`alembic -n`).
    """
    if not parser.has_option(name, "script_location"):
        return False
    shared = parser.defaults()
    if shared.get("script_location") is None or name == "alembic":
        return True
    own = ("script_location", "version_locations")
    return any(parser.get(name, key, raw=True, fallback=None) != shared.get(key) for key in own)


def _section(path: Path, parser: configparser.ConfigParser, name: str, beside: Mapping[str, Any]) -> Section:
    trouble: list[tuple[str, int, str]] = []

    def get(option: str, section: str = name) -> str | None:
        if not parser.has_option(section, option):
            value = beside.get(option)
            return value if isinstance(value, str) else None
        try:
            return parser.get(section, option)
        except (configparser.Error, ValueError, TypeError):
            trouble.append((path.as_posix(), 1, f"[{section}] {option} cannot be interpolated"))
            here = path.parent.absolute().as_posix()
            return parser.get(section, option, raw=True).replace("%(here)s", here)

    separator = _separator(get("path_separator") or get("version_path_separator"))
    recursive = get("recursive_version_locations")
    return Section(
        path,
        name,
        (get("script_location") or "").strip(),
        _split(get("version_locations"), separator, _LEGACY_LOCATIONS)
        or _strings(beside.get("version_locations")),
        _split(get("prepend_sys_path"), _separator(get("path_separator")), _LEGACY_PATHS)
        or _strings(beside.get("prepend_sys_path")),
        recursive == "true" or beside.get("recursive_version_locations") is True,
        get("sourceless") == "true",
        _dialect(parser, name, get),
        tuple(trouble),
        tuple(_options(parser, name)),
    )


def _options(parser: configparser.ConfigParser, name: str) -> Iterator[tuple[str, str]]:
    """Yields the options of a section that can be interpolated."""
    for option in parser.options(name) if parser.has_section(name) else ():
        try:
            yield option, parser.get(name, option)
        except (configparser.Error, ValueError, TypeError):
            continue


def _separator(value: str | None) -> str | None:
    """Returns the separator that a setting names; a comment behind the word is forgiven."""
    words = (value or "").split()
    return _SEPARATORS.get(words[0]) if words else None


def _split(value: str | None, separator: str | None, legacy: re.Pattern[str]) -> tuple[str, ...]:
    if not value:
        return ()
    parts = value.split(separator) if separator is not None else legacy.split(value)
    return tuple(part.strip() for part in parts if part.strip())


def _strings(value: Any) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, (list, tuple)) else ()


def _dialect(parser: configparser.ConfigParser, name: str, get: Any) -> Dialect | None:
    """Returns the database of `sqlalchemy.url`; of several databases (multidb) when they agree."""
    url = get("sqlalchemy.url")
    found = url_dialect(url) if url else None
    if found is not None:
        return found
    engines = [engine.strip() for engine in (get("databases") or "").split(",") if engine.strip()]
    urls = [get("sqlalchemy.url", engine) for engine in engines if parser.has_section(engine)]
    known = {url_dialect(url) for url in urls if url}
    return known.pop() if len(known) == 1 else None


def url_dialect(url: str) -> Dialect | None:
    """Returns the database of a URL.

    >>> url_dialect("postgresql+psycopg://u:p@host/db"), url_dialect("driver://user:pass@localhost/dbname")
    ('postgresql', None)
    """
    scheme, found, _ = url.strip().partition("://")
    return dialect_named(scheme) if found else None


def _toml_table(path: Path) -> tuple[dict[str, Any], list[tuple[str, int, str]]]:
    """Returns `[tool.alembic]` with `%(here)s` filled in, and what could not be read."""
    if not path.is_file():
        return {}, []
    try:
        document = parse(read(path, path.as_posix()), path.as_posix())
    except ConfigError as error:
        message = str(error).removeprefix(path.as_posix()).lstrip(":0123456789 ")
        return {}, [(path.as_posix(), 1, f"cannot be read: {message}")]
    tool = document.get("tool")
    table = tool.get("alembic") if isinstance(tool, dict) else None
    here = path.parent.absolute().as_posix()
    return (_filled(table, here) if isinstance(table, dict) else {}), []


def _filled(value: Any, here: str) -> Any:
    if isinstance(value, str):
        return value.replace("%(here)s", here).replace("%%", "%")
    if isinstance(value, list):
        return [_filled(item, here) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item, here) for key, item in value.items()}
    return value


def read_pyproject(path: Path) -> tuple[list[Section], list[tuple[str, int, str]]]:
    """Returns the section that `[tool.alembic]` of a pyproject.toml makes, and what could not be read."""
    table, trouble = _toml_table(path)
    location = table.get("script_location")
    if not isinstance(location, str):
        return [], trouble
    section = Section(
        path,
        "tool.alembic",
        location,
        _strings(table.get("version_locations")),
        _strings(table.get("prepend_sys_path")),
        table.get("recursive_version_locations") is True,
        table.get("sourceless") is True,
    )
    return [section], trouble
