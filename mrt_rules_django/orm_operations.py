"""What a RunPython does to rows, first in terms of models, then of tables."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Literal

from mrt_lint.classes import dataclass
from mrt_lint.ops import Delete, Expression, Insert, Operation, PythonCode, Query, Update
from mrt_lint.ops.contents import ColumnTest
from mrt_lint.ops.reading import ColumnRead
from mrt_lint.schema.names import Name
from mrt_rules_django.models import Models, is_many_to_many
from mrt_rules_django.specs import Model

if TYPE_CHECKING:
    from mrt_lint.schema.state import State

Action = Literal["insert", "update", "delete", "read", "code"]


@dataclass(frozen=True, slots=True)
class Assignment:
    """A field that is written: `literal` the constant as SQL, `copied` another field of the same row."""

    field: str
    literal: str | None = None
    copied: str | None = None


@dataclass(frozen=True, slots=True)
class FieldTest:
    """One condition of a filter: `operator` as in ColumnTest."""

    field: str
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelStep(Operation):
    """One call of the ORM. `where`: its filters as written, "" for all rows; `tests`: all of them, if plain.

    `assignments` None: which fields are written is not known. `skips`: rows that are there already stay.
    `replaces`: rows that are there already are changed instead (`update_or_create`).
    """

    app: str
    model: str
    action: Action
    assignments: tuple[Assignment, ...] | None = ()
    where: str = ""
    tests: tuple[FieldTest, ...] | None = None
    skips: bool = False
    replaces: bool = False

    def apply(self, state: State) -> State:
        """Returns the state unchanged: it is linked before it is replayed."""
        return state

    def inverse(self, state_before: State) -> Operation | None:
        """Returns None: what was there before is not known."""
        return None

    def describe(self) -> str:
        """Returns the operation in words."""
        return f"{self.action} {self.app}.{self.model}"


def on_tables(step: ModelStep, models: Models) -> list[Operation]:
    """Returns what a call of the ORM does to its table."""
    facts = {each.name: getattr(step, each.name) for each in fields(Operation) if each.name != "has_effect"}
    model = models.get(step.app, step.model)
    table = models.table_of((step.app, step.model.lower()))
    if step.action == "read":
        return [Query(**facts)]
    if model is None or step.action == "code":
        return [PythonCode(**facts, what=f"code on {step.app}.{step.model}", writes=(table,))]
    if "." in step.model:
        return [PythonCode(**facts, what=step.describe(), writes=None)]
    if step.action == "insert":
        return _insert(step, models, model, table, facts)
    if step.action == "delete":
        return [_delete(step, models, model, table, facts)]
    return _update(step, models, model, table, facts)


def _column(models: Models, model: Model, name: str) -> str | None:
    if name in ("pk", "id") and model.field(name) is None:
        key = models.primary_key(model)
        return models.column_name(*key) if key else "id"
    spec = model.field(name)
    if spec is None and name.endswith("_id"):
        spec = model.field(name.removesuffix("_id"))
        return models.column_name(name.removesuffix("_id"), spec) if spec is not None else None
    return models.column_name(name, spec) if spec is not None and not is_many_to_many(spec) else None


def _insert(
    step: ModelStep, models: Models, model: Model, table: Name, facts: dict[str, Any]
) -> list[Operation]:
    values = [(_column(models, model, one.field), one) for one in step.assignments or ()]
    known = step.assignments is not None and all(name and one.literal is not None for name, one in values)
    columns = tuple(name for name, _ in values if name) if known and values else None
    rows = (tuple(one.literal or "" for _, one in values),) if columns else None
    return [
        Insert(**facts, table=table, columns=columns, rows=rows, skips=step.skips, replaces=step.replaces)
    ]


def _tests(step: ModelStep, models: Models, model: Model) -> tuple[ColumnTest, ...] | None:
    if step.tests is None:
        return None
    found = []
    for test in step.tests:
        column = _column(models, model, test.field)
        if column is None:
            return None
        found.append(ColumnTest(column, test.operator, test.values))
    return tuple(found)


def _reads(step: ModelStep, models: Models, model: Model, table: Name) -> tuple[ColumnRead, ...]:
    """Returns the columns that the filters ask, so that rows picked by their key are known as such."""
    tests = _tests(step, models, model)
    return tuple(ColumnRead((table,), test.column) for test in tests or ())


def _where(tests: tuple[ColumnTest, ...] | None, written: str) -> str:
    """Returns the condition as SQL where it is plain, else its source."""
    if not tests:
        return written
    parts = []
    for test in tests:
        word = test.operator.upper()
        if word == "IN":
            parts.append(f"{test.column} IN ({', '.join(test.values)})")
        else:
            parts.append(" ".join([test.column, word, *test.values]))
    return " AND ".join(parts)


def _delete(step: ModelStep, models: Models, model: Model, table: Name, facts: dict[str, Any]) -> Operation:
    tests = _tests(step, models, model)
    return Delete(
        **facts,
        table=table,
        where=_where(tests, step.where),
        where_reads=_reads(step, models, model, table),
        tests=tests if step.where else (),
    )


def _update(
    step: ModelStep, models: Models, model: Model, table: Name, facts: dict[str, Any]
) -> list[Operation]:
    if step.assignments is None:
        return [Update(**facts, table=table, assignments=None)]
    written: list[tuple[str, Expression]] = []
    for one in step.assignments:
        column = _column(models, model, one.field)
        if column is None:
            if model.field(one.field) is None and model.complete and not one.field.startswith("_"):
                continue  # an attribute that is no field is not saved
            return [Update(**facts, table=table, assignments=None)]
        copied = _column(models, model, one.copied) if one.copied else None
        if copied:
            read = ColumnRead((table,), copied)
            written.append((column, Expression(copied, column=copied, reads=(read,))))
        elif one.literal is not None:
            written.append((column, Expression(one.literal, literal=True)))
        else:
            written.append((column, Expression("<computed in Python>")))
    if not written:
        return []
    tests = _tests(step, models, model) if step.where else ()
    return [
        Update(
            **facts,
            table=table,
            assignments=tuple(written),
            where=_where(tests, step.where),
            where_reads=_reads(step, models, model, table),
            tests=tests,
        )
    ]
