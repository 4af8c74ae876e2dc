"""The models of the project at one point, and where they and their fields lie in the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Final

from mrt_lint.classes import dataclass
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import UNKNOWN, Name, Unknown
from mrt_lint.schema.replacing import replace
from mrt_lint.schema.types import SqlType
from mrt_rules_django.field_types import AUTO, column_type
from mrt_rules_django.naming import shortened, table_name
from mrt_rules_django.references import model_of, swapped_model
from mrt_rules_django.specs import Model, Spec

if TYPE_CHECKING:
    from mrt_lint.project import Project

RELATIONS: Final = ("ForeignKey", "OneToOneField")
_WITHOUT_COLUMN: Final = ("GenericRelation", "GenericForeignKey", "TaggableManager", "CompositePrimaryKey")


def is_relation(spec: Spec) -> bool:
    """Returns whether a field is a foreign key (one of an unknown class if it says what it points at)."""
    return spec.base in RELATIONS or (not spec.base and spec.has("to") and spec.has("on_delete"))


def is_many_to_many(spec: Spec) -> bool:
    """Returns whether a field is a ManyToManyField or, by its name, one of an unknown class."""
    return spec.base == "ManyToManyField" or (
        not spec.base and spec.has("to") and not spec.has("on_delete") and "ManyToMany" in spec.name
    )


def has_column(spec: Spec) -> bool:
    """Returns whether a field has a column of its own."""
    return not is_many_to_many(spec) and spec.name not in _WITHOUT_COLUMN


@dataclass(frozen=True, slots=True)
class Models:
    """The models by (app, lower-case name), seen from one database; immutable.

    `targets`: the models that the relations of each point at, so that nobody has to search all of them.
    `complete` False: something that is not understood may have changed any of them.
    """

    project: Project
    dialect: Dialect
    items: Mapping[tuple[str, str], Model] = field(default_factory=dict)
    targets: Mapping[tuple[str, str], frozenset[tuple[str, str] | None]] = field(default_factory=dict)
    complete: bool = True

    def get(self, app: str, name: str) -> Model | None:
        """Returns a model, None if the project has none of that name."""
        return self.items.get((app, name.lower()))

    def put(self, model: Model) -> Models:
        """Returns the models with one added or replaced."""
        key = model.key
        targets = frozenset(self.target(model, spec) for _, spec in _relations(model))
        return replace(self, items={**self.items, key: model}, targets={**self.targets, key: targets})

    def drop(self, app: str, name: str) -> Models:
        """Returns the models without one."""
        gone = (app, name.lower())
        return replace(
            self,
            items={key: item for key, item in self.items.items() if key != gone},
            targets={key: item for key, item in self.targets.items() if key != gone},
        )

    def on(self, dialect: Dialect) -> Models:
        """Returns the same models on another database."""
        return self if dialect == self.dialect else replace(self, dialect=dialect)

    # -- tables --------------------------------------------------------------------------------

    def has_table(self, model: Model) -> bool:
        """Returns whether Django makes the model's table: managed, no proxy, not swapped out."""
        if model.option("proxy") is True or model.option("managed", True) is False:
            return False
        setting = model.option("swappable")
        if isinstance(setting, str):
            chosen = swapped_model(setting, self.project)
            return chosen is None or chosen.lower() == f"{model.app}.{model.name}".lower()
        return True

    def table(self, model: Model) -> Name:
        """Returns the model's table; of a proxy that of the model behind it."""
        other = self._behind(model)
        if other is not None:
            return self.table(other)
        named = model.option("db_table")
        text = named if isinstance(named, str) and named else f"{model.app}_{model.name.lower()}"
        return table_name(text, self.dialect)

    def _behind(self, model: Model) -> Model | None:
        """Returns the model that a proxy stands for, None for any other."""
        if model.option("proxy") is True:
            for base in model.bases if isinstance(model.bases, tuple) else ():
                found = model_of(base, model.app, model.name, self.project)
                other = self.items.get(found) if found else None
                if other is not None and other.key != model.key:
                    return other
        return None

    def table_of(self, key: tuple[str, str]) -> Name:
        """Returns the table of a model by its key; of one outside of the project the usual one."""
        model = self.items.get(key)
        return self.table(model) if model is not None else table_name(f"{key[0]}_{key[1]}", self.dialect)

    def target(self, model: Model, spec: Spec) -> tuple[str, str] | None:
        """Returns the model that a relation points at, None if that is not known."""
        return model_of(spec.get("to"), model.app, model.name, self.project)

    # -- keys ----------------------------------------------------------------------------------

    def primary_key(self, model: Model) -> tuple[str, Spec] | None:
        """Returns the field that is the model's key, None if it is not known."""
        for name, spec in model.fields:
            if spec.get("primary_key") is True:
                return name, spec
        other = self._behind(model)
        return self.primary_key(other) if other is not None else None

    def referenced(self, model: Model, spec: Spec) -> tuple[Name | None, str, SqlType | Unknown]:
        """Returns table, column and the column's type that a foreign key points at."""
        key = self.target(model, spec)
        if key is None:
            return None, "id", UNKNOWN
        other = self.items.get(key)
        if other is None:
            return self.table_of(key), "id", UNKNOWN
        named = spec.get("to_field")
        found = self.primary_key(other)
        if isinstance(named, str):
            field_named = other.field(named)
            found = (named, field_named) if field_named is not None else None
        if found is None:
            return self.table(other), "id", UNKNOWN
        name, target = found
        return self.table(other), self.column_name(name, target), self.type_of(other, target, referred=True)

    # -- columns -------------------------------------------------------------------------------

    def column_name(self, name: str, spec: Spec) -> str:
        """Returns the name of a field's column."""
        named = spec.get("db_column")
        if isinstance(named, str) and named:
            return named
        return shortened(f"{name}_id" if is_relation(spec) else name, self.dialect) if name else name

    def type_of(
        self, model: Model, spec: Spec, *, referred: bool = False, depth: int = 0
    ) -> SqlType | Unknown:
        """Returns the type of a field's column; `referred`: of a column that refers to it."""
        if depth > 6 or (spec.own_type and not is_relation(spec)):
            return UNKNOWN
        if is_relation(spec):
            return self.referenced(model, spec)[2]
        if spec.base == "ArrayField":
            inner = spec.get("base_field")
            found = self.type_of(model, inner, depth=depth + 1) if isinstance(inner, Spec) else UNKNOWN
            return SqlType(found.name, element=found) if isinstance(found, SqlType) else UNKNOWN
        if spec.base == "GeneratedField":
            inner = spec.get("output_field")
            return self.type_of(model, inner, depth=depth + 1) if isinstance(inner, Spec) else UNKNOWN
        base = spec.base
        if referred and self.dialect == "sqlite" and base in AUTO:
            base = {"BigAutoField": "BigIntegerField", "SmallAutoField": "SmallIntegerField"}.get(base, base)
        length = spec.get("max_length")
        if isinstance(length, Unknown) or (length is not None and not isinstance(length, int)):
            return UNKNOWN
        digits, places = spec.get("max_digits"), spec.get("decimal_places")
        found_type = column_type(
            base,
            self.dialect,
            length=length if isinstance(length, int) else None,
            digits=digits if isinstance(digits, int) else None,
            places=places if isinstance(places, int) else None,
        )
        if found_type is None:
            return UNKNOWN
        if (
            base in ("CharField", "DecimalField")
            and not spec.path.startswith("django.")
            and not found_type.args
        ):
            return UNKNOWN
        collation = spec.get("db_collation")
        if isinstance(collation, str) and collation and not referred:
            return replace(found_type, collation=collation)
        return found_type

    # -- many to many --------------------------------------------------------------------------

    def join_table(self, model: Model, name: str, spec: Spec) -> Name | None:
        """Returns the table that Django makes for a ManyToManyField; None with a `through` of its own."""
        if spec.get("through") is not None:
            return None
        named = spec.get("db_table")
        if isinstance(named, str) and named:
            return table_name(named, self.dialect)
        own = self.table(model)
        return Name(shortened(f"{own.name}_{name}", self.dialect), own.schema)

    def join_columns(self, model: Model, spec: Spec) -> tuple[str, str]:
        """Returns the columns of a join table: that of the model, that of the other."""
        target = self.target(model, spec)
        own = model.name.lower()
        if target == model.key:
            return f"from_{own}_id", f"to_{own}_id"
        return f"{own}_id", f"{target[1] if target else 'unknown'}_id"

    def auto_field(self, app: str) -> str | None:
        """Returns the class of an app's automatic keys, None if that is not known."""
        known = dict(self.project.settings)
        value = known.get(f"DEFAULT_AUTO_FIELD {app}") or known.get("DEFAULT_AUTO_FIELD")
        return value.rpartition(".")[2] if isinstance(value, str) else None

    def referring(self, model: Model) -> Iterator[tuple[Model, str, Spec]]:
        """Yields every relation that points at a model: its owner, the field's name, the field."""
        goal = model.key
        for key, targets in self.targets.items():
            if goal in targets:
                owner = self.items[key]
                for name, spec in _relations(owner):
                    if self.target(owner, spec) == goal:
                        yield owner, name, spec


def _relations(model: Model) -> Iterator[tuple[str, Spec]]:
    return ((name, spec) for name, spec in model.fields if is_relation(spec) or is_many_to_many(spec))
