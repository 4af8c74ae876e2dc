"""Statements: one handler per kind of `ast` node, in a table."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from mrt_lint.evaluate.classes import make_class
from mrt_lint.evaluate.functions import decorated, end, make_function
from mrt_lint.evaluate.imports import import_modules, import_names
from mrt_lint.evaluate.loops import run_for, run_while
from mrt_lint.evaluate.methods import call_builtin_method
from mrt_lint.evaluate.mistakes import is_bound_nowhere
from mrt_lint.evaluate.objects import Builtin, BuiltinMethod, Instance
from mrt_lint.evaluate.operators import binary
from mrt_lint.evaluate.patterns import run_match
from mrt_lint.evaluate.plain import is_plain
from mrt_lint.evaluate.strings import printed
from mrt_lint.evaluate.targets import assign, delete, set_attribute, set_item
from mrt_lint.evaluate.tries import run_try
from mrt_lint.evaluate.truth import truth
from mrt_lint.evaluate.values import Choice, Class, NotKnown, Symbol, Text, Value
from mrt_lint.evaluate.withs import run_with
from mrt_lint.ops.control import Refuse
from mrt_lint.ops.guard import negate

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator


def _expression(ev: Evaluator, node: ast.Expr) -> None:
    if not isinstance(node.value, ast.Constant):
        ev.eval(node.value)


def _assign(ev: Evaluator, node: ast.Assign) -> None:
    value = ev.eval(node.value)
    for target in node.targets:
        assign(ev, target, value)


def _annotated(ev: Evaluator, node: ast.AnnAssign) -> None:
    if node.value is not None:
        assign(ev, node.target, ev.eval(node.value))


def _augmented(ev: Evaluator, node: ast.AugAssign) -> None:
    """Carries out `x += y`; a list is extended in place, as its other names see."""
    target = node.target
    if isinstance(target, ast.Name):
        owner: Value = None
        current = ev.eval(ast.copy_location(ast.Name(target.id, ast.Load()), target))
    elif isinstance(target, ast.Attribute):
        from mrt_lint.evaluate.attributes import attribute

        owner = ev.eval(target.value)
        current = attribute(ev, owner, target.attr, target)
    else:
        from mrt_lint.evaluate.operators import item

        owner = ev.eval(target.value)
        key = ev.eval(target.slice)
        current = item(ev, owner, key, target)
    value = ev.eval(node.value)

    def store(result: Value) -> None:
        if isinstance(target, ast.Name):
            assign(ev, target, result)
        elif isinstance(target, ast.Attribute):
            set_attribute(ev, owner, target.attr, result, target)
        else:
            set_item(ev, owner, key, result, target)

    def one(current: Value) -> None:
        if not _in_place(ev, node, current, value):
            store(binary(ev, type(node.op), current, value, node))

    if isinstance(current, Choice):
        ev.each_option(current.options, one)
    else:
        one(current)


def _in_place(ev: Evaluator, node: ast.AugAssign, current: Value, value: Value) -> bool:
    """Carries out the operators that change a collection itself; returns whether this was one."""
    method = _IN_PLACE.get((type(current), type(node.op)))
    if method is None or (method == "update" and not isinstance(value, (dict, set, frozenset))):
        return False
    call = ev.new_call(node.target, method, (value,), {})
    call_builtin_method(ev, BuiltinMethod(current, method), call)
    return True


_IN_PLACE: Final[dict[tuple[type, type[ast.operator]], str]] = {
    (list, ast.Add): "extend",
    (dict, ast.BitOr): "update",
    (set, ast.BitOr): "update",
}


def _if(ev: Evaluator, node: ast.If) -> None:
    holds = truth(ev, ev.eval(node.test), node.test)
    if isinstance(holds, bool):
        ev.execute(node.body if holds else node.orelse)
    else:
        ev.fork([(holds, lambda: ev.execute(node.body)), (negate(holds), lambda: ev.execute(node.orelse))])


def _define(ev: Evaluator, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    function = make_function(ev, node)
    ev.bind(node.name, decorated(ev, function, node.decorator_list) if node.decorator_list else function)


def _class(ev: Evaluator, node: ast.ClassDef) -> None:
    ev.bind(node.name, make_class(ev, node))


def _return(ev: Evaluator, node: ast.Return) -> None:
    value = None if node.value is None else ev.eval(node.value)
    ev.frame.returns.append((ev.path, value))
    end(ev, "return")


def _raise(ev: Evaluator, node: ast.Raise) -> None:
    """Ends the path; on purpose unless it happens in a handler or where a handler catches it."""
    on_purpose = node.exc is not None and not ev.handling
    if on_purpose:
        _refuse(ev, node)
    elif node.exc is None and ev.handling == 1:
        _fail(ev, node)
    end(ev, "raise", on_purpose=on_purpose)


def _fail(ev: Evaluator, node: ast.Raise) -> None:
    """Emits the end of an upgrade whose error is passed on: this way changes nothing in the end.

    A downgrade that does so is not declared impossible: it raises only after another error.
    """
    facts = ev.facts(ev.new_call(node, "raise", (), {}))
    if facts["direction"] == "upgrade":
        ev.emit(Refuse(**facts, exception="the error again"))


def _refuse(ev: Evaluator, node: ast.Raise) -> None:
    assert node.exc is not None
    made = node.exc
    callee = made.func if isinstance(made, ast.Call) else made
    call = ev.new_call(made, ev.text(callee), (), {})
    message = ""
    if isinstance(made, ast.Call) and made.args:
        value = printed(ev, ev.eval(made.args[0]), made)
        if isinstance(value, str):
            message = value
        elif isinstance(value, Text):
            message = "".join(part if isinstance(part, str) else "..." for part in value.parts)
    ev.emit(
        Refuse(
            **ev.facts(call),
            exception=_exception_name(ev, callee),
            message=message,
            elsewhere=not ev.in_own_file(),
        )
    )


def _exception_name(ev: Evaluator, callee: ast.expr) -> str:
    if isinstance(callee, ast.Name) and is_bound_nowhere(ev, callee.id):
        return callee.id  # It raises all the same, and says what for.
    value = ev.eval(callee)
    if isinstance(value, (Symbol, Builtin)):
        return value.path.removeprefix("builtins.")
    if isinstance(value, Class):
        return value.name
    if isinstance(value, Instance):
        return value.cls.name
    return ev.text(callee)


def _assert(ev: Evaluator, node: ast.Assert) -> None:
    """Evaluates the condition; one that surely fails ends the path as a raise does."""
    value = ev.eval(node.test)
    if is_plain(value) and not value:
        message = printed(ev, ev.eval(node.msg), node) if node.msg is not None else ""
        if not ev.handling:
            call = ev.new_call(node.test, "assert", (), {})
            text = message if isinstance(message, str) else ""
            ev.emit(Refuse(**ev.facts(call), exception="AssertionError", message=text))
        end(ev, "raise")


def _delete(ev: Evaluator, node: ast.Delete) -> None:
    for target in node.targets:
        delete(ev, target)


def _global(ev: Evaluator, node: ast.Global) -> None:
    ev.scope.global_names.update(node.names)


def _nonlocal(ev: Evaluator, node: ast.Nonlocal) -> None:
    ev.scope.outer_names.update(node.names)


def _break(ev: Evaluator, node: ast.Break) -> None:
    end(ev, "break")


def _continue(ev: Evaluator, node: ast.Continue) -> None:
    end(ev, "continue")


def _pass(ev: Evaluator, node: ast.Pass) -> None:
    pass


STATEMENTS: Final[dict[type[ast.stmt], Callable[[Any, Any], None]]] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.If: _if,
    ast.For: run_for,
    ast.AsyncFor: run_for,
    ast.While: run_while,
    ast.With: run_with,
    ast.AsyncWith: run_with,
    ast.Try: run_try,
    ast.Match: run_match,
    ast.FunctionDef: _define,
    ast.AsyncFunctionDef: _define,
    ast.ClassDef: _class,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.Delete: _delete,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.Pass: _pass,
    ast.Import: import_modules,
    ast.ImportFrom: import_names,
}
"""What carries out each kind of statement."""

if hasattr(ast, "TryStar"):
    STATEMENTS[ast.TryStar] = run_try

__all__ = ["STATEMENTS", "NotKnown"]
