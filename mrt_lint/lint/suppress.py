"""Suppressions: which findings a comment in the file takes back, and which comments did nothing."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import field
from itertools import takewhile

from mrt_lint.classes import dataclass
from mrt_lint.errors import nearest
from mrt_lint.lint.finding import Finding
from mrt_lint.lint.subjects import UnusedSuppression
from mrt_lint.lowered import Suppression
from mrt_lint.ops.span import NOWHERE, Span

Lines = Callable[[Finding], Collection[int]]
"""On which lines a suppression counts for a finding."""


@dataclass(slots=True)
class Decided:
    """The findings of one file, apart. `used`: what each suppression was good for, in its order."""

    kept: list[Finding] = field(default_factory=list)
    suppressed: list[tuple[Finding, Suppression]] = field(default_factory=list)
    used: list[set[str]] = field(default_factory=list)


def decide(findings: Iterable[Finding], suppressions: Sequence[Suppression], lines: Lines) -> Decided:
    """Returns which findings stand and which are suppressed; every matching comment counts as used."""
    decided = Decided(used=[set() for _ in suppressions])
    for finding in findings:
        by = [
            number
            for number, suppression in enumerate(suppressions)
            if _covers(suppression, finding) and (suppression.file or suppression.line in lines(finding))
        ]
        for number in by:
            decided.used[number].add(finding.rule)
        if by:
            decided.suppressed.append((finding, suppressions[by[0]]))
        else:
            decided.kept.append(finding)
    return decided


def _covers(suppression: Suppression, finding: Finding) -> bool:
    if suppression.malformed:
        return False
    return not suppression.codes or finding.rule in suppression.codes


def unused(
    path: str,
    suppressions: Sequence[Suppression],
    used: Sequence[set[str]],
    *,
    known: Collection[str],
    judged: Collection[str],
    all_judged: bool,
) -> Iterator[UnusedSuppression]:
    """Yields every suppression, or part of one, that did nothing.

    `known`: the codes of all rules; `judged`: of those whose silence means something (applied to
    this file in this run). A comment without codes is judged only if `all_judged`, and only when it
    is ours: a bare `# noqa` may serve another tool. Codes of other tools are left alone.
    """
    families = {_family(code) for code in known} | {"MRT"}
    for suppression, codes in zip(suppressions, used, strict=True):
        if suppression.malformed:
            yield UnusedSuppression(suppression, path, "malformed", (suppression.malformed,))
            continue
        if not suppression.codes:
            if suppression.ours and all_judged and not codes:
                yield UnusedSuppression(suppression, path, "unused")
            continue
        strange = tuple(code for code in suppression.codes if code not in known and _family(code) in families)
        idle = tuple(code for code in suppression.codes if code in judged and code not in codes)
        if strange:
            suggestion = nearest(strange[0], sorted(known))
            yield UnusedSuppression(suppression, path, "unknown", strange, suggestion)
        if idle:
            yield UnusedSuppression(suppression, path, "unused", idle)


def _family(code: str) -> str:
    return "".join(takewhile(str.isalpha, code))


def lines_of(finding: Finding, tree: Callable[[], ast.Module | None]) -> Collection[int]:
    """Returns the lines of the statement that a finding stands in.

    Operations bring their statement along. For a bare span it is the innermost statement around it;
    of a compound statement (`def`, `with`) only the head counts, if the span begins there.
    """
    if finding.statement != NOWHERE:
        return {*finding.statement.lines, *finding.span.lines}
    module = tree()
    around = _innermost(module, finding.span) if module is not None else None
    if around is None:
        return finding.span.lines
    return {*finding.span.lines, *_lines_of_statement(around, finding.span)}


def _innermost(module: ast.Module, span: Span) -> ast.stmt | None:
    found: ast.stmt | None = None
    bodies: list[ast.AST] = [module]
    while bodies:
        node = bodies.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                if _first_line(child) <= span.line and span.end_line <= (child.end_lineno or child.lineno):
                    found = child
                    bodies.append(child)
            elif isinstance(child, ast.ExceptHandler | ast.match_case):
                bodies.append(child)
    return found


def _lines_of_statement(statement: ast.stmt, span: Span) -> range:
    first, last = _first_line(statement), statement.end_lineno or statement.lineno
    body = getattr(statement, "body", None) or getattr(statement, "cases", None)
    if not body:
        return range(first, last + 1)
    inner = body[0].pattern if isinstance(body[0], ast.match_case) else body[0]
    head = range(first, max(_first_line(inner), first + 1))
    return head if span.line in head else range(0)


def _first_line(node: ast.stmt | ast.pattern) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])
