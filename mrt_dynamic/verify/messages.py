"""The words for steps that fail, and what to do about them."""

from __future__ import annotations

from mrt_dynamic.engine.base import StepError
from mrt_dynamic.results import Failure, Kind

_LONGEST = 160
"""Characters of a statement that are quoted."""

_HELP = {
    Kind.DOWNGRADE_FAILED: "Make the downgrade undo the upgrade step by step, in the opposite order; if"
    " it cannot be undone, raise NotImplementedError in it and say why.",
    Kind.UPGRADE_FAILED: "Only what can be applied to a new database can be tested; where the first revision"
    " builds on tables that no revision makes, let initial-schema make them.",
    Kind.REUPGRADE_FAILED: "The downgrade leaves something behind that stops the second upgrade;"
    " remove it there.",
    Kind.TIMEOUT: "Work in batches or outside of the migration; --timeout raises the limit.",
}


def step_failed(kind: Kind, what: str, error: StepError) -> Failure:
    """Returns the failure for a step that raised; `what` is "upgrade", "downgrade" or "second upgrade"."""
    where = f" at line {error.line}" if error.line else ""
    return Failure(kind, f"the {what} fails{where}: {raised(error)}", help=_HELP[kind], line=error.line)


def overran(what: str, seconds: float) -> Failure:
    """Returns the failure for a step that was cancelled."""
    return Failure(
        Kind.TIMEOUT,
        f"the {what} did not end within {seconds:g} seconds and was cancelled",
        help=_HELP[Kind.TIMEOUT],
    )


def ended_process(what: str, how: str) -> Failure:
    """Returns the failure for a step that ended the process it ran in; `how`: "killed by SIGSEGV"."""
    kind = {"upgrade": Kind.UPGRADE_FAILED, "downgrade": Kind.DOWNGRADE_FAILED}.get(
        what, Kind.REUPGRADE_FAILED
    )
    return Failure(kind, f"the {what} ended the process that ran it ({how})", help=_HELP[kind])


def not_answering(seconds: float) -> Failure:
    """Returns the failure for a revision behind which the database cannot be read."""
    return Failure(
        Kind.TIMEOUT,
        f"the database could not be read within {seconds:g} seconds behind a step of this revision",
        help="The migration may leave a transaction open on a connection of its own: close it there.",
    )


def hangs_behind(what: str, seconds: float) -> Failure:
    """Returns the failure for a revision behind which env.py does not end; `what`: "env.py"."""
    return Failure(
        Kind.TIMEOUT,
        f"{what} did not end within {seconds:g} seconds behind a step of this revision",
        help="The migration may leave a lock or an open transaction that env.py waits for: end it there.",
    )


def not_applied(failing: str) -> Failure:
    """Returns the failure for a revision that builds on one that cannot be applied."""
    return Failure(
        Kind.UPGRADE_FAILED,
        f"not tested: it builds on {failing}, whose upgrade fails",
        help=f"Mend {failing} first.",
    )


def raised(error: StepError) -> str:
    """Returns what a step raised, with the statement that was running."""
    return f"{error.message} ({quoted(error.statement)})" if error.statement else error.message


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
