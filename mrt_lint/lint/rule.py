"""Rule: one hazard, its words, its documentation and its examples in one class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any, ClassVar

from mrt_lint.lint.finding import Finding, Severity
from mrt_lint.lowered import Lowered, Migration
from mrt_lint.ops.base import Operation
from mrt_lint.ops.span import NOWHERE, Span

if TYPE_CHECKING:
    from mrt_lint.config.option import Option
    from mrt_lint.lint.context import Context
    from mrt_lint.lint.examples import Example

EVERYTHING = "*"
"""Subject of a finding that speaks of every object of its migration (`downgrade` is missing)."""


class Turn(IntEnum):
    """When a rule sees a migration; in a later turn it knows what was said in the earlier ones."""

    FIRST = 0
    """Knows a hazard of its own and speaks of it whatever others say."""
    FALLBACK = 1
    """Speaks of statements that no rule of the first turn reports (`ctx.spoken_at`)."""
    LAST = 2
    """Speaks of objects that no other rule speaks of (`ctx.spoken`)."""


class Rule:
    """One rule. A subclass states its attributes, documents itself and implements `check`.

    The docstring is the documentation page: its first line is the summary in `mrt-lint rules`, and
    it holds the headings *What it does*, *Why is this bad?*, *Example*, *Use instead* (each as a
    line `## ...`). `BAD` and `GOOD` are whole example migrations, run as tests.

    `on` says what the rule is shown:

    - an Operation class: every operation that is an instance of it, once per target database on
      which it runs (`ctx.before`, `ctx.after`, `ctx.direction`, `ctx.roundtrip`, `ctx.dialect`);
    - `RoundTrip`: every migration's round trip, once per target database;
    - `Judgement`: every migration's verdict over all target databases;
    - `Migration`, `Lowered` (every file, also those that are no migration), `History` (once per
      project), `Project`;
    - the name of a libcst node class as a string (`"Call"`): every such node of every migration
      file (`ctx.span(node)`, `ctx.resolve(node)`); files are parsed by libcst only when such a
      rule is selected;
    - `UnusedSuppression` and `Crash` of `mrt_lint.lint.subjects`.

    `check` must keep nothing on `self`: one instance serves every file, in no promised order.
    """

    code: ClassVar[str]
    """Letters and digits (`MRT201`); third parties choose letters of their own. Never changes."""
    name: ClassVar[str]
    """In kebab-case (`drop-column`). Never changes."""
    group: ClassVar[str]
    """Selectable as a whole: rollback, locks, rolling-deploy, history, hygiene, or a group of your own."""
    severity: ClassVar[Severity]
    pattern: ClassVar[str] = ""
    """The name that users of severity overrides know (`DROP COLUMN in upgrade`)."""
    aliases: ClassVar[Sequence[str]] = ()
    """Further accepted names."""
    on: ClassVar[Sequence[type | str]]
    frameworks: ClassVar[Sequence[str]] = ()
    """The frameworks for whose migrations the rule is meant (names of frontends); empty: all."""
    opt_in: ClassVar[bool] = False
    """Selected only by its exact code or its group."""
    always: ClassVar[bool] = False
    """Reported whatever is selected, unless `ignore` names its exact code (a file that cannot be read)."""
    turn: ClassVar[Turn] = Turn.FIRST
    """Rules of a later turn run when those of the earlier ones have seen the migration."""
    options: ClassVar[Sequence[Option]] = ()
    """Configuration keys that the rule reads through `ctx.options`."""
    url: ClassVar[str] = ""
    """Where its documentation is published, if it is."""

    BAD: ClassVar[Sequence[Example]] = ()
    GOOD: ClassVar[Sequence[Example]] = ()

    def check(self, subject: Any, ctx: Context) -> Iterator[Finding]:
        """Yields the findings about one subject."""
        raise NotImplementedError

    def finding(
        self,
        where: Operation | Migration | Lowered | Span,
        message: str,
        *,
        help: str = "",
        subject: str = "",
        severity: Severity | None = None,
        migration: Migration | None = None,
        path: str = "",
        related: Iterable[Migration] = (),
    ) -> Finding:
        """Returns a finding of this rule at an operation, a migration's identity, or a span.

        `subject`: the object it speaks of (`users.phone`, as in `Reason.subject`; `EVERYTHING` for
        all of the migration). `severity` if it is not the rule's own. `migration` or `path`: the
        file, when it is not the one under `ctx`. `related`: other migrations it is about, so that
        it is shown too when only one of these was asked for.
        """
        finding = Finding(
            rule=self.code,
            name=self.name,
            severity=severity or self.severity,
            path=path,
            span=NOWHERE,
            message=message,
            help=help,
            pattern=self.pattern,
            subject=subject,
            related=tuple(other.path for other in related),
        )
        if isinstance(where, Migration):
            migration, span, statement = migration or where, where.identity, where.identity
        elif isinstance(where, Operation):
            span, statement = where.span, where.statement
        elif isinstance(where, Lowered):
            migration, path = migration or where.migration, path or where.path
            span = where.problem.span if where.problem else NOWHERE
            statement = NOWHERE
        else:
            span, statement = where, NOWHERE
        if migration is not None:
            finding = replace(finding, path=migration.path, revision=migration.id)
        elif path:
            finding = replace(finding, path=path)
        return replace(finding, span=span, statement=statement)
