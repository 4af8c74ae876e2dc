"""Oracle and SQL Server: what is sent, to a server that only writes it down (no live server is tried)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.engine import make_url

from mrt_dynamic.errors import ConnectError
from mrt_dynamic.scratch import mssql, oracle
from mrt_dynamic.scratch.names import new_name
from mrt_dynamic.scratch.session import Session as OurSession


class DeniedError(Exception):
    """What the pretended driver raises."""


class Server:
    """A server that knows some databases, and which of them a live run holds."""

    def __init__(self, names: list[str], alive: str = "", denied: str = "") -> None:
        self.names = names
        self.alive = alive
        self.denied = denied
        self.said: list[str] = []
        self.sessions = 0

    def session(self, _url: Any) -> Session:
        self.sessions += 1
        return Session(self)


class Session(OurSession):
    """A connection to it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.errors = DeniedError

    def run(self, statement: str) -> None:
        if self.server.denied and statement.startswith(self.server.denied):
            raise DeniedError("[42000] CREATE DATABASE permission denied in database 'master'. (262)")
        self.server.said.append(statement)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        self.server.said.append(statement)
        if statement in ("SELECT name FROM sys.databases", "SELECT username FROM all_users"):
            return [(name,) for name in self.server.names]
        if "sp_getapplock" in statement:
            return [(-1 if self.server.alive and self.server.alive in statement else 0,)]
        if "v$session" in statement:
            return [(1, 2)] if self.server.alive and self.server.alive in statement else []
        if "all_users WHERE" in statement:
            return [(1,)]
        return [(7,)] if "dm_exec_requests" in statement else [("19.0",)]

    def close(self) -> None:
        self.server.sessions -= 1


def test_sql_server(monkeypatch: pytest.MonkeyPatch) -> None:
    stale, alive = new_name(), new_name()
    server = Server(["master", "shop", stale, alive], alive)
    monkeypatch.setattr(mssql, "Session", server.session)
    scratch = mssql.SqlServerScratch(make_url("mssql+pyodbc://sa:pw@localhost/shop"))
    assert scratch.url.database == scratch.marker
    assert f"CREATE DATABASE [{scratch.marker}]" in server.said
    scratch.clear()
    assert not scratch.save("x")
    scratch.cancel()
    scratch.drop()
    scratch.drop()
    dropped = [text for text in server.said if "DROP DATABASE" in text]
    assert [stale in text for text in dropped] == [True, False, False]
    assert [scratch.marker in text for text in dropped] == [False, True, True]
    assert not any("shop" in text or alive in text for text in dropped)
    assert server.sessions == 0


def test_oracle(monkeypatch: pytest.MonkeyPatch) -> None:
    stale, alive = new_name().upper(), new_name().upper()
    server = Server(["SYS", "SHOP", stale, alive], alive)
    monkeypatch.setattr(oracle, "Session", server.session)
    scratch = oracle.OracleScratch(make_url("oracle+oracledb://system:pw@localhost/?service_name=x"))
    assert scratch.url.username == scratch.marker
    assert scratch.url.query == {"service_name": "x"}
    made = [text for text in server.said if text.startswith("CREATE USER")]
    assert scratch.marker.upper() in made[0]
    assert str(scratch.url.password) in made[0]
    assert server.sessions == 2, "one of them shows that it lives"
    scratch.clear()
    assert not scratch.save("x")
    scratch.cancel()
    scratch.drop()
    scratch.drop()
    dropped = [text for text in server.said if text.startswith("DROP USER")]
    assert [stale in text for text in dropped] == [True, False, False]
    assert [scratch.marker.upper() in text for text in dropped] == [False, True, True]
    assert server.sessions == 0


@pytest.mark.parametrize(
    ("module", "url", "advice"),
    [
        (mssql, "mssql+pyodbc://app:hidden-pw@localhost/shop", r"GRANT CREATE ANY DATABASE TO \[app\]"),
        (oracle, "oracle+oracledb://app:hidden-pw@localhost/shop", "GRANT CREATE USER, .* TO app"),
    ],
)
def test_what_is_denied_is_said(module: Any, url: str, advice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server([], denied="CREATE")
    monkeypatch.setattr(module, "Session", server.session)
    make = mssql.SqlServerScratch if module is mssql else oracle.OracleScratch
    with pytest.raises(ConnectError, match=advice) as caught:
        make(make_url(url))
    assert "hidden-pw" not in str(caught.value)
    assert server.sessions == 0
