"""URLs: where they come from, which driver they take, and that no password is ever shown."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import make_url

from mrt_dynamic.errors import ConnectError, MissingExtraError, RefusedError
from mrt_dynamic.scratch import urls
from mrt_dynamic.scratch.libpq import with_defaults
from mrt_dynamic.scratch.masking import masked, remember
from mrt_lint.errors import ConfigError


def only(monkeypatch: pytest.MonkeyPatch, *modules: str) -> None:
    """Lets only these modules be installed."""
    monkeypatch.setattr(urls, "find_spec", lambda name: object() if name in modules else None)


def test_variables_are_expanded() -> None:
    environ = {"WHO": "me", "PW": "a$b"}
    assert (
        urls.expand("postgresql://${WHO}:${PW}@localhost/$app", environ)
        == "postgresql://me:a$b@localhost/$app"
    )
    assert urls.expand("sqlite:///$${WHO}.db", environ) == "sqlite:///${WHO}.db"
    with pytest.raises(ConfigError, match="environment variable ABSENT, which is not set"):
        urls.expand("sqlite:///${ABSENT}", environ)


def test_a_variable_may_have_something_in_its_place() -> None:
    environ = {"WHO": "me", "EMPTY": ""}
    assert urls.expand("sqlite:///${WHO:-you}.db", environ) == "sqlite:///me.db"
    assert urls.expand("${ABSENT:-postgresql://localhost:5432/x}", environ) == "postgresql://localhost:5432/x"
    assert urls.expand("sqlite:///${EMPTY:-you}.db", environ) == "sqlite:///you.db"
    assert urls.expand("sqlite:///x${ABSENT:-}.db", environ) == "sqlite:///x.db"


def test_the_environment_is_asked_in_order() -> None:
    assert urls.from_environment({"TEST_DATABASE_URL": "b", "MRT_DATABASE_URL": "a"}) == "a"
    assert urls.from_environment({"TEST_DATABASE_URL": "b", "MRT_DATABASE_URL": ""}) == "b"
    assert urls.from_environment({"DATABASE_URL": "production"}) is None


@pytest.mark.parametrize(
    ("text", "installed", "expected"),
    [
        ("postgresql://h/d", ["psycopg", "psycopg2"], "postgresql+psycopg"),
        ("postgresql://h/d", ["psycopg2"], "postgresql+psycopg2"),
        ("postgres://h/d", ["psycopg2"], "postgresql+psycopg2"),
        ("postgresql+psycopg2://h/d", ["psycopg", "psycopg2"], "postgresql+psycopg2"),
        ("postgresql+asyncpg://h/d", ["asyncpg"], "postgresql+asyncpg"),
        ("mysql://h/d", ["pymysql", "MySQLdb"], "mysql+pymysql"),
        ("mysql://h/d", ["MySQLdb"], "mysql+mysqldb"),
        ("mysql://h/d", ["mariadb"], "mysql+mariadbconnector"),
        ("mariadb://h/d", ["pymysql"], "mariadb+pymysql"),
        ("sqlite:///x.db", ["sqlite3"], "sqlite+pysqlite"),
        ("oracle://h/d", ["oracledb"], "oracle+oracledb"),
        ("mssql://h/d", ["pyodbc"], "mssql+pyodbc"),
    ],
)
def test_an_installed_driver_is_named(
    text: str, installed: list[str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch, *installed)
    assert urls.parse(text).drivername == expected


@pytest.mark.parametrize(
    ("text", "installed", "expected"),
    [
        (
            "postgresql+asyncpg://u:p@h/d?ssl=require",
            ["asyncpg", "psycopg"],
            "postgresql+psycopg://u:p@h/d?sslmode=require",
        ),
        (
            "postgresql+asyncpg://h/d?prepared_statement_cache_size=0",
            ["asyncpg", "psycopg2"],
            "postgresql+psycopg2://h/d",
        ),
        ("postgresql+psycopg_async://h/d", ["psycopg"], "postgresql+psycopg://h/d"),
        ("postgresql+psycopg://h/d", ["psycopg"], "postgresql+psycopg://h/d"),
        ("sqlite+aiosqlite:///x.db", ["aiosqlite", "sqlite3"], "sqlite+pysqlite:///x.db"),
        (
            "mysql+aiomysql://h/d?charset=utf8mb4",
            ["aiomysql", "pymysql"],
            "mysql+pymysql://h/d?charset=utf8mb4",
        ),
        ("mysql+asyncmy://h/d", ["asyncmy", "MySQLdb"], "mysql+mysqldb://h/d"),
    ],
)
def test_asynchronous_drivers_have_a_twin(
    text: str, installed: list[str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch, *installed)
    twin = urls.synchronous(urls.parse(text))
    assert twin.render_as_string(hide_password=False) == expected
    assert not twin.get_dialect().is_async


@pytest.mark.parametrize(
    ("text", "extra"),
    [
        ("postgresql://h/d", "mrt-lint[postgres]"),
        ("postgresql+psycopg2://h/d", "mrt-lint[postgres]"),
        ("mysql://h/d", "mrt-lint[mysql]"),
        ("mariadb+pymysql://h/d", "mrt-lint[mysql]"),
        ("oracle://h/d", "mrt-lint[oracle]"),
        ("mssql+pyodbc://h/d", "mrt-lint[mssql]"),
    ],
)
def test_a_missing_driver_names_its_extra(text: str, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch)
    with pytest.raises(MissingExtraError) as caught:
        urls.parse(text)
    assert f"pip install '{extra}'" in str(caught.value)


def test_a_missing_twin_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "asyncpg")
    with pytest.raises(MissingExtraError, match=r"asyncpg is asynchronous.*mrt-lint\[postgres\]"):
        urls.synchronous(urls.parse("postgresql+asyncpg://h/d"))


def test_an_asynchronous_driver_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "psycopg", "sqlite3", "aiosqlite")
    assert urls.asynchronous(urls.parse("sqlite:///x.db")).drivername == "sqlite+aiosqlite"
    assert urls.asynchronous(urls.parse("postgresql://h/d")).drivername == "postgresql+psycopg"
    only(monkeypatch, "sqlite3")
    with pytest.raises(MissingExtraError, match="install aiosqlite"):
        urls.asynchronous(urls.parse("sqlite:///x.db"))


@pytest.mark.parametrize("text", ["cockroachdb://h/d", "snowflake://u:hidden-pw@h/d", "duckdb:///x"])
def test_other_databases_are_not_supported(text: str) -> None:
    with pytest.raises(ConnectError, match="is not supported: verify runs on SQLite, PostgreSQL, MySQL"):
        urls.parse(text)


@pytest.mark.parametrize(
    "text", ["app.db", "postgresql:/u:hidden-pw@h", "", "postgresql://u:hidden-pw@h:port/d"]
)
def test_what_is_no_url(text: str) -> None:
    with pytest.raises(ConfigError, match="db-url is no database URL") as caught:
        urls.parse(text)
    assert "hidden-pw" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgresql://me:s3cret@db/app", "postgresql://me:***@db/app"),
        ("postgresql+psycopg://me:p%40ss@db/app", "postgresql+psycopg://me:***@db/app"),
        ("mysql://me:a@b@db/app", "mysql://me:***@db/app"),
        ("x postgresql://a:b@c/d and mysql://e:f@g/h y", "x postgresql://a:***@c/d and mysql://e:***@g/h y"),
        ("postgresql:///app?user=me&password=s3cret&a=1", "postgresql:///app?user=me&password=***&a=1"),
        (
            "mssql+pyodbc:///?odbc_connect=UID%3Dme%3BPWD%3Ds3cret",
            "mssql+pyodbc:///?odbc_connect=UID%3Dme%3BPWD%3D***",
        ),
        ("host=db password=s3cret dbname=app", "host=db password=*** dbname=app"),
        ("host=db password='a b' dbname=app", "host=db password=*** dbname=app"),
        ("{'user': 'me', 'password': 's3cret', 'db': 'app'}", "{'user': 'me', 'password': ***, 'db': 'app'}"),
        ("Server=db;UID=me;PWD={a;b};", "Server=db;UID=me;PWD=***;"),
        ("SSLPASSWORD=s3cret", "SSLPASSWORD=***"),
        ("https://example.org/a:b and me@example.org", "https://example.org/a:b and me@example.org"),
        ('password authentication failed for user "me"', 'password authentication failed for user "me"'),
        ("sqlite:////tmp/a.db", "sqlite:////tmp/a.db"),
    ],
)
def test_passwords_are_masked(text: str, expected: str) -> None:
    assert masked(text) == expected


def test_known_passwords_are_masked_wherever_they_stand() -> None:
    remember(make_url("postgresql://someone:Tr0ub%40dor%26x@db/app?sslpassword=Other-0ne"))
    assert masked("no host named dor&x@db for Tr0ub@dor&x") == "no host named dor&x@db for ***"
    assert masked("sent Tr0ub%40dor%26x, Other-0ne") == "sent ***, ***"
    assert masked("Other-0ne-more") == "***-more"


def test_a_password_that_is_shown_anyway_hides_nothing_else() -> None:
    remember(make_url("postgresql://wizard-user:wizard-user@db/app"))
    assert masked('FATAL: role "wizard-user" does not exist') == 'FATAL: role "wizard-user" does not exist'
    assert masked("postgresql://wizard-user:wizard-user@db/app") == "postgresql://wizard-user:***@db/app"


def test_libpq_variables_fill_a_url() -> None:
    environ = {"PGHOST": "localhost", "PGPORT": "5433", "PGUSER": "me", "PGPASSWORD": "pg-env-secret"}
    url = with_defaults(make_url("postgresql:///app"), environ)
    assert url.render_as_string(hide_password=False) == "postgresql://me:pg-env-secret@localhost:5433/app"
    assert masked("x pg-env-secret") == "x ***"
    own = make_url("postgresql://you:pw@127.0.0.1:1/app")
    assert with_defaults(own, environ) == own
    assert with_defaults(make_url("postgresql:///app"), {"PGHOST": "/run/pg"}).query == {"host": "/run/pg"}
    assert with_defaults(make_url("mysql:///app"), environ) == make_url("mysql:///app")


@pytest.mark.parametrize("environ", [{"PGSERVICE": "prod"}, {"PGHOSTADDR": "10.0.0.5"}])
def test_libpq_variables_that_lead_elsewhere_are_refused(environ: dict[str, str]) -> None:
    with pytest.raises(RefusedError, match="unset it"):
        with_defaults(make_url("postgresql://localhost/app"), environ)
