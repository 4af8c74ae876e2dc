"""What is to be written into a project, decided before anything is touched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mrt_dynamic.init.finding import Layout
from mrt_dynamic.init.texts import CONFTEST, TESTS, bare, table
from mrt_lint.config.toml import parse
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
    """Yields the files to write, the configuration first. Raises ConfigError for a broken pyproject.toml."""
    yield _configuration(layout, url)
    if layout.ini is not None:
        yield _file(layout, "conftest.py", CONFTEST, "settings that only Python can say")
        yield _file(layout, "test_migrations.py", TESTS, "a test of your own to start from")


def _configuration(layout: Layout, url: str | None) -> Proposal:
    why = "what mrt-lint checks, and where it may make scratch databases"
    own = Path("mrt-lint.toml")
    if (layout.root / own).is_file():
        return Proposal(own, (layout.root / own).read_text(encoding="utf-8"), "unchanged", why)
    path = Path("pyproject.toml")
    file = layout.root / path
    if not file.is_file():
        return Proposal(own, bare(table(layout, url)).lstrip("\n"), "new", why)
    text = file.read_text(encoding="utf-8")
    found = parse(text, path.as_posix())
    tools = found.get("tool", {})
    if not isinstance(tools, dict):
        raise ConfigError(f"{path}: [tool] is no table")
    if "mrt-lint" in tools:
        return Proposal(path, text, "unchanged", why)
    gap = "" if not text or text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
    return Proposal(path, text + gap + table(layout, url), "extended", why)


def _file(layout: Layout, name: str, text: str, why: str) -> Proposal:
    path = layout.tests / name
    file = layout.root / path
    if not file.is_file():
        return Proposal(path, text, "new", why)
    same = file.read_text(encoding="utf-8", errors="replace") == text
    return Proposal(path, text, "unchanged" if same else "replaced", why)
