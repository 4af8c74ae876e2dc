"""Which type changes write a table or an index anew, against real servers.

PostgreSQL tells by the file that a table or an index is in, MariaDB by the algorithms that it accepts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.rewrites import reindexes, rewrites, widens
from mrt_lint.schema.types import SqlType
from mrt_lint.sql import type_from_sql
from tests.backends import need, scratch
from tests.truth.share import tried

FAMILIES = (
    ("smallint", "integer", "bigint", "oid"),
    ("numeric(10,2)", "numeric(12,2)", "numeric(12,4)", "numeric"),
    ("real", "double precision", "boolean"),
    ("char(5)", "char(9)", "varchar(5)", "varchar(9)", "varchar", "text", "xml", "json", "jsonb")
    + ('varchar(9) COLLATE "C"', 'text COLLATE "C"'),
    ("date", "timestamp", "timestamp(3)", "timestamp(6)", "timestamptz", "timestamptz(0)"),
    ("time", "time(0)", "timetz", "timetz(0)"),
    ("interval", "interval(0)", "interval day"),
    ("uuid", "bytea", "inet", "cidr", "macaddr"),
    ("bit(3)", "bit(5)", "varbit(3)", "varbit(5)", "varbit"),
    ("integer[]", "bigint[]", "numeric(5,2)[]", "numeric(7,2)[]"),
    ("varchar(3)[]", "varchar(9)[]", "varchar[]", "text[]"),
)
POSTGRESQL = [kind for family in FAMILIES for kind in family]
LATIN = " character set latin1"
SETS = [f"set({', '.join(repr(f'e{n}') for n in range(size))})" for size in (7, 8, 9, 25, 33, 41, 64)]
MARIADB = (
    *(
        "tinyint",
        "tinyint(1)",
        "smallint",
        "int",
        "int unsigned",
        "bigint",
        "float",
        "double",
        "uuid",
        "year",
    ),
    *("numeric(10,2)", "numeric(12,2)", "numeric(12,4)", "char(5)", "char(9)", "char(70)"),
    *(f"varchar({size})" for size in (5, 31, 32, 63, 64, 65, 255, 256, 300)),
    *(f"varchar({size}){LATIN}" for size in (100, 127, 128, 255, 256)),
    *("tinytext", "text", "mediumtext", "date", "datetime", "datetime(6)", "timestamp", "time", "time(3)"),
    *("binary(5)", "binary(9)", "blob", "mediumblob"),
    *(f"varbinary({size})" for size in (5, 127, 128, 255, 256)),
    *("enum('a','b')", "enum('a','b','c')", "enum('a','x','b')", "enum('b','a')"),
    *(f"enum({', '.join(repr(f'e{n}') for n in range(size))})" for size in (255, 256)),
    *SETS,
)


def _type(text: str, dialect: Dialect) -> SqlType:
    found = type_from_sql(text, dialect)
    assert found is not None, text
    return found


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """Yields a connection to an empty database."""
    need("postgresql")
    with scratch("postgresql", tmp_path_factory.mktemp("rewrites")) as engine, engine.connect() as connection:
        yield connection


@pytest.fixture(scope="module")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """Yields a connection to an empty database."""
    need("mariadb")
    with scratch("mariadb", tmp_path_factory.mktemp("rewrites")) as engine, engine.connect() as connection:
        connection.exec_driver_sql("ALTER DATABASE CHARACTER SET utf8mb4")
        yield connection


def _tried(connection: Connection, sql: str) -> bool:
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(sql)
    except SQLAlchemyError:
        return False
    return True


def _files(connection: Connection) -> list[object]:
    rows = connection.exec_driver_sql(
        "SELECT pg_relation_filenode(oid) FROM pg_class WHERE relname IN ('t', 'i') ORDER BY relname DESC"
    )
    return list(rows.scalars())


def _rewritten(connection: Connection, old: str, new: str, zone: str) -> tuple[bool, bool | None] | None:
    """Returns whether the table and its index are written anew, None where there is no such cast."""
    with connection.begin() as transaction:
        connection.exec_driver_sql(f"SET LOCAL timezone = '{zone}'")
        connection.exec_driver_sql(f"CREATE TABLE t (v {old})")
        _tried(connection, "CREATE INDEX i ON t (v)")
        before = _files(connection)
        change = f"ALTER TABLE t ALTER v TYPE {new}"
        done = _tried(connection, change) or _tried(
            connection, f"{change} USING v::{new.partition(' COLLATE')[0]}"
        )
        changed = [one != other for one, other in zip(before, _files(connection), strict=False)]
        transaction.rollback()
    if not done:
        return None
    return changed[0], changed[1] if len(changed) > 1 else None


def _others(old: str, types: Sequence[str], kin: Callable[[str], bool]) -> Iterator[str]:
    """Yields the types of the same family and some others: from one family to another all is a copy."""
    place = types.index(old)
    for distance, new in enumerate([*types[place + 1 :], *types[:place]]):
        if (distance % 16 == 0 or kin(new)) and tried(old, new):
            yield new


ZONES = [
    (old, zone) for old in POSTGRESQL for zone in ("UTC", "Europe/Berlin") if zone == "UTC" or "time" in old
]


@pytest.mark.parametrize(("old", "zone"), ZONES)
def test_on_postgresql(old: str, zone: str, postgresql: Connection) -> None:
    wrong = []
    family = next(each for each in FAMILIES if old in each)
    for new in _others(old, POSTGRESQL, family.__contains__):
        truth = _rewritten(postgresql, old, new, zone)
        if truth is None:
            continue
        types = _type(old, "postgresql"), _type(new, "postgresql")
        table, index = rewrites(*types, "postgresql"), reindexes(*types, "postgresql")
        in_utc = {"timestamp", "timestamptz"} == {kind.name for kind in types}
        if table is None and not in_utc:
            wrong.append(f"{old} -> {new}: not known")
        if table not in (truth[0], None):
            wrong.append(f"{old} -> {new}: the table is {'' if truth[0] else 'not '}written anew")
        if truth[1] is not None and index not in (truth[1], None):
            wrong.append(f"{old} -> {new}: the index is {'' if truth[1] else 'not '}built anew")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("old", MARIADB)
def test_on_mariadb(old: str, mariadb: Connection) -> None:
    wrong = []
    name = old.partition("(")[0]
    for new in _others(old, MARIADB, lambda kind: kind.partition("(")[0] == name):
        copied, rebuilt = (_copied(mariadb, old, new, index) for index in (False, True))
        types = _type(old, "mariadb"), _type(new, "mariadb")
        table, index = rewrites(*types, "mariadb"), reindexes(*types, "mariadb")
        if copied is not None and table not in (copied, None):
            wrong.append(f"{old} -> {new}: the table is {'' if copied else 'not '}written anew")
        if rebuilt is not None and index not in (rebuilt, None):
            wrong.append(f"{old} -> {new}: the index is {'' if rebuilt else 'not '}built anew")
    assert not wrong, "\n".join(wrong)


def _copied(connection: Connection, old: str, new: str, index: bool) -> bool | None:
    """Returns whether MODIFY does more than change the catalogue, None where the types have no cast."""
    connection.exec_driver_sql("DROP TABLE IF EXISTS t")
    key = ", INDEX i (v)" if index else ""
    if not _tried(connection, f"CREATE TABLE t (id int PRIMARY KEY, v {old}{key})"):
        return None
    if _tried(connection, f"ALTER TABLE t MODIFY v {new}, ALGORITHM=INSTANT"):
        return False
    return True if _tried(connection, f"ALTER TABLE t MODIFY v {new}, ALGORITHM=COPY") else None


WIDENED = """
postgresql varchar(50) varchar(100)
postgresql varchar(50) text
postgresql numeric(10,2) numeric(12,2)
postgresql timestamp(3) timestamp
mariadb varchar(20) varchar(50)
mariadb enum('a','b') enum('a','b','c')
"""


@pytest.mark.parametrize("line", WIDENED.strip().splitlines())
def test_a_widening_is_known_and_narrowing_is_none(line: str) -> None:
    name, old, new = line.split()
    dialect: Dialect = "mariadb" if name == "mariadb" else "postgresql"
    types = _type(old, dialect), _type(new, dialect)
    assert widens(*types, dialect)
    assert not widens(*reversed(types), dialect)
    assert not widens(*types, "sqlite")


def test_a_domain_may_be_anything() -> None:
    domain, text = SqlType("mail"), SqlType("text")
    assert rewrites(text, domain, "postgresql") is None
    assert rewrites(domain, text, "postgresql") is None
    assert not widens(text, domain, "postgresql")
