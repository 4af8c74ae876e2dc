"""What the documentation tells users to write is accepted, and does what it says."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from mrt_lint.config.settings import settings
from mrt_lint.config.toml import parse
from mrt_lint.errors import MrtError
from mrt_lint.lint.plugins import installed
from mrt_lint.lint.registry import build
from mrt_lint.lint.select import selected, severities
from tests.lint.making import configured

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "docs/configuration.md", "docs/usage.md")


def blocks(language: str) -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        text = (ROOT / page).read_text("utf-8")
        found += [(page, block) for block in re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)]
    return found


@pytest.mark.parametrize(("page", "block"), [each for each in blocks("toml") if "[tool.mrt-lint]" in each[1]])
def test_configurations_are_accepted(page: str, block: str) -> None:
    registry = build(installed())
    table = parse(block, page)["tool"]["mrt-lint"]
    found = configured("", table, registry)
    assert {found.where(key) for key in table} == {"command line"}
    try:
        severities(found, registry)
        selected(found, registry)
    except MrtError as error:
        raise AssertionError(page) from error


def test_the_custom_check_of_the_documentation(tmp_path: Path) -> None:
    from mrt_lint.lint.custom import custom_checks
    from mrt_lint.lint.engine import check
    from tests.cli.conftest import FIRST, drop_table

    (code,) = [block for _, block in blocks("python") if "RiskWarning" in block]
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n")
    (versions / "a1.py").write_text(FIRST)
    (versions / "b2.py").write_text(drop_table("b2", "a1", "users"))
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "migrations.py").write_text(code)
    registry = build(installed())
    given = {"custom-checks": ["checks/migrations.py:no_drop_table"], "select": ["custom"]}
    chosen = settings(None, given, registry.options, tmp_path)
    try:
        report = check([], chosen, custom_checks(registry, chosen), cwd=tmp_path)
    finally:
        sys.path.remove(str(tmp_path))
    assert [(each.rule, each.message, each.span.line) for each in report.findings] == [
        ("CUSTOM001", "users is dropped here", 8)
    ]
