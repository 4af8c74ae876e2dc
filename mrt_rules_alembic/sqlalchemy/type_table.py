"""SQLAlchemy's column types as data: their arguments and what each database makes of them.

A form is the canonical SQL name with its arguments in braces: `varchar({length})`; an argument that is
not given is left out with its parentheses, `{length:max}` names what stands in then. Two forms with `|`
between them: without and with `timezone=True`. Source: SQLAlchemy's type compilers (a test compiles
every type here with every dialect and compares).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Final, Literal

from mrt_lint.classes import dataclass

Affinity = Literal[
    "integer",
    "numeric",
    "float",
    "string",
    "datetime",
    "date",
    "time",
    "interval",
    "boolean",
    "binary",
    "other",
]


@dataclass(frozen=True, slots=True)
class Spec:
    """One type: its arguments in order, its family, its usual form and the forms of single databases."""

    parameters: tuple[str, ...]
    affinity: Affinity
    form: str
    variants: Mapping[str, str] = field(default_factory=dict)


def _spec(parameters: str, affinity: Affinity, form: str, **variants: str) -> Spec:
    return Spec(tuple(parameters.split()), affinity, form, variants)


_STRING = _spec(
    "length collation",
    "string",
    "varchar({length})",
    mssql="varchar({length:max})",
)
_VARCHAR = _spec("length collation", "string", "varchar({length})", mssql="varchar({length:max})")
_NVARCHAR = _spec(
    "length collation",
    "string",
    "nvarchar({length})",
    mssql="nvarchar({length:max})",
)
_CHAR = _spec("length collation", "string", "char({length})")
_TEXT = _spec("length collation", "string", "text({length})")
_NUMERIC = _spec("precision scale", "numeric", "numeric({precision},{scale})")
_DOUBLE = _spec("precision", "float", "double", oracle="double({precision})")
_TIMESTAMP = _spec(
    "timezone", "datetime", "timestamp", postgresql="timestamp|timestamptz", oracle="timestamp|timestamptz"
)
_BOOLEAN = _spec("create_constraint name", "boolean", "boolean")
_BINARY = _spec(
    "length", "binary", "blob", postgresql="bytea", mysql="blob({length})", mssql="varbinary({length:max})"
)
_INTEGER = _spec("", "integer", "integer")
_JSON = _spec("", "other", "json", mssql="varchar(max)")
_TIME = _spec("timezone", "time", "time", postgresql="time|timetz")
_UUID = _spec("", "other", "uuid")

GENERIC: Final[dict[str, Spec]] = {
    "String": _STRING,
    "Unicode": _spec(
        "length collation",
        "string",
        "varchar({length})",
        mssql="nvarchar({length:max})",
    ),
    "VARCHAR": _VARCHAR,
    "NVARCHAR": _NVARCHAR,
    "CHAR": _CHAR,
    "NCHAR": _CHAR,
    "Text": _spec(
        "length collation", "string", "text({length})", oracle="clob", mssql="varchar({length:max})"
    ),
    "UnicodeText": _spec(
        "length collation", "string", "text({length})", oracle="clob", mssql="nvarchar({length:max})"
    ),
    "TEXT": _TEXT,
    "CLOB": _spec("length collation", "string", "clob"),
    "Integer": _INTEGER,
    "INTEGER": _INTEGER,
    "INT": _INTEGER,
    "SmallInteger": _spec("", "integer", "smallint"),
    "SMALLINT": _spec("", "integer", "smallint"),
    "BigInteger": _spec("", "integer", "bigint", oracle="numeric(19)"),
    "BIGINT": _spec("", "integer", "bigint"),
    "Numeric": _NUMERIC,
    "NUMERIC": _NUMERIC,
    "DECIMAL": _NUMERIC,
    "REAL": _spec("precision", "float", "real", mysql="double"),
    "Double": _DOUBLE,
    "DOUBLE": _DOUBLE,
    "DOUBLE_PRECISION": _DOUBLE,
    "Boolean": _spec("create_constraint name", "boolean", "boolean", mssql="bit"),
    "BOOLEAN": _BOOLEAN,
    "MatchType": _spec("", "boolean", "boolean", mssql="bit"),
    "Date": _spec("", "date", "date"),
    "DATE": _spec("", "date", "date"),
    "Time": _TIME,
    "TIME": _TIME,
    "DateTime": _spec(
        "timezone",
        "datetime",
        "datetime",
        postgresql="timestamp|timestamptz",
        oracle="date",
        mssql="datetime|datetimeoffset",
    ),
    "DATETIME": _spec("timezone", "datetime", "datetime"),
    "TIMESTAMP": _TIMESTAMP,
    "LargeBinary": _BINARY,
    "PickleType": _spec("", "binary", "blob", postgresql="bytea", mssql="varbinary(max)"),
    "BINARY": _spec("length", "binary", "binary({length})"),
    "VARBINARY": _spec("length", "binary", "varbinary({length})", mssql="varbinary({length:max})"),
    "BLOB": _spec("length", "binary", "blob({length})"),
    "JSON": _JSON,
    "UUID": _UUID,
}
"""Types of `sqlalchemy` and `sqlalchemy.types`; named_types.py has Enum, Float, Interval, Uuid and ARRAY."""


def _names(words: str, affinity: Affinity = "other") -> dict[str, Spec]:
    return {word: Spec((), affinity, word.lower()) for word in words.split()}


def _mysql_integer(name: str) -> Spec:
    return _spec("display_width unsigned zerofill", "integer", name)


def _mysql_text(name: str) -> Spec:
    return _spec("", "string", name)


DIALECTS: Final[dict[str, dict[str, Spec]]] = {
    "postgresql": {
        **_names(
            "BYTEA CIDR CITEXT DATEMULTIRANGE DATERANGE HSTORE INET INT4MULTIRANGE INT4RANGE INT8MULTIRANGE "
            "INT8RANGE JSONB JSONPATH MACADDR MACADDR8 MONEY NUMMULTIRANGE NUMRANGE OID REGCLASS REGCONFIG "
            "TSMULTIRANGE TSQUERY TSRANGE TSTZMULTIRANGE TSTZRANGE TSVECTOR"
        ),
        "BYTEA": _spec("length", "binary", "bytea"),
        "CITEXT": _spec("length collation", "string", "citext"),
        "TIMESTAMP": _spec(
            "timezone precision",
            "datetime",
            "timestamp",
            postgresql="timestamp({precision})|timestamptz({precision})",
            oracle="timestamp|timestamptz",
        ),
        "TIME": _spec(
            "timezone precision", "time", "time", postgresql="time({precision})|timetz({precision})"
        ),
        "UUID": _UUID,
        "JSON": _JSON,
        "DOUBLE_PRECISION": _spec("precision", "float", "double"),
    },
    "mysql": {
        "INTEGER": _mysql_integer("integer"),
        "SMALLINT": _mysql_integer("smallint"),
        "MEDIUMINT": _mysql_integer("mediumint"),
        "BIGINT": _mysql_integer("bigint"),
        "DECIMAL": _NUMERIC,
        "NUMERIC": _NUMERIC,
        "DOUBLE": _spec("precision scale", "float", "double({precision},{scale})"),
        "REAL": _spec("precision scale", "float", "double({precision},{scale})"),
        "DATETIME": _spec("timezone fsp", "datetime", "datetime", mysql="datetime({fsp})"),
        "TIMESTAMP": _spec("timezone fsp", "datetime", "timestamp", mysql="timestamp({fsp})"),
        "TIME": _spec("timezone fsp", "time", "time", mysql="time({fsp})"),
        "YEAR": _spec("display_width", "integer", "year"),
        "TINYTEXT": _mysql_text("tinytext"),
        "MEDIUMTEXT": _mysql_text("mediumtext"),
        "LONGTEXT": _mysql_text("longtext"),
        "TINYBLOB": _spec("", "binary", "tinyblob"),
        "MEDIUMBLOB": _spec("", "binary", "mediumblob"),
        "LONGBLOB": _spec("", "binary", "longblob"),
        "BIT": _spec("length", "binary", "bit({length})"),
        "INET4": _spec("", "other", "inet4"),
        "INET6": _spec("", "other", "inet6"),
    },
    "sqlite": {
        "JSONB": _spec("", "other", "jsonb"),
        "TIMESTAMP": _spec("timezone", "datetime", "timestamp"),
        "DATETIME": GENERIC["DateTime"],
        "DATE": GENERIC["Date"],
        "TIME": GENERIC["Time"],
    },
    "mssql": {
        **_names(
            "DATETIMEOFFSET IMAGE MONEY NTEXT ROWVERSION SMALLDATETIME SMALLMONEY SQL_VARIANT TINYINT "
            "UNIQUEIDENTIFIER XML"
        ),
        "BIT": _spec("", "boolean", "bit"),
        "DATETIME2": _spec("precision", "datetime", "datetime2({precision})"),
        "DATETIMEOFFSET": _spec("precision", "datetime", "datetimeoffset({precision})"),
        "TIME": _spec("precision", "time", "time({precision})"),
        "TINYINT": _spec("", "integer", "tinyint"),
        "TIMESTAMP": _spec("convert_int", "binary", "timestamp"),
    },
    "oracle": {
        **_names("BFILE BINARY_DOUBLE BINARY_FLOAT LONG NCLOB ROWID VECTOR"),
        "NUMBER": _spec("precision scale", "numeric", "numeric({precision},{scale})"),
        "VARCHAR2": _spec("length collation", "string", "varchar({length})"),
        "NVARCHAR2": _spec("length collation", "string", "nvarchar({length})"),
        "RAW": _spec("length", "binary", "raw({length})"),
    },
}
"""Types of `sqlalchemy.dialects.<name>` that differ from, or are not among, the generic ones."""

THIRD_PARTY: Final[dict[str, Spec]] = {
    "sqlalchemy_utils.UUIDType": _spec(
        "binary native", "other", "binary(16)", postgresql="uuid", mssql="uniqueidentifier"
    ),
    "sqlalchemy_utils.EmailType": _spec("length", "string", "varchar({length:255})", postgresql="citext"),
    "sqlalchemy_utils.URLType": _spec("", "string", "text", oracle="clob"),
    "sqlalchemy_utils.IPAddressType": _spec("max_length", "string", "varchar({max_length:50})"),
    "sqlalchemy_utils.JSONType": _spec("", "other", "text", postgresql="json"),
    "sqlalchemy_utils.TimezoneType": _spec("", "string", "varchar(50)"),
    "sqlalchemy_utils.LocaleType": _spec("", "string", "varchar(10)"),
    "sqlalchemy_utils.CountryType": _spec("", "string", "varchar(2)"),
    "sqlalchemy_utils.CurrencyType": _spec("", "string", "varchar(3)"),
    "sqlalchemy_utils.ColorType": _spec("length", "string", "varchar({length:20})"),
    "sqlalchemy_utils.LtreeType": _spec("", "other", "ltree"),
    "sqlalchemy_utils.TSVectorType": _spec("", "other", "tsvector"),
    "pgvector.sqlalchemy.Vector": _spec("dim", "other", "vector({dim})"),
    "pgvector.sqlalchemy.VECTOR": _spec("dim", "other", "vector({dim})"),
    "pgvector.sqlalchemy.HALFVEC": _spec("dim", "other", "halfvec({dim})"),
    "pgvector.sqlalchemy.SPARSEVEC": _spec("dim", "other", "sparsevec({dim})"),
    "pgvector.sqlalchemy.BIT": _spec("length", "other", "bit({length})"),
    "geoalchemy2.Geometry": _spec("geometry_type srid", "other", "geometry({geometry_type},{srid})"),
    "geoalchemy2.Geography": _spec("geometry_type srid", "other", "geography({geometry_type},{srid})"),
    "geoalchemy2.Raster": _spec("", "other", "raster"),
    "sqlalchemy_json.MutableJson": _JSON,
}
"""Types of well-known packages; their forms are not exact (they depend on the release installed)."""

_AUTO_STRING: Final = _spec("length", "string", "varchar({length})", mysql="varchar({length:255})")
SETTLED_THIRD_PARTY: Final[dict[str, Spec]] = {
    "sqlmodel.sql.sqltypes.AutoString": _AUTO_STRING,
    "sqlmodel.AutoString": _AUTO_STRING,
}
"""Types of well-known packages that are the same in every release (sqlmodel 0.0.3 to 0.0.50, sqltypes.py)."""
