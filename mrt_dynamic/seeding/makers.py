"""Which maker a column's type has: one table for each database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from mrt_dynamic.seeding.facts import Facts, UserType
from mrt_dynamic.seeding.values import Boolean, Listed, Maker
from mrt_dynamic.seeding.values_binary import Bits, Bytes
from mrt_dynamic.seeding.values_documents import Formed, Json, Mac, Xml
from mrt_dynamic.seeding.values_groups import Array, Composite, Ordered, Range
from mrt_dynamic.seeding.values_numbers import Fixed, Float, Integer, Money
from mrt_dynamic.seeding.values_text import Choice, Choices, Hexadecimal, Text
from mrt_dynamic.seeding.values_times import Date, Interval, Time, Timestamp, Year
from mrt_dynamic.seeding.written import Sql
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.types import SqlType


@dataclass(frozen=True, slots=True)
class Wish:
    """A column to make values for. `longest`: limit for the longest text or bytes (it is in an index);
    `plain`: no values that overlap others (exclusion constraint); `extremes`: also the ends of its type.
    """

    type: SqlType
    dialect: Dialect
    facts: Facts
    hint: str = ""
    charset: str = "all"
    longest: int | None = None
    plain: bool = False
    extremes: bool = True

    @property
    def length(self) -> int | None:
        """Returns the declared length, None without one."""
        first = self.type.args[0] if self.type.args else None
        return first if isinstance(first, int) else None

    @property
    def precision(self) -> int:
        """Returns the decimals of the second; without a word MySQL keeps none, the others six."""
        found = self.length
        if found is not None:
            return min(found, 6)
        return 0 if self.dialect in ("mysql", "mariadb") else 6


def maker_of(wish: Wish) -> Maker | None:
    """Returns the maker of the column's values, None if its type is not known."""
    kind = wish.type
    if kind.element is not None:
        element = maker_of(replace(wish, type=kind.element, longest=20))
        return None if element is None else Array(element)
    if kind.labels:
        return Choices(kind.labels) if kind.name == "set" else Choice(kind.labels)
    user = wish.facts.type(kind) if kind.schema or kind.name not in BUILT_IN else None
    if user is not None:
        return _of_user_type(wish, user)
    found = _MAKERS.get(kind.name)
    if wish.dialect in ("mysql", "mariadb"):
        found = _MYSQL.get(kind.name, found)
    elif wish.dialect == "sqlite":
        return _SQLITE.get(kind.name, found or _affinity)(wish)
    elif wish.dialect in ("oracle", "mssql"):
        found = _OTHERS.get(kind.name, found)
    return None if found is None else found(wish)


def _of_user_type(wish: Wish, user: UserType) -> Maker | None:
    if user.kind == "enum":
        return Choice(user.labels) if user.labels else None
    if user.kind == "domain" and user.base is not None:
        return maker_of(replace(wish, type=user.base))
    if user.kind == "composite":
        fields = [maker_of(replace(wish, type=field, longest=20)) for field in user.fields]
        return None if None in fields else Composite([field for field in fields if field is not None])
    if user.kind in ("range", "multirange") and user.base is not None:
        element = maker_of(replace(wish, type=user.base, longest=20))
        return None if element is None else Range(element, wish.plain, user.kind == "multirange")
    if wish.type.name in _EXTENSIONS:
        return _EXTENSIONS[wish.type.name](wish)
    return Listed(user.samples) if user.samples else None


def _integer(bits: int) -> Callable[[Wish], Maker]:
    def made(wish: Wish) -> Maker:
        if wish.type.unsigned:
            return Integer(0, 2**bits - 1, wish.extremes)
        return Integer(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1, wish.extremes)

    return made


def _fixed(wish: Wish) -> Maker:
    digits = [arg for arg in wish.type.args if isinstance(arg, int)]
    postgres = wish.dialect == "postgresql"
    signed = not wish.type.unsigned
    if not digits:
        limit = None if postgres else (10 if wish.dialect in ("mysql", "mariadb") else 15)
        scale = 0 if wish.dialect in ("mysql", "mariadb") else 6
        return Fixed(limit, scale, signed, postgres, postgres, wish.extremes)
    precision = min(digits[0], 15) if wish.dialect == "sqlite" else digits[0]
    return Fixed(precision, digits[1] if len(digits) > 1 else 0, signed, postgres, False, wish.extremes)


def _float(single: bool) -> Callable[[Wish], Maker]:
    def made(wish: Wish) -> Maker:
        digits = [arg for arg in wish.type.args if isinstance(arg, int)]
        limit = float(10 ** (digits[0] - digits[1]) - 1) if len(digits) == 2 else None
        special = wish.dialect == "postgresql"
        one = single or (wish.type.name == "float" and bool(digits) and digits[0] <= 24 and special)
        return Float(one, special, not wish.type.unsigned, wish.extremes, limit)

    return made


def _text(limit: int | None = None) -> Callable[[Wish], Maker]:
    def made(wish: Wish) -> Maker:
        length = wish.length if wish.length is not None else limit
        if wish.type.name == "char" and wish.dialect == "postgresql" and not wish.type.args:
            length = None
        if length in (32, 36) and wish.type.name == "char":
            return Hexadecimal(length == 36)
        empty = wish.dialect != "oracle"
        return Text(length, wish.hint, wish.charset, wish.longest, empty)

    return made


def _bytes(exact: bool = False, limit: int | None = None) -> Callable[[Wish], Maker]:
    def made(wish: Wish) -> Maker:
        length = wish.length if wish.length is not None else limit
        return Bytes(length, exact, wish.longest)

    return made


def _bits(wish: Wish) -> Maker:
    return Bits(wish.length or (None if wish.type.name == "varbit" else 1), wish.type.name == "varbit")


def _date(wish: Wish) -> Maker:
    first = {"mysql": 1000, "mariadb": 1000}.get(wish.dialect, 1)
    return Date(dt.date(first, 1, 1), dt.date(9999, 12, 31), wish.extremes)


def _timestamp(zone: bool = False) -> Callable[[Wish], Maker]:
    """Timestamps that Python's datetime can hold in every time zone: a migration may read them in Python.

    For that reason PostgreSQL's infinity and years before Christ are left out, too.
    """

    def made(wish: Wish) -> Maker:
        first, last = dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31, 23, 59, 59, 999_999)
        if zone:
            first, last = dt.datetime(1, 1, 3), dt.datetime(9999, 12, 29, 23, 59, 59, 999_999)
        if wish.dialect in ("mysql", "mariadb"):
            first = dt.datetime(1000, 1, 1)
        return Timestamp(first, last, wish.precision, wish.extremes)

    return made


def _mysql_timestamp(wish: Wish) -> Maker:
    """MySQL's TIMESTAMP ends in January 2038 (manual, 11.2.2); a day is left for the session's time zone."""
    return Timestamp(
        dt.datetime(1970, 1, 3), dt.datetime(2038, 1, 17, 3, 14, 7), wish.precision, wish.extremes
    )


def _interval(wish: Wish) -> Maker:
    words = [arg for arg in wish.type.args if isinstance(arg, str)]
    return Interval(words[0] if words else "", wish.precision)


def _json(wish: Wish) -> Maker:
    return Json(wish.type.name == "jsonb", wish.charset)


def _range(element: str, multi: bool = False) -> Callable[[Wish], Maker]:
    whole = element in ("integer", "bigint")

    def made(wish: Wish) -> Maker:
        inner = Ordered() if element == "numeric" else maker_of(replace(wish, type=SqlType(element)))
        return Range(inner or Ordered(), wish.plain, multi, whole)

    return made


def _formed(form: str, *extra: str) -> Callable[[Wish], Maker]:
    return lambda wish: Formed(form, *(() if wish.plain else extra))


def _affinity(wish: Wish) -> Maker:
    """SQLite's rules for names that it does not know (manual, "Datatypes in SQLite", 3.1)."""
    name = wish.type.name.upper()
    if "INT" in name:
        return Integer(-(2**63), 2**63 - 1, wish.extremes)
    if any(word in name for word in ("CHAR", "CLOB", "TEXT")):
        return _text()(wish)
    if "BLOB" in name:
        return Bytes(wish.length)
    if any(word in name for word in ("REAL", "FLOA", "DOUB")):
        return Float(False, False, extremes=wish.extremes)
    return _text()(wish) if not name or name == "ANY" else _fixed(wish)


_MAKERS: Final[dict[str, Callable[[Wish], Maker]]] = {
    "smallint": _integer(16),
    "integer": _integer(32),
    "bigint": _integer(64),
    "serial": _integer(32),
    "bigserial": _integer(64),
    "smallserial": _integer(16),
    "numeric": _fixed,
    "real": _float(True),
    "float": _float(False),
    "double": _float(False),
    "boolean": lambda wish: Boolean(),
    "varchar": _text(),
    "text": _text(),
    "char": _text(1),
    "citext": _text(),
    "name": _text(63),
    '"char"': lambda wish: Listed([chr(code) for code in range(97, 123)], ["Z", " "]),
    "bytea": _bytes(),
    "blob": _bytes(),
    "binary": _bytes(True, 1),
    "varbinary": _bytes(),
    "bit": _bits,
    "varbit": _bits,
    "date": _date,
    "time": lambda wish: Time(wish.precision),
    "timetz": lambda wish: Time(wish.precision, True),
    "timestamp": _timestamp(),
    "datetime": _timestamp(),
    "timestamptz": _timestamp(True),
    "interval": _interval,
    "uuid": lambda wish: Hexadecimal(True),
    "json": _json,
    "jsonb": _json,
    "jsonpath": _formed("$.k{n}", "$"),
    "xml": lambda wish: Xml(),
    "money": lambda wish: Money(wish.extremes),
    "inet": _formed("10.{c}.{b}.{n}", "::1", "192.168.0.0/16", "2001:db8::ff", "0.0.0.0"),
    "cidr": _formed("10.{c}.{b}.0/24", "0.0.0.0/0", "2001:db8::/32"),
    "macaddr": lambda wish: Mac(6),
    "macaddr8": lambda wish: Mac(8),
    "int4range": _range("integer"),
    "int8range": _range("bigint"),
    "numrange": _range("numeric"),
    "daterange": _range("date"),
    "tsrange": _range("timestamp"),
    "tstzrange": _range("timestamptz"),
    "int4multirange": _range("integer", True),
    "int8multirange": _range("bigint", True),
    "nummultirange": _range("numeric", True),
    "datemultirange": _range("date", True),
    "tsmultirange": _range("timestamp", True),
    "tstzmultirange": _range("timestamptz", True),
    "tsvector": _formed("'w{t}':1 'row{n}':2A", ""),
    "tsquery": _formed("'w{t}' & 'row{n}'"),
    "point": _formed("({n}.5,{t})", "(0,0)", "(-1.5,1e100)"),
    "line": _formed("{{{n},2,{t}}}"),
    "lseg": _formed("[({n},1),({t},3.5)]"),
    "box": _formed("(({n}.75,{n}.75),({n},{n}))"),
    "path": _formed("[({n},1),({t},3)]", "((1,1),(2,2),(3,1))"),
    "polygon": _formed("(({n},1),({t},3),(5,0))"),
    "circle": _formed("<({n},0),0.25>"),
    "oid": lambda wish: Integer(0, 2**32 - 1, wish.extremes),
    "xid": lambda wish: Integer(1, 2**31 - 1, False),
    "cid": lambda wish: Integer(1, 2**31 - 1, False),
    "tid": _formed("({t},{n})"),
    "pg_lsn": _formed("0/{x}", "0/0"),
    "txid_snapshot": _formed("{t}:{t}:"),
    "pg_snapshot": _formed("{t}:{t}:"),
    "xid8": lambda wish: Integer(1, 2**62, False),
    "refcursor": _text(),
    "regclass": lambda wish: Listed(["pg_class", "pg_type", "pg_proc", "pg_index", "pg_attribute"]),
    "regtype": lambda wish: Listed(["integer", "text", "boolean", "date", "uuid"]),
    "regproc": lambda wish: Listed(["now", "version", "pg_backend_pid", "random"]),
    "regprocedure": lambda wish: Listed(["now()", "version()", "pi()", "random()"]),
    "regoper": lambda wish: Listed(["pg_catalog.||/", "pg_catalog.|/", "pg_catalog.!!"]),
    "regoperator": lambda wish: Listed(["+(integer,integer)", "-(integer,integer)", "*(integer,integer)"]),
    "regrole": lambda wish: Listed(["pg_monitor", "pg_read_all_settings", "pg_signal_backend"]),
    "regnamespace": lambda wish: Listed(["pg_catalog", "public", "information_schema"]),
    "regconfig": lambda wish: Listed(["simple", "english", "german"]),
    "regdictionary": lambda wish: Listed(["simple", "english_stem", "german_stem"]),
    "regcollation": lambda wish: Listed(['"C"', '"default"', '"POSIX"']),
}

BUILT_IN: Final = frozenset(_MAKERS) - {"citext"}
"""Type names that need no look into the catalogue of PostgreSQL."""

_EXTENSIONS: Final[dict[str, Callable[[Wish], Maker]]] = {
    "citext": _text(),
    "hstore": _formed('"k{n}"=>"v{t}", "b"=>NULL', ""),
    "ltree": _formed("Top.n{n}.t{t}", "Top"),
    "lquery": _formed("Top.n{n}.*"),
    "ltxtquery": _formed("n{n} & t{t}"),
    "geometry": lambda wish: _spatial(wish),
    "geography": lambda wish: _spatial(wish),
    "vector": lambda wish: Formed("[" + ",".join(["{n}"] + ["0.5"] * ((wish.length or 3) - 1)) + "]"),
    "halfvec": lambda wish: Formed("[" + ",".join(["{n}"] + ["0.5"] * ((wish.length or 3) - 1)) + "]"),
}
"""Types of extensions whose notation is known; others are tried (`facts_postgresql.SAMPLES`)."""

_SHAPES: Final = {
    "point": "POINT({n} {b})",
    "linestring": "LINESTRING({n} 1,{b} 3)",
    "polygon": "POLYGON(({n} 0,{n} 1,9 9,{n} 0))",
    "multipoint": "MULTIPOINT({n} 1,{b} 3)",
    "multilinestring": "MULTILINESTRING(({n} 1,{b} 3))",
    "multipolygon": "MULTIPOLYGON((({n} 0,{n} 1,9 9,{n} 0)))",
    "geometrycollection": "GEOMETRYCOLLECTION(POINT({n} {b}))",
}


def _spatial(wish: Wish) -> Maker:
    """PostGIS: text in EWKT of the declared shape and reference system."""
    words = [str(arg).lower() for arg in wish.type.args]
    shape = _SHAPES.get(words[0] if words else "point", _SHAPES["point"])
    system = words[1] if len(words) > 1 else ("4326" if wish.type.name == "geography" else "0")
    return Formed(f"SRID={system};{shape}")


def _wkt(shape: str) -> Callable[[Wish], Maker]:
    return lambda wish: Spatial(_SHAPES[shape])


class Spatial(Formed):
    """MySQL's spatial values, which are written as calls of ST_GeomFromText."""

    def regular(self, key: int, number: int) -> Any:
        """Returns the call as SQL."""
        return Sql(f"ST_GeomFromText('{super().regular(key, number)}')")


_MYSQL: Final[dict[str, Callable[[Wish], Maker]]] = {
    "tinyint": _integer(8),
    "mediumint": _integer(24),
    "float": _float(True),
    "real": _float(False),
    "timestamp": _mysql_timestamp,
    "year": lambda wish: Year(),
    "tinytext": _text(63),
    "mediumtext": _text(),
    "longtext": _text(),
    "tinyblob": _bytes(limit=255),
    "mediumblob": _bytes(),
    "longblob": _bytes(),
    "inet4": _formed("10.{c}.{b}.{n}", "0.0.0.0", "255.255.255.255"),
    "inet6": _formed("2001:db8::{t}", "::1", "::ffff:10.0.0.1"),
    "bit": lambda wish: BitNumber(wish.length or 1),
    **{shape: _wkt(shape) for shape in _SHAPES},
    "geometry": _wkt("point"),
    "geomcollection": _wkt("geometrycollection"),
}


class BitNumber(Bits):
    """MySQL's BIT(n), written as a bit literal."""

    def __init__(self, length: int) -> None:
        super().__init__(length, False)

    def regular(self, key: int, number: int) -> Any:
        """Returns the literal."""
        return Sql(f"b'{super().regular(key, number)}'")

    def edges(self, key: int) -> Any:
        """Returns all ones and all zeros."""
        return [Sql(f"b'{text}'") for text in super().edges(key)]


_SQLITE: Final[dict[str, Callable[[Wish], Maker]]] = {
    "smallint": _integer(16),
    "tinyint": _integer(8),
    "": _text(),
    "any": _text(),
    "uuid": lambda wish: Hexadecimal(False),
    "point": _affinity,
    "bit": _affinity,
    "year": _affinity,
}

_OTHERS: Final[dict[str, Callable[[Wish], Maker]]] = {
    "tinyint": lambda wish: Integer(0, 255, wish.extremes),
    "clob": _text(),
    "nclob": _text(),
    "ntext": _text(),
    "raw": _bytes(),
    "image": _bytes(),
    "bit": lambda wish: Boolean(),
    "datetime": lambda wish: Timestamp(dt.datetime(1753, 1, 1), dt.datetime(9999, 12, 31), 0, wish.extremes),
    "datetime2": _timestamp(),
    "smalldatetime": lambda wish: Timestamp(
        dt.datetime(1900, 1, 1), dt.datetime(2079, 6, 6), 0, wish.extremes
    ),
    "datetimeoffset": _timestamp(True),
    "uniqueidentifier": lambda wish: Hexadecimal(True),
    "smallmoney": lambda wish: Fixed(9, 4, extremes=wish.extremes),
    "binary_float": _float(True),
    "binary_double": _float(False),
}
"""Oracle's and SQL Server's own names."""
