"""Frozen models in a RunPython: managers, querysets, instances, and what their methods write."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import FrameworkValue, NotKnown, Value
from mrt_rules_django.orm_operations import Action, Assignment, FieldTest, ModelStep
from mrt_rules_django.sqltext import literal
from mrt_rules_django.values import Made

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call

_NARROWING: Final = ("filter", "exclude")
_SLICING: Final = ("distinct", "reverse", "union", "intersection", "difference")
_SAME: Final = (
    "all",
    "order_by",
    "select_related",
    "prefetch_related",
    "annotate",
    "alias",
    "only",
    "defer",
    "using",
    "iterator",
    "select_for_update",
    "get_queryset",
    "complex_filter",
    "extra",
    "db_manager",
)
_ONE: Final = ("get", "first", "last", "latest", "earliest")
_VALUES: Final = ("values", "values_list", "dates", "datetimes", "in_bulk")
_READS: Final = ("count", "exists", "aggregate", "contains", "explain")
_ROW_METHODS: Final = ("save", "delete", "refresh_from_db", "full_clean", "clean", "get_deferred_fields")
_MANAGERS: Final = ("objects", "_default_manager", "_base_manager", "default_manager", "base_manager")


def _step(call: Call, model: ModelClass, action: Action, **fields: Any) -> None:
    """Emits what a call of the ORM writes."""
    call.emit(ModelStep, app=model.app, model=model.name, action=action, **fields)


@dataclass(frozen=True)
class ModelClass(FrameworkValue):
    """A model as `apps.get_model` gives it."""

    carries_effects: ClassVar[bool] = True
    app: str
    name: str

    def attribute(self, name: str, call: Call) -> Value:
        """Returns a manager, the Meta, an exception class, or a method."""
        if name in _MANAGERS or name.endswith("objects"):
            return QuerySet(self)
        if name == "DoesNotExist" or name == "MultipleObjectsReturned":
            return NotKnown(f"{self.name}.{name}", call.span.line)
        if name in ("_meta", "__name__", "pk"):
            return NotKnown(f"{self.name}.{name} is known only at run time", call.span.line)
        return NotKnown(f"{self.name}.{name} is known only at run time", call.span.line)

    def call(self, call: Call) -> Value:
        """Returns a new instance."""
        return Row(self, dict(call.kwargs), new=True)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns what a method of the class gives, which frozen models do not have."""
        return NotKnown(f"{call.spelling}() is known only at run time", call.span.line)


@dataclass(frozen=True)
class QuerySet(FrameworkValue):
    """A manager or queryset.

    `where`: the filters as written; `tests`: all that picks its rows, None if they are not plain.
    """

    carries_effects: ClassVar[bool] = True
    model: ModelClass
    where: str = ""
    tests: tuple[FieldTest, ...] | None = ()

    def attribute(self, name: str, call: Call) -> Value:
        """Returns the model, or a method."""
        return self.model if name == "model" else super().attribute(name, call)

    def call_method(self, name: str, call: Call) -> Value:
        """Returns what a method gives; those that write emit what they do."""
        if name in _NARROWING:
            return self._narrowed(name, call)
        if name in _SAME:
            return self
        if name in _SLICING or name == "none":
            return replace(self, where=self.where or f".{name}()", tests=None)
        if name in _ONE:
            narrowed = self._narrowed("filter", call) if name == "get" else self
            return Row(self.model, where=narrowed.where or f".{name}()", tests=None)
        if name in _VALUES or name in _READS:
            return NotKnown(f"what {call.spelling}() reads at run time", call.span.line)
        writer = getattr(self, f"_{name}", None) if name in _WRITING else None
        if writer is not None:
            found: Value = writer(call)
            return found
        return self._written_somehow(name, call)

    def _written_somehow(self, name: str, call: Call) -> Value:
        """Returns the result of a method of a manager of its own, which may write the table."""
        _step(call, self.model, "code", where=name)
        return NotKnown(f"{call.spelling}() is known only at run time", call.span.line)

    def _narrowed(self, name: str, call: Call) -> QuerySet:
        if not call.args and not call.kwargs and not call.starred:
            return self
        source = " ".join(call.source.split()) if call.source else name
        found = None if call.starred or call.args else _tests(call.kwargs)
        tests = None
        if self.tests is not None and found is not None and name == "filter":
            tests = (*self.tests, *found)
        return replace(self, where=source, tests=tests)

    def _create(self, call: Call) -> Value:
        _step(call, self.model, "insert", assignments=_assignments(call.kwargs) if not call.starred else None)
        return Row(self.model, {}, where="the new row", tests=None)

    def _get_or_create(self, call: Call) -> Value:
        _step(call, self.model, "insert", assignments=None, skips=True)
        return [Row(self.model, {}, where="one row", tests=None), NotKnown("created", call.span.line)]

    def _update_or_create(self, call: Call) -> Value:
        _step(call, self.model, "insert", assignments=None, replaces=True)
        return [Row(self.model, {}, where="one row", tests=None), NotKnown("created", call.span.line)]

    def _bulk_create(self, call: Call) -> Value:
        skips = call.kwargs.get("ignore_conflicts") is True
        replaces = "update_conflicts" in call.kwargs
        _step(call, self.model, "insert", assignments=None, skips=skips, replaces=replaces)
        return NotKnown("the new rows", call.span.line)

    def _bulk_update(self, call: Call) -> Value:
        names = call.argument(1, "fields", None)
        known = isinstance(names, (list, tuple)) and all(isinstance(name, str) for name in names)
        assignments = tuple(Assignment(str(name)) for name in names) if known else None
        _step(call, self.model, "update", assignments=assignments, where="the rows given", tests=None)
        return NotKnown("a number of rows", call.span.line)

    def _update(self, call: Call) -> Value:
        assignments = None if call.starred else _assignments(call.kwargs)
        _step(call, self.model, "update", assignments=assignments, where=self.where, tests=self.tests)
        return NotKnown("a number of rows", call.span.line)

    def _delete(self, call: Call) -> Value:
        _step(call, self.model, "delete", where=self.where, tests=self.tests)
        return NotKnown("a number of rows", call.span.line)

    def item(self, key: Value, call: Call) -> Value:
        """Returns a part of the rows, or one row."""
        if isinstance(key, int):
            return Row(self.model, where="one row", tests=None)
        return replace(self, where=self.where or "[...]", tests=None)

    def row(self, call: Call) -> Value:
        """Returns what stands for any one row."""
        return Row(self.model, where=self.where, tests=self.tests)

    def each(self, call: Call) -> Value:
        """Returns what stands for any one row in a comprehension."""
        return Row(self.model, where=self.where, tests=self.tests)

    def collect(self, element: Value, tests: list[Value], call: Call) -> Value:
        """Returns what a comprehension over the rows gives."""
        return NotKnown("a list made of rows at run time", call.span.line)

    def truth(self, call: Call) -> Value:
        """Returns that it is not known whether there are rows."""
        return NotKnown(f"whether there are rows of {self.model.name}", call.span.line)

    def binary(self, operator: str, other: Value, swapped: bool, call: Call) -> Value:
        """Returns querysets put together."""
        return replace(self, where=f"{self.where} {operator} ...", tests=None)


_WRITING: Final = (
    "create",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
    "update",
    "delete",
)


@dataclass(eq=False)
class Row(FrameworkValue):
    """One instance of a model; `values`: the fields set on it by the code. `new`: not saved yet."""

    carries_effects: ClassVar[bool] = True
    model: ModelClass
    values: dict[str, Value] = field(default_factory=dict)
    new: bool = False
    where: str = ""
    tests: tuple[FieldTest, ...] | None = ()

    def attribute(self, name: str, call: Call) -> Value:
        """Returns a field's value as far as it is known."""
        if name in self.values:
            return self.values[name]
        return super().attribute(name, call) if name in _ROW_METHODS else FieldValue(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        """Sets a field, saves or deletes the row."""
        if name == "__setattr__":
            self.values[str(call.args[0])] = call.args[1]
            return None
        if name == "save":
            self._save(call)
            return None
        if name == "delete":
            _step(call, self.model, "delete", where=self.where or "every row", tests=None)
            return None
        if name == "refresh_from_db":
            return None
        return NotKnown(f"{call.spelling}() is known only at run time", call.span.line)

    def _save(self, call: Call) -> None:
        only = call.argument(0, "update_fields", None) if not call.args else None
        if self.new:
            _step(call, self.model, "insert", assignments=_assignments(self.values))
            self.new = False
            return
        names = (
            [str(name) for name in only]
            if isinstance(only, (list, tuple)) and all(isinstance(name, str) for name in only)
            else list(self.values)
        )
        assignments = tuple(_assignment(name, self.values.get(name)) for name in names)
        if assignments:
            _step(call, self.model, "update", assignments=assignments, where=self.where, tests=self.tests)

    def truth(self, call: Call) -> Value:
        """Returns that it is not known whether there is such a row."""
        return NotKnown(f"whether there is a row of {self.model.name}", call.span.line)


@dataclass(frozen=True)
class FieldValue(FrameworkValue):
    """The value of a field of a row, or a manager of related rows: known only at run time."""

    owner: Row
    name: str

    def attribute(self, name: str, call: Call) -> Value:
        """Returns what is below a field."""
        return FieldValue(self.owner, f"{self.name}.{name}")

    def call_method(self, name: str, call: Call) -> Value:
        """Returns what a method gives."""
        return NotKnown(f"{call.spelling}() is known only at run time", call.span.line)

    def call(self, call: Call) -> Value:
        """Writes through a related manager (`row.tags.add(...)`), or returns a value that is not known."""
        last = self.name.rpartition(".")[2]
        if last in ("add", "remove", "set", "clear", "create", "update", "delete", "save", "get_or_create"):
            path = self.name.rpartition(".")[0]
            call.opaque(f"rows related by {self.owner.model.name}.{path} are written", data_only=True)
        return NotKnown(f"{call.spelling}() is known only at run time", call.span.line)

    def row(self, call: Call) -> Value:
        """Returns what stands for a related row."""
        return FieldValue(self.owner, f"{self.name}[]")

    def truth(self, call: Call) -> Value:
        """Returns that it is not known."""
        return NotKnown(f"{self.owner.model.name}.{self.name} is known only at run time", call.span.line)

    def binary(self, operator: str, other: Value, swapped: bool, call: Call) -> Value:
        """Returns a value that is not known."""
        return NotKnown(f"a value made of {self.owner.model.name}.{self.name}", call.span.line)

    def item(self, key: Value, call: Call) -> Value:
        """Returns a value that is not known."""
        return FieldValue(self.owner, f"{self.name}[]")


def _assignments(values: dict[str, Value]) -> tuple[Assignment, ...]:
    return tuple(_assignment(name, value) for name, value in values.items())


def _assignment(name: str, value: Value) -> Assignment:
    if value is None or isinstance(value, (str, bool, int, float)):
        return Assignment(name, literal=literal(value))
    if (
        isinstance(value, Made)
        and value.path.endswith(".F")
        and value.args
        and isinstance(value.args[0], str)
    ):
        return Assignment(name, copied=str(value.args[0]))
    if isinstance(value, FieldValue) and "." not in value.name and "[" not in value.name:
        return Assignment(name, copied=value.name)
    return Assignment(name)


def _tests(filters: dict[str, Value]) -> tuple[FieldTest, ...] | None:
    """Returns filters as plain comparisons, None if one is not."""
    found: list[FieldTest] = []
    for key, value in filters.items():
        name, _, lookup = key.partition("__")
        if lookup == "isnull" and isinstance(value, bool):
            found.append(FieldTest(name, "is null" if value else "is not null"))
        elif lookup in ("", "exact") and value is None:
            found.append(FieldTest(name, "is null"))
        elif lookup in ("", "exact") and isinstance(value, (str, bool, int, float)):
            found.append(FieldTest(name, "=", (literal(value),)))
        elif lookup == "in" and isinstance(value, (list, tuple)):
            if not all(isinstance(item, (str, bool, int, float)) for item in value):
                return None
            found.append(FieldTest(name, "in", tuple(literal(item) for item in value)))
        else:
            return None
    return tuple(found)
