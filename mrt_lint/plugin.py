"""What a plugin author imports: the public names of the plugin contract (see `mrt_lint.lint.hookspecs`)."""

from mrt_lint.config.option import Option
from mrt_lint.lint.context import Context
from mrt_lint.lint.examples import Example, Step, history, migration, raw
from mrt_lint.lint.finding import Finding, Severity
from mrt_lint.lint.hookspecs import hookimpl
from mrt_lint.lint.migration_file import RiskWarning
from mrt_lint.lint.rule import EVERYTHING, Rule, Turn
from mrt_lint.lint.subjects import Crash, UnusedSuppression
from mrt_lint.lowered import Lowered, Migration
from mrt_lint.ops.span import Span

__all__ = [
    "EVERYTHING",
    "Context",
    "Crash",
    "Example",
    "Finding",
    "Lowered",
    "Migration",
    "Option",
    "RiskWarning",
    "Rule",
    "Severity",
    "Span",
    "Step",
    "Turn",
    "UnusedSuppression",
    "history",
    "hookimpl",
    "migration",
    "raw",
]
