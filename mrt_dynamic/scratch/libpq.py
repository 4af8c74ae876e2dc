"""What libpq takes from the environment, written into the URL: env.py is to see it when PG* are replaced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mrt_dynamic.errors import RefusedError
from mrt_dynamic.scratch.hosts import is_local
from mrt_dynamic.scratch.masking import remember

if TYPE_CHECKING:
    from sqlalchemy.engine import URL


def with_defaults(url: URL, environ: Mapping[str, str]) -> URL:
    """Returns a PostgreSQL URL with PGHOST, PGPORT, PGUSER and PGPASSWORD filled in where it says nothing.

    Others are returned as they are. Raises RefusedError when the environment leads every connection to
    a server that cannot be checked (PGSERVICE) or elsewhere (PGHOSTADDR).
    Source: https://www.postgresql.org/docs/current/libpq-envars.html
    """
    if url.get_backend_name() != "postgresql":
        return url
    if environ.get("PGSERVICE"):
        raise RefusedError(
            "PGSERVICE is set, which may lead to any server: unset it, and name the host in the URL"
        )
    if not is_local(environ.get("PGHOSTADDR", "")):
        raise RefusedError("PGHOSTADDR is set, which leads every connection there: unset it")
    if not url.host and "host" not in url.query and (host := environ.get("PGHOST")):
        url = (
            url.update_query_dict({"host": host})
            if host.startswith(("/", "@")) or "," in host
            else url.set(host=host)
        )
    if url.port is None and (port := environ.get("PGPORT", "")).isdigit():
        url = url.set(port=int(port))
    if not url.username and (user := environ.get("PGUSER")):
        url = url.set(username=user)
    if url.password is None and (password := environ.get("PGPASSWORD")):
        url = url.set(password=password)
        remember(url)
    return url
