"""Reads a State through SQLAlchemy's inspector, for databases whose catalogues are not read directly."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mrt_dynamic.snapshot.ledger import Bundle, Ledger
from mrt_dynamic.snapshot.reading import OF, Facts, action, facts, left_alone, read_type
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Constraint, Generated, Index, SchemaObject, Table
from mrt_lint.schema.state import State

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Inspector


class InspectedReader:
    """Reads one database again and again; see `mrt_dynamic.snapshot.schema.Reader`.

    Triggers, functions and privileges are not seen: the inspector does not tell of them.
    """

    def __init__(self, dialect: Dialect, version_table: Name) -> None:
        self._dialect: Dialect = dialect
        self._version_table = version_table
        self._ledger = Ledger(dialect)
        self._known: set[Hashable] = set()

    def read(self, connection: Connection, _working: Connection | None = None) -> State:
        """Returns the State of the default schema behind the connection."""
        from sqlalchemy import inspect

        with left_alone(connection):
            bundles = dict(self._bundles(inspect(connection)))
        gone = [name for name in self._known if name not in bundles]
        self._known = set(bundles)
        return self._ledger.write(bundles, gone)

    def _bundles(self, inspector: Inspector) -> Iterator[tuple[Hashable, Bundle]]:
        own = self._version_table.name.lower()
        # With several tables at once the inspector asks once for all of them.
        columns = inspector.get_multi_columns()
        keys = inspector.get_multi_pk_constraint()
        foreign = inspector.get_multi_foreign_keys()
        indexes = inspector.get_multi_indexes()
        unique = _maybe(inspector.get_multi_unique_constraints)
        checks = _maybe(inspector.get_multi_check_constraints)
        comments = _maybe(inspector.get_multi_table_comment)
        for key in columns:
            name = str(key[1])
            if name.lower() == own:
                continue
            constraints = (
                *_primary(keys.get(key)),
                *(_unique(one) for one in unique.get(key, ())),
                *(_foreign(one) for one in foreign.get(key, ())),
                *(Constraint("check", one["name"], (), str(one["sqltext"])) for one in checks.get(key, ())),
            )
            doubled = {one["name"] for one in unique.get(key, ())}
            own_indexes = [_index(one) for one in indexes.get(key, ()) if one["name"] not in doubled]
            yield (
                ("table", name),
                (
                    Table(
                        Name(name),
                        {one["name"].lower(): self._column(one) for one in columns[key]},
                        constraints,
                        {str(index.name).lower(): index for index in own_indexes},
                        (comments.get(key) or {}).get("text"),
                        facts(fact for one in columns[key] for fact in _column_facts(one)),
                        rows=None,
                    ),
                ),
            )
        for view in inspector.get_view_names():
            definition = inspector.get_view_definition(view)
            yield ("view", view), (SchemaObject("view", Name(view), " ".join(str(definition).split())),)
        for sequence in _maybe_list(inspector.get_sequence_names):
            yield ("sequence", sequence), (SchemaObject("sequence", Name(sequence), ""),)

    def _column(self, row: Mapping[str, Any]) -> Column:
        kind = read_type(_spelled(row["type"]), self._dialect)
        computed, identity = row.get("computed"), row.get("identity")
        generated = None
        if computed:
            generated = Generated(str(computed["sqltext"]), bool(computed.get("persisted")))
        return Column(
            row["name"],
            kind,
            bool(row["nullable"]),
            None if generated else row.get("default"),
            ("always" if identity.get("always") else "by default") if identity else None,
            bool(row.get("autoincrement") is True),
            generated,
            row.get("comment"),
        )


def _spelled(kind: Any) -> str:
    try:
        return str(kind)
    except Exception as error:  # noqa: BLE001 -- a type of the user's own may raise anything
        return f"{type(kind).__name__} ({error})"


def _maybe(ask: Any) -> Mapping[Any, Any]:
    try:
        return dict(ask())
    except NotImplementedError:  # The database, or its dialect, has none.
        return {}


def _maybe_list(ask: Any) -> list[str]:
    try:
        return list(ask())
    except NotImplementedError:
        return []


def _primary(row: Mapping[str, Any] | None) -> Iterator[Constraint]:
    if row and row["constrained_columns"]:
        # Oracle and SQL Server make up the name of a key that got none: it is another one each time.
        automatic = str(row["name"] or "").startswith(("SYS_", "PK__"))
        yield Constraint("primary", row["name"], tuple(row["constrained_columns"]), automatic=automatic)


def _unique(row: Mapping[str, Any]) -> Constraint:
    automatic = str(row["name"] or "").startswith(("SYS_", "UQ__"))
    return Constraint("unique", row["name"], tuple(row["column_names"]), automatic=automatic)


def _foreign(row: Mapping[str, Any]) -> Constraint:
    options = row.get("options") or {}
    return Constraint(
        "foreign",
        row["name"],
        tuple(row["constrained_columns"]),
        ref_table=Name(row["referred_table"], row.get("referred_schema")),
        ref_columns=tuple(row["referred_columns"]),
        ondelete=action(options.get("ondelete")),
        onupdate=action(options.get("onupdate")),
        automatic=str(row["name"] or "").startswith(("SYS_", "FK__")),
    )


def _index(row: Mapping[str, Any]) -> Index:
    parts = row.get("expressions") or [name or "" for name in row["column_names"]]
    options: Facts = facts((key, value) for key, value in (row.get("dialect_options") or {}).items() if value)
    return Index(row["name"], tuple(parts), bool(row["unique"]), options=options)


def _column_facts(row: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    identity = row.get("identity") or {}
    said = ", ".join(f"{key} {value}" for key, value in sorted(identity.items()) if key != "always")
    yield f"identity{OF}column {row['name']}", said or None
