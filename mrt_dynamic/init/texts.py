"""The files and snippets that `mrt-lint init` writes or shows."""

from __future__ import annotations

import json

from mrt_dynamic.init.finding import Layout
from mrt_lint.version import __version__


def table(layout: Layout, url: str | None, there: bool = False) -> str:
    """Returns the configuration as TOML, with the tables' full names as pyproject.toml wants them.

    `there`: [tool.mrt-lint] itself is there already, only what verifies is missing.
    """
    lines = []
    if not there:
        lines.append("[tool.mrt-lint]")
        named = f"database = {json.dumps(layout.dialect)}" if layout.dialect else _NO_DATABASE
        lines.append(named)
    if layout.ini is not None:
        lines += [*([""] if lines else []), "[tool.mrt-lint.verify]"]
        if layout.ini.suffix != ".toml":
            lines.append(f"alembic-ini = {json.dumps(layout.ini.as_posix())}")
        if url:
            lines.append(
                f"db-url = {json.dumps(url)}  # scratch databases are made there; it is left alone itself"
            )
        lines.append('# target-metadata = "package.models:Base"  # for mrt-lint drift')
    return "\n".join(lines) + "\n"


_NO_DATABASE = '# database = "postgresql"  # where it cannot be read from the project'


def bare(text: str) -> str:
    """Returns the same tables as mrt-lint.toml wants them: without the name of the tool."""
    return text.replace("[tool.mrt-lint.", "[").replace("[tool.mrt-lint]\n", "")


CONFTEST = '''\
"""Settings of the tests of migrations that only Python can say; the others are in [tool.mrt-lint.verify]."""

from mrt_dynamic import MRTConfig


def pytest_configure(config):
    config._mrt_config = MRTConfig(
        # custom_seeds={"users": lambda: [{"id": 1, "email": "a@example.org"}]},
    )
'''

TESTS = '''\
"""Tests of single migrations; the built-in ones (pytest --collect-only) run by themselves."""


def test_my_rows_survive(mrt) -> None:
    """An example of your own: rows written by hand survive the way down to a revision and up again."""
    mrt.upgrade("heads")
    # mrt.seed("users", [{"id": 1, "email": "a@example.org"}])
    # mrt.downgrade_to("REVISION")
    # mrt.upgrade("heads")
    mrt.assert_data_intact()
'''

PRE_COMMIT = f"""\
- repo: https://example.org/mrt-lint  # where you have it from
  rev: v{__version__}
  hooks:
  - id: mrt-lint
  - id: mrt-check
"""

WORKFLOW = """\
- run: pip install "mrt-lint[dynamic]"
- run: mrt-lint check --format github
- run: mrt-lint verify
"""
