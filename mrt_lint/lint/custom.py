"""Custom checks: plain functions named in the configuration, each made into a rule of its own.

A check gets a `MigrationFile` and returns a list of `RiskWarning`. Its rule has the group `custom`, the
function's name in kebab-case as its name, and as its code the function's attribute `code`, else
`CUSTOM` with its place in the configuration (`CUSTOM001`); an attribute `pattern` is a second name.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, ClassVar, Final

from mrt_lint.config.functions import function
from mrt_lint.config.settings import Settings
from mrt_lint.errors import ConfigError
from mrt_lint.lint.context import Context
from mrt_lint.lint.contract import CODE
from mrt_lint.lint.finding import Finding, Severity
from mrt_lint.lint.migration_file import MigrationFile, RiskWarning
from mrt_lint.lint.plugins import Plugin
from mrt_lint.lint.registry import Registry
from mrt_lint.lint.rule import Rule
from mrt_lint.lowered import Migration
from mrt_lint.ops.span import NOWHERE, Span

GROUP: Final = "custom"

Check = Callable[[MigrationFile], list[RiskWarning]]


class CustomCheck(Rule):
    """A rule around one function of the configuration."""

    group = GROUP
    severity = Severity.WARNING
    on = (Migration,)
    frameworks = ("alembic",)
    function: ClassVar[Check]

    def check(self, subject: Migration, ctx: Context) -> Iterator[Finding]:
        """Yields what the function returns for the file; whatever is wrong with that is its crash."""
        source = ctx.source
        name = source.path.name
        try:
            answer = type(self).function(MigrationFile(subject.id, name, source.text, source.ast))
        except SystemExit as error:
            raise RuntimeError(f"a check must not end the run: SystemExit({error.code!r})") from error
        if not isinstance(answer, Iterable) or isinstance(answer, str | dict):
            raise TypeError(f"returned {answer!r}, which is no list of RiskWarning")
        for warning in answer:
            yield self._finding(warning, subject, source.lines)

    def _finding(self, warning: Any, subject: Migration, lines: list[str]) -> Finding:
        message = _text(warning, "message")
        found = self.finding(subject, message, severity=_severity(warning))
        code = getattr(warning, "code", "")
        if code:
            if not isinstance(code, str) or not CODE.fullmatch(code):
                raise ValueError(f"RiskWarning.code {code!r} must be capital letters followed by digits")
            found = replace(found, rule=code)
        if pattern := getattr(warning, "pattern", ""):
            found = replace(found, pattern=str(pattern))
        line = getattr(warning, "line", None)
        if line is None:
            return found
        if not isinstance(line, int) or not 1 <= line <= len(lines):
            raise ValueError(f"RiskWarning.line {line!r} is no line of the file")
        return replace(found, span=_whole(line, lines[line - 1]), statement=NOWHERE)


def _whole(line: int, text: str) -> Span:
    """Returns a line from its first to its last character that is no space."""
    start = len(text) - len(text.lstrip()) + 1
    return Span(line, start, line, max(len(text.rstrip()) + 1, start + 1))


def _text(warning: Any, name: str) -> str:
    value = getattr(warning, name, None)
    if not isinstance(value, str) or not value:
        raise TypeError(f"returned {warning!r} in its list, which is no RiskWarning")
    return value


def _severity(warning: Any) -> Severity:
    word = _text(warning, "severity")
    try:
        return Severity(word)
    except ValueError:
        raise ValueError(f"RiskWarning.severity {word!r} must be 'error', 'warning' or 'info'") from None


def with_checks(registry: Registry, checks: Iterable[tuple[str, Check]], where: str) -> Registry:
    """Returns the registry with a rule for each check, given with the words that name it.

    Raises ConfigError, with the place of the configuration, for a code or name that is taken.
    """
    rules = {rule.code: rule for rule in registry.rules}
    origins = dict(registry.origins)
    names = {rule.name for rule in registry.rules}
    for number, (written, check) in enumerate(checks, 1):
        code = getattr(check, "code", None) or f"CUSTOM{number:03}"
        name = written.rpartition(":")[2].strip("_").replace("_", "-").lower()
        trouble = ""
        if not isinstance(code, str) or not CODE.fullmatch(code):
            trouble = f"code {code!r} must be capital letters followed by digits, such as 'ACME001'"
        elif code in rules:
            trouble = f"code {code!r} is taken by {rules[code].name}"
        elif name in names:
            trouble = f"there is a rule called {name!r} already; give the function another name"
        if trouble:
            raise ConfigError(f"{where}: 'custom-checks': {written!r}: {trouble}")
        names.add(name)
        rules[code] = _rule(code, name, check)
        origins[code] = Plugin(written, None)
    return replace(registry, rules=tuple(rules[code] for code in sorted(rules)), origins=origins)


def _rule(code: str, name: str, check: Check) -> Rule:
    doc = inspect.getdoc(check) or "A check of this project."
    attributes = {
        "__doc__": doc,
        "code": code,
        "name": name,
        "pattern": str(getattr(check, "pattern", "")),
        "function": staticmethod(check),
    }
    rule: Rule = type("CustomCheck", (CustomCheck,), attributes)()
    return rule


def custom_checks(registry: Registry, settings: Settings) -> Registry:
    """Returns the registry with the checks of the configuration. Raises ConfigError for what is no check."""
    if not settings["custom-checks"]:
        return registry
    where = settings.where("custom-checks")
    named = [
        (written, function(written, settings.root, f"{where}: 'custom-checks'"))
        for written in settings["custom-checks"]
    ]
    return with_checks(registry, named, where)
