"""MRT900: a rule crashed on a file."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.plugin import Context, Crash, Finding, Rule, Severity, migration


class InternalError(Rule):
    """A rule or plugin that crashed.

    ## What it does
    Reports that a rule, a frontend or the meaning of a call raised an exception on this file. What it
    would have found is missing from the report; everything else was still checked.

    ## Why is this bad?
    The file counts as checked and is not.

    ## Example
    A rule of a plugin that expects every table to have columns raises IndexError on an empty one.

    ## Use instead
    Report it to the author of the rule, with the output of `mrt-lint check --debug`. Until it is mended,
    `--ignore` the rule that crashes.
    """

    code = "MRT900"
    name = "internal-error"
    group = "hygiene"
    severity = Severity.ERROR
    on = (Crash,)
    always = True

    GOOD = [migration("pass", "pass")]

    def check(self, subject: Crash, ctx: Context) -> Iterator[Finding]:
        """Yields the crash, named."""
        yield self.finding(
            subject.span,
            f"{subject.what} crashed: {subject.error}",
            help="the rest was checked; run with --debug to see the traceback, and report it",
            path=subject.path,
        )
