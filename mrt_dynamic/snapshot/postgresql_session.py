"""A connection to PostgreSQL while it is read: values print exactly, names print alike, nothing is left."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mrt_dynamic.plain_sql import run

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Row = dict[str, Any]
Parts = dict[str, dict[int, list[Row]]]
"""Rows by what they are (columns, indexes, ...) and by the oid of their relation."""

_SETTINGS: Final = {
    "search_path": "public",
    "quote_all_identifiers": "off",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "timezone": "UTC",
    "xmlbinary": "base64",
    # A query that a policy would cut down fails instead (manual, "Row Security Policies").
    "row_security": "off",
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
    # A few objects among many are asked for: whole catalogues are not to be read for them.
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
_PREFIX: Final = "mrt_snapshot_"
_OPEN: Final = "mrt_lint settled"
"""Where the session that is open stands among what SQLAlchemy keeps of a connection."""
# One column each: what a driver does for a column takes longer than what the server does.
_SET: Final = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in _SETTINGS.items())
_WERE: Final = ", ".join(f"current_setting('{name}')" for name in _SETTINGS)
_START: Final = f"""SELECT current_setting('server_version_num')::integer AS version,
    current_database()::text AS database, current_schema()::text AS schema,
    txid_current_if_assigned() IS NOT NULL AS writing,
    ARRAY(SELECT p.name FROM pg_prepared_statements p WHERE p.name LIKE '{_PREFIX}' || chr(37)) AS prepared,
    ARRAY[{_WERE}] AS settings, concat({_SET}) AS ours"""


@dataclass(frozen=True, slots=True)
class Session:
    """`version`: server_version_num. `schema`: the first one of the search path, None if there is none.

    `writing`: the transaction that is open has written something.
    """

    connection: Connection
    version: int
    database: str
    schema: str | None
    writing: bool
    prepared: set[str]

    def rows(self, name: str, query: str, argument: str | None = None) -> list[Row]:
        """Returns what a catalogue query gives by column name; `argument`: as for `tuples`."""
        result = self._executed(name, query, argument)
        names = list(result.keys())
        return [dict(zip(names, row, strict=True)) for row in result.all()]

    def tuples(self, name: str, query: str, argument: str | None = None) -> list[tuple[Any, ...]]:
        """Returns what a catalogue query gives; `argument`: an array of oids for its `$1`."""
        return [tuple(row) for row in self._executed(name, query, argument).all()]

    def _executed(self, name: str, query: str, argument: str | None) -> Any:
        """Runs a catalogue query.

        Planning such a query costs far more than running it, so it is planned once for a connection.
        """
        own = _PREFIX + name
        if own not in self.prepared:
            kind = " (oid[])" if argument is not None else ""
            run(self.connection, f"PREPARE {own}{kind} AS {query}")
            self.prepared.add(own)
        given = f" ('{argument}')" if argument is not None else ""
        return run(self.connection, f"EXECUTE {own}{given}")

    def parts(self, query: str, oids: Iterable[int]) -> Parts:
        """Returns all parts of these relations."""
        parts: Parts = defaultdict(lambda: defaultdict(list))
        argument = "{" + ",".join(map(str, oids)) + "}"
        if argument != "{}":
            for found in self.rows("relations", query, argument):
                row = json.loads(found["row"])
                parts[found["what"]][row["oid"]].append(row)
        return parts


@contextmanager
def settled(connection: Connection) -> Iterator[Session]:
    """Yields the connection with settings of our own; afterwards they, and its transaction, are as before.

    Inside of another `settled` that began the transaction it is the same session, which goes on even
    after an error in here.
    """
    info = connection.info
    outer: Session | None = info.get(_OPEN)
    if outer is not None:
        try:
            yield outer
        except BaseException:
            # What was refused has ended the transaction, and our settings with it.
            connection.rollback()
            run(connection, f"SELECT {_SET}")
            raise
        return
    own = not connection.in_transaction()
    try:
        start = dict(run(connection, _START).mappings().one())
        session = Session(
            connection,
            start["version"],
            start["database"],
            start["schema"],
            start["writing"],
            set(start["prepared"]),
        )
        if own:
            info[_OPEN] = session
        yield session
        if not own or getattr(connection.connection.dbapi_connection, "autocommit", None) is not False:
            were = [value.replace("'", "''") for value in start["settings"]]
            pairs = zip(_SETTINGS, were, strict=True)
            texts = [f"set_config('{name}', '{value}', false)" for name, value in pairs]
            run(connection, f"SELECT {', '.join(texts)}")
    finally:
        if own:
            info.pop(_OPEN, None)
            connection.rollback()


def is_settled(connection: Connection) -> bool:
    """Returns whether the transaction that is open was begun by `settled`."""
    return _OPEN in connection.info
