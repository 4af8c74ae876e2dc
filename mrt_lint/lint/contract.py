"""The contract of a rule class: what is checked when a plugin registers it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from mrt_lint.config.option import Option
from mrt_lint.lint.examples import Example
from mrt_lint.lint.finding import Severity
from mrt_lint.lint.rule import Rule

HEADINGS: Final = ("What it does", "Why is this bad?", "Example", "Use instead")
"""The headings of a rule's documentation, in order."""

CODE: Final = re.compile(r"[A-Z]+[0-9]+")
KEBAB: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def documentation(rule: type[Rule] | Rule) -> str:
    """Returns the docstring of a rule, dedented; empty when it has none of its own."""
    cls = rule if isinstance(rule, type) else type(rule)
    return inspect.cleandoc(cls.__dict__.get("__doc__") or "")


def headings(text: str) -> list[str]:
    r"""Returns the level-two headings of a documentation text, in order, fenced code left aside.

    >>> headings("Summary.\n\n## What it does\nIt drops.")
    ['What it does']
    """
    found, fenced = [], False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced and line.startswith("## "):
            found.append(line[3:].strip())
    return found


def breach(candidate: Any) -> str | None:
    """Returns the first way in which a value breaks the contract of a rule class, None if it keeps it."""
    if not (isinstance(candidate, type) and issubclass(candidate, Rule)):
        return f"{candidate!r} is not a subclass of mrt_lint.plugin.Rule"
    return next(_breaches(candidate), None)


def _breaches(rule: type[Rule]) -> Iterator[str]:
    for attribute in ("code", "name", "group", "severity", "on"):
        if not hasattr(rule, attribute):
            yield f"the attribute {attribute!r} is missing"
    if not (isinstance(rule.code, str) and CODE.fullmatch(rule.code)):
        yield f"code {rule.code!r} must be capital letters followed by digits, such as 'ACME001'"
    for attribute in ("name", "group"):
        value = getattr(rule, attribute)
        if not (isinstance(value, str) and KEBAB.fullmatch(value)):
            yield f"{attribute} {value!r} must be in kebab-case, such as 'drop-column'"
    if rule.group == "all":
        yield "group 'all' is taken: it selects every rule"
    if not isinstance(rule.severity, Severity):
        yield f"severity {rule.severity!r} must be a mrt_lint.plugin.Severity"
    if not isinstance(rule.pattern, str):
        yield f"pattern {rule.pattern!r} must be a string"
    if not _all_are(rule.aliases, str):
        yield "aliases must be a tuple of strings"
    if not (rule.on and _all_are(rule.on, type, str)):
        yield f"on {rule.on!r} must be a tuple of subject classes and names of libcst nodes, and hold one"
    if not _all_are(rule.options, Option):
        yield "options must be a tuple of mrt_lint.plugin.Option"
    for attribute in ("BAD", "GOOD"):
        if not _all_are(getattr(rule, attribute), Example):
            yield f"{attribute} must be a list of examples made with mrt_lint.plugin.migration"
    if rule.check is Rule.check:
        yield "check() is not implemented"
    yield from _of_documentation(documentation(rule))


def _of_documentation(text: str) -> Iterator[str]:
    if not text:
        yield "the docstring is missing"
        return
    if text.startswith("#"):
        yield "the docstring must begin with one line that says what the rule finds"
    found = headings(text)
    for heading in HEADINGS:
        if heading not in found:
            yield f"the docstring lacks the heading '## {heading}'"
    if [heading for heading in found if heading in HEADINGS] != list(HEADINGS):
        yield f"the docstring's headings must stand in the order {', '.join(HEADINGS)}"


def _all_are(values: Any, *types: type) -> bool:
    return (
        isinstance(values, Sequence)
        and not isinstance(values, str)
        and all(isinstance(value, types) for value in values)
    )
