"""Which database a run gets: what the URL says, else the best that this machine has, and why."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from mrt_dynamic.errors import MissingExtraError, RefusedError
from mrt_dynamic.scratch import choose as choosing
from mrt_dynamic.scratch import urls
from mrt_dynamic.scratch.choose import choose
from mrt_dynamic.scratch.processes import installed_binaries, packaged_binaries
from mrt_lint.errors import ConfigError
from mrt_lint.schema.dialects import Dialect
from tests.backends import server_url
from tests.dynamic.watching import everything, fill, populated


def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "installed_binaries", lambda: None)
    monkeypatch.setattr(choosing, "packaged_binaries", lambda: None)


def test_a_url_says_where_and_its_database_stays_untouched(database: str, tmp_path: Path) -> None:
    with populated(database, tmp_path) as engine:
        before = everything(engine)
        content = Path(str(engine.url.database)).read_bytes() if database == "sqlite" else b""
        choice = choose(engine.url.render_as_string(hide_password=False), None, environ={})
        with choice.make() as scratch:
            assert scratch.url.database != engine.url.database
            assert scratch.dialect == database
            fill(scratch.engine())
            with scratch.engine().begin() as connection:
                connection.exec_driver_sql("DELETE FROM orders")
            scratch.save("copy")
            scratch.clear()
        assert choice.notes == []
        assert everything(engine) == before
        assert database != "sqlite" or Path(str(engine.url.database)).read_bytes() == content


def test_a_named_database_need_not_exist(server: str) -> None:
    url = server_url(server).set(database="mrt_never_there")
    with choose(url.render_as_string(hide_password=False), None, environ={}).make() as scratch:
        assert everything(scratch.engine()) == {}


def test_variables_are_expanded_and_the_environment_is_asked(tmp_path: Path) -> None:
    for url, environ in (
        ("${WHERE}", {"WHERE": f"sqlite:///{tmp_path}/a.db"}),
        (
            None,
            {"MRT_DATABASE_URL": f"sqlite:///{tmp_path}/a.db", "TEST_DATABASE_URL": "postgresql://prod/x"},
        ),
        (None, {"TEST_DATABASE_URL": f"sqlite:///{tmp_path}/a.db"}),
    ):
        with choose(url, "postgresql", environ=environ).make() as scratch:
            assert scratch.dialect == "sqlite"
    assert list(tmp_path.iterdir()) == []


def test_before_anything_is_connected_to() -> None:
    with pytest.raises(ConfigError, match="ABSENT"):
        choose("${ABSENT}", None, environ={})
    with pytest.raises(RefusedError, match="allow-hosts"):
        choose("postgresql://prod.example.org/app", None, environ={})
    with pytest.raises(RefusedError, match="allow-hosts"):
        choose("postgresql:///app", None, environ={"PGHOST": "prod.example.org"})
    with pytest.raises(ConfigError, match="in-place"):
        choose(None, "sqlite", environ={}, in_place=True)


def test_a_missing_synchronous_driver_is_missed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urls, "find_spec", lambda name: object() if name == "asyncpg" else None)
    with pytest.raises(MissingExtraError, match="asyncpg is asynchronous"):
        choose("postgresql+asyncpg://localhost/app", None, environ={})


def test_in_place(tmp_path: Path) -> None:
    file = tmp_path / "user.db"
    with choose(f"sqlite:///{file}", None, environ={}, in_place=True).make() as scratch:
        assert scratch.url.database == str(file)


def test_without_a_url_sqlite_for_sqlite() -> None:
    choice = choose(None, "sqlite", environ={})
    with choice.make() as scratch:
        assert scratch.dialect == "sqlite"
    assert choice.notes == []


@pytest.mark.parametrize("target", ["mysql", "mariadb", "oracle", "mssql"])
def test_without_a_url_a_note_says_that_another_database_stands_in(target: Dialect) -> None:
    choice = choose(None, target, environ={})
    with choice.make() as scratch:
        assert scratch.dialect == "sqlite"
    (note,) = choice.notes
    assert "verified on SQLite instead" in note


@pytest.mark.parametrize("target", ["postgresql", None])
def test_without_a_server_a_note_says_so(target: Dialect | None, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing_installed(monkeypatch)
    choice = choose(None, target, environ={})
    for _ in range(2):
        with choice.make() as scratch:
            assert scratch.dialect == "sqlite"
        (note,) = choice.notes
        assert "verified on SQLite instead" in note
        assert "mrt-lint[postgres]" in note


def test_a_server_that_does_not_start_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    nothing_installed(monkeypatch)
    monkeypatch.setattr(choosing, "installed_binaries", lambda: tmp_path)
    choice = choose(None, "postgresql", environ={})
    with choice.make() as scratch:
        assert scratch.dialect == "sqlite"
    assert choice.notes[0].startswith("Cannot start a PostgreSQL server from")
    assert len(choice.notes) == 2


def test_without_a_url_a_server_is_started_and_stopped() -> None:
    if (installed_binaries() or packaged_binaries()) is None:
        pytest.skip("no PostgreSQL programs are installed")
    choice = choose(None, "postgresql", environ={})
    with choice.make() as scratch:
        assert scratch.dialect == "postgresql"
        assert scratch.private_server
        url = scratch.url
        fill(scratch.engine())
        assert scratch.save("copy")
        scratch.clear()
        scratch.restore("copy")
        assert len(everything(scratch.engine())) == 2
    assert choice.notes == []
    with pytest.raises(sa.exc.OperationalError):
        sa.create_engine(url).connect()
