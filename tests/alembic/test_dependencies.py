"""`depends_on` that is empty, computed, or on another package's migration."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from mrt_lint.config.settings import settings
from mrt_lint.lint.engine import check
from mrt_lint.lint.report import Report
from tests.rules.linting import REGISTRY

FILE = """
import os

import sqlalchemy as sa
from alembic import op

revision = {0!r}
down_revision = {1!r}
depends_on = {2}


def upgrade():
    {3}


def downgrade():
    {4}
"""
TABLE = ('op.create_table("shelves", sa.Column("id", sa.Integer))', 'op.drop_table("shelves")')
COLUMN = ('op.add_column("shelves", sa.Column("n", sa.Integer))', 'op.drop_column("shelves", "n")')
COMPUTED = 'tuple(os.listdir("plugins"))'


def history(root: Path, *depends_on: str, env: bool = True) -> Report:
    """Returns the report on a line of migrations, one for each text after `depends_on = `."""
    folder = root / "moves" / "versions"
    folder.mkdir(parents=True)
    if env:
        (root / "moves" / "env.py").write_text("")
    for at, text in enumerate(depends_on, 1):
        steps = TABLE if at == 1 else COLUMN if at == 2 else ("pass", "pass")
        (folder / f"a{at}.py").write_text(
            FILE.format(f"a{at}", f"a{at - 1}" if at > 1 else None, text, *steps)
        )
    given = {"database": "postgresql"}
    return check([folder], settings(None, given, REGISTRY.options, root), REGISTRY, cwd=root)


def told(report: Report) -> list[tuple[str, str]]:
    return [(finding.rule, finding.severity.name) for finding in report.findings]


@pytest.mark.parametrize("depends_on", ['""', '("",)', "[]"])
def test_an_empty_text_is_no_dependency(depends_on: str, tmp_path: Path) -> None:
    assert told(history(tmp_path, "None", depends_on)) == []
    config = Config()
    config.set_main_option("script_location", str(tmp_path / "moves"))
    steps = ScriptDirectory.from_config(config)._upgrade_revs("head", None)  # type: ignore[arg-type]
    assert [step.revision.revision for step in steps] == ["a1", "a2"]


def test_one_that_computes_its_dependencies_keeps_its_place(tmp_path: Path) -> None:
    """Alembic loads it: what builds on it is no orphan, and what it does is judged."""
    report = history(tmp_path, "None", COMPUTED, "None")
    assert told(report) == []
    assert sorted(one.verdict.value for one in report.migrations) == ["reversible"] * 3


@pytest.mark.parametrize(("env", "severity"), [(True, "ERROR"), (False, "INFO")])
def test_a_dependency_on_another_package(env: bool, severity: str, tmp_path: Path) -> None:
    """A folder that no env.py runs is a package's share in the history of who installs it."""
    report = history(tmp_path, '"d00d"', "None", env=env)
    assert ("MRT907", severity) in told(report)
    assert (("MRT904", "WARNING") in told(report)) is env


def test_a_parent_that_nobody_has_is_an_error_anywhere(tmp_path: Path) -> None:
    history(tmp_path, "None", "None", "None", env=False)
    (tmp_path / "moves" / "versions" / "a2.py").unlink()
    given = {"database": "postgresql"}
    report = check(
        [tmp_path / "moves" / "versions"],
        settings(None, given, REGISTRY.options, tmp_path),
        REGISTRY,
        cwd=tmp_path,
    )
    assert told(report) == [("MRT907", "ERROR")]
