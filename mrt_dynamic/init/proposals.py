"""What is to be written into a project, decided before anything is touched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mrt_dynamic.init.finding import Layout
from mrt_dynamic.init.texts import CONFTEST, TESTS, bare, table
from mrt_lint.config.toml import parse, read
from mrt_lint.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Proposal:
    """One file. `text`: its whole new content. `state`: "new", "extended", "replaced" or "unchanged".

    `why`: said with the question whether to write it.
    """

    path: Path
    text: str
    state: str
    why: str


def proposals(layout: Layout, url: str | None) -> Iterator[Proposal]:
    """Yields the files to write, the configuration first. Raises ConfigError for a broken one."""
    yield _configuration(layout, url)
    if layout.ini is not None:
        yield _file(layout, "conftest.py", CONFTEST, "settings that only Python can say")
        yield _file(layout, "test_migrations.py", TESTS, "a test of your own to start from")


def _configuration(layout: Layout, url: str | None) -> Proposal:
    why = "what mrt-lint checks, and where it may make scratch databases"
    own, shared = Path("mrt-lint.toml"), Path("pyproject.toml")
    if (layout.root / own).is_file():
        text = _read(layout.root / own, own)
        return _extended(own, text, parse(text, own.as_posix()), layout, url, why)
    if not (layout.root / shared).is_file():
        return Proposal(own, bare(table(layout, url)).lstrip("\n"), "new", why)
    text = _read(layout.root / shared, shared)
    tools = parse(text, shared.as_posix()).get("tool", {})
    if not isinstance(tools, dict):
        raise ConfigError(f"{shared}: [tool] is no table")
    return _extended(shared, text, tools.get("mrt-lint"), layout, url, why)


def _extended(path: Path, text: str, there: Any, layout: Layout, url: str | None, why: str) -> Proposal:
    """Returns the file with what it lacks behind it; `there`: what it says of mrt-lint, None: nothing."""
    missing = there is None or (layout.ini is not None and isinstance(there, dict) and "verify" not in there)
    if not missing:
        return Proposal(path, text, "unchanged", why)
    more = table(layout, url, there is not None)
    more = bare(more) if path.name == "mrt-lint.toml" else more
    gap = "" if not text or text.endswith(("\n\n", "\n\r\n")) else "\n" if text.endswith("\n") else "\n\n"
    added = gap + more
    whole = text + (added.replace("\n", "\r\n") if "\r\n" in text else added)
    try:
        parse(whole, path.as_posix())
    except ConfigError:  # an inline table cannot be added to
        return Proposal(path, text, "unchanged", why)
    return Proposal(path, whole, "extended", why)


def _read(file: Path, shown: Path) -> str:
    """Returns the text of a file, its line ends as they are. Raises ConfigError."""
    return read(file, shown.as_posix())


def _file(layout: Layout, name: str, text: str, why: str) -> Proposal:
    path = layout.tests / name
    file = layout.root / path
    if not file.is_file():
        return Proposal(path, text, "new", why)
    same = file.read_text(encoding="utf-8", errors="replace") == text
    return Proposal(path, text, "unchanged" if same else "replaced", why)
