"""The table of casts against the truth: what a type change really does to values, in every database.

`lossless` promises that every value passes and comes back; `may fail` that a value passes whole or
not at all: a broken promise is an unsound verdict. The other two promise nothing, so they cannot be
wrong, only too careful: a pair that is called lossy should lose at least one of the values tried here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from mrt_lint.schema.casts import Effect, cast_effect, needs_using
from mrt_lint.schema.dialects import Dialect, dialect_named
from mrt_lint.schema.types import SqlType
from mrt_lint.sql import type_from_sql
from tests.backends import need, scratch
from tests.truth.share import tried

GUID = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"

POSTGRESQL: dict[str, list[str]] = {
    "smallint": ["0", "-32768", "32767"],
    "integer": ["0", "7", "-2147483648", "16777217"],
    "bigint": ["1", "9223372036854775807", "9007199254740993", "-3000000000"],
    "numeric(10,2)": ["0.00", "10.50", "99999999.99", "-3.07"],
    "numeric(12,2)": ["0.01", "9999999999.99"],
    "numeric(10,0)": ["7", "9999999999"],
    "numeric(20,2)": ["123456789012345678.91"],
    "numeric(15,2)": ["9999999999999.99", "-0.07"],
    "numeric(16,2)": ["99999999999999.99", "0.01"],
    "numeric(18,0)": ["999999999999999999", "NaN"],
    "numeric(6,3)": ["999.999", "-0.001", "NaN"],
    "numeric": ["0.1", "123456789012345678901234567890.123456789", "NaN"],
    "real": ["0.5", "0.1", "16777216", "1e30", "Infinity"],
    "double precision": ["0.5", "0.1", "9007199254740992", "1e300", "NaN"],
    "boolean": ["t", "f"],
    "char(5)": ["ab", "abcde", ""],
    "char(40)": ["ab", "1", "x" * 40, GUID, '{"a":  1}', "2024-2-29"],
    "varchar(5)": ["ab", "ab   ", "abcde", "", "7", "1.5"],
    "varchar(40)": ["ab", "ab        ", "x" * 40, "007", " 7", "2024-02-29", "T", GUID.upper()],
    "text": ["ab   ", "x" * 60, "007", "1e2", "2024-2-29", "yes", '{"b":1,  "a":2}', "{" + GUID + "}"],
    "date": ["2024-02-29", "1900-01-01", "infinity"],
    "timestamp": ["2024-02-29 13:37:00.123456", "1900-01-01 00:00:00", "infinity"],
    "timestamp(0)": ["2024-02-29 13:37:00"],
    "timestamptz": ["2024-10-27 00:30:00.5+00", "2024-10-27 01:30:00+00", "infinity"],
    "time": ["13:37:00.5", "24:00:00"],
    "timetz": ["13:37:00.5+05", "24:00:00-03"],
    "interval": ["1 day", "25:00:00.5", "1 mon"],
    "interval(0)": ["1 day 00:00:01"],
    "interval day": ["1 day", "1 mon"],
    "uuid": [GUID],
    "json": ['{"b": 1,  "a": 2, "a": 3}', "1"],
    "jsonb": ['{"a": 2, "b": 1}', "1"],
    "bytea": ["\\x00ff", "\\x"],
    "inet": ["10.0.0.1", "10.0.0.0/8", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0/127"],
    "cidr": ["10.0.0.0/8"],
    "bit(3)": ["101"],
    "varbit(3)": ["101", "1"],
    "varbit": ["10101"],
    "integer[]": ["{1,2}", "{}"],
    "bigint[]": ["{9223372036854775807}"],
    "varchar(3)[]": ['{abc,"a  "}'],
    "varchar(9)[]": ["{abc,abcdefghi}"],
}  # fmt: skip

MARIADB: dict[str, list[str]] = {
    "tinyint": ["0", "-128", "127"],
    "smallint": ["0", "-32768", "32767"],
    "boolean": ["0", "1", "-128"],
    "mediumint": ["-8388608", "8388607"],
    "integer": ["0", "7", "-2147483648", "16777217"],
    "integer unsigned": ["0", "4294967295"],
    "bigint": ["1", "9223372036854775807", "9007199254740993"],
    "numeric(10,2)": ["0.00", "10.50", "99999999.99", "-3.07"],
    "numeric(10,0)": ["7", "9999999999"],
    "numeric(14,4)": ["0.0001", "9999999999.9999"],
    "numeric(20,2)": ["123456789012345678.91"],
    "numeric(6,3)": ["999.999", "-0.001"],
    "numeric": ["7", "-9999999999"],
    "numeric(10,2) unsigned": ["99999999.99"],
    "float": ["0.5", "16777216", "0.00001"],
    "double": ["0.5", "0.1", "9007199254740992", "0.00001"],
    "double(8,2)": ["0.5", "999999.99"],
    "char(5)": ["ab", "abcde", ""],
    "varchar(5)": ["ab", "ab   ", "abcde", "", "7"],
    "varchar(40)": ["ab", "ab        ", "x" * 40, "007", "2024-02-29", "A", "1", "\u20ac\u015d"],
    "varchar(40) character set latin1": ["ab", "ab  ", "\xe9"],
    "varchar(300)": ["\u20ac" * 300],
    "tinytext": ["ab   ", "x" * 255],
    "text": ["ab   ", "x" * 300, "007", "1e2", "A", "1"],
    "mediumtext": ["x" * 70000],
    "binary(5)": ["ab", "abcde"],
    "varbinary(5)": ["ab", "ab   ", "abcde"],
    "blob": ["ab", "x" * 300],
    "tinyblob": ["ab"],
    "date": ["2024-02-29", "1900-01-01"],
    "datetime": ["2024-02-29 13:37:00", "1900-01-01 00:00:00", "9999-12-31 23:59:59"],
    "datetime(6)": ["2024-02-29 13:37:00.123456"],
    "timestamp": ["2024-02-29 13:37:00"],
    "timestamp(6)": ["2024-02-29 13:37:00.123456"],
    "time": ["13:37:00", "-25:00:00"],
    "time(3)": ["-838:59:59.999"],
    "year": ["1901", "2155"],
    "enum('a','b')": ["a", "b"],
    "enum('a','b','c')": ["a", "c"],
    "enum('A','x','1')": ["A", "1"],
    "set('a','b')": ["a,b", ""],
    "set('a','b','c')": ["a,b,c"],
}

SQLITE: dict[str, tuple[sa.types.TypeEngine[object], list[object]]] = {
    "smallint": (sa.SmallInteger(), [0, -32768]),
    "integer": (sa.Integer(), [0, 7, 2**53 + 1]),
    "bigint": (sa.BigInteger(), [1, 2**53 + 1, 2**63 - 1]),
    "varchar(5)": (sa.String(5), ["ab", "ab   ", "007", "", "longer than five"]),
    "text": (sa.Text(), ["ab", "1e2", "2024-02-29", "12abc"]),
    "numeric(10,2)": (sa.Numeric(10, 2), [10.5, 3.07, 7, 99999999.99]),
    "numeric(10,0)": (sa.Numeric(10, 0), [7, 9999999999]),
    "numeric(20,0)": (sa.Numeric(20, 0), [7, 2**53 + 1, 12345678901234567e3]),
    "numeric(20,2)": (sa.Numeric(20, 2), [10.5, 123456789012345.67, 2**53 + 1]),
    "float": (sa.Float(), [0.5, 0.1, 1e300, 2.0, 1 / 3]),
    "boolean": (sa.Boolean(), [0, 1]),
    "date": (sa.Date(), ["2024-02-29"]),
    "datetime": (sa.DateTime(), ["2024-02-29 13:37:00.000000"]),
    "time": (sa.Time(), ["13:37:00.000000"]),
    "blob": (sa.LargeBinary(), [b"ab", b"\x00\xff"]),
    "json": (sa.JSON(), ['{"b":1,  "a":2}', "1", "0.3333333333333333"]),
    "char(32)": (sa.Uuid(), ["a0eebc999c0b4ef8bb6d6bb9bd380a11", "0" * 31 + "1"]),
}

SERVERS = {"postgresql": POSTGRESQL, "mariadb": MARIADB}
WAYS: dict[str, bool | None] = {"sqlite": False, "sqlite copied": True, "sqlite mixed": None}
"""How values get into a column of another type in SQLite, and `copied` of cast_effect."""
RUNS = [
    pytest.param(database, old, id=f"{database}: {old}")
    for database, types in {**SERVERS, **dict.fromkeys(WAYS, SQLITE)}.items()
    for old in types
]

FAILED = "failed"
Fates = dict[str, list[tuple[object, str]]]
"""New type -> (value, what became of it)."""
Measure = Callable[[str, str], Fates]
Refused = Callable[[str, str], bool]


def _fate(value: object, back: object) -> tuple[object, str]:
    """Returns the value and what became of it: `kept`, `failed` or changed."""
    return value, FAILED if back is FAILED else "kept" if back == value else f"changed to {back!r}"


def _tables(connection: Connection, types: dict[str, list[str]]) -> dict[str, str]:
    names = {}
    for number, kind in enumerate(types):
        names[kind] = f"v{number}"
        connection.exec_driver_sql(f"CREATE TEMPORARY TABLE v{number} (v {kind})")
    return names


def _moved(connection: Connection, table: str, select: str, kind: str, explicit: bool) -> bool:
    """Fills a table as ALTER TYPE fills a column: by the assignment cast, else by an explicit one."""
    connection.exec_driver_sql(f"TRUNCATE {table}")
    attempts = [select, select.replace("v FROM", f"CAST(v AS {kind}) FROM")][: 2 if explicit else 1]
    for attempt in attempts:
        try:
            connection.exec_driver_sql(f"INSERT INTO {table} (v) {attempt}")
        except SQLAlchemyError as error:
            if "is of type" not in str(error):  # the value, not the pair of types, is refused
                return False
        else:
            return True
    return False


def _value(connection: Connection, table: str, text: bool) -> object:
    chosen = "v::text" if text else "CAST(v AS BINARY)"
    return connection.exec_driver_sql(f"SELECT {chosen} FROM {table}").scalar()


def _through(
    connection: Connection, names: dict[str, str], types: tuple[str, str], value: str, explicit: bool
) -> object:
    """Returns the value after a change of type and back, FAILED if it did not pass."""
    old, new = types
    first, second = names[old], names[new]
    connection.exec_driver_sql(f"TRUNCATE {first}")
    connection.exec_driver_sql(f"INSERT INTO {first} (v) VALUES ('{value}')")
    before = _value(connection, first, explicit)
    if not _moved(connection, second, f"SELECT v FROM {first}", new, explicit):
        return FAILED
    if not _moved(connection, first, f"SELECT v FROM {second}", old, explicit):
        return "what cannot be read back"
    after = _value(connection, first, explicit)
    return value if after == before else after


def _on_a_server(connection: Connection, database: str, old: str) -> Fates:
    types = SERVERS[database]
    explicit = database == "postgresql"
    names = connection.info.get("tables")
    if names is None:
        names = connection.info["tables"] = _tables(connection, types)
    return {
        new: [_fate(value, _through(connection, names, (old, new), value, explicit)) for value in types[old]]
        for new in types
        if new != old and tried(old, new)
    }


def _on_sqlite(connection: Connection, way: str, old: str) -> Fates:
    kind, values = SQLITE[old]
    steps = {"sqlite": [(_cast, _cast)], "sqlite copied": [(_store, _store)]}
    both = steps.get(way, [(_cast, _store), (_store, _cast)])
    return {
        new: [
            _fate(value, _there_and_back(connection, (kind, other), value, way))
            for value in values
            for way in both
        ]
        for new, (other, _) in SQLITE.items()
        if new != old and tried(old, new)
    }


Step = Callable[[Connection, sa.types.TypeEngine[object]], None]


def _there_and_back(
    connection: Connection,
    types: tuple[sa.types.TypeEngine[object], sa.types.TypeEngine[object]],
    value: object,
    way: tuple[Step, Step],
) -> object:
    old, new = types
    _table("t", old).drop(connection, checkfirst=True)
    _table("t", old).create(connection)
    connection.exec_driver_sql("INSERT INTO t (v) VALUES (?)", (value,))
    before = connection.exec_driver_sql("SELECT CAST(v AS BLOB), typeof(v), quote(v) FROM t").one()
    way[0](connection, new)
    way[1](connection, old)
    after = connection.exec_driver_sql("SELECT CAST(v AS BLOB), typeof(v), quote(v) FROM t").one()
    return value if after == before else tuple(after)


def _table(name: str, kind: sa.types.TypeEngine[object]) -> sa.Table:
    return sa.Table(name, sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("v", kind))


def _cast(connection: Connection, kind: sa.types.TypeEngine[object]) -> None:
    """Rebuilds the table by Alembic's batch."""
    operations = Operations(MigrationContext.configure(connection))
    with operations.batch_alter_table("t") as batch:
        batch.alter_column("v", type_=kind)


def _store(connection: Connection, kind: sa.types.TypeEngine[object]) -> None:
    """Rebuilds the table by a copy in SQL."""
    _table("copy", kind).create(connection)
    connection.exec_driver_sql("INSERT INTO copy (id, v) SELECT id, v FROM t")
    connection.exec_driver_sql("DROP TABLE t")
    connection.exec_driver_sql("ALTER TABLE copy RENAME TO t")


def _type(text: str, dialect: Dialect) -> SqlType:
    found = type_from_sql(text, dialect)
    assert found is not None, text
    return found


@pytest.fixture(scope="module")
def measure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Measure]:
    """Returns a function that gives the fate of a type's values under a change to every other type."""
    folder = tmp_path_factory.mktemp("casts")
    connections: dict[str, Connection] = {}
    known: dict[tuple[str, str], Fates] = {}
    with ExitStack() as stack:

        def fates(way: str, old: str) -> Fates:
            database = way.partition(" ")[0]
            need(database)
            if database not in connections:
                engine = stack.enter_context(scratch(database, folder))
                connection = stack.enter_context(engine.connect())
                if database == "postgresql":
                    connection.execution_options(isolation_level="AUTOCOMMIT")
                    connection.exec_driver_sql("SET timezone = 'Europe/Berlin'")  # has an hour twice a year
                connections[database] = connection
            if (way, old) not in known:
                connection = connections[database]
                known[way, old] = (
                    _on_sqlite(connection, way, old)
                    if way in WAYS
                    else _on_a_server(connection, database, old)
                )
            return known[way, old]

        yield fates


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refused]:
    """Returns a function that tells whether PostgreSQL refuses to change the type of an empty column."""
    need("postgresql")
    with scratch("postgresql", tmp_path_factory.mktemp("using")) as engine, engine.connect() as connection:

        def ask(old: str, new: str) -> bool:
            with connection.begin() as transaction:
                connection.exec_driver_sql(f"CREATE TEMPORARY TABLE t (v {old})")
                try:
                    connection.exec_driver_sql(f"ALTER TABLE t ALTER v TYPE {new}")
                except SQLAlchemyError as error:
                    assert "cannot be cast automatically" in str(error)
                    return True
                finally:
                    transaction.rollback()
            return False

        yield ask


def _effect(way: str, old: str, new: str) -> Effect:
    dialect = dialect_named(way.partition(" ")[0])
    assert dialect is not None
    return cast_effect(_type(old, dialect), _type(new, dialect), dialect, WAYS.get(way, False))


@pytest.mark.parametrize(("way", "old"), RUNS)
def test_no_promise_is_broken(way: str, old: str, measure: Measure) -> None:
    wrong = []
    for new, fates in measure(way, old).items():
        effect = _effect(way, old, new)
        allowed = {Effect.LOSSLESS: ("kept",), Effect.MAY_FAIL: ("kept", FAILED)}.get(effect)
        wrong += [
            f"{old} -> {new} is called {effect.value}, but {value!r} is {fate}"
            for value, fate in fates
            if allowed is not None and fate not in allowed
        ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("way", "old"), RUNS)
def test_lossy_is_said_only_where_something_is_lost(way: str, old: str, measure: Measure) -> None:
    careful = []
    for new, fates in measure(way, old).items():
        if _effect(way, old, new) is Effect.LOSSY and all(fate == "kept" for _, fate in fates):
            careful.append(f"{old} -> {new} is called lossy, but {[value for value, _ in fates]} are kept")
    assert not careful, "\n".join(careful)


@pytest.mark.parametrize("old", [*POSTGRESQL, "macaddr", "money", "xml"])
def test_using_is_needed_where_the_change_is_refused_without(old: str, refused: Refused) -> None:
    wrong = []
    for new in [*POSTGRESQL, "macaddr", "money", "xml"]:
        needed = needs_using(_type(old, "postgresql"), _type(new, "postgresql"), "postgresql")
        if new != old and needed is not refused(old, new):
            wrong.append(f"{old} -> {new} is {'not ' if needed else ''}refused without USING")
    assert not wrong, "\n".join(wrong)
