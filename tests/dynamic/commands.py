"""Small projects that the tests of the commands and of the pytest plugin share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.dynamic.projects import Migration, write

USERS = Migration(
    "a1b2c3d4",
    None,
    'op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("phone", sa.String(20)))',
    'op.drop_table("users")',
)
PHONE = Migration(
    "b2c3d4e5",
    "a1b2c3d4",
    'with op.batch_alter_table("users") as batch:\n    batch.drop_column("phone")',
    'with op.batch_alter_table("users") as batch:\n    batch.add_column(sa.Column("phone", sa.String(20)))',
)
ORDERS = Migration(
    "c3d4e5f6",
    "b2c3d4e5",
    'op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True), sa.Column("note", sa.Text))',
    'op.drop_table("orders")',
)
NEVER = Migration(
    "d4e5f6a7", "c3d4e5f6", 'op.drop_table("orders")', 'raise NotImplementedError("the orders are gone")'
)

MODELS = """
import sqlalchemy as sa

metadata = sa.MetaData()
users = sa.Table("users", metadata, sa.Column("id", sa.Integer, primary_key=True))
orders = sa.Table("orders", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("note", sa.Text))
"""
"""What the first three revisions make."""


def shop(
    folder: Path,
    *migrations: Migration,
    table: str | None = 'db-url = "sqlite://"',
    files: Mapping[str, str] | None = None,
) -> Path:
    """Writes a project (default: three revisions, of which the second loses phone numbers) and returns it.

    `table`: what `[tool.mrt-lint.verify]` in its pyproject.toml holds, None: there is no pyproject.toml.
    """
    write(folder, migrations or (USERS, PHONE, ORDERS), files=files)
    if table is not None:
        text = f"[tool.pytest.ini_options]\n\n[tool.mrt-lint.verify]\n{table}\n"
        (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return folder
