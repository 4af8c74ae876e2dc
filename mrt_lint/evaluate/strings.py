"""Texts: f-strings, `%`, `.format`, `join` and `+` over values of which some are not known."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from mrt_lint.evaluate.choices import spread
from mrt_lint.evaluate.limits import MAX_SIZE
from mrt_lint.evaluate.objects import EnumMember
from mrt_lint.evaluate.plain import is_plain
from mrt_lint.evaluate.values import Choice, Condition, FrameworkValue, NotKnown, Text, Value

if TYPE_CHECKING:
    from mrt_lint.evaluate.evaluator import Evaluator

_WIDE: Final = re.compile(r"\d{5,}")
_PERCENT: Final = re.compile(
    r"%(?:\((?P<key>[^)]*)\))?(?P<flags>[-#0 +]*)(?P<width>\*|\d*)(?P<precision>\.(?:\*|\d*))?"
    r"[hlL]?(?P<kind>.)",
    re.DOTALL,
)
_CONVERSIONS: Final = {-1: None, ord("s"): str, ord("r"): repr, ord("a"): ascii}
_FORMAT_ERRORS: Final = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, MemoryError)


def text_of(parts: Sequence[Value]) -> str | Text:
    """Returns known and unknown parts as one text, neighbours joined."""
    joined: list[str | NotKnown] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Text) else (part,):
            if isinstance(piece, str) and joined and isinstance(joined[-1], str):
                joined[-1] += piece
            elif piece != "":
                joined.append(piece)
    if not joined:
        return ""
    if len(joined) == 1 and isinstance(joined[0], str):
        return joined[0]
    return Text(tuple(joined))


def joined(ev: Evaluator, parts: list[Value], node: ast.AST) -> Value:
    """Returns the parts of an f-string put together, per option of the choices among them."""
    combinations = spread(parts, ev.path, deep=False)
    if combinations is None:
        return text_of(
            [
                NotKnown(f"`{ev.text(node)}` depends on too many conditions")
                if isinstance(part, (Choice, Condition))
                else part
                for part in parts
            ]
        )
    whole = []
    for guard, chosen in combinations:
        value = text_of(chosen)
        if isinstance(value, str) and len(value) > MAX_SIZE:
            value = Text((ev.unknown(node, "is too large"),))
        whole.append((guard, value))
    from mrt_lint.evaluate.choices import join

    return join(whole)


def formatted(ev: Evaluator, value: Value, conversion: int, spec: Value, node: ast.AST) -> Value:
    """Returns one `{value!r:spec}` as a text or, when it is not known, as a NotKnown."""

    def one(values: list[Value]) -> Value:
        return _formatted(ev, values[0], conversion, values[1], node)

    from mrt_lint.evaluate.operators import per_option

    return per_option(ev, [value, spec], one, node)


def _formatted(ev: Evaluator, value: Value, conversion: int, spec: Value, node: ast.AST) -> Value:
    if isinstance(value, FrameworkValue):
        return printed(ev, value, node)
    if isinstance(value, Text) and not spec and conversion in (-1, ord("s")):
        return value
    if isinstance(value, EnumMember):
        return printed(ev, value, node) if not spec else ev.unknown(node)
    if not is_plain(value) or not isinstance(spec, str) or _WIDE.search(spec):
        return value if isinstance(value, NotKnown) else ev.unknown(node)
    if isinstance(value, (set, frozenset)):
        return ev.unknown(node, "has no order")
    convert = _CONVERSIONS.get(conversion)
    try:
        return format(convert(value) if convert is not None else value, spec)
    except _FORMAT_ERRORS as error:
        return ev.unknown(node, f"fails: {error}")


def printed(ev: Evaluator, value: Value, node: ast.AST) -> Value:
    """Returns `str(value)`: a str, a Text or NotKnown."""
    if isinstance(value, (str, Text)):
        return value
    if isinstance(value, FrameworkValue):
        call = ev.new_call(node, "str", (value,), {})
        found = ev.explain(f"{type(value).__name__}.call_method", lambda: value.call_method("__str__", call))
        return found if isinstance(found, (str, Text, NotKnown)) else ev.unknown(node)
    if isinstance(value, EnumMember):
        if value.plain and isinstance(value.value, str) and _is_str_enum(value):
            return value.value
        return (
            f"{value.cls.name}.{value.name}"
            if not value.plain
            else ev.unknown(node, "prints differently from Python to Python")
        )
    if isinstance(value, (set, frozenset)) or not is_plain(value):
        return value if isinstance(value, NotKnown) else ev.unknown(node)
    try:
        found = str(value)
    except _FORMAT_ERRORS as error:
        return ev.unknown(node, f"fails: {error}")
    return found if len(found) <= MAX_SIZE else ev.unknown(node, "is too large")


def _is_str_enum(member: EnumMember) -> bool:
    from mrt_lint.evaluate.values import Symbol

    return any(isinstance(base, Symbol) and base.path.endswith("StrEnum") for base in member.cls.bases)


def concatenated(ev: Evaluator, left: Value, right: Value, node: ast.AST) -> Value | None:
    """Returns `left + right` when one of them is a text, None when neither is."""
    texts = (str, Text)
    if isinstance(left, texts) and isinstance(right, (*texts, NotKnown)):
        pass
    elif not (isinstance(left, NotKnown) and isinstance(right, texts)):
        return None
    size = sum(
        len(part)
        for side in (left, right)
        for part in (side.parts if isinstance(side, Text) else (side,))
        if isinstance(part, str)
    )
    return text_of([left, right]) if size <= MAX_SIZE else ev.unknown(node, "is too large")


def percent(ev: Evaluator, template: str | Text, values: Value, node: ast.AST) -> Value:
    """Returns `template % values`."""
    if isinstance(template, Text):
        return text_of([*template.parts, ev.unknown(node)])
    if is_plain(values) and not _WIDE.search(template) and not _star_width(template, values):
        try:
            found = template % values
        except _FORMAT_ERRORS as error:
            return ev.unknown(node, f"fails: {error}")
        return found if len(found) <= MAX_SIZE else ev.unknown(node, "is too large")
    parts: list[Value] = []
    position, index = 0, 0
    for match in _PERCENT.finditer(template):
        parts.append(template[position : match.start()])
        position = match.end()
        if match["kind"] == "%":
            parts.append("%")
            continue
        if match["width"] == "*" or match["precision"] == ".*":
            return Text((ev.unknown(node),))
        if match["key"] is not None:
            value = (
                values.get(match["key"], NotKnown("a missing key"))
                if isinstance(values, dict)
                else ev.unknown(node)
            )
        else:
            several = values if isinstance(values, tuple) else (values,)
            value = several[index] if index < len(several) else ev.unknown(node)
            index += 1
        parts.append(_one_percent(ev, match, value, node))
    parts.append(template[position:])
    return joined(ev, parts, node)


def _star_width(template: str, values: Value) -> bool:
    return "*" in template and any(
        isinstance(one, int) and abs(one) > 9999
        for one in (values if isinstance(values, tuple) else (values,))
    )


def _one_percent(ev: Evaluator, match: re.Match[str], value: Value, node: ast.AST) -> Value:
    if isinstance(value, Text) and match["kind"] == "s" and not match["width"]:
        return value
    if isinstance(value, Choice):
        from mrt_lint.evaluate.operators import per_option

        return per_option(ev, [value], lambda chosen: _one_percent(ev, match, chosen[0], node), node)
    if is_plain(value) and not _WIDE.search(match.group()):
        template = (
            match.group().replace(f"({match['key']})", "", 1) if match["key"] is not None else match.group()
        )
        try:
            return template % (value,)
        except _FORMAT_ERRORS as error:
            return ev.unknown(node, f"fails: {error}")
    if match["kind"] == "s" and not match["width"]:
        found = printed(ev, value, node)
        return found if isinstance(found, (str, Text, NotKnown)) else ev.unknown(node)
    return value if isinstance(value, NotKnown) else ev.unknown(node)


def format_template(
    ev: Evaluator, template: str, args: tuple[Value, ...], kwargs: dict[str, Value], node: ast.AST
) -> Value:
    """Returns `template.format(*args, **kwargs)`."""
    parts: list[Value] = []
    number = 0
    try:
        pieces = list(string.Formatter().parse(template))
    except ValueError as error:
        return ev.unknown(node, f"fails: {error}")
    for literal, name, spec, conversion in pieces:
        parts.append(literal)
        if name is None:
            continue
        if not name or name[0] in ".[":
            name, number = f"{number}{name}", number + 1
        value = _field(ev, name, args, kwargs, node)
        if spec and "{" in spec:
            filled = format_template(ev, spec, args, kwargs, node)
            spec = filled if isinstance(filled, str) else "?"
        parts.append(formatted(ev, value, ord(conversion) if conversion else -1, spec or "", node))
    return joined(ev, parts, node)


def _field(
    ev: Evaluator, name: str, args: tuple[Value, ...], kwargs: dict[str, Value], node: ast.AST
) -> Value:
    from mrt_lint.evaluate.attributes import attribute
    from mrt_lint.evaluate.operators import item

    first = re.split(r"[.\[]", name, maxsplit=1)[0]
    value: Any
    if first.isdigit():
        value = (
            args[int(first)]
            if len(first) < 6 and int(first) < len(args)
            else ev.unknown(node, "has too few arguments")
        )
    else:
        value = kwargs.get(first, ev.unknown(node, f"has no argument {first}"))
    for dot, key in re.findall(r"(\.)?([^.\[\]]+)", name[len(first) :]):
        value = (
            attribute(ev, value, key, node)
            if dot
            else item(ev, value, int(key) if key.isdigit() and len(key) < 6 else key, node)
        )
    return value


def join_texts(ev: Evaluator, separator: str | Text, items: list[Value], node: ast.AST) -> Value:
    """Returns `separator.join(items)`."""
    parts: list[Value] = []
    for index, one in enumerate(items):
        if index:
            parts.append(separator)
        if isinstance(one, EnumMember) and one.plain:
            one = one.value
        parts.append(one if isinstance(one, (str, Text, NotKnown, Choice)) else ev.unknown(node))
    size = sum(len(part) for part in parts if isinstance(part, str))
    return joined(ev, parts, node) if size <= MAX_SIZE else ev.unknown(node, "is too large")
