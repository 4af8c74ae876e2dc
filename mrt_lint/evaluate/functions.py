"""Functions of the file and the project: making them, binding arguments, running their bodies."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mrt_lint.evaluate import choices
from mrt_lint.evaluate.call import Call
from mrt_lint.evaluate.iteration import tainted
from mrt_lint.evaluate.limits import MAX_CALLS, TooManyConditionsError
from mrt_lint.evaluate.names import names
from mrt_lint.evaluate.objects import Builtin, ManagedCall
from mrt_lint.evaluate.paths import is_long, minus, relative
from mrt_lint.evaluate.scopes import Ended, Frame, Scope
from mrt_lint.evaluate.values import Class, Function, NotKnown, Symbol, Value
from mrt_lint.ops.control import Opaque
from mrt_lint.ops.guard import NEVER, Guard

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

_KINDS = {
    "builtins.staticmethod": "staticmethod",
    "builtins.classmethod": "classmethod",
    "builtins.property": "property",
    "functools.cached_property": "property",
    "abc.abstractproperty": "property",
}
_ACCESSORS = frozenset(("setter", "deleter", "getter"))
_MANAGERS = frozenset(("contextlib.contextmanager", "contextlib.asynccontextmanager"))
_THROUGH = names(
    "functools.wraps functools.lru_cache functools.cache functools.total_ordering abc.abstractmethod "
    "typing.no_type_check typing.overload typing.final typing.override typing_extensions.override "
    "typing_extensions.deprecated warnings.deprecated public.public public.private atpublic.public"
)


def make_function(ev: Evaluator, node: Definition, owner: Class | None = None) -> Function:
    """Returns the function that a definition or lambda makes here."""
    given = node.args
    scope = ev.scope
    while scope.kind == "class" and scope.parent is not None:
        scope = scope.parent
    return Function(
        node,
        ev.scope.module,
        scope,
        getattr(node, "name", "<lambda>"),
        None,
        tuple(ev.eval(default) for default in given.defaults),
        {
            one.arg: ev.eval(default)
            for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)
            if default
        },
        owner,
        _is_generator(ev, node),
    )


def _is_generator(ev: Evaluator, node: Definition) -> bool:
    if isinstance(node, ast.Lambda) or "yield" not in ev.scope.module.source.text:
        return False
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        one = waiting.pop()
        if isinstance(one, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            waiting.extend(ast.iter_child_nodes(one))
    return False


def decorated(ev: Evaluator, function: Function, decorators: list[ast.expr]) -> Value:
    """Returns what the decorators make of a function; unknown ones make it unknown."""
    value: Value = function
    for node in reversed(decorators):
        decorator = ev.eval(node.func if isinstance(node, ast.Call) else node)
        path = decorator.path if isinstance(decorator, (Symbol, Builtin)) else ""
        if path in _MANAGERS and isinstance(value, Function):
            value.context_manager = True
        elif path in _KINDS and isinstance(value, Function):
            value.kind = _KINDS[path]  # type: ignore[assignment]
        elif path in _THROUGH or (isinstance(node, ast.Attribute) and node.attr in _ACCESSORS):
            continue
        else:
            value = _applied(ev, decorator, value, node)
    return value


def _applied(ev: Evaluator, decorator: Value, value: Value, node: ast.expr) -> Value:
    """Returns the result of a decorator of the project, or of one that a plugin explains."""
    from mrt_lint.evaluate.calls import call_value

    explained = isinstance(decorator, Symbol) and ev.modules.meaning_of(decorator.path) is not None
    if isinstance(node, ast.Call) and (explained or isinstance(decorator, Function)):
        decorator = ev.eval(node)
    elif not explained and not isinstance(decorator, Function):
        reach: Any = "database" if ev.reaches(value) or ev.reaches(decorator) else "code"
        return NotKnown(f"the decorator `{ev.text(node)}` is not understood", node.lineno, reach)
    return call_value(ev, decorator, ev.new_call(node, ev.text(node), (value,), {}))


def bind_arguments(ev: Evaluator, function: Function, call: Call) -> dict[str, Value]:
    """Returns the values of a function's parameters at a call.

    A parameter that is not surely given is not known; under star arguments it may be anything they hold.
    """
    given = function.node.args
    values = [*([function.bound] if function.bound is not None else []), *call.args]
    rest = dict(call.kwargs)
    positional = [one.arg for one in (*given.posonlyargs, *given.args)]
    names: dict[str, Value] = {}
    defaults = dict(
        zip(positional[len(positional) - len(function.defaults) :], function.defaults, strict=True)
    )
    starred = call.extra.get("starred", ()) if call.starred else ()
    for index, name in enumerate(positional):
        if index < len(values):
            names[name] = values[index]
        elif name in rest:
            names[name] = rest.pop(name)
        elif not call.starred and name in defaults:
            names[name] = defaults[name]
        else:
            names[name] = _missing(ev, name, function, call, starred)
    for one in given.kwonlyargs:
        if one.arg in rest:
            names[one.arg] = rest.pop(one.arg)
        elif not call.starred and one.arg in function.keyword_defaults:
            names[one.arg] = function.keyword_defaults[one.arg]
        else:
            names[one.arg] = _missing(ev, one.arg, function, call, starred)
    if given.vararg is not None:
        left = tuple(values[len(positional) :])
        names[given.vararg.arg] = (
            _missing(ev, given.vararg.arg, function, call, (*starred, *left)) if call.starred else left
        )
    if given.kwarg is not None:
        names[given.kwarg.arg] = (
            _missing(ev, given.kwarg.arg, function, call, (*starred, *rest.values()))
            if call.starred
            else rest
        )
    return names


def _missing(ev: Evaluator, name: str, function: Function, call: Call, held: Any) -> NotKnown:
    value = NotKnown(f"argument {name!r} of {function.name}() is not known", call.span.line)
    return tainted(ev, value, held)


def call_function(
    ev: Evaluator, function: Function, call: Call, on_yield: Callable[[Value], Value] | None = None
) -> Value:
    """Runs a function's body and returns its result, joined over the paths on which it returns."""
    if function.context_manager and on_yield is None:
        return ManagedCall(function, call)
    if ev.depth >= MAX_CALLS:
        call.opaque(f"{call.spelling}() is called too deeply to be followed")
        return NotKnown(f"the result of {call.spelling}() is not known", call.span.line, "database")
    if function.generator and on_yield is None and ev.drawn is not None and ev.drawn is ev.here:
        return ManagedCall(function, call)
    if function.generator and on_yield is None:
        return _collect(ev, function, call)
    if _goes_in_circles(ev, function):
        return _unfollowed(
            ev, function, call, f"{call.spelling}() calls itself under conditions known only at run time"
        )
    state = (ev.journal.depth, len(ev.live), ev.handling, len(ev.ended), ev.path)
    try:
        return _run(ev, function, call, on_yield)
    except TooManyConditionsError as error:
        if on_yield is not None or not ev.depth:
            raise
        branches, live, ev.handling, ended, ev.path = state
        while ev.journal.depth > branches:
            ev.journal.take_back()
        del ev.live[live:], ev.ended[ended:]
        return _unfollowed(ev, function, call, f"{call.spelling}(): {error.reason}")


def waits(function: Function) -> str | None:
    """Returns why a call alone runs nothing of a function, None for one that runs when it is called."""
    if function.context_manager:
        return None
    if isinstance(function.node, ast.AsyncFunctionDef):
        return "is `async def` and never awaited"
    return "is a generator and never iterated over" if function.generator else None


def _goes_in_circles(ev: Evaluator, function: Function) -> bool:
    """Returns whether the function is already running and its inner call hangs on a condition."""
    frame: Frame | None = ev.frame
    while frame is not None:
        if frame.node is function.node and frame.start != ev.path:
            return True
        frame = frame.caller
    return False


def _unfollowed(ev: Evaluator, function: Function, call: Call, reason: str) -> NotKnown:
    """Returns the result of a call that is not followed; an Opaque unless it surely has no effect."""
    held = [function, *call.args, *call.kwargs.values(), *call.extra.get("starred", ())]
    if any(ev.reaches(one) for one in held):
        call.opaque(reason)
    return tainted(ev, NotKnown(reason, call.span.line), held)


def _run(ev: Evaluator, function: Function, call: Call, on_yield: Callable[[Value], Value] | None) -> Value:
    scope = Scope(function.module, function.scope, "function", bind_arguments(ev, function, call))
    frame = Frame([], on_yield, function.owner, function.bound, function.node, ev.path, ev.frame)
    outer = (ev.scope, ev.frame, ev.path)
    mark = len(ev.ended)
    ev.scope, ev.frame = scope, frame
    ev.live.append(scope)
    ev.depth += 1
    try:
        if isinstance(function.node, ast.Lambda):
            frame.returns.append((ev.path, ev.eval(function.node.body)))
        else:
            ev.execute(function.node.body)
            if ev.path != NEVER:
                frame.returns.append((ev.path, None))
    finally:
        ev.depth -= 1
        del ev.live[-1:]
        ev.scope, ev.frame = outer[:2]
    return _result(ev, frame, outer[2], mark, call)


def _result(ev: Evaluator, frame: Frame, before: Guard, mark: int, call: Call) -> Value:
    caught = ev.handling > 0
    # What nobody catches ends the migration, so the rest of it needs no test of that.
    raised = [end for end in ev.ended[mark:] if end.kind == "raise" and (caught or end.on_purpose)]
    left = minus(before, [end.guard for end in raised])
    if is_long(left) and not caught:
        raised, left = [], before
    ev.ended[mark:] = raised
    ev.path = left
    if len(frame.returns) == 1:
        return frame.returns[0][1]
    options = [(relative(guard, before), value) for guard, value in frame.returns]
    return choices.join(options, f"the result of {call.spelling}() depends on too many conditions")


def _collect(ev: Evaluator, function: Function, call: Call) -> Value:
    """Returns what a generator yields as a list; its effects come at once, which an Opaque says."""
    found: list[Value] = []
    before = ev.path
    sure = True
    emitted = len(ev.operations)

    def on_yield(value: Value) -> Value:
        nonlocal sure
        sure = sure and ev.path == before
        found.append(value)
        return None

    call_function(ev, function, call, on_yield)
    if len(ev.operations) > emitted:
        ev.emit(
            Opaque(
                **ev.facts(call), reason=f"{call.spelling}() is a generator with effects", source=call.source
            )
        )
    if sure:
        return found
    return tainted(
        ev, NotKnown(f"what {call.spelling}() yields is known only at run time", call.span.line), found
    )


def end(ev: Evaluator, kind: Any, *, on_purpose: bool = True) -> None:
    """Ends the current path: return, raise, break or continue."""
    ev.ended.append(Ended(kind, ev.path, on_purpose))
    ev.path = NEVER
