"""The files and snippets that `mrt-lint init` writes or shows."""

from __future__ import annotations

import json

from mrt_dynamic.init.finding import Layout
from mrt_lint.version import __version__


def table(layout: Layout, url: str | None) -> str:
    """Returns the configuration as TOML, with the tables' full names as pyproject.toml wants them."""
    lines = ["[tool.mrt-lint]"]
    if layout.dialect:
        lines.append(f"database = {json.dumps(layout.dialect)}")
    if layout.ini is not None:
        lines += ["", "[tool.mrt-lint.verify]"]
        if layout.ini.suffix != ".toml":
            lines.append(f"alembic-ini = {json.dumps(layout.ini.as_posix())}")
        if url:
            lines.append(
                f"db-url = {json.dumps(url)}  # scratch databases are made there; it is left alone itself"
            )
        lines.append('# target-metadata = "package.models:Base"  # for mrt-lint drift')
    return "\n".join(lines) + "\n"


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


def test_everything_comes_back(mrt) -> None:
    """An example of your own: rows written by hand survive the last revision's round trip."""
    mrt.upgrade("heads")
    mrt.downgrade("-1")
    # mrt.seed("users", [{"id": 1, "email": "a@example.org"}])
    mrt.upgrade("heads")
    mrt.downgrade("-1")
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
