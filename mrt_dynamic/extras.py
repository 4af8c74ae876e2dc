"""The libraries that the dynamic half needs and a plain `pip install mrt-lint` does not bring."""

from __future__ import annotations

from importlib.util import find_spec

from mrt_dynamic.errors import MissingExtraError
from mrt_lint.phrases import listed


def missing() -> str:
    """Returns what is missing and how to get it, empty when everything is there."""
    absent = [name for name in ("alembic", "sqlalchemy") if find_spec(name) is None]
    verb = "is" if len(absent) == 1 else "are"
    return f"{listed(absent)} {verb} not installed: pip install 'mrt-lint[dynamic]'" if absent else ""


def require() -> None:
    """Raises MissingExtraError if something is missing."""
    if reason := missing():
        raise MissingExtraError(reason)
