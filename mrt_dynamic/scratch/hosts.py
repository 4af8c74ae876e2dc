"""Which hosts are local. Others are refused unless the user allows them by name."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from mrt_dynamic.errors import RefusedError
from mrt_dynamic.scratch.trouble import shown
from mrt_lint.phrases import listed

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

_ELSEWHERE: Final = (
    "service",
    "odbc_connect",
    "read_default_file",
    "read_default_group",
    "dsn",
    "default_file",
)
"""Query keys that name a host where it cannot be seen (libpq's service, MySQL's option files, ODBC)."""


def hosts_of(url: URL) -> tuple[str, ...]:
    """Returns every host that a URL names; empty for a socket or the driver's own default.

    libpq takes several, in the query too, with ports: `?host=a:5432&host=b`.
    """
    found = [url.host] if url.host else []
    for key in ("host", "hostaddr"):
        value = url.query.get(key, ())
        for text in [value] if isinstance(value, str) else value:
            found.extend(part.strip() for part in text.split(","))
    return tuple(host for text in found if (host := _bare(text)))


def is_local(host: str) -> bool:
    """Returns whether a host is this machine: a loopback address, its name, or a socket's path.

    >>> [is_local(host) for host in ("localhost", "127.8.0.1", "::1", "/run/postgresql", "db", "10.0.0.1")]
    [True, True, True, True, False, False]
    """
    if not host or host.startswith(("/", "@", ".", "(")) or host.lower().rstrip(".") == "localhost":
        return True
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback or address.is_unspecified)


def require_allowed(url: URL, allowed: Sequence[str]) -> None:
    """Raises RefusedError for a URL that leads to a host which is neither local nor allowed."""
    if url.get_backend_name() == "sqlite":
        return
    known = {host.strip().lower() for host in allowed}
    hidden = [key for key in _ELSEWHERE if key in url.query]
    if hidden:
        raise RefusedError(
            f"{shown(url)} names its host by {hidden[0]}, where it cannot be checked: name it in the URL"
        )
    foreign = [host for host in hosts_of(url) if not is_local(host) and host.lower() not in known]
    if foreign:
        names = ", ".join(f'"{host}"' for host in foreign)
        raise RefusedError(
            f"{listed(foreign)} is not this machine, and verify connects to others only when told so: set "
            f"allow-hosts = [{names}] in [tool.mrt-lint.verify] if scratch databases may be made there"
        )


def _bare(text: str) -> str:
    """Returns a host without its port."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    head, colon, port = text.rpartition(":")
    return head if colon and port.isdigit() and ":" not in head else text
