"""What a condition says of one row, in the three-valued logic of SQL; what is not known is UNSURE.

Values are those that `values*.py` make. An answer need not be exact in every corner (collations,
rounding): the database has the last word on each row. It must be right often enough to spare tries.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from mrt_dynamic.seeding.comparing import NOW, UNSURE, compare
from mrt_dynamic.seeding.conditions import Const, Node, Op, Ref
from mrt_dynamic.seeding.functions import NULL_SAFE, STRICT


def evaluate(node: Node, row: Mapping[str, Any]) -> Any:
    """Returns the value of an expression for a row (folded column names to values), UNSURE if not known."""
    try:
        return _value(node, row)
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, re.error):
        return UNSURE


def satisfied(node: Node, row: Mapping[str, Any]) -> bool | None:
    """Returns whether a CHECK lets the row in (NULL does too); None if only the database can tell."""
    found = evaluate(node, row)
    if found is UNSURE:
        return None
    return found is None or bool(found)


def met(node: Node, row: Mapping[str, Any]) -> bool | None:
    """Returns whether a WHERE picks the row (NULL does not); None if only the database can tell."""
    found = evaluate(node, row)
    return None if found is UNSURE else bool(found)


def _value(node: Node, row: Mapping[str, Any]) -> Any:
    if isinstance(node, Const):
        return node.value
    if isinstance(node, Ref):
        return row.get(node.name, UNSURE)
    if node.name in ("and", "or"):
        return _logic(node, row)
    if node.name == "case":
        return _case(node, row)
    if node.name == "coalesce":
        for arg in node.args:
            found = _value(arg, row)
            if found is not None:
                return found
        return None
    if node.name in ("=", "<>") and isinstance(node.args[1], Op) and node.args[1].name in ("any", "all"):
        return _quantified(node, node.args[1], row)
    if node.name == "now":
        return NOW
    args = [_value(arg, row) for arg in node.args]
    if node.name == "in":
        return _among(args[0], args[1:])
    if UNSURE in args:
        return UNSURE
    if node.name in NULL_SAFE:
        return NULL_SAFE[node.name](args)
    function = STRICT.get(node.name)
    if function is None:
        return UNSURE
    return None if None in args else function(*args)


def _logic(node: Op, row: Mapping[str, Any]) -> Any:
    """Returns AND and OR: one side may decide whatever the other one is."""
    decisive = node.name == "or"
    found = [evaluate(arg, row) for arg in node.args]
    if any(value is not UNSURE and value is not None and bool(value) is decisive for value in found):
        return decisive
    if UNSURE in found:
        return UNSURE
    return None if None in found else not decisive


def _case(node: Op, row: Mapping[str, Any]) -> Any:
    parts = list(node.args)
    for test, value in zip(parts[:-1:2], parts[1::2], strict=True):
        found = _value(test, row)
        if found is UNSURE:
            return UNSURE
        if found:
            return _value(value, row)
    return _value(parts[-1], row)


def _quantified(node: Op, group: Op, row: Mapping[str, Any]) -> Any:
    left, items = _value(node.args[0], row), _value(group.args[0], row)
    if left is UNSURE or items is UNSURE:
        return UNSURE
    if left is None or items is None:
        return None
    tests = [compare(left, item) == 0 for item in items]
    if node.name == "<>":
        tests = [not test for test in tests]
    return any(tests) if group.name == "any" else all(tests)


def _among(value: Any, items: Sequence[Any]) -> Any:
    if value is UNSURE or UNSURE in items:
        return UNSURE
    if value is None:
        return None
    if any(item is not None and compare(value, item) == 0 for item in items):
        return True
    return None if None in items else False
