"""The words for steps that fail, and what to do about them."""

from __future__ import annotations

from mrt_dynamic.engine.base import StepError
from mrt_dynamic.results import Failure, Kind

_LONGEST = 160
"""Characters of a statement that are quoted."""

_HELP = {
    Kind.DOWNGRADE_FAILED: "Make the downgrade undo the upgrade step by step, in the opposite order; if"
    " it cannot be undone, raise NotImplementedError in it and say why.",
    Kind.UPGRADE_FAILED: "Only what can be applied to a new database can be tested.",
    Kind.REUPGRADE_FAILED: "The downgrade leaves something behind that stops the second upgrade;"
    " remove it there.",
    Kind.TIMEOUT: "Work in batches or outside of the migration; --timeout raises the limit.",
}


def step_failed(kind: Kind, what: str, error: StepError) -> Failure:
    """Returns the failure for a step that raised; `what` is "upgrade", "downgrade" or "second upgrade"."""
    where = f" at line {error.line}" if error.line else ""
    statement = f" ({quoted(error.statement)})" if error.statement else ""
    return Failure(kind, f"the {what} fails{where}: {error.message}{statement}", help=_HELP[kind])


def overran(what: str, seconds: float) -> Failure:
    """Returns the failure for a step that was cancelled."""
    return Failure(
        Kind.TIMEOUT,
        f"the {what} did not end within {seconds:g} seconds and was cancelled",
        help=_HELP[Kind.TIMEOUT],
    )


def not_applied(failing: str) -> Failure:
    """Returns the failure for a revision that builds on one that cannot be applied."""
    return Failure(
        Kind.UPGRADE_FAILED,
        f"not tested: it builds on {failing}, whose upgrade fails",
        help=f"Mend {failing} first.",
    )


def quoted(statement: str) -> str:
    r"""Returns a statement on one line, its middle left out when it is long.

    >>> quoted("SELECT\n  1")
    'SELECT 1'
    """
    flat = " ".join(statement.split())
    if len(flat) <= _LONGEST:
        return flat
    half = _LONGEST // 2 - 2
    return f"{flat[:half]} ... {flat[-half:]}"
