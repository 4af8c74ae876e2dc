"""The example projects are real: Alembic runs them up and down on real databases."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from tests.backends import need, scratch

SHOP = Path(__file__).parents[1] / "examples" / "shop"


def shop(url: str) -> Config:
    config = Config(SHOP / "alembic.ini")
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    config.attributes["configure_logger"] = False
    return config


def user_tables(url: str) -> list[str]:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
    engine.dispose()
    return sorted(name for name in names if name != "alembic_version")


def round_trip(url: str) -> None:
    command.upgrade(shop(url), "head")
    assert user_tables(url) == [
        "addresses",
        "contact_points",
        "items",
        "order_lines",
        "orders",
        "stock_movements",
        "users",
    ]


def test_the_shop_runs_up_on_sqlite(tmp_path: Path) -> None:
    round_trip(f"sqlite:///{tmp_path / 'shop.db'}")


def test_the_shop_loses_the_phone_numbers_on_sqlite(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    command.upgrade(shop(url), "8b91e3f5d027")
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO users (email, full_name, phone) VALUES ('a@b.c', 'Ada', '+49 1')")
        )
    command.upgrade(shop(url), "9c27f4a6e138")
    command.downgrade(shop(url), "8b91e3f5d027")
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT phone FROM users")).scalars().all() == [None]
    engine.dispose()


def test_the_shop_runs_up_on_postgresql(tmp_path: Path) -> None:
    need("postgresql")
    with scratch("postgresql", tmp_path) as engine:
        round_trip(engine.url.render_as_string(hide_password=False))


def test_the_shop_runs_down_to_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    command.upgrade(shop(url), "9c27f4a6e138")
    command.downgrade(shop(url), "base")
    assert user_tables(url) == []
