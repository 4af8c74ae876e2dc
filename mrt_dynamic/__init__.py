"""The dynamic verifier: migrations run up and down on a throwaway database full of rows."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from mrt_lint.version import __version__ as __version__

if TYPE_CHECKING:
    from mrt_dynamic.config import MRTConfig as MRTConfig
    from mrt_dynamic.revision_result import RevisionResult as RevisionResult
    from mrt_dynamic.testcase import MRTTestCase as MRTTestCase
    from mrt_lint.lint.migration_file import RiskWarning as RiskWarning

__all__ = ["MRTConfig", "MRTTestCase", "RevisionResult", "RiskWarning", "__version__"]

_PLACES: Final = {
    "MRTConfig": "mrt_dynamic.config",
    "MRTTestCase": "mrt_dynamic.testcase",
    "RevisionResult": "mrt_dynamic.revision_result",
    "RiskWarning": "mrt_lint.lint.migration_file",
}
"""Where the public names are; each module is imported when its name is first used."""


def __getattr__(name: str) -> Any:
    """Returns a public name, imported now."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)
