"""Rules, registries and findings made in one line for tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from mrt_lint.config.file import ConfigFile
from mrt_lint.config.settings import Settings, settings
from mrt_lint.config.toml import parse
from mrt_lint.lint.finding import Finding, Severity
from mrt_lint.lint.plugins import Plugin
from mrt_lint.lint.registry import Registry, build
from mrt_lint.lint.rule import Rule
from mrt_lint.lowered import Migration
from mrt_lint.ops.span import Span

DOC = """Finds something.

## What it does

It finds.

## Why is this bad?

It is.

## Example

Code.

## Use instead

Other code.
"""


def rule(code: str = "TST001", on: Iterable[Any] = (Migration,), **attributes: Any) -> type[Rule]:
    """Returns a rule class that keeps the contract; `check` is a function (self, subject, ctx)."""

    def check(self: Rule, subject: Any, ctx: Any) -> Iterator[Finding]:
        yield self.finding(subject, f"{self.code} was here")

    values = {
        "__doc__": DOC,
        "code": code,
        "name": f"rule-{code.lower()}",
        "group": "testing",
        "severity": Severity.WARNING,
        "on": tuple(on),
        "check": check,
        **attributes,
    }
    return type(f"Rule{code}", (Rule,), values)


class Hookable:
    """A plugin object whose hooks return what was given."""

    def __init__(self, **hooks: Any) -> None:
        from mrt_lint.lint.hookspecs import hookimpl

        for name, answer in hooks.items():
            setattr(self, name, hookimpl(_answering(name, answer)))


def _answering(name: str, answer: Any) -> Any:
    if name == "mrt_discover":
        return lambda paths: answer(paths)
    return lambda: answer() if callable(answer) else answer


def plugin(name: str = "test", distribution: str = "test 1.0", **hooks: Any) -> Plugin:
    return Plugin(name, Hookable(**hooks), distribution)


def registry(*rules: type[Rule], **hooks: Any) -> Registry:
    return build([plugin(mrt_rules=list(rules), **hooks)])


def configured(text: str = "", given: dict[str, Any] | None = None, reg: Registry | None = None) -> Settings:
    """Returns settings from the text of a mrt-lint.toml and from the command line."""
    path = Path("/project/mrt-lint.toml")
    file = ConfigFile(path, "mrt-lint.toml", text, parse(text, "mrt-lint.toml"))
    return settings(file, given or {}, reg.options if reg else ())


def finding(code: str = "TST001", line: int = 1, path: str = "a.py", **fields: Any) -> Finding:
    span = fields.pop("span", Span(line, 1, line, 5))
    values: dict[str, Any] = {"severity": Severity.WARNING, "message": "words", **fields}
    return Finding(rule=code, name=f"rule-{code.lower()}", path=path, span=span, **values)
