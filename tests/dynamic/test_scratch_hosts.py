"""Only this machine is connected to, unless the user allows another host by name."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import make_url

from mrt_dynamic.errors import RefusedError
from mrt_dynamic.scratch.hosts import hosts_of, require_allowed

LOCAL = [
    "sqlite:////server/share/app.db",
    "postgresql:///app",
    "postgresql://localhost/app",
    "postgresql://LOCALHOST./app",
    "postgresql://127.0.0.1/app",
    "postgresql://127.1.2.3:5433/app",
    "postgresql://[::1]:5432/app",
    "postgresql://[::ffff:127.0.0.1]/app",
    "postgresql:///app?host=/var/run/postgresql",
    "postgresql:///app?host=localhost:5432&host=127.0.0.1:5433",
    "mysql://localhost/app?unix_socket=/run/mysqld/mysqld.sock",
    "mssql+pyodbc://me@.%5CSQLEXPRESS/app",
    "mssql+pyodbc://me@(localdb)%5Cx/app",
]
FOREIGN = {
    "postgresql://db/app": "db",
    "postgresql://db.example.org:5432/app": "db.example.org",
    "postgresql://10.0.0.1/app": "10.0.0.1",
    "postgresql://128.0.0.1/app": "128.0.0.1",
    "postgresql://[2001:db8::1]/app": "2001:db8::1",
    "postgresql://localhost.example.org/app": "localhost.example.org",
    "postgresql:///app?host=prod": "prod",
    "postgresql://localhost/app?host=prod:5432": "prod",
    "postgresql:///app?host=localhost,prod": "prod",
    "postgresql://localhost/app?hostaddr=10.1.1.1": "10.1.1.1",
    "mysql://db/app": "db",
    "oracle://prod/?service_name=app": "prod",
}
HIDDEN = [
    "postgresql:///app?service=prod",
    "mysql:///app?read_default_file=/etc/my.cnf",
    "mssql+pyodbc:///?odbc_connect=Server%3Dprod",
]


@pytest.mark.parametrize("text", LOCAL)
def test_local(text: str) -> None:
    require_allowed(make_url(text), ())


@pytest.mark.parametrize(("text", "host"), FOREIGN.items())
def test_foreign(text: str, host: str) -> None:
    with pytest.raises(RefusedError) as caught:
        require_allowed(make_url(text), ("other",))
    assert f'allow-hosts = ["{host}"]' in str(caught.value)
    require_allowed(make_url(text), ("other", host.upper()))


@pytest.mark.parametrize("text", HIDDEN)
def test_hidden(text: str) -> None:
    with pytest.raises(RefusedError, match="name it in the URL"):
        require_allowed(make_url(text), ("prod",))


def test_every_host_must_be_allowed() -> None:
    url = make_url("postgresql:///app?host=a:1&host=b,c:2")
    assert hosts_of(url) == ("a", "b", "c")
    with pytest.raises(RefusedError, match='"b"'):
        require_allowed(url, ("a", "c"))
