"""After a comparison the database stands where a test goes on from: migrated, nothing of the models in it."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from mrt_dynamic.drift.run import migrated
from mrt_dynamic.verify.run import Verifier
from mrt_dynamic.verify.settings import verify_settings
from mrt_lint.config.settings import settings
from tests.backends import DATABASES, need, server_url
from tests.dynamic.commands import ORDERS, PHONE, USERS, shop


@pytest.mark.parametrize("database", DATABASES)
def test_the_database_is_migrated_afterwards(tmp_path: Path, database: str) -> None:
    need(database)
    models = sa.MetaData()
    sa.Table("orders", models, sa.Column("id", sa.Integer, primary_key=True), sa.Column("more", sa.Text))
    sa.Table("new", models, sa.Column("id", sa.Integer, primary_key=True))
    shop(tmp_path, USERS, PHONE, ORDERS)
    url = "sqlite://" if database == "sqlite" else server_url(database).render_as_string(hide_password=False)
    with Verifier(verify_settings(settings(None, {}, (), tmp_path), {"db-url": url}, tmp_path)) as verifier:
        found = migrated(verifier, models, back=True).found
        engine = verifier.scratch.engine()
        with engine.connect() as connection:
            there = sa.inspect(connection)
            tables = {
                name: {each["name"] for each in there.get_columns(name)} for name in there.get_table_names()
            }
            heads = set(connection.scalars(sa.text("SELECT version_num FROM alembic_version")))
        engine.dispose()
    assert len(found) == 4
    assert tables == {"alembic_version": {"version_num"}, "users": {"id"}, "orders": {"id", "note"}}
    assert heads == {ORDERS.id}
