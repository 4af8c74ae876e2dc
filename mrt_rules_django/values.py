"""Values of the evaluator that stand for what a migration makes: fields, operations, indexes, conditions."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Final

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.objects import Builtin, EnumMember, Instance
from mrt_lint.evaluate.values import Class, FrameworkValue, Function, NotKnown, Symbol, Value
from mrt_lint.ops.span import NOWHERE, Span
from mrt_lint.schema.names import UNKNOWN
from mrt_rules_django.specs import Plain, Ref, Spec

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call

MAX_DEPTH: Final = 8


@dataclass(eq=False)
class Made(FrameworkValue):
    """The result of calling something that is only written down: a field, an index, a function."""

    path: str
    args: tuple[Value, ...] = ()
    options: Mapping[str, Value] = field(default_factory=dict)
    base: str = ""
    source: str = ""
    own_type: bool = False
    span: Span = NOWHERE

    def attribute(self, name: str, call: Call) -> Value:
        """Returns what is not known; a method of it can be called."""
        return Made(f"{self.path}.{name}", source=call.source)

    def call(self, call: Call) -> Value:
        """Returns what stands for the result."""
        return Made(self.path, call.args, call.kwargs, source=call.source)

    def binary(self, operator: str, other: Value, swapped: bool, call: Call) -> Value:
        """Returns `Q(..) & Q(..)` and the like as a call of the operator."""
        pair = (other, self) if swapped else (self, other)
        return Made(operator, pair, source=call.source)

    def iterate(self, call: Call) -> list[Value] | NotKnown:
        """Returns that its items are not known."""
        return NotKnown(f"{self.source or self.path} is known only at run time")


@dataclass(eq=False)
class FieldClass(FrameworkValue):
    """A field class of Django (`base`), or one of the project's or of a library's that derives from it."""

    path: str
    base: str
    own_type: bool = False
    defaults: Mapping[str, Value] = field(default_factory=dict)

    def call(self, call: Call) -> Value:
        """Returns the field."""
        names = _FIRST_ARGUMENTS.get(self.base, ("verbose_name", "name"))
        options = {**self.defaults, **dict(zip(names, call.args, strict=False)), **call.kwargs}
        if call.starred:
            options["<star>"] = NotKnown("star arguments", call.span.line)
        return Made(self.path, (), options, self.base, call.source, self.own_type, call.span)

    def subclass(self, cls: Class, call: Call) -> Value:
        """Returns the class as a field class: with a type of its own if it says one."""
        from mrt_rules_django.field_types import TYPE_METHODS

        own = self.own_type or any(name in cls.attributes for name in TYPE_METHODS)
        defaults = dict(self.defaults)
        if "__init__" in cls.attributes:
            given = _set_by(cls.attributes["__init__"])
            for name in _hidden(cls.attributes.get("deconstruct")):
                doubt = NotKnown(f"{cls.name} may set {name} by itself")
                defaults.setdefault(name, given.get(name, doubt))
        return FieldClass(f"{cls.module.name}.{cls.name}", self.base, own, defaults)

    def attribute(self, name: str, call: Call) -> Value:
        """Returns what is below the class."""
        return Symbol(f"{self.path}.{name}")


_FILLING: Final = ("null", "default", "blank", "auto_now", "auto_now_add")
"""Options that decide what the rows that are there get in a new column."""


def _hidden(deconstruct: Value) -> tuple[str, ...]:
    """Returns which of these options a field class may set and leave out of what is in migrations.

    Django writes down every option that is not as usual, also one that the class itself sets, unless its
    `deconstruct` takes it out.
    """
    if deconstruct is None:
        return ()
    if not isinstance(deconstruct, Function):
        return _FILLING
    named = {node.value for node in ast.walk(deconstruct.node) if isinstance(node, ast.Constant)}
    return tuple(name for name in _FILLING if name in named)


def _set_by(init: Value) -> dict[str, Value]:
    """Returns the options that a field class sets to constants in its `__init__`.

    That is `kwargs["null"] = True`, `kwargs.setdefault("null", True)` or `super().__init__(null=True)`.
    """
    found: dict[str, Value] = {}
    for node in ast.walk(init.node) if isinstance(init, Function) else ():
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            for target in node.targets:
                if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
                    found[str(target.slice.value)] = node.value.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            pairs = [(word.arg, word.value) for word in node.keywords] if node.func.attr == "__init__" else []
            if (
                node.func.attr == "setdefault"
                and len(node.args) == 2
                and isinstance(node.args[0], ast.Constant)
            ):
                pairs = [(str(node.args[0].value), node.args[1])]
            found |= {
                name: value.value
                for name, value in pairs
                if name is not None and isinstance(value, ast.Constant)
            }
    return found


_FIRST_ARGUMENTS: Final = {
    "ForeignKey": ("to", "on_delete"),
    "OneToOneField": ("to", "on_delete"),
    "ManyToManyField": ("to",),
    "ArrayField": ("base_field", "size"),
}


@dataclass(eq=False)
class OperationValue(FrameworkValue):
    """One operation in a migration's list. `kind` "": a custom one."""

    kind: str
    arguments: dict[str, Value]
    api: str
    span: Span = NOWHERE
    source: str = ""
    starred: bool = False


@dataclass(eq=False)
class OperationClass(FrameworkValue):
    """A class of operations; calling it makes one. `path`: of a custom one, which nothing explains."""

    kind: str
    path: str = ""

    def call(self, call: Call) -> Value:
        """Returns the operation."""
        names = PARAMETERS.get(self.kind, ())
        arguments = {**dict(zip(names, call.args, strict=False)), **call.kwargs}
        kind = "" if self.path else self.kind
        api = self.path or call.spelling
        return OperationValue(kind, arguments, api, call.span, call.source, call.starred)

    def attribute(self, name: str, call: Call) -> Value:
        """Returns `RunPython.noop`, `RunSQL.noop`."""
        if name == "noop":
            return "" if self.kind == "RunSQL" else Symbol("django.db.migrations.RunPython.noop")
        return Symbol(f"django.db.migrations.{self.kind}.{name}")

    def subclass(self, cls: Class, call: Call) -> Value:
        """Returns a class of operations that may do anything."""
        return OperationClass(self.kind, cls.name)


PARAMETERS: Final[dict[str, tuple[str, ...]]] = {
    "CreateModel": ("name", "fields", "options", "bases", "managers"),
    "DeleteModel": ("name",),
    "RenameModel": ("old_name", "new_name"),
    "AlterModelTable": ("name", "table"),
    "AlterModelTableComment": ("name", "table_comment"),
    "AlterUniqueTogether": ("name", "unique_together"),
    "AlterIndexTogether": ("name", "index_together"),
    "AlterOrderWithRespectTo": ("name", "order_with_respect_to"),
    "AlterModelOptions": ("name", "options"),
    "AlterModelManagers": ("name", "managers"),
    "AddField": ("model_name", "name", "field", "preserve_default"),
    "RemoveField": ("model_name", "name", "field"),
    "AlterField": ("model_name", "name", "field", "preserve_default"),
    "RenameField": ("model_name", "old_name", "new_name"),
    "AddIndex": ("model_name", "index"),
    "RemoveIndex": ("model_name", "name"),
    "RenameIndex": ("model_name", "new_name", "old_name", "old_fields"),
    "AddConstraint": ("model_name", "constraint"),
    "RemoveConstraint": ("model_name", "name"),
    "AlterConstraint": ("model_name", "name", "constraint"),
    "RunSQL": ("sql", "reverse_sql", "state_operations", "hints", "elidable"),
    "RunPython": ("code", "reverse_code", "atomic", "hints", "elidable"),
    "SeparateDatabaseAndState": ("database_operations", "state_operations"),
    "AddIndexConcurrently": ("model_name", "index"),
    "RemoveIndexConcurrently": ("model_name", "name"),
    "AddConstraintNotValid": ("model_name", "constraint"),
    "ValidateConstraint": ("model_name", "name"),
    "CreateExtension": ("name", "hints"),
    "BloomExtension": ("hints",),
    "BtreeGinExtension": ("hints",),
    "BtreeGistExtension": ("hints",),
    "CITextExtension": ("hints",),
    "CryptoExtension": ("hints",),
    "HStoreExtension": ("hints",),
    "TrigramExtension": ("hints",),
    "UnaccentExtension": ("hints",),
    "CreateCollation": ("name", "locale", "provider", "deterministic"),
    "RemoveCollation": ("name", "locale", "provider", "deterministic"),
}
"""Every operation of Django 4.2 to 6.0 and of django.contrib.postgres, with its parameters in order."""


def plain(value: Value, depth: int = 0) -> Plain:
    """Returns a value as plain data; what is not known, or nests too deeply, is UNKNOWN."""
    if value is None or isinstance(value, (bool, int, float, bytes)):
        return value
    if isinstance(value, str):
        return str(value)
    if depth > MAX_DEPTH:
        return UNKNOWN
    if isinstance(value, (list, tuple)):
        return tuple(plain(item, depth + 1) for item in value)
    if isinstance(value, (set, frozenset)):
        return tuple(sorted((plain(item, depth + 1) for item in value), key=repr))
    if isinstance(value, dict):
        pairs = tuple((plain(key), plain(item, depth + 1)) for key, item in value.items())
        return Spec("dict", options=tuple((key, item) for key, item in pairs if isinstance(key, str)))
    if isinstance(value, Made):
        options = tuple((key, plain(item, depth + 1)) for key, item in value.options.items())
        args = tuple(plain(item, depth + 1) for item in value.args)
        return Spec(value.path, args, options, value.base, value.source, value.own_type)
    if isinstance(value, Instance):
        options = tuple((key, plain(item, depth + 1)) for key, item in value.attributes.items())
        return Spec(f"{value.cls.module.name}.{value.cls.name}", (), options)
    if isinstance(value, EnumMember):
        return plain(value.value, depth + 1)
    return _named(value)


def _named(value: Value) -> Plain:
    if isinstance(value, (Symbol, Builtin)):
        return Ref(value.path)
    if isinstance(value, (Function, Class)):
        return Ref(value.name)
    if isinstance(value, (FieldClass, OperationClass)):
        return Ref(value.path)
    return UNKNOWN
