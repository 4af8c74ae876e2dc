"""From the class Migration to drafts: its list of operations, and what the code in them does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mrt_lint.evaluate.objects import Instance
from mrt_lint.evaluate.values import Choice, NotKnown, Symbol, Text, Value
from mrt_lint.ops.base import Operation
from mrt_lint.ops.control import Opaque
from mrt_lint.ops.span import Span
from mrt_rules_django.declared import DeclaredNoop
from mrt_rules_django.specs import Draft, Plain, common
from mrt_rules_django.values import Made, OperationValue, plain

if TYPE_CHECKING:
    from mrt_lint.evaluate.values import Class
    from mrt_rules_django.frontend import Evaluation

_WITH_CODE = ("RunSQL", "RunPython", "SeparateDatabaseAndState")
_NOT_KEPT = ("managers", "hints", "code", "reverse_code", "sql", "reverse_sql")


def directions(
    evaluation: Evaluation, cls: Class, span: Span, trouble: str
) -> tuple[tuple[Operation, ...], tuple[Operation, ...]]:
    """Returns the drafts of a migration, and what else of it is not understood as its downgrade."""
    from mrt_rules_django.frontend import _attribute

    value = _attribute(cls, "operations")
    found: list[Operation] = []
    if trouble:
        found.append(Opaque(span=span, statement=span, reason=trouble, api="dependencies"))
    value = _joined(value)
    if value is not None and not isinstance(value, (list, tuple)):
        why = f": {value.reason}" if isinstance(value, NotKnown) else ""
        found.append(_unknown(span, f"the operations are known only at run time{why}"))
        value = ()
    for method in ("apply", "unapply"):
        if method in cls.attributes:
            found.append(_unknown(span, f"the migration has a method {method}() of its own"))
    for one in value or ():
        found.append(draft(evaluation, one, span))
    return tuple(found), ()


def _joined(value: Value) -> Value:
    """Returns lists put together as one, with what is not known in its place."""
    if not isinstance(value, Made) or value.path != "+":
        return value
    found: list[Value] = []
    for part in map(_joined, value.args):
        found += part if isinstance(part, (list, tuple)) else [part]
    return found


def _unknown(span: Span, reason: str) -> Opaque:
    return Opaque(span=span, statement=span, reason=reason, api="operations")


def draft(evaluation: Evaluation, value: Value, span: Span) -> Operation:
    """Returns one operation of the list as a draft; a custom or unknown one is Opaque."""
    if isinstance(value, Choice):
        return _any_of([draft(evaluation, one, span) for _, one in value.options], span)
    if not isinstance(value, OperationValue):
        return _not_an_operation(value, span)
    place = value.span
    if value.starred:
        return _unknown(place, f"the arguments of {value.api}() are not known")
    if not value.kind:
        name = value.api.rpartition(".")[2]
        return Opaque(
            span=place, statement=place, api=value.api, reason=f"{name} is an operation of its own kind"
        )
    facts: dict[str, Any] = {"span": place, "statement": place, "api": value.api}
    options = _options(value)
    if value.kind == "RunSQL":
        return _run_sql(evaluation, value, facts, options)
    if value.kind == "RunPython":
        return _run_python(evaluation, value, facts, options)
    if value.kind == "SeparateDatabaseAndState":
        return Draft(
            **facts,
            kind=value.kind,
            options=options,
            parts=_parts(evaluation, value.arguments.get("database_operations"), place),
            state_parts=_parts(evaluation, value.arguments.get("state_operations"), place),
        )
    return Draft(**facts, kind=value.kind, options=options)


def _any_of(drafts: list[Operation], span: Span) -> Operation:
    """Returns an operation of which some argument hangs on a condition, with that argument not known."""
    first = drafts[0]
    alike = all(isinstance(one, Draft) and one.kind == getattr(first, "kind", "") for one in drafts)
    if not alike or not isinstance(first, Draft) or first.kind in _WITH_CODE:
        return _unknown(span, "an operation is known only at run time")
    options = first.options
    for one in drafts[1:]:
        assert isinstance(one, Draft)
        options = common(options, one.options)
    if not isinstance(options, tuple):
        return _unknown(span, "an operation is known only at run time")
    return replace(first, options=options)


def _not_an_operation(value: Value, span: Span) -> Operation:
    if isinstance(value, Made):
        place = value.span if value.span.end_column > 1 else span
        name = value.path.rpartition(".")[2]
        return Opaque(span=place, statement=place, api=name, reason=f"{name} is an operation of its own kind")
    if isinstance(value, Instance):
        return _unknown(span, f"{value.cls.name} is an operation of its own kind")
    why = f": {value.reason}" if isinstance(value, NotKnown) else ""
    return _unknown(span, f"an operation is known only at run time{why}")


def _options(value: OperationValue) -> tuple[tuple[str, Plain], ...]:
    return tuple((key, plain(item)) for key, item in value.arguments.items() if key not in _NOT_KEPT)


def _parts(evaluation: Evaluation, value: Value, span: Span) -> tuple[Any, ...]:
    if value is None:
        return ()
    if not isinstance(value, (list, tuple)):
        return (_unknown(span, "the operations are known only at run time"),)
    return tuple(draft(evaluation, one, span) for one in value)


def _run_sql(
    evaluation: Evaluation,
    value: OperationValue,
    facts: dict[str, Any],
    options: tuple[tuple[str, Plain], ...],
) -> Draft:
    from mrt_rules_django.sqltext import statements

    sql, reverse = value.arguments.get("sql"), value.arguments.get("reverse_sql")
    dialects = evaluation.dialects
    backwards = (
        None if reverse is None else statements(reverse, dialects, {**facts, "direction": "downgrade"})
    )
    return Draft(
        **facts,
        kind="RunSQL",
        options=options,
        forwards=statements(sql, dialects, facts),
        backwards=backwards,
        state_parts=_parts(evaluation, value.arguments.get("state_operations"), value.span),
    )


def _run_python(
    evaluation: Evaluation,
    value: OperationValue,
    facts: dict[str, Any],
    options: tuple[tuple[str, Plain], ...],
) -> Draft:
    code, reverse = value.arguments.get("code"), value.arguments.get("reverse_code")
    forwards = _body(evaluation, code, "upgrade", facts)
    backwards = None if reverse is None else _body(evaluation, reverse, "downgrade", facts)
    declared = isinstance(reverse, Symbol) and reverse.path.endswith(".noop")
    if declared and any(step.has_effect for step in forwards):
        backwards = (DeclaredNoop(**{**facts, "direction": "downgrade"}),)
    return Draft(**facts, kind="RunPython", options=options, forwards=forwards, backwards=backwards)


def _body(
    evaluation: Evaluation, code: Value, direction: Any, facts: dict[str, Any]
) -> tuple[Operation, ...]:
    """Returns what the function of a RunPython does."""
    from mrt_rules_django.orm import Apps, SchemaEditor

    if isinstance(code, Symbol) and code.path.endswith(".noop"):
        return ()
    if isinstance(code, (Symbol, Made)):
        reason = f"{code.path} is not in the project's files"
        return (Opaque(**{**facts, "direction": direction}, reason=reason, source=code.path),)
    if isinstance(code, Text):
        return (Opaque(**{**facts, "direction": direction}, reason="the code is no function"),)
    return evaluation.evaluator.run_value(code, direction, (Apps(), SchemaEditor()), str(facts["api"]))
