"""One directive as it is called: its arguments by name, and where its operations go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, Final

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import NotKnown, Text, Value
from mrt_lint.ops.base import Operation
from mrt_lint.ops.guard import ALWAYS, both, negate
from mrt_lint.schema.dialects import DIALECTS
from mrt_lint.schema.names import Name
from mrt_rules_alembic.sqlalchemy.constructors import column_names
from mrt_rules_alembic.sqlalchemy.definitions import convention_of_project
from mrt_rules_alembic.sqlalchemy.guards import on_dialects

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call
    from mrt_rules_alembic.directives.batch import Batch


class UnclearError(Exception):
    """A directive's argument is not known; it becomes an Opaque that may touch `tables` (None: any).

    `makes`: the parts of the name of a table that it makes, None for one that is not known.
    """

    def __init__(
        self, reason: str, tables: tuple[Name, ...] | None = None, makes: tuple[str | None, ...] = ()
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.tables = tables
        self.makes = makes


@dataclass(slots=True)
class Step:
    """A call of a directive. `values`: arguments by parameter name, those not given are missing."""

    call: Call
    name: str
    values: dict[str, Value]
    rest: tuple[Value, ...] = ()
    batch: Batch | None = None
    convention: Mapping[str, str] = field(default_factory=dict)

    def emit(self, operation: Callable[..., Operation], **fields: Any) -> None:
        """Emits an operation; inside a batch it waits for the end of the `with` block, as in Alembic."""
        if self.batch is None:
            self.call.emit(operation, **fields)
        else:
            self.batch.pending.append(operation(**{**self.call.evaluator.facts(self.call), **fields}))

    def needs_rebuild(self) -> None:
        """Notes that a batch which decides by itself makes the table anew on SQLite."""
        if self.batch is not None:
            facts = self.call.evaluator.facts(self.call)
            self.batch.causes.append(facts["guard"])
            self.batch.caused_at.append(facts["span"])

    def emit_on(self, names: tuple[str, ...], operation: Callable[..., Operation], **fields: Any) -> None:
        """Emits an operation that only these databases carry out."""
        self._emit_split(names, True, operation, fields)

    def emit_type_check(
        self, names: tuple[str, ...], operation: Callable[..., Operation], **fields: Any
    ) -> None:
        """Emits the ALTER of a type's CHECK on these databases (none named: on all).

        Outside of a batch Alembic leaves it out on SQLite.
        """
        wanted = tuple(name for name in names or DIALECTS if name != "sqlite" or self.batch is not None)
        if wanted:
            self.emit_on(wanted, operation, **fields)

    def emit_elsewhere(
        self, names: tuple[str, ...], operation: Callable[..., Operation], **fields: Any
    ) -> None:
        """Emits an operation that all but these databases carry out."""
        self._emit_split(names, False, operation, fields)

    def _emit_split(
        self,
        names: tuple[str, ...],
        inside: bool,
        operation: Callable[..., Operation],
        fields: dict[str, Any],
    ) -> None:
        targets = self.call.evaluator.dialects()
        chosen = [target for target in targets if (target in names) is inside]
        if not chosen:
            return
        if len(chosen) < len(targets):
            test = on_dialects(names)
            guard = self.call.evaluator.facts(self.call).get("guard", ALWAYS)
            fields = {**fields, "guard": both(guard, test if inside else negate(test))}
        self.emit(operation, **fields)

    def get(self, key: str, default: Value = None) -> Value:
        """Returns an argument, else the default."""
        return self.values.get(key, default)

    def known(self, key: str, what: str, tables: tuple[Name, ...] | None = None) -> str:
        """Returns a text argument; raises UnclearError when it is missing or not known."""
        value = self.values.get(key)
        if isinstance(value, str):
            return value if key in _NAMED_BY_CONVENTION else str(value)
        raise UnclearError(f"{what} is not known{reason_of(value)}", tables)

    def optional(self, key: str, what: str, tables: tuple[Name, ...] | None = None) -> str | None:
        """Returns a text argument or None; raises UnclearError when it is given but not known."""
        value = self.values.get(key)
        if value is None or (key in _NAMED_BY_CONVENTION and isinstance(value, str)):
            return value
        if isinstance(value, str):
            return str(value)
        raise UnclearError(f"{what} is not known{reason_of(value)}", tables)

    def schema(self, key: str = "schema") -> str | None:
        """Returns the schema argument."""
        return self.optional(key, "the schema") or None

    def table(self, key: str = "table_name", schema: str = "schema") -> Name:
        """Returns the table that the directive acts on."""
        if self.batch is not None and key == "table_name":
            return self.batch.table
        name = self.known(key, "the table's name")
        return Name(name, self.schema(schema))

    def parts(self, key: str) -> tuple[str | None, ...]:
        """Returns the parts of a text argument of which some are not known (None), () of any other."""
        value = self.values.get(key)
        parts = value.parts if isinstance(value, Text) else ()
        return tuple(part if isinstance(part, str) else None for part in parts)

    def names(self, key: str, what: str, tables: tuple[Name, ...] | None = None) -> tuple[str, ...]:
        """Returns a list of column names."""
        value = self.values.get(key)
        found = column_names(value) if isinstance(value, (list, tuple)) else None
        if found is None:
            raise UnclearError(f"{what} are not known{reason_of(value)}", tables)
        return found

    def flag(self, key: str, default: bool = False) -> bool:
        """Returns whether an argument is surely true (`unique=1` is)."""
        value = self.values.get(key, default)
        return isinstance(value, (bool, int)) and bool(value)

    def options(self, *without: str) -> dict[str, Value]:
        """Returns the keyword arguments that are not among `without`."""
        return {key: value for key, value in self.values.items() if key not in without}


def reason_of(value: Value) -> str:
    """Returns why a value is not known, as the tail of a sentence."""
    if isinstance(value, NotKnown):
        return f": {value.reason}"
    if isinstance(value, Text):
        return next((f": {part.reason}" for part in value.parts if isinstance(part, NotKnown)), "")
    return "" if value is None else f" (a {type(value).__name__} stands there)"


Meaning = Callable[[Step], Value]


@dataclass(frozen=True, slots=True)
class Directive:
    """One directive of Alembic.

    `parameters`: of `op.<name>` in order, up to the last that was ever positional; `in_batch` those of
    `batch_op.<name>`, None where there is none. `variadic`: the rest of the positional arguments
    are items. `legacy`: names of arguments that older releases took. `on_op`: it exists on `op`.
    """

    name: str
    meaning: Meaning
    parameters: tuple[str, ...] = ()
    in_batch: tuple[str, ...] | None = None
    variadic: bool = False
    legacy: Mapping[str, str] = field(default_factory=dict)
    on_op: bool = True


def run(directive: Directive, call: Call, batch: Batch | None = None) -> Value:
    """Carries out a directive; what cannot be told becomes an Opaque with its reason."""
    parameters = directive.parameters if batch is None else directive.in_batch or ()
    values: dict[str, Value] = dict(zip(parameters, call.args, strict=False))
    rest = call.args[len(parameters) :]
    for key, value in call.kwargs.items():
        values[directive.legacy.get(key, key)] = value
    surplus = f"{call.spelling}() is given more arguments than it takes" if rest else ""
    wrong = _lacking(directive, call, parameters, values) or ("" if directive.variadic else surplus)
    wrong = wrong or _given_twice(call, parameters)
    if wrong and not call.starred and call.evaluator.mistaken(call, "TypeError", wrong):
        return NotKnown(wrong, call.span.line)
    step = Step(call, directive.name, values, rest, batch, convention_of_project(call))
    if directive.name in _REBUILDING:
        step.needs_rebuild()
    try:
        if call.starred and not (directive.variadic and _complete(directive, values)):
            raise UnclearError(f"the arguments of {call.spelling}() are not known", _table_of(step))
        if rest and not directive.variadic:
            raise UnclearError(surplus, _table_of(step))
        return directive.meaning(step)
    except UnclearError as trouble:
        tables = trouble.tables if trouble.tables is not None else _touched(step)
        fields = {"reason": trouble.reason, "source": call.source, "tables": tables, "makes": trouble.makes}
        from mrt_lint.ops import Opaque

        step.emit(Opaque, **fields)
        return NotKnown(trouble.reason, call.span.line)


def _lacking(
    directive: Directive, call: Call, parameters: tuple[str, ...], values: Mapping[str, Value]
) -> str:
    """Returns what a call lacks that it cannot do without, in words; "" if nothing."""
    needed = (name for name in NEEDED.get(directive.name, ()) if name in parameters)
    lacking = next((name for name in needed if name not in values), None)
    return f"{call.spelling}() is called without {lacking}" if lacking is not None else ""


def _given_twice(call: Call, parameters: tuple[str, ...]) -> str:
    """Returns which argument a call gives by its position and by its name, in words; "" if none."""
    twice = next((name for name in parameters[: len(call.args)] if name in call.kwargs), None)
    return f"{call.spelling}() is given {twice} twice" if twice is not None else ""


def _complete(directive: Directive, values: Mapping[str, Value]) -> bool:
    return all(parameter in values for parameter in directive.parameters[:1])


def _table_of(step: Step) -> tuple[Name, ...] | None:
    if step.batch is not None:
        return (step.batch.table,)
    return None


def _touched(step: Step) -> tuple[Name, ...] | None:
    """Returns the table a directive surely stays within when only other arguments are unknown."""
    if step.name in _WIDE:
        return None
    try:
        return (step.table(),) if step.batch is not None or "table_name" in step.values else None
    except UnclearError:
        return None


_NAMED_BY_CONVENTION = frozenset(("constraint_name", "index_name"))
"""Arguments in which a final name (`op.f`) must stay one, so that no convention is applied to it."""

NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("create_table", "drop_table", "drop_table_comment"), ("table_name",)),
    "rename_table": ("old_table_name", "new_table_name"),
    "create_table_comment": ("table_name", "comment"),
    "add_column": ("table_name", "column"),
    **dict.fromkeys(("drop_column", "alter_column"), ("table_name", "column_name")),
    "create_index": ("index_name", "table_name", "columns"),
    "drop_index": ("index_name",),
    **dict.fromkeys(
        ("create_primary_key", "create_unique_constraint"), ("constraint_name", "table_name", "columns")
    ),
    "create_check_constraint": ("constraint_name", "table_name", "condition"),
    "create_foreign_key": ("constraint_name", "source_table", "referent_table", "local_cols", "remote_cols"),
    **dict.fromkeys(("drop_constraint", "create_exclude_constraint"), ("constraint_name", "table_name")),
    "execute": ("sqltext",),
    "bulk_insert": ("table", "rows"),
}
"""Arguments without a default, on `op`; a batch has those of them that it takes."""

_WIDE = frozenset(
    ("create_table", "drop_table", "rename_table", "execute", "bulk_insert", "create_foreign_key")
)

_REBUILDING = frozenset(
    (
        "alter_column",
        "drop_column",
        "create_primary_key",
        "create_unique_constraint",
        "create_check_constraint",
        "create_foreign_key",
        "create_exclude_constraint",
        "drop_constraint",
        "create_table_comment",
        "drop_table_comment",
    )
)
"""Directives for which a batch makes the table anew on SQLite, whatever they say."""
