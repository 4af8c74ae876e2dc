"""Reads a State from PostgreSQL's system catalogues, from the second time on only what changed.

Every row of a catalogue carries the number of the transaction that wrote it. One query sums these up for
each relation; the relations whose sum is another one are read again. What an object says hangs on
names of others too, so everything is read again when something that was there is renamed.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, Final

from mrt_dynamic.plain_sql import quoted, run
from mrt_dynamic.snapshot.ledger import Bundle, Ledger
from mrt_dynamic.snapshot.postgresql_objects import (
    belonging_of,
    foreign_table_of,
    function_of,
    name_of,
    other_of,
    schema_of,
    sequence_of,
    table_of,
    type_of,
    view_of,
)
from mrt_dynamic.snapshot.postgresql_queries import queries_for
from mrt_dynamic.snapshot.postgresql_session import Parts, Row, Session, settled
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import AnyObject
from mrt_lint.schema.state import State

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_Mark = tuple[str, str, str, str]
"""Name, schema and kind of a relation, and the sum of what was written of it."""

_GROUPS: Final = {"schema": schema_of, "type": type_of, "function": function_of, "other": other_of}


class PostgresqlReader:
    """Reads one database again and again; see `mrt_dynamic.snapshot.schema.Reader`."""

    def __init__(self, version_table: Name) -> None:
        self._version_table = version_table
        self._ledger = Ledger("postgresql")
        self._forget()

    def _forget(self) -> None:
        self._database = ""
        self._marks: dict[int, _Mark] = {}
        self._groups: dict[str, str | None] = {}
        self._gone: tuple[_Mark, ...] = ()
        self._names: dict[Hashable, str] = {}
        self._sequences: dict[int, tuple[Row, Row]] = {}

    def read(self, connection: Connection, _working: Connection | None = None) -> State:
        """Returns the State of the database behind the connection."""
        with settled(connection) as session:
            groups: dict[str, str | None] = {}
            marks: dict[int, _Mark] = {}
            for oid, name, *mark in session.tuples("marks", queries_for(session.version)["marks"]):
                if not oid:
                    groups[name] = mark[-1]
                elif name != self._version_table.name or not self._exempt(mark[0], session):
                    marks[oid] = (name, *mark)
            gone = {oid: mark for oid, mark in self._marks.items() if oid not in marks}
            self._gone = tuple(gone.values())
            if session.database != self._database or session.writing:
                # What an open transaction wrote it may write again, and its number stays the same.
                self._forget()
            changed = {oid: mark for oid, mark in marks.items() if self._marks.get(oid) != mark}
            renamed = any(self._marks.get(oid, mark)[:3] != mark[:3] for oid, mark in changed.items())
            whole = not self._groups or renamed or self._changed(groups, "schema", "other")
            bundles = self._read(session, marks if whole else changed, groups, whole)
            if bundles is None:
                bundles = self._read(session, marks, groups, whole=True) or {}
            for oid in gone:
                self._sequences.pop(oid, None)
            bundles.update(self._positions(session))
            self._database, self._marks = session.database, marks
            self._groups = {} if session.writing else groups
            return self._ledger.write(bundles, gone)

    def _exempt(self, place: str, session: Session) -> bool:
        """Returns whether the version table stands in that schema."""
        schema = self._version_table.schema
        return place == schema if schema else place in ("public", session.schema)

    def _changed(self, groups: dict[str, str | None], *names: str) -> bool:
        return any(groups[name] != self._groups.get(name) for name in names)

    def _note(self, group: str, rows: list[Row]) -> bool:
        """Notes the names of objects; returns whether one that was there has another name now."""
        renamed = False
        for row in rows:
            if "key" in row:
                name = f"{row['schema']}.{row['name']}({row.get('arguments', '')})"
                renamed = renamed or self._names.get((group, row["key"]), name) != name
                self._names[group, row["key"]] = name
        return renamed

    def _read(
        self, session: Session, marks: dict[int, _Mark], groups: dict[str, str | None], whole: bool
    ) -> dict[Hashable, Bundle] | None:
        """Returns these relations and all groups that changed.

        None if something turns out to be renamed, and not the `whole` is read: then that is to be done.
        """
        bundles: dict[Hashable, Bundle] = {}
        composite = any(mark[2] == "c" for mark in (*marks.values(), *self._gone))
        for group, make in _GROUPS.items():
            if whole or self._changed(groups, group) or (group == "type" and composite):
                rows = session.rows(group, queries_for(session.version)[group])
                bundles[group] = tuple(item for row in rows for item in make(row))
                if self._note(group, rows) and not whole:
                    return None
        parts = session.parts(queries_for(session.version)["relations"], marks)
        names = [
            {"key": (one["oid"], one["number"]), "schema": "", "name": one["name"]}
            for columns in parts["columns"].values()
            for one in columns
        ]
        if self._note("column", names) and not whole:
            return None
        for oid in marks:
            for row in parts["relations"][oid]:
                own = self._own(row, parts)
                name = name_of(row["name"], row["schema"])
                bundles[oid] = (*own, *(belonging_of(one, name) for one in parts["belonging"][oid]))
        return bundles

    def _own(self, row: Row, parts: Parts) -> Iterable[AnyObject]:
        oid, kind = row["oid"], row["kind"]
        columns, indexes = parts["columns"][oid], parts["indexes"][oid]
        if kind == "S":
            (sequence,) = parts["sequences"][oid]
            self._sequences[oid] = sequence, row
            return (sequence_of(sequence, row, None),)
        if kind in ("r", "p"):
            return (table_of(row, columns, parts["constraints"][oid], indexes),)
        if kind in ("v", "m"):
            return view_of(row, columns, indexes)
        return (foreign_table_of(row, columns),) if kind == "f" else ()

    def _positions(self, session: Session) -> dict[Hashable, Bundle]:
        """Returns the sequences that no column owns, with where they stand; no catalogue tells that."""
        free = {oid: pair for oid, pair in self._sequences.items() if pair[0]["table"] is None}
        queries = []
        for oid, (_, relation) in free.items():
            place = ".".join(quoted(relation[part], "postgresql") for part in ("schema", "name"))
            step = f"SELECT s.seqincrement::numeric FROM pg_sequence s WHERE s.seqrelid = {oid}"
            position = f"(last_value + CASE WHEN is_called THEN ({step}) ELSE 0 END)::text"
            queries.append(f"SELECT {oid}::bigint, {position} FROM {place}")
        if not queries:
            return {}
        text = " UNION ALL ".join(queries)
        found = {row[0]: row[1] for row in run(session.connection, text)}
        return {oid: (sequence_of(*pair, found[oid]),) for oid, pair in free.items()}
