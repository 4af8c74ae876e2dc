"""SQL types in one canonical spelling, whichever API they were written in."""

from __future__ import annotations

from dataclasses import field, replace
from typing import Final

from mrt_lint.classes import dataclass
from mrt_lint.schema.dialects import MYSQL, Dialect

SYNONYMS: Final[dict[str, str]] = {
    "int": "integer",
    "int4": "integer",
    "int8": "bigint",
    "int2": "smallint",
    "mediumint": "mediumint",
    "character varying": "varchar",
    "nvarchar": "varchar",
    "character": "char",
    "nchar": "char",
    "bpchar": "char",
    "bool": "boolean",
    "decimal": "numeric",
    "dec": "numeric",
    "float8": "double",
    "double precision": "double",
    "double_precision": "double",
    "float4": "real",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamptz",
    "time without time zone": "time",
    "time with time zone": "timetz",
    "bit varying": "varbit",
    "serial4": "serial",
    "serial8": "bigserial",
    "serial2": "smallserial",
}
"""Spellings that name the same type in every database read here (PostgreSQL manual, table 8.1)."""


@dataclass(frozen=True, slots=True)
class SqlType:
    """One column type.

    `name` is canonical and lower case (`varchar`, `integer`, `timestamptz`, ..., or the name of a
    user-defined type); `args` its length or precision and scale; `labels` the values of an enum
    (inline in MySQL, named in PostgreSQL); `element` the type of an array's elements;
    `unsigned`, `collation` as written. `variants` says what the type becomes on single databases
    (`sa.Uuid` is CHAR(32) on SQLite); `for_dialect` resolves it. `creates_type`: a CREATE TABLE on
    a database with native enums creates the named type too (`sa.Enum`).
    `exact` False: part of the type is not known; `sized` False: nothing but its length (from a variable).
    `not_on`: databases for which the framework cannot write it, so that the statement raises before it is
    sent; how it is written makes no other type of it. `constrains`: code of the project that is not followed
    may make constraints where a column of it is made. `fills`: it is a domain that may have a default.
    """

    name: str
    args: tuple[int | str, ...] = ()
    schema: str | None = None
    labels: tuple[str, ...] = ()
    element: SqlType | None = None
    unsigned: bool = False
    collation: str | None = None
    creates_type: bool = False
    exact: bool = True
    sized: bool = True
    variants: tuple[tuple[str, SqlType], ...] = field(default=())
    not_on: tuple[str, ...] = field(default=(), compare=False)
    fills: bool = field(default=False, compare=False)
    constrains: bool = field(default=False, compare=False)

    @property
    def is_enum(self) -> bool:
        """Returns whether it is an enum. Its labels need not be known; PostgreSQL has enums without any."""
        return bool(self.labels) or self.creates_type

    def for_dialect(self, dialect: Dialect | None) -> SqlType:
        """Returns the type as the database keeps it: the variant that applies, a numeric with its scale."""
        for name, variant in self.variants:
            if name == dialect or (name == "mysql" and dialect == "mariadb"):
                constrains = variant.constrains or self.constrains
                return replace(variant, variants=(), constrains=constrains).for_dialect(dialect)
        if self.variants:
            return replace(self, variants=()).for_dialect(dialect)
        if self.element is not None:
            element = self.element.for_dialect(dialect)
            return self if element is self.element else replace(self, element=element)
        if self.name == "numeric" and len(self.args) < 2:
            return self._with_scale(dialect)
        return self

    def _with_scale(self, dialect: Dialect | None) -> SqlType:
        """Returns a numeric as PostgreSQL and MySQL show it; without arguments MySQL's has 10 digits."""
        if self.args and dialect in ("postgresql", "mysql", "mariadb"):
            return replace(self, args=(*self.args, 0))
        return replace(self, args=(10, 0)) if dialect in MYSQL else self

    def __str__(self) -> str:
        if self.element is not None:
            return f"{self.element}[]"
        text = self.name.upper() if not self.schema else f"{self.schema}.{self.name}"
        if self.labels and not self.args:
            text += "(" + ", ".join(f"'{label}'" for label in self.labels) + ")"
        elif self.args:
            text += "(" + ", ".join(str(arg) for arg in self.args) + ")"
        if self.unsigned:
            text += " UNSIGNED"
        return text if self.exact else text + " (not fully known)"


def sql_type(name: str, *args: int | str) -> SqlType:
    """Returns the type with its canonical name.

    >>> str(sql_type("character varying", 20))
    'VARCHAR(20)'
    """
    word = " ".join(name.lower().split())
    return SqlType(SYNONYMS.get(word, word), args)
