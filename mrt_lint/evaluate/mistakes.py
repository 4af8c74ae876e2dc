"""Mistakes at which Python surely raises, so that a downgrade stops there: a name that nothing binds."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from mrt_lint.errors import SourceError
from mrt_lint.evaluate.functions import end
from mrt_lint.ops.control import Refuse

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call
    from mrt_lint.evaluate.evaluator import Evaluator

_ELSEWHERE: Final = frozenset(
    (
        # Python 2's, for which an old file may have been written (Python 2.7, "Built-in Functions").
        *("apply", "basestring", "buffer", "cmp", "coerce", "execfile", "file", "intern", "long"),
        *("raw_input", "reduce", "reload", "unichr", "unicode", "xrange", "StandardError"),
        # Of a newer Python than this one may be ("What's New In Python" 3.10, 3.11, 3.13).
        *("aiter", "anext", "EncodingWarning", "BaseExceptionGroup", "ExceptionGroup"),
        "PythonFinalizationError",
        # `gettext.install` puts these among the builtins (manual, gettext, "Localizing your application").
        *("_", "gettext", "ngettext", "npgettext", "pgettext"),
    )
)

_BINDING: Final = frozenset(
    ("__builtin__", "__builtins__", "__dict__", "builtins", "exec", "execfile", "globals", "setattr", "vars")
)
"""Words of a file that can bind names which it does not show."""


def raise_by_mistake(ev: Evaluator, call: Call, exception: str, message: str) -> bool:
    """Ends the path of a downgrade at this call, which raises; returns whether it does.

    Not within a `try` that may catch it. An upgrade that has run shows that the mistake is none.
    """
    facts = ev.facts(call)
    if facts["direction"] != "downgrade" or ev.handling:
        return False
    ev.emit(Refuse(**facts, exception=exception, message=message, mistaken=True))
    end(ev, "raise")
    return True


def raise_name_error(ev: Evaluator, node: ast.Name) -> None:
    """Ends the path of a downgrade that reads a name which nothing binds."""
    if is_bound_nowhere(ev, node.id):
        call = ev.new_call(node, node.id, (), {})
        raise_by_mistake(ev, call, "NameError", f"`{node.id}` is defined nowhere in the file")


def is_bound_nowhere(ev: Evaluator, name: str) -> bool:
    """Returns whether neither the file that is evaluated nor Python binds a name, as far as it shows."""
    if name.startswith("__") or name in _ELSEWHERE or hasattr(builtins, name):
        return False
    try:
        tree = ev.scope.module.source.ast
    except SourceError:
        return False
    return all(word != name and word != "*" and word not in _BINDING for word in _words(tree))


def _words(tree: ast.Module) -> Iterator[str]:
    """Yields every name that a file may bind, `*` for names that it does not show, and how it may do so."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load) or node.id in _BINDING:
                yield node.id
        elif isinstance(node, ast.Attribute):
            yield from (node.attr,) if node.attr in _BINDING else ()
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Global | ast.Nonlocal):
            yield from node.names
        elif isinstance(node, ast.MatchMapping):
            yield node.rest or ""
        else:
            # Functions, classes, handlers, patterns, type parameters.
            name = getattr(node, "name", None)
            yield name if isinstance(name, str) else ""
