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

from mrt_lint.schema.casts import Effect, cast_effect
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.types import SqlType
from mrt_lint.sql import type_from_sql
from tests.backends import need, scratch

GUID = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"

POSTGRESQL: dict[str, list[str]] = {
    "smallint": ["0", "-32768", "32767"],
    "integer": ["0", "7", "-2147483648", "16777217"],
    "bigint": ["1", "9223372036854775807", "9007199254740993", "-3000000000"],
    "numeric(10,2)": ["0.00", "10.50", "99999999.99", "-3.07"],
    "numeric(12,2)": ["0.01", "9999999999.99"],
    "numeric(10,0)": ["7", "9999999999"],
    "numeric(20,2)": ["123456789012345678.91"],
    "numeric": ["0.1", "123456789012345678901234567890.123456789", "NaN"],
    "real": ["0.5", "0.1", "16777216", "1e30", "Infinity"],
    "double precision": ["0.5", "0.1", "9007199254740992", "1e300", "NaN"],
    "boolean": ["t", "f"],
    "char(5)": ["ab", "abcde", ""],
    "varchar(5)": ["ab", "ab   ", "abcde", "", "7", "1.5"],
    "varchar(40)": ["ab", "ab        ", "x" * 40, "007", " 7", "2024-02-29", "T", GUID.upper()],
    "text": ["ab   ", "x" * 60, "007", "1e2", "2024-2-29", "yes", '{"b":1,  "a":2}', "{" + GUID + "}"],
    "date": ["2024-02-29", "1900-01-01", "infinity"],
    "timestamp": ["2024-02-29 13:37:00.123456", "1900-01-01 00:00:00", "infinity"],
    "timestamp(0)": ["2024-02-29 13:37:00"],
    "time": ["13:37:00.5", "24:00:00"],
    "interval": ["1 day", "25:00:00", "1 mon"],
    "uuid": [GUID],
    "json": ['{"b": 1,  "a": 2, "a": 3}', "1"],
    "jsonb": ['{"a": 2, "b": 1}', "1"],
    "bytea": ["\\x00ff", "\\x"],
    "inet": ["10.0.0.1", "10.0.0.0/8"],
    "integer[]": ["{1,2}", "{}"],
    "bigint[]": ["{9223372036854775807}"],
    "varchar(3)[]": ['{abc,"a  "}'],
    "varchar(9)[]": ["{abc,abcdefghi}"],
}  # fmt: skip

MARIADB: dict[str, list[str]] = {
    "tinyint": ["0", "-128", "127"],
    "smallint": ["0", "-32768", "32767"],
    "integer": ["0", "7", "-2147483648", "16777217"],
    "integer unsigned": ["0", "4294967295"],
    "bigint": ["1", "9223372036854775807", "9007199254740993"],
    "numeric(10,2)": ["0.00", "10.50", "99999999.99", "-3.07"],
    "numeric(10,0)": ["7", "9999999999"],
    "numeric(14,4)": ["0.0001", "9999999999.9999"],
    "numeric(20,2)": ["123456789012345678.91"],
    "float": ["0.5", "16777216", "0.00001"],
    "double": ["0.5", "0.1", "9007199254740992", "0.00001"],
    "char(5)": ["ab", "abcde", ""],
    "varchar(5)": ["ab", "ab   ", "abcde", "", "7"],
    "varchar(40)": ["ab", "ab        ", "x" * 40, "007", "2024-02-29"],
    "text": ["ab   ", "x" * 300, "007", "1e2"],
    "mediumtext": ["x" * 70000],
    "date": ["2024-02-29", "1900-01-01"],
    "datetime": ["2024-02-29 13:37:00", "1900-01-01 00:00:00", "9999-12-31 23:59:59"],
    "datetime(6)": ["2024-02-29 13:37:00.123456"],
    "timestamp": ["2024-02-29 13:37:00"],
    "time": ["13:37:00", "-25:00:00"],
    "enum('a','b')": ["a", "b"],
    "enum('a','b','c')": ["a", "c"],
}

SQLITE: dict[str, tuple[sa.types.TypeEngine[object], list[object]]] = {
    "integer": (sa.Integer(), [0, 7, 2**53 + 1]),
    "bigint": (sa.BigInteger(), [1, 2**63 - 1]),
    "varchar(5)": (sa.String(5), ["ab", "ab   ", "007", "", "longer than five"]),
    "text": (sa.Text(), ["ab", "1e2", "2024-02-29", "12abc"]),
    "numeric(10,2)": (sa.Numeric(10, 2), [10.5, 3.07, 7, 2**53 + 1]),
    "float": (sa.Float(), [0.5, 0.1, 1e300, 2.0, 1 / 3]),
    "boolean": (sa.Boolean(), [0, 1]),
    "date": (sa.Date(), ["2024-02-29"]),
    "datetime": (sa.DateTime(), ["2024-02-29 13:37:00.000000"]),
    "time": (sa.Time(), ["13:37:00.000000"]),
    "blob": (sa.LargeBinary(), [b"ab", b"\x00\xff"]),
    "json": (sa.JSON(), ['{"b":1,  "a":2}', "1"]),
    "char(32)": (sa.Uuid(), ["a0eebc999c0b4ef8bb6d6bb9bd380a11"]),
}

SERVERS = {"postgresql": POSTGRESQL, "mariadb": MARIADB}
RUNS = [
    pytest.param(database, old, id=f"{database}: {old}")
    for database, types in {**SERVERS, "sqlite": SQLITE}.items()
    for old in types
]

FAILED = "failed"
Fates = dict[str, list[tuple[object, str]]]
"""New type -> (value, what became of it)."""
Measure = Callable[[str, str], Fates]


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
        if new != old
    }


def _on_sqlite(connection: Connection, old: str) -> Fates:
    kind, values = SQLITE[old]
    return {
        new: [_fate(value, _rebuilt(connection, kind, other, value)) for value in values]
        for new, (other, _) in SQLITE.items()
        if new != old
    }


def _rebuilt(
    connection: Connection, old: sa.types.TypeEngine[object], new: sa.types.TypeEngine[object], value: object
) -> object:
    """Returns the value after two rebuilds by Alembic's batch."""
    table = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("v", old))
    table.drop(connection, checkfirst=True)
    table.create(connection)
    connection.exec_driver_sql("INSERT INTO t (v) VALUES (?)", (value,))
    before = connection.exec_driver_sql("SELECT v, typeof(v) FROM t").one()
    operations = Operations(MigrationContext.configure(connection))
    for each in (new, old):
        with operations.batch_alter_table("t") as batch:
            batch.alter_column("v", type_=each)
    after = connection.exec_driver_sql("SELECT v, typeof(v) FROM t").one()
    return value if after == before else tuple(after)


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

        def fates(database: str, old: str) -> Fates:
            need(database)
            if database not in connections:
                engine = stack.enter_context(scratch(database, folder))
                connection = stack.enter_context(engine.connect())
                if database == "postgresql":
                    connection.execution_options(isolation_level="AUTOCOMMIT")
                connections[database] = connection
            if (database, old) not in known:
                connection = connections[database]
                lite = database == "sqlite"
                known[database, old] = (
                    _on_sqlite(connection, old) if lite else _on_a_server(connection, database, old)
                )
            return known[database, old]

        yield fates


@pytest.mark.parametrize(("database", "old"), RUNS)
def test_no_promise_is_broken(database: Dialect, old: str, measure: Measure) -> None:
    wrong = []
    for new, fates in measure(database, old).items():
        effect = cast_effect(_type(old, database), _type(new, database), database)
        allowed = {Effect.LOSSLESS: ("kept",), Effect.MAY_FAIL: ("kept", FAILED)}.get(effect)
        wrong += [
            f"{old} -> {new} is called {effect.value}, but {value!r} is {fate}"
            for value, fate in fates
            if allowed is not None and fate not in allowed
        ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("database", "old"), RUNS)
def test_lossy_is_said_only_where_something_is_lost(database: Dialect, old: str, measure: Measure) -> None:
    careful = []
    for new, fates in measure(database, old).items():
        effect = cast_effect(_type(old, database), _type(new, database), database)
        if effect is Effect.LOSSY and all(fate == "kept" for _, fate in fates):
            careful.append(f"{old} -> {new} is called lossy, but {[value for value, _ in fates]} are kept")
    assert not careful, "\n".join(careful)
