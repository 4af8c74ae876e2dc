"""The column type of each field of Django on each database, as Django's backends document and create it.

Measured with `sqlmigrate` of Django 4.2 and 5.2; the tests compare all of it with the Django installed.
"""

from __future__ import annotations

from typing import Final

from mrt_lint.schema.dialects import MYSQL, Dialect
from mrt_lint.schema.types import SqlType, sql_type

TYPE_METHODS: Final = ("db_type", "db_parameters", "rel_db_type", "get_internal_type", "cast_db_type")
"""Methods by which a subclass gives its columns another type."""

_TABLE: Final[dict[str, tuple[str, str, str]]] = {
    "AutoField": ("integer", "integer", "integer"),
    "BigAutoField": ("bigint", "bigint", "integer"),
    "SmallAutoField": ("smallint", "smallint", "integer"),
    "BigIntegerField": ("bigint", "bigint", "bigint"),
    "BinaryField": ("bytea", "longblob", "blob"),
    "BooleanField": ("boolean", "boolean", "boolean"),
    "NullBooleanField": ("boolean", "boolean", "boolean"),
    "DateField": ("date", "date", "date"),
    "DateTimeField": ("timestamptz", "datetime(6)", "datetime"),
    "DurationField": ("interval", "bigint", "bigint"),
    "FloatField": ("double", "double", "real"),
    "IntegerField": ("integer", "integer", "integer"),
    "IPAddressField": ("inet", "char(15)", "char(15)"),
    "GenericIPAddressField": ("inet", "char(39)", "char(39)"),
    "JSONField": ("jsonb", "json", "text"),
    "PositiveBigIntegerField": ("bigint", "bigint unsigned", "bigint unsigned"),
    "PositiveIntegerField": ("integer", "integer unsigned", "integer unsigned"),
    "PositiveSmallIntegerField": ("smallint", "smallint unsigned", "smallint unsigned"),
    "OrderWrt": ("integer", "integer", "integer"),
    "SmallIntegerField": ("smallint", "smallint", "smallint"),
    "TextField": ("text", "longtext", "text"),
    "TimeField": ("time", "time(6)", "time"),
    "UUIDField": ("uuid", "char(32)", "char(32)"),
    "HStoreField": ("hstore", "", ""),
    "SearchVectorField": ("tsvector", "", ""),
    "CIText": ("citext", "", ""),
    "CITextField": ("citext", "", ""),
    "CICharField": ("citext", "", ""),
    "CIEmailField": ("citext", "", ""),
    "IntegerRangeField": ("int4range", "", ""),
    "BigIntegerRangeField": ("int8range", "", ""),
    "DecimalRangeField": ("numrange", "", ""),
    "DateTimeRangeField": ("tstzrange", "", ""),
    "DateRangeField": ("daterange", "", ""),
}
"""PostgreSQL, MySQL, SQLite; "" where there is no such column."""

_LENGTHS: Final = {
    "CharField": None,
    "CommaSeparatedIntegerField": None,
    "EmailField": 254,
    "FileField": 100,
    "FilePathField": 100,
    "ImageField": 100,
    "SlugField": 50,
    "URLField": 200,
}
"""Fields that are VARCHAR, with their usual length."""

FIELDS: Final = (
    *_TABLE,
    *_LENGTHS,
    "DecimalField",
    "ForeignKey",
    "OneToOneField",
    "ManyToManyField",
    "ArrayField",
    "GeneratedField",
)

AUTO: Final = ("AutoField", "BigAutoField", "SmallAutoField")
POSITIVE: Final = ("PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField")

NO_EMPTY_TEXT: Final = frozenset(
    (
        *AUTO,
        *POSITIVE,
        "BigIntegerField",
        "BooleanField",
        "NullBooleanField",
        "DateField",
        "DateTimeField",
        "DecimalField",
        "DurationField",
        "FloatField",
        "ForeignKey",
        "GenericIPAddressField",
        "HStoreField",
        "ArrayField",
        "IntegerField",
        "JSONField",
        "OneToOneField",
        "OrderWrt",
        "SmallIntegerField",
        "TimeField",
        "UUIDField",
        "GeneratedField",
    )
)
"""Fields that Django does not fill with an empty text where `blank=True` and no default is given."""


def column_type(
    base: str,
    dialect: Dialect,
    *,
    length: int | None = None,
    digits: int | None = None,
    places: int | None = None,
) -> SqlType | None:
    """Returns the type of a field's column, None if it is not known (or the field has none there)."""
    if base in _LENGTHS:
        size = length if length is not None else _LENGTHS[base]
        if size is None:
            return sql_type("varchar") if dialect in ("postgresql", "sqlite") else None
        return sql_type("varchar", size)
    if base == "DecimalField":
        if dialect == "sqlite" or digits is None:
            return sql_type("numeric")
        return sql_type("numeric", digits, places or 0)
    row = _TABLE.get(base)
    place = {"postgresql": 0, "mysql": 1, "mariadb": 1, "sqlite": 2}.get(dialect)
    if row is None or place is None or not row[place]:
        return None
    return _parsed(row[place], dialect)


def _parsed(text: str, dialect: Dialect) -> SqlType:
    name, _, size = text.partition("(")
    if name.endswith(" unsigned") and dialect in MYSQL:
        return SqlType(name.removesuffix(" unsigned"), unsigned=True)
    return sql_type(name, int(size.rstrip(")"))) if size else sql_type(name)
