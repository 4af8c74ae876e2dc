"""Inherited variables that name a database point to the scratch database during a run."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from sqlalchemy.engine import make_url

from mrt_dynamic.guard.environment import redirected, replacements
from tests.dynamic.conftest import MakeScratch

POSTGRES = make_url("postgresql+psycopg://me:s3cret@127.0.0.1:5433/mrt_own")
MYSQL = make_url("mysql+pymysql://me:s3cret@127.0.0.1/mrt_own")
SQLITE = make_url("sqlite+pysqlite:////tmp/mrt_own.db")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DATABASE_URL", "postgresql://prod/app", "postgresql://me:s3cret@127.0.0.1:5433/mrt_own"),
        (
            "DATABASE_URL",
            "postgres://u:p@prod/app?sslmode=require",
            "postgres://me:s3cret@127.0.0.1:5433/mrt_own",
        ),
        (
            "ASYNC_DSN",
            "postgresql+asyncpg://prod/app",
            "postgresql+asyncpg://me:s3cret@127.0.0.1:5433/mrt_own",
        ),
        ("LEGACY", "mysql+pymysql://prod/app", "postgresql+psycopg://me:s3cret@127.0.0.1:5433/mrt_own"),
        ("CACHE", "sqlite:///cache.db", "postgresql+psycopg://me:s3cret@127.0.0.1:5433/mrt_own"),
        ("POSTGRES_HOST", "prod", "127.0.0.1"),
        ("POSTGRES_PORT", "5432", "5433"),
        ("POSTGRES_USER", "app", "me"),
        ("POSTGRES_PASSWORD", "prod-pw", "s3cret"),
        ("POSTGRES_DB", "app", "mrt_own"),
        ("DB_NAME", "app", "mrt_own"),
        ("db_host", "prod", "127.0.0.1"),
        ("MYSQL_HOST", "prod", "mrt.invalid"),
        ("MYSQL_DATABASE", "app", "mrt_own"),
        ("MYSQL_PWD", "prod-pw", ""),
        ("PGHOST", "prod", "127.0.0.1"),
        ("PGDATABASE", "app", "mrt_own"),
        ("PGSERVICE", "prod", None),
        ("PGHOSTADDR", "10.0.0.1", None),
    ],
)
def test_what_is_inherited_is_replaced(name: str, value: str, expected: str | None) -> None:
    assert replacements(POSTGRES, {name: value})[name] == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDIS_URL", "redis://cache:6379/0"),
        ("BROKER", "amqp://u:p@mq/"),
        ("SITE", "https://example.org/a?b=postgresql"),
        ("PGOPTIONS", "-c statement_timeout=0"),
        ("PGSSLMODE", "disable"),
        ("DB_ECHO", "1"),
        ("POSTGRES_POOL_SIZE", "5"),
        ("PATH", "/bin"),
        ("HOST", "me"),
    ],
)
def test_the_rest_stays(name: str, value: str) -> None:
    assert name not in replacements(POSTGRES, {name: value})


def test_what_was_not_inherited_is_set_where_it_is_asked_for() -> None:
    url = "sqlite+pysqlite:////tmp/mrt_own.db"
    assert replacements(SQLITE, {}) == {"DATABASE_URL": url, "SQLALCHEMY_DATABASE_URI": url}
    found = replacements(POSTGRES, {})
    assert found["PGHOST"] == "127.0.0.1"
    assert found["PGPASSWORD"] == "s3cret"


def test_libpq_is_led_nowhere_by_another_kind_of_database() -> None:
    found = replacements(
        MYSQL, {"PGHOST": "prod", "PGDATABASE": "app", "MYSQL_HOST": "prod", "MYSQL_TCP_PORT": "3307"}
    )
    assert found["PGHOST"] is None
    assert found["PGDATABASE"] is None
    assert found["MYSQL_HOST"] == "127.0.0.1"
    assert found["MYSQL_TCP_PORT"] == ""


def test_everything_is_put_back(make_scratch: MakeScratch) -> None:
    scratch = make_scratch("sqlite")
    environ = {"DATABASE_URL": "postgresql://prod/app", "PGHOST": "prod", "OTHER": "x"}
    before = dict(environ)
    with redirected(scratch, environ):
        assert environ["DATABASE_URL"] == scratch.url.render_as_string(hide_password=False)
        assert "PGHOST" not in environ
        environ["MORE"] = "y"
    assert environ == before | {"MORE": "y"}


def test_child_processes_see_it(make_scratch: MakeScratch, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = make_scratch("sqlite")
    monkeypatch.setenv("APP_DSN", "mysql://prod/app")
    with redirected(scratch, os.environ):
        code = "import os; print(os.environ['APP_DSN'])"
        shown = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout
    assert shown.strip() == scratch.url.render_as_string(hide_password=False)
    assert os.environ["APP_DSN"] == "mysql://prod/app"
