"""A type that a helper makes, with a variant for one database: the project runs on others too."""

from __future__ import annotations

from pathlib import Path

import pytest

from mrt_lint.config.settings import settings
from mrt_lint.lint.engine import check
from tests.rules.linting import REGISTRY

HELPER = """
import sqlalchemy as sa
from sqlalchemy.dialects.mysql import LONGTEXT


def long_text():
    return {}
"""
MIGRATION = """
import sqlalchemy as sa
from alembic import op
from long_types import long_text

revision = "a1"
down_revision = None


def upgrade():
    op.alter_column("letters", "body", existing_type=sa.Text(), type_=long_text())


def downgrade():
    op.alter_column("letters", "body", existing_type=long_text(), type_=sa.Text())
"""


@pytest.mark.parametrize(
    ("made", "targets"),
    [
        ('sa.Text().with_variant(LONGTEXT(), "mysql")', ("postgresql", "mysql")),
        ("LONGTEXT()", ("mysql",)),
    ],
)
def test_a_variant_shows_more_than_one_database(made: str, targets: tuple[str, ...], tmp_path: Path) -> None:
    folder = tmp_path / "moves" / "versions"
    folder.mkdir(parents=True)
    (tmp_path / "long_types.py").write_text(HELPER.format(made))
    (folder / "a1.py").write_text(MIGRATION)
    report = check([folder], settings(None, {}, REGISTRY.options, tmp_path), REGISTRY, cwd=tmp_path)
    assert report.targets == targets
