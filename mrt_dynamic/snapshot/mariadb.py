"""Reads a State from `information_schema` of MariaDB and MySQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mrt_dynamic.plain_sql import quoted, run
from mrt_dynamic.snapshot import mariadb_queries as queries
from mrt_dynamic.snapshot.automatic import mysql_name
from mrt_dynamic.snapshot.ledger import Bundle, Ledger
from mrt_dynamic.snapshot.reading import OF, default_of, facts, left_alone, read_type, text_of
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Constraint, Generated, Index, SchemaObject, Table
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Row = dict[str, Any]
_TEXT = frozenset({"char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"})
_DATES = frozenset({"date", "datetime", "timestamp", "time", "year"})
# Some ALTER TABLE of an Aria table writes these out, though nobody chose them (measured, MariaDB 10.11).
_ARIA_DEFAULTS = frozenset({"transactional=1", "page_checksum=1"})


class MariadbReader:
    """Reads one database again and again; see `mrt_dynamic.snapshot.schema.Reader`."""

    def __init__(self, dialect: Dialect, version_table: Name) -> None:
        self._dialect: Dialect = dialect
        self._version_table = version_table.name.lower()
        self._ledger = Ledger(dialect)
        self._read: dict[str, Row] = {}

    def read(self, connection: Connection, _working: Connection | None = None) -> State:
        """Returns the State of the database behind the connection."""
        with left_alone(connection):
            return self._state(connection)

    def _state(self, connection: Connection) -> State:
        parts = {
            "columns": _by_table(connection, queries.COLUMNS),
            "keys": _by_table(connection, queries.FOREIGN_KEYS),
            "checks": _by_table(connection, queries.CHECKS[self._dialect]),
            "indexes": _by_table(connection, queries.INDEXES),
            "partitions": _by_table(connection, queries.PARTITIONS),
            "triggers": _by_table(connection, queries.TRIGGERS),
        }
        bundles: dict[Hashable, Bundle] = {"loose": tuple(self._loose(connection))}
        now: dict[str, Row] = {}
        for table in _rows(connection, queries.TABLES):
            name = table["table"]
            if name.lower() == self._version_table:
                continue
            if table["type"] == "SEQUENCE":
                now[name] = _sequence_row(connection, name)
            else:
                now[name] = {"table": table, **{part: rows.get(name, []) for part, rows in parts.items()}}
            if self._read.get(name) == now[name]:
                continue
            if table["type"] == "SEQUENCE":
                bundles[name] = (_sequence(name, now[name]),)
            else:
                own = [_trigger(row) for row in now[name]["triggers"]]
                bundles[name] = (_Maker(self._dialect, now[name]).table(), *own)
        gone = [name for name in self._read if name not in now]
        self._read = now
        return self._ledger.write(bundles, gone)

    def _loose(self, connection: Connection) -> Iterator[SchemaObject]:
        """Yields what belongs to no table."""
        for row in _rows(connection, queries.VIEWS[self._dialect]):
            more = [
                ("check option", None if row["check"] == "NONE" else row["check"]),
                ("security", row["security"]),
                ("definer", row["definer"]),
                ("algorithm", row["algorithm"]),
            ]
            yield SchemaObject("view", Name(row["name"]), row["definition"], details=facts(more))
        yield from _routines(connection)
        for row in _rows(connection, queries.EVENTS):
            name, body = row.pop("name"), row.pop("body")
            more = [(key, value) for key, value in row.items() if value not in (None, "")]
            yield SchemaObject("other", Name(f"event {name}"), body, details=facts(more))
        for row in _rows(connection, queries.DATABASE):
            yield SchemaObject("other", Name("defaults of the database"), details=facts(row.items()))
        grants: dict[tuple[str, str | None], list[str]] = defaultdict(list)
        for row in _rows(connection, queries.GRANTS):
            said = f"{row['privilege']}" + (f" ({row['column']})" if row["column"] else "")
            said += " WITH GRANT OPTION" if row["grantable"] == "YES" else ""
            grants[row["grantee"], row["table"]].append(said)
        for (grantee, table), privileges in grants.items():
            target = table or "the database"
            owner = Name(table) if table else None
            name = Name(f"privileges for {grantee} on {target}")
            yield SchemaObject("grant", name, ", ".join(privileges), owner)


def _rows(connection: Connection, query: str) -> list[Row]:
    result = run(connection, query)
    names = [name.lower() for name in result.keys()]  # noqa: SIM118 -- no dict: iterating gives the rows
    return [dict(zip(names, row, strict=True)) for row in result]


def _by_table(connection: Connection, query: str) -> dict[str, list[Row]]:
    tables: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(connection, query):
        row.pop("cardinality", None)  # An estimate.
        tables[row.get("table") or row["table_name"]].append(row)
    return tables


def _trigger(row: Row) -> SchemaObject:
    more = facts([("definer", row["definer"]), ("order", row["place"]), ("sql mode", row["sql_mode"])])
    definition = f"ON {row['table']} {row['definition']}"
    return SchemaObject("trigger", Name(row["name"]), definition, Name(row["table"]), more)


def _sequence_row(connection: Connection, name: str) -> Row:
    return dict(run(connection, f"SELECT * FROM {quoted(name, 'mariadb')}").mappings().one())


def _sequence(name: str, row: Row) -> SchemaObject:
    definition = (
        f"start {row['start_value']} increment {row['increment']} minvalue {row['minimum_value']}"
        f" maxvalue {row['maximum_value']} cache {row['cache_size']}{' cycle' * bool(row['cycle_option'])}"
    )
    details = facts([("position", row["next_not_cached_value"])])
    return SchemaObject("sequence", Name(name), definition, details=details)


def _routines(connection: Connection) -> Iterator[SchemaObject]:
    parameters: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in _rows(connection, queries.PARAMETERS):
        parameters[row["own"], row["kind"]].append(row)
    seen = set()
    for row in sorted(_rows(connection, queries.ROUTINES), key=lambda row: (row["kind"], row["name"])):
        own = parameters[row["own"], row["kind"]]
        name = f"{row['name']}({', '.join(one['type'] for one in own)})"
        named = ", ".join(f"{one['mode'] or ''} {one['name']} {one['type']}".strip() for one in own)
        returned = f" returns {row['returned']}" if row["returned"] else ""
        more = [
            ("deterministic", row["deterministic"] == "YES" and "yes"),
            ("data access", row["access"]),
            ("security", row["security"]),
            ("definer", row["definer"]),
            ("sql mode", row["sql_mode"]),
            ("comment", row["comment"] or None),
        ]
        kind = row["kind"].lower()
        # A function and a procedure may have the same name.
        name = f"{kind} {name}" if name in seen else name
        seen.add(name)
        definition = f"{kind} ({named}){returned} {row['body']}"
        yield SchemaObject("function", Name(name), definition, details=facts(more))


class _Maker:
    """Makes one table of its rows."""

    def __init__(self, dialect: Dialect, rows: Row) -> None:
        self.dialect: Dialect = dialect
        self.row: Row = rows["table"]
        self.rows = rows
        self.name = Name(self.row["table"])
        columns = {column["name"] for column in rows["columns"]}
        # JSON is LONGTEXT with a check that MariaDB adds under the column's name.
        self.json = {
            check["name"]
            for check in rows["checks"]
            if check["name"] in columns and check["expression"].startswith("json_valid(")
        }

    def table(self) -> Table:
        """Returns the table with everything that belongs to it alone."""
        keys: list[Constraint] = []
        indexes: dict[str, Index] = {}
        options = list(self._options())
        for rows in self._groups("indexes", "index_name"):
            if rows[0]["non_unique"]:
                index = self._index(rows)
                indexes[str(index.name).lower()] = index
            else:
                keys.append(self._key(rows))
                options += [
                    (f"{fact}{OF}constraint {rows[0]['index_name']}", value)
                    for fact, value in _index_facts(rows[0])
                ]
        keys += [self._foreign(rows) for rows in self._groups("keys", "name")]
        keys += [self._check(row) for row in self.rows["checks"] if row["name"] not in self.json]
        return Table(
            self.name,
            {column["name"].lower(): self._column(column) for column in self.rows["columns"]},
            tuple(keys),
            indexes,
            self.row["comment"] or None,
            facts(options),
            rows=None,
        )

    def _groups(self, part: str, key: str) -> list[list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows[part]:
            found[row[key]].append(row)
        return list(found.values())

    def _options(self) -> Iterator[tuple[str, object]]:
        yield "engine", self.row["engine"]
        yield "collation", self.row["collation"]
        options = (self.row["options"] or "").split()
        yield "create options", " ".join(word for word in options if word not in _ARIA_DEFAULTS) or None
        yield "system versioning", "yes" if self.row["type"] == "SYSTEM VERSIONED" else None
        partitions = self.rows["partitions"]
        if partitions:
            first = partitions[0]
            said = f"{first['method']} ({first['expression']})"
            if first["sub_method"]:
                said += f" SUBPARTITION BY {first['sub_method']} ({first['sub_expression']})"
            yield "partitioning", said
            names = (f"{one['name']} {one['sub'] or ''} {one['bound'] or ''}".strip() for one in partitions)
            yield "partitions", ", ".join(" ".join(name.split()) for name in names)
        for column in self.rows["columns"]:
            part = f"{OF}column {column['name']}"
            extra = column["extra"].upper()
            yield f"visibility{part}", "invisible" if "INVISIBLE" in extra else None
            yield f"system versioning{part}", "no" if "WITHOUT SYSTEM VERSIONING" in extra else None
            yield f"compression{part}", "yes" if "COMPRESSED" in column["type"].upper() else None

    def _column(self, row: Row) -> Column:
        if row["name"] in self.json:
            kind = SqlType("json")
        else:
            kind = read_type(row["type"], self.dialect)
            if row["collation"] and row["collation"] != self.row["collation"]:
                kind = replace(kind, collation=row["collation"])
        extra = row["extra"].upper()
        generated, default = None, self._default(row, kind)
        if row["generated"]:
            generated = Generated(text_of(row["generated"], self.dialect), "STORED" in extra)
            default = None
        if "ON UPDATE" in extra:
            # The State keeps the two halves of one clause together.
            default = f"{default or ''} ON UPDATE CURRENT_TIMESTAMP".strip()
        return Column(
            row["name"],
            kind,
            row["nullable"] == "YES",
            default,
            autoincrement="AUTO_INCREMENT" in extra,
            generated=generated,
            comment=row["comment"] or None,
        )

    def _default(self, row: Row, kind: SqlType) -> str | None:
        text = row["default"]
        # A nullable column without a default prints its default as NULL in MariaDB.
        if text is None or (self.dialect == "mariadb" and text == "NULL"):
            return None
        if self.dialect == "mysql" and "DEFAULT_GENERATED" not in row["extra"].upper():
            # MySQL prints a value without its quotes.
            word = row["type"].partition("(")[0].lower()
            if word in _TEXT or (word in _DATES and not text.upper().startswith("CURRENT_TIMESTAMP")):
                text = "'" + text.replace("'", "''") + "'"
        return default_of(text, self.dialect, kind)

    def _parts(self, rows: list[Row]) -> tuple[str, ...]:
        parts = []
        for row in rows:
            if row["column_name"] is None:  # MySQL 8: an expression
                part = f"({text_of(row['expression'], self.dialect)})"
            else:
                part = row["column_name"] + (f"({row['sub_part']})" if row["sub_part"] else "")
            parts.append(part + (" DESC" if row["collation"] == "D" else ""))
        return tuple(parts)

    def _key(self, rows: list[Row]) -> Constraint:
        kind = "primary" if rows[0]["index_name"] == "PRIMARY" else "unique"
        parts = self._parts(rows)
        columns = tuple(row["column_name"] or f"({row['expression']})" for row in rows)
        name = rows[0]["index_name"]
        said = [f"({', '.join(parts)})"] if parts != columns else []
        said += [f"USING {rows[0]['index_type']}"] if rows[0]["index_type"] != "BTREE" else []
        return Constraint(
            kind,  # type: ignore[arg-type]
            name,
            columns,
            " ".join(said) or None,
            automatic=mysql_name(self.name.name, kind, columns, name),
        )

    def _index(self, rows: list[Row]) -> Index:
        first, parts = rows[0], self._parts(rows)
        return Index(
            first["index_name"],
            parts,
            method=None if first["index_type"] == "BTREE" else first["index_type"].lower(),
            options=facts(_index_facts(first)),
            automatic=mysql_name(self.name.name, "index", parts, first["index_name"]),
        )

    def _foreign(self, rows: list[Row]) -> Constraint:
        first = rows[0]
        return Constraint(
            "foreign",
            first["name"],
            tuple(row["column"] for row in rows),
            ref_table=Name(first["ref_table"]),
            ref_columns=tuple(row["ref_column"] for row in rows),
            ondelete=_action(first["ondelete"]),
            onupdate=_action(first["onupdate"]),
            automatic=mysql_name(self.name.name, "foreign", (), first["name"]),
        )

    def _check(self, row: Row) -> Constraint:
        said = text_of(row["expression"], self.dialect)
        return Constraint(
            "check",
            row["name"],
            expression=said if row["enforced"] == "YES" else f"{said} NOT ENFORCED",
            automatic=mysql_name(self.name.name, "check", (), row["name"]) or row["level"] == "Column",
        )


def _index_facts(row: Row) -> Iterator[tuple[str, object]]:
    yield "comment", row["index_comment"] or None
    unused = row.get("ignored") == "YES" or row.get("is_visible") == "NO"
    yield "use", "ignored" if unused else None


def _action(text: str | None) -> str | None:
    # RESTRICT and NO ACTION are the same in InnoDB, and what is meant when nothing is written.
    return None if text in (None, "RESTRICT", "NO ACTION") else text
