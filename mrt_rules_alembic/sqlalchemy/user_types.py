"""Types that the project defines: TypeDecorator and UserDefinedType subclasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import Choice, Class, FrameworkValue, Function, Method, NotKnown, Symbol, Value
from mrt_lint.ops.guard import DialectIs, Test, resolve
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import UNKNOWN, Unknown
from mrt_lint.schema.types import SqlType
from mrt_rules_alembic.sqlalchemy.sqltext import main_dialect
from mrt_rules_alembic.sqlalchemy.type_events import makes_constraints
from mrt_rules_alembic.sqlalchemy.types import TYPE_DIALECTS, TypeValue, as_type, type_makers

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call


@dataclass(frozen=True, eq=False)
class TypeBase(FrameworkValue):
    """`TypeDecorator` or `UserDefinedType` as a base class."""

    name: str

    def subclass(self, cls: Class, call: Call) -> Value:
        """Returns the type class that the project makes of it."""
        return UserType(cls, self.name, dict(cls.attributes), makes_constraints(cls))

    def item(self, key: Value, call: Call) -> Value:
        """Returns itself for `TypeDecorator[str]`."""
        return self

    def call_method(self, name: str, call: Call) -> Value:
        """Returns what `super().load_dialect_impl(dialect)` means: the type that `impl` is."""
        return Inherited() if name == "load_dialect_impl" else None


class Inherited(FrameworkValue):
    """What a type's `load_dialect_impl` returns without being overridden."""


@dataclass(frozen=True, eq=False)
class UserType(FrameworkValue):
    """A type class of the project; `attributes` with those it inherits, `constrains`: as of SqlType."""

    cls: Class
    base: str
    attributes: Mapping[str, Value] = field(default_factory=dict)
    constrains: bool = False

    def subclass(self, cls: Class, call: Call) -> Value:
        """Returns a type class below it."""
        attributes = {**self.attributes, **cls.attributes}
        return UserType(cls, self.base, attributes, self.constrains or makes_constraints(cls))

    def item(self, key: Value, call: Call) -> Value:
        """Returns itself for a generic alias."""
        return self

    def attribute(self, name: str, call: Call) -> Value:
        """Returns what its class body defines."""
        return self.attributes.get(name, Method(self, name))

    def call(self, call: Call) -> Value:
        """Returns the type."""
        return self.made(call.args, call.kwargs, call)

    def made(self, args: tuple[Value, ...], kwargs: Mapping[str, Value], call: Call) -> TypeValue:
        """Returns the type that these arguments make: what `impl` is, or what `load_dialect_impl` chooses."""
        made = self._made(args, kwargs, call)
        return _constraining(made) if self.constrains else made

    def _made(self, args: tuple[Value, ...], kwargs: Mapping[str, Value], call: Call) -> TypeValue:
        if self.base == "UserDefinedType":
            return self._column_spec(call)
        impl = self._impl(args, kwargs, call)
        chooser = self.attributes.get("load_dialect_impl")
        if isinstance(chooser, Function):
            return self._per_dialect(chooser, impl, call)
        return impl

    def _impl(self, args: tuple[Value, ...], kwargs: Mapping[str, Value], call: Call) -> TypeValue:
        value = self.attributes.get("impl")
        own_init = "__init__" in self.attributes
        if isinstance(value, Symbol) and value.path in type_makers() and not own_init:
            return type_makers()[value.path](args, kwargs, call)
        made = as_type(value, call)
        if (
            own_init
            and (args or kwargs or not isinstance(value, TypeValue))
            and not isinstance(made.sql, Unknown)
        ):
            return replace(made, sql=replace(made.sql, exact=False, sized=True))
        return made

    def _column_spec(self, call: Call) -> TypeValue:
        from mrt_lint.sql import type_from_sql

        maker = self.attributes.get("get_col_spec")
        if not isinstance(maker, Function):
            return TypeValue(UNKNOWN, why=f"the type {self.cls.name} says its SQL elsewhere")
        text = call.evaluator.invoke(maker, (TypeInstance(self, None),), {}, call)
        if not isinstance(text, str):
            return TypeValue(UNKNOWN, why=f"the SQL of the type {self.cls.name} is not known")
        sql = type_from_sql(text, main_dialect(call)) or SqlType(text.strip().lower())
        return TypeValue(replace(sql, exact=False, sized=True))

    def _per_dialect(self, chooser: Function, impl: TypeValue, call: Call) -> TypeValue:
        from mrt_rules_alembic.sqlalchemy.connection import DialectValue

        found = call.evaluator.invoke(chooser, (TypeInstance(self, impl), DialectValue()), {}, call)
        forms: dict[Dialect, TypeValue] = {}
        for dialect in TYPE_DIALECTS:
            chosen = _on(found, dialect)
            made = impl if isinstance(chosen, Inherited) else as_type(chosen, call)
            if isinstance(made.sql, Unknown):
                return TypeValue(UNKNOWN, why=f"load_dialect_impl of {self.cls.name} is not followed")
            forms[dialect] = made
        base = impl if not isinstance(impl.sql, Unknown) else forms["postgresql"]
        assert not isinstance(base.sql, Unknown)
        variants: list[tuple[str, SqlType]] = []
        for dialect, made in forms.items():
            assert not isinstance(made.sql, Unknown)
            variants.append((dialect, made.sql.for_dialect(dialect)))
        return replace(base, sql=replace(base.sql, variants=tuple(variants)))


def _on(value: Value, dialect: Dialect) -> Value:
    """Returns what a value is on one database, None if that is not known."""
    if not isinstance(value, Choice):
        return None if isinstance(value, NotKnown) else value

    def answer(test: Test) -> bool | None:
        return dialect in test.predicate.names if isinstance(test.predicate, DialectIs) else None

    for guard, option in value.options:
        if resolve(guard, answer) is True:
            return _on(option, dialect)
    return None


@dataclass(frozen=True, eq=False)
class TypeInstance(FrameworkValue):
    """`self` inside a method of a type class."""

    owner: UserType
    impl: TypeValue | None

    def attribute(self, name: str, call: Call) -> Value:
        """Returns `impl` and what the class body defines."""
        if name in ("impl", "impl_instance") and self.impl is not None:
            return self.impl
        return self.owner.attributes.get(name, NotKnown(f"{call.spelling} of a type", call.span.line))


def class_type(cls: Class, args: tuple[Value, ...], kwargs: Mapping[str, Value], call: Call) -> TypeValue:
    """Returns the type that a plain subclass of a known type is; its length and form may differ."""
    for base in cls.bases:
        if isinstance(base, UserType):
            made = base.made(args, kwargs, call)
        elif isinstance(base, Symbol) and base.path in type_makers():
            made = type_makers()[base.path](args, kwargs, call)
        elif isinstance(base, Class):
            made = class_type(base, args, kwargs, call)
        else:
            continue
        if isinstance(made.sql, Unknown):
            return made
        made = replace(made, sql=replace(made.sql, exact=False, sized=True))
        return _constraining(made) if makes_constraints(cls) else made
    return TypeValue(UNKNOWN, why=f"the type {cls.name} is not known")


def _constraining(made: TypeValue) -> TypeValue:
    return made if isinstance(made.sql, Unknown) else replace(made, sql=replace(made.sql, constrains=True))
