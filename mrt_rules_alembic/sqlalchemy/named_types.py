"""Types that are more than a form: enums, arrays, domains, intervals, UUIDs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mrt_lint.evaluate.objects import enum_members
from mrt_lint.evaluate.values import Class, NotKnown, Value
from mrt_lint.schema.names import UNKNOWN, Unknown
from mrt_lint.schema.types import SqlType, sql_type
from mrt_rules_alembic.sqlalchemy.foreign_types import not_written_for
from mrt_rules_alembic.sqlalchemy.types import TYPE_DIALECTS, Arguments, TypeValue, as_type

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call


def enum(args: tuple[Value, ...], kwargs: Arguments, call: Call) -> TypeValue:
    """Returns `sa.Enum(...)` or `mysql.ENUM(...)`: its own type on PostgreSQL, inline on MySQL, else VARCHAR.

    On databases without enums the length is that of the longest label, or `length=`. A PEP 435
    class gives its member names (not values, unless `values_callable`) and its own name.
    """
    labels, name = _labels(args, kwargs, call)
    given = kwargs.get("name", name)
    type_name = given if isinstance(given, str) else None
    schema = kwargs.get("schema")
    native = kwargs.get("native_enum", True)
    create_type = kwargs.get("create_type", True)
    length = kwargs.get("length")
    width = max((len(label) for label in labels), default=0) if labels is not None else None
    text = sql_type(
        "varchar", *((length if isinstance(length, int) else width,) if width is not None else ())
    )
    exact = labels is not None and not isinstance(given, NotKnown)
    if labels is None or not isinstance(length, (int, type(None))):
        text = replace(text, exact=False)
    check = kwargs.get("create_constraint", False) is True
    # `*labels` hides labels alone; `**options` may hold native_enum= or create_type= as well.
    said = isinstance(native, bool) and isinstance(create_type, bool)
    options = call.starred and not (said and call.extra.get("positions_only", False))
    hidden = labels is None and (options or isinstance(native, NotKnown))
    if native is False:
        return TypeValue(
            text,
            "string",
            type_name=type_name,
            labels=labels if labels is not None else UNKNOWN,
            check=check,
            native=False,
            why="" if exact else "an enum whose labels are not known",
        )
    inline = SqlType("enum", labels=labels or (), exact=labels is not None)
    named = SqlType(
        type_name or "enum",
        schema=schema if isinstance(schema, str) else None,
        labels=labels or (),
        creates_type=type_name is not None and create_type is not False and not hidden,
        exact=exact and not isinstance(native, NotKnown) and type_name is not None,
    )
    variants = tuple(
        (dialect, inline if dialect == "mysql" else text)
        for dialect in TYPE_DIALECTS
        if dialect not in ("postgresql", "mariadb")
    )
    return TypeValue(
        replace(named, variants=variants),
        "string",
        type_name=type_name,
        schema=schema if isinstance(schema, str) else None,
        labels=labels if labels is not None else UNKNOWN,
        check=check,
        inherits_schema=kwargs.get("inherit_schema") is True,
        why="" if exact else "an enum whose labels are not known",
    )


def dialect_enum(args: tuple[Value, ...], kwargs: Arguments, call: Call) -> TypeValue:
    """Returns `postgresql.ENUM(...)`: the same, and `create_type=False` leaves the type to others."""
    return replace(enum(args, kwargs, call), checks_first=True)


def _labels(
    args: tuple[Value, ...], kwargs: Arguments, call: Call
) -> tuple[tuple[str, ...] | None, str | None]:
    """Returns the labels, None if not known, and the name that a PEP 435 class gives."""
    if call.starred:
        return None, None
    if len(args) == 1 and isinstance(args[0], Class):
        return _members(args[0], kwargs, call), args[0].name.lower()
    if all(isinstance(arg, str) for arg in args):
        return tuple(str(arg) for arg in args), None
    return None, None


def _members(cls: Class, kwargs: Arguments, call: Call) -> tuple[str, ...] | None:
    """Returns the labels of an enum class: its member names, or what `values_callable` makes of them."""
    members = enum_members(cls)
    if not members:
        return None
    chooser = kwargs.get("values_callable")
    if chooser is None:
        return tuple(member.name for member in members)
    chosen = call.evaluator.invoke(chooser, (cls,), {}, call)
    if isinstance(chosen, (list, tuple)) and all(isinstance(label, str) for label in chosen):
        return tuple(str(label) for label in chosen)
    return None


def array(args: tuple[Value, ...], kwargs: Arguments, call: Call) -> TypeValue:
    """Returns `ARRAY(item_type)`; PostgreSQL does not tell the number of dimensions apart."""
    item = as_type(args[0] if args else kwargs.get("item_type", NotKnown("no item type")), call)
    if isinstance(item.sql, Unknown):
        return TypeValue(UNKNOWN, why=item.why)
    return TypeValue(
        SqlType(
            item.sql.name,
            element=item.sql,
            exact=item.sql.exact,
            not_on=not_written_for("postgresql", "ARRAY"),
        ),
        type_name=item.type_name,
        labels=item.labels,
    )


def domain(args: tuple[Value, ...], kwargs: Arguments, call: Call) -> TypeValue:
    """Returns `postgresql.DOMAIN(name, data_type, ...)` as the named type it is."""
    name = args[0] if args else kwargs.get("name")
    schema = kwargs.get("schema")
    if not isinstance(name, str):
        return TypeValue(UNKNOWN, why="a domain whose name is not known")
    made = SqlType(name.lower(), schema=schema if isinstance(schema, str) else None)
    return TypeValue(replace(made, fills=kwargs.get("default") is not None))


def interval(args: tuple[Value, ...], kwargs: Arguments, call: Call) -> TypeValue:
    """Returns `sa.Interval()`: INTERVAL where there is one, else a date and time since 1970."""
    values = {**dict(zip(("native", "second_precision", "day_precision"), args, strict=False)), **kwargs}
    precision = values.get("second_precision")
    args_of = (precision,) if isinstance(precision, int) else ()
    base = sql_type("datetime")
    if values.get("native", True) is False:
        variants = (("postgresql", sql_type("timestamp")), ("oracle", sql_type("date")))
    else:
        variants = (
            ("postgresql", sql_type("interval", *args_of)),
            ("oracle", sql_type("interval", "day to second")),
        )
    return TypeValue(replace(base, variants=variants), "interval")


def pg_interval(args: tuple[Value, ...], kwargs: Arguments, call: Call) -> TypeValue:
    """Returns `postgresql.INTERVAL(fields=, precision=)`."""
    values = {**dict(zip(("precision", "fields"), args, strict=False)), **kwargs}
    precision, fields = values.get("precision"), values.get("fields")
    words: list[int | str] = [fields.lower()] if isinstance(fields, str) else []
    return TypeValue(
        sql_type("interval", *words, *((precision,) if isinstance(precision, int) else ())), "interval"
    )


def oracle_interval(args: tuple[Value, ...], kwargs: Arguments, call: Call) -> TypeValue:
    """Returns `oracle.INTERVAL(...)`."""
    return TypeValue(sql_type("interval", "day to second"), "interval")


def float_(args: tuple[Value, ...], kwargs: Arguments, call: Call) -> TypeValue:
    """Returns `sa.Float(precision)`: from 25 bits on PostgreSQL and MySQL make it a double."""
    precision = args[0] if args else kwargs.get("precision")
    wide = isinstance(precision, int) and precision > 24
    base = sql_type("float", *((precision,) if isinstance(precision, int) else ()))
    plain = sql_type("float")
    variants: tuple[tuple[str, SqlType], ...] = (
        ("postgresql", sql_type("real" if isinstance(precision, int) and not wide else "double")),
        ("mysql", sql_type("double" if wide else "float")),
        ("sqlite", plain),
        ("oracle", plain),
    )
    if isinstance(precision, NotKnown):
        variants = tuple((name, replace(variant, exact=False)) for name, variant in variants)
        base = replace(base, exact=False)
    return TypeValue(replace(base, variants=variants), "float")


def mysql_float(args: tuple[Value, ...], kwargs: Arguments, call: Call) -> TypeValue:
    """Returns `mysql.FLOAT(precision, scale)`."""
    scale = args[1] if len(args) > 1 else kwargs.get("scale")
    precision = args[0] if args else kwargs.get("precision")
    if isinstance(scale, int) and isinstance(precision, int):
        return TypeValue(sql_type("float", precision, scale), "float")
    return float_(args[:1], kwargs, call)


def tinyint(args: tuple[Value, ...], kwargs: Arguments, call: Call) -> TypeValue:
    """Returns `mysql.TINYINT(display_width)`; TINYINT(1) is what MySQL has for a boolean."""
    width = args[0] if args else kwargs.get("display_width")
    if width == 1:
        return TypeValue(sql_type("boolean"), "integer")
    sql = sql_type("tinyint")
    return TypeValue(replace(sql, unsigned=kwargs.get("unsigned") is True), "integer")


def pg_bit(args: tuple[Value, ...], kwargs: Arguments, call: Call) -> TypeValue:
    """Returns `postgresql.BIT(length=, varying=)`; BIT alone is BIT(1)."""
    values = {**dict(zip(("length", "varying"), args, strict=False)), **kwargs}
    length = values.get("length")
    if values.get("varying", False) is True:
        return TypeValue(sql_type("varbit", *((length,) if isinstance(length, int) else ())))
    return TypeValue(sql_type("bit", length if isinstance(length, int) else 1))


def uuid(args: tuple[Value, ...], kwargs: Arguments, call: Call) -> TypeValue:
    """Returns `sa.Uuid()`: a native UUID where there is one (MariaDB from 10.7), else CHAR(32)."""
    values = {**dict(zip(("as_uuid", "native_uuid"), args, strict=False)), **kwargs}
    text = sql_type("char", 32)
    if values.get("native_uuid", True) is False:
        return TypeValue(text)
    variants = (
        ("postgresql", sql_type("uuid")),
        ("mariadb", sql_type("uuid")),
        ("mssql", sql_type("uniqueidentifier")),
    )
    return TypeValue(replace(text, variants=variants))


def mysql_set(args: tuple[Value, ...], kwargs: Arguments, call: Call) -> TypeValue:
    """Returns `mysql.SET("a", "b")`."""
    labels, _ = _labels(args, kwargs, call)
    return TypeValue(SqlType("set", labels=labels or (), exact=labels is not None), "string")


def null_type(args: tuple[Value, ...], kwargs: Arguments, call: Call) -> TypeValue:
    """Returns the type of a column whose type is not said."""
    return TypeValue(UNKNOWN, why="a column without a type")
