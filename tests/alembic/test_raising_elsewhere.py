"""An upgrade that raises in a module that it imports is not understood: what makes it run may come later."""

from __future__ import annotations

from pathlib import Path

import pytest

from mrt_lint.config.settings import settings
from mrt_lint.lint.engine import check
from mrt_lint.lint.plugins import installed
from mrt_lint.lint.registry import build
from tests.alembic.test_enforcing import ENV, project

TABLE = (
    "def upgrade():\n    op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True))\n"
    "def downgrade():\n    op.drop_table('t')\n"
)
STORE = "STORES = {}\n\n\ndef find(name):\n    for store in STORES:\n        return store\n    raise ValueError('none')\n"
NEXT = "{imported}\n\ndef upgrade():\n    {first}\n    op.drop_table('t')\n\ndef downgrade():\n    {back}\n"
MADE = "op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True))"


@pytest.mark.parametrize(
    ("first", "back", "verdict"),
    [
        ("find('a')", MADE, "unknown"),
        ("pass", MADE, "lossy"),
        ("pass", "find('a')", "irreversible"),
    ],
)
def test_what_is_made_of_it(first: str, back: str, verdict: str, tmp_path: Path) -> None:
    step = NEXT.format(imported="from app.store import find", first=first, back=back)
    root = project(tmp_path, ENV, {"app/__init__": "", "app/store": STORE}, TABLE, step)
    report = check([root], settings(), build(installed()), cwd=tmp_path)
    assert {each.revision: each.verdict.value for each in report.migrations}["r1"] == verdict
