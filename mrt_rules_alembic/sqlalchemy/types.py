"""Column types: what `sa.String(50)`, a dialect's type or a type class of the project is on each database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, cast

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.objects import Instance
from mrt_lint.evaluate.values import Class, FrameworkValue, Method, NotKnown, Symbol, Value
from mrt_lint.lowered import ELSEWHERE
from mrt_lint.ops import CreateType, DropType
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import UNKNOWN, Name, Unknown
from mrt_lint.schema.types import SqlType, sql_type
from mrt_rules_alembic.sqlalchemy.foreign_types import not_written_for
from mrt_rules_alembic.sqlalchemy.type_table import (
    DIALECTS,
    GENERIC,
    SETTLED_THIRD_PARTY,
    THIRD_PARTY,
    Affinity,
    Spec,
)

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call

Arguments = Mapping[str, Value]

TYPE_DIALECTS: Final[tuple[Dialect, ...]] = ("postgresql", "mariadb", "mysql", "sqlite", "oracle", "mssql")
"""The order of variants: mariadb before mysql, since mysql's stand for mariadb too."""


@dataclass(frozen=True, eq=False)
class TypeValue(FrameworkValue):
    """A type in the evaluated code.

    `sql` UNKNOWN: not understood; `why` says so. `affinity`: SQLAlchemy's family of the type, for
    AUTO_INCREMENT. `labels` and `type_name`: of an enum. `check`: it brings a CHECK constraint
    (`create_constraint=True`). `native`: an enum that is a type of its own where there are such.
    `checks_first`: `create()` looks whether it is there unless told otherwise (`postgresql.ENUM`).
    `inherits_schema`: the type is in its table's schema.
    """

    sql: SqlType | Unknown
    affinity: Affinity = "other"
    type_name: str | None = None
    schema: str | None = None
    labels: tuple[str, ...] | Unknown | None = None
    check: bool = False
    native: bool = True
    checks_first: bool = False
    inherits_schema: bool = False
    timezone: bool = False
    length: int | None = None
    why: str = ""

    def attribute(self, name: str, call: Call) -> Value:
        """Returns a plain attribute of the type where it has one, else a method."""
        plain = {
            "name": self.type_name,
            "schema": self.schema,
            "length": self.length,
            "timezone": self.timezone,
        }
        if name in plain:
            return plain[name]
        if name == "enums" and self.labels is not None:
            return NotKnown(self.why) if isinstance(self.labels, Unknown) else list(self.labels)
        return Method(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns `with_variant`, `copy`, ...; `create` and `drop` of an enum emit its type."""
        if name == "with_variant":
            return self.with_variant(call)
        if name in ("copy", "evaluates_none", "adapt", "as_generic", "dialect_impl", "load_dialect_impl"):
            return self
        if name in ("create", "drop") and self.labels is not None:
            return self._create_or_drop(name, call)
        return NotKnown(f"{call.spelling}() of a column type is not followed", call.span.line)

    def with_variant(self, call: Call) -> TypeValue:
        """Returns the type that differs on the databases named behind it."""
        other = as_type(call.argument(0, "type_"), call)
        if not call.evaluator.in_own_file():
            call.evaluator.sign(ELSEWHERE)
        names = call.args[1:] if len(call.args) > 1 else (call.argument(1, "dialect_name"),)
        if isinstance(self.sql, Unknown):
            return self
        variants = tuple(self.sql.variants)
        sql = self.sql
        for name in names:
            if not isinstance(name, str):
                return replace(self, sql=UNKNOWN, why="a variant for a database known only at run time")
            inner = other.sql
            if isinstance(inner, Unknown):
                if sql.exact:
                    sql = replace(sql, exact=False, sized=True)
                continue
            chosen = inner.for_dialect(cast("Dialect", name))
            variants = ((name, chosen), *(pair for pair in variants if pair[0] != name))
            if name == "mysql":
                variants = tuple(pair for pair in variants if pair[0] != "mariadb")
        order = {dialect: place for place, dialect in enumerate(TYPE_DIALECTS)}
        variants = tuple(sorted(variants, key=lambda pair: order.get(cast("Dialect", pair[0]), 99)))
        return replace(self, sql=replace(sql, variants=variants))

    def in_schema(self, schema: str | None) -> SqlType | Unknown:
        """Returns the SQL type of a column in a table of this schema."""
        if not self.inherits_schema or schema is None or isinstance(self.sql, Unknown):
            return self.sql
        if not self.sql.is_enum:
            return self.sql
        return replace(self.sql, schema=schema)

    def binary(self, operator: str, other: Value, swapped: bool, call: Call) -> Value:
        """Returns whether two types are the same where `==` asks for it."""
        return NotKnown("a comparison of types", call.span.line)

    def _create_or_drop(self, what: str, call: Call) -> Value:
        from mrt_rules_alembic.sqlalchemy.guards import emit_for

        if self.type_name is None:
            return call.opaque(f"{call.spelling}() of an enum without a name")
        if not self.native:
            return None
        checkfirst = call.argument(1, "checkfirst", self.checks_first)
        fields: dict[str, Value] = {
            "type": Name(self.type_name, self.schema),
            "conditional": checkfirst is not False,
        }
        if what == "create":
            emit_for(call, ("postgresql",), CreateType, labels=self.labels, **fields)
        else:
            emit_for(call, ("postgresql",), DropType, **fields)
        return None


UNKNOWN_TYPE: Final = TypeValue(UNKNOWN, why="a type that is not known")


def as_type(value: Value, call: Call) -> TypeValue:
    """Returns what a value means where SQLAlchemy wants a type: a type, or a type class without call."""
    if isinstance(value, TypeValue):
        return value
    if isinstance(value, Symbol):
        maker = type_makers().get(value.path)
        if maker is not None:
            return maker((), {}, call)
        return TypeValue(UNKNOWN, why=f"the type {value.path} is not known")
    if isinstance(value, (Class, Instance)):
        from mrt_rules_alembic.sqlalchemy.user_types import class_type

        return class_type(value.cls if isinstance(value, Instance) else value, (), {}, call)
    if hasattr(value, "made"):
        made: TypeValue = value.made((), {}, call)
        return made
    if isinstance(value, NotKnown):
        return TypeValue(UNKNOWN, why=value.reason)
    return UNKNOWN_TYPE


TypeMaker = Callable[[tuple[Value, ...], Arguments, "Call"], TypeValue]


@lru_cache(maxsize=1)
def type_makers() -> dict[str, TypeMaker]:
    """Returns every type of SQLAlchemy and well-known packages, by each path it is imported under."""
    from mrt_rules_alembic.sqlalchemy.named_types import (
        array,
        dialect_enum,
        domain,
        enum,
        float_,
        interval,
        mysql_float,
        mysql_set,
        null_type,
        oracle_interval,
        pg_bit,
        pg_interval,
        tinyint,
        uuid,
    )

    makers: dict[str, TypeMaker] = {}
    generic: dict[str, TypeMaker] = {name: _maker(name, spec) for name, spec in GENERIC.items()}
    generic |= {
        "Enum": enum,
        "Interval": interval,
        "Uuid": uuid,
        "ARRAY": array,
        "Float": float_,
        "FLOAT": float_,
        "NullType": null_type,
        "NULLTYPE": null_type,
    }
    for name, maker in generic.items():
        for prefix in ("sqlalchemy", "sqlalchemy.types", "sqlalchemy.sql.sqltypes"):
            makers[f"{prefix}.{name}"] = maker
    special: dict[str, dict[str, TypeMaker]] = {
        "postgresql": {
            "ENUM": dialect_enum,
            "ARRAY": array,
            "DOMAIN": domain,
            "BIT": pg_bit,
            "INTERVAL": pg_interval,
        },
        "mysql": {"ENUM": enum, "SET": mysql_set, "FLOAT": mysql_float, "TINYINT": tinyint},
        "oracle": {"INTERVAL": oracle_interval},
    }
    upper = {name: maker for name, maker in generic.items() if name.isupper()}
    for dialect, specs in DIALECTS.items():
        own = {name: _maker(name, spec) for name, spec in specs.items()} | special.get(dialect, {})
        for name, maker in (upper | own).items():
            signed = _signed(maker, cast("Dialect", dialect), not_written_for(dialect, name))
            for module in ("", *_SUBMODULES[dialect]):
                makers[f"sqlalchemy.dialects.{dialect}{module}.{name}"] = signed
    for name, maker in list(makers.items()):
        if name.startswith("sqlalchemy.dialects.mysql."):
            makers[name.replace(".mysql.", ".mariadb.", 1)] = maker
    for path, spec in THIRD_PARTY.items():
        maker = _inexact(_maker(path.rpartition(".")[2], spec))
        makers[path] = maker
        package, _, name = path.rpartition(".")
        for alias in _ALIASES.get(package, ()):
            makers[f"{alias}.{name}"] = maker
    for path, spec in SETTLED_THIRD_PARTY.items():
        makers[path] = _maker(path.rpartition(".")[2], spec)
    return makers


_SUBMODULES: Final[dict[str, tuple[str, ...]]] = {
    "postgresql": (
        ".base",
        ".types",
        ".json",
        ".array",
        ".named_types",
        ".hstore",
        ".ranges",
        ".bit",
        ".citext",
        ".psycopg2",
    ),
    "mysql": (".base", ".types", ".enumerated", ".json"),
    "sqlite": (".base", ".json"),
    "mssql": (".base", ".json"),
    "oracle": (".base", ".types", ".vector"),
}

_ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "sqlalchemy_utils": (
        "sqlalchemy_utils.types",
        *(
            f"sqlalchemy_utils.types.{name}"
            for name in (
                "uuid",
                "email",
                "url",
                "ip_address",
                "json",
                "timezone",
                "locale",
                "country",
                "currency",
                "color",
                "ltree",
                "ts_vector",
            )
        ),
    ),
    "pgvector.sqlalchemy": ("pgvector.sqlalchemy.vector", "pgvector.sqlalchemy.halfvec"),
    "geoalchemy2": ("geoalchemy2.types",),
}


def _maker(name: str, spec: Spec) -> TypeMaker:
    def make(args: tuple[Value, ...], kwargs: Arguments, call: Call) -> TypeValue:
        values: dict[str, Value] = {**dict(zip(spec.parameters, args, strict=False)), **kwargs}
        timezone = values.get("timezone", False)
        length = values.get("length")
        return TypeValue(
            _cached(spec.form, tuple(spec.variants.items()), _frozen(spec.parameters, values)),
            spec.affinity,
            type_name=str(values["name"])
            if spec.affinity == "boolean" and isinstance(values.get("name"), str)
            else None,
            check=spec.affinity == "boolean" and values.get("create_constraint") is True,
            length=length if isinstance(length, int) else None,
            timezone=timezone is True,
        )

    make.__name__ = name
    return make


def _frozen(
    parameters: tuple[str, ...], values: Arguments
) -> tuple[tuple[str, int | str | bool | None], ...]:
    """Returns the arguments that decide a type; one that is not known is the text "?"."""
    names = {*parameters, "timezone", "unsigned", "collation", "precision", "scale", "length"}
    return tuple(
        (name, value if value is None or isinstance(value, (int, str)) else "?")
        for name, value in sorted(values.items())
        if name in names
    )


@lru_cache(maxsize=4096)
def _cached(
    form: str, variants: tuple[tuple[str, str], ...], values: tuple[tuple[str, int | str | bool | None], ...]
) -> SqlType:
    given = dict(values)
    base = _render(form, given)
    forms = dict(variants)
    found: list[tuple[str, SqlType]] = []
    for dialect in TYPE_DIALECTS:
        if dialect in forms:
            variant = _render(forms[dialect], given)
            if variant != base:
                found.append((dialect, variant))
    if given.get("unsigned") is True:
        found = [*found, ("mysql", replace(base, unsigned=True))]
    return replace(base, variants=tuple(found))


def _render(form: str, given: Mapping[str, int | str | bool | None]) -> SqlType:
    without, _, with_zone = form.partition("|")
    zone = given.get("timezone", False)
    name, _, rest = (with_zone if with_zone and zone is True else without).partition("(")
    exact = not (with_zone and zone == "?")
    sized = True
    args: list[int | str] = []
    for word in rest.rstrip(")").split(",") if rest else []:
        value: int | str | bool | None
        if word.startswith("{"):
            key, _, otherwise = word[1:-1].partition(":")
            value = given.get(key)
            if value is None and otherwise:
                value = int(otherwise) if otherwise.isdigit() else otherwise
        else:
            value = int(word) if word.isdigit() else word
        if value is None:
            break
        if value == "?" or isinstance(value, bool):
            sized = isinstance(value, bool)
            exact = False
            break
        args.append(value)
    collation = given.get("collation")
    made = sql_type(name, *args)
    if isinstance(collation, str) and collation != "?":
        made = replace(made, collation=collation)
    return made if exact else replace(made, exact=False, sized=sized)


def _inexact(maker: TypeMaker) -> TypeMaker:
    def make(args: tuple[Value, ...], kwargs: Arguments, call: Call) -> TypeValue:
        made = maker(args, kwargs, call)
        if isinstance(made.sql, Unknown):
            return made
        variants = tuple(
            (name, replace(variant, exact=False, sized=True)) for name, variant in made.sql.variants
        )
        return replace(made, sql=replace(made.sql, exact=False, sized=True, variants=variants))

    return make


def _signed(maker: TypeMaker, dialect: Dialect, not_on: tuple[Dialect, ...]) -> TypeMaker:
    def make(args: tuple[Value, ...], kwargs: Arguments, call: Call) -> TypeValue:
        call.evaluator.sign(dialect)
        made = maker(args, kwargs, call)
        if not not_on or isinstance(made.sql, Unknown) or _says_how_to_compile(call):
            return made
        variants = tuple((name, replace(variant, not_on=not_on)) for name, variant in made.sql.variants)
        return replace(made, sql=replace(made.sql, variants=variants, not_on=not_on))

    return make


def _says_how_to_compile(call: Call) -> bool:
    """Returns whether the file may tell SQLAlchemy how to write types (`sqlalchemy.ext.compiler`)."""
    return call.evaluator.mentions("compiles")
